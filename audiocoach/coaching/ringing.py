"""Which sound a tone has where it stands: that of its meaning in a set, of another meaning, or of a file."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from audiocoach import assets
from audiocoach.coaching.timeline import Tone
from audiocoach.records import dataclass, replace
from audiocoach.routine.tones import SoundFile

if TYPE_CHECKING:
    from audiocoach.coaching.steps import Delivery
    from audiocoach.errors import Position
    from audiocoach.routine.model import TonesName

# What a file is brought to, in decibels of its loudest tenth of a second: as loud as the tones of its set.
_LEVEL_DB, _SOFT_LEVEL_DB = -18.0, -24.0
# Sounds that are as long as what they lead.
GLIDES = frozenset({"inhale", "exhale"})
_ALONE_MS = 3000


@dataclass(frozen=True, slots=True)
class Ring:
    """A sound by its `name`, and how long it is; `sound` as in `Tone`."""

    name: str
    length_ms: int
    sound: str | SoundFile = ""

    def at(self, start_ms: int, cue: str, position: Position) -> Tone:
        """It as it sounds at a time."""
        return Tone(start_ms, self.length_ms, cue, self.name, position, self.sound)

    def alone(self) -> Ring:
        """It outside of an exercise, where a breath that glides has no length of its own."""
        if self.name not in GLIDES or isinstance(self.sound, SoundFile):
            return self
        return replace(self, length_ms=_ALONE_MS, sound=f"{self.sound or self.name}@{_ALONE_MS}")


def ring(delivery: Delivery, meaning: str) -> Ring:
    """What a meaning sounds like; with few tones, where no set is named, as in the soft one."""
    if not delivery.sounds.own:
        return _of_set(delivery.sounds.family, delivery.tones, meaning)
    name = delivery.sounds.of(meaning)
    usual = assets.SOFT_TONES if delivery.tones == "soft" else assets.DEFAULT_TONES
    family = delivery.sounds.family or usual
    if isinstance(name, SoundFile):
        level_db = _SOFT_LEVEL_DB if family == assets.SOFT_TONES else _LEVEL_DB
        return Ring(name.name, name.length_ms, replace(name, level_db=level_db))
    return _of_set(family, delivery.tones, name)


@lru_cache(maxsize=256)
def _of_set(family: str, amount: TonesName, name: str) -> Ring:
    """A tone of a set, the usual one where none is named. Each is asked for at every edge and count."""
    family = family or (assets.SOFT_TONES if amount == "soft" else assets.DEFAULT_TONES)
    path = "" if family == assets.DEFAULT_TONES else f"{family}/{name}"
    return Ring(name, assets.tones()[name].duration_ms, path)


def lasting(tone: Tone, whole_ms: int, heard_ms: int) -> Tone:
    """A tone that is drawn, as long as that; where less is heard of it, it breaks off on its way."""
    cut = f"-{heard_ms}" if heard_ms < whole_ms else ""
    return replace(tone, duration_ms=heard_ms, sound=f"{tone.sound or tone.tone}@{whole_ms}{cut}")
