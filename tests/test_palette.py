"""The picture's colours can be told from what is under them, in light and in dark."""

from typing import get_args

import pytest

from audiocoach.coaching.steps import EffortKind, GapKind
from audiocoach.publish.palette import COLOURS, LOOKS, dark, light, style, variables

FILLS = {
    **{f"{name} in light": (look.light, COLOURS["paper"].light) for name, look in LOOKS.items()},
    **{f"{name} in dark": (look.dark, COLOURS["paper"].dark) for name, look in LOOKS.items()},
    **{
        f"{name} in light": (COLOURS[name].light, COLOURS["paper"].light)
        for name in ("speech", "go", "stop", "turn")
    },
    **{
        f"{name} in dark": (COLOURS[name].dark, COLOURS["paper"].dark)
        for name in ("speech", "go", "stop", "turn")
    },
}
TEXTS = {
    **{f"on {name} in light": (look.on_light, look.light) for name, look in LOOKS.items()},
    **{f"on {name} in dark": (look.on_dark, look.dark) for name, look in LOOKS.items()},
    **{f"{name} in light": (COLOURS[name].light, COLOURS["paper"].light) for name in ("ink", "faint")},
    **{f"{name} in dark": (COLOURS[name].dark, COLOURS["paper"].dark) for name in ("ink", "faint")},
    **{
        f"large {name} in {scheme}": (colours[f"{name}-figures"], colours[f"{name}-field"])
        for scheme, colours in (("light", light()), ("dark", dark()))
        for name in (*LOOKS, "idle")
    },
}


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("pair", FILLS.values(), ids=FILLS)
def test_what_is_filled_stands_out_from_the_paper(pair: tuple[str, str]) -> None:
    assert contrast(*pair) >= 3


@pytest.mark.parametrize("pair", TEXTS.values(), ids=TEXTS)
def test_text_can_be_read_on_what_is_under_it(pair: tuple[str, str]) -> None:
    assert contrast(*pair) >= 4.5


def test_every_kind_of_interval_has_a_look() -> None:
    assert set(LOOKS) == {*get_args(EffortKind), *get_args(GapKind), "talk"}


def test_the_style_has_both_schemes_and_touches_nothing_else_on_a_page() -> None:
    light, _, dark = style().partition("@media (prefers-color-scheme:dark){")
    assert ".session .work{fill:#c2410c}" in light
    assert ".session .work{fill:#fb923c}" in dark
    rules = [rule for rule in (light + dark).split("}") if rule]
    assert all(rule.startswith(".session") for rule in rules)


def test_the_pages_have_every_colour_in_both_schemes_and_print_in_light() -> None:
    start, _, end = variables().partition("@media screen and (prefers-color-scheme:dark){")
    assert "--work:#c2410c;" in start
    assert "--work:#fb923c;" in end
    assert light().keys() == dark().keys() >= {*LOOKS, *COLOURS, "idle-field", "idle-figures"}
