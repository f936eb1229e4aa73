from __future__ import annotations

import math
from array import array

import pytest

from audiocoach import assets
from audiocoach.assets import ToneNote, ToneSpec
from audiocoach.encoder import PEAK_CEILING
from audiocoach.sound import tones

NAMES = sorted(assets.tones())


def samples(pcm: bytes) -> array[int]:
    return array("h", pcm)


@pytest.mark.parametrize("name", NAMES)
def test_a_tone_lasts_as_long_as_its_spec_says(name: str) -> None:
    assert len(tones.render(name)) == assets.tones()[name].duration_ms * 48 * 2


@pytest.mark.parametrize("duration_ms", [1, 2, 9, 18, 71, 145, 283, 1_001])
def test_lengths_that_floats_cut_short_are_exact(duration_ms: int) -> None:
    spec = ToneSpec("odd", duration_ms, (ToneNote(0, duration_ms, 500, -12),))
    assert len(tones.render(spec)) == duration_ms * 96


@pytest.mark.parametrize("name", NAMES)
def test_a_tone_begins_and_ends_softly(name: str) -> None:
    tone = samples(tones.render(name))
    edge = 2 * 48 // 4  # half a millisecond: the fade is at an eighth by then
    assert max(map(abs, tone[:edge])) < max(tone) / 7
    assert max(map(abs, tone[-edge:])) < max(tone) / 7


@pytest.mark.parametrize("name", NAMES)
def test_a_tone_is_as_loud_as_its_loudest_note(name: str) -> None:
    loudest_db = max(note.level_db for note in assets.tones()[name].notes)
    peak_db = 20 * math.log10(max(samples(tones.render(name))) / 32_767)
    # Partials seldom have their peaks at once, and what dies away has lost some of it behind its soft edge.
    assert loudest_db - 6 < peak_db < loudest_db + 6  # notes that ring on into each other add up


def test_a_tone_has_the_pitch_of_its_note() -> None:
    go = samples(tones.render("go"))
    # 44 waves of 880 Hz are 2400 samples, and no number of other waves is that is not a multiple of them.
    assert go[400:2800] == go[2800:5200]
    turns = [at for at in range(400, 2800) if go[at] <= 0 < go[at + 1]]
    assert len(turns) % 44 == 0


def test_the_second_note_starts_at_its_own_time() -> None:
    halfway = samples(tones.render("halfway"))
    assert not any(halfway[120 * 48 : 160 * 48])
    assert any(halfway[160 * 48 : 162 * 48])


def test_silence_behind_the_last_note_belongs_to_the_tone() -> None:
    spec = ToneSpec("short", 100, (ToneNote(0, 40, 500, -12),))
    assert len(tones.render(spec)) == 100 * 96


def test_notes_that_would_clip_together_are_turned_down() -> None:
    spec = ToneSpec("loud", 100, tuple(ToneNote(0, 100, 440, 0) for _ in range(4)))
    assert 0.80 < max(samples(tones.render(spec))) / 32_767 <= PEAK_CEILING


def test_the_key_follows_the_notes() -> None:
    go = assets.tones()["go"]
    higher = ToneSpec("go", 360, (ToneNote(0, 360, 991, -12),))
    assert tones.key("go") == tones.key(go) != tones.key(higher)
    assert tones.key("go").startswith("tone:go:")


def test_an_unknown_tone_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="gong"):
        tones.render("gong")
