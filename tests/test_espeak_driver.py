"""The driver as pyttsx3 sees it; what it says is tested in test_engines.py."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="espeakng-loader is for Linux")

CODE = """
import sys, threading
from pathlib import Path
from audiocoach.routine.voice import Voice
from audiocoach.voice import engines
engine = engines.load(Voice())
from audiocoach.voice.engines.espeak_driver import SynchronousDriver
import pyttsx3
speaker = pyttsx3.init("audiocoach_espeak")
assert isinstance(speaker.proxy._driver, SynchronousDriver)
speaker.save_to_file("One.", sys.argv[1] + "/1.wav")
speaker.save_to_file("Two.", sys.argv[1] + "/2.wav")
speaker.runAndWait()
assert Path(sys.argv[1], "1.wav").stat().st_size > 10_000
assert Path(sys.argv[1], "2.wav").stat().st_size > 10_000
assert speaker.getProperty("rate") == 165
assert threading.active_count() == 1
assert len(list(Path("/proc/self/task").iterdir())) == 1
"""

# One write of all samples takes half of them, which is no error yet.
FULL = """
import errno, resource, sys
from pathlib import Path
from audiocoach.routine.voice import Voice
from audiocoach.voice import engines
engine, path = engines.load(Voice()), Path(sys.argv[1], "clip.wav")
engine.speak("One.", path)
most_bytes = path.stat().st_size // 2
resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, resource.RLIM_INFINITY))
try:
    engine.speak("One.", path)
except OSError as error:
    assert error.errno == errno.EFBIG
else:
    sys.exit("nothing was said")
"""


def ended_quietly(code: str, folder: object) -> bool:
    ended = subprocess.run(
        [sys.executable, "-c", code, str(folder)], capture_output=True, check=False, timeout=60
    )
    return (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"")


def test_it_is_a_driver_of_pyttsx3_without_a_thread(tmp_path: object) -> None:
    assert ended_quietly(CODE, tmp_path)


def test_a_file_that_is_written_in_part_is_said(tmp_path: object) -> None:
    assert ended_quietly(FULL, tmp_path)
