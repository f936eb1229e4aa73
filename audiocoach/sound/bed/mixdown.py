"""One block of a session with music: what is said and what plays become one sound.

In: a `Block`, and ways to fetch the PCM of a region and of a part of a track. Out: stereo PCM at half its
level, so that no sum can be cut off: 48 kHz, 16 bit, interleaved.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from audiocoach.records import dataclass
from audiocoach.sound import awake, mixer, pan
from audiocoach.sound.bed import ducking
from audiocoach.sound.mp3.frame import FRAME_MS
from audiocoach.units import SAMPLE_BYTES, SAMPLES_PER_MS, db_to_gain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from audiocoach.sound.bed.ducking import Dip
    from audiocoach.sound.bed.score import Piece
    from audiocoach.sound.mixer import Part, Region

_MS_BYTES = SAMPLES_PER_MS * SAMPLE_BYTES * 2
_HALF = 0.5
# Whole frames, and a whole number of times in a block of music: blocks that come again stay the same.
AWAKE_MS = 240
# At half its level: lower than the noise, and an encoder may make nothing of it.
_SILENT = 4


@dataclass(frozen=True, slots=True)
class Block:
    """Some frames of a session, with what an encoder hears before and behind them.

    All times are counted from the first of those before. `sounds` are regions and where they begin; what
    plays is lower where there are `dips`; all of it is louder by `gain_db`. Where nothing sounds lies noise
    that keeps devices awake, in stretches of a grid that begins at `awake_ms`; None without.
    """

    run_in: int
    count: int
    run_out: int
    sounds: tuple[tuple[int, Region], ...]
    pieces: tuple[Piece, ...]
    dips: tuple[Dip, ...]
    gain_db: float
    awake_ms: int | None = None

    @property
    def length_ms(self) -> int:
        """With what is before and behind it."""
        return (self.run_in + self.count + self.run_out) * FRAME_MS


def mix(block: Block, fetch: Callable[[str], bytes], play: Callable[[str, int, int], bytes]) -> bytes:
    """The PCM of a block at half its level; `play` gives a track's sound from a time in it to another.

    Raises:
        SoundError: a sound has another length than its placement says.
    """
    room = ducking.gains(block.dips, block.length_ms)
    sound = bytearray(block.length_ms * _MS_BYTES)
    for piece in block.pieces:
        _add(sound, piece.start_ms, _played(piece, room, play))
    for at_ms, region in block.sounds:
        _add(sound, at_ms, _said(region, fetch))
    if block.awake_ms is not None:
        _fill(sound, block.awake_ms, db_to_gain(-block.gain_db))
    return bytes(sound)


def _fill(sound: bytearray, first_ms: int, level: float) -> None:
    """Lay noise where there is silence; `level` is what makes it as soft as elsewhere once all is louder."""
    audioop = mixer.load("audioop")
    noise = audioop.mul(mixer.alike(awake.stretch()), SAMPLE_BYTES, _HALF * level)
    for at_ms in range(first_ms, len(sound) // _MS_BYTES - awake.STRETCH_MS + 1, AWAKE_MS):
        begin = at_ms * _MS_BYTES
        there = bytes(sound[begin : begin + len(noise)])
        if audioop.max(there, SAMPLE_BYTES) <= _SILENT:
            sound[begin : begin + len(noise)] = audioop.add(there, noise, SAMPLE_BYTES)


def _said(region: Region, fetch: Callable[[str], bytes]) -> bytes:
    """A region at half its level, each sound on its side."""
    audioop = mixer.load("audioop")
    if not any(part.side for part in region.parts):
        both: bytes = audioop.tostereo(mixer.mix(region, fetch), SAMPLE_BYTES, _HALF, _HALF)
        return both

    def halved(part: Part) -> tuple[bytes, bytes]:
        pcm = audioop.mul(fetch(part.sound), SAMPLE_BYTES, _HALF)
        return pan.placed(pcm, part.side, lambda sound: audioop.mul(sound, SAMPLE_BYTES, pan.NEAR))

    return mixer.mix_sides(region, halved)


def _played(piece: Piece, room: list[float], play: Callable[[str, int, int], bytes]) -> bytes:
    """A piece at its level, millisecond by millisecond."""
    pcm = play(piece.key, piece.start_ms - piece.origin_ms, piece.end_ms - piece.origin_ms)
    level = _HALF * db_to_gain(piece.gain_db)
    fading = bool(piece.fades)
    levels = [
        level * room[at_ms] * (piece.gain(at_ms) if fading else 1.0)
        for at_ms in range(piece.start_ms, piece.end_ms)
    ]
    return b"".join(_scaled(pcm, levels))


def _scaled(pcm: bytes, levels: list[float]) -> Iterator[bytes]:
    audioop = mixer.load("audioop")
    at = 0
    for level, run in groupby(levels):
        size = sum(1 for _ in run) * _MS_BYTES
        yield audioop.mul(pcm[at : at + size], SAMPLE_BYTES, level)
        at += size


def _add(sound: bytearray, at_ms: int, pcm: bytes) -> None:
    """Lay a sound on another, where both are."""
    audioop = mixer.load("audioop")
    fitting = pcm[max(0, -at_ms) * _MS_BYTES :]
    begin = max(0, at_ms) * _MS_BYTES
    fitting = fitting[: max(0, len(sound) - begin)]
    end = begin + len(fitting)
    sound[begin:end] = audioop.add(bytes(sound[begin:end]), fitting, SAMPLE_BYTES)
