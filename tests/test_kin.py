"""Phrases that are the same one in another place: what an author says of one holds for both."""

from __future__ import annotations

import pytest

from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.timeline import Speech
from audiocoach.language.kin import FALLS_BACK_TO, SILENT_WITH, with_kin
from audiocoach.routine import wordings
from tests.generate import constant, planned

ENTRIES = wordings.load("en")
# Named after another entry, with words of their own: they tell another thing, or one alone may be unwanted.
OF_THEIR_OWN = frozenset(
    {
        *("round_first", "round_last", "inner_first", "inner_last", "part_first", "part_last"),
        *(
            "set_last",
            "set_dose",
            "set_last_dose",
            "move_last",
            "turn_last",
            "minute_turn",
            "minute_turn_last",
        ),
        *("rest_short", "next_plain", "lesson_sides", "side_first", "learn_opening_one", "rep_call"),
        *("circuit_rounds", "circuit_round", "circuit_start", "circuit_done", "circuit_name", "circuit_move"),
        *("circuit_step", "every_brief", "every_once", "rep_side", "rep_last", "rep_side_last"),
        *("switch_sides_ahead", "switch_ways_ahead"),  # a side is told wherever it can be
        *(
            "turn_over",
            "turn_to_front",
            "turn_to_back",
            "sit_up_to_standing",
            "breath_last",
            "breaths_left",
            "dose_weight_alone",
            "dose_each_way_and_side",
        ),
    }
)


def test_every_entry_that_is_named_after_another_is_its_kin_or_has_words_of_its_own() -> None:
    named = {key for key in ENTRIES if any(key.startswith(f"{other}_") for other in ENTRIES)}
    kin = set(FALLS_BACK_TO) | set(SILENT_WITH)
    assert named - kin <= OF_THEIR_OWN
    assert not kin & OF_THEIR_OWN - {"part_first", "part_last"}
    assert kin | set(FALLS_BACK_TO.values()) | set(SILENT_WITH.values()) <= set(ENTRIES)


def test_what_falls_back_stands_behind_what_it_falls_back_to() -> None:
    order = [*SILENT_WITH, *FALLS_BACK_TO]
    chained = [(key, other) for key, other in FALLS_BACK_TO.items() if other in order]
    assert chained
    assert all(order.index(other) < order.index(key) for key, other in chained)


def test_an_author_s_own_is_kept_and_words_are_never_taken_where_silence_alone_is_shared() -> None:
    assert with_kin({"section": ("S.",), "section_first": ("F.",)}) == {
        "section": ("S.",),
        "section_first": ("F.",),
    }
    assert with_kin({"half": ("H.",)}) == {"half": ("H.",)}
    assert with_kin({"half": ("",)}) == {"half": ("",), "half_more": ("",)}


MOVES = """
moves:
  a: {name: Alpha, steps: [{say: Reach far.}], tempo: 8s}
  b: {name: Beta, sides: [left, right], weight: [8 kg, 9 kg], reps: [6, 5], tempo: 4s, rest: 20s}
  c: {name: Gamma, hold: 20s, steps: [{say: Stay as long as you can and let your weight sink.}]}
"""
SESSION = """
session:
  - {section: Legs, items: [{do: a, reps: 4}]}
  - {rest: 20s}
  - section: Arms
    repeat: 4
    rest: 20s
    items:
      - {do: a, reps: 2}
      - {repeat: 2, items: [{section: In, repeat: 2, items: [{do: a, for: 9s}]}]}
  - {do: b}
  - {do: c, hold: 3s, reps: 3}
  - {do: a, sides: alternate, reps: 4}
"""


def heard(phrases: str) -> list[str]:
    text = f"title: T\nphrases: {{{phrases}}}{MOVES}{SESSION}"
    return [event.text for event in schedule(planned(text), constant).events if isinstance(event, Speech)]


# What the author has worded, and what is heard of it in the place of the other entry.
WORDED = [
    ('section: "Now: <section>"', "section_first", "Now: Legs"),
    ('round: "Lap <round> of <rounds>"', "rounds_to_go", "Lap 3 of 4"),
    ('move: "Exercise <move> of <moves>"', "move_first", "Exercise 1 of 6"),
    ('rep: "Number <count>"', "hold", "Number 2"),
    ('lesson: "So: <text>"', "lesson_holds", "So: Stay as long"),
    ('dose_weight: "<text> with <weight>"', "dose_of_set_weight", "with 9 kg"),
    ('dose_alternate: "<text>, by turns"', "dose_shared", "by turns"),
]


@pytest.mark.parametrize(("own", "kin", "words"), WORDED, ids=[row[1] for row in WORDED])
def test_words_for_one_are_heard_in_the_place_of_the_other(own: str, kin: str, words: str) -> None:
    assert kin in FALLS_BACK_TO
    assert any(words in text for text in heard(own))


def test_the_first_side_of_several_sets_is_told_in_an_author_s_words_for_a_first_side() -> None:
    words = heard('side_first: "Begin <side>."')
    assert "Begin left." in words
    assert not any("First all" in text for text in words)


@pytest.mark.parametrize(
    ("own", "gone"), [("section", "part: "), ("round", "rounds to go"), ("move", "There are 6")]
)
def test_silence_holds_for_both(own: str, gone: str) -> None:
    assert any(gone in text for text in heard(""))
    assert not any(gone in text for text in heard(f'{own}: ""'))
