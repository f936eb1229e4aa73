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
    (folder / ".venv" / "bin").mkdir(parents=True, exist_ok=True)
    for name in ("python", "audiocoach"):
        path = folder / ".venv" / "bin" / name
        path.write_text(PYTHON)
        path.chmod(0o755)
    shutil.copytree(ROOT / "scripts", folder / "scripts", dirs_exist_ok=True)
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


def test_what_is_installed_is_installed_again_when_what_it_needs_changes(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    assert "pip install" in quickstart(tmp_path).stderr
    assert quickstart(tmp_path).stderr == "python build routines --output out\n"
    (tmp_path / "pyproject.toml").write_text("[project]\ndependencies = ['more']\n")
    assert "pip install" in quickstart(tmp_path).stderr


def test_an_environment_that_has_gone_is_made_again(tmp_path: Path) -> None:
    quickstart(tmp_path)
    shutil.rmtree(tmp_path / ".venv")
    assert "pip install" in quickstart(tmp_path).stderr
