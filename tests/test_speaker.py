"""Words become lines that know which placeholders stand in them, and how long they take."""

from audiocoach.coaching.cues import Line
from audiocoach.coaching.estimate import estimate_ms
from audiocoach.coaching.speaker import Speaker, speaker_of
from audiocoach.coaching.steps import Delivery
from audiocoach.coaching.timeline import Utterance
from audiocoach.routine.model import Words
from audiocoach.routine.voice import Voice
from tests.generate import planned
from tests.test_diagnostics import HERE

MANNER = Delivery("full", "full", Voice())
ROUTINE = "title: Spine\npronounce: {Pilates: puh LAH teez, Pil: pill}\nsession: [{say: Hi.}]\n"


def speaker(*, sketch: bool = False) -> Speaker:
    return speaker_of(planned(ROUTINE), lambda utterance: len(utterance.text), 240_000, sketch=sketch)


def test_a_line_knows_what_was_filled_in() -> None:
    line = speaker().fill(Words("Lift the <side> leg, <nobody>.", HERE), {"side": "left"})
    assert line == Line("Lift the left leg, <nobody>.", frozenset({"side"}))


def test_a_line_within_a_phrase_keeps_its_placeholders() -> None:
    line = speaker().phrase("lesson", {}, within=Line("Left leg up.", frozenset({"side"})))
    assert line == Line("Each repetition: Left leg up.", frozenset({"side", "text"}))


def test_the_whole_words_are_respelled_the_longest_first() -> None:
    line = Line("pilates and Pil, not pill")
    assert speaker().utterance(line, MANNER) == Utterance("puh LAH teez and pill, not pill", Voice())


def test_a_sketch_estimates_what_tells_the_length_of_the_session() -> None:
    opening = speaker().phrase("opening", {})
    assert opening.text == "Spine. This takes about 4 minutes."
    assert speaker().length_ms(opening, MANNER) == len(opening.text)
    assert speaker(sketch=True).length_ms(opening, MANNER) == estimate_ms(Utterance(opening.text, Voice()))
    assert speaker(sketch=True).length_ms(Line("Rest."), MANNER) == 5
