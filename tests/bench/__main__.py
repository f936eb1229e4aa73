"""Measure, and write the parts of `docs/benchmarks.md`: python -m tests.bench [RUNS [PART…]]."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from tests.bench import measure
from tests.bench.sessions import batch, routine
from tests.marked import with_part
from tests.nightly.page import PAGE

if TYPE_CHECKING:
    from collections.abc import Sequence

_PLAIN = Path(__file__).with_name("plain.py")
_PROGRAM = (sys.executable, "-m", "audiocoach")
_LIMITS = (sys.executable, "-m", "tests.bench.limits")
# Whoever finds the module there has no fork.
_FORKLESS = ("env", f"PYTHONPATH={Path(__file__).with_name('forkless')}")
_ESPEAK = "pyttsx3"
_HEAVY = ("PIL", "av", "lameenc", "pydub", "pyttsx3", "mutagen", "yaml")


@dataclass(frozen=True, slots=True)
class Session:
    """A session to measure: its routine, its finished files, and its words."""

    name: str
    path: Path
    timeline: Path
    phrases: int
    speech_s: float

    @property
    def words(self) -> str:
        """What stands beside each ratio."""
        return f"{self.phrases} phrases, {self.speech_s:.0f} s of speech"


class Bench:
    """A folder in which everything is spoken by one engine, built and thrown away."""

    def __init__(self, folder: Path, runs: int, engine: str) -> None:
        folder.mkdir(parents=True)
        self._folder = folder
        self._runs = runs
        self._engine = engine

    def build(self, what: Path, out: str, cache: str, *options: str) -> Sequence[str]:
        """One build, into folders of ours."""
        folders = ("-o", str(self._folder / out), "--cache", str(self._folder / cache))
        return (*_PROGRAM, "build", str(what), *folders, "--engine", self._engine, *options)

    def plain(self, *timelines: Path) -> Sequence[str]:
        """The plain script, once for each session, one after another."""
        command = '"$0" "$plain" "$one" "$out" "$engine" || exit 1'
        script = f'plain=$1; out=$2; engine=$3; shift 3; for one in "$@"; do {command}; done'
        out = str(self._folder / "plain.mp3")
        return ("sh", "-c", script, sys.executable, str(_PLAIN), out, self._engine, *map(str, timelines))

    def session(self, name: str, exercises: int, changed: str = "") -> Session:
        """Write the routine, and build it once to learn its words."""
        slug = f"{name.replace(' ', '-')}{changed}"
        path = self._folder / f"{slug}.yaml"
        path.write_text(routine(name, exercises, changed=changed), encoding="utf-8")
        measure.run(self.build(path, f"known-{slug}", f"cache-{slug}"))
        return _known(name, path, self._folder / f"known-{slug}" / f"{slug}.timeline.json")

    def alone(self, session: Session) -> measure.Turns:
        """The plain script; ours with nothing there; ours with all but the output; the limits."""
        pcm = self._folder / "speech.pcm"
        measure.run((*_LIMITS, "cut", str(session.timeline), str(pcm)))
        cache = f"cache-{session.path.stem}"

        def fresh(number: int) -> Sequence[str]:
            return self.build(session.path, f"cold-out-{number}", f"cold-cache-{session.phrases}-{number}")

        def again(number: int) -> Sequence[str]:
            return self.build(session.path, f"again-{session.phrases}-{number}", cache)

        return measure.turns(
            self._runs,
            lambda _: self.plain(session.timeline),
            fresh,
            again,
            lambda _: (*_LIMITS, "speak", str(session.timeline), self._engine),
            lambda _: (*_LIMITS, "encode", str(pcm)),
            lambda _: (*_LIMITS, "share", str(session.timeline), str(pcm), self._engine),
        )

    def first_word_s(self, session: Session) -> float:
        """Seconds from the start of a cold build to the first clip in its cache: the median."""
        caches = [f"first-{number}" for number in range(self._runs)]
        commands = [self.build(session.path, f"{cache}-out", cache) for cache in caches]
        return median(
            measure.seconds_until(command, self._folder / cache, "clip-")
            for cache, command in zip(caches, commands, strict=True)
        )

    def tree_mb(self) -> float:
        """What all processes of twenty sessions, cold, hold together at the most, with two workers."""
        return measure.tree_peak_mb(
            self.build(self._folder / "twenty", "tree-out", "tree-cache", "--jobs", "2")
        )

    def forkless(self) -> measure.Turns:
        """A session of three minutes, cold: where there is no fork, and where there is."""
        path = self._folder / "three.yaml"
        path.write_text(routine("3 minutes", 2), encoding="utf-8")

        def cold(name: str) -> Sequence[str]:
            return self.build(path, f"{name}-out", f"{name}-cache")

        return measure.turns(
            self._runs,
            lambda number: (*_FORKLESS, *cold(f"forkless-{number}")),
            lambda number: cold(f"forked-{number}"),
        )

    def twenty(self) -> tuple[list[Session], measure.Turns]:
        """Twenty different sessions over one library: the plain script, ours, ours with one worker."""
        folder = self._folder / "twenty"
        paths = batch(folder, 20)
        measure.run(self.build(folder, "twenty-known", "twenty-cache"))
        known = [
            _known("20 of 16 minutes", path, self._folder / "twenty-known" / f"{path.stem}.timeline.json")
            for path in paths
        ]

        def cold(number: int, jobs: int) -> Sequence[str]:
            name = f"twenty-{jobs}-{number}"
            return self.build(folder, f"{name}-out", f"{name}-cache", "--jobs", str(jobs))

        done = measure.turns(
            max(1, self._runs // 2),
            lambda _: self.plain(*(one.timeline for one in known)),
            lambda number: cold(number, 2),
            lambda number: cold(number, 1),
            warmup=0,
        )
        return known, done

    def changed(self, name: str, exercises: int) -> tuple[measure.Turns, str]:
        """One word of a session changed: the plain script and ours; and what ours says it made."""
        path = self._folder / "changed.yaml"
        path.write_text(routine(name, exercises), encoding="utf-8")
        measure.run(self.build(path, "changed", "changed-cache"))
        words = iter(("slowly", "gently", "evenly", "calmly", "lightly", "softly", "smoothly", "steadily"))
        said: list[str] = []

        def edited(_: int) -> Sequence[str]:
            path.write_text(routine(name, exercises, changed=next(words)), encoding="utf-8")
            copy = self._folder / "copy"
            for part in ("changed", "changed-cache"):
                shutil.rmtree(copy / part, ignore_errors=True)
                shutil.copytree(self._folder / part, copy / part)
            told = subprocess.run(
                self.build(path, "copy/changed", "copy/changed-cache"),
                check=True,
                capture_output=True,
                text=True,
            )
            counts = (line for line in told.stderr.splitlines() if line.startswith(("speech", "files")))
            said.append(", ".join(line.split(",")[0] for line in counts))
            return self.build(path, "changed", "changed-cache")

        timeline = self._folder / "changed" / "changed.timeline.json"
        done = measure.turns(min(self._runs, 6), lambda _: self.plain(timeline), edited)
        (made,) = set(said)
        return done, made

    def with_music(self, name: str, exercises: int) -> tuple[Session, measure.Turns]:
        """A session over a song: the plain script that overlays it; ours cold; one word changed."""
        path, known = self._folder / "music.yaml", self._folder / "music-known"
        song = self._folder / "song.wav"
        measure.run((sys.executable, "-m", "tests.bench.song", str(song)))
        words = iter(("", "slowly", "gently", "evenly", "calmly", "lightly", "softly", "smoothly"))

        def write(changed: str = "") -> None:
            path.write_text(routine(name, exercises, changed=changed, music=song.name), encoding="utf-8")

        def cold(number: int) -> Sequence[str]:
            write()
            return self.build(path, f"music-out-{number}", f"music-cache-{number}")

        def edited(_: int) -> Sequence[str]:
            write(next(words))
            return self.build(path, known.name, "music-cache")

        write()
        measure.run(self.build(path, known.name, "music-cache"))
        session = _known(name, path, known / "music.timeline.json")
        out = str(self._folder / "plain.mp3")
        plain = (sys.executable, "-m", "tests.bench.plain_bed", str(session.timeline), out)
        done = measure.turns(
            max(1, self._runs // 2),
            lambda _: (*plain, self._engine, str(song)),
            cold,
            edited,
        )
        return session, done

    def many(self) -> dict[str, Any]:
        """500 sessions: all phrases there and nothing else; then nothing changed; memory; the disk."""
        folder = self._folder / "many"
        batch(folder, 500)
        measure.run(self.build(folder, "many-known", "many-cache"))

        def phrases_only(number: int) -> Sequence[str]:
            cache = self._folder / f"many-cache-{number}"
            shutil.copytree(self._folder / "many-cache", cache, ignore=_all_but_phrases)
            for old in ("many-out", "written"):
                shutil.rmtree(self._folder / old, ignore_errors=True)
            return self.build(folder, "many-out", cache.name)

        def limit(_: int) -> Sequence[str]:
            return (*_LIMITS, "write", str(self._folder / "many-known"), str(self._folder / "written"))

        cached = measure.turns(max(1, self._runs // 2), phrases_only, limit, warmup=0)
        standing = measure.turns(
            self._runs,
            lambda _: self.build(folder, "many-known", "many-cache"),
            lambda _: (sys.executable, "-c", ""),
        )
        return {"cached": cached, "standing": standing, "loaded": self._loaded(folder)}

    def _loaded(self, folder: Path) -> list[str]:
        """The heavy libraries that a build with nothing to do loads."""
        command = self.build(folder, "many-known", "many-cache")
        traced = (command[0], "-X", "importtime", *command[1:])
        told = subprocess.run(traced, check=True, capture_output=True, text=True).stderr
        names = {line.rpartition("|")[2].strip() for line in told.splitlines()}
        return sorted(names.intersection(_HEAVY))

    def ten_hours(self) -> measure.Run:
        """A session of ten hours."""
        path = self._folder / "ten-hours.yaml"
        path.write_text(routine("Ten hours", 45, repeat=10), encoding="utf-8")
        return measure.run(self.build(path, "ten", "cache-60-minutes"))

    def help(self) -> measure.Turns:
        """`--help` beside the import of click."""
        return measure.turns(
            self._runs * 2, lambda _: (*_PROGRAM, "--help"), lambda _: (sys.executable, "-c", "import click")
        )


def _known(name: str, path: Path, timeline: Path) -> Session:
    events = json.loads(timeline.read_text(encoding="utf-8"))["events"]
    lengths = {event["text"]: event["duration_ms"] for event in events if "text" in event}
    return Session(name, path, timeline, len(lengths), sum(lengths.values()) / 1000)


def _all_but_phrases(_: str, names: list[str]) -> set[str]:
    """What is left out of a cache in which only speech was kept."""
    return {name for name in names if name.startswith(("region-", "session-", "silence-"))}


def _row(name: str, words: str, done: measure.Turns, ours: int, wanted: str) -> str:
    """The plain script is the first command."""
    seconds = f"{done.seconds(0):.2f} s | {done.seconds(ours):.2f} s"
    memory = f"{done.peak_mb(ours):.0f} / {done.peak_mb(0):.0f} MB"
    return f"| {name} | {words} | {seconds} | {memory} | **{done.ratio(0, ours):.1f}** | {wanted} |"


def _alone_rows(session: Session, done: measure.Turns, cold: str, cached: str) -> list[str]:
    return [
        _row(f"{session.name}, cold", session.words, done, 1, cold),
        _row(f"{session.name}, cached", session.words, done, 2, cached),
    ]


def _limits_row(name: str, done: measure.Turns) -> str:
    alone = " | ".join(f"{done.seconds(command):.2f} s" for command in (1, 3, 4, 5))
    return f"| {name} | {alone} | {done.ratio(1, 5):.2f} |"


def _twenty_row(known: Sequence[Session], done: measure.Turns, wanted: str) -> str:
    phrases, speech_s = sum(one.phrases for one in known), sum(one.speech_s for one in known)
    words = f"{phrases} phrases, {speech_s:.0f} s of speech"
    return _row("20 sessions of 16 minutes, cold", words, done, 1, wanted)


def _espeak(folder: Path, runs: int) -> dict[str, str]:
    """What the page says of espeak-ng."""
    bench = Bench(folder, runs, _ESPEAK)
    start = bench.help()
    short, long = bench.session("16 minutes", 12), bench.session("60 minutes", 45)
    short_done, long_done = bench.alone(short), bench.alone(long)
    known, twenty = bench.twenty()
    changed, made = bench.changed("16 minutes", 12)
    many, ten = bench.many(), bench.ten_hours()
    cached, standing = many["cached"], many["standing"]
    rows = [
        *_alone_rows(short, short_done, "3", "15"),
        *_alone_rows(long, long_done, "6", "45"),
        _twenty_row(known, twenty, "18"),
        _row("16 minutes, one word changed", made, changed, 1, "8"),
    ]
    return {
        "rows": "\n".join(rows),
        "limits": "\n".join((_limits_row("16 minutes", short_done), _limits_row("60 minutes", long_done))),
        "workers": f"{twenty.ratio(2, 1):.2f}",
        "beyond_ms": f"{(standing.seconds(0) - standing.seconds(1)) * 1000 / 500:.2f}",
        "loaded": ", ".join(many["loaded"]) or "none",
        "many_s": f"{cached.seconds(0):.1f}",
        "write_s": f"{cached.seconds(1):.1f}",
        "many_ratio": f"{cached.ratio(0, 1):.1f}",
        "many_mb": f"{cached.peak_mb(0):.0f}",
        "ten_s": f"{ten.seconds:.1f}",
        "ten_mb": f"{ten.peak_mb:.0f}",
        "help_ratio": f"{start.ratio(0, 1):.2f}",
    }


def _natural(folder: Path, runs: int) -> dict[str, str]:
    """What the page says of the natural voice."""
    bench = Bench(folder, runs, "hibari")
    session = bench.session("16 minutes", 12)
    done = bench.alone(session)
    known, twenty = bench.twenty()
    changed, made = bench.changed("16 minutes", 12)
    by_espeak, _ = Bench(folder / "beside", runs, _ESPEAK).changed("16 minutes", 12)
    forkless = bench.forkless()
    rows = [
        *_alone_rows(session, done, "2", "15"),
        _twenty_row(known, twenty, "12"),
        _row("16 minutes, one word changed", made, changed, 1, ""),
    ]
    return {
        "rows": "\n".join(rows),
        "limits": _limits_row("16 minutes", done),
        "share": f"{done.ratio(1, 5):.2f}",
        "changed_s": f"{changed.seconds(1) - by_espeak.seconds(1):.2f}",
        "workers": f"{twenty.ratio(2, 1):.2f}",
        "mb": f"{bench.tree_mb():.0f}",
        "first_s": f"{bench.first_word_s(session):.2f}",
        "forkless": f"{forkless.ratio(0, 1):.2f}",
        "forkless_s": f"{forkless.seconds(0):.1f}",
        "forked_s": f"{forkless.seconds(1):.1f}",
    }


def _music(folder: Path, runs: int) -> dict[str, str]:
    """What the page says of a session over music."""
    song, done = Bench(folder, runs, _ESPEAK).with_music("16 minutes over music", 12)
    rows = (
        _row("16 minutes over music, cold", song.words, done, 1, "5, a fifth of the memory"),
        _row("16 minutes over music, one word changed", song.words, done, 2, "15"),
    )
    return {"rows": "\n".join(rows)}


_PARTS = {"espeak": _espeak, "natural": _natural, "music": _music}


def _measured(part: str, runs: int) -> str:
    with tempfile.TemporaryDirectory() as folder:
        figures = _PARTS[part](Path(folder) / part, runs)
    machine = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    text = Path(__file__).with_name(f"{part}.md").read_text(encoding="utf-8")
    return text.format(runs=runs, machine=f"{machine}, {os.cpu_count()} processors", **figures)


def main() -> None:
    """Measure part by part; each is on the page as soon as it is known."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    for part in sys.argv[2:] or _PARTS:
        text = _measured(part, runs)
        PAGE.write_text(with_part(PAGE.read_text(encoding="utf-8"), part, text), encoding="utf-8")
        sys.stdout.write(text)
        sys.stdout.flush()


if __name__ == "__main__":
    main()
