"""A run of the tests twice, in any company of files: the same examples."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import LONGEST, ROOT, SLOW

ODD = (100_003, 200_003, 300_007, 400_009, 500_009)


def drawn() -> list[int]:
    numbers: list[int] = []

    @settings(max_examples=500)
    @given(st.integers(0, 1_000_000))
    def draw(number: int) -> None:
        numbers.append(number)

    draw()
    return numbers


def test_a_module_more_changes_no_example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = drawn()
    path = tmp_path / "company.py"
    path.write_text(f"odd = {ODD}\n", "utf-8")
    spec = importlib.util.spec_from_file_location("company", path)
    assert spec is not None
    monkeypatch.setitem(sys.modules, "company", importlib.util.module_from_spec(spec))
    assert len(alone) == 500
    assert drawn() == alone
    assert not set(alone) & set(ODD)


def test_the_clock_and_earlier_runs_have_no_say() -> None:
    now = settings()
    assert now.derandomize
    assert now.database is None
    assert now.deadline is None


@pytest.mark.parametrize("name", sorted({*SLOW, *LONGEST}))
def test_what_the_quick_part_leaves_out_or_the_whole_begins_with_is_there(name: str) -> None:
    file, _, test = name.partition(".")
    text = (Path(__file__).parent / f"{file}.py").read_text("utf-8")
    assert f"def {test.partition('[')[0] or 'test_'}" in text
    examples = (Path(__file__).parent / "hostile.py").read_text("utf-8")
    assert test.partition("[")[2].removesuffix("]") in text + examples


def collected(*options: str) -> tuple[list[str], str]:
    """Of files whose names begin with k: those of which tests would run, in order, and the last line."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "--ignore-glob=*/test_[!k]*"]
    done = subprocess.run([*command, *options, "tests"], cwd=ROOT, capture_output=True, text=True, check=True)
    *names, last = done.stdout.strip().splitlines()
    return [
        Path(name).stem for name in dict.fromkeys(line.partition("::")[0] for line in names if line)
    ], last


def test_the_longest_files_begin() -> None:
    assert collected()[0] == ["test_kokoro", "test_keeping", "test_key_list", "test_keys", "test_kin"]


def test_the_quick_part_reads_no_file_that_it_leaves_out() -> None:
    files, last = collected("--quick")
    assert (files, "deselected" in last) == (
        ["test_keeping", "test_key_list", "test_keys", "test_kin"],
        False,
    )
