"""What a page is shown of a text: cards, problems at their place, an estimated timeline."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from audiocoach.coaching.trace import NO_TRACE
from audiocoach.store.options import Overrides
from audiocoach.studio.edits.document import read
from audiocoach.studio.look import look_again, look_at, revision_of, sentence_alone
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

ROUTINE = """\
title: Legs 💪
session:
  - {do: squat, for: 40s, rest: 20s}
  - {do: plank, hold: 30-40s}
  - say: Well done.
moves: {squat: {name: Deep squat}, plank: {}}
"""


def test_a_good_text_has_cards_a_timeline_and_what_is_possible(tmp_path: Path) -> None:
    document = look_at(tmp_path / "legs.yaml", ROUTINE, Overrides())
    timeline = document["timeline"]
    assert document["revision"] == revision_of(ROUTINE)
    assert [card["kind"] for card in document["cards"]] == ["routine", "do", "do", "say"]
    assert timeline["exact"] is False
    assert sum(one["length_ms"] for one in timeline["intervals"]) == timeline["length_ms"]
    work = next(one for one in timeline["intervals"] if one["kind"] == "work")
    assert (work["text"], work["line"], work["pointer"]) == ("Deep squat", 3, ["session", 0])
    assert work["length_ms"] == 40_000
    assert document["cards"][1]["title"] == "Deep squat"
    assert {one["kind"] for one in timeline["events"]} == {"speech", "tone"}
    possible = document["possible"]
    assert possible["shortest_ms"] < timeline["length_ms"] < possible["longest_ms"]
    json.dumps(document)


def test_notes_and_errors_stand_at_their_place(tmp_path: Path) -> None:
    text = ROUTINE.replace("40s,", "40x,")
    found = look_at(tmp_path / "legs.yaml", text, Overrides())["problems"]
    (problem,) = (one for one in found if one["severity"] == "error")
    shown = text.encode("utf-16-le")[2 * problem["from"] : 2 * problem["to"]].decode("utf-16-le")
    assert (shown, problem["line"], problem["column"]) == ("40x", 3, 22)
    notes = look_at(tmp_path / "legs.yaml", ROUTINE, Overrides())["problems"]
    assert {one["severity"] for one in notes} <= {"note", "warning"}


def test_a_text_that_is_no_yaml_has_its_problem_and_no_cards(tmp_path: Path) -> None:
    document = look_at(tmp_path / "legs.yaml", "title: [a\nsession: b: c\n", Overrides())
    assert (document["cards"], document["timeline"], document["possible"]) == ([], None, None)
    assert document["problems"][0]["severity"] == "error"


def test_a_length_that_cannot_be_says_so_and_what_can(tmp_path: Path) -> None:
    document = look_at(tmp_path / "legs.yaml", ROUTINE, Overrides(fit_ms=3_600_000))
    assert document["timeline"] is None
    assert document["problems"][0]["code"] == "unfit-session"
    assert document["possible"]["longest_ms"] < 3_600_000


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Well done.", "Very well done."),
        ("30-40s", "30-50s"),
        ("rest: 20s", "rest: 60s"),
        ("plank: {}", "plank: {sides: left-right}"),
        ("do: squat,", "do: squat, sets: 2-3,"),
        ("title: Legs", "level: gentle\ntitle: Legs"),
        ("title: Legs", "cues: learn\ntitle: Legs"),
    ],
)
def test_what_is_possible_after_an_edit_is_as_if_it_was_never_looked_at(
    old: str, new: str, tmp_path: Path
) -> None:
    path, edited = tmp_path / "legs.yaml", ROUTINE.replace(old, new)
    _, trace = look_again(path, ROUTINE, Overrides(), NO_TRACE)
    seen, trace = look_again(path, edited, Overrides(), trace)
    assert seen["possible"] == look_at(path, edited, Overrides())["possible"]
    # And back again.
    back, _ = look_again(path, ROUTINE, Overrides(), trace)
    assert back["possible"] == look_at(path, ROUTINE, Overrides())["possible"]


def test_a_mistake_in_a_library_is_told_with_its_file(tmp_path: Path) -> None:
    (tmp_path / "moves.yaml").write_text("moves: {a: {nmae: A}}\n", "utf-8")
    document = look_at(tmp_path / "legs.yaml", f"include: moves.yaml\n{ROUTINE}", Overrides())
    assert any("moves.yaml:1:" in one["message"] for one in document["problems"])


def test_one_sentence_is_said_as_the_text_has_it_said() -> None:
    text = "title: x\nlanguage: en\nvoice: {rate: 150}\npronounce:\n  TFL: t f l\nsession: [{say: x}]\n"
    alone = sentence_alone(text, "Stretch your TFL: now", {"psoas": "so-as"})
    assert alone == (
        "title: A sentence\nlanguage: en\nvoice: {rate: 150}\npronounce: {TFL: t f l, psoas: so-as}\n"
        'session: [{say: "Stretch your TFL: now"}]\n'
    )


def test_every_routine_of_ours_can_be_looked_at_card_by_card() -> None:
    path = ROOT / "routines" / "knee-to-chest.yaml"
    text = path.read_text("utf-8")
    document = look_at(path, text, Overrides())
    assert read(text).tree is not None
    assert [one for one in document["problems"] if one["severity"] == "error"] == []
    known = {tuple(card["pointer"]) for card in document["cards"]}
    assert all("pointer" in one for one in document["timeline"]["intervals"] if one["kind"] == "work")
    leading = [tuple(one["pointer"]) for one in document["timeline"]["intervals"] if "pointer" in one]
    assert set(leading) <= known
    assert leading


def test_a_card_keeps_its_name_while_something_else_is_wrong(tmp_path: Path) -> None:
    document = look_at(tmp_path / "legs.yaml", ROUTINE.replace("40s,", "40x,"), Overrides())
    assert [card["title"] for card in document["cards"]][1] == "Deep squat"
