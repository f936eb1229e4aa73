"""The work of a build as jobs: plain records in, plain records out, for a worker anywhere.

A job names what it needs by keys of the cache, which all workers share, and what it makes goes
there. It can be done again at any time, by another worker, and gives the same bytes: so a worker may
be lost at any moment. What a session still lacks comes back as jobs for others, so that a phrase or
a region that several sessions share is made once.
"""

from __future__ import annotations

import contextlib
import threading
from functools import partial
from typing import TYPE_CHECKING

from audiocoach.coaching.trace import NO_TRACE
from audiocoach.errors import BuildError, EngineError, SoundError, StoppedError, foreseen
from audiocoach.making.gain import gain_db
from audiocoach.records import dataclass, replace
from audiocoach.sound.mp3.container import MP3, with_music, with_sides
from audiocoach.store.cache import Cache
from audiocoach.store.editions import Edition
from audiocoach.store.files import Digests, absolute
from audiocoach.store.fingerprint import Fingerprint
from audiocoach.store.recipe import Recipe, recipe_key
from audiocoach.store.takes import open_takes
from audiocoach.voice.studio import Studio

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from typing_extensions import Self

    from audiocoach.coaching.timeline import Timeline, Utterance
    from audiocoach.making.meter import Powers
    from audiocoach.making.others import Others
    from audiocoach.making.sessions import Draft, Session
    from audiocoach.making.soundtrack import Scored, SoundPlan
    from audiocoach.routine.music import Track
    from audiocoach.routine.voice import Voice
    from audiocoach.sound.bed.mixdown import Block
    from audiocoach.sound.container import AnyContainer, Stretch
    from audiocoach.sound.mixer import Region
    from audiocoach.sound.whole import Samples
    from audiocoach.store.manifest import ManifestEntry
    from audiocoach.store.options import Overrides
    from audiocoach.store.place import Place
    from audiocoach.store.recipe import Level
    from audiocoach.voice.clips import Clip, Failure

    # Which session it is, for all the times that it comes back.
    _SessionKey = tuple[Path, Overrides, str | None]

# A session comes back once or twice while its words are spoken.
_MOST_OPEN = 16
_MOST_FRAMES = 2000
_MOST_BENCHES = 4


@dataclass(frozen=True, slots=True)
class Speak:
    """Have an utterance spoken; `encode` it as well, as a region of its own. `key` is the clip's.

    What is encoded is so much louder than it was spoken; of two channels in `stereo`, on its `side` there.
    """

    key: str
    utterance: Utterance
    encode: bool = True
    gain_db: float = 0.0
    stereo: bool = False
    side: str = ""


@dataclass(frozen=True, slots=True)
class Encode:
    """Encode a region, so much louder; `clips` are its phrases by their keys. `key` is that of its frames.

    They are of two channels in `stereo`.
    """

    key: str
    region: Region
    clips: tuple[tuple[str, Utterance], ...]
    gain_db: float = 0.0
    stereo: bool = False


@dataclass(frozen=True, slots=True)
class Prepare:
    """Look at a track of music, and keep its samples. `key` is that of what is known of it."""

    key: str
    track: Track


@dataclass(frozen=True, slots=True)
class Mix:
    """Mix and encode a block of a session with music: its phrases by their keys, and its tracks."""

    key: str
    block: Block
    clips: tuple[tuple[str, Utterance], ...]
    tracks: tuple[Track, ...]


@dataclass(frozen=True, slots=True)
class Tune:
    """Find a voice's gain, while it is not yet known what it will say."""

    voice: Voice


@dataclass(frozen=True, slots=True)
class Script:
    """Lay out a session; `failures` are phrases that could not be spoken, `text` stands in for the file."""

    path: Path
    overrides: Overrides
    failures: tuple[Failure, ...] = ()
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Compose:
    """Write the files of a session into `folder`, once nothing is lacking; `text` is as in `Script`."""

    path: Path
    overrides: Overrides
    folder: Path
    failures: tuple[Failure, ...] = ()
    text: str | None = None


# What a session may lack.
Need = Speak | Encode | Prepare | Mix
Job = Need | Script | Compose


def _key_of(job: Script | Compose) -> _SessionKey:
    return job.path, job.overrides, job.text


@dataclass(frozen=True, slots=True)
class Made:
    """A clip or a region is in the cache; `failure` says why a phrase is not."""

    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Lacking:
    """What has to be made before a session can go on."""

    jobs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class Scripted:
    """A session's timeline, with the real length of every phrase."""

    timeline: Timeline


@dataclass(frozen=True, slots=True)
class Composed:
    """A session's files stand; `clips` are the keys of its phrases."""

    entry: ManifestEntry
    clips: tuple[str, ...]


Result = Made | Lacking | Scripted | Composed


class ForeignWorkerError(BuildError):
    """A worker has another engine than the one that asked: what it made would be of no use."""


class Workbench:
    """What one worker has at hand: the cache, a voice, the sessions it has open. A context manager.

    Its sessions come in files of one `container`.

    `unkept` is called when a session has to be laid out, as soon as it is known, and `untuned` with its voice
    where nobody has found its gain: it has it found. `complete` is called when a session lacks nothing more.
    `check` is called while a session is laid out, which takes long where there is much in it: it raises
    `StoppedError` when that is to end, here when the bench was closed by another thread. `trace` is that of
    a session that is nearly the one which comes next, where there is one.
    """

    def __init__(self, place: Place, container: AnyContainer = MP3) -> None:
        self._container = container
        self.cache = Cache(place.cache, spare=place.spare)
        self.studio = Studio(self.cache, takes=open_takes)
        self.on_unkept: Callable[[], None] = lambda: None
        self.complete: Callable[[], None] = lambda: None
        self.on_untuned: Callable[[Voice], None] | None = None
        self.check: Callable[[], None] = self._check_open
        self.trace = NO_TRACE
        self._closed = False
        self._open: dict[_SessionKey, Session] = {}
        self._drafts: dict[_SessionKey, Draft] = {}
        self._recipes: dict[_SessionKey, Recipe] = {}
        self._frames: dict[str, Stretch] = {}
        self._powers: dict[str, Powers] = {}
        self._mixed: dict[_SessionKey, Callable[[float], Iterable[tuple[int, Samples]]]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the voice, and what is being laid out."""
        self._closed = True
        self.studio.close()

    def _check_open(self) -> None:
        if self._closed:
            raise StoppedError

    def look_ahead(self, job: Compose) -> None:
        """While others speak or encode for a session: finish what needs no sound, or load what does that."""
        from audiocoach.making import artwork, finishing, outputs  # noqa: F401 - a kept session needs none
        from audiocoach.publish import cover

        drafted = self._drafts[_key_of(job)]
        # What is wrong with its own cover, or with us, is told when it is composed.
        with contextlib.suppress(Exception):
            if drafted.timeline.music:
                cover.load()
            elif not drafted.unheard:
                self._recipe(job, drafted.timeline, self._planned(job, drafted.timeline))
            elif not artwork.is_drawn(
                self._session(job).level, drafted.timeline, artwork.IN_FILE_PX, self.cache
            ):
                cover.load()

    def read(self, made: Need) -> None:
        """What others have made, while still others are at work."""
        from audiocoach.making.regions import alone, region_key

        # What is wrong with it is told when it is needed.
        with contextlib.suppress(Exception):
            match made:
                case Encode():
                    self._has_frames(made.key)
                case Speak() if length_ms := self.studio.heard(made.utterance):
                    container = self._container_of(stereo=made.stereo)
                    region = alone(made.key, length_ms, container, made.side)
                    self._has_frames(region_key(region, container, made.gain_db))

    def perform(self, job: Job | Tune) -> Result:
        """Do one job. A mistake of ours in it is its failure, and nobody else's.

        Raises:
            AudiocoachError: it cannot be done.
            StoppedError: as `check`.
        """
        try:
            return self._done(job)
        except Exception as error:
            raise foreseen(error) from error

    def _done(self, job: Job | Tune) -> Result:
        match job:
            case Tune():
                self.studio.tune(job.voice)
                return Made()
            case Speak():
                return self._speak(job)
            case Encode():
                return self._encode(job)
            case Prepare() | Mix():
                return self._play(job)
            case Script():
                return self._script(job)
            case Compose():
                return self._compose(job)

    def _speak(self, job: Speak) -> Made:
        from audiocoach.making.regions import encode_alone  # a cached build needs none
        from audiocoach.voice.clips import RecordingError

        if self.studio.key(job.utterance) != job.key:
            raise ForeignWorkerError("a worker has another version of audiocoach or of its voice: refused")

        def taken(clip: Clip) -> None:
            # A sound that fails its check is told by the session that needs it there.
            with contextlib.suppress(SoundError):
                if job.encode:
                    container = self._container_of(stereo=job.stereo)
                    encode_alone(clip, self.cache, container, job.gain_db, job.side)

        try:
            self.studio.record([job.utterance], taken=taken)
        except RecordingError as error:
            return Made(error.failures[0])
        return Made()

    def _encode(self, job: Encode) -> Made:
        from audiocoach.making.regions import encode_region, fetching, region_key

        container = self._container_of(stereo=job.stereo)
        if region_key(job.region, container, job.gain_db) != job.key:
            raise ForeignWorkerError("a worker has another version of audiocoach or its libraries: refused")
        fetch = fetching(dict(job.clips), self.studio, self.cache)
        encode_region(job.region, fetch, self.cache, container, job.gain_db)
        return Made()

    def _play(self, job: Prepare | Mix) -> Made:
        from audiocoach.making import bed, music

        own = music.track_key(job.track) if isinstance(job, Prepare) else bed.block_key(job.block)
        if own != job.key:
            raise ForeignWorkerError("a worker has another version of audiocoach or its libraries: refused")
        if isinstance(job, Prepare):
            music.prepare(job.track, self.cache)
        else:
            tracks = {music.track_key(track): track for track in job.tracks}
            bed.encode_block(job.block, dict(job.clips), tracks, self.studio, self.cache)
        return Made()

    def _script(self, job: Script) -> Scripted | Lacking:
        drafted = self._draft(job)
        if not drafted.unheard:
            return Scripted(drafted.timeline)
        return Lacking(tuple(Speak(self.studio.key(one), one, encode=False) for one in drafted.unheard))

    def _draft(self, job: Script | Compose) -> Draft:
        self.on_unkept()
        from audiocoach.making.speech import draft

        key = _key_of(job)
        known = self._drafts.get(key)
        # Where nothing in it is unheard it stays: regions that are lacking change no time.
        if known is None or known.unheard:
            before = known.trace if known else self.trace
            known = draft(self._session(job), self.studio, job.failures, self.check, before)
            self._drafts[key] = known
        return known

    def _session(self, job: Script | Compose) -> Session:
        """The routine, read and planned; once for all the times that a job comes back."""
        from audiocoach.making.sessions import open_session

        key = _key_of(job)
        if key not in self._open:
            if len(self._open) >= _MOST_OPEN:
                self._forget(next(iter(self._open)))
            self._open[key] = open_session(job.path, job.overrides, job.text, self._container.grid_ms)
            self._look_at(self._open[key].plan.delivery.voice)
        return self._open[key]

    def _look_at(self, voice: Voice) -> None:
        """Tell of a voice without a gain; one that cannot be had is told of by its first words."""
        with contextlib.suppress(EngineError):
            if self.on_untuned and not self.studio.is_tuned(voice):
                self.on_untuned(voice)

    def forget(self, job: Script | Compose) -> None:
        """The session will not come back."""
        self._forget(_key_of(job))

    def _forget(self, key: _SessionKey) -> None:
        for known in (self._open, self._drafts, self._recipes, self._mixed):
            known.pop(key, None)

    def _compose(self, job: Compose) -> Result:
        recipe = self._kept(job) or self._new(job)
        if isinstance(recipe, Lacking):
            return recipe
        self.complete()
        from audiocoach.making.outputs import write_session

        container = with_music(self._container) if recipe.music else self._container_of(stereo=recipe.stereo)
        entry = write_session(
            job.folder,
            Edition(job.path, job.overrides.variant).slug,
            recipe,
            self._kept_of(container, has_music=recipe.music),
            self.cache,
            container.kept_awake(is_awake=recipe.is_awake),
            self._others(recipe, job),
        )
        self.forget(job)
        return Composed(entry, recipe.clips)

    def _kept(self, job: Compose) -> Recipe | None:
        """The session as it was finished before, if its inputs and its frames are all there."""
        digests = Digests(() if job.text is None else ((absolute(job.path), job.text),))
        stored = self.cache.get(self._recipe_key(job, digests.of(absolute(job.path))))
        if stored is None:
            return None
        recipe = Recipe.from_bytes(stored)
        if recipe.source.changed(digests.of) is not None:
            return None
        if recipe.source.setting != self._setting(job.overrides).of(recipe.source.voices):
            return None
        others, has = self._others(recipe, job), self._has_block if recipe.music else self._has_frames
        is_whole = all(has(key) for _, key in recipe.regions) and (not others or others.can_be_written())
        return recipe if is_whole else None

    def _others(self, recipe: Recipe, job: Compose) -> Others | None:
        """What makes the files of other kinds: what is an MP3 alone needs no other container."""
        if not recipe.others:
            return None
        from audiocoach.making.others import Others

        return Others(recipe, self.cache, gain_db(job.overrides), self._mixed.get(_key_of(job)))

    def _kept_of(self, container: AnyContainer, *, has_music: bool) -> Callable[[str], Stretch]:
        """What gives the frames of a key."""
        return partial(self._block, container) if has_music else self._known_frames

    def _container_of(self, *, stereo: bool) -> AnyContainer:
        return with_sides(self._container) if stereo else self._container

    def _has_block(self, name: str) -> bool:
        """A part of a block, and what was measured of that."""
        from audiocoach.making.bed import block_of

        key, _ = block_of(name)
        return self.cache.size_bytes(key) is not None and self._powers_of(key) is not None

    def _recipe_key(self, job: Compose, digest: str) -> str:
        return recipe_key(job.path, digest, job.overrides, self._container.key_parts)

    def _setting(self, overrides: Overrides) -> Fingerprint:
        return Fingerprint(overrides, self.studio.voice_key)

    def _new(self, job: Compose) -> Recipe | Lacking:
        """The session from its routine; kept when it lacks nothing."""
        scored = self._scored(job)
        if isinstance(scored, Lacking):
            return scored
        timeline = self._draft(job).timeline
        level = self._level(scored, timeline.duration_ms)
        recipe = replace(self._recipe(job, timeline, scored), level=level)
        (_, digest), *_ = recipe.source.inputs
        self.cache.put(self._recipe_key(job, digest), recipe.to_bytes())
        return recipe

    def _scored(self, job: Compose) -> Scored | Lacking:
        """What the session sounds like, once all of it is spoken and encoded."""
        from audiocoach.making import chimes

        drafted = self._draft(job)
        chimes.keep(drafted.timeline, self.cache)
        if drafted.timeline.music:
            return self._scored_with_music(job, drafted)
        scored = self._planned(job, drafted.timeline)
        stereo = scored.container.channels > 1
        distinct = scored.distinct
        measured = {key: self._powers_of(key) if self._has_frames(key) else None for key in distinct}
        missing = tuple(
            Encode(key, region, scored.clips_of(region), scored.gain_db, stereo)
            for key, region in distinct.items()
            if measured[key] is None
        )
        if drafted.unheard:
            return self._unheard(drafted.unheard, missing, scored)
        return Lacking(missing) if missing else scored

    def _scored_with_music(self, job: Compose, drafted: Draft) -> Scored | Lacking:
        """The same where music plays: tracks are looked at while words are spoken, then blocks are mixed."""
        from audiocoach.making import bed, music
        from audiocoach.making.others import AS_AN_MP3_DB

        known = {track: music.known(track, self.cache) for track in bed.tracks_of(drafted.timeline)}
        unknown = [Prepare(music.track_key(track), track) for track, found in known.items() if not found]
        unheard = [Speak(self.studio.key(one), one, encode=False) for one in drafted.unheard]
        if unknown or unheard:
            return Lacking((*unknown, *unheard))
        reels = {track: music.reel(track, found) for track, found in known.items() if found}
        is_awake = self._session(job).routine.keep_awake is not False
        louder_db = gain_db(job.overrides)
        plan = bed.plan_bed(drafted.timeline, self.studio, reels, louder_db, is_awake=is_awake)
        scored = replace(plan, container=with_music(self._container))
        missing = tuple(
            Mix(key, block, scored.clips_of(block), scored.tracks_of(block))
            for key, block in scored.distinct.items()
            if not self._has_block(key)
        )
        self._mixed[_key_of(job)] = partial(bed.mixed, scored, self.studio, self.cache, AS_AN_MP3_DB)
        return Lacking(missing) if missing else scored

    def _recipe(self, job: Compose, timeline: Timeline, scored: Scored) -> Recipe:
        """What the session's files are joined from: it may be known before its regions are encoded."""
        from audiocoach.making.finishing import recipe_of  # not before words are spoken

        key = _key_of(job)
        if key not in self._recipes:
            setting = self._setting(job.overrides)
            self._recipes[key] = recipe_of(self._session(job), timeline, scored, setting, self.cache)
        return self._recipes[key]

    def _planned(self, job: Compose, timeline: Timeline) -> SoundPlan:
        """The regions of a session."""
        from audiocoach.making.soundtrack import plan_sound  # a kept session needs none

        return plan_sound(timeline, self.studio, self._container, gain_db(job.overrides))

    def _level(self, scored: Scored, duration_ms: int) -> Level:
        """How loud it is."""
        return scored.level(duration_ms, {key: self._powers_of(key) for key in scored.distinct})

    def _powers_of(self, region: str) -> Powers | None:
        """How loud it is, where that was measured."""
        from audiocoach.making.meter import Powers
        from audiocoach.making.regions import powers_key

        if region not in self._powers:
            stored = self.cache.get(powers_key(region))
            if stored is None:
                return None
            if len(self._powers) >= _MOST_FRAMES:
                self._powers.clear()
            self._powers[region] = Powers.from_bytes(stored)
        return self._powers[region]

    def _unheard(
        self, utterances: Sequence[Utterance], missing: Iterable[Encode], scored: SoundPlan
    ) -> Lacking:
        """The sentences, and what needs no voice: that is made while the voice is measured.

        Where nobody has that done, the first sentence does.
        """
        sides = {spot.sound: spot.side for spot in reversed(scored.placements)}
        first, *others = (self._to_speak(one, scored, sides) for one in utterances)
        # A single one is soon there, and then it is known where tones stand.
        voiceless = [one for one in missing if not one.clips] if others else []
        return Lacking((*voiceless, first, *others) if self.on_untuned else (first, *voiceless, *others))

    def _to_speak(self, utterance: Utterance, scored: SoundPlan, sides: Mapping[str, str]) -> Speak:
        """It is encoded on the side to which it lies first."""
        own, stereo = self.studio.key(utterance), scored.container.channels > 1
        return Speak(own, utterance, gain_db=scored.gain_db, stereo=stereo, side=sides.get(own, ""))

    def _has_frames(self, key: str) -> bool:
        if key in self._frames:
            return True
        stored = self.cache.get(key)
        if stored is None:
            return False
        if len(self._frames) >= _MOST_FRAMES:
            self._frames.clear()
        self._frames[key] = self._container.restore(stored)
        return True

    def _known_frames(self, key: str) -> Stretch:
        if not self._has_frames(key):
            raise _gone(key)
        return self._frames[key]

    def _block(self, container: AnyContainer, name: str) -> Stretch:
        """A part of a block, read when it is joined: those of ten hours do not fit into memory."""
        from audiocoach.making.bed import block_of

        key, skip = block_of(name)
        stored = self.cache.get(key)
        if stored is None:
            raise _gone(key)
        made: Stretch = container.restore(stored).part(skip)
        return made


def _gone(key: str) -> BuildError:
    return BuildError(f"the frames {key} went while they were being joined: build once more")


# Only its own thread uses a bench, and only for one build.
_benches: dict[tuple[Place, int], Workbench] = {}


def perform(place: Place, job: Job | Tune) -> Result:
    """Do one job with this thread's workbench: what a worker anywhere is asked for.

    Raises:
        AudiocoachError: it cannot be done.
    """
    key = (place, threading.get_ident())
    if key not in _benches:
        _make_room(threading.get_ident())
        _benches[key] = Workbench(place)
    return _benches[key].perform(job)


def _make_room(thread: int) -> None:
    """For one more bench of this thread: a build that was killed has left its own to a cluster's worker."""
    mine = [key for key in tuple(_benches) if key[1] == thread]
    for key in mine[: max(0, len(mine) + 1 - _MOST_BENCHES)]:
        _benches.pop(key).close()


def close_benches(place: Place | None = None) -> None:
    """The worker ends, or one build does: so do its voices in all threads, and nothing is remembered."""
    for key in tuple(_benches):
        if place in {None, key[0]}:
            _benches.pop(key).close()
