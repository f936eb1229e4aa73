"""The moves that can be put into a session, from libraries, each as a form shows it."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from audiocoach.errors import AudiocoachError
from audiocoach.routine.diagnostics import Diagnostics
from audiocoach.routine.importers.shelf import shipped
from audiocoach.routine.parser import parse_library
from audiocoach.routine.source import Mapping, Scalar, Sequence, compose, read_text
from audiocoach.studio.edits.document import child

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from audiocoach.routine.model import Move
    from audiocoach.routine.source import Node

    Json = dict[str, Any]

_DOSES = ("for", "hold", "reps", "breaths", "sets", "sides", "rest")


def moves_in(libraries: Iterable[tuple[str, Path]]) -> list[Json]:
    """Every move of these files, by the names that the files go by; what cannot be read has none."""
    return [move for shown, path in libraries for move in _moves(shown, path)]


def with_texts(moves: Iterable[Json]) -> list[Json]:
    """Moves that ship, each with its text: a routine that takes one has it for its own."""
    texts = {known.key: known.text for known in shipped().moves}
    return [{**move, "yaml": body_of(texts.get(move["id"], ""))} for move in moves]


def body_of(text: str) -> str:
    """What stands behind the key of a move, whose lines these are in its library."""
    first, _, rest = text.partition("\n")
    return textwrap.dedent(rest).rstrip() or first.partition(":")[2].strip()


def _moves(shown: str, path: Path) -> Iterator[Json]:
    diagnostics = Diagnostics()
    try:
        text, _ = read_text(path, shown)
        node = compose(text, shown, diagnostics)
    except AudiocoachError:
        return
    moves = child(node, "moves")
    if not isinstance(moves, Mapping) or child(node, "session") is not None:
        return
    library = parse_library(node, diagnostics) if node is not None else None
    for move in library.moves if library else ():
        yield _record(move, shown, child(moves, move.key))


def _record(move: Move, shown: str, node: Node | None) -> Json:
    return {
        "id": move.key,
        "name": move.name,
        "library": shown,
        "posture": _text(child(node, "posture")),
        "equipment": _texts(child(node, "equipment")),
        "works": _texts(child(node, "works")),
        "steps": _steps(child(node, "steps")),
        "dose": ", ".join(f"{name}: {text}" for name in _DOSES if (text := _text(child(node, name)))),
    }


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) else ""


def _texts(node: Node | None) -> list[str]:
    if isinstance(node, Sequence):
        return [item.text for item in node.items if isinstance(item, Scalar)]
    return [node.text] if isinstance(node, Scalar) and node.text else []


def _steps(node: Node | None) -> list[str]:
    items = node.items if isinstance(node, Sequence) else ()
    return [text for item in items if (text := _text(item) or _text(child(item, "say")))]
