"""What a session is finished with: its tag, its cover, and what stands beside its MP3."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.making import artwork
from audiocoach.making.regions import region_key
from audiocoach.publish import chapters, transcript
from audiocoach.publish.timeline_json import as_json
from audiocoach.sound import tags
from audiocoach.store.files import absolute
from audiocoach.store.recipe import Recipe, Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiocoach.coaching.timeline import Timeline
    from audiocoach.making.sessions import Session
    from audiocoach.making.soundtrack import SoundPlan
    from audiocoach.routine.model import Routine
    from audiocoach.store.fingerprint import Fingerprint
    from audiocoach.voice.clips import Store

# What stands beside each MP3, by what its name ends with.
COMPANIONS: dict[str, Callable[[Timeline], str]] = {
    ".timeline.json": as_json,
    ".chapters.json": chapters.as_json,
    ".vtt": transcript.vtt,
    ".lrc": transcript.lrc,
    ".txt": transcript.txt,
}


def recipe_of(
    session: Session, timeline: Timeline, scored: SoundPlan, setting: Fingerprint, store: Store
) -> Recipe:
    """What the session's files are joined from; `store` keeps its cover.

    Raises:
        InputError: its own cover cannot be used.
    """
    cover = artwork.session_cover(session, timeline, artwork.IN_FILE_PX, store)
    voices = tuple(sorted({one.voice for one in scored.clips.values()}, key=repr))
    return Recipe(
        source=Source(
            inputs=(*((absolute(path), digest) for path, digest in session.inputs), *cover.inputs),
            voices=voices,
            setting=setting.of(voices),
        ),
        duration_ms=timeline.duration_ms,
        clips=tuple(sorted(scored.clips)),
        regions=tuple((region.first_frame, region_key(region)) for region in scored.regions),
        notes=timeline.notes,
        tag=_tag(session.routine, timeline, cover.jpeg),
        companions=tuple((suffix, told(timeline)) for suffix, told in COMPANIONS.items()),
    )


def _tag(routine: Routine, timeline: Timeline, cover: bytes) -> bytes:
    """Who coaches and what, the chapters, the words as players show them, and the cover."""
    credit, language = dict(routine.credit), timeline.language
    said = [(line.start_ms, line.text) for line in transcript.lines(timeline)]
    return tags.tag(
        title=timeline.title,
        artist=credit.get("coach", "audiocoach"),
        album=credit.get("publisher", "audiocoach"),
        length_ms=timeline.duration_ms,
        chapters=chapters.chapters(timeline),
        more=tags.origin_frames(language)
        + tags.comment_frame(routine.description, language)
        + tags.lyrics_frame(transcript.lrc(timeline), language)
        + tags.synced_frame(said, language)
        + tags.picture_frame(cover),
    )
