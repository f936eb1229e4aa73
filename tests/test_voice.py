"""Who speaks."""

from __future__ import annotations

import subprocess
import sys

from audiocoach.routine.voice import Voice


def test_a_voice_is_the_default_engine_at_165_words_a_minute() -> None:
    assert Voice() == Voice("pyttsx3", "", 165)


def test_a_speech_process_does_not_load_the_routine_language() -> None:
    code = "import sys, audiocoach.voice.process.child; print('audiocoach.routine.model' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
