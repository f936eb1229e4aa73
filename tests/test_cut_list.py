"""The cut list: printed, mended by hand, read back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from audiocoach.errors import InputError
from audiocoach.making.cut_list import Cut, CutList, Unused, as_json, as_text, clock, parsed
from audiocoach.making.reading import Line

CUTS = Path("cuts.txt")
LINES = (Line(1, "Last one."), Line(2, "Rest. # 2"), Line(3, "Go on."))
LISTED = CutList(
    (Cut(LINES[0], 1500, 2371), Cut(LINES[1], 64_120, 64_880, ("it is short for the line: is it whole?",))),
    (Unused(1, 800, 1200, "an earlier take"), Unused(0, 70_000, 70_500, "no line")),
    (LINES[2],),
)


def test_it_is_in_order_of_time_and_what_is_no_cut_is_a_remark() -> None:
    assert as_text(LISTED) == (
        "#  0:00.800  0:01.200    1  an earlier take\n"
        " 0:01.500  0:02.371    1  Last one.\n"
        " 1:04.120  1:04.880    2  Rest. # 2    # doubtful: it is short for the line: is it whole?\n"
        "#  1:10.000  1:10.500    0  no line\n"
        "# missing: 3  Go on.\n"
    )


def test_what_is_printed_is_read_back_without_its_doubts() -> None:
    read = parsed(CUTS, as_text(LISTED), LINES)
    assert [(cut.line, cut.start_ms, cut.end_ms, cut.doubts) for cut in read.cuts] == [
        (LINES[0], 1500, 2371, ()),
        (LINES[1], 64_120, 64_880, ()),
    ]
    assert read.missing == (LINES[2],)


def test_the_last_of_two_cuts_counts_and_seconds_will_do() -> None:
    read = parsed(CUTS, "1.5 2 1\n3 4.25 1 whatever\n0.2 0.9 3\n", LINES)
    assert [(cut.line.number, cut.start_ms, cut.end_ms) for cut in read.cuts] == [
        (3, 200, 900),
        (1, 3000, 4250),
    ]


def test_the_json_has_all_of_it() -> None:
    body = json.loads(as_json(LISTED))
    assert body["cuts"][0] == {
        "number": 1,
        "text": "Last one.",
        "start_ms": 1500,
        "end_ms": 2371,
        "doubts": [],
    }
    assert body["unused"][1] == {"number": None, "start_ms": 70_000, "end_ms": 70_500, "why": "no line"}
    assert body["missing"] == [{"number": 3, "text": "Go on."}]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "\n1.5 1",
            "cuts.txt:2:1: expected a start, an end and a number, such as 0:01.500 0:02.371 1, found",
        ),
        ("2 1.5 1", "cuts.txt:1:1: expected an end after the start 0:02.000, found 0:01.500"),
        ("1 2 9", "cuts.txt:1:1: there is no line 9 on the sheet"),
    ],
)
def test_what_is_no_cut_is_refused_at_its_row(text: str, says: str) -> None:
    with pytest.raises(InputError) as caught:
        parsed(CUTS, text, LINES)
    assert str(caught.value).startswith(says)


def test_a_time_is_as_players_show_it() -> None:
    assert [clock(time_ms) for time_ms in (0, 59_999, 3_600_001)] == ["0:00.000", "0:59.999", "60:00.001"]
