"""A timeline's sound: which regions it is made of, and the sentences that sound in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from audiocoach.coaching.estimate import estimate_ms
from audiocoach.coaching.sentences import sentences, starts_ms
from audiocoach.coaching.timeline import Speech, Tone
from audiocoach.making import chimes
from audiocoach.making.meter import STEP_MS, Tally
from audiocoach.making.regions import region_key
from audiocoach.records import dataclass
from audiocoach.sound import mixer
from audiocoach.sound.mp3.container import MP3, with_sides
from audiocoach.unions import assert_never
from audiocoach.units import ms_to_samples

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from audiocoach.coaching.timeline import Timeline, Utterance
    from audiocoach.making.meter import Powers
    from audiocoach.sound.container import AnyContainer
    from audiocoach.sound.mixer import Region
    from audiocoach.store.recipe import Level
    from audiocoach.voice.studio import Studio


class Scored(Protocol):
    """The sound of a session, whatever it is made of."""

    @property
    def placed(self) -> tuple[tuple[int, str], ...]:
        """The first frame and the key of each part, in order of time."""

    @property
    def distinct(self) -> Mapping[str, object]:
        """What has to be made, by its key."""

    def level(self, duration_ms: int, measured: Mapping[str, Powers | None]) -> Level:
        """How loud all of it is, from what was measured of each of those."""

    @property
    def clips(self) -> Mapping[str, Utterance]:
        """The phrases by the keys of their clips."""

    @property
    def placements(self) -> tuple[mixer.Placement, ...]:
        """All its words and tones."""

    @property
    def container(self) -> AnyContainer:
        """What it is put into."""


@dataclass(frozen=True, slots=True)
class SoundPlan:
    """The regions of one session in order of time, its phrases by the keys of their clips, all its sounds.

    All of it is louder by `gain_db` than it was spoken.
    """

    regions: tuple[Region, ...]
    clips: Mapping[str, Utterance]
    placements: tuple[mixer.Placement, ...]
    container: AnyContainer
    gain_db: float = 0.0

    def key(self, region: Region) -> str:
        """What a region is called in the store."""
        return region_key(region, self.container, self.gain_db)

    def level(self, duration_ms: int, measured: Mapping[str, Powers | None]) -> Level:
        """How loud all of it is, from what was measured of each region, by its key."""
        tally, frame_ms = Tally(), self.container.grid_ms
        for region in self.regions:
            powers, head = measured[self.key(region)], self.container.head_of(region)
            if powers:
                tally.lay((region.first_frame - head) * frame_ms // STEP_MS, powers)
        return tally.level(duration_ms)

    @property
    def placed(self) -> tuple[tuple[int, str], ...]:
        """The first frame and the key of each region."""
        return tuple((region.first_frame, self.key(region)) for region in self.regions)

    @property
    def distinct(self) -> dict[str, Region]:
        """One region for each key."""
        return {self.key(region): region for region in self.regions}

    def clips_of(self, region: Region) -> tuple[tuple[str, Utterance], ...]:
        """The phrases of one region."""
        keys = dict.fromkeys(part.sound for part in region.parts)
        return tuple((key, self.clips[key]) for key in keys if key in self.clips)


def plan_sound(
    timeline: Timeline, studio: Studio, container: AnyContainer = MP3, gain_db: float = 0.0
) -> SoundPlan:
    """The regions of a timeline: of two channels where something in it lies to a side."""
    placements, clips = placed_sounds(timeline, studio, container.grid_ms)
    if timeline.has_sides:
        container = with_sides(container)
    return SoundPlan(container.regions(placements), clips, tuple(placements), container, gain_db)


def placed_sounds(
    timeline: Timeline, studio: Studio, grid_ms: int
) -> tuple[list[mixer.Placement], dict[str, Utterance]]:
    """Where each sentence and each tone sounds, and the sentences by the keys of their clips."""
    clips: dict[str, Utterance] = {}
    placements: list[mixer.Placement] = []
    for event in timeline.events:
        match event:
            case Speech():
                clips |= {studio.key(one): one for one in sentences(event.utterance)}
                placements += _spoken(event, studio, grid_ms)
            case Tone():
                sound = chimes.sound_key(event)
                placements.append(_placed(event.start_ms, event.duration_ms, sound, event.side))
            case _:
                assert_never(event)
    return placements, clips


def _spoken(event: Speech, studio: Studio, grid_ms: int) -> Iterator[mixer.Placement]:
    """The sentences of a phrase; those that nobody has heard yet with an estimate."""
    parts = sentences(event.utterance)
    lengths_ms = [studio.heard(one) or estimate_ms(one) for one in parts]
    for one, start_ms, length_ms in zip(parts, starts_ms(lengths_ms, grid_ms), lengths_ms, strict=True):
        yield _placed(event.start_ms + start_ms, length_ms, studio.key(one), event.side)


def _placed(start_ms: int, length_ms: int, sound: str, side: str) -> mixer.Placement:
    return mixer.Placement(ms_to_samples(start_ms), ms_to_samples(length_ms), sound, side)
