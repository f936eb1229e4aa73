"""Where an effort lies between its neighbours, and the tones that open and close it."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from audiocoach.coaching.ringing import ring
from audiocoach.records import dataclass

if TYPE_CHECKING:
    from audiocoach.coaching.steps import Delivery, Effort, Gap


def tone_ms(tone: str, delivery: Delivery) -> int:
    """How long a tone sounds."""
    return ring(delivery, tone).length_ms


@dataclass(frozen=True, slots=True)
class Edge:
    """A tone that opens or closes an effort: what it is for, what it means (`""`: none), whose it is."""

    cue: str
    tone: str
    delivery: Delivery | None = field(default=None, compare=False)

    @property
    def length_ms(self) -> int:
        """How long it sounds."""
        return tone_ms(self.tone, self.delivery) if self.tone and self.delivery else 0


def edge(cue: str, *neighbours: Effort, sound: str = "") -> Edge:
    """The tone at the start or end of an effort; where two meet, it is as loud as either wants it.

    Its `sound` is that of the cue, unless it means more than that.
    """
    wanted = [effort.delivery for effort in neighbours if effort.traits.is_exercise]
    for amount, tone in (("full", sound or cue), ("soft", "bell")):
        loud = next((delivery for delivery in wanted if delivery.tones == amount), None)
        if loud is not None:
            return Edge(cue, tone, loud)
    return Edge(cue, "")


def closing(effort: Effort, gap: Gap | None) -> Edge:
    """The tone that stops an effort: it tells what follows, where that is a rest or another section.

    Where tones alone tell it, a change has a sound of its own.
    """
    return edge("stop", effort, sound=_closing_sound(effort, gap))


def _closing_sound(effort: Effort, gap: Gap | None) -> str:
    if gap is None:
        return "stop"
    ahead = gap.ahead
    changes = (
        ahead is not None
        and ahead.number == effort.number
        and (ahead.side, ahead.way) != (effort.side, effort.way)
    )
    if changes and effort.delivery.cues == "tones":
        return "switch"
    if gap.heading is not None and gap.heading.title:
        return "section"
    return "rest" if gap.kind == "rest" else "stop"


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where an effort lies between its neighbours.

    `opens_with` and `closes_with` are its first and last tone; `met` is true where the neighbour
    before it has sounded the first one already. `gap_after_ms` is how long the gap before the effort
    `ahead` lasts: one shorter than 3 s has its count-in reach back into this effort.
    """

    start_ms: int
    end_ms: int
    opens_with: Edge
    closes_with: Edge
    met: bool = False
    gap_after_ms: int = 0
    ahead: Effort | None = None
