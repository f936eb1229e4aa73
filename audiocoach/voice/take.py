"""A take: the sound of one text as an engine wrote it, believed only after its checks.

In goes the path of a WAV file, out come its samples: 16 bit, little endian, mono, at the engine's
own rate, full scale 32767; `trimmed` takes the quiet off both ends.
"""

from __future__ import annotations

import io
import stat
import warnings
import wave
from typing import TYPE_CHECKING, BinaryIO

from audiocoach.coaching.estimate import estimate_ms
from audiocoach.coaching.timeline import Utterance
from audiocoach.errors import EngineError
from audiocoach.language.language import traits
from audiocoach.records import dataclass
from audiocoach.units import MS_PER_SECOND, SAMPLE_BYTES
from audiocoach.voice.limits import least_ms, most_ms

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from audiocoach.routine.voice import Voice

with warnings.catch_warnings():
    # Deprecated in 3.11; from 3.13 the dependency audioop-lts provides it, without the warning.
    warnings.simplefilter("ignore", DeprecationWarning)
    import audioop

_LEAST_RATE_HZ = 8_000
_MOST_RATE_HZ = 192_000
_MOST_FRAME_BYTES = 2 * SAMPLE_BYTES
_HEADER_BYTES = 65_536
_SILENT_PEAK = 33  # -60 dB of full scale
_QUIET = 0.006  # -44 dB of the take's own peak
_STEP_MS = 4
_GUARD_MS = 12
_FEW_WORDS = 3
# Of single words and counts the shortest takes 0.7 of its estimate; letters that are spelled out take 2.3.
_LEAST_SHARE = 0.35
_MOST_SHARE = 3.0
_MOST_SLACK_MS = 1500


@dataclass(frozen=True, slots=True)
class Take:
    """Samples of one utterance: 16 bit, little endian, mono, `rate_hz`."""

    samples: bytes
    rate_hz: int

    @property
    def duration_ms(self) -> float:
        """Milliseconds, not always whole ones."""
        return len(self.samples) / SAMPLE_BYTES / self.rate_hz * MS_PER_SECOND

    @property
    def peak(self) -> int:
        """The largest sample without its sign, 0 to 32768."""
        return int(audioop.max(self.samples, SAMPLE_BYTES))


def read_take(path: Path, text: str, voice: Voice) -> Take:
    """The file at `path`, if it can be what `voice` makes of `text`.

    Raises:
        EngineError: there is no file, it is no WAV, its header disagrees with its bytes, it is
            silent, or its length is not plausible for the text.
    """
    most_bytes = int(most_ms(text, voice.rate_wpm) * _MOST_RATE_HZ * _MOST_FRAME_BYTES / MS_PER_SECOND)
    return _checked(_decoded(path, most_bytes + _HEADER_BYTES), text, voice)


def kept_take(body: bytes, text: str, voice: Voice) -> Take:
    """What was kept of a file, if it can be what a voice makes of `text`.

    Raises:
        EngineError: as `read_take`.
    """
    return _checked(_parsed(io.BytesIO(body)), text, voice)


def _checked(take: Take, text: str, voice: Voice) -> Take:
    if take.peak < _SILENT_PEAK:
        raise EngineError("the voice wrote a silent clip")
    take = trimmed(take)
    least, most = believable_ms(text, voice)
    if not least <= take.duration_ms <= most:
        raise EngineError(
            f"the voice wrote a clip of {take.duration_ms / MS_PER_SECOND:.1f} s for {len(text)} characters"
        )
    return take


def believable_ms(text: str, voice: Voice) -> tuple[float, float]:
    """The shortest and the longest clip that `voice` can have made of `text`.

    A few words of an engine whose lengths are known (`Traits.estimates`) are held against those: a network
    that has slipped says a count in a tenth of its time, or goes on for seconds.
    """
    least, most = least_ms(text, voice.rate_wpm), most_ms(text, voice.rate_wpm)
    # Letters that a voice does not know it may name one by one.
    few = text.isascii() and len(text.split()) <= _FEW_WORDS
    if not few or voice.engine not in traits(voice.language).estimates:
        return least, most
    usual_ms = estimate_ms(Utterance(text, voice))
    return max(least, _LEAST_SHARE * usual_ms), min(most, _MOST_SHARE * usual_ms + _MOST_SLACK_MS)


def trimmed(take: Take) -> Take:
    """`take` without the quiet at both ends, except for 12 ms of it."""
    threshold = max(1, int(take.peak * _QUIET))
    step = SAMPLE_BYTES * (take.rate_hz * _STEP_MS // MS_PER_SECOND)
    guard = SAMPLE_BYTES * (take.rate_hz * _GUARD_MS // MS_PER_SECOND)
    starts = range(0, len(take.samples), step)
    first = _first_loud(take.samples, starts, step, threshold)
    last = _first_loud(take.samples, reversed(starts), step, threshold)
    return Take(take.samples[max(0, first - guard) : last + step + guard], take.rate_hz)


def _first_loud(samples: bytes, starts: Iterable[int], step: int, threshold: int) -> int:
    for start in starts:
        if audioop.max(samples[start : start + step], SAMPLE_BYTES) >= threshold:
            return start
    return 0


def _decoded(path: Path, most_bytes: int) -> Take:
    try:
        status = path.lstat()
    except OSError as error:
        raise EngineError(f"the voice wrote no file: {error.strerror}") from error
    if not stat.S_ISREG(status.st_mode):
        raise EngineError("the voice wrote something that is no file")
    if status.st_size > most_bytes:
        raise EngineError(f"the voice wrote {status.st_size} bytes, far too many for the text")
    with path.open("rb") as file:
        return _parsed(file)


def _parsed(file: BinaryIO) -> Take:
    try:
        with wave.open(file) as wav:
            form = wav.getparams()
            samples = wav.readframes(form.nframes)
    except (wave.Error, EOFError) as error:
        raise EngineError(f"the voice wrote no WAV file: {error or 'it is empty'}") from error
    if form.sampwidth != SAMPLE_BYTES or form.nchannels not in {1, 2}:
        raise EngineError(f"the voice wrote {form.nchannels} channels of {8 * form.sampwidth} bit")
    if not _LEAST_RATE_HZ <= form.framerate <= _MOST_RATE_HZ:
        raise EngineError(f"the voice wrote {form.framerate} samples a second")
    if not samples or len(samples) != form.nframes * form.nchannels * SAMPLE_BYTES:
        raise EngineError("the voice wrote a truncated WAV file")
    mono = samples if form.nchannels == 1 else audioop.tomono(samples, SAMPLE_BYTES, 0.5, 0.5)
    return Take(mono, form.framerate)
