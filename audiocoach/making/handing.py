"""What is handed over of a session that was built: with its exercises, which its timeline does not hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.making.editions import editions_of
from audiocoach.publish.handout import Handout
from audiocoach.publish.names import safe_name
from audiocoach.records import replace
from audiocoach.routine import show as shows
from audiocoach.store.files import routine_files

if TYPE_CHECKING:
    from pathlib import Path

    from audiocoach.coaching.timeline import Timeline
    from audiocoach.making.sessions import Session


def handout_of(session: Session, laid: Timeline, heard: Timeline, link: str) -> Handout:
    """A session as it is handed over: the timeline that is `heard`, with the exercises of that `laid` out."""
    safety = session.routine.safety
    whole = replace(heard, outline=laid.outline, equipment=laid.equipment)
    return Handout(whole, session.level, safety.text if safety else "", link)


def address_of(routine: Path, slug: str, link: str | None = None) -> str:
    """Where a session's page is on the web, or nothing: at `link`, or below it, or where its show is."""
    folder = link or _base_url(routine)
    return f"{folder}{safe_name(slug)}.html" if folder.endswith("/") else folder


def _base_url(routine: Path) -> str:
    path = routine.parent / shows.NAME
    if not path.exists():
        return ""
    slugs = [
        edition.slug for file in routine_files((routine.parent,)) for edition in editions_of(file).editions
    ]
    show, _ = shows.read_show(path, slugs)
    return show.base_url or ""
