"""The sheet that a coach reads aloud: each sentence once, most used first."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from audiocoach.coaching.timeline import Speech, Timeline, Utterance
from audiocoach.errors import InputError, Position
from audiocoach.making.reading import Line, Reading, as_json, as_text, parsed, reading_of, summary
from audiocoach.records import replace
from audiocoach.routine.voice import Voice

SHEET = Path("sheet.txt")


def session(*texts: str) -> Timeline:
    events = tuple(
        Speech(0, 0, "say", text, Utterance(text, Voice("recorded")), Position("a.yaml", 1, 1))
        for text in texts
    )
    return Timeline("A", "en", 0, events, (), (), ())


def rows(*sessions: Timeline) -> list[tuple[int, str, int, int]]:
    lines = reading_of([[one] for one in sessions]).lines
    return [(line.number, line.text, line.uses, line.sessions) for line in lines]


def test_a_sentence_stands_once_and_what_most_sessions_say_stands_first() -> None:
    long = session("Stand tall. Rest.", "Stand tall.", "Stand tall.", "rest")
    assert rows(long, session("Rest.", "Go on.")) == [
        (1, "Rest.", 3, 2),
        (2, "Stand tall.", 3, 1),
        (3, "Go on.", 1, 1),
    ]


def test_sentences_that_differ_in_a_number_are_all_there() -> None:
    lines = rows(session("Then set 2 of 3.", "Then set 3 of 3."))
    assert [text for _, text, _, _ in lines] == ["Then set 2 of 3.", "Then set 3 of 3."]


def test_levels_of_one_routine_are_one_session() -> None:
    reading = reading_of([[session("Rest.", "Go."), session("Rest.", "Push.")]])
    assert [(line.text, line.uses, line.sessions) for line in reading.lines] == [
        ("Rest.", 2, 1),
        ("Go.", 1, 1),
        ("Push.", 1, 1),
    ]
    assert reading.whole_after == (3,)


def test_what_is_recorded_is_left_out() -> None:
    reading = reading_of([[session("Rest.", "Go.")]], lambda text: text == "Rest.")
    assert [line.text for line in reading.lines] == ["Go."]


def test_what_another_voice_says_on_purpose_is_left_out() -> None:
    place = Position("a.yaml", 1, 1)
    other = Speech(0, 0, "say", "Beep.", Utterance("Beep.", Voice("silent")), place)
    timeline = session("Rest.")
    assert rows(replace(timeline, events=(*timeline.events, other))) == [(1, "Rest.", 1, 1)]


def test_a_sheet_says_what_it_covers() -> None:
    assert summary(reading_of([[session("Rest.")]])) == (
        "1 sentence covers your session, read in about 1 minute.",
    )
    many = session(*(f"Number {number}." for number in range(62)), *["Rest."] * 38)
    short = session(*["Rest."] * 20)
    assert summary(reading_of([[many], [short]])) == (
        "63 sentences cover your 2 sessions, read in about 3 minutes.",
        "The first 20 are 64 % of all that is said. After line 1 the first session is whole.",
    )


def test_a_sheet_without_a_line_says_that_nothing_is_missing() -> None:
    for sessions, says in ((1, "your session says"), (2, "your 2 sessions say")):
        reading = reading_of([[session("Rest.")]] * sessions, lambda _: True)
        assert as_text(reading) == f"# Nothing is missing: all that {says} is recorded.\n"


def test_the_text_is_for_reading_aloud_in_groups_of_ten() -> None:
    reading = reading_of([[session(*(f"Line {letter}." for letter in "abcdefghijk"))]])
    text = as_text(reading)
    head, first, second = text.split("\n\n")
    assert all(row.startswith("# ") for row in head.splitlines())
    assert first.splitlines()[0] == "    1  Line a."
    assert (len(first.splitlines()), second) == (10, "   11  Line k.\n")


READING = Reading((Line(1, "2.", 3, 1), Line(2, "Stand tall: # is a number.", 1, 1)), (2,))


@pytest.mark.parametrize("written", [as_text(READING), as_json(READING)], ids=["text", "json"])
def test_what_is_printed_is_read_back(written: str) -> None:
    assert [(line.number, line.text) for line in parsed(SHEET, written)] == [
        (1, "2."),
        (2, "Stand tall: # is a number."),
    ]


def test_the_json_has_what_the_text_has() -> None:
    body = json.loads(as_json(READING))
    assert body["summary"] == list(summary(READING))
    assert body["sentences"][0] == {"number": 1, "text": "2.", "uses": 3, "sessions": 1}
    assert body["whole_after"] == [2]


def test_a_list_by_hand_is_a_sheet() -> None:
    assert parsed(SHEET, "# Mine\n1. Rest.\n\n 2)  Go on \n") == (Line(1, "Rest."), Line(2, "Go on"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "expected numbered sentences as record-sheet prints: there is none"),
        ("# Nothing is missing", "there is none"),
        ("1 Rest.\n1 Go.", "the number 1 stands twice"),
        ("Rest.", "expected a number and a sentence, such as 12 Stand tall., found 'Rest.'"),
        ('{"sentences": 3}', "expected the JSON that record-sheet prints"),
    ],
)
def test_what_is_no_sheet_is_refused(text: str, says: str) -> None:
    with pytest.raises(InputError) as caught:
        parsed(SHEET, text)
    assert says in str(caught.value)
    assert str(caught.value).startswith("sheet.txt:")
