"""Whether decoded sound is what went in."""

from __future__ import annotations

import random
from array import array

from audiocoach.sound.likeness import first_difference_ms
from audiocoach.sound.tones import render

SOUND = bytes(96 * 200) + render("go") + bytes(96 * 200)


def test_the_same_sound_and_silence_do_not_differ() -> None:
    assert first_difference_ms(SOUND, SOUND) is None
    assert first_difference_ms(bytes(96_000), bytes(96_000)) is None
    assert first_difference_ms(b"", b"") is None


def test_another_sound_and_one_elsewhere_are_told_where_they_begin() -> None:
    late = bytes(96 * 24) + SOUND[: -96 * 24]
    noise = random.Random(1).randbytes(len(SOUND))  # noqa: S311
    found = [first_difference_ms(other, SOUND) for other in (late, bytes(len(SOUND)), noise)]
    assert found[2] == 0
    assert all(at_ms is not None and 168 <= at_ms <= 204 for at_ms in found[:2])


def test_what_nobody_hears_may_be_left_out() -> None:
    offset = array("h", [400] * (len(SOUND) // 2)).tobytes()
    assert first_difference_ms(offset, bytes(len(offset))) == 0
    assert first_difference_ms(offset, bytes(len(offset)), subsonic=False) is None
    assert first_difference_ms(bytes(len(SOUND)), SOUND, subsonic=False) is not None
