"""What may be said: lines of text, and cues with their importance, before they have a time."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from audiocoach.coaching.timeline import Speech
from audiocoach.language import pauses
from audiocoach.records import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiocoach.coaching.memory import Fact
    from audiocoach.coaching.speaker import Speaker
    from audiocoach.coaching.steps import Delivery
    from audiocoach.errors import Position


class Weight(IntEnum):
    """How soon words give way where there is no room for all: the higher, the sooner."""

    ANCHORED = 0  # never dropped
    FORETOLD = 1  # told before already: left out without a note
    GRID = 2
    POSITION = 3  # what is needed, and how to get there once more
    COUNT = 4  # which round, which set
    SECTION = 5
    OFFER = 6  # from here on words go before a dose is left unsaid
    TIME = 7  # how long a rest is, and where in the session one is
    LESSON = 8  # steps that may be told as they come; from here on words go before anything is said shorter
    REMINDER = 9  # from here on words only fill a silence
    REST = 10
    ENCOURAGEMENT = 11  # praise, and what a move is good for


@dataclass(frozen=True, slots=True)
class Line:
    """Words ready to be said; `slots` are the placeholders that were filled in them.

    `side` is the one that they name, where they name one and not the other as well. It `counts` where it is a
    number, or the last of them.
    """

    text: str
    slots: frozenset[str] = frozenset()
    side: str = ""
    counts: bool = False

    def __bool__(self) -> bool:
        """Whether there is anything to say."""
        return bool(self.text)


SILENCE = Line("")


@dataclass(frozen=True, slots=True)
class Cue:
    """A line that may be said, with `short`, a shorter wording, or an empty one.

    `late` words belong close to what comes, not to the start of the gap. `arrived` is the wording where a
    change that was to be told ahead got a gap. `timed` is a wording whose `<text>` is the time that is left
    in the gap as it begins. `entry` is the phrase whose wordings take turns, `facts` is
    what the listener knows once the cue was heard.
    """

    cue: str
    line: Line
    position: Position
    delivery: Delivery
    short: Line = SILENCE
    weight: Weight = Weight.ANCHORED
    late: bool = False
    arrived: Line = SILENCE
    timed: str = ""
    entry: str = ""
    facts: tuple[Fact, ...] = ()

    def in_short(self) -> Cue:
        """The same in its shorter wording, if it has one."""
        return replace(self, line=self.short, short=SILENCE) if self.short else self

    def in_gap(self) -> Cue:
        """The same, told when what was to come is there."""
        return replace(self, line=self.arrived, arrived=SILENCE) if self.arrived else self


@dataclass(frozen=True, slots=True)
class Laid:
    """A cue that has its place: when it begins, in which wording, and how long that takes."""

    start_ms: int
    length_ms: int
    cue: Cue
    line: Line

    @property
    def heard(self) -> Cue:
        """The cue as it is heard: in the wording that was laid, which may be a shorter one."""
        return self.cue if self.line is self.cue.line else replace(self.cue, line=self.line)

    def speeches(self, speaker: Speaker) -> Iterator[Speech]:
        """It as events of the timeline: one, or one for each part between silences."""
        cue, start_ms = self.cue, self.start_ms
        parts = pauses.parts(self.line.text)
        if len(parts) == 1 and parts[0].text == self.line.text:
            said, side = speaker.utterance(self.line, cue.delivery), self.line.side
            yield Speech(start_ms, self.length_ms, cue.cue, self.line.text, said, cue.position, side)
            return
        for part in parts:
            line = replace(self.line, text=part.text)
            utterance, length_ms = (
                speaker.utterance(line, cue.delivery),
                speaker.length_ms(line, cue.delivery),
            )
            yield Speech(start_ms, length_ms, cue.cue, line.text, utterance, cue.position, line.side)
            start_ms += length_ms + part.pause_ms
