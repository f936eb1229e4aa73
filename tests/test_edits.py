"""Edits by span: what was meant is read back, all else stays to the byte, and can be taken back."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise, product
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiocoach.errors import InputError
from audiocoach.routine.source import Mapping, Scalar, Sequence
from audiocoach.studio.edits.document import Units, applied, find, inverse, read, resolve, said
from audiocoach.studio.edits.edit import Define, Edit, Insert, Move, Remove, Set, edit
from tests.conftest import ROOT, examples
from tests.every import every

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiocoach.routine.source import Node
    from audiocoach.studio.edits.document import Pointer

BLOCKS = """\
title: Five # of them
session:
  # the first
  - do: plank # it
    for: 40s
  - {do: "bird-dog", for: 30s}

  # breathe
  - rest: 30s
  - say: >-
      Come down
      to the floor.
"""
HOSTILE = (
    *(
        "a: b",
        "a #b",
        "- a",
        "yes",
        "No",
        "null",
        "~",
        "30",
        "-5s",
        "1:30",
        "",
        " ",
        "a ",
        "it's",
        '"a"',
        "\\n",
    ),
    *("[a]", "{a}", "a, b", "&a", "*a", "!a", "%a", "@a", "`a", "|", ">", "?", "? a", ":", "a:", "#", "---"),
    *(
        "...",
        "<<",
        "=",
        "a\nb",
        "a\n\n b\n",
        "\n",
        "\ta",
        "💪 strong",
        "e\u0301 \u202f\ufeff",
        "😀" * 3,
        "x" * 300,
    ),
    *("a\u2028b", "two  blanks " * 20, "ends\n\n"),
)
TEXTS = st.one_of(
    st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60)
)
ROUTINES = sorted((ROOT / "routines").rglob("*.yaml"))


def after(text: str, *wanted: Edit) -> str:
    changes = edit(text, wanted)
    assert all(one.end <= other.start for one, other in pairwise(changes))
    edited = applied(text, changes)
    assert applied(edited, inverse(text, changes)) == text
    return edited


def pointers(node: Node | None, above: Pointer = ()) -> Iterator[Pointer]:
    """Every way to something in the tree."""
    if isinstance(node, Sequence):
        for index, item in enumerate(node.items):
            yield (*above, index)
            yield from pointers(item, (*above, index))
    elif isinstance(node, Mapping):
        for entry in node.entries:
            yield (*above, entry.key.text)
            yield from pointers(entry.value, (*above, entry.key.text))


def keeps(edited: str, text: str) -> bool:
    """Whether every comment is still there."""
    return not Counter(comments(text)) - Counter(comments(edited))


def comments(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip().startswith("#")]


@pytest.mark.parametrize(
    ("wanted", "old", "new"),
    [
        (Set(("title",), "Six"), "title: Five # of", "title: Six # of"),
        (Set(("title",), "yes: # no"), "title: Five", 'title: "yes: # no"'),
        (Set(("title",), "2024"), "title: Five", 'title: "2024"'),
        (Set(("session", 0, "for"), "45"), "for: 40s", "for: 45"),
        (Set(("session", 0, "sets"), "3"), "    for: 40s\n", "    for: 40s\n    sets: 3\n"),
        (Set(("session", 1, "do"), "plank"), 'do: "bird-dog"', 'do: "plank"'),
        (Set(("session", 1, "sets"), "3"), "for: 30s}", "for: 30s, sets: 3}"),
        (Set(("voice", "rate"), "150"), "to the floor.\n", "to the floor.\nvoice: {rate: 150}\n"),
        (
            Set(("session", 3, "say"), "Stand up."),
            "      Come down\n      to the floor.\n",
            "      Stand up.\n",
        ),
        (Remove(("session", 0, "do")), "do: plank # it\n    for: 40s", "for: 40s"),
        (Remove(("session", 0, "for")), "    for: 40s\n", ""),
        (Remove(("session", 1, "do")), 'do: "bird-dog", ', ""),
        (Remove(("session", 1)), '  - {do: "bird-dog", for: 30s}\n', ""),
        (Insert(("session",), 2, "{rest: 9s}"), "30s}\n", "30s}\n  - {rest: 9s}\n"),
        (Insert(("session",), 1, "do: squat\nreps: 9"), "40s\n", "40s\n  - do: squat\n    reps: 9\n"),
        (Insert(("tags",), 0, "core"), "to the floor.\n", "to the floor.\ntags: [core]\n"),
    ],
)
def test_only_what_is_meant_changes(wanted: Edit, old: str, new: str) -> None:
    assert after(BLOCKS, wanted) == BLOCKS.replace(old, new)


def test_an_item_takes_the_comment_right_above_it_along() -> None:
    moved = after(BLOCKS, Move(("session", 2), 0))
    assert moved.index("# the first") < moved.index("# breathe\n  - rest: 30s\n  - do: plank # it")
    assert keeps(moved, BLOCKS)


def test_several_edits_are_told_as_changes_of_the_text_that_was_sent() -> None:
    edited = after(BLOCKS, Move(("session", 3), 0), Set(("session", 1, "for"), "1m"), Remove(("title",)))
    assert said(read(edited).tree) == said(read(after(after(BLOCKS, Set(("session", 0, "for"), "1m"),
        Move(("session", 3), 0)), Remove(("title",)))).tree)  # fmt: skip


ENDINGS = (BLOCKS, BLOCKS.rstrip("\n"), "\ufeff" + BLOCKS.replace("\n", "\r\n"))
SPOTS: tuple[Pointer, ...] = (("title",), ("session", 1, "do"), ("session", 3, "say"), ("session", 1, "x"))


@every(product(SPOTS, HOSTILE, ENDINGS))
def test_a_hostile_text_is_read_back(row: tuple[Pointer, str, str]) -> None:
    pointer, value, text = row
    edited = after(text, Set(pointer, value))
    node = find(read(edited).tree, pointer)
    assert isinstance(node, Scalar)
    assert node.text == value.replace("\u2028", " ")
    assert keeps(edited, text)
    assert ("\r\n" in text) == ("\r\n" in edited)
    assert not edited.replace("\r\n", "").count("\n") or "\r\n" not in text


@pytest.mark.parametrize("value", ["a\x00", "\u202e", "\ud800"])
def test_what_no_routine_may_hold_is_refused(value: str) -> None:
    with pytest.raises(InputError, match="invisible"):
        edit(BLOCKS, (Set(("title",), value),))


@pytest.mark.parametrize(
    "wanted",
    [Remove(("session", 9)), Remove(("say",)), Move(("title",), 1), Insert(("title",), 0, "a"), Remove(())],
)
def test_what_is_not_there_is_refused(wanted: Edit) -> None:
    with pytest.raises(InputError):
        edit(BLOCKS, (wanted,))


def test_anchors_and_tags_stay() -> None:
    assert after("a: &x one\nb: !!str two # c\n", Set(("a",), "1st"), Set(("b",), "- 2")) == (
        'a: &x 1st\nb: !!str "- 2" # c\n'
    )


def test_a_list_is_written_as_a_list() -> None:
    text = "tags: [a, b]\nways:\n  - in\n  - out\n"
    edited = after(text, Set(("tags",), 'a, "b, c"'), Set(("ways",), "out, in"))
    assert edited == 'tags: [a, "b, c"]\nways:\n  - out\n  - in\n'


@given(data=st.data())
@settings(max_examples=examples(20))
def test_any_edit_of_our_routines_says_what_was_meant(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(ROUTINES)).read_text("utf-8")
    text = data.draw(st.sampled_from([text, text.rstrip("\n"), text.replace("\n", "\r\n"), "\ufeff" + text]))
    tree = read(text).tree
    pointer = data.draw(st.sampled_from(list(pointers(tree))))
    node, holder = find(tree, pointer), find(tree, pointer[:-1])
    if isinstance(node, Scalar):
        value = data.draw(TEXTS)
        edited = after(text, Set(pointer, value))
        assert find(read(edited).tree, pointer).text == value.replace("\u2028", " ")  # type: ignore[union-attr]
        assert keeps(edited, text)
        assert after(edited, Set(pointer, node.text))
    if isinstance(holder, Sequence):
        at = data.draw(st.integers(0, len(holder.items) - 1))
        assert keeps(after(text, Move(pointer, at)), text)
        assert keeps(after(text, Insert(pointer[:-1], at, "{do: plank, for: 40s}")), text)
    elif isinstance(holder, Mapping):
        assert keeps(after(text, Set((*pointer[:-1], "made up"), "- x")), text)
    after(text, Remove(pointer))


def test_browsers_count_some_characters_as_two() -> None:
    assert [Units("a😀b").of(place) for place in range(4)] == [0, 1, 3, 4]


def test_the_way_of_a_node_leads_to_it() -> None:
    tree = read(BLOCKS).tree
    assert resolve(tree, "session/3/say") == ("session", 3, "say")
    assert resolve(tree, "session/9") == ("session",)


SQUAT = "name: Squat\nsteps:\n  - Down.\n\n  - Up."
ADDED = "  squat:\n    name: Squat\n    steps:\n      - Down.\n\n      - Up."
PLANK = "moves:\n  plank: {name: Plank} # mine\n"
DEFINED = {
    "behind the last one": (f"{PLANK}\nsession: []\n", f"{PLANK}{ADDED}\n\nsession: []\n"),
    "in a map that is made for it": ("session: [] # none yet", f"session: [] # none yet\nmoves:\n{ADDED}"),
    "with the lines' own ends": (
        PLANK.replace("\n", "\r\n"),
        f"{PLANK}{ADDED}\n".replace("\n", "\r\n"),
    ),
}


@pytest.mark.parametrize(("old", "new"), DEFINED.values(), ids=DEFINED)
def test_a_move_is_put_among_the_others(old: str, new: str) -> None:
    assert applied(old, edit(old, (Define(("moves", "squat"), SQUAT),))) == new


def test_a_move_of_braces_stays_in_braces() -> None:
    old = "moves:\n  plank: {}\n"
    new = applied(old, edit(old, (Define(("moves", "squat"), "{name: Squat}"),)))
    assert said(read(new).tree) == said(read("moves: {plank: {}, squat: {name: Squat}}").tree)


@pytest.mark.parametrize("old", ["moves: {squat: {}}\n", "moves: {plank: {}}\n", "moves: no map\n"])
def test_a_move_that_is_there_or_has_no_place_is_refused(old: str) -> None:
    with pytest.raises(InputError):
        edit(old, (Define(("moves", "squat"), SQUAT),))


def test_an_amount_is_written_as_by_hand_whatever_stood_there() -> None:
    text = 'session:\n  - {do: squat, sets: "3x10"}\n  - do: plank\n    sets: abc # sets\n'
    first = Set(("session", 0, "sets"), "3", is_amount=True)
    second = Set(("session", 1, "sets"), "2-3", is_amount=True)
    assert after(text, first, second) == text.replace('"3x10"', "3").replace("abc", "2-3")
    # Words that look like a number stay words.
    assert after("title: Legs\n", Set(("title",), "2024")) == 'title: "2024"\n'
