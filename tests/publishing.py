"""Helpers for the tests of the site's folder: renderers that anybody can afford, and a folder of routines."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from audiocoach.store.options import FeedOptions, Overrides
from audiocoach.store.place import Place
from audiocoach.workers.podcast import Published, Renderers, prepare, publish
from audiocoach.workers.starting import start_workers
from audiocoach.workers.stop import Stop, Stoppable
from tests.builds import Heard, squats
from tests.shows import BASE_URL, NOW_S

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from audiocoach.publish.episode import Asset, Episode
    from audiocoach.routine.show import Show
    from audiocoach.workers.podcast import Prepared

SHOW = f"title: Back\nauthor: Jo Doe\ndescription: At home.\nbase_url: {BASE_URL}\n"


def picture(*words: str) -> bytes:
    """What begins like a JPEG."""
    return b"\xff\xd8" + " ".join(words).encode("utf-8", "backslashreplace")


def pages(
    show: Show, cover: Asset, episodes: tuple[Episode, ...], feed_url: str
) -> Iterator[tuple[str, bytes]]:
    yield (
        "index.html",
        " ".join([show.title, cover.name, feed_url, *(one.title for one in episodes)]).encode(),
    )
    yield from ((one.page, one.title.encode()) for one in episodes)


RENDERERS = Renderers(
    show_cover=lambda own, show: own.read_bytes() if own else picture(show.title),
    cover=lambda routine, level, timeline: picture(routine.stem, level, timeline.title),
    transcript=lambda timeline: f"<title>{timeline.title}</title>",
    sound=lambda built, show, one: f"{show.title} {one.number} ".encode() + built,
    pages=pages,
)


@dataclass(frozen=True, slots=True)
class Workplace:
    """A folder with routines, and where their site is published."""

    folder: Path

    @classmethod
    def of(cls, folder: Path, *names: str, show: str = SHOW) -> Workplace:
        (folder / "routines").mkdir(parents=True)
        place = cls(folder)
        place.show(show)
        for name in names:
            place.routine(name)
        return place

    @property
    def site(self) -> Path:
        return self.folder / "site"

    @property
    def state(self) -> Path:
        return self.folder / "routines" / "audiocoach.state.json"

    def show(self, text: str) -> None:
        (self.folder / "routines" / "audiocoach.yaml").write_text(text, "utf-8")

    def routine(self, name: str, **facts: str) -> Path:
        return squats(self.folder / "routines", name, **facts)

    def options(self, **changes: Any) -> FeedOptions:  # noqa: ANN401 - any field
        fields: dict[str, Any] = {
            "folder": self.folder / "routines",
            "site": self.site,
            "built": self.folder / "out",
            "overrides": Overrides(),
            "jobs": 1,
        }
        return FeedOptions(**(fields | changes))

    def prepared(self, **changes: Any) -> Prepared:  # noqa: ANN401 - any field
        return prepare(self.options(**changes), Place(self.folder / "cache"))

    def published(
        self,
        now_s: int = NOW_S,
        renderers: Renderers | Callable[[Prepared], Renderers] = RENDERERS,
        **changes: Any,  # noqa: ANN401 - any field
    ) -> Published:
        """What the command does, less the command line."""
        prepared, stop = self.prepared(**changes), Stop()
        renderers = renderers if isinstance(renderers, Renderers) else renderers(prepared)
        if not prepared.found.reasons:
            return publish(prepared, None, renderers, Heard(), stop, now_s)
        with start_workers(prepared.found.options, prepared.found.place) as makers:
            stop.on_wish(makers.kill)
            return publish(prepared, makers, renderers, Stoppable(Heard(), stop), stop, now_s)

    def tree(self) -> dict[str, bytes]:
        """Every published file."""
        return {path.name: path.read_bytes() for path in self.site.iterdir()} if self.site.exists() else {}

    def file(self, name: str) -> Path:
        """The one file of a name like `a.mp3`, which is published with a digest in it."""
        stem, dot, suffix = name.partition(".")
        (found,) = (one for one in self.site.glob(f"{stem}-*{dot}{suffix}") if undigested(one.name) == name)
        return found

    def stamps(self) -> dict[str, tuple[int, int]]:
        """What changes when a file is written, or another takes its place."""
        found = {path.name: path.stat() for path in self.site.iterdir()}
        return {name: (one.st_ino, one.st_mtime_ns) for name, one in found.items()}

    def listed(self) -> dict[str, dict[str, Any]]:
        """What `site.json` names."""
        files: dict[str, dict[str, Any]] = json.loads((self.site / "site.json").read_text("utf-8"))["files"]
        return files

    def promised(self) -> dict[str, dict[str, str]]:
        """What the state holds for each session."""
        sessions: dict[str, dict[str, str]] = json.loads(self.state.read_text("utf-8"))["sessions"]
        return sessions


def undigested(name: str) -> str:
    """What a published file would be called without a digest: what belongs to a session has one."""
    return re.sub(r"-[0-9a-f]{8}(?=\.(?!html$))", "", name)


def row(data: bytes, media_type: str) -> dict[str, Any]:
    return {"type": media_type, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
