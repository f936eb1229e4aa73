"""What pages ask for: JSON into records, each field of the kind that it has to be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast, get_args

from audiocoach.errors import InputError, Problem, whole
from audiocoach.records import replace
from audiocoach.routine.model import EditionName, LevelName
from audiocoach.studio.cards import amounts
from audiocoach.studio.edits.edit import Define, Edit, Insert, Move, Remove, Set
from audiocoach.unions import assert_never

if TYPE_CHECKING:
    from audiocoach.errors import AudiocoachError
    from audiocoach.store.options import Overrides
    from audiocoach.studio.edits.document import Pointer

    Json = dict[str, Any]

_T = TypeVar("_T", str, int, list[Any])
_MOST_MS = 24 * 60 * 60 * 1000
_MOST_DAYS = 9999
_MOST_EDITS = 1000


def wrong(expected: str) -> InputError:
    """A request that no page of ours makes."""
    return InputError(Problem(whole("request"), f"expected {expected}"))


def words_of(error: AudiocoachError) -> str:
    """What a page tells of an error."""
    return "; ".join(one.message for one in error.problems) or str(error)


def required(body: Json, name: str, kind: type[_T]) -> _T:
    """A field that has to be there.

    Raises:
        InputError: it is not, or of another kind.
    """
    value = body.get(name)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise wrong(f"{name} to be of the kind {kind.__name__}")
    return value


def asked(body: Json, machine: Overrides) -> Overrides:
    """What a page asks for beside the text, and who speaks on this machine.

    Raises:
        InputError: a slider stands where it cannot.
    """
    return replace(
        machine,
        level=cast("LevelName | None", _word(body, "level", get_args(LevelName))),
        cues=cast("EditionName | None", _word(body, "cues", get_args(EditionName))),
        fit_ms=_number(body, "length_ms", _MOST_MS),
        day=_number(body, "day", _MOST_DAYS),
    )


def _word(body: Json, name: str, words: tuple[str, ...]) -> str | None:
    value = body.get(name) or None
    if value is None or value in words:
        return value
    raise wrong(f"{name} to be one of {', '.join(words)}")


def _number(body: Json, name: str, most: int) -> int | None:
    value = body.get(name) or None
    if value is None:
        return None
    if not isinstance(value, int) or not 0 < value <= most:
        raise wrong(f"{name} to be a whole number up to {most}")
    return value


def edits_of(body: Json) -> tuple[Edit, ...]:
    """The edits that are asked for.

    Raises:
        InputError: they are none.
    """
    wanted = required(body, "edits", list)
    if len(wanted) > _MOST_EDITS:
        raise wrong(f"at most {_MOST_EDITS} edits")
    return tuple(_edit(one) for one in wanted)


def _edit(one: object) -> Edit:
    if not isinstance(one, dict):
        raise wrong("edits to be maps")
    pointer = _pointer(one)
    match one.get("op"):
        case "set":
            is_amount = bool(pointer) and pointer[-1] in amounts()
            return Set(pointer, required(one, "value", str), is_amount=is_amount)
        case "remove":
            return Remove(pointer)
        case "insert":
            return Insert(pointer, required(one, "at", int), required(one, "yaml", str))
        case "move":
            return Move(pointer, required(one, "at", int))
        case "define":
            return Define(pointer, required(one, "yaml", str))
        case _:
            raise wrong("op to be set, remove, insert, move or define")


def edit_record(one: Set | Remove | Define) -> Json:
    """An edit as a page sends it."""
    match one:
        case Set():
            return {"op": "set", "pointer": list(one.pointer), "value": one.value}
        case Remove():
            return {"op": "remove", "pointer": list(one.pointer)}
        case Define():
            return {"op": "define", "pointer": list(one.pointer), "yaml": one.yaml}
        case _:
            assert_never(one)


def _pointer(one: Json) -> Pointer:
    pointer = required(one, "pointer", list)
    if not all(isinstance(step, str | int) and not isinstance(step, bool) for step in pointer):
        raise wrong("a pointer such as session, 2, do")
    return tuple(pointer)
