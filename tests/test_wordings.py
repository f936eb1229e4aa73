"""What may stand in a phrase, told in one run with everything else."""

from pathlib import Path

import pytest

from audiocoach.routine import wordings
from tests.generate import problems

EMPTY = {
    (
        "rest",
        "Rest, <name>.",
    ): '<name> has no value in the phrase "rest": expected <duration>, <text>, <title>',
    ("set", "<reps> to go."): (
        '<reps> has no value in the phrase "set": expected <duration>, <set>, <sets>, <title>'
    ),
    ("left", "<title>"): '<title> has no value in the phrase "left": expected no placeholder',
    ("dose_for", "<duration>"): '<duration> has no value in the phrase "dose_for": expected <text>',
}


@pytest.mark.parametrize(("key", "text"), EMPTY)
def test_a_placeholder_without_a_value_is_told_at_its_column(key: str, text: str, tmp_path: Path) -> None:
    routine = f'title: T\nphrases: {{{key}: "{text}"}}\nsession: [{{say: Hi.}}]\n'
    column = routine.splitlines()[1].index("<") + 1
    assert problems(routine, tmp_path) == [f"2:{column}: {EMPTY[key, text]}"]


def test_a_wording_may_hold_what_the_pack_s_own_hold_and_the_title(tmp_path: Path) -> None:
    own = '{first: "<name>: <dose> of <title>.", side: "<side>, <duration>."}'
    assert problems(f"title: T\nphrases: {own}\nsession: [{{say: Hi.}}]\n", tmp_path) == []


def test_phrases_are_told_beside_everything_else_that_is_wrong(tmp_path: Path) -> None:
    text = 'levl: strong\nphrases:\n  rest: "Rest, <name>."\n  halfwey: Half.\nsession: [do: plank]\n'
    assert problems(text, tmp_path) == [
        '1:1: "title" is missing: expected, for example, title: Spine flow',
        '1:1: unknown field "levl" in a routine; did you mean "level"?',
        '3:16: <name> has no value in the phrase "rest": expected <duration>, <text>, <title>',
        '4:12: unknown phrase "halfwey"; did you mean "halfway"?',
        '5:15: unknown move "plank"; there are none',
    ]


def test_an_unknown_language_has_no_phrases_to_hold_against(tmp_path: Path) -> None:
    text = "title: T\nlanguage: xx\nphrases: {halfwey: Half.}\nsession: [{say: Hi.}]\n"
    (told,) = problems(text, tmp_path)
    assert told.startswith('2:11: there is no phrase pack for the language "xx"; known: en: leave')


def test_of_an_unknown_phrase_a_few_near_names_are_told_and_not_all_of_them(tmp_path: Path) -> None:
    text = "title: T\nphrases: {goodbye: Bye.}\nsession: [{say: Hi.}]\n"
    (line,) = problems(text, tmp_path)
    assert line.startswith('2:20: unknown phrase "goodbye"; near it: ')
    assert line.count(",") == 4


def test_the_pack_is_read_as_it_was_written() -> None:
    assert wordings.load("en")["halfway"] == ("Halfway.", "You are halfway.")
