"""The sets of tones as they are heard: from a phone, in wind, over music, beside the voice."""

from __future__ import annotations

import hashlib
import itertools
import math

import numpy as np
import pytest

from audiocoach import assets
from audiocoach.encoder import PEAK_CEILING
from audiocoach.making.meter import Tally, measure
from audiocoach.sound import tones
from tests.heard_tones import distance, in_noise, names_of, nearest, pictures, rendered, share_in_band

SETS = sorted(assets.tone_sets())
# Of the noise around a tone, in the band that a phone's speaker gives back: as loud as the tone itself.
SNR_DB = {"pink": 0, "music": 0, "wind": 3}
# As heard on two speakers: what a voice is brought to.
VOICE_LUFS = -16.0


def loudest_lufs(name: str) -> float:
    """That of its loudest 400 ms."""
    tally = Tally()
    tally.lay(100, measure(tones.render(name)))
    level = tally.level(4000).lufs
    assert level is not None
    return level


def test_three_sets_have_a_sound_for_every_meaning() -> None:
    assert SETS == ["clear", "soft", "wood"]
    meanings = {
        *("count", "count_out", "go", "switch", "stop", "rest", "halfway", "phase", "tick", "last", "beat"),
        *("section", "inhale", "exhale", "bell", "done"),
    }
    for family in assets.tone_sets().values():
        assert set(family) >= meanings
        for name, tone in family.items():
            assert tone.duration_ms == assets.tones()[name].duration_ms, "a set may not change a timeline"
            assert all(0 <= note.start_ms < note.start_ms + note.duration_ms for note in tone.notes)
            assert max(note.start_ms + note.duration_ms for note in tone.notes) <= tone.duration_ms


@pytest.mark.parametrize("family", SETS)
def test_each_two_meanings_are_far_apart(family: str) -> None:
    """0 is the same sound, 1 one that shares no pitch at any time."""
    heard = pictures(family)
    near = {
        (one, other): round(distance(heard[one], heard[other]), 2)
        for one, other in itertools.combinations(heard, 2)
        if distance(heard[one], heard[other]) < 0.3
    }
    assert not near


@pytest.mark.parametrize("family", SETS)
@pytest.mark.parametrize("kind", sorted(SNR_DB))
def test_each_is_known_in_noise_that_is_as_loud_as_it(family: str, kind: str) -> None:
    mistaken = {
        name: taken
        for seed, name in enumerate(names_of(family))
        if (taken := nearest(family, in_noise(name, kind, SNR_DB[kind], seed))[0]) != name
    }
    assert not mistaken


@pytest.mark.parametrize("family", SETS)
def test_none_is_near_the_ceiling_and_all_have_soft_edges(family: str) -> None:
    for name in names_of(family):
        samples = np.abs(rendered(name))
        assert samples.max() < PEAK_CEILING
        for edge in (samples[:96], samples[:-97:-1]):
            # Half of the edge of 4 ms: at its beginning nothing, nowhere more than it has got to.
            assert edge[0] < 0.02 * samples.max()
            assert (edge <= (np.arange(96) + 4) / 192 * samples.max()).all()


@pytest.mark.parametrize("family", SETS)
def test_a_phones_speaker_gives_all_of_them_back(family: str) -> None:
    shares = {name: share_in_band(rendered(name)) for name in names_of(family)}
    assert {name: round(share, 2) for name, share in shares.items() if share < 0.9} == {}


def test_soft_tones_are_no_louder_than_the_voice() -> None:
    louder = {name: lufs for name in names_of("soft") if (lufs := loudest_lufs(name)) > VOICE_LUFS}
    assert louder == {}
    assert loudest_lufs("go") > VOICE_LUFS, "and those that call across a room are"


@pytest.mark.parametrize("name", ["inhale", "exhale"])
@pytest.mark.parametrize("family", SETS)
def test_a_breath_glides_as_long_as_it_lasts(family: str, name: str) -> None:
    breath = rendered(f"{family}/{name}@3832")
    assert len(breath) == 3832 * 48

    def pitch_hz(at_ms: int) -> float:
        spectrum = np.abs(np.fft.rfft(breath[at_ms * 48 : (at_ms + 100) * 48] * np.hanning(4800), 48_000))
        return float(np.argmax(spectrum))

    begin, middle, end = pitch_hz(10), pitch_hz(1866), pitch_hz(3720)
    low, high = (begin, end) if name == "inhale" else (end, begin)
    assert low < middle < high
    assert low == pytest.approx(520, rel=0.05)
    assert high == pytest.approx(1040, rel=0.05)


def test_a_breath_that_words_cut_short_sounds_as_it_would_have_until_then() -> None:
    whole, cut = rendered("inhale@3832"), rendered("inhale@3832-2000")
    assert len(cut) == 2000 * 48
    until = (2000 - tones.EDGE_MS) * 48
    assert (whole[:until] == cut[:until]).all()


def test_no_machine_can_round_a_sample_otherwise() -> None:
    """What comes from a machine's own sine and power lies nowhere near the middle of two whole numbers."""
    waves = {
        tuple((partial.ratio // 1000, partial.level_db) for partial in steady)
        for family in assets.tone_sets().values()
        for tone in family.values()
        for note in tone.notes
        if (steady := tuple(partial for partial in note.partials if not partial.half_ms))
    }
    assert all(times for wave in waves for times, _ in wave)
    for wave in (*waves, ((1, 0),)):
        gains = [(10 ** ((level_db - wave[0][1]) / 20), times) for times, level_db in wave]
        scale = 32_767 / sum(gain for gain, _ in gains)
        for at in range(4096):
            exact = sum(
                gain * scale * math.sin(2 * math.pi * (at * times % 4096) / 4096) for gain, times in gains
            )
            assert abs(exact % 1 - 0.5) > 1e-6 or abs(exact) < 1e-6


def test_the_samples_are_these() -> None:
    """Another digest is another sound for everybody: raise `_FORMAT` in `sound/tones.py` with it."""
    whole = hashlib.sha256()
    for name in sorted(itertools.chain.from_iterable(map(names_of, SETS))):
        whole.update(tones.render(name))
    assert whole.hexdigest()[:16] == "58983b95a9baf0ea"
