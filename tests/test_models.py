"""Files of neural voices: what is told of them, and the WAV file that becomes of their sound."""

from __future__ import annotations

import wave
from typing import TYPE_CHECKING

import numpy as np
import pytest

from audiocoach.errors import RefusedError
from audiocoach.voice.engines import models

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("size_bytes", [0, 10, 5000, 900_000])
def test_the_identity_of_a_file_up_to_a_megabyte_is_its_content(size_bytes: int, tmp_path: Path) -> None:
    path, other = tmp_path / "a.onnx", tmp_path / "b.onnx"
    content = bytes(number * 7 % 251 for number in range(size_bytes))
    path.write_bytes(content)
    other.write_bytes(content)
    assert models.identity(path) == models.identity(other)
    other.write_bytes(content + b"\0")
    assert models.identity(path) != models.identity(other)
    if content:
        for changed in (0, size_bytes // 2, size_bytes - 1):
            other.write_bytes(content[:changed] + bytes([content[changed] ^ 1]) + content[changed + 1 :])
            assert models.identity(path) != models.identity(other)


def test_a_model_that_was_trained_otherwise_has_another_identity(tmp_path: Path) -> None:
    """Of 64 MB a part is read; weights differ in all of it."""
    path = tmp_path / "a.onnx"
    names = set()
    for seed in (1, 2):
        path.write_bytes(np.random.default_rng(seed).standard_normal(2_000_000, np.float32).tobytes())
        names.add(models.identity(path))
    assert len(names) == 2


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match=r"a\.onnx of a voice cannot be read: No such file"):
        models.identity(tmp_path / "a.onnx")
    with pytest.raises(RefusedError, match="cannot be read: it is no regular file"):
        models.identity(tmp_path)
    with pytest.raises(RefusedError, match=r"a\.json of a voice cannot be read: No such file"):
        models.read_json(tmp_path / "a.json")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is no JSON"),
        (b"<html>", "is no JSON"),
        (b"\xff\xfe\x00", "is no JSON"),
        (b"[" * 100_000, "is no JSON"),
        (b"[1]", "is no JSON object"),
        (b" " * 5_000_000, "larger than"),
    ],
)
def test_a_json_that_is_none_is_named(content: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content)
    with pytest.raises(RefusedError, match=rf"a\.json of a voice .*{message}"):
        models.read_json(path)


def test_sound_becomes_a_wav_file_and_is_clipped(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    models.write_wav(path, [np.array([[[0, 0.5]]], np.float32), np.array([-1.5, 1.0])], 22_050)
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (22_050, 1, 2)
        assert np.frombuffer(file.readframes(9), "<i2").tolist() == [0, 16384, -32767, 32767]
