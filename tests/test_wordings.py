"""What may stand in a phrase, told in one run with everything else."""

from pathlib import Path

import pytest

from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.timeline import Speech
from audiocoach.routine import wordings
from tests.generate import constant, planned, problems

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

DEFINE = ": define it under moves, or include the library that holds it"


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
        f'5:15: unknown move "plank"; there are none{DEFINE}',
    ]


def test_an_unknown_language_has_no_phrases_to_hold_against(tmp_path: Path) -> None:
    text = "title: T\nlanguage: xx\nphrases: {halfwey: Half.}\nsession: [{say: Hi.}]\n"
    (told,) = problems(text, tmp_path)
    assert told.startswith('2:11: there is no phrase pack for the language "xx"; known: en: leave')


def test_of_an_unknown_phrase_a_few_near_names_are_told_and_not_all_of_them(tmp_path: Path) -> None:
    text = "title: T\nphrases: {goodbye: Bye.}\nsession: [{say: Hi.}]\n"
    (line,) = problems(text, tmp_path)
    assert line.startswith('2:20: unknown phrase "goodbye"; known: ')
    assert line.count(",") == 4


def test_the_pack_is_read_as_it_was_written() -> None:
    assert wordings.load("en")["halfway"] == ("Halfway.", "You are halfway.")


RICH = """\
title: T
breath: 3-4
moves:
  dog: {name: Bird dog, setup: Kneel on your <side> knee., equipment: [mat], reminders: [Breathe.], reps: 6}
  bridge: {name: Bridge, hold: 10s, reps: 3, steps: [Lift your hips.], easier: {say: Stay low.}}
  march: {name: March, for: 60s, ways: [up, down]}
  rest-pose: {name: Rest pose, breaths: 8}
session:
  - section: Strength
    repeat: 2
    rest: 20s
    items:
      - {do: dog, sides: alternate, sets: 2, rest: 15s}
      - {repeat: 2, items: [{do: bridge, sides: each, sets: 2, rest: 0s}]}
  - {do: march}
  - {rest: 12s}
  - {do: rest-pose}
  - {do: march, every: 4m, ways: [up], sets: 2}
  - {for: 2m, items: [{do: rest-pose}, {do: bridge}]}
"""
SILENT = sorted(key for key in wordings.load("en") if wordings.may_be_silent(key))


@pytest.mark.parametrize("key", SILENT)
def test_any_sentence_may_be_silenced_and_nothing_else_changes_its_length(key: str) -> None:
    plain, silent = (schedule(planned(head + RICH), constant) for head in ("", f'phrases: {{{key}: ""}}\n'))
    words = [event for event in silent.events if isinstance(event, Speech)]
    assert all(word.text and word.duration_ms for word in words)
    assert not any('""' in note.message for note in silent.notes)
    lengths = [
        [
            (one.kind, one.duration_ms)
            for one in found.intervals
            if one.kind in {"work", "hold", "reps", "breaths"}
        ]
        for found in (plain, silent)
    ]
    assert lengths[0] == lengths[1]
    own = wordings.load("en")[key]
    plainly = {text for text in own if "<" not in text}
    assert not plainly & {word.text for word in words} - other_words(key)


def other_words(key: str) -> set[str]:
    """What other entries say as well."""
    return {text for name, own in wordings.load("en").items() if name != key for text in own}


REFUSED = {
    "dose_hold": "other phrases are made with it",
    "left": "other phrases are made with it",
    "seconds": "other phrases are made with it",
    "lesson": "what you wrote is taught in it",
}


@pytest.mark.parametrize("key", REFUSED)
def test_a_part_of_others_cannot_be_silent(key: str, tmp_path: Path) -> None:
    text = f'title: T\nphrases: {{{key}: ""}}\nsession: [{{say: Hi.}}]\n'
    message = f'the phrase "{key}" cannot be silent, since {REFUSED[key]}: expected words, found ""'
    assert problems(text, tmp_path) == [f"2:{len(key) + 13}: {message}"]
