"""Two changes of one text: both are there where they do not meet, and a conflict where they do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiocoach.studio.merge import Piece, joined_of, merge, pieces

BASE = "a\nb\nc\nd\ne\n"
LINES = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "d\r\n", "e"]), max_size=8).map("".join)


@pytest.mark.parametrize(
    ("ours", "theirs", "merged"),
    [
        (BASE, "a\nB\nc\nd\ne\n", "a\nB\nc\nd\ne\n"),
        ("a\nB\nc\nd\ne\n", BASE, "a\nB\nc\nd\ne\n"),
        ("A\nb\nc\nd\ne\n", "a\nb\nc\nd\nE\n", "A\nb\nc\nd\nE\n"),
        ("x\na\nb\nc\nd\ne\n", "a\nb\nc\nd\ne\ny\n", "x\na\nb\nc\nd\ne\ny\n"),
        ("a\nc\nd\ne\n", "a\nb\nc\nd\nE", "a\nc\nd\nE"),
        ("a\nB\nc\nd\ne\n", "a\nB\nc\nd\nE\n", "a\nB\nc\nd\nE\n"),
        ("a\nX\nc\nd\ne\n", "a\nY\nc\nd\ne\n", None),
        ("a\nX\nc\nd\ne\n", "a\nb\nY\nd\ne\n", None),
        ("a\nb\nx\nc\nd\ne\n", "a\nb\ny\nc\nd\ne\n", None),
        ("", "a\nB\nc\nd\ne\n", None),
    ],
)
def test_changes_that_do_not_meet_are_both_there(ours: str, theirs: str, merged: str | None) -> None:
    assert merge(BASE, ours, theirs) == merged


@given(LINES, LINES, LINES)
def test_no_line_is_lost_or_made_up(base: str, ours: str, theirs: str) -> None:
    merged = merge(base, ours, theirs)
    assert merged == merge(base, theirs, ours)
    if merged is not None:
        for line in {*ours.splitlines(), *theirs.splitlines()} - {*base.splitlines()}:
            assert line in merged.splitlines()
    assert merge(base, ours, base) == ours
    assert merge(base, ours, ours) == ours
    # Whoever chooses one side throughout has it whole, with what the other changed elsewhere.
    mine = "".join(one.ours for one in pieces(base, ours, theirs)).splitlines()
    assert {*ours.splitlines()} - {*base.splitlines()} <= {*mine}
    apart = pieces(None, ours, theirs)
    assert ("".join(one.ours for one in apart), "".join(one.theirs for one in apart)) == (ours, theirs)


def test_what_one_alone_changed_is_not_to_be_chosen() -> None:
    found = pieces(BASE, "a\nX\nc\nd\nE\n", "a\nY\nc\nd\ne\n")
    assert found == (
        Piece("a\n", "a\n"), Piece("X\n", "Y\n"), Piece("c\nd\n", "c\nd\n"), Piece("E\n", "E\n")
    )  # fmt: skip
    assert joined_of(found) is None
    # Two lines in one place: of each it is known who changed it.
    found = pieces(BASE, "a\nX\nc\nd\ne\n", "a\nY\nC\nd\ne\n")
    assert [one for one in found if one.ours != one.theirs] == [
        Piece("X\n", "Y\n"),
        Piece("c\n", "C\n", is_old=True),
    ]
