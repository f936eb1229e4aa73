"""What every worker needs, loaded once for all of them before they are forked."""

from __future__ import annotations

import contextlib
import ctypes

from audiocoach.making import regions
from audiocoach.sound import mixer, tones
from audiocoach.sound.mp3.check import check
from audiocoach.sound.mp3.encode import encode
from audiocoach.units import SAMPLE_RATE_HZ
from audiocoach.voice.finish import apply_gain
from audiocoach.voice.process import recorder
from audiocoach.voice.take import Take

# Not used here: that they are loaded is what they are here for.
LOADED = (recorder, regions)
# As in the manual page of mallopt.
_M_TRIM_THRESHOLD = -1
_M_MMAP_THRESHOLD = -3
_KEPT_BYTES = 64 << 20
_SURELY_LIMITED_DB = 12.0


def preload() -> None:
    """What every worker needs, loaded once for all, and used once: the first time takes longer."""
    _keep_memory()
    mixer.load("pydub")
    sound = tones.render("go")
    check(encode(sound), sound)
    apply_gain(Take(sound, SAMPLE_RATE_HZ // 2), _SURELY_LIMITED_DB)


def _keep_memory() -> None:
    """Have glibc keep what is freed: every clip needs the same megabytes again.

    Each time they come from the system anew they are cleared page by page, which on a virtual machine
    takes as long as decoding the clip.
    """
    with contextlib.suppress(AttributeError, OSError):
        mallopt = ctypes.CDLL(None).mallopt
        for option in (_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD):
            mallopt(option, _KEPT_BYTES)
