"""The files of other kinds that a session comes in: mixed of the same sounds at the same times as its MP3.

They are encoded whole. What was encoded is kept by what sounds in it, and how loud that is, measured by
decoding it: a file that tells something else of the same sound is written without either.
"""

from __future__ import annotations

import json
import tempfile
import wave
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from audiocoach.keys import key
from audiocoach.making import chimes, panning
from audiocoach.making.both_sides import StereoMeter
from audiocoach.making.keeping import is_kept, keeper
from audiocoach.making.meter import Meter
from audiocoach.making.regions import METER
from audiocoach.records import dataclass
from audiocoach.sound import hearing, mixer
from audiocoach.sound.containers import container_of, other_with_music, with_sides_of
from audiocoach.sound.whole import Samples
from audiocoach.store.fingerprint import libraries
from audiocoach.store.recipe import level_from_json, level_to_json
from audiocoach.units import SAMPLE_BYTES, SAMPLE_RATE_HZ, db_to_gain, ms_to_samples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import BinaryIO

    from audiocoach.sound.container import AnyContainer, Sink
    from audiocoach.store.recipe import Level, Recipe
    from audiocoach.voice.clips import Store

# Part of every key: raise it when the same session would be mixed otherwise.
_FORMAT = "2"
# An MP3 takes so much away from sound; these do not. So they are as loud as it is, and their peaks as low.
AS_AN_MP3_DB = -0.4
# Peaks of dense sound come out of Opus more than a decibel higher than they went in: they are limited lower.
_BELOW_CEILING_DB = -0.9
# Of true peak; what stays below it once more; and how often it is looked for.
_HIGHEST_DB, _SURELY_LOWER_DB, _TRIES = -1.0, 0.2, 5


@dataclass(frozen=True, slots=True)
class Others:
    """The files of other kinds of one session, all that is in them so much louder than its clips.

    Where music plays `mixed` gives the whole of it in stereo, in pieces with their first milliseconds, with
    its peaks so many decibels lower than usual; it is not asked where what was encoded of it is kept.
    """

    recipe: Recipe
    store: Store
    gain_db: float = 0.0
    mixed: Callable[[float], Iterable[tuple[int, Samples]]] | None = None

    @property
    def _sound(self) -> tuple[object, ...]:
        """All that shapes the sound of these files."""
        heard = self.recipe.regions if self.recipe.music else self.recipe.sounds
        return (_FORMAT, self.recipe.duration_ms, self.recipe.is_awake, self.gain_db, heard)

    def write(self, out: Sink, suffix: str) -> None:
        """Write the one whose name ends so.

        Raises:
            SoundError: what was encoded is not what went in; or it is too long for such a file.
            BuildError: a clip has gone since.
        """
        self._join(out, suffix, self._lower_db(suffix))

    def _join(self, out: Sink, suffix: str, lower_db: float) -> None:
        """Write it with its peaks limited so much lower than usual."""
        container, tag = self._container(suffix), dict(self.recipe.others)[suffix]
        keep = keeper(self.store, self._made_of(container, lower_db))
        placed = self._placed(container, lower_db)
        container.join(out, placed, ms_to_samples(self.recipe.duration_ms), tag, keep)

    def _made_of(self, container: AnyContainer, lower_db: float) -> tuple[object, ...]:
        return (*container.key_parts, *self._sound, *((lower_db,) if lower_db else ()))

    def _lower_db(self, suffix: str) -> float:
        """How much lower than usual its peaks are limited: none of what comes out may pass -1 dBTP.

        What an encoder makes of peaks is known when it is decoded. A WAV is what went in.
        """
        lower_db = 0.0
        for _ in range(_TRIES if self._container(suffix).kept_as else 0):
            level = self._kept_level(suffix, lower_db) or self._tried(suffix, lower_db)
            if _is_low(level):
                break
            lower_db = _lowered_db(lower_db, level)
        return lower_db

    def _tried(self, suffix: str, lower_db: float) -> Level:
        """How loud the file would be: it is written where nobody looks for it."""
        with tempfile.TemporaryDirectory(prefix="audiocoach-peaks-") as folder:
            path = Path(folder, f"session{suffix}")
            with path.open("wb") as out:
                self._join(out, suffix, lower_db)
            level = _measured(path, self._container(suffix))
        self._keep_level(suffix, lower_db, level)
        return level

    def can_be_written(self) -> bool:
        """Whether all that they are made of is there, without the sound being mixed of its parts again."""
        if self.recipe.music:
            return all(self._is_kept(suffix) for suffix, _ in self.recipe.others)
        own = {sound for _, _, sound, _ in self.recipe.sounds if not sound.startswith("tone:")}
        return not self.recipe.others or all(map(self.store.size_bytes, own))

    def level(self, path: Path, suffix: str) -> Level:
        """How loud the finished file is: what sounds in it is decoded once.

        Raises:
            SoundError: it does not decode.
        """
        lower_db = self._lower_db(suffix)
        level = self._kept_level(suffix, lower_db)
        if level is None:
            level = _measured(path, self._container(suffix))
            self._keep_level(suffix, lower_db, level)
        return level

    def _level_key(self, suffix: str, lower_db: float) -> str:
        return key("level", METER, libraries(), *self._made_of(self._container(suffix), lower_db))

    def _kept_level(self, suffix: str, lower_db: float) -> Level | None:
        stored = self.store.get(self._level_key(suffix, lower_db))
        return None if stored is None else level_from_json(json.loads(stored))

    def _keep_level(self, suffix: str, lower_db: float, level: Level) -> None:
        self.store.put(self._level_key(suffix, lower_db), json.dumps(level_to_json(level)).encode("ascii"))

    def _is_kept(self, suffix: str) -> bool:
        """Whether it is known how low its peaks have to be, and what was encoded so is there."""
        container, lower_db = self._container(suffix), 0.0
        for _ in range(_TRIES):
            level = self._kept_level(suffix, lower_db)
            if level is None or container.kept_as is None:
                return False
            if _is_low(level):
                break
            lower_db = _lowered_db(lower_db, level)
        made_of = self._made_of(container, lower_db)
        return container.kept_as is not None and is_kept(container.kept_as, self.store, made_of)

    def _container(self, suffix: str) -> AnyContainer:
        if self.recipe.music:
            container = other_with_music(suffix)
        else:
            container = with_sides_of(suffix) if self.recipe.stereo else container_of(suffix)
        return container.kept_awake(is_awake=self.recipe.is_awake)

    def _placed(self, container: AnyContainer, lower_db: float) -> Iterator[tuple[int, Samples]]:
        """What sounds, in order of time: without a break where music plays, else what overlaps at once."""
        if self.recipe.music:
            for at_ms, sound in self.mixed(lower_db) if self.mixed else ():
                yield at_ms, _on_one_side(sound) if container.channels == 1 else sound
            return
        fetch = partial(chimes.fetched, store=self.store)
        for region in container.regions(mixer.Placement(*sound) for sound in self.recipe.sounds):
            below_db = _BELOW_CEILING_DB - lower_db
            louder_db = self.gain_db + AS_AN_MP3_DB - below_db
            pcm = panning.mixed(region, fetch, container.channels, louder_db)
            lower = mixer.load("audioop").mul(pcm, SAMPLE_BYTES, db_to_gain(below_db))
            yield region.first_frame, Samples(lower)


def _is_low(level: Level) -> bool:
    """Whether no peak is too high; a tenth more or less is what it was rounded by."""
    return level.peak_db is None or level.peak_db < _HIGHEST_DB


def _lowered_db(lower_db: float, level: Level) -> float:
    """How much lower to limit what came out too high."""
    return round(lower_db + (level.peak_db or 0.0) - _HIGHEST_DB + _SURELY_LOWER_DB, 1)


def _on_one_side(sound: Samples) -> Samples:
    return Samples(mixer.load("audioop").tomono(sound.pcm, SAMPLE_BYTES, 0.5, 0.5))


def write_rest(sound: Path, start_ms: int, out: BinaryIO) -> None:
    """Write what a finished file sounds like from there on, as a WAV: for players that cannot seek.

    Raises:
        SoundError: it does not decode.
    """
    left_out = ms_to_samples(start_ms) * SAMPLE_BYTES * 2
    with wave.open(out, "wb") as rest:
        rest.setparams((2, SAMPLE_BYTES, SAMPLE_RATE_HZ, 0, "NONE", ""))

        def hear(pcm: bytes) -> None:
            nonlocal left_out
            rest.writeframesraw(pcm[left_out:])
            left_out = max(0, left_out - len(pcm))

        hearing.listen_to_both(sound, container_of(sound.name).demuxer, hear)


def _measured(path: Path, container: AnyContainer) -> Level:
    if container.channels > 1:
        both = StereoMeter()
        hearing.listen_to_both(path, container.demuxer, both.hear)
        return both.level()
    meter = Meter()
    hearing.listen(path, (), container.demuxer, meter.hear)
    return meter.level()
