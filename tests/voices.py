"""Helpers for the tests of the voice room: a store in memory, and eyes on what is left behind."""

from __future__ import annotations

import array
import math
import os
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from audiocoach.coaching.timeline import Utterance
from audiocoach.routine.voice import Voice
from audiocoach.voice.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Callable

# Every process that a test starts, and whatever that one starts, has this in its environment.
MARK = f"AUDIOCOACH_TEST={uuid.uuid4()}"
os.environ["AUDIOCOACH_TEST"] = MARK.partition("=")[2]

# Long enough for a busy machine, short enough for tests of voices that hang.
QUICK = Limits(set_up_ms=20_000, clip_ms=600, character_ms=1, grace_ms=5_000)


class DictStore:
    """A store in memory that counts what is asked of it."""

    def __init__(self) -> None:
        self.entries: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.sized: list[str] = []

    def get(self, key: str) -> bytes | None:
        self.asked.append(key)
        return self.entries.get(key)

    def size_bytes(self, key: str) -> int | None:
        self.sized.append(key)
        return len(self.entries[key]) if key in self.entries else None

    def put(self, key: str, data: bytes) -> None:
        self.entries[key] = data

    def clips(self) -> dict[str, bytes]:
        return {key: data for key, data in self.entries.items() if key.startswith("clip-")}


def fake(text: str, name: str = "") -> Utterance:
    return Utterance(text, Voice("fake", name))


def silent(text: str) -> Utterance:
    return Utterance(text, Voice("silent"))


def spoken(text: str, name: str = "") -> Utterance:
    return Utterance(text, Voice("pyttsx3", name))


def tone(duration_ms: int, rate_hz: int = 22_050, peak: int = 8000) -> bytes:
    """A tone of 220 Hz that starts at its peak: 16 bit, mono."""
    samples = range(rate_hz * duration_ms // 1000)
    return array.array(
        "h", (round(peak * math.cos(2 * math.pi * 220 * sample / rate_hz)) for sample in samples)
    ).tobytes()


def speech_processes() -> list[str]:
    """Command lines of live processes that these tests started, whoever their parent is by now.

    A speech process has one of its own, which it shares with its forks.
    """
    processes = (entry for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return [_read(process / "cmdline") for process in processes if MARK in _read(process / "environ")]


def is_alive(process_id: int) -> bool:
    """Whether the process runs; one that nobody has collected yet does not."""
    try:
        state = Path(f"/proc/{process_id}/stat").read_text(encoding="ascii").rpartition(") ")[2]
    except OSError:
        return False
    return not state.startswith("Z")


def private_folders(folder: Path) -> list[Path]:
    return list(folder.glob("audiocoach-*"))


def nothing_is_left(folder: Path) -> bool:
    """Whether all processes are gone, and all private files in this folder for temporary ones."""
    return eventually(lambda: speech_processes() == []) and private_folders(folder) == []


def _read(path: Path) -> str:
    try:
        return path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        return ""


def eventually(condition: Callable[[], bool], within_s: float = 20) -> bool:
    """Whether the condition comes true; asked again and again, since another process makes it so."""
    deadline_s = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > deadline_s:
            return False
        time.sleep(0.01)
    return True
