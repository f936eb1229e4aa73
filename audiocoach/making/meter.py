"""How loud sound is, as it comes out of a file: integrated loudness (ITU-R BS.1770, EBU R 128) and true peak.

In: pieces of decoded sound, 48 kHz, 16 bit, mono or of two channels. Out: a `Level`. What sounds again and
again is measured once: `Powers` are its parts of 4 ms, which are laid where it sounds in a session (`Tally`),
on the meter's grid. A mono file sounds from two speakers: it is measured as it is heard there, 3 dB above
what a meter shows of its one channel. Of two channels the mean is taken, to which the same is added.

The meter of FFmpeg takes half as long as the encoder. This one looks at the same blocks, leaves out silence,
which counts for nothing, and looks for true peaks near the highest samples alone.
"""

from __future__ import annotations

import math
import struct
from typing import TYPE_CHECKING

from audiocoach.records import dataclass
from audiocoach.sound import awake, mixer
from audiocoach.store.recipe import Level
from audiocoach.units import SAMPLE_BYTES, SAMPLE_RATE_HZ, ms_to_samples

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# BS.1770-4, annex 1, tables 1 and 2: what a head does to sound, then how low it hears. Halved, so that
# nothing is cut off at full scale: whole numbers have no more room.
_HEAD = {"b0": 1.53512485958697, "b1": -2.69169618940638, "b2": 1.19839281085285}
_HEAD_BACK = {"a0": 1.0, "a1": -1.69065929318241, "a2": 0.73248077421585}
_LOW = {"b0": 1.0, "b1": -2.0, "b2": 1.0, "a0": 1.0, "a1": -1.99004745483398, "a2": 0.99007225036621}
_HALF = 0.5
_WIDE, _PACKED = "s32p", "s32"
_WIDE_BYTES = 4
_WIDE_FULL_SCALE = 1 << 31
# Equation 2; and two speakers in place of one.
_OFFSET_DB = -0.691 + 10 * math.log10(2)
# What frames of MP3 (24 ms) and the blocks of the meter, one begun every 100 ms, have in common.
STEP_MS = 4
_STEP_BYTES = ms_to_samples(STEP_MS) * SAMPLE_BYTES
_HOP_STEPS = 100 // STEP_MS
_HOPS_IN_BLOCK = 4
# Equations 3 to 7: blocks below these do not count.
_SILENT_LUFS, _GATE_LU = -70.0, -10.0
# The filters have nothing more to say so long after a sound.
_TAIL_BYTES = _HOP_STEPS * _STEP_BYTES
_PIECE_BYTES = ms_to_samples(10_000) * SAMPLE_BYTES
_WINDOW_BYTES = ms_to_samples(1) * SAMPLE_BYTES
_MARGIN_BYTES = ms_to_samples(1) * SAMPLE_BYTES
_NEAR_TOP = 0.7
_FINER = 4
_FULL_SCALE = 1 << 15


@dataclass(frozen=True, slots=True)
class Powers:
    """The mean squares of 4 ms each, as ears weigh them, from the step `first` on; and the true peak.

    1 is full scale.
    """

    first: int
    powers: tuple[float, ...]
    peak: float

    @property
    def loudest_lufs(self) -> float:
        """The loudest 400 ms of it, silence around it counted in where it is shorter."""
        size = _HOP_STEPS * _HOPS_IN_BLOCK
        starts = range(0, max(1, len(self.powers) - size + 1), _HOP_STEPS // 5)
        return _lufs(max(math.fsum(self.powers[at : at + size]) for at in starts) / size)

    def to_bytes(self) -> bytes:
        """What a cache keeps."""
        return struct.pack(f"<id{len(self.powers)}f", self.first, self.peak, *self.powers)

    @classmethod
    def from_bytes(cls, data: bytes) -> Powers:
        """The inverse of `to_bytes`.

        Raises:
            struct.error: `data` is nothing of the kind.
        """
        count = (len(data) - struct.calcsize("<id")) // struct.calcsize("<f")
        first, peak, *powers = struct.unpack(f"<id{count}f", data)
        return cls(first, tuple(powers), peak)


class Tally:
    """What sounds in a file, counted together: `lay` each sound where it is, in whole steps of 4 ms."""

    def __init__(self) -> None:
        self._hops: dict[int, float] = {}
        self._peak = 0.0

    def lay(self, at_step: int, sound: Powers) -> None:
        """One more sound."""
        self._peak = max(self._peak, sound.peak)
        start = at_step + sound.first
        end = start + len(sound.powers)
        for hop in range(start // _HOP_STEPS, -(-end // _HOP_STEPS)):
            begin = max(0, hop * _HOP_STEPS - start)
            power = sum(sound.powers[begin : (hop + 1) * _HOP_STEPS - start]) / _HOP_STEPS
            self._hops[hop] = self._hops.get(hop, 0.0) + power

    def level(self, duration_ms: int) -> Level:
        """How loud the file is, which lasts so long, to a tenth."""
        peak_db = round(20 * math.log10(self._peak), 1) if self._peak else None
        return Level(_integrated_lufs(list(self._blocks(duration_ms // (_HOP_STEPS * STEP_MS)))), peak_db)

    def _blocks(self, hops: int) -> Iterator[float]:
        """The power of each whole 400 ms that something sounds in."""
        ends = {hop + more for hop in self._hops for more in range(_HOPS_IN_BLOCK)}
        for end in sorted(end for end in ends if _HOPS_IN_BLOCK <= end + 1 <= hops):
            within = range(end - _HOPS_IN_BLOCK + 1, end + 1)
            yield sum(self._hops.get(hop, 0.0) for hop in within) / _HOPS_IN_BLOCK


def _integrated_lufs(powers: Sequence[float]) -> float | None:
    """BS.1770-4, annex 1: what passes both gates; None where nothing does."""
    loud = [power for power in powers if _lufs(power) > _SILENT_LUFS]
    if not loud:
        return None
    gate = _lufs(math.fsum(loud) / len(loud)) + _GATE_LU
    passing = [power for power in loud if _lufs(power) > gate]
    return round(_lufs(math.fsum(passing) / len(passing)), 1)


def _lufs(power: float) -> float:
    return _OFFSET_DB + 10 * math.log10(power) if power > 0 else -math.inf


def measure(pcm: bytes, channels: int = 1) -> Powers:
    """One sound with silence before and behind it, whether or not that is a part of it."""
    sides = [pcm] if channels == 1 else [mixer.channel(pcm, 0), mixer.channel(pcm, 1)]
    return _measure(sides[0], 1) if sides[0] == sides[-1] else _measure(pcm, channels)


def _measure(pcm: bytes, channels: int) -> Powers:
    """The powers of all channels together, and the highest peak of them."""
    step_bytes = _STEP_BYTES * channels
    first = (len(pcm) - len(pcm.lstrip(b"\0"))) // step_bytes
    end = -(-len(pcm.rstrip(b"\0")) // step_bytes) * step_bytes
    sound = pcm[first * step_bytes : end].ljust(end - first * step_bytes, b"\0")
    if not sound:
        return Powers(0, (), 0.0)
    layout = "mono" if channels == 1 else "stereo"
    powers = weighed_powers(b"", sound + bytes(_TAIL_BYTES * channels), layout)
    return Powers(first, tuple(powers), true_peak(sound) if channels == 1 else _peak_of(sound))


def _peak_of(both: bytes) -> float:
    """The higher true peak; a channel whose samples are too low for it is not looked at."""
    audioop = mixer.load("audioop")
    sides = [mixer.channel(both, 0), mixer.channel(both, 1)]
    highest = [audioop.max(side, SAMPLE_BYTES) for side in sides]
    near = [side for side, top in zip(sides, highest, strict=True) if top >= max(highest) * _NEAR_TOP]
    return max(map(true_peak, near))


class Meter:
    """Hears a file piece by piece, ten hours of it if need be; `level` tells what was heard."""

    def __init__(self) -> None:
        self._tally = Tally()
        self._heard_bytes = 0
        self._waiting = bytearray()
        self._before = b""
        self._silent_bytes = 0

    def hear(self, pcm: bytes) -> None:
        """What comes next, any number of samples."""
        # Noise that keeps a device awake passes no gate: it is silence, and costs as much.
        is_silent = mixer.load("audioop").max(pcm, SAMPLE_BYTES) <= awake.PEAK
        self._silent_bytes = self._silent_bytes + len(pcm) if is_silent else 0
        if self._waiting or not is_silent:
            # Sounds are looked at by whole steps.
            self._waiting += bytes(0 if self._waiting else self._heard_bytes % _STEP_BYTES) + pcm
        self._heard_bytes += len(pcm)
        if self._silent_bytes > _TAIL_BYTES:
            self._look(len(self._waiting))
            self._before = b""
        elif len(self._waiting) >= _PIECE_BYTES:
            self._look(len(self._waiting) // _STEP_BYTES * _STEP_BYTES)

    def level(self) -> Level:
        """All has come."""
        self._look(len(self._waiting))
        return self._tally.level(self._heard_bytes // (_STEP_BYTES // STEP_MS))

    def _look(self, size_bytes: int) -> None:
        """Measure so much of what waits; the filters hear what was before it as well."""
        start = self._heard_bytes - len(self._waiting)
        sound = bytes(self._waiting[:size_bytes])
        del self._waiting[:size_bytes]
        if sound:
            sound += bytes(-len(sound) % _STEP_BYTES)
            powers = tuple(_step_powers(self._before, sound))
            peak = true_peak(self._before[-_MARGIN_BYTES:] + sound)
            self._tally.lay(start // _STEP_BYTES, Powers(0, powers, peak))
            self._before = sound[-_TAIL_BYTES:]


def _step_powers(before: bytes, sound: bytes) -> Iterator[float]:
    return weighed_powers(before, sound, "mono")


def weighed_powers(before: bytes, sound: bytes, layout: str) -> Iterator[float]:
    """The mean square of each 4 ms as ears weigh it, behind what was heard before; of all sides together."""
    audioop = mixer.load("audioop")
    low = {name: str(value) for name, value in _LOW.items()}
    head = {name: str(value * _HALF) for name, value in _HEAD.items()} | {
        name: str(value) for name, value in _HEAD_BACK.items()
    }
    weighed = _filtered(before + sound, ("biquad", head), ("biquad", low), layout=layout)
    scale = _WIDE_BYTES // SAMPLE_BYTES
    step = _STEP_BYTES * scale * (2 if layout == "stereo" else 1)
    for at in range(len(before) * scale, len(weighed), step):
        yield (audioop.rms(weighed[at : at + step], _WIDE_BYTES) / _WIDE_FULL_SCALE / _HALF) ** 2


def true_peak(sound: bytes) -> float:
    """BS.1770-4, annex 2: the highest of four times as many samples, 1 being full scale.

    It lies within 3 dB of the highest that there are: only what is so high is looked at more finely.
    """
    audioop = mixer.load("audioop")
    starts = range(0, len(sound), _WINDOW_BYTES)
    highest = [audioop.max(sound[at : at + _WINDOW_BYTES], SAMPLE_BYTES) for at in starts]
    top: int = max(highest)
    near = [at for at, found in zip(starts, highest, strict=True) if top and found >= top * _NEAR_TOP]
    windows = b"".join(_with_margins(sound, at) for at in near)
    if not windows:
        return top / _FULL_SCALE
    finer = {"sample_rate": str(_FINER * SAMPLE_RATE_HZ)}
    fine = _filtered(windows, ("volume", {"volume": str(_HALF)}), ("aresample", finer))
    return max(top / _FULL_SCALE, _highest(fine) / _WIDE_FULL_SCALE / _HALF)


def _with_margins(sound: bytes, at: int) -> bytes:
    """A window with what lies beside it, silence where there is nothing."""
    start = max(0, at - _MARGIN_BYTES)
    before = bytes(_MARGIN_BYTES - (at - start))
    return (before + sound[start : at + _WINDOW_BYTES + _MARGIN_BYTES]).ljust(
        _WINDOW_BYTES + 2 * _MARGIN_BYTES, b"\0"
    )


def _highest(fine: bytes) -> int:
    """Of windows with margins; within these it is the cut that rings."""
    audioop = mixer.load("audioop")
    scale = _FINER * _WIDE_BYTES // SAMPLE_BYTES
    size, margin = (_WINDOW_BYTES + 2 * _MARGIN_BYTES) * scale, _MARGIN_BYTES // 2 * scale
    insides = (fine[at + margin : at + size - margin] for at in range(0, len(fine), size))
    highest: int = max(audioop.max(inside, _WIDE_BYTES) for inside in insides)
    return highest


def _filtered(sound: bytes, *specs: tuple[str, dict[str, str]], layout: str = "mono") -> bytes:
    """16-bit sound through filters, as 32 bit."""
    from audiocoach.voice import filters  # PyAV: 0.06 s that only who measures pays

    wide, packed = (("aformat", {"sample_fmts": form}) for form in (_WIDE, _PACKED))
    frames = filters.filtered(filters.frames(sound, SAMPLE_RATE_HZ, layout), (wide, *specs, packed))
    return b"".join(map(filters.samples, frames))
