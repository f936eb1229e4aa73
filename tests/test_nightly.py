"""What the nightly check reads and writes; the check itself takes minutes: scripts/nightly."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.marked import part
from tests.nightly.judge import PHRASES, Heard, Marks
from tests.nightly.page import PAGE, with_marks

BEFORE = "# Benchmarks\n\n<!-- voices: written by scripts/nightly -->\n"
AFTER = "<!-- end of voices -->\n\nMore.\n"
TABLE = """
| voice | words misunderstood | in phrases of one or two words | spread of level | DNSMOS, overall |
|---|---|---|---|---|
| hibari, heart | 1.1% | 6% | 0.78 dB over 58 clips | 2.99 |

"""


class Understood(Marks):
    """Marks whose shares need none of the libraries that listen."""

    word_errors = 0.0112
    word_errors_of_short = 0.056


def test_sixty_phrases_of_which_some_are_a_word_a_count_and_a_name() -> None:
    assert len(set(PHRASES)) == len(PHRASES) == 60
    assert {"Plank", "8, right.", "Next: Three-way leg stretch."} <= set(PHRASES)


def test_a_new_table_takes_the_place_of_the_old_one_and_nothing_else() -> None:
    marks = Understood((Heard("Rest.", "Rest."),), 58, 0.782, 2.992)
    assert with_marks(f"{BEFORE}old\n{AFTER}", {"hibari, heart": marks}) == f"{BEFORE}{TABLE}{AFTER}"


def test_a_page_without_the_marks_is_not_written_over() -> None:
    with pytest.raises(ValueError, match="no part called voices"):
        with_marks("# Benchmarks\n", {})


def test_the_page_has_what_was_measured_of_the_natural_voice() -> None:
    assert "| hibari, heart | " in part(PAGE.read_text(encoding="utf-8"), "voices")


@pytest.mark.parametrize(("folder", "is_collected"), [("tests", False), ("tests/nightly", True)])
def test_it_runs_where_it_is_asked_for_by_name(folder: str, is_collected: bool) -> None:  # noqa: FBT001 - the table says which
    collect = ("-m", "pytest", "--collect-only", "-q", "--ignore-glob=*/tests/test_*", folder)
    done = subprocess.run([sys.executable, *collect], capture_output=True, text=True, check=False, cwd=ROOT)
    assert ("nightly/test_voices.py" in done.stdout) is is_collected
