"""What a session is finished with: its tag, its cover, and what stands beside its MP3."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.build import artwork
from audiocoach.build.files import absolute
from audiocoach.build.recipe import Recipe, Source
from audiocoach.build.regions import region_key
from audiocoach.publish import chapters, transcript
from audiocoach.publish.preview import as_json
from audiocoach.sound import tags

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiocoach.build.sessions import Session
    from audiocoach.build.setting import Setting
    from audiocoach.build.soundtrack import Score
    from audiocoach.coaching.timeline import Timeline
    from audiocoach.routine.model import Routine
    from audiocoach.voice.clips import Store

# What stands beside each MP3, by what its name ends with.
COMPANIONS: dict[str, Callable[[Timeline], str]] = {
    ".timeline.json": as_json,
    ".chapters.json": chapters.as_json,
    ".vtt": transcript.vtt,
    ".lrc": transcript.lrc,
    ".txt": transcript.txt,
}


def recipe_of(session: Session, timeline: Timeline, scored: Score, setting: Setting, store: Store) -> Recipe:
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
