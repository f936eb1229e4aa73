"""Gaps that meet become one."""

import pytest

from audiocoach.coaching.steps import Effort, Gap, SayStep, Step
from tests.generate import planned

HEAD = "title: T\nmoves: {bend: {name: Bend, for: 9s}, hop: {name: Hop, for: 9s}}\nsession: "


def shape(session: str) -> list[str]:
    return [_row(step) for step in planned(HEAD + session).steps]


def _row(step: Step) -> str:
    match step:
        case Gap():
            says = "".join(f" '{talk.words.text}'" for talk in step.says)
            return f"{step.kind} {step.length_ms // 1000}{says}"
        case Effort():
            return step.name
        case SayStep():
            return f"'{step.words.text}'"
        case _:
            return type(step).__name__.lower()


SHAPES = {
    "[{do: bend, rest: 20s}, {do: hop}]": ["ready 5", "Bend", "rest 20", "Hop"],
    "[{do: bend, rest: 20s}, {rest: 30s}, {do: hop, ready: 25s}]": ["ready 5", "Bend", "rest 30", "Hop"],
    "[{do: bend, rest: 20s}, {do: hop, ready: 25s}]": ["ready 5", "Bend", "ready 25", "Hop"],
    "[{do: bend, rest: 2s}, {do: hop}]": ["ready 5", "Bend", "rest 2", "Hop"],
    "[{do: bend, rest: 20s}]": ["ready 5", "Bend"],
    "[{do: bend}, {rest: 20s}, {say: Done.}]": ["ready 5", "Bend", "'Done.'"],
    "[{do: bend}, {rest: 20s}, {say: Drink.}, {do: hop}]": ["ready 5", "Bend", "rest 20 'Drink.'", "Hop"],
    "[{do: bend}, {say: Drink.}, {do: hop}]": ["ready 5", "Bend", "'Drink.'", "ready 5", "Hop"],
    "[{do: bend}, {pause: 5s}]": ["ready 5", "Bend", "pausestep"],
    "[{do: bend}, {rest: 9s}, {pause: 5s}]": ["ready 5", "Bend", "pausestep"],
    "[{do: bend}, {rest: 9s}, {tone: bell}, {do: hop}]": [
        "ready 5",
        "Bend",
        "rest 9",
        "tonestep",
        "ready 5",
        "Hop",
    ],
    "[{rest: 9s}, {do: bend}]": ["rest 9", "Bend"],
    "[{do: bend, rest: 0s}, {do: hop}]": ["ready 5", "Bend", "rest 0", "Hop"],
    "[{do: bend}, {do: hop, ready: 0s}]": ["ready 5", "Bend", "ready 0", "Hop"],
    "[{do: bend, every: 12s}, {do: hop}]": ["ready 5", "Bend", "rest 3", "Hop"],
    # What a grid leaves is a rest only where it leaves something: nobody declared that of nothing.
    "[{do: bend, every: 9s, sets: 2}, {do: hop}]": ["ready 5", "Bend", "rest 0", "Bend", "ready 5", "Hop"],
    "[{do: bend, every: 9s}, {do: hop, ready: 0s}]": ["ready 5", "Bend", "rest 0", "Hop"],
}


@pytest.mark.parametrize("session", SHAPES)
def test_gaps_that_meet_count_once(session: str) -> None:
    assert shape(session) == SHAPES[session]


def test_a_say_with_a_pause_of_its_own_stands_alone() -> None:
    found = shape("[{do: bend}, {rest: 20s}, {say: Listen., pause: 4s}, {do: hop}]")
    assert found == ["ready 5", "Bend", "rest 20", "'Listen.'", "ready 5", "Hop"]


def test_sections_that_begin_together_are_one_chapter() -> None:
    plan = planned(HEAD + "[{section: A, items: [{section: B, items: [do: bend]}]}]")
    assert [step.chapter for step in plan.steps if isinstance(step, Gap)] == ["A: B"]


LATER_ROUNDS = {
    "{section: A, items: [do: bend]}": ["A", "A (2)"],
    "{section: A, items: [{section: B, items: [do: bend]}]}": ["A: B", "A: B (2)"],
    "{section: A, items: [{repeat: 2, items: [{section: B, items: [do: bend]}]}]}": [
        *("A: B", "B (2)"),
        *("A (2): B", "B (2)"),
    ],
    "{do: bend}": ["Bend", "Bend (2)"],
}


@pytest.mark.parametrize("item", LATER_ROUNDS)
def test_a_chapter_of_a_later_round_has_its_number(item: str) -> None:
    plan = planned(HEAD + f"[{{repeat: 2, items: [{item}]}}]")
    assert [step.chapter for step in plan.steps if isinstance(step, Gap)] == LATER_ROUNDS[item]


INSIDE = {
    "{section: A, items: [{section: B, items: [do: bend]}, {do: hop}]}": ["A: B", "A"],
    "{section: A, repeat: 2, items: [{do: hop}, {section: B, items: [do: bend]}]}": [
        *("A", "B"),
        *("A (2)", "B (2)"),
    ],
    "{section: A, repeat: 2, items: [{repeat: 2, items: [do: hop]}, {do: bend}]}": ["A"],
    "{section: A, items: [{section: B, items: [do: bend]}]}, {do: hop}": ["A: B", "Hop"],
    "{for: 2m, items: [{do: bend}, {do: hop}, {do: bend}]}, {do: hop}": ["Bend and Hop", "Hop"],
    "{section: A, items: [{for: 2m, items: [do: hop]}]}": ["A"],
}


@pytest.mark.parametrize("items", INSIDE)
def test_a_chapter_lasts_no_longer_than_what_it_is_called_after(items: str) -> None:
    plan = planned(HEAD + f"[{items}]")
    found = [step.chapter for step in plan.steps if isinstance(step, Gap)]
    assert [title for title in found if title] == INSIDE[items]


def test_every_effort_knows_what_comes_next() -> None:
    plan = planned(HEAD + "[{do: bend, sets: 2, rest: 5s}, do: hop]")
    efforts = [step for step in plan.steps if isinstance(step, Effort)]
    assert [effort.next_name for effort in efforts] == ["Hop", "Hop", None]
