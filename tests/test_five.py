"""The five real MP3s, decoded by others and held against their timelines, sample by sample."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest

from audiocoach.coaching.sentences import sentences, starts_ms
from audiocoach.coaching.timeline import Utterance
from audiocoach.routine.voice import Voice
from audiocoach.sound import awake, tones
from audiocoach.sound.mp3.frame import frame_count
from audiocoach.sound.mp3.walk import walk
from audiocoach.store.cache import Cache
from audiocoach.units import ms_to_samples
from audiocoach.voice.studio import Studio
from tests.conftest import ROUTINES
from tests.decoders import DECODERS, pyav, run
from tests.levels import measure_loudness, without_long_silence

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from tests.conftest import Finished

    Samples = NDArray[np.int16]

_QUIET_MS = 48


@pytest.fixture(scope="session")
def decoded(five: tuple[Finished, ...]) -> dict[str, Samples]:
    return {one.slug: np.frombuffer(pyav(one.mp3), dtype="<i2") for one in five}


@pytest.fixture(params=range(len(ROUTINES)), ids=ROUTINES)
def one(request: pytest.FixtureRequest, five: tuple[Finished, ...]) -> Finished:
    return five[int(request.param)]


def test_every_tone_starts_within_2_ms_of_its_time(one: Finished, decoded: dict[str, Samples]) -> None:
    sound = decoded[one.slug]
    found = [event for event in one.timeline["events"] if event["kind"] == "tone"]
    alone = [event for event in found if not _others_near(event, one.timeline["events"])]
    assert len(alone) > len(found) // 2
    late = {event["start_ms"]: _onset_ms(sound, event) for event in alone}
    assert {start_ms: off_ms for start_ms, off_ms in late.items() if abs(off_ms) > 2} == {}


def _others_near(event: dict[str, int], events: list[dict[str, int]]) -> bool:
    start_ms = event["start_ms"]
    return any(
        other is not event
        and other["start_ms"] - 60 <= start_ms <= other["start_ms"] + other["duration_ms"] + 60
        for other in events
    )


def _onset_ms(sound: Samples, event: dict[str, int | str]) -> float:
    """How much later than its timeline a tone reaches a tenth of its peak, less what it does by itself."""
    tone = np.frombuffer(tones.render(str(event["tone"])), dtype="<i2")
    start, margin = ms_to_samples(int(event["start_ms"])), ms_to_samples(20)
    piece = sound[max(0, start - margin) : start + len(tone)].astype(np.int32)
    threshold = int(np.abs(tone.astype(np.int32)).max()) // 10
    heard = int(np.argmax(np.abs(piece) >= threshold)) - min(margin, start)
    meant = int(np.argmax(np.abs(tone.astype(np.int32)) >= threshold))
    return (heard - meant) / 48


def test_every_phrase_is_where_the_timeline_says(one: Finished, decoded: dict[str, Samples]) -> None:
    sound = decoded[one.slug]
    wrong = []
    with Studio(Cache(one.cache)) as studio:
        # Most is said many times.
        clip_of = cache(studio.clip)
        for event in one.timeline["events"]:
            if event["kind"] != "speech":
                continue
            clips = [clip_of(sentence) for sentence in sentences(Utterance(event["text"], Voice()))]
            starts = starts_ms([clip.duration_ms for clip in clips], 24)
            assert starts[-1] + clips[-1].duration_ms == event["duration_ms"], event["text"]
            for clip, start in zip(clips, starts, strict=True):
                if not _is_there(sound, np.frombuffer(clip.samples, dtype="<i2"), event["start_ms"] + start):
                    wrong.append((event["start_ms"], event["text"]))
    assert wrong == []


def _is_there(sound: Samples, clip: Samples, start_ms: int) -> bool:
    """Whether a clip correlates best with the sound at its own time, within 1 ms, and strongly."""
    reach = ms_to_samples(1)
    start = ms_to_samples(start_ms)
    meant = clip.astype(np.float64)
    size = np.linalg.norm(meant)
    near = sound[start - reach : start + reach + len(clip)].astype(np.float64)
    # Whole numbers below 2 ** 53: the energy of any piece is the difference of two of these, exactly.
    energy = np.concatenate(([0.0], np.cumsum(near * near)))
    scores = []
    for lag in range(0, 2 * reach + 1, 8):
        end = lag + len(clip)
        loudness = np.sqrt(energy[end] - energy[lag])
        scores.append(float(near[lag:end] @ meant / (loudness * size + 1)))
    return max(scores) == scores[len(scores) // 2] > 0.9


@pytest.mark.parametrize("decode", DECODERS)
def test_every_decoder_gives_exactly_the_samples_of_the_timeline_and_silence_between_its_sounds(
    one: Finished, decode: Callable[[Path], bytes], decoded: dict[str, Samples]
) -> None:
    # What one of them gives is there already.
    sound = decoded[one.slug] if decode is pyav else np.frombuffer(decode(one.mp3), dtype="<i2")
    assert len(sound) == ms_to_samples(one.timeline["duration_ms"])
    silent = np.ones(len(sound), dtype=bool)
    for event in one.timeline["events"]:
        start = ms_to_samples(event["start_ms"] - _QUIET_MS)
        end = ms_to_samples(event["start_ms"] + event["duration_ms"] + _QUIET_MS)
        silent[max(0, start) : end] = False
    assert silent.any()
    # Noise that keeps devices awake, and nothing that anybody hears.
    assert 0 < np.abs(sound[silent].astype(int)).max() <= awake.PEAK


def test_loudness_is_19_lufs_below_full_scale_and_no_peak_passes_1_dbtp(
    one: Finished, decoded: dict[str, Samples]
) -> None:
    heard = measure_loudness(without_long_silence(decoded[one.slug]).tobytes())
    assert heard.integrated_lufs == pytest.approx(-19, abs=1)
    assert heard.true_peak_db <= -1


def test_the_streams_are_whole_to_others(one: Finished) -> None:
    assert "warning" not in run("mp3val", one.mp3).stdout.decode().lower()
    assert run("ffmpeg", "-v", "error", "-xerror", "-i", one.mp3, "-f", "null", "-").stderr == b""


def test_the_frames_hold_together(one: Finished) -> None:
    with one.mp3.open("rb") as file:
        assert walk(file) == frame_count(ms_to_samples(one.timeline["duration_ms"]))
