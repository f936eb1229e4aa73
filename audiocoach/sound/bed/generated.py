"""The beds that ship: code and no recordings. Each is a recipe of filters over silence.

In: a name, and beats a minute where it has any. Out: how long it is, and filters as FFmpeg knows them, which
make stereo of mono silence. What is by chance in them is the same every time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.records import dataclass
from audiocoach.sound.bed.score import FADE_MS
from audiocoach.units import MS_PER_MINUTE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    FilterSpec = tuple[str, Mapping[str, str]]

# Part of every key: raise it when a bed would sound otherwise.
FORMAT = "1"


@dataclass(frozen=True, slots=True)
class Recipe:
    """How long a bed is before it comes again, and what makes it.

    `rate_hz` is that of the silence: where there is nothing high in it, fewer samples have to be thought of.
    """

    length_ms: int
    rate_hz: int
    specs: tuple[FilterSpec, ...]


def recipe(name: str, bpm: int) -> Recipe:
    """The recipe of a bed that ships."""
    return _RECIPES[name](bpm)


def _stereo(left: str, right: str) -> FilterSpec:
    return "aeval", {"exprs": f"{left}|{right}", "channel_layout": "stereo"}


def _noise(seed: int) -> str:
    """White noise: `random` keeps its state in a variable of its own channel, which has to differ."""
    return f"(2*random(0)-1+0*if(eq(n,0),st(0,{seed})))"


def _drops(seed: int) -> str:
    """A few drops a second, each a click that filters make round."""
    return f"(5*gt(random(1),0.99985)*(1+0*if(eq(n,0),st(1,{seed}))))"


def _pad(_bpm: int) -> Recipe:
    """Two soft chords that take turns within half a minute, each side a little out of tune with the other."""
    chords = ((110.0, 164.81, 220.0, 277.18, 329.63), (98.0, 146.83, 220.0, 246.94, 293.66))

    def side(off_hz: float) -> str:
        parts = []
        for sign, chord in zip("+-", chords, strict=True):
            swell = f"(0.5{sign}0.5*cos(2*PI*t/30))"
            tones = "+".join(
                f"sin(2*PI*{tone + off_hz * (n + 1):.2f}*t)/{2 + n}" for n, tone in enumerate(chord)
            )
            parts.append(f"{swell}*({tones})")
        return f"0.12*({'+'.join(parts)})"

    specs = (_stereo(side(0.05), side(-0.05)), ("lowpass", {"f": "1500", "p": "1"}))
    return Recipe(MS_PER_MINUTE + FADE_MS, 12_000, specs)


def _rain(_bpm: int) -> Recipe:
    """Steady rain and single drops."""
    left, right = (f"0.15*({_noise(seed)}+{_drops(seed + 1)})" for seed in (11, 47))
    filters = (("highpass", {"f": "350"}), ("lowpass", {"f": "5200", "p": "1"}))
    return Recipe(MS_PER_MINUTE + FADE_MS, 48_000, (_stereo(left, right), *filters))


def _waves(_bpm: int) -> Recipe:
    """Waves that come every twelve seconds, from one side to the other."""

    def side(seed: int, late_s: float) -> str:
        return f"0.4*{_noise(seed)}*(0.25+0.75*pow(0.5-0.5*cos(2*PI*(t-{late_s})/12),2))"

    filters = (("lowpass", {"f": "700", "p": "1"}), ("lowpass", {"f": "2600"}), ("highpass", {"f": "60"}))
    return Recipe(MS_PER_MINUTE + FADE_MS, 48_000, (_stereo(side(5, 0.0), side(83, 0.8)), *filters))


def _pulse(bpm: int) -> Recipe:
    """A drum on every beat and a brush between two: a minute holds a whole number of them."""
    since, between = f"mod(t,60/{bpm})", f"mod(t+30/{bpm},60/{bpm})"
    drum = f"0.7*sin(2*PI*(60*{since}+3*(1-exp(-30*{since}))))*exp(-11*{since})"
    click = f"0.12*sin(2*PI*1100*{since})*exp(-60*{since})"

    def side(seed: int) -> str:
        return f"{drum}+{click}+0.07*{_noise(seed)}*exp(-55*{between})"

    return Recipe(MS_PER_MINUTE, 24_000, (_stereo(side(3), side(29)), ("lowpass", {"f": "9000"})))


_RECIPES: dict[str, Callable[[int], Recipe]] = {"pad": _pad, "rain": _rain, "waves": _waves, "pulse": _pulse}
