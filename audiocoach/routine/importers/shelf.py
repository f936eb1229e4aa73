"""The bank of a folder: its libraries of moves, else those that ship with the program."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from audiocoach import assets
from audiocoach.routine.diagnostics import Diagnostics
from audiocoach.routine.importers.bank import Bank, Known
from audiocoach.routine.parser import parse_library
from audiocoach.routine.source import compose, read_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from audiocoach.routine.model import Move

_FOLDER, _ALL = "moves", "all.yaml"


def bank_of(folder: Path) -> Bank:
    """The moves that a routine in this folder can include from `moves/`; without any, those that ship.

    Raises:
        InputError: a library there cannot be read.
    """
    own = folder / _FOLDER
    if own.is_dir():
        files = sorted(path for path in own.glob("*.y*ml") if not path.name.startswith("."))
        moves = [(path, known) for path in files for known in _known(path)]
        if moves:
            named = (
                (_ALL,) if (own / _ALL).is_file() else tuple(dict.fromkeys(path.name for path, _ in moves))
            )
            return Bank(tuple(known for _, known in moves), tuple(f"{_FOLDER}/{name}" for name in named))
    return shipped()


def shipped() -> Bank:
    """The moves that ship with the program, which a routine has to copy."""
    files = sorted(assets.moves().glob("*.yaml"))
    return Bank(tuple(known for path in files for known in _known(path)))


def _known(path: Path) -> Iterator[Known]:
    diagnostics = Diagnostics()
    text, _ = read_text(path, str(path))
    node = compose(text, str(path), diagnostics, "a library of moves")
    library = parse_library(node, diagnostics) if node is not None else None
    diagnostics.close()
    for move in library.moves if library else ():
        yield _of(move, _block(text, move.key))


def _of(move: Move, text: str) -> Known:
    is_guided = any(step.timed for step in move.steps or ())
    return Known(
        key=move.key,
        name=move.name or move.key,
        text=text,
        stays=bool(move.dose and move.dose.traits.tells_hold),
        has_dose=move.dose is not None or is_guided,
        is_guided=is_guided,
        sides=_sides(move),
    )


def _sides(move: Move) -> str:
    sides = move.terms.sides
    if sides is None:
        return ""
    return f"[{', '.join(sides.order)}]" if sides.sharing == "blocks" else sides.sharing


def _block(text: str, key: str) -> str:
    """The lines of a move in its library, as far as the next one."""
    block = re.search(rf"^  {re.escape(key)}:.*\n(?:(?:    .*)?\n)*", f"{text}\n", re.MULTILINE)
    return block[0].rstrip() + "\n" if block else ""
