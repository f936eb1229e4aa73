"""A session with music: which blocks it is made of, and what a worker makes of one.

A block is named by all that sounds in it, and by nothing else: where it stands is no part of it, so a stretch
that comes again is made once, and an edit costs the blocks that it touches.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from audiocoach.encoder import PEAK_CEILING
from audiocoach.keys import key
from audiocoach.making import music
from audiocoach.making.both_sides import measure_part
from audiocoach.making.meter import STEP_MS, Powers, Tally
from audiocoach.making.regions import fetching, powers_key
from audiocoach.making.soundtrack import placed_sounds
from audiocoach.records import dataclass, replace
from audiocoach.sound import mixer
from audiocoach.sound.bed import balance, cuts, ducking, mixdown, score
from audiocoach.sound.bed.cuts import BLOCK_FRAMES
from audiocoach.sound.bed.mixdown import Block
from audiocoach.sound.mp3 import block as mp3
from audiocoach.sound.mp3.container import MP3
from audiocoach.sound.mp3.frame import FRAME_MS, STEREO, frame_count
from audiocoach.sound.whole import Samples
from audiocoach.store.fingerprint import libraries
from audiocoach.units import SAMPLE_BYTES, SAMPLE_RATE_HZ, SAMPLES_PER_MS, db_to_gain, ms_to_samples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from audiocoach.coaching.timeline import Timeline, Utterance
    from audiocoach.routine.music import Track
    from audiocoach.sound.bed.ducking import Dip
    from audiocoach.sound.bed.score import Playing, Reel
    from audiocoach.sound.container import AnyContainer
    from audiocoach.sound.mixer import Region
    from audiocoach.sound.mp3.block import BlockFrames
    from audiocoach.store.recipe import Level
    from audiocoach.voice.clips import Store
    from audiocoach.voice.studio import Studio

# Part of every key: raise it when the same block would become other frames.
_FORMAT = "2"
# Stands between the name of a block and the frame in it from which on it is heard.
_FROM = "+"
_FULL_SCALE = 32_768
# Of full scale: peaks of dense sound come out of Opus more than a decibel higher than they went in.
_OTHERS_CEILING = 0.74
# -1 dBTP, what another try stays below it, and how many there are.
_HIGHEST_PEAK, _SURELY_LOWER, _TRIES = db_to_gain(-1.0), 0.97, 4


@dataclass(frozen=True, slots=True)
class Laid:
    """A part of a block where it stands: so many frames from `first` on, which are its own from `skip` on."""

    first: int
    count: int
    skip: int
    key: str
    block: Block

    @property
    def name(self) -> str:
        """What the store is asked for."""
        return f"{self.key}{_FROM}{self.skip}" if self.skip else self.key


def block_of(name: str) -> tuple[str, int]:
    """The key of the block that a part is of, and the first of its frames."""
    own, _, skip = name.partition(_FROM)
    return own, int(skip or 0)


@dataclass(frozen=True, slots=True)
class BedPlan:
    """The blocks of one session in order of time; its phrases and its tracks."""

    blocks: tuple[Laid, ...]
    clips: Mapping[str, Utterance]
    tracks: Mapping[str, Track]
    placements: tuple[mixer.Placement, ...]
    desk: Desk
    container: AnyContainer = MP3

    @property
    def placed(self) -> tuple[tuple[int, str], ...]:
        """The first frame and the name of each part."""
        return tuple((laid.first, laid.name) for laid in self.blocks)

    @property
    def distinct(self) -> dict[str, Block]:
        """One block for each key."""
        return {laid.key: laid.block for laid in self.blocks}

    def level(self, duration_ms: int, measured: Mapping[str, Powers | None]) -> Level:
        """How loud all of it is, from what was measured of each block, by its key."""
        tally, steps = Tally(), FRAME_MS // STEP_MS
        for laid in self.blocks:
            powers = measured[laid.key]
            if powers:
                heard = powers.powers[laid.skip * steps : (laid.skip + laid.count) * steps]
                tally.lay(laid.first * steps, Powers(0, heard, powers.peak))
        return tally.level(duration_ms)

    def clips_of(self, block: Block) -> tuple[tuple[str, Utterance], ...]:
        """The phrases of one block."""
        keys = dict.fromkeys(part.sound for _, region in block.sounds for part in region.parts)
        return tuple((name, self.clips[name]) for name in keys if name in self.clips)

    def tracks_of(self, block: Block) -> tuple[Track, ...]:
        """The tracks that play in one block."""
        return tuple(self.tracks[name] for name in dict.fromkeys(piece.key for piece in block.pieces))


def tracks_of(timeline: Timeline) -> tuple[Track, ...]:
    """All music of a session, each track once."""
    return tuple(dict.fromkeys(track for bed in timeline.music for track in bed.tracks))


def plan_bed(
    timeline: Timeline,
    studio: Studio,
    reels: Mapping[Track, Reel],
    louder_db: float = 0.0,
    *,
    is_awake: bool = False,
) -> BedPlan:
    """The blocks of a timeline whose tracks are known; all of it so much louder than usual.

    Where it `is_awake` there is noise where nothing sounds.
    """
    placements, clips = placed_sounds(timeline, studio, FRAME_MS)
    desk = Desk(
        regions=mixer.regions(placements, SAMPLES_PER_MS, 0),
        dips=ducking.dips(timeline.events),
        plays=score.playings(timeline.music, reels),
        gain_db=balance.whole_gain_db(timeline.events, timeline.music, timeline.duration_ms) + louder_db,
        total=frame_count(ms_to_samples(timeline.duration_ms)),
        is_awake=is_awake,
    )
    name = cache(lambda start: block_key(desk.quiet(start, min(desk.total, start + BLOCK_FRAMES))))
    loud = desk.sounding()
    laid = []
    for cut in cuts.cuts(desk.busy(), desk.total, name):
        block = desk.quiet(cut.start, cut.stop) if cut.quiet else loud(cut.start, cut.stop)
        laid.append(Laid(cut.first, cut.end - cut.first, cut.first - cut.start, block_key(block), block))
    known = {music.track_key(track): track for track in reels}
    return BedPlan(tuple(laid), clips, known, tuple(placements), desk)


@dataclass(frozen=True, slots=True)
class Desk:
    """What a session with music is mixed of; its `regions` begin at whole milliseconds."""

    regions: tuple[Region, ...]
    dips: tuple[Dip, ...]
    plays: tuple[Playing, ...]
    gain_db: float
    total: int
    is_awake: bool = False

    def busy(self) -> Iterator[tuple[int, int]]:
        """The frames in which more than music sounds, or music makes room."""
        for region in self.regions:
            yield region.first_frame // FRAME_MS, -(-_end_ms(region) // FRAME_MS)
        for dip in self.dips:
            start_ms, end_ms = dip.start_ms - ducking.DOWN_MS, dip.end_ms + ducking.UP_MS
            yield max(0, start_ms) // FRAME_MS, -(-end_ms // FRAME_MS)

    def quiet(self, first: int, end: int) -> Block:
        """A block in which nothing is said."""
        return self._block(first, end, lambda *_: (), ())

    def sounding(self) -> Callable[[int, int], Block]:
        """What makes blocks with all that sounds in them, asked for in order of time."""
        sounds = _Sounds(self.regions)
        return lambda first, end: self._block(first, end, sounds.between, self.dips)

    def in_order(self, louder_db: float) -> Iterator[tuple[int, Block]]:
        """All of it, block by block, each with the frame that it begins at."""
        sounding = self.sounding()
        for first in range(0, self.total, BLOCK_FRAMES):
            block = sounding(first, min(self.total, first + BLOCK_FRAMES))
            yield first, replace(block, gain_db=block.gain_db + louder_db)

    def _block(
        self,
        first: int,
        end: int,
        between: Callable[[int, int], Iterable[tuple[int, Region]]],
        dips: tuple[Dip, ...],
    ) -> Block:
        run_in = min(first, mp3.RUN_IN_FRAMES)
        run_out = min(self.total - end, mp3.RUN_OUT_FRAMES)
        start_ms, end_ms = (first - run_in) * FRAME_MS, (end + run_out) * FRAME_MS
        return Block(
            run_in=run_in,
            count=end - first,
            run_out=run_out,
            sounds=tuple(between(start_ms, end_ms)),
            pieces=tuple(score.pieces(self.plays, start_ms, end_ms)),
            dips=tuple(dip.moved(-start_ms) for dip in dips if dip.meets(start_ms, end_ms)),
            gain_db=self.gain_db,
            awake_ms=-start_ms % mixdown.AWAKE_MS if self.is_awake else None,
        )


class _Sounds:
    """Regions in order of time, of which windows are asked for in order of time as well."""

    def __init__(self, regions: tuple[Region, ...]) -> None:
        self._regions = regions
        self._next = 0

    def between(self, start_ms: int, end_ms: int) -> Iterator[tuple[int, Region]]:
        """What sounds in a window, with where it begins there."""
        while self._next < len(self._regions) and _end_ms(self._regions[self._next]) <= start_ms:
            self._next += 1
        for region in self._regions[self._next :]:
            if region.first_frame >= end_ms:
                break
            yield region.first_frame - start_ms, region


def _end_ms(region: Region) -> int:
    return region.first_frame + region.length_samples // SAMPLES_PER_MS


def block_key(block: Block) -> str:
    """What becomes of a block is called so in the store."""
    sounds = tuple((at_ms, region.key) for at_ms, region in block.sounds)
    frames = (block.run_in, block.count, block.run_out)
    heard = (frames, sounds, block.pieces, block.dips, block.gain_db, block.awake_ms)
    return key("block", _FORMAT, *libraries(), *heard)


def encode_block(
    block: Block,
    clips: Mapping[str, Utterance],
    tracks: Mapping[str, Track],
    studio: Studio,
    store: Store,
) -> None:
    """Mix a block, encode it, check what came out, and keep it; a clip that is not there is spoken.

    Raises:
        SoundError: what was encoded is not what went in.
        EngineError: a clip could not be spoken.
        MusicError: a track went, and could not be made again.
    """
    halved = _mixed(block, clips, tracks, studio, store)
    made, powers = _encoded(block, halved, PEAK_CEILING)
    ceiling = PEAK_CEILING
    for _ in range(_TRIES):
        if powers.peak <= _HIGHEST_PEAK:
            break
        # What has many peaks may come out of the encoder higher than others do.
        ceiling *= _SURELY_LOWER * _HIGHEST_PEAK / powers.peak
        made, powers = _encoded(block, halved, ceiling)
    own = block_key(block)
    # First, so that whoever has the one has the other.
    store.put(powers_key(own), powers.to_bytes())
    store.put(own, made.to_bytes())


def _encoded(block: Block, halved: bytes, ceiling: float) -> tuple[BlockFrames, Powers]:
    """The frames of a block with its peaks limited to that, and how loud it came out."""
    pcm = limited(halved, block.gain_db, ceiling)
    made, heard = mp3.encode_heard(pcm, block.run_in, block.count, block.run_out)
    return made, measure_part(heard, block.run_in * FRAME_MS, block.count * FRAME_MS)


def mixed(
    plan: BedPlan, studio: Studio, store: Store, louder_db: float, lower_db: float = 0.0
) -> Iterator[tuple[int, Samples]]:
    """All of a session in stereo, in pieces with the millisecond that each begins at; the end is silence.

    Peaks are limited by `lower_db` lower than usual.

    Raises:
        EngineError: a clip could not be spoken.
        MusicError: a track went, and could not be made again.
    """
    ceiling = _OTHERS_CEILING * db_to_gain(-lower_db)
    for first, block in plan.desk.in_order(louder_db):
        pcm = limited(_mixed(block, plan.clips, plan.tracks, studio, store), block.gain_db, ceiling)
        start = block.run_in * STEREO.pcm_bytes
        yield first * FRAME_MS, Samples(pcm[start : start + block.count * STEREO.pcm_bytes])


def _mixed(
    block: Block,
    clips: Mapping[str, Utterance],
    tracks: Mapping[str, Track],
    studio: Studio,
    store: Store,
) -> bytes:
    """The stereo PCM of a block at half its level."""

    def play(name: str, start_ms: int, end_ms: int) -> bytes:
        return music.samples(tracks[name], store, start_ms, end_ms)

    return mixdown.mix(block, fetching(clips, studio, store), play)


def limited(halved: bytes, gain_db: float, ceiling: float = PEAK_CEILING) -> bytes:
    """Stereo PCM that was at half its level, at this one, with its peaks limited where any is too high.

    A limiter forgets a peak within a tenth of a second: what two blocks have of one sound is the same.
    """
    audioop = mixer.load("audioop")
    gain = 2 * db_to_gain(gain_db)
    if audioop.max(halved, SAMPLE_BYTES) * gain <= ceiling * _FULL_SCALE:
        louder: bytes = audioop.mul(halved, SAMPLE_BYTES, gain)
        return louder
    from audiocoach.voice import filters  # a block without peaks needs no PyAV

    limiter = {"level_in": f"{gain:.6f}", "level": "false", "limit": str(ceiling), "latency": "true"}
    form = {"sample_fmts": "s16", "channel_layouts": "stereo", "sample_rates": str(SAMPLE_RATE_HZ)}
    frames = filters.filtered(
        filters.frames(halved, SAMPLE_RATE_HZ, "stereo"), (("alimiter", limiter), ("aformat", form))
    )
    return b"".join(map(filters.samples, frames))
