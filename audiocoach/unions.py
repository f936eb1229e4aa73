"""Unions are matched whole: a case that is forgotten is found by the type checker."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import NoReturn


def assert_never(value: NoReturn) -> NoReturn:
    """Where no value can arrive: `typing.assert_never`, which Python 3.10 does not have.

    Raises:
        AssertionError: one arrived.
    """
    raise AssertionError(f"no case for {value!r}")
