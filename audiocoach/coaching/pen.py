"""Who writes cues: the speaker, what was heard, and in whose name it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.cues import SILENCE, Cue, Line, Weight
from audiocoach.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audiocoach.coaching.memory import Fact, Told
    from audiocoach.coaching.speaker import Speaker
    from audiocoach.coaching.steps import Delivery
    from audiocoach.errors import Position


@dataclass(frozen=True, slots=True)
class Pen:
    """Writes cues of one place and manner."""

    speaker: Speaker
    told: Told
    position: Position
    delivery: Delivery

    def phrase(self, entry: str, values: Mapping[str, str]) -> Line:
        """An entry of the pack, its wordings taking turns."""
        return self.speaker.phrase(entry, values, self.told.turn(entry))

    def own(  # noqa: PLR0913 - one row of a script: what is said, of what kind, how much it matters
        self,
        entry: str,
        kind: str,
        values: Mapping[str, str],
        *,
        weight: Weight = Weight.ANCHORED,
        short: str = "",
        late: bool = False,
        facts: tuple[Fact, ...] = (),
    ) -> Cue:
        """A phrase of the pack as a cue; `short` names a shorter entry."""
        line = self.phrase(entry, values)
        shorter = self.speaker.phrase(short, values) if short else SILENCE
        return Cue(
            cue=kind,
            line=line,
            position=self.position,
            delivery=self.delivery,
            short=shorter if shorter.text != line.text else SILENCE,
            weight=weight,
            late=late,
            entry=entry,
            facts=facts,
        )
