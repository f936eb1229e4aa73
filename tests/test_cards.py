"""A routine as cards: what is in the session, in order, with what was written and what may be."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from audiocoach.studio.cards import cards_of
from audiocoach.studio.edits.document import read
from audiocoach.studio.look import card_record
from tests.conftest import ROOT

if TYPE_CHECKING:
    from audiocoach.studio.cards import Card

GOLDEN = ROOT / "tests" / "golden" / "cards"
FIVE = ("bear-plank-flow", "five-moves", "four-moves", "knee-to-chest", "sixteen-minutes")

TEXT = """\
title: 💪 Legs
tags: [a, "b, c"]
session:
  - section: One
    repeat: 2
    items:
      - {do: squat, for: 40s, at: [{at: 20s, say: Half.}]}
      - rest: 30s
  - say: >-
      Now a long word
      or two.
  - just words
  - {repeat: 3, items: [{do: Side plank}]}
"""


def short(card: Card) -> tuple[str, int, str]:
    return card.kind, card.depth, card.title


def test_cards_are_in_the_order_of_the_text_and_children_follow_their_block() -> None:
    assert [short(card) for card in cards_of(read(TEXT))] == [
        ("routine", 0, "💪 Legs"),
        ("section", 0, "One"),
        ("do", 1, "Squat"),
        ("rest", 1, "Rest 30s"),
        ("say", 0, "Now a long word or two."),
        ("other", 0, "just words"),
        ("block", 0, "3 rounds"),
        ("do", 1, "Side plank"),
    ]


def test_places_are_those_of_the_text_as_browsers_count() -> None:
    cards = cards_of(read("\ufeff" + TEXT.replace("\n", "\r\n")))
    units = ("\ufeff" + TEXT.replace("\n", "\r\n")).encode("utf-16-le")
    values = {
        field.value: units[2 * field.start : 2 * field.end].decode("utf-16-le")
        for card in cards
        for field in card.fields
        if field.start is not None and field.end is not None
    }
    assert values["💪 Legs"] == "💪 Legs"
    assert values["40s"] == "40s"
    assert values["Side plank"] == "Side plank"
    assert values['a, "b, c"'] == '[a, "b, c"]'


def test_fields_say_what_they_take_and_only_texts_are_in_forms() -> None:
    squat = next(card for card in cards_of(read(TEXT)) if card.kind == "do")
    fields = {field.name: field for field in squat.fields}
    assert fields["for"].kind == "time"
    assert fields["sets"].kind == "number"
    assert fields["sides"].choices[:2] == ("each", "alternate")
    assert fields["sets"].start is None
    assert fields["sets"].about
    assert "at" not in fields


def test_what_is_no_map_can_only_be_changed_in_the_text() -> None:
    other = next(card for card in cards_of(read(TEXT)) if card.kind == "other")
    assert (other.fields, bool(other.locked)) == ((), True)
    assert cards_of(read("- a")) == ()


@pytest.mark.parametrize("name", FIVE)
def test_the_five_routines_have_these_cards(name: str) -> None:
    """Of their fields those that are written: all there may be are in the schema."""
    text = (ROOT / "routines" / f"{name}.yaml").read_text("utf-8")
    records = [card_record(card) for card in cards_of(read(text))]
    rows = [
        json.dumps(
            [
                *(one[name] for name in ("pointer", "kind", "title", "from", "to", "line", "depth")),
                {field["name"]: field["value"] for field in one["fields"] if "from" in field},
            ],
            ensure_ascii=False,
        )
        for one in records
    ]
    written = "\n".join([*rows, ""])
    golden = GOLDEN / f"{name}.jsonl"
    if os.environ.get("AUDIOCOACH_REFRESH"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(written, "utf-8")
    assert golden.read_text("utf-8") == written
