"""What workers find loaded."""

from __future__ import annotations

import subprocess
import sys


def test_what_makes_clips_and_sound_is_loaded_once_for_all() -> None:
    code = (
        "import sys; from audiocoach.workers import preload; preload.preload();"
        "ours = ('audiocoach.making.regions', 'audiocoach.voice.process.recorder');"
        "names = ('av', 'lameenc', 'pydub', *ours);"
        "print([name for name in names if name not in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
