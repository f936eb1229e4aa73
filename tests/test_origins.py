"""Where words come from that are heard, and what leaves them out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audiocoach.store.options import Overrides
from audiocoach.studio.edits.document import applied
from audiocoach.studio.edits.edit import edit
from audiocoach.studio.origins import Reader, origin_of

if TYPE_CHECKING:
    from pathlib import Path

    from audiocoach.studio.origins import Origin

ROUTINE = """\
title: Two moves
safety: Stop if it hurts.
include: legs.yaml
session:
  - section: Strength
    items:
      - {do: bridge, reps: 4, sets: 2, rest: 20s}   # slowly
      - do: plank
        hold: 40s
  - {do: lunge, reps: 3}
  - say: That was it. <pause 1s> Well done. <pause 2s> Bye.
moves:
  bridge:
    name: Bridge
    setup: Lie on your back, knees bent.
    tempo: 2-2
    steps: [Lift, Lower]
  plank:
    name: Plank
    setup: Forearms down. # mine
    easier: {say: Knees down.}
    reminders: [Ribs soft.]
"""
LIBRARY = "moves:\n  lunge: {name: Lunge, setup: Stand tall.}\n"


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    folder: Path = tmp_path_factory.mktemp("origins")
    (folder / "legs.yaml").write_text(LIBRARY, "utf-8")
    return Reader(folder / "two.yaml", Overrides(), lambda _: None)


def of(reader: Reader, words: str, text: str = ROUTINE) -> Origin:
    return origin_of(reader, text, words, 0)


def without(reader: Reader, words: str, way: int = 0, text: str = ROUTINE) -> str:
    return applied(text, edit(text, of(reader, words, text).ways[way].edits))


@pytest.mark.parametrize(
    ("words", "where", "before", "after"),
    [
        ("Stop if it hurts.", "line 2: the safety line", "safety: Stop if it hurts.\n", ""),
        (
            "Forearms down.",
            "for \u201cPlank\u201d: how to get into it",
            "    setup: Forearms down. # mine\n",
            "",
        ),
        # What is there for these words alone goes with them.
        ("Ribs soft.", "for \u201cPlank\u201d: a reminder", "    reminders: [Ribs soft.]\n", ""),
        ("Easier: Knees down.", "the easier version", "    easier: {say: Knees down.}\n", ""),
        ("That was it.", "line 11: words", "That was it. <pause 1s> Well", "Well"),
        ("Well done.", "line 11: words", " Well done. <pause 2s>", ""),
        ("Bye.", "line 11: words", " <pause 2s> Bye.", ""),
    ],
)
def test_words_of_the_author_are_taken_out_of_their_field(
    reader: Reader, words: str, where: str, before: str, after: str
) -> None:
    found = of(reader, words)
    assert where in found.where
    assert [way.label for way in found.ways] == ["Leave it out"]
    assert before in ROUTINE
    assert without(reader, words) == ROUTINE.replace(before, after)


def test_an_item_that_is_there_for_its_words_goes_with_them(reader: Reader) -> None:
    text = ROUTINE.replace("That was it. <pause 1s> Well done. <pause 2s> Bye.", "Bye.\n    pause: 2s")
    assert without(reader, "Bye.", text=text) == text.replace("  - say: Bye.\n    pause: 2s\n", "")


def test_what_the_coach_says_by_itself_is_silenced_for_a_move_or_everywhere(reader: Reader) -> None:
    found = of(reader, "Halfway.")
    assert found.where == "The coach says it by itself, for what stands on line 8 (the phrase halfway)."
    assert [way.label for way in found.ways] == ["Leave it out for this move", "Leave it out everywhere"]
    assert "hold: 40s\n        announce: {halfway: false}\n" in without(reader, "Halfway.")
    assert without(reader, "Halfway.", 1).endswith('phrases: {halfway: ""}\n')


@pytest.mark.parametrize(
    ("words", "phrase"),
    [("1.", "rep"), ("Last set.", "set_last"), ("First: Bridge. 4 repetitions, 2 sets.", "first")],
)
def test_its_phrase_is_found_by_its_words(reader: Reader, words: str, phrase: str) -> None:
    assert f"(the phrase {phrase})" in of(reader, words).where
    assert f'phrases: {{{phrase}: ""}}' in without(reader, words, -1)


def test_a_wording_of_ones_own_is_silenced_in_its_place(reader: Reader) -> None:
    text = ROUTINE + "phrases:\n  halfway: [Half of it., The middle.]\n"
    assert without(reader, "Half of it.", 1, text).endswith('phrases:\n  {halfway: ""}\n')


def test_what_cannot_be_left_out_says_where_it_comes_from(reader: Reader) -> None:
    # Two phases have two calls.
    assert of(reader, "Lift").where.endswith("a step.")
    assert of(reader, "Lift").ways == ()
    assert of(reader, "Nobody says this.").where == "These words are not heard any more."


def test_words_of_a_library_are_left_out_of_this_session_alone(reader: Reader) -> None:
    found = of(reader, "Stand tall.")
    assert found.where == (
        "They are written in legs.yaml, on line 2, for \u201cLunge\u201d: how to get into it. "
        "What you change here is for this session alone."
    )
    assert found.line is None
    after = ROUTINE.replace("do: lunge", "do: my-lunge") + "  my-lunge:\n    name: Lunge\n"
    assert without(reader, "Stand tall.") == after
