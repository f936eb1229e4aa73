"""Single values: what is read, and what is said of what cannot be."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiocoach.errors import Position
from audiocoach.routine import values
from audiocoach.routine.diagnostics import Diagnostics
from audiocoach.routine.model import Range
from audiocoach.routine.source import Mapping, Node, compose
from tests.generate import HEAD, problems, texts


def node_of(text: str) -> Node:
    node = compose(f"x: {text}\n", "r.yaml", Diagnostics())
    assert isinstance(node, Mapping)
    return node.entries[0].value


def message(diagnostics: Diagnostics) -> str:
    (one,) = diagnostics.problems
    return one.message


DURATIONS_MS = {
    "30s": 30_000,
    "90s": 90_000,
    "1m30s": 90_000,
    "1:30": 90_000,
    "0:45": 45_000,
    "00:30": 30_000,
    "1:02:03": 3_723_000,
    "1:30.5": 90_500,
    "2.5s": 2500,
    "0.001s": 1,
    "8m": 480_000,
    "1h": 3_600_000,
    "1h5m": 3_900_000,
    "24h": 86_400_000,
    '"1:30"': 90_000,
}


@pytest.mark.parametrize("text", DURATIONS_MS)
def test_3_durations_are_exact(text: str) -> None:
    diagnostics = Diagnostics()
    assert values.duration_ms(node_of(text), diagnostics) == DURATIONS_MS[text]
    assert diagnostics.problems == ()


EXAMPLE = "expected a duration such as 30s, 1m30s or 1:30, found "
NO_DURATIONS = {
    "30": EXAMPLE + "the bare number 30: write 30s",
    "1.5": EXAMPLE + "the bare number 1.5: write 1.5s, or 1m30s for minutes",
    "1:60": EXAMPLE + '"1:60"',
    "1:60:00": EXAMPLE + '"1:60:00"',
    "1:5": EXAMPLE + '"1:5"',
    "-5s": EXAMPLE + '"-5s"',
    "0s": 'expected a duration above zero, such as 30s, found "0s"',
    "0:00": 'expected a duration above zero, such as 30s, found "0:00"',
    ".inf": EXAMPLE + '".inf"',
    "nan": EXAMPLE + '"nan"',
    "25h": 'expected a duration of at most 24 hours, found "25h"',
    "24:00:01": 'expected a duration of at most 24 hours, found "24:00:01"',
    "30 s": EXAMPLE + '"30 s": write 30s',
    "30sec": EXAMPLE + '"30sec": write 30s',
    "30S": EXAMPLE + '"30S": write 30s',
    "1m 30s": EXAMPLE + '"1m 30s": write 1m30s',
    "1 Hour 5 minutes": EXAMPLE + '"1 Hour 5 minutes": write 1h5m',
    "30 feet": EXAMPLE + '"30 feet": a distance takes a time: write it, such as 2m',
    "\u0663\u0660s": EXAMPLE + '"\u0663\u0660s"',
    "0x10": EXAMPLE + '"0x10"',
    "1e9999": EXAMPLE + '"1e9999"',
    "[30s]": EXAMPLE + "a list",
    "9" * 5000: EXAMPLE + "the bare number 999999999999…",
    "9" * 5000 + "s": EXAMPLE + f'"{"9" * 57}..."',
}


@pytest.mark.parametrize("text", NO_DURATIONS, ids=lambda text: text[:12])
def test_3_and_5_what_is_no_duration_is_told(text: str) -> None:
    diagnostics = Diagnostics()
    assert values.duration_ms(node_of(text), diagnostics) is None
    assert message(diagnostics) == NO_DURATIONS[text]


RANGES_MS = {
    "20-30s": (20_000, 30_000),
    "20s-30s": (20_000, 30_000),
    "1-2m": (60_000, 120_000),
    "0:30-1:00": (30_000, 60_000),
    "30s": (30_000, 30_000),
    "30-30s": (30_000, 30_000),
}


@pytest.mark.parametrize("text", RANGES_MS)
def test_ranges_of_time(text: str) -> None:
    diagnostics = Diagnostics()
    assert values.time_range_ms(node_of(text), diagnostics) == Range(*RANGES_MS[text])
    assert diagnostics.problems == ()


@pytest.mark.parametrize("text", ["30-20s", "20-30", "20s-", "0-30s", "20-30-40s"])
def test_what_is_no_range_of_time(text: str) -> None:
    diagnostics = Diagnostics()
    assert values.time_range_ms(node_of(text), diagnostics) is None
    assert len(diagnostics.problems) == 1


def test_a_range_without_a_unit_is_told_with_one() -> None:
    diagnostics = Diagnostics()
    assert values.time_range_ms(node_of("5-4"), diagnostics) is None
    assert message(diagnostics) == EXAMPLE + "bare numbers: write 4-5s, or 4-5m for minutes"


SPACED = {
    "20 - 30s": EXAMPLE + '"20 - 30s": write 20-30s',
    "20s \u2013 30s": EXAMPLE + '"20s \u2013 30s": write 20s-30s',
    "20 to 30s": EXAMPLE + '"20 to 30s": write 20-30s',
}


@pytest.mark.parametrize("text", SPACED)
def test_a_range_with_spaces_is_told_without_them(text: str) -> None:
    diagnostics = Diagnostics()
    assert values.time_range_ms(node_of(text), diagnostics) is None
    assert message(diagnostics) == SPACED[text]


def test_a_time_that_may_be_no_range_is_not_told_as_one() -> None:
    diagnostics = Diagnostics()
    assert values.duration_ms(node_of("20-30s"), diagnostics) is None
    assert message(diagnostics) == EXAMPLE + '"20-30s"'


def test_a_count_with_spaces_is_told_without_them() -> None:
    diagnostics = Diagnostics()
    assert values.reps_range(node_of("8 \u2013 10"), diagnostics) is None
    assert message(diagnostics).endswith('such as 2-3, found "8 \u2013 10": write 8-10')


def test_a_gap_may_be_nothing() -> None:
    assert values.gap_range_ms(node_of("0s"), Diagnostics()) == Range(0, 0)
    assert values.gap_range_ms(node_of("0-5s"), Diagnostics()) == Range(0, 5000)


@pytest.mark.parametrize(
    "text", ["0", "-1", "1.5", "101", "0-3", "3-2", "2-", "x", "\u0661", "0x2", "9" * 5000, "2-3-4"]
)
def test_11_what_is_no_count_of_sets(text: str) -> None:
    diagnostics = Diagnostics()
    assert values.sets_range(node_of(text), diagnostics) is None
    assert len(diagnostics.problems) == 1


def test_counts_and_their_ranges() -> None:
    assert values.sets_range(node_of("2-3"), Diagnostics()) == Range(2, 3)
    assert values.reps_range(node_of("1000"), Diagnostics()) == Range(1000, 1000)
    diagnostics = Diagnostics()
    assert values.reps_range(node_of("1000000"), diagnostics) is None
    expected = "expected a whole number from 1 to 1,000 of repetitions, or a range such as 2-3"
    assert message(diagnostics) == f'{expected}, found "1000000"'


TEMPI = {"3-1-2-0": (3000, 1000, 2000, 0), "2-0": (2000, 0), "1.5-2": (1500, 2000)}


@pytest.mark.parametrize("text", TEMPI)
def test_a_tempo_is_the_seconds_of_each_phase(text: str) -> None:
    found = values.tempo(node_of(text), Diagnostics())
    assert found is not None
    assert found.phases_ms == TEMPI[text]


def test_a_tempo_may_be_the_length_of_a_repetition() -> None:
    found = values.tempo(node_of("4s"), Diagnostics())
    assert found is not None
    assert (found.rep_ms, found.phases_ms) == (4000, ())


@pytest.mark.parametrize("text", ["0-0", "3", "3-", "a-b", "-1-2", "0s", "4 s", "1-2-xx", "-".join("1" * 13)])
def test_what_is_no_tempo(text: str) -> None:
    diagnostics = Diagnostics()
    assert values.tempo(node_of(text), diagnostics) is None
    assert len(diagnostics.problems) == 1


BREATHS = {"4-6": (4000, 6000), "4-7-8": (4000, 7000, 8000), "4-4-4-4": (4000, 4000, 4000, 4000)}


@pytest.mark.parametrize("text", BREATHS)
def test_a_breath(text: str) -> None:
    assert values.breath(node_of(text), Diagnostics()) == BREATHS[text]


@pytest.mark.parametrize("text", ["4", "0-4", "4-0", "4-7-0", "0-0", "1-2-3-4-5", "in-out"])
def test_what_is_no_breath(text: str) -> None:
    diagnostics = Diagnostics()
    assert values.breath(node_of(text), diagnostics) is None
    assert len(diagnostics.problems) == 1


def test_a_hold_is_a_time_or_breaths() -> None:
    timed, counted = (
        values.hold(node_of("20-30s"), Diagnostics()),
        values.hold(node_of("10 breaths"), Diagnostics()),
    )
    assert timed is not None
    assert counted is not None
    assert (timed.kind, timed.time_ms) == ("hold", Range(20_000, 30_000))
    assert (counted.kind, counted.breaths) == ("breaths", Range(10, 10))


SIDES = {
    "left, right": ("blocks", ("left", "right")),
    "right, left": ("blocks", ("right", "left")),
    "[right, left]": ("blocks", ("right", "left")),
    "each": ("each", ("left", "right")),
    "alternate": ("alternate", ("left", "right")),
    "left": ("one", ("left",)),
    "right": ("one", ("right",)),
}


@pytest.mark.parametrize("text", SIDES)
def test_sides(text: str) -> None:
    found = values.sides(node_of(text), Diagnostics())
    assert found is not None
    assert (found.sharing, found.order) == SIDES[text]


@pytest.mark.parametrize("text", ["both", "left, left", "Left", "each, left", "3"])
def test_what_are_no_sides(text: str) -> None:
    diagnostics = Diagnostics()
    assert values.sides(node_of(text), diagnostics) is None
    assert message(diagnostics).startswith(
        "expected sides: [left, right], [right, left], each, alternate, left, right or none"
    )


def test_lists_are_written_in_three_ways() -> None:
    for text in ("[a, b]", "\n  - a\n  - b", "a, b"):
        assert values.texts(node_of(text), Diagnostics()) == ("a", "b")


AS_WRITTEN = [*"~@#%&+=$*/", "no", "on", "yes", "010", "0x10", "1_000", "2024-13-45", "1.10", "null", "1:30"]


@pytest.mark.parametrize("text", AS_WRITTEN)
def test_4_text_is_spoken_as_written(text: str) -> None:
    found = values.words(node_of(text if text.isalnum() or len(text) > 1 else f"'{text}'"), Diagnostics())
    assert found is not None
    assert found.text == text


def test_4_a_tilde_is_no_null() -> None:
    found = values.words(node_of("~"), Diagnostics())
    assert found is not None
    assert found.text == "~"


SURVIVED = ["[[foo]]", "-v evil", "$(rm) `ls`; rm", "%s {x}", "3 < 4", "< 5", "שלום", "👍 good"]


@pytest.mark.parametrize("text", SURVIVED)
def test_12_strange_text_is_only_text(text: str) -> None:
    found = values.words(node_of(f"'{text}'"), Diagnostics())
    assert found is not None
    assert found.text == text


REFUSED = {
    "👍": 'expected text with a letter or a number to speak, found "👍"',
    **{
        f"'{text}'": f'expected text with a letter or a number to speak, found "{text}"'
        for text in ("…", "-", "<", "?")
    },
    "a" * 20_000: 'expected text to be spoken, such as "Round your back." of at most 1,000 characters, '
    "found 20,000",
}


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: text[:3])
def test_12_what_cannot_be_spoken_is_told(text: str) -> None:
    diagnostics = Diagnostics()
    assert values.words(node_of(text), diagnostics) is None
    assert message(diagnostics) == REFUSED[text]


def test_12_markup_is_taken_for_a_placeholder(tmp_path: Path) -> None:
    (found,) = problems(HEAD + "  - say: <speak>hi</speak>\n", tmp_path)
    assert found.startswith("5:10: unknown placeholder <speak>; known: dose, duration")


def test_placeholders_are_told_at_their_column(tmp_path: Path) -> None:
    assert problems(HEAD + "  - say: To the <sied> and <side>.\n", tmp_path) == [
        '5:17: unknown placeholder <sied>; did you mean "side"?',
        "5:28: <side> has no value here: it stands in no move",
    ]


def test_placeholders_are_found_in_folded_text() -> None:
    diagnostics = Diagnostics()
    found = values.words(node_of(">\n  Now <set>,\n  of <sets>."), diagnostics)
    assert found is not None
    assert found.places == (("set", Position("r.yaml", 2, 7)), ("sets", Position("r.yaml", 3, 6)))


@settings(derandomize=True, deadline=None)
@given(texts())
def test_any_text_is_words_or_one_clear_problem(text: str) -> None:
    from audiocoach.routine.source import Scalar  # noqa: PLC0415

    diagnostics = Diagnostics()
    found = values.words(Scalar(text, Position("r.yaml", 1, 1), text, quoted=True, tail=""), diagnostics)
    assert found is not None or diagnostics.failed


@settings(derandomize=True, deadline=None)
@given(st.text(alphabet="0123456789hms:.-", max_size=12))
def test_any_duration_is_read_or_told(text: str) -> None:
    from audiocoach.routine.source import Scalar  # noqa: PLC0415

    diagnostics = Diagnostics()
    node = Scalar(text, Position("r.yaml", 1, 1), text, quoted=True, tail="")
    found = values.time_range_ms(node, diagnostics)
    assert (found is None) == diagnostics.failed
    assert found is None or 0 < found.low <= found.high <= values.MAX_TIME_MS
