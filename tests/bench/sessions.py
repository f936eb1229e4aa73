"""The sessions that are measured: so many exercises of 40 s work and 40 s rest, each with its own words."""

from __future__ import annotations

_VERBS = ("Press", "Reach", "Turn", "Lift", "Bend", "Sweep", "Hold", "Push", "Roll")
_PARTS = ("the hips", "the heels", "both arms", "the chest", "the knees")
_PLACES = (
    "towards the ceiling",
    "out to the sides",
    "down to the floor",
    "away from the wall",
    "slowly back",
)


def exercises(count: int) -> list[tuple[str, str]]:
    """Names and instructions, no two alike up to 45 of them."""
    found = []
    for number in range(count):
        verb, part = _VERBS[number % len(_VERBS)], _PARTS[number // len(_VERBS) % len(_PARTS)]
        place = _PLACES[(number * 2 + number // len(_VERBS)) % len(_PLACES)]
        name = f"{verb} {part.removeprefix('the ').removeprefix('both ')}"
        found.append((name, f"{verb} {part} {place}."))
    return found


def routine(title: str, count: int, repeat: int = 1) -> str:
    """A routine of `count` exercises as YAML: 80 s each."""
    rows = exercises(count)
    moves = "".join(
        f'  move-{number}: {{name: {name}, setup: "{text}"}}\n' for number, (name, text) in enumerate(rows)
    )
    session = "".join(f"      - {{do: move-{number}, for: 40s, rest: 40s}}\n" for number in range(count))
    return (
        f"title: {title}\nmoves:\n{moves}session:\n"
        f"  - section: Circuit\n    repeat: {repeat}\n    rest: 40s\n    items:\n{session}"
    )
