"""Networks as the runtime would have them, kept: to make one ready takes longer than to load what was made.

Of a network's file onnxruntime makes a graph of its own: it joins operations, folds constants and lays
weights out for this processor. Here the result is kept, by the file's content, the versions, and the
kernels that are picked (`onnx`), so the same sums are done in the same order: a voice's bytes are the same.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from audiocoach.keys import key
from audiocoach.voice.engines import onnx

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from audiocoach.voice.clips import Store

_SAVED = ("session.save_model_format", "ORT")
# The session keeps the bytes, and reads them where they lie.
_LOADED = ("session.use_ort_model_bytes_directly", "1")


def kept(model: Path, store: Store) -> Any:
    """A session of this file: of what the store has of it, else of the file, and then the store has it.

    Raises:
        RefusedError: onnxruntime is missing.
        OSError: the file cannot be read.
        Exception: whatever the runtime says of a file that it does not read.
    """
    content = hashlib.sha256(model.read_bytes()).hexdigest()
    name = key("network", content, onnx.identity(), onnx.kernel_family())
    ready = store.get(name)
    if ready:
        options = onnx.options(optimizes=False)
        options.add_session_config_entry(*_LOADED)
        # What the runtime does not read is made again.
        with suppress(Exception):
            return onnx.inference(ready, options)
    return _made_ready(model, name, store)


def _made_ready(model: Path, name: str, store: Store) -> Any:
    """A session of the file, which is kept where the system has files without a place."""
    options = onnx.options()
    if not hasattr(os, "memfd_create"):
        return onnx.inference(str(model), options)
    with _file_without_a_place() as descriptor:
        options.optimized_model_filepath = f"/proc/self/fd/{descriptor}"
        options.add_session_config_entry(*_SAVED)
        session = onnx.inference(str(model), options)
        store.put(name, _content(descriptor))
    return session


@contextmanager
def _file_without_a_place() -> Iterator[int]:
    descriptor = os.memfd_create("network")
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _content(descriptor: int) -> bytes:
    return os.pread(descriptor, os.fstat(descriptor).st_size, 0)
