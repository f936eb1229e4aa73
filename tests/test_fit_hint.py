"""What to write where a session cannot be made to last as wanted: whoever writes it gets that length."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from audiocoach.errors import InputError
from audiocoach.making.sessions import open_session, timeline_of
from audiocoach.store.options import Overrides
from audiocoach.units import MS_PER_MINUTE

if TYPE_CHECKING:
    from pathlib import Path

SESSION = """\
title: Fit me
moves: {a: {name: Curl}, b: {name: Press}, c: {name: Row}}
session:
  - {do: a, reps: 10, sets: 3, rest: 60s}
  - repeat: 1
    items: [{do: b, reps: 10, sets: 3, rest: 60s}]
  - {do: c, reps: 10, sets: 3, rest: 60s}
  - {do: a, hold: 1m}
"""


def length_ms(path: Path, text: str, minutes: int) -> int:
    path.write_text(text, "utf-8")
    session = open_session(path, Overrides(fit_ms=minutes * MS_PER_MINUTE))
    return timeline_of(session, lambda _: 960).duration_ms


def refused(path: Path, minutes: int) -> str:
    with pytest.raises(InputError) as caught:
        length_ms(path, SESSION, minutes)
    return str(caught.value)


def followed(message: str) -> str:
    """The session with the sets that a message asks for in its lines."""
    lines = SESSION.splitlines()
    single = re.search(r"line (\d+) could give: .* write (sets: \S+)", message)
    pairs = [(single[2], single[1])] if single else re.findall(r"(sets: \S+) in line (\d+)", message)
    for sets, line in pairs:
        lines[int(line) - 1] = re.sub(r"sets: \d+", sets, lines[int(line) - 1])
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("minutes", "told"), [(6, "in line 4,"), (10, "line 4"), (45, "line 4"), (100, "in line 4,")]
)
def test_what_is_told_is_enough(minutes: int, told: str, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    message = refused(path, minutes)
    assert told in message
    found_ms = length_ms(path, followed(message), minutes)
    assert 0.98 * minutes * MS_PER_MINUTE <= found_ms <= minutes * MS_PER_MINUTE


@pytest.mark.parametrize(
    ("minutes", "more"),
    [
        (
            2,
            (
                'leave a move out; those that take most time are "Curl" in line 4 (2:00), '
                '"Press" in line 6 (2:00), "Row" in line 7 (2:00)'
            ),
        ),
        (600, "add a move"),
    ],
)
def test_what_no_sets_can_reach_is_told(minutes: int, more: str, tmp_path: Path) -> None:
    assert refused(tmp_path / "a.yaml", minutes).endswith(f"; no other numbers of sets reach it: {more}")
