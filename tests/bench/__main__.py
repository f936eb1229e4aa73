"""Measure, and write `docs/benchmarks.md`: python -m tests.bench [RUNS]."""

from __future__ import annotations

import json
import platform
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench import measure
from tests.bench.sessions import routine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.bench.measure import Pair

_ROOT = Path(__file__).parents[2]
_PLAIN = Path(__file__).with_name("plain.py")
_PROGRAM = (sys.executable, "-m", "audiocoach")
_MEMORY_LIMIT_MB = 120
_HELP_LIMIT = 3


_PAGE = """# Benchmarks

Written by `scripts/bench`: whole processes from the shell, two commands in turn, {runs} pairs after a
warm-up, medians; the ratio is the median of the pairs. Seconds depend on the machine and on what else
it does: read the ratios. Measured on {machine}.

Beside audiocoach runs [the plain script](../tests/bench/plain.py) that a competent user would write in
an afternoon: pyttsx3 once for every distinct phrase, the pieces and the silence between them joined
once, one encode of the whole through lameenc at the same settings. It speaks the same words at the
same times. A session is so many exercises of 40 s work and 40 s rest, each with its name, an
instruction, halfway, ten seconds, the count-in and the count-out.

*Cold*: nothing is there, neither speech nor frames. *Cached*: speech and regions are there, the MP3 is
not. Memory is the largest of the processes, ours / the plain script's.

| session | distinct words | plain script | audiocoach | peak memory | times faster | asked for |
|---|---|---|---|---|---|---|
{rows}

| figure | measured | asked for |
|---|---|---|
| a session of ten hours | {ten_s} s, peak memory {ten_mb} MB | under {memory_limit} MB |
| `audiocoach --help` beside `python -c "import click"` | {help_ratio} times | at most {help_limit} |

## What a cold build's time goes into

Nearly all of it is work on new sound. Of the 3.5 s of processor time of the cold hour (223 s of speech in
99 phrases, both cores busy for most of 2.1 s), 1.4 s are LAME's, 0.9 s the voice's with its forks, 0.5 s go
into resampling, gain and limiting, 0.4 s into decoding every region again to check it, 0.3 s into starting.
The plain script encodes an hour that is mostly silence, and checks nothing.
"""


@dataclass(frozen=True, slots=True)
class Session:
    """A session to measure: its routine, its timeline, and the ratios that are asked for."""

    name: str
    path: Path
    timeline: Path
    phrases: int
    speech_s: float
    wanted_cold: int
    wanted_cached: int


class Bench:
    """A folder in which everything is built and thrown away."""

    def __init__(self, folder: Path, runs: int) -> None:
        self._folder = folder
        self._runs = runs

    def session(self, name: str, exercises: int, wanted_cold: int, wanted_cached: int) -> Session:
        """Write the routine, and build it once to learn its words."""
        slug = name.replace(" ", "-")
        path = self._folder / f"{slug}.yaml"
        path.write_text(routine(name, exercises), encoding="utf-8")
        measure.run(self._build(path, "known", "known"))
        timeline = self._folder / "known" / f"{slug}.timeline.json"
        events = [
            event for event in json.loads(timeline.read_text(encoding="utf-8"))["events"] if "text" in event
        ]
        lengths = {event["text"]: event["duration_ms"] for event in events}
        speech_s = sum(lengths.values()) / 1000
        return Session(name, path, timeline, len(lengths), speech_s, wanted_cold, wanted_cached)

    def _build(self, path: Path, out: str, cache: str) -> Sequence[str]:
        return (
            *_PROGRAM,
            "build",
            str(path),
            "-o",
            str(self._folder / out),
            "--cache",
            str(self._folder / cache),
        )

    def _plain(self, session: Session, number: int) -> Sequence[str]:
        return (sys.executable, str(_PLAIN), str(session.timeline), str(self._folder / f"plain-{number}.mp3"))

    def cold(self, session: Session) -> Pair:
        """Nothing there: neither speech nor frames."""
        return measure.pair(
            lambda number: self._build(
                session.path, f"out-{session.phrases}-{number}", f"cold-{session.phrases}-{number}"
            ),
            lambda number: self._plain(session, number),
            self._runs,
        )

    def cached(self, session: Session) -> Pair:
        """Speech and regions there, the MP3 gone."""
        return measure.pair(
            lambda number: self._build(session.path, f"again-{session.phrases}-{number}", "known"),
            lambda number: self._plain(session, number),
            self._runs,
        )

    def ten_hours(self) -> tuple[float, float]:
        """Seconds and peak memory in MB of a session of ten hours."""
        path = self._folder / "ten-hours.yaml"
        path.write_text(routine("Ten hours", 45, repeat=10), encoding="utf-8")
        done = measure.run(self._build(path, "ten", "known"))
        return done.seconds, done.peak_mb

    def help(self) -> Pair:
        """`--help` beside the import of click."""
        return measure.pair(
            lambda _: (*_PROGRAM, "--help"), lambda _: (sys.executable, "-c", "import click"), self._runs * 2
        )


def _row(session: Session, kind: str, pair: Pair, wanted: int) -> str:
    ours, theirs = measure.seconds(pair.ours), measure.seconds(pair.theirs)
    memory = f"{measure.peak_mb(pair.ours):.0f} / {measure.peak_mb(pair.theirs):.0f} MB"
    words = f"{session.phrases} phrases, {session.speech_s:.0f} s of speech"
    return (
        f"| {session.name}, {kind} | {words} | {theirs:.2f} s | {ours:.2f} s | {memory} "
        f"| **{pair.ratio:.1f}** | {wanted} |"
    )


def _report(bench: Bench, runs: int) -> str:
    sessions = (bench.session("16 minutes", 12, 2, 12), bench.session("60 minutes", 45, 5, 35))
    rows = []
    for session in sessions:
        rows.append(_row(session, "cold", bench.cold(session), session.wanted_cold))
        rows.append(_row(session, "cached", bench.cached(session), session.wanted_cached))
    ten_s, ten_mb = bench.ten_hours()
    start = bench.help()
    machine = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return _PAGE.format(
        machine=machine,
        runs=runs,
        rows="\n".join(rows),
        ten_s=f"{ten_s:.1f}",
        ten_mb=f"{ten_mb:.0f}",
        memory_limit=_MEMORY_LIMIT_MB,
        help_ratio=f"{1 / start.ratio:.2f}",
        help_limit=_HELP_LIMIT,
    )


def main() -> None:
    """Measure and write."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as folder:
        text = _report(Bench(Path(folder), runs), runs)
    (_ROOT / "docs" / "benchmarks.md").write_text(text, encoding="utf-8")
    sys.stdout.write(text)


main()
