"""Sites for tests: a show, its episodes, and a folder with everything that a browser asks for."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from audiocoach import assets
from audiocoach.publish import chapters, site, transcript
from audiocoach.publish.episode import Asset, Episode
from audiocoach.publish.site_folder import asset_of
from audiocoach.publish.site_manifest import NAME as MANIFEST
from audiocoach.publish.site_manifest import SiteManifest
from audiocoach.publish.timeline_json import from_json
from audiocoach.routine.show import Show
from tests.conftest import run_audiocoach
from tests.hostile import AT
from tests.hosting import put

if TYPE_CHECKING:
    from pathlib import Path

    from audiocoach.coaching.timeline import Timeline

# A minute with three chapters, both sides, sets and repetitions; the silent voice makes its times exact.
ROUTINE = """\
title: Short & sweet
chapters: sections
phrases: {section: "<section>.", section_first: "<section>.", side_for_sets: "", side_again: ""}
voice: {engine: silent}
moves:
  squat: {name: Squat, setup: Stand tall., reminders: [Chest up.]}
  plank: {name: Side plank}
session:
  - section: Warm-up
    items:
      - {do: squat, for: 20s, ready: 11s}
  - section: Strength
    defaults: {rest: 8s, switch: 5s}
    items:
      - {do: plank, hold: 10s, ready: 14s, sets: 2, sides: "left, right"}
  - section: Finish
    items:
      - {say: "Well done, that was all for today."}
"""
# Repetitions, a rest that waits for the listener, breaths and holds.
PACED = """\
title: Paced
voice: {engine: silent}
moves:
  squat: {name: Squat, steps: [Slowly down., And up.]}
  belly: {name: Belly breathing}
  plank: {name: Plank}
session:
  - {do: squat, reps: 4, tempo: 2-2, ready: 10s}
  - {rest: 20s, until: ready}
  - {do: belly, breaths: 3, breath: 4-2-6}
  - {rest: 20s}
  - {do: plank, hold: 5s, reps: 2}
"""
# Ten minutes of it.
LONG = ROUTINE.replace("for: 20s", "for: 9m")


def show(text: str = "Back & belly", *, is_private: bool = True) -> Show:
    """A show that says the same everywhere."""
    return Show(
        position=AT,
        title=text,
        author=text,
        description=text,
        language="en",
        category=(text,),
        base_url=None,
        is_private=is_private,
        is_serial=False,
        order=(),
        email=None,
        cover=None,
    )


def asset(name: str, media_type: str, content: bytes = b"") -> Asset:
    return Asset(name, media_type, len(content), hashlib.sha256(content).hexdigest())


def digested(stem: str, suffix: str, content: bytes) -> str:
    """What a file of this content is called."""
    return f"{stem}-{hashlib.sha256(content).hexdigest()[:8]}{suffix}"


TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".mp3": "audio/mpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".vtt": "text/vtt",
    ".webmanifest": "application/manifest+json",
}
COVER = asset("cover-00000000.png", "image/png")


def episode(timeline: Timeline, name: str = "short", text: str = "A minute.", sound: bytes = b"") -> Episode:
    """An episode that says the same everywhere."""
    return Episode(
        slug=text,
        name=name,
        guid=text,
        number=1,
        published_s=0,
        description=text,
        coach=text,
        level="standard",
        tags=(text,),
        equipment=(text,),
        is_synthetic=True,
        timeline=timeline,
        sound=asset(digested(name, ".mp3", sound), "audio/mpeg", sound),
        cover=asset(f"{name}-00000000.png", "image/png"),
        chapters=asset(
            f"{name}.chapters.json", "application/json+chapters", chapters.as_json(timeline).encode()
        ),
        captions=asset(f"{name}.vtt", "text/vtt", transcript.vtt(timeline).encode()),
        transcript=asset(f"{name}.transcript.html", "text/html", site.transcript_page(timeline).encode()),
    )


def build(folder: Path, name: str = "short", routine: str = ROUTINE) -> Episode:
    """The routine's site in `folder`, with the MP3 that the program builds."""
    (folder / f"{name}.yaml").write_text(routine, "utf-8")
    run_audiocoach("build", f"{name}.yaml", "-o", ".", "--cache", "cache", cwd=folder, check=True)
    timeline = from_json((folder / f"{name}.timeline.json").read_text("utf-8"), f"{name}.yaml")
    one = episode(timeline, name, sound=(folder / f"{name}.mp3").read_bytes())
    for page, content in site.pages(show(), COVER, (one,), None):
        (folder / page).write_bytes(content)
    (folder / f"{name}.mp3").rename(folder / one.sound.name)
    (folder / one.captions.name).write_text(transcript.vtt(timeline), "utf-8")
    for picture in (COVER.name, one.cover.name):
        (folder / picture).write_bytes(assets.site("icon-180.png"))
    name_all(folder)
    return one


def name_all(folder: Path) -> None:
    """Have `site.json` name every file that may be published: those of a build, and those of the pages."""
    found = (path for path in sorted(folder.iterdir()) if path.suffix in TYPES)
    files = tuple(asset_of(path.name, path.read_bytes()) for path in found)
    put(folder / MANIFEST, SiteManifest(files).to_bytes())
