"""The phrase pack: what is said without the coach having written it."""

import re
from pathlib import Path

import pytest

from audiocoach.language.phrases import Pack, fill, least_about_ms
from audiocoach.routine import wordings

PACK = Pack.of(wordings.language("en"))

FILLED = {
    "<side> leg up.": "Left leg up.",
    "Now the <side> leg.": "Now the left leg.",
    "Stop. <side> side.": "Stop. Left side.",
    "Ready? <side>!": "Ready? Left!",
    "<unknown> stays.": "<unknown> stays.",
    "3 < 4, <side>": "3 < 4, left",
}


@pytest.mark.parametrize("text", FILLED)
def test_a_placeholder_that_begins_a_sentence_is_capitalised(text: str) -> None:
    assert fill(text, {"side": "left"}) == FILLED[text]


def test_a_fragment_keeps_its_own_beginning() -> None:
    assert fill("<side> side", {"side": "left"}, fragment=True) == "left side"


TIMES = {
    1000: "1 second",
    40_000: "40 seconds",
    60_000: "1 minute",
    90_000: "1 minute 30 seconds",
    2500: "2.5 seconds",
    3_600_000: "1 hour",
    3_723_000: "1 hour 2 minutes 3 seconds",
    0: "0 seconds",
}


@pytest.mark.parametrize("time_ms", TIMES)
def test_times_are_said_in_full(time_ms: int) -> None:
    assert PACK.time(time_ms) == TIMES[time_ms]


TOTALS = {
    0: "less than a minute",
    44_999: "less than a minute",
    45_000: "about 1 minute",
    89_999: "about 1 minute",
    90_000: "about 2 minutes",
    16 * 60_000 + 12_000: "about 16 minutes",
    90 * 60_000: "about 1 hour 30 minutes",
}


@pytest.mark.parametrize("time_ms", TOTALS)
def test_a_total_is_the_nearest_whole_minutes(time_ms: int) -> None:
    assert PACK.about(time_ms) == TOTALS[time_ms]
    assert PACK.about(least_about_ms(time_ms)) == TOTALS[time_ms]
    assert least_about_ms(time_ms) <= time_ms


def test_counts_know_one_from_many() -> None:
    assert PACK.counted("breath", 1) == "1 breath"
    assert PACK.counted("repetition", 10) == "10 repetitions"


def test_wordings_take_turns() -> None:
    assert [PACK.say("halfway", {}, turn) for turn in range(3)] == [
        "Halfway.",
        "You are halfway.",
        "Halfway.",
    ]


def test_a_move_is_announced_in_the_same_words_wherever_it_comes() -> None:
    said = [
        PACK.say("next", {"name": name, "dose": "10"}, turn)
        for name in ("Bend", "Superman")
        for turn in (0, 1)
    ]
    assert said == ["Coming up: Bend. 10."] * 2 + ["Next: Superman. 10."] * 2


def test_a_routine_may_replace_an_entry() -> None:
    own = {"halfway": ("You are halfway.",)}
    assert PACK.with_wordings(own).say("halfway", {}) == "You are halfway."


def test_every_value_of_an_entry_is_in_the_guide() -> None:
    page = (Path(__file__).parents[1] / "docs" / "routine-format.md").read_text(encoding="utf-8")
    table = page.partition("| entry |")[2].partition("\n\n")[0]
    rows = table.splitlines()[2:]
    assert rows
    for row in rows:
        entries, told = row.split("|")[1:3]
        held = {name for key in re.findall(r"`(\w+)`", entries) for name in wordings.values_of("en", key)}
        assert set(re.findall(r"`<(\w+)>`", told)) == held - {"title", "duration"}, row
