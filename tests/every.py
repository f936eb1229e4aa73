"""One test for all rows of a table: of a thousand rows pytest would make a thousand tests, a few ms each."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Row = TypeVar("Row")


def every(rows: Iterable[Row]) -> Callable[[Callable[[Row], None]], Callable[[], None]]:
    """Hold a check against each row, and tell all that break it. A table without rows is no test."""
    table = tuple(rows)

    def test_of(check: Callable[[Row], None]) -> Callable[[], None]:
        def holds_for_every_row() -> None:
            assert table
            told = [what for row in table if (what := broken(check, row))]
            assert not told, "\n".join(told)

        holds_for_every_row.__name__, holds_for_every_row.__doc__ = check.__name__, check.__doc__
        return holds_for_every_row

    return test_of


def broken(check: Callable[[Row], None], row: Row) -> str:
    """Which row breaks a check, and how; nothing where it holds."""
    try:
        check(row)
    except AssertionError as error:
        return f"{row!r:.200}: {error}"
    except Exception as error:
        raise AssertionError(repr(row)) from error
    return ""
