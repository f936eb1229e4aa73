"""Which sound a tone has where it stands."""

from dataclasses import replace

import pytest

from audiocoach import assets
from audiocoach.coaching.ringing import Ring, ring
from audiocoach.coaching.steps import Delivery
from audiocoach.coaching.timeline import Timeline, Tone
from audiocoach.routine.tones import SoundFile, Sounds
from audiocoach.routine.voice import Voice
from tests.test_lay import timeline

FULL = Delivery("full", "full", Voice())
GONG = SoundFile("gong.wav", "/x/gong.wav", "digest", 700)


@pytest.mark.parametrize(
    ("tones", "sounds", "expected"),
    [
        ("full", Sounds(), Ring("go", 360)),
        ("full", Sounds("wood"), Ring("go", 360, "wood/go")),
        ("full", Sounds("wood", (("go", "bell"),)), Ring("bell", 900, "wood/bell")),
        ("full", Sounds("", (("go", GONG),)), Ring("gong.wav", 700, replace(GONG, level_db=-18))),
        ("full", Sounds("soft", (("go", GONG),)), Ring("gong.wav", 700, replace(GONG, level_db=-24))),
        # Few tones are soft ones, unless a set is named.
        ("soft", Sounds(), Ring("go", 360, "soft/go")),
        ("soft", Sounds("clear"), Ring("go", 360)),
    ],
)
def test_what_a_go_sounds_like(tones: str, sounds: Sounds, expected: Ring) -> None:
    assert ring(replace(FULL, tones=tones, sounds=sounds), "go") == expected  # type: ignore[arg-type]


def test_what_is_said_further_in_changes_what_it_names() -> None:
    outer = Sounds("wood", (("go", "bell"), ("rest", GONG)))
    assert outer.changed(Sounds()) == outer
    assert outer.changed(Sounds("soft", (("rest", "done"),))) == Sounds(
        "soft", (("go", "bell"), ("rest", "done"))
    )


def closings(found: Timeline) -> list[str]:
    return [event.tone for event in found.events if isinstance(event, Tone) and event.cue == "stop"]


def test_the_tone_that_ends_an_exercise_tells_what_follows() -> None:
    assert closings(timeline("for: 20s, sets: 3, rest: 20s")) == ["rest", "rest", "stop"]
    assert closings(timeline("hold: 10s, reps: 2, release: 3s")) == ["stop", "stop"]


def test_a_longer_sound_makes_words_wait_and_no_dose_longer() -> None:
    plain, slow = (
        timeline("for: 20s, sets: 2, rest: 20s", head) for head in ("", "tones: {rest: bell, go: bell}\n")
    )
    works = [
        [(one.start_ms, one.duration_ms) for one in found.intervals if one.kind == "work"]
        for found in (plain, slow)
    ]
    assert works[0] == works[1]
    for found, length_ms in ((plain, 420), (slow, 900)):
        stop = next(event for event in found.events if event.cue == "stop")
        after = min(event.start_ms for event in found.events if event.start_ms > stop.start_ms)
        assert stop.duration_ms == length_ms
        assert after >= stop.end_ms + 168
    assert assets.tones()["bell"].duration_ms == 900
