"""Which passage is which line, by length, pauses and what is alike. No sound is needed for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from audiocoach.voice.cutting.align import Aligned, Expected, align
from audiocoach.voice.cutting.passages import Passage

if TYPE_CHECKING:
    from collections.abc import Sequence

# A word of its own for every line, and lengths that are told apart.
LINES = tuple(
    Expected(text, read_ms)
    for text, read_ms in (
        ("Rest", 500),
        ("Switch your sides", 1300),
        ("Stand tall and breathe", 2000),
        ("Hold", 450),
        ("Go on until the end", 1700),
    )
)
SLOW = 1.2


def heard(
    *said: tuple[str, float], pauses_ms: dict[int, int] | None = None
) -> tuple[list[Passage], list[str]]:
    """Passages of texts, each such a part of its line; pauses are of 1.2 s, or as they are given."""
    lengths = {line.text: line.read_ms for line in LINES} | {"cough": 300}
    passages, at_ms = [], 1000
    for number, (text, part) in enumerate(said):
        end_ms = at_ms + round(lengths[text] * part * SLOW)
        passages.append(Passage(at_ms, end_ms, -20.0))
        at_ms = end_ms + (pauses_ms or {}).get(number, 1200)
    return passages, [text for text, _ in said]


def aligned(passages: Sequence[Passage], texts: Sequence[str], lines: Sequence[Expected] = LINES) -> Aligned:
    return align(passages, lines, lambda one, other: 1.5 if texts[one] == texts[other] else 6.0)


def steps(*said: tuple[str, float], pauses_ms: dict[int, int] | None = None) -> list[tuple[str, int, int]]:
    """Kind, first passage and line of each step."""
    passages, texts = heard(*said, pauses_ms=pauses_ms)
    return [(step.kind, step.first, step.line) for step, _ in aligned(passages, texts).steps]


WHOLE = tuple((line.text, 1.0) for line in LINES)
PLAIN = [("line", number, number + 1) for number in range(5)]


def test_line_by_line() -> None:
    passages, texts = heard(*WHOLE)
    found = aligned(passages, texts)
    assert [(step.kind, step.first, step.line) for step, _ in found.steps] == PLAIN
    assert abs(found.tempo - SLOW) < 0.05
    assert all(share > 0.95 for _, share in found.steps)


def test_a_line_that_is_said_again_is_that_line() -> None:
    assert steps(WHOLE[0], WHOLE[1], WHOLE[1], *WHOLE[2:]) == [
        *(("line", 0, 1), ("line", 1, 2), ("again", 2, 2)),
        *(("line", 3, 3), ("line", 4, 4), ("line", 5, 5)),
    ]


def test_a_line_that_was_broken_off_is_none() -> None:
    broken = (LINES[2].text, 0.5)
    assert steps(*WHOLE[:2], broken, *WHOLE[2:]) == [
        *(("line", 0, 1), ("line", 1, 2), ("slip", 2, 2)),
        *(("line", 3, 3), ("line", 4, 4), ("line", 5, 5)),
    ]


def test_a_line_that_was_left_out_is_skipped() -> None:
    assert steps(*WHOLE[:2], *WHOLE[3:]) == [
        *(("line", 0, 1), ("line", 1, 2), ("skip", 2, 3)),
        *(("line", 2, 4), ("line", 3, 5)),
    ]


def test_who_stops_early_or_starts_late_reads_a_part() -> None:
    assert steps(*WHOLE[:2])[2:] == [("skip", 2, 3), ("skip", 2, 4), ("skip", 2, 5)]
    assert steps(*WHOLE[2:])[:2] == [("skip", 0, 1), ("skip", 0, 2)]


def test_several_passages_may_be_one_line() -> None:
    half = (LINES[2].text, 0.45)
    passages, texts = heard(*WHOLE[:2], half, half, *WHOLE[3:], pauses_ms={2: 450})
    lines = (*LINES[:2], Expected(LINES[2].text, LINES[2].read_ms, pauses=1), *LINES[3:])
    found = align(passages, lines, lambda one, other: 6.0 if one != other else 0.0)
    assert [(step.kind, step.first, step.last, step.line) for step, _ in found.steps] == [
        *(("line", 0, 1, 1), ("line", 1, 2, 2), ("line", 2, 4, 3), ("line", 4, 5, 4), ("line", 5, 6, 5)),
    ]
    assert texts[2] == texts[3]


def test_what_could_be_two_lines_is_doubtful() -> None:
    lines = [Expected("One", 500), Expected("Two", 500), Expected("Six", 500)]
    passages = [Passage(at, at + 500, -20.0) for at in (1000, 2700, 4400, 6100)]
    # No two sound more alike than others: one is too many, and nobody knows which.
    found = align(passages, lines, lambda *_: 6.0)
    assert min(share for _, share in found.steps) < 0.6


def test_a_long_pause_says_that_it_is_said_again() -> None:
    lines = [Expected("One", 500), Expected("Two", 500), Expected("Six", 500)]
    passages = [Passage(at, at + 500, -20.0) for at in (1000, 2700, 6200, 7900)]
    found = align(passages, lines, lambda *_: 6.0)
    assert [step.line for step, _ in found.steps] == [1, 2, 2, 3]
    assert found.steps[2][1] > 0.8


def test_lines_with_words_in_common_are_no_repeat() -> None:
    texts = ("Rest", "Hold", "Switch sides", "Set 2 of 3", "Set 3 of 3", "Go")
    lines = [Expected(text, 1000) for text in texts]
    lengths_ms = (1000, 1000, 800, 1000, 1000, 1000, 1000)
    passages = [
        Passage(2200 * number, 2200 * number + length, -20.0) for number, length in enumerate(lengths_ms)
    ]
    # The third was broken off; it sounds less like the fourth than the two sets sound like one another.
    alike = {(2, 3): 2.7, (4, 5): 1.8}
    found = align(passages, lines, lambda *pair: alike.get(pair, 6.0))
    takes = {step.line: step.first for step, _ in found.steps if step.kind in {"line", "again"}}
    assert takes == {1: 0, 2: 1, 3: 3, 4: 4, 5: 5, 6: 6}


def test_who_turns_two_pages_leaves_out_many_lines() -> None:
    lines = [Expected(f"Word{number}", 400 + 150 * (number * 5 % 16)) for number in range(16)]
    read = [number for number in range(16) if not 4 <= number < 12]
    passages, at_ms = [], 1000
    for number in read:
        passages.append(Passage(at_ms, at_ms + lines[number].read_ms, -20.0))
        at_ms += lines[number].read_ms + 1200
    found = align(passages, lines, lambda *_: 6.0)
    assert [step.line - 1 for step, _ in found.steps if step.kind == "line"] == read


def test_no_line_and_no_passage() -> None:
    assert aligned([], [], LINES[:2]).steps[0][0].kind == "skip"
    passages, texts = heard(("cough", 1.0))
    assert [step.kind for step, _ in align(passages, [], lambda *_: 1.0).steps] == ["noise"]
    assert texts == ["cough"]


@given(st.lists(st.tuples(st.integers(100, 4000), st.integers(360, 5000)), max_size=8))
def test_whatever_is_heard_every_passage_is_accounted_for(rows: list[tuple[int, int]]) -> None:
    passages, at_ms = [], 0
    for length_ms, pause_ms in rows:
        passages.append(Passage(at_ms, at_ms + length_ms, -20.0))
        at_ms += length_ms + pause_ms
    found = align(passages, LINES, lambda one, other: float(abs(one - other)))
    spans = [(step.first, step.last) for step, _ in found.steps if step.kind != "skip"]
    assert [last for _, last in spans] == [*(first for first, _ in spans[1:]), len(passages)][: len(spans)]
    done = [step.line for step, _ in found.steps]
    assert done == sorted(done)
    assert done[-1:] == [5]
    assert all(0 <= share <= 1 for _, share in found.steps)
