"""Distances and paces as an author writes them: `400m`, `1.5 km`, `4:00/km`."""

from __future__ import annotations

import re

from audiocoach.records import dataclass
from audiocoach.units import MS_PER_SECOND

# A unit by its phrase, its length in mm, and what is written for it, the usual one first.
_UNITS = (
    ("metre", 1_000, ("m", "meter", "meters", "metre", "metres")),
    ("kilometre", 1_000_000, ("km", "kilometer", "kilometers", "kilometre", "kilometres")),
    ("mile", 1_609_344, ("mi", "mile", "miles")),
    ("yard", 914, ("yd", "yds", "yard", "yards")),
)
_LENGTHS_MM = {unit: length_mm for unit, length_mm, _ in _UNITS}
_NAMES = {name: unit for unit, _, names in _UNITS for name in names}
_WRITTEN = {unit: names[0] for unit, _, names in _UNITS}
_UNIT = "|".join(sorted(_NAMES, key=len, reverse=True))
_DISTANCE = re.compile(rf"(\d{{1,6}}(?:\.\d{{1,3}})?) ?-?({_UNIT})\.?", re.ASCII | re.IGNORECASE)
_PACE = re.compile(rf"(\S+?)(?: ?min)? ?/ ?(?:(\d{{1,6}}(?:\.\d{{1,3}})?) ?)?({_UNIT})", re.ASCII)
_MOST_MM = 1_000 * 1_000_000
# How long a metre takes where nobody has said it, at an easy run: for an example.
_EASY_MS_A_METRE = 360


@dataclass(frozen=True, slots=True)
class Distance:
    """How far: `thousandths` of a `unit`, which is the name of a phrase."""

    thousandths: int
    unit: str

    @property
    def length_mm(self) -> int:
        """How far it is in mm, whatever the unit."""
        return self.thousandths * _LENGTHS_MM[self.unit] // 1000

    @property
    def amount(self) -> float:
        """How many of its unit."""
        return self.thousandths / 1000

    def __str__(self) -> str:
        return f"{self.amount:g}{_WRITTEN[self.unit]}"


@dataclass(frozen=True, slots=True)
class Pace:
    """The time that a distance takes."""

    time_ms: int
    distance: Distance

    def over_ms(self, distance: Distance) -> int:
        """How long that distance takes, to the whole second."""
        seconds = self.time_ms * distance.length_mm / (self.distance.length_mm * MS_PER_SECOND)
        return max(1, round(seconds)) * MS_PER_SECOND


def read_distance(text: str) -> Distance | None:
    """`400m`, `400 metres`, `1.5 km`; None where it is none, or further than 1,000 km."""
    match = _DISTANCE.fullmatch(text.strip())
    if match is None:
        return None
    distance = Distance(round(float(match[1]) * 1000), _NAMES[match[2].lower()])
    return distance if 0 < distance.length_mm <= _MOST_MM else None


def split_pace(text: str) -> tuple[str, Distance] | None:
    """The time and the distance of `4:00/km` and `1:45 / 400 m`."""
    match = _PACE.fullmatch(text.strip())
    distance = read_distance(f"{match[2] or 1}{match[3]}") if match else None
    return (match[1], distance) if match and distance else None


def easy_time_ms(distance: Distance) -> int:
    """A time that it may take, for an example: whole half minutes."""
    half_minute_ms = 30 * MS_PER_SECOND
    time_ms = distance.length_mm * _EASY_MS_A_METRE // 1000
    return max(1, round(time_ms / half_minute_ms)) * half_minute_ms
