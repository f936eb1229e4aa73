from audiocoach.coaching.timeline import Interval, Speech, Tone, Utterance
from audiocoach.routine.voice import Voice
from tests.test_diagnostics import HERE


def test_everything_knows_the_first_moment_after_it() -> None:
    utterance = Utterance("Go.", Voice())
    assert Speech(1000, 480, "say", "Go.", utterance, HERE).end_ms == 1480
    assert Tone(1000, 360, "go", "go", HERE).end_ms == 1360
    assert Interval(1000, 40_000, "work", HERE).end_ms == 41_000
