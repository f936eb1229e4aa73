"""Files of neural voices: where they lie, what they hold, and the sound that comes out of them."""

from __future__ import annotations

import hashlib
import json
import os
import wave
from typing import TYPE_CHECKING, Any

from audiocoach import regular
from audiocoach.errors import MALFORMED, RefusedError
from audiocoach.records import dataclass
from audiocoach.units import SAMPLE_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_MOST_JSON_BYTES = 4_000_000
_SAMPLES = 256
_SAMPLE_BYTES = 4096
_FULL_SCALE = 32_767


@dataclass(frozen=True, slots=True)
class Model:
    """A voice that is there: what the user calls it, its model, and the file that describes it."""

    name: str
    model: Path
    description: Path
    licence: str = ""


def identity(path: Path) -> str:
    """A name for what is in a large file: its size, and a megabyte of it from 256 places.

    It is asked in every build, and to read all of it takes longer than a build with nothing to do. Training
    changes every weight, so another model differs in all of these places.

    Raises:
        RefusedError: it cannot be read.
    """
    try:
        with regular.open_regular(path) as file:
            return _sampled(file.fileno())
    except OSError as error:
        raise _unreadable(path, error) from error


def _sampled(file: int) -> str:
    size_bytes = os.fstat(file).st_size
    digest = hashlib.sha256(str(size_bytes).encode())
    last = max(0, size_bytes - _SAMPLE_BYTES)
    for number in range(_SAMPLES):
        os.lseek(file, last * number // (_SAMPLES - 1), os.SEEK_SET)
        digest.update(os.read(file, _SAMPLE_BYTES))
    return digest.hexdigest()


def read_json(path: Path) -> dict[str, Any]:
    """The object in a small JSON file.

    Raises:
        RefusedError: there is no such file, or something else in it.
    """
    try:
        found = json.loads(regular.read(path, _MOST_JSON_BYTES))
    except OSError as error:
        raise _unreadable(path, error) from error
    except MALFORMED as error:
        raise RefusedError(f"the file {path} of a voice is no JSON: fetch it anew") from error
    if not isinstance(found, dict):
        raise RefusedError(f"the file {path} of a voice is no JSON object: fetch it anew")
    return found


def _unreadable(path: Path, error: OSError) -> RefusedError:
    return RefusedError(f"the file {path} of a voice cannot be read: {error.strerror}")


def write_wav(path: Path, parts: Iterable[Any], rate_hz: int) -> None:
    """Write sound to `path`: arrays of numbers from -1 to 1 become 16 bit, mono.

    Raises:
        OSError: the file cannot be written.
    """
    import numpy as np  # only the speech process pays for it

    with path.open("wb") as target, wave.open(target, "wb") as file:
        file.setparams((1, SAMPLE_BYTES, rate_hz, 0, "NONE", ""))
        for part in parts:
            samples = np.clip(np.asarray(part, dtype=np.float32).reshape(-1), -1, 1) * _FULL_SCALE
            file.writeframes(np.rint(samples).astype("<i2").tobytes())
