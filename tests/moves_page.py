"""The page `docs/moves.md`, made of the library: `scripts/moves` writes it, a test holds it up to date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.routine.library import load
from audiocoach.routine.model import Move, Range, varied
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PAGE = ROOT / "docs" / "moves.md"
FOLDER = ROOT / "routines"
FILES = {
    "core": "The trunk: to brace and to steady",
    "hips-and-legs": "Hips and legs: to strengthen",
    "mobility": "Mobility: to loosen",
    "standing": "Standing, or from a chair",
}
HEAD = """\
# The moves

<!-- Made by scripts/moves from routines/moves/*.yaml: change those. -->

{count} moves for back, hips and core, each complete: how to get into it and out of it, what to look out for,
six reminders for two days, an easier and a harder version, and a dose. So three lines are a session:

```yaml
title: Superman
include: [moves/all.yaml]
session: [{{do: superman}}]
```

Copy the folder `routines/moves` beside your routine, and include `moves/all.yaml`, or only the file that you
need. What a `do` says goes before what stands here; a range is chosen by the
[level](routine-format.md#levels). The first column is what `do:` takes, the last one says who should leave
the move out. Nothing here is medical advice.
"""
COLUMNS = ("`do:`", "dose", "works", "needs", "why", "easier / harder", "leave it out")


def page() -> str:
    """The whole page."""
    shelves = {name: tuple(moves_of(name)) for name in FILES}
    count = sum(map(len, shelves.values()))
    parts = [HEAD.format(count=count), *(_shelf(name, shelves[name]) for name in FILES)]
    return "\n".join(parts)


def moves_of(name: str) -> Iterator[Move]:
    """The moves of one file of the library, in their order."""
    text = f"title: All\ninclude: [moves/{name}.yaml]\nsession: [{{say: Hello.}}]\n"
    yield from load(FOLDER / "all-moves.yaml", text).routine.moves


def _shelf(name: str, moves: tuple[Move, ...]) -> str:
    postures = dict.fromkeys(move.posture for move in moves)
    tables = (
        _table(str(posture), [move for move in moves if move.posture == posture]) for posture in postures
    )
    return f"## {FILES[name]}\n\nIn `moves/{name}.yaml`.\n\n" + "\n".join(tables)


def _table(posture: str, moves: Iterable[Move]) -> str:
    head = f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}\n"
    return f"### {POSTURES[posture]}\n\n{head}" + "".join(f"| {' | '.join(_row(move))} |\n" for move in moves)


POSTURES = {
    "supine": "On the back",
    "prone": "On the belly",
    "side": "On the side",
    "all fours": "On hands and knees",
    "kneeling": "Kneeling",
    "sitting": "Sitting",
    "standing": "On the feet",
}


def _row(move: Move) -> Iterator[str]:
    yield f"`{move.key}`"
    yield dose(move)
    yield ", ".join(move.works or ())
    yield ", ".join(varied(move, None).equipment or ())
    yield _plain(move.why)
    yield " / ".join(_plain(change.say) for change in (move.easier, move.harder) if change)
    yield _plain(move.avoid_if).removeprefix("Leave it out ")


def _plain(words: object) -> str:
    return str(getattr(words, "text", ""))


def dose(move: Move) -> str:
    """`8-12 repetitions, each side, 2-3 sets`."""
    parts = [_amount(move), *_sharing(move), _count("set", move.terms.sets)]
    return ", ".join(part for part in parts if part)


def _amount(move: Move) -> str:
    amount = move.dose
    if amount is None:
        return f"{len(move.steps or ())} steps, guided"
    time, reps = _seconds(amount.time_ms), _count((move.unit or ("repetition",))[0], amount.reps)
    if amount.kind == "holds":
        return f"{_count('hold', amount.reps)} of {time}"
    return time or reps or _count("breath", amount.breaths)


def _sharing(move: Move) -> Iterator[str]:
    sides = move.terms.sides
    if sides:
        yield "sides take turns" if sides.sharing == "alternate" else "each side"
    if move.terms.ways:
        yield "each way"


def _seconds(time_ms: Range | None) -> str:
    return f"{_span(Range(time_ms.low // 1000, time_ms.high // 1000))} s" if time_ms else ""


def _count(unit: str, count: Range | None) -> str:
    if count is None or (unit == "set" and count.high == 1):
        return ""
    return f"{_span(count)} {unit}{'' if count.high == 1 else 's'}"


def _span(values: Range) -> str:
    return str(values.low) if values.low == values.high else f"{values.low}-{values.high}"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
