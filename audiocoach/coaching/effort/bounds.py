"""Where an effort lies between its neighbours, and the tones that open and close it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach import assets
from audiocoach.records import dataclass

if TYPE_CHECKING:
    from audiocoach.coaching.steps import Effort


def tone_ms(tone: str) -> int:
    """How long a tone sounds."""
    return assets.tones()[tone].duration_ms


@dataclass(frozen=True, slots=True)
class Edge:
    """A tone that opens or closes an effort: what it means, and its sound (`""`: none)."""

    cue: str
    tone: str

    @property
    def length_ms(self) -> int:
        """How long it sounds."""
        return tone_ms(self.tone) if self.tone else 0


def edge(cue: str, *neighbours: Effort, sound: str = "") -> Edge:
    """The tone at the start or end of an effort; where two meet, it is as loud as either wants it.

    Its `sound` is that of the cue, unless it means more than that.
    """
    wanted = {effort.delivery.tones for effort in neighbours if effort.traits.is_exercise}
    if "full" in wanted:
        return Edge(cue, sound or cue)
    return Edge(cue, "bell" if "soft" in wanted else "")


def closing(effort: Effort, ahead: Effort | None) -> Edge:
    """The tone that stops an effort: where tones alone tell it, a change has a sound of its own."""
    changes = (
        ahead is not None
        and ahead.number == effort.number
        and (ahead.side, ahead.way) != (effort.side, effort.way)
    )
    return edge("stop", effort, sound="switch" if changes and effort.delivery.cues == "tones" else "")


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
