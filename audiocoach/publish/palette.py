"""The colours of the picture and the pages: by kind of interval and of mark, in light and in dark.

Every fill stands out from the paper by 3:1 and every text from what is under it by 4.5:1 (WCAG 2.2,
1.4.11 and 1.4.3); heights and shapes say the same, for those who see no colours.
"""

from __future__ import annotations

from audiocoach.records import dataclass

_WHITE, _BLACK = "#ffffff", "#14151a"


@dataclass(frozen=True, slots=True)
class Look:
    """How an interval is drawn: its height in units, its colours, and those of text on it."""

    height: int
    light: str
    dark: str
    on_light: str = _BLACK
    on_dark: str = _BLACK


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour for everything that is no interval."""

    light: str
    dark: str


_BETWEEN = Look(14, "#57a26e", "#4c9c68")
_AHEAD = Look(14, "#b98900", "#e0b020")
_TALK = Look(5, "#7b8494", "#7b8494")

LOOKS = {
    "work": Look(28, "#c2410c", "#fb923c", _WHITE),
    "hold": Look(28, "#7c3aed", "#b197fc", _WHITE),
    "reps": Look(28, "#1d4ed8", "#74a9ff", _WHITE),
    "breaths": Look(28, "#0f766e", "#2dd4bf", _WHITE),
    "rest": _BETWEEN,
    "release": _BETWEEN,
    "ready": _AHEAD,
    "switch": _AHEAD,
    "talk": _TALK,
    "pause": _TALK,
}
COLOURS = {
    "paper": Colour(_WHITE, _BLACK),
    "ink": Colour("#1b1d22", "#f1f3f5"),
    "faint": Colour("#5b6270", "#a4abb8"),
    "grid": Colour("#d5d9e0", "#353944"),
    "speech": Colour("#475063", "#b9c1cf"),
    "go": Colour("#157f3b", "#4ade80"),
    "stop": Colour("#c01f1f", "#ff7b7b"),
    "turn": Colour("#946c00", "#e0b020"),
}


def style() -> str:
    """The style sheet: light, and dark where the reader's scheme is. Each selector begins with `.session`."""
    light = {name: one.light for name, one in (LOOKS | COLOURS).items()}
    dark = {name: one.dark for name, one in (LOOKS | COLOURS).items()}
    light |= {f"on-{name}": look.on_light for name, look in LOOKS.items()}
    dark |= {f"on-{name}": look.on_dark for name, look in LOOKS.items()}
    return (
        ".session{display:block;max-width:960px;margin:auto;font-family:system-ui,sans-serif}"
        ".session .bold{font-weight:700}.session .middle{text-anchor:middle}.session .end{text-anchor:end}"
        f"{_fills(light)}@media (prefers-color-scheme:dark){{{_fills(dark)}}}"
    )


def _fills(colours: dict[str, str]) -> str:
    # Opened on its own, the picture has the paper's colour around it as well.
    root = f".session:root{{background:{colours['paper']}}}"
    return root + "".join(f".session .{name}{{fill:{colour}}}" for name, colour in colours.items())


# Whatever asks for no effort, and a session that does not run, are shown large without a colour.
_QUIET = ("talk", "pause", "idle")


def variables() -> str:
    """The same colours for the pages, as custom properties of CSS: `--work`, `--paper` and so on.

    `--work-field` and `--work-figures` are for the large figures: a field in the interval's colour in
    light; in dark, where that would dazzle, figures in its colour on a field that is nearly the paper.
    """
    return f":root{{{_set(light())}}}@media screen and (prefers-color-scheme:dark){{:root{{{_set(dark())}}}}}"


def light() -> dict[str, str]:
    """Every custom property in light."""
    quiet = dict.fromkeys(_QUIET, (COLOURS["ink"].light, COLOURS["paper"].light))
    large = {name: (look.light, look.on_light) for name, look in LOOKS.items()} | quiet
    return _plain("light") | _large(large)


def dark() -> dict[str, str]:
    """Every custom property in dark."""
    colours = {name: look.dark for name, look in LOOKS.items()} | dict.fromkeys(_QUIET, COLOURS["ink"].dark)
    large = {name: (_near(COLOURS["paper"].dark, colour), colour) for name, colour in colours.items()}
    return _plain("dark") | _large(large)


def _plain(scheme: str) -> dict[str, str]:
    return {name: getattr(one, scheme) for name, one in (LOOKS | COLOURS).items()}


def _large(pairs: dict[str, tuple[str, str]]) -> dict[str, str]:
    fields = {f"{name}-field": field for name, (field, _) in pairs.items()}
    return fields | {f"{name}-figures": figures for name, (_, figures) in pairs.items()}


def _near(paper: str, colour: str) -> str:
    """The paper with an eighth of a colour in it."""
    pairs = zip(bytes.fromhex(paper[1:]), bytes.fromhex(colour[1:]), strict=True)
    return "#" + bytes((7 * under + over) // 8 for under, over in pairs).hex()


def _set(colours: dict[str, str]) -> str:
    return "".join(f"--{name}:{colour};" for name, colour in colours.items())
