"""The sessions that are measured: so many exercises of 40 s work and 40 s rest, each with its own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_VERBS = ("Press", "Reach", "Turn", "Lift", "Bend", "Sweep", "Hold", "Push", "Roll")
_PARTS = ("the hips", "the heels", "both arms", "the chest", "the knees")
_PLACES = (
    "towards the ceiling",
    "out to the sides",
    "down to the floor",
    "away from the wall",
    "slowly back",
)
_LIBRARY = 45


def exercises(count: int) -> list[tuple[str, str]]:
    """Names and instructions, no two alike up to 45 of them."""
    found = []
    for number in range(count):
        verb, part = _VERBS[number % len(_VERBS)], _PARTS[number // len(_VERBS) % len(_PARTS)]
        place = _PLACES[(number * 2 + number // len(_VERBS)) % len(_PLACES)]
        name = f"{verb} {part.removeprefix('the ').removeprefix('both ')}"
        found.append((name, f"{verb} {part} {place}."))
    return found


def routine(title: str, count: int, repeat: int = 1, changed: str = "", music: str = "") -> str:
    """A routine of `count` exercises as YAML: 80 s each. `changed` ends the last instruction."""
    rows = exercises(count)
    rows[-1] = (rows[-1][0], f"{rows[-1][1][:-1]}{changed and ' ' + changed}.")
    head = f"title: {title}\n" + (f"music: {music}\n" if music else "")
    return f"{head}{_moves(rows)}{_session(range(count), repeat)}"


def batch(folder: Path, count: int) -> list[Path]:
    """So many sessions of 16 minutes over one library of 45 moves, no two alike."""
    library = folder / "moves" / "library.yaml"
    library.parent.mkdir(parents=True)
    library.write_text(_moves(exercises(_LIBRARY)), encoding="utf-8")
    paths = [folder / f"patient-{number:04}.yaml" for number in range(count)]
    for number, path in enumerate(paths):
        # Steps that share no factor with 45 visit twelve different moves.
        step = (1, 2, 4, 7, 8, 11, 13, 14)[number % 8]
        chosen = [(number + step * place) % _LIBRARY for place in range(12)]
        head = f"title: Patient {number}\ninclude: [moves/library.yaml]\n"
        path.write_text(head + _session(chosen, 1), encoding="utf-8")
    return paths


def _moves(rows: Sequence[tuple[str, str]]) -> str:
    moves = (
        f'  move-{number}: {{name: {name}, setup: "{text}"}}\n' for number, (name, text) in enumerate(rows)
    )
    return "moves:\n" + "".join(moves)


def _session(moves: Sequence[int], repeat: int) -> str:
    items = "".join(f"      - {{do: move-{number}, for: 40s, rest: 40s}}\n" for number in moves)
    return f"session:\n  - section: Circuit\n    repeat: {repeat}\n    rest: 40s\n    items:\n{items}"
