"""The scripts that set everything up, with a pip that does nothing."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PYTHON = '#!/bin/sh\necho "python $*" >&2\n'


def quickstart(folder: Path) -> subprocess.CompletedProcess[str]:
    """The script in a folder of its own, whose environment is there already."""
    (folder / ".venv" / "bin").mkdir(parents=True)
    for name in ("python", "audiocoach"):
        path = folder / ".venv" / "bin" / name
        path.write_text(PYTHON)
        path.chmod(0o755)
    shutil.copytree(ROOT / "scripts", folder / "scripts")
    return subprocess.run(
        ["sh", "scripts/quickstart"], capture_output=True, text=True, check=True, cwd=folder
    )


def test_it_is_said_that_pip_is_at_work_before_it_is(tmp_path: Path) -> None:
    done = quickstart(tmp_path)
    said, pip, build = done.stderr.splitlines()
    assert said == "Installing audiocoach and what it needs into .venv: pip may be silent for a minute or two"
    assert pip.startswith("python -m pip install ")
    assert build == "python build routines --output out"
    assert done.stdout.startswith("Listen: ")
