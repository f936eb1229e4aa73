"""Whatever edits a session, and in whatever order: a page is shown what the text of the file says."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audiocoach.coaching.schedule import retraced, schedule
from audiocoach.errors import AudiocoachError
from audiocoach.store.options import Overrides
from audiocoach.studio.desk.app import Desk
from audiocoach.studio.desk.folder import ConflictError, Folder
from audiocoach.studio.desk.speaking import Speaking
from audiocoach.studio.look import look_at
from tests.conftest import examples
from tests.generate import constant, planned

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from audiocoach.coaching.timeline import Timeline

    Json = dict[str, Any]

# Cards of as many lines each: one that goes elsewhere leaves the others at lines where others were.
ROUTINE = """\
title: Mini
session:
  - section: One
    items:
      - do: alpha
        hold: 20s
      - repeat: 2
        items:
          - do: echo
            for: 30s
  - section: Two
    repeat: 2
    rest: 30s
    items:
      - do: foxtrot
        hold: 20s
  - do: bravo
    hold: 20s
  - do: charlie
    hold: 20s
    sets: 2
    rest: 20s
  - do: delta
    hold: 20s
    sets: 2
    rest: 20s
  - rest: 10s
  - say: Well done.
moves:
  alpha: {name: Alpha, setup: Lie down.}
  bravo: {name: Bravo}
  charlie: {name: Charlie, reminders: [Breathe.]}
  delta: {name: Delta}
  echo: {name: Echo}
  foxtrot: {name: Foxtrot}
"""
NAME = "mini.yaml"
KINDS = ("drag", "drag", "move", "set", "remove", "undo", "type", "join", "look")
SHOWN = ("revision", "text", "cards", "problems", "timeline", "possible", "routine")


class Page:
    """A page that is open on a file of a folder, and asks what the page in a browser asks."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self.folder, self.speaking = Folder(folder), Speaking(folder / "cache")
        self.begin()

    def begin(self) -> None:
        self.desk = Desk(self.folder, self.speaking, Overrides())
        self.undone: list[str] = []
        self.path.write_text(ROUTINE, "utf-8")
        self.seen = self.desk.document({"path": NAME})

    def edit(self, *edits: Json) -> None:
        self._take(self.desk.edit, text=self.seen["text"], edits=[*edits])

    def save(self, text: str) -> None:
        self._take(self.desk.save, text=text)

    def _take(self, ask: Callable[[Json], Json], **body: object) -> None:
        before = self.seen["text"]
        try:
            self.seen = ask({"path": NAME, "base": self.seen["revision"], **body})
        except (AudiocoachError, ConflictError):
            # What cannot be written changes nothing, and is not shown.
            self.seen = self.desk.document({"path": NAME})
        self.undone.append(before)

    def drag(self, card: Json, wanted: list[Any], at: int) -> None:
        """Out of its list, and into another, as `moveInto` of the page has it written."""
        text, edge = self.seen["text"], card["from"] - self.seen["text"].rfind("\n", 0, card["from"]) - 1
        body = textwrap.dedent(" " * edge + text[card["from"] : card["to"]].rstrip())
        gone = [*card["pointer"]]
        if len(wanted) < len(gone) and gone[: len(wanted)] == wanted and gone[len(wanted)] >= at:
            gone[len(wanted)] += 1
        insert = {"op": "insert", "pointer": wanted, "at": at, "yaml": body}
        self.edit(insert, {"op": "remove", "pointer": gone})


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Page:
    return Page(tmp_path_factory.mktemp("texts"))


def lists(cards: list[Json]) -> list[list[Any]]:
    """Into which something can be put."""
    inner = [[*one["pointer"], "items"] for one in cards if one["kind"] in {"section", "block"}]
    return [["session"], *inner]


def one_edit(page: Page, data: st.DataObject) -> None:
    cards = page.seen["cards"]
    items = [one for one in cards if one["pointer"] and isinstance(one["pointer"][-1], int)]
    kind = data.draw(st.sampled_from(KINDS))
    if not items and kind in {"drag", "move", "set", "remove"}:
        return
    card = data.draw(st.sampled_from(items)) if items else {}
    at = data.draw(st.integers(0, 4))
    match kind:
        case "drag":
            depth = len(card["pointer"])
            others = [one for one in lists(cards) if one[:depth] != card["pointer"]]
            page.drag(card, data.draw(st.sampled_from(others)), at)
        case "move":
            page.edit({"op": "move", "pointer": card["pointer"], "at": at})
        case "set":
            value = data.draw(st.sampled_from(("21s", "3", "20s")))
            name = data.draw(st.sampled_from(("hold", "sets", "rest")))
            page.edit({"op": "set", "pointer": [*card["pointer"], name], "value": value})
        case "remove":
            page.edit({"op": "remove", "pointer": card["pointer"]})
        case "undo" if page.undone:
            page.save(page.undone.pop())
        case "type":
            page.save(page.seen["text"].replace("title: Mini", "title: Mini # mine\n"))
        case "join":
            theirs = page.path.read_text("utf-8").replace("title: Mini", "# Theirs\ntitle: Mini")
            page.path.write_text(theirs, "utf-8")
            page.save(page.seen["text"].replace("Well done.", "That was it."))
        case "look":
            text = page.seen["text"].replace("do: alpha", "do: [alpha")
            page.desk.look({"path": NAME, "text": text, "level": "strong"})


@settings(
    max_examples=examples(8), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_what_is_shown_after_an_edit_is_what_a_fresh_look_shows(page: Page, data: st.DataObject) -> None:
    page.begin()
    for _ in range(4):
        one_edit(page, data)
        text = page.path.read_text("utf-8")
        fresh = look_at(page.path, text, Overrides())
        assert {name: page.seen[name] for name in SHOWN} == {name: fresh[name] for name in SHOWN}


def test_what_is_below_a_card_that_was_dragged_into_a_section_leads_to_its_own_card(page: Page) -> None:
    page.begin()
    bravo = next(one for one in page.seen["cards"] if one["title"] == "Bravo")
    page.drag(bravo, ["session", 0, "items"], 1)
    titles = {tuple(card["pointer"]): card["title"] for card in page.seen["cards"]}
    rests = [one for one in page.seen["timeline"]["intervals"] if one["text"] == "Charlie 2/2"]
    assert [titles[tuple(one["pointer"])] for one in rests] == ["Charlie", "Charlie"]


def test_what_was_spoken_before_a_card_was_dragged_leads_to_the_same_nodes_as_what_is_spoken_anew() -> None:
    bravo = "  - do: bravo\n    hold: 20s\n"
    section = "      - do: alpha\n        hold: 20s\n"
    dragged = ROUTINE.replace(bravo, "").replace(section, section + textwrap.indent(bravo, "    "))
    _, trace = retraced(planned(ROUTINE), constant, lambda: None)
    plan = planned(dragged)
    assert nodes(retraced(plan, constant, lambda: None, trace)[0]) == nodes(schedule(plan, constant))


def nodes(timeline: Timeline) -> list[tuple[str, object]]:
    places = [one.position for one in (*timeline.intervals, *timeline.events, *timeline.notes)]
    return [(str(place.node), place.end) for place in places]
