"""No clip is believed before it is checked."""

from __future__ import annotations

import array
import os
import wave
from typing import TYPE_CHECKING

import pytest

from audiocoach.errors import EngineError
from audiocoach.routine.voice import Voice
from audiocoach.voice.take import Take, believable_ms, read_take, trimmed
from tests.voices import tone

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TEXT = "Squat, slow down for three."


def wav(path: Path, samples: bytes, rate_hz: int = 22_050, channels: int = 1, width: int = 2) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setparams((channels, width, rate_hz, 0, "NONE", ""))
        file.writeframes(samples)
    return path


def test_a_good_clip_comes_out_as_it_is(tmp_path: Path) -> None:
    samples = tone(1800)
    assert read_take(wav(tmp_path / "a.wav", samples), TEXT, Voice("fake")) == Take(samples, 22_050)


def test_stereo_becomes_mono(tmp_path: Path) -> None:
    mono = array.array("h", tone(1800, peak=8000))
    stereo = array.array("h", (value for sample in mono for value in (sample, sample))).tobytes()
    take = read_take(wav(tmp_path / "a.wav", stereo, channels=2), TEXT, Voice("fake"))
    assert take.duration_ms == pytest.approx(1800, abs=0.1)
    assert take.peak == pytest.approx(8000, abs=2)


def write_nothing(path: Path) -> None:
    del path


def write_empty(path: Path) -> None:
    path.touch()


def write_text(path: Path) -> None:
    path.write_text("this is no sound")


def write_header_only(path: Path) -> None:
    wav(path, b"")


def write_half(path: Path) -> None:
    wav(path, tone(1800))
    os.truncate(path, path.stat().st_size // 2)


def write_silence(path: Path) -> None:
    wav(path, bytes(2 * 22_050))


def write_whisper(path: Path) -> None:
    wav(path, tone(1800, peak=20))


def write_too_short(path: Path) -> None:
    wav(path, tone(100))


def write_too_long(path: Path) -> None:
    wav(path, tone(20_000))


def write_wrong_rate(path: Path) -> None:
    wav(path, tone(1600), rate_hz=176_400)


def write_one_sample_a_second(path: Path) -> None:
    wav(path, tone(1800), rate_hz=1)


def write_eight_bit(path: Path) -> None:
    wav(path, tone(1800), width=1)


def write_two_gigabytes(path: Path) -> None:
    wav(path, tone(1800))
    os.truncate(path, 2 << 30)


def write_a_folder(path: Path) -> None:
    path.mkdir()


def write_a_link(path: Path) -> None:
    path.symlink_to(wav(path.with_name("other.wav"), tone(1800)))


def write_a_pipe(path: Path) -> None:
    os.mkfifo(path)


@pytest.mark.parametrize(
    ("write", "says"),
    [
        (write_nothing, "no file"),
        (write_empty, "no WAV"),
        (write_text, "no WAV"),
        (write_header_only, "truncated"),
        (write_half, "truncated"),
        (write_silence, "silent"),
        (write_whisper, "silent"),
        (write_too_short, "of 0.1 s for 27 characters"),
        (write_too_long, "of 20.0 s for 27 characters"),
        (write_wrong_rate, "of 0.2 s"),
        (write_one_sample_a_second, "1 samples a second"),
        (write_eight_bit, "8 bit"),
        (write_two_gigabytes, "2147483648 bytes"),
        (write_a_folder, "no file"),
        (write_a_pipe, "no file"),
        (write_a_link, "no file"),
    ],
)
def test_rubbish_is_rejected(write: Callable[[Path], None], says: str, tmp_path: Path) -> None:
    path = tmp_path / "clip.wav"
    write(path)
    with pytest.raises(EngineError, match=says):
        read_take(path, TEXT, Voice("fake"))


def test_quiet_is_trimmed_from_both_ends_but_for_a_guard() -> None:
    quiet = bytes(2 * 22_050 * 300 // 1000)
    take = trimmed(Take(quiet + tone(500) + quiet, 22_050))
    assert 500 <= take.duration_ms <= 500 + 2 * (12 + 4)


def test_a_pause_inside_stays() -> None:
    pause = bytes(2 * 22_050 * 300 // 1000)
    take = trimmed(Take(tone(500) + pause + tone(500), 22_050))
    assert take.duration_ms == pytest.approx(1300, abs=0.2)


def test_the_threshold_follows_the_take_and_not_full_scale() -> None:
    loud, quiet = (Take(bytes(9000) + tone(500, peak=peak) + bytes(9000), 22_050) for peak in (30_000, 300))
    assert trimmed(loud).duration_ms == pytest.approx(trimmed(quiet).duration_ms, abs=4)


@pytest.mark.parametrize(
    ("text", "voice", "length_ms", "believed"),
    [
        ("Three.", Voice("hibari"), 450, True),
        # A network that has slipped.
        ("Three.", Voice("hibari"), 60, False),
        ("Three.", Voice("hibari"), 4000, False),
        # Letters that are spelled out.
        ("AMRAP", Voice("hibari"), 1900, True),
        # Nobody knows what this engine takes.
        ("Three.", Voice("fake"), 4000, True),
        # What a long text takes nobody can tell so well.
        ("Three little words more.", Voice("hibari"), 9000, True),
    ],
)
def test_a_few_words_are_held_against_what_their_engine_takes(
    text: str, voice: Voice, length_ms: int, *, believed: bool
) -> None:
    least_ms, most_ms = believable_ms(text, voice)
    assert (least_ms <= length_ms <= most_ms) is believed
