"""What a text is to say after an edit: the edits on what nodes say, with no thought of how it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiocoach.studio.edits.document import Pointer, Said

    Make = Callable[[Said], Said]


def changed(before: Said, pointer: Pointer, make: Make) -> Said:
    """What is said, with what lies at a pointer made another; maps that lead there are made where missing."""
    if not pointer:
        return make(before)
    step, rest = pointer[0], pointer[1:]
    if isinstance(before, list):
        return [changed(one, rest, make) if at == step else one for at, one in enumerate(before)]
    pairs = before if isinstance(before, tuple) else ()
    at = _place(pairs, step)
    inner = changed(pairs[at][1] if at < len(pairs) else None, rest, make)
    return (*pairs[:at], (str(step), inner), *pairs[at + 1 :])


def without(before: Said, step: str | int) -> Said:
    """A list or a map without one of what it holds."""
    if isinstance(before, list):
        return [one for at, one in enumerate(before) if at != step]
    pairs = before if isinstance(before, tuple) else ()
    at = _place(pairs, step)
    return (*pairs[:at], *pairs[at + 1 :])


def with_inserted(before: Said, at: int, item: Said) -> Said:
    """A list with one more."""
    items = before if isinstance(before, list) else []
    return [*items[:at], item, *items[at:]]


def with_moved(before: Said, index: int, at: int) -> Said:
    """A list with one at another place."""
    items = list(before) if isinstance(before, list) else []
    items.insert(at, items.pop(index))
    return items


def _place(pairs: tuple[tuple[str, Said], ...], step: str | int) -> int:
    """Where a key is for the first time; behind all where it is not."""
    return next((at for at, (key, _) in enumerate(pairs) if key == str(step)), len(pairs))
