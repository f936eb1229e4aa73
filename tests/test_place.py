"""Where a build keeps things."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from audiocoach.store.place import MANIFEST, Place


def test_a_place_has_no_spare_cache_unless_it_is_told() -> None:
    assert (Place(Path("cache")).spare, MANIFEST) == (None, ".audiocoach.json")


def test_options_and_places_load_nothing_heavy() -> None:
    code = (
        "import sys, audiocoach.store.options, audiocoach.store.place;"
        "heavy = ('yaml', 'audiocoach.store.cache', 'audiocoach.routine.model');"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
