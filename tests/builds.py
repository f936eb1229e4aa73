"""Helpers for the tests of the build room: small routines, and a progress that remembers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.build.cache import Cache
from audiocoach.build.jobs import Built, Failed, Order, build
from audiocoach.build.sessions import Wanted

if TYPE_CHECKING:
    from pathlib import Path

SQUATS = """\
title: {title}
voice: {{engine: {engine}}}
moves:
  squat: {{name: Squat, setup: {setup}}}
session:
  - {{do: squat, reps: 3}}
"""


class Heard:
    """A progress that remembers its stages: name, total, and how many steps were told."""

    def __init__(self) -> None:
        self.stages: list[list[object]] = []

    def stage(self, name: str, total: int) -> None:
        self.stages.append([name, total, 0])

    def advance(self) -> None:
        self.stages[-1][2] = int(str(self.stages[-1][2])) + 1


def squats(folder: Path, name: str = "squats", *, engine: str = "silent", setup: str = "Stand tall.") -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(SQUATS.format(title=name.title(), engine=engine, setup=setup), encoding="utf-8")
    return path


def built(
    folder: Path,
    *paths: Path,
    jobs: int = 2,
    wanted: Wanted | None = None,
    progress: Heard | None = None,
    force: bool = False,
) -> tuple[list[Built], list[Failed]]:
    """Build into `folder/out` with the cache `folder/cache`."""
    order = Order(paths, folder / "out", wanted or Wanted(), jobs, force)
    return build(order, Cache(folder / "cache"), progress or Heard())
