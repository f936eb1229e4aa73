"""The part of docs/benchmarks.md about voices, which `scripts/nightly` writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.conftest import ROOT
from tests.marked import with_part

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.nightly.judge import Marks

PAGE = ROOT / "docs" / "benchmarks.md"
MOST_WORD_ERRORS = 0.03
_HEAD = """
| voice | words misunderstood | in phrases of one or two words | spread of level | DNSMOS, overall |
|---|---|---|---|---|
"""


def with_marks(page: str, marks: Mapping[str, Marks]) -> str:
    """The page with a new table, by the names of voices."""
    rows = "".join(_row(name, found) for name, found in marks.items())
    return with_part(page, "voices", f"{_HEAD}{rows}\n")


def _row(name: str, marks: Marks) -> str:
    understood = f"{marks.word_errors:.1%} | {marks.word_errors_of_short:.0%}"
    level = f"{marks.spread_db:.2f} dB over {marks.measured_clips} clips"
    return f"| {name} | {understood} | {level} | {marks.overall_mos:.2f} |\n"
