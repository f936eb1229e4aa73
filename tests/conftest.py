"""Fixtures that several test files share, and one profile for hypothesis everywhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]
ROUTINES = ("bear-plank-flow", "five-moves", "four-moves", "knee-to-chest", "sixteen-minutes")


@dataclass(frozen=True, slots=True)
class Finished:
    """One MP3 of a real build with its timeline."""

    slug: str
    mp3: Path
    timeline: dict[str, Any]
    cache: Path


@pytest.fixture(scope="session")
def five(tmp_path_factory: pytest.TempPathFactory) -> tuple[Finished, ...]:
    """The five routines, built from the shell with the real voice into an empty cache."""
    out, cache = tmp_path_factory.mktemp("five"), tmp_path_factory.mktemp("cache")
    run_audiocoach("build", ROOT / "routines", "-o", out, "--cache", cache, check=True)
    return tuple(
        Finished(
            slug, out / f"{slug}.mp3", json.loads((out / f"{slug}.timeline.json").read_text("utf-8")), cache
        )
        for slug in ROUTINES
    )


def run_audiocoach(
    *arguments: object, check: bool = False, cwd: Path = ROOT, timeout: int = 300, text: str | None = None
) -> subprocess.CompletedProcess[str]:
    """The program, as a user's shell starts it; `text` is its standard input."""
    command = [sys.executable, "-m", "audiocoach", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    how: dict[str, Any] = {"cwd": cwd, "timeout": timeout, "env": environment, "input": text}
    done = subprocess.run(command, capture_output=True, text=True, check=False, **how)
    if check:
        assert done.returncode == 0, done.stderr
    return done


@pytest.fixture
def audiocoach(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """The program in an empty folder, with a cache of its own and the silent engine."""

    def run(*arguments: object, **more: Any) -> subprocess.CompletedProcess[str]:  # noqa: ANN401
        return run_audiocoach(*arguments, cwd=tmp_path, **more)

    return run
