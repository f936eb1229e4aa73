"""What a session is finished with: its tag, its cover, and what stands beside its sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.making import artwork
from audiocoach.publish import chapters, transcript
from audiocoach.publish.timeline_json import as_json
from audiocoach.routine import wordings
from audiocoach.sound.container import TagFields
from audiocoach.store.files import absolute
from audiocoach.store.recipe import Listing, Recipe, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from audiocoach.coaching.timeline import Timeline
    from audiocoach.making.sessions import Session
    from audiocoach.making.soundtrack import Scored
    from audiocoach.routine.model import Routine
    from audiocoach.sound.container import AnyContainer
    from audiocoach.store.fingerprint import Fingerprint
    from audiocoach.voice.clips import Store

# What stands beside each sound, by what its name ends with.
COMPANIONS: dict[str, Callable[[Timeline], str]] = {
    ".timeline.json": as_json,
    ".chapters.json": chapters.as_json,
    ".vtt": transcript.vtt,
    ".lrc": transcript.lrc,
    ".txt": transcript.txt,
}


def recipe_of(
    session: Session, timeline: Timeline, scored: Scored, setting: Fingerprint, store: Store
) -> Recipe:
    """What the session's files are joined from; `store` keeps its cover.

    Raises:
        InputError: its own cover cannot be used.
    """
    cover = artwork.session_cover(session.path, session.level, timeline, artwork.IN_FILE_PX, store)
    voices = tuple(sorted({one.voice for one in scored.clips.values()}, key=repr))
    fields = _fields(session.routine, timeline, cover.jpeg)
    others = others_of(session.routine.formats, scored.container)
    return Recipe(
        source=Source(
            inputs=(*((absolute(path), digest) for path, digest in session.inputs), *cover.inputs),
            voices=voices,
            setting=setting.of(voices),
        ),
        listing=_listing(session),
        duration_ms=timeline.duration_ms,
        clips=tuple(sorted(scored.clips)),
        regions=scored.placed,
        notes=timeline.notes,
        tag=scored.container.tag(fields),
        companions=tuple((suffix, told(timeline)) for suffix, told in COMPANIONS.items()),
        music=bool(timeline.music),
        stereo=timeline.has_sides,
        is_awake=session.routine.keep_awake is not False,
        others=tuple((one.suffix, one.tag(fields)) for one in others),
        sounds=tuple((one.start_sample, one.length_samples, one.sound, one.side) for one in scored.placements)
        if others
        else (),
    )


def others_of(formats: Sequence[str], own: AnyContainer) -> tuple[AnyContainer, ...]:
    """The containers of these names beside a session's own, each once, in the order in which we know them."""
    if not formats:
        return ()
    from audiocoach.sound.containers import BY_NAME, CONTAINERS  # what is an MP3 alone needs none of them

    wanted = {BY_NAME[name].suffix for name in formats}
    return tuple(one for one in CONTAINERS if one.suffix in wanted - {own.suffix})


def _listing(session: Session) -> Listing:
    routine = session.routine
    return Listing(
        description=routine.description,
        coach=dict(routine.credit).get("coach", ""),
        level=session.level,
        tags=routine.tags,
        equipment=session.plan.equipment,
    )


def _fields(routine: Routine, timeline: Timeline, cover: bytes) -> TagFields:
    credit, spoken = dict(routine.credit), wordings.nearest(timeline.language)
    return TagFields(
        title=timeline.title,
        artist=credit.get("coach", "audiocoach"),
        album=credit.get("publisher", "audiocoach"),
        length_ms=timeline.duration_ms,
        language=spoken.traits.iso_639_2,
        genre=spoken.label("genre"),
        description=routine.description,
        lyrics=transcript.lrc(timeline),
        said=tuple((line.start_ms, line.text) for line in transcript.lines(timeline)),
        chapters=tuple(chapters.chapters(timeline)),
        cover=cover,
    )
