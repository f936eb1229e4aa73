"""One block: what is said and what plays, added where each of them is."""

from __future__ import annotations

import numpy as np
import pytest

from audiocoach.making.bed import limited
from audiocoach.sound import pan
from audiocoach.sound.bed.ducking import Dip
from audiocoach.sound.bed.mixdown import Block, mix
from audiocoach.sound.bed.score import Fade, Piece
from audiocoach.sound.mixer import Part, Region

FRAMES = 10
LENGTH_MS = FRAMES * 24


def mixed(sounds: tuple[tuple[int, Region], ...], pieces: tuple[Piece, ...], *dips: Dip) -> np.ndarray:
    def play(_: str, start_ms: int, end_ms: int) -> bytes:
        """A track that is at every millisecond as loud as that says."""
        times = np.repeat(np.arange(start_ms, end_ms), 96) * 10
        return times.astype("<i2").tobytes()

    block = Block(2, FRAMES - 4, 2, sounds, pieces, dips, 0.0)
    pcm = mix(block, lambda _: np.full(4800, 8000, "<i2").tobytes(), play)
    assert len(pcm) == LENGTH_MS * 48 * 4
    return np.frombuffer(pcm, "<i2").reshape(-1, 96).astype(int)


def test_everything_is_at_its_place_at_half_its_level() -> None:
    word = Region(0, (Part(0, 4800, "word"),))
    found = mixed(((-40, word), (200, word)), (Piece("track", -1000, 100, 150, 0.0, ()),))
    assert (found[:60] == 4000).all()
    assert (found[60:100] == 0).all()
    assert list(found[100:150, 0]) == [(1000 + at) * 5 for at in range(100, 150)]
    assert (found[150:200] == 0).all()
    assert (found[200:] == 4000).all()


def test_words_lie_on_their_sides_at_half_their_level() -> None:
    word = Region(0, (Part(0, 4800, "word", "right"), Part(9600, 4800, "word")))
    found = mixed(((0, word),), ())
    assert (found[:100, ::2] == int(4000 * pan.NEAR * pan.FAR)).all()
    assert (found[:100, 1::2] == int(4000 * pan.NEAR)).all()
    assert (found[200:] == 4000).all()


def test_a_dip_and_a_fade_lower_it() -> None:
    piece = Piece("track", -1000, 0, LENGTH_MS, 0.0, (Fade(0, 100, rises=True),))
    found, plain = (mixed((), (one,), *dips) for one, dips in ((piece, ()), (piece, (Dip(180, 400, -6.0),))))
    assert found[0].max() < 60
    assert found[50, 0] == pytest.approx(1050 * 5 * np.sin(np.pi / 4), abs=50)
    assert found[200, 0] == 1200 * 5
    assert plain[200, 0] == pytest.approx(1200 * 5 * 0.501, abs=5)


def test_peaks_are_limited_and_nothing_is_moved() -> None:
    at = np.arange(48_000)
    quiet, loud = (np.sin(at / 20) * level for level in (4000, 12_000))
    for sound, gain_db in ((quiet, 3.0), (loud, 6.0)):
        halved = np.stack([sound, sound], axis=1).astype("<i2")
        done = np.frombuffer(limited(halved.tobytes(), gain_db), "<i2").reshape(-1, 2)
        assert done.shape == halved.shape
        assert abs(done.astype(int)).max() <= 0.83 * 32_768
        assert np.corrcoef(done[:, 0], halved[:, 0])[0, 1] > 0.99
