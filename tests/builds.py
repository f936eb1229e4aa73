"""Helpers for the tests of builds: small routines, and a progress that remembers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.making.finishing import COMPANIONS
from audiocoach.store.options import BuildOptions, Overrides
from audiocoach.store.place import Place
from audiocoach.workers.jobs import Built, Failed, build, survey
from audiocoach.workers.starting import start_workers
from audiocoach.workers.stop import Stop, Stoppable

if TYPE_CHECKING:
    from pathlib import Path

    from audiocoach.workers.progress import Progress

SQUATS = """\
title: {title}
voice: {{engine: {engine}}}
moves:
  squat: {{name: Squat, setup: {setup}}}
session:
  - {{do: squat, reps: 3}}
"""


def files_of(*slugs: str) -> list[str]:
    """What a build of these routines writes beside its manifest and report, by name."""
    return sorted(f"{slug}{suffix}" for slug in slugs for suffix in (".mp3", *COMPANIONS))


class Heard:
    """A progress that remembers for each stage how many steps there were to do, and how many were done."""

    def __init__(self) -> None:
        self.stages: dict[str, tuple[int, int]] = {}

    def expect(self, stage: str, more: int) -> None:
        total, done = self.stages.get(stage, (0, 0))
        self.stages[stage] = (total + more, done)

    def advance(self, stage: str) -> None:
        total, done = self.stages[stage]
        self.stages[stage] = (total, done + 1)


def squats(folder: Path, name: str = "squats", *, engine: str = "silent", setup: str = "Stand tall.") -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(SQUATS.format(title=name.title(), engine=engine, setup=setup), encoding="utf-8")
    return path


def built(
    folder: Path,
    *paths: Path,
    jobs: int = 2,
    overrides: Overrides | None = None,
    progress: Heard | None = None,
    force: bool = False,
) -> tuple[list[Built], list[Failed]]:
    """Build into `folder/out` with the cache `folder/cache`."""
    options = BuildOptions(paths, folder / "out", overrides or Overrides(), jobs, force)
    return carried_out(options, Place(folder / "cache"), progress or Heard())


def carried_out(
    options: BuildOptions, place: Place, progress: Progress, stop: Stop | None = None
) -> tuple[list[Built], list[Failed]]:
    """What the command does, less the command line."""
    stop = stop or Stop()
    found = survey(options, place)
    if not found.reasons:
        done = build(found, None, progress, stop)
    else:
        with start_workers(options, place) as makers:
            stop.on_wish(makers.kill)
            done = build(found, makers, Stoppable(progress, stop), stop)
    return list(done.built), list(done.failed)
