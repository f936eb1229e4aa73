"""Helpers for the tests of clusters: schedulers and workers in processes of their own."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Each says its address on a line of its own, and ends when its standard input does.
SCHEDULER = """
import asyncio, sys
from distributed import Scheduler

async def main():
    settings = {"dashboard": False, "dashboard_address": "127.0.0.1:0"}
    async with Scheduler(host=sys.argv[1], port=0, **settings) as scheduler:
        print(scheduler.address, flush=True)
        await asyncio.to_thread(sys.stdin.read)

asyncio.run(main())
"""
WORKER = """
import asyncio, sys
from distributed import Worker
{before}

async def main():
    async with Worker(sys.argv[1], nthreads=1) as worker:
        print(worker.address, flush=True)
        await asyncio.to_thread(sys.stdin.read)

asyncio.run(main())
"""
# A worker with another version, and one that has no audiocoach at all.
OLD = "from audiocoach.store import fingerprint as setting; setting.__version__ = '0.0.9'"
BARE = "sys.modules['audiocoach'] = None"


@contextlib.contextmanager
def scheduler(where: str = "127.0.0.1", settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """The address of a scheduler."""
    with _started(SCHEDULER, where, settings or {}) as (address, _):
        yield address


@contextlib.contextmanager
def worker(
    address: str, folder: Path, before: str = "", settings: Mapping[str, str] | None = None
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A worker of this scheduler with its files in a folder: its address and process."""
    environment = {"DASK_TEMPORARY_DIRECTORY": str(folder), **(settings or {})}
    with _started(WORKER.format(before=before), address, environment) as started:
        yield started


@contextlib.contextmanager
def _started(
    code: str, argument: str, settings: Mapping[str, str]
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "DASK_LOGGING__DISTRIBUTED": "critical", **settings}
    with subprocess.Popen(
        [sys.executable, "-c", code, argument],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        cwd="/",
    ) as process:
        assert process.stdout
        address = process.stdout.readline().strip()
        assert address, "it did not start"
        try:
            yield address, process
        finally:
            with contextlib.suppress(BrokenPipeError):
                process.communicate(timeout=20)


def own_workers() -> list[int]:
    """The process ids of workers that this program started itself."""
    return [
        int(process.name)
        for process in Path("/proc").iterdir()
        if process.name.isdigit() and _is_own_worker(process)
    ]


def _is_own_worker(process: Path) -> bool:
    try:
        parent = (process / "stat").read_text().rpartition(") ")[2].split()[1]
        return int(parent) == os.getpid() and b"admission import main" in (process / "cmdline").read_bytes()
    except OSError:
        return False
