"""Decoders for finished MP3s: each gives 16-bit mono PCM, its delays trimmed as a player would."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING, NoReturn

import av
import pytest

from audiocoach.sound import mixer

if TYPE_CHECKING:
    from pathlib import Path


def need(tool: str) -> str:
    """The path of a program; without it the test is skipped, and fails where `CI` is set."""
    return shutil.which(tool) or lacks(f"the program {tool} is not installed")


def lacks(reason: str) -> NoReturn:
    """Skip a test that cannot judge anything here, or fail it where `CI` is set."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def run(tool: str, *arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
    """What a program said; the test fails where the program does."""
    command = [need(tool), *arguments]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=True, timeout=120)


def pyav(path: Path) -> bytes:
    """In process, with the libraries of the wheel."""
    resampler = av.AudioResampler(format="s16", layout="mono", rate=48_000)
    with av.open(str(path)) as container:
        frames = [piece for frame in container.decode(audio=0) for piece in resampler.resample(frame)]
    return b"".join(bytes(frame.planes[0])[: frame.samples * 2] for frame in frames)


def ffmpeg(path: Path) -> bytes:
    """The program, told to stop at the first error."""
    done = run("ffmpeg", "-v", "error", "-xerror", "-i", path, "-f", "s16le", "-ac", "1", "-")
    assert done.stderr == b""
    return done.stdout


def lame(path: Path) -> bytes:
    """LAME's own decoder: unlike the others it loses a frame whose bits lie before the file."""
    decoded = lame_channels(path)
    with av.open(str(path), "r") as container:
        is_mono = container.streams.audio[0].channels == 1
    return decoded if is_mono else bytes(mixer.load("audioop").tomono(decoded, 2, 0.5, 0.5))


def lame_channels(path: Path) -> bytes:
    """The same with the channels as they are, interleaved."""
    return run("lame", "--quiet", "--decode", "-t", path, "-").stdout


DECODERS = (pyav, ffmpeg, lame)
