"""Words become lines, and lines have a length: text for the ear, placeholders and phrases. Pure.

In: the author's words or an entry of the phrase pack, and the values of the moment. Out: a `Line` that says
which placeholders stand in it. How long a line takes is asked of `measure`, which is handed in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.cues import SILENCE, Line
from audiocoach.coaching.estimate import estimate_ms
from audiocoach.coaching.slots import side_in
from audiocoach.coaching.timeline import Utterance
from audiocoach.language import pauses
from audiocoach.language.ear import teller
from audiocoach.language.phrases import fill, slots_in
from audiocoach.records import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from audiocoach.coaching.steps import Delivery, Plan
    from audiocoach.language.phrases import Pack
    from audiocoach.routine.model import Words


# Where a line goes on behind a comma.
_JOINED = ", <text>"
# What the voice that counts says, by its entry: numbers, and what is said in place of the last.
_COUNTS = frozenset({"count_in", "rep", "rep_side", "rep_last", "rep_side_last", "breath_last"})


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who says it: the phrases of a session, what holds for all of it, and how long words take.

    Words without a time of their own start on a whole number of `grid_ms`. `check` is asked before
    everything that may come very often: it raises where the layout is to end. `tell` makes of a text, for an
    engine, what its voice is to say. In a `sketch` lines that tell
    the session's length are estimated: nobody is asked to speak them. `on_general` is told which names
    of what holds for all of it something may hang on.
    """

    pack: Pack
    measure: Callable[[Utterance], int]
    general: Mapping[str, str]
    tell: Callable[[str, str], str]
    grid_ms: int
    check: Callable[[], None] = lambda: None
    sketch: bool = False
    on_general: Callable[[frozenset[str]], None] = lambda _: None

    def utterance(self, line: Line, delivery: Delivery) -> Utterance:
        """A line without silences as the voice gets it: text for the ear."""
        voice = delivery.voice_of(line)
        return Utterance(self.tell(line.text, voice.engine), voice)

    def length_ms(self, line: Line, delivery: Delivery) -> int:
        """How long the line takes, with the silences inside it; a phrase that was silenced takes no time."""
        if not line:
            return 0
        if line.slots:
            self.on_general(line.slots.intersection(self.general))
        measure = estimate_ms if self.sketch and "duration" in line.slots else self.measure
        time_ms = 0
        for part in pauses.parts(line.text):
            own = line if part.text == line.text else replace(line, text=part.text)
            time_ms += measure(self.utterance(own, delivery)) + part.pause_ms
        return time_ms

    def phrase(
        self, entry: str, values: Mapping[str, str], turn: int = 0, within: Line | None = None
    ) -> Line:
        """An entry of the pack in the wording of this turn. `within` is a line that becomes its `<text>`."""
        if self.pack.is_plain(entry):
            return Line(self.pack.wording(entry, {}, turn), counts=entry in _COUNTS)
        every = {**self.general, **values, **({"text": within.text} if within else {})}
        self.on_general(self.pack.slots(entry).intersection(self.general))
        wording = self.pack.wording(entry, every, turn)
        if within and _JOINED in wording:
            every["text"] = self.pack.traits.joined(within.text)
        own, inner = slots_in(wording).intersection(every), within or SILENCE
        side = side_in(own, every) or inner.side
        return Line(fill(wording, every), own | inner.slots, side, entry in _COUNTS)

    def fill(self, words: Words, values: Mapping[str, str]) -> Line:
        """The author's words with their placeholders filled."""
        return self.fill_text(words.text, values)

    def fill_text(self, text: str, values: Mapping[str, str]) -> Line:
        """A part of the author's words with its placeholders filled."""
        slots = slots_in(text)
        if not slots:
            return Line(text)
        self.on_general(slots.intersection(self.general))
        every = {**self.general, **values}
        return Line(fill(text, every), slots.intersection(every), side_in(slots, every))


def speaker_of(
    plan: Plan,
    measure: Callable[[Utterance], int],
    duration_ms: int,
    check: Callable[[], None] = lambda: None,
    *,
    sketch: bool = False,
) -> Speaker:
    """The one who speaks in a session that lasts `duration_ms`."""
    tell = teller(plan.language, plan.pronounce)
    general = {"title": plan.title, "duration": plan.pack.about(duration_ms)}
    return Speaker(plan.pack, measure, general, tell, plan.grid_ms, check, sketch)
