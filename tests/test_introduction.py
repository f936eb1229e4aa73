"""How a move is introduced, and what is told again because it was not heard."""

from audiocoach.coaching.schedule import schedule
from tests.generate import constant, planned
from tests.test_script import said

EASIER = "bend: {name: Bend, for: 20s, easier: {say: Bend your knees.}}"


def test_an_easier_version_that_was_offered_is_still_said_where_it_is_done() -> None:
    text = f"title: T\nmoves: {{{EASIER}}}\nsession: [{{do: bend}}, {{do: bend, level: gentle}}]\n"
    words = said(text)
    assert "For an easier version: Bend your knees." in words
    assert words.count("Bend your knees.") == 1


MATS = """
title: T
moves:
  plank: {name: Plank, for: 20s}
  bend: {name: Bend, for: 20s, equipment: [a very long elastic band]}
session:
- {do: plank, rest: 6s}
- {do: bend, rest: 40s}
- {do: bend}
"""


def test_what_found_no_room_in_a_short_rest_is_said_in_the_next_long_one() -> None:
    found = schedule(planned(MATS), constant)
    words = [event for event in found.events if event.cue == "equipment"]
    rests = [row for row in found.intervals if row.kind == "rest"]
    assert [rests[1].start_ms <= event.start_ms < rests[1].end_ms for event in words] == [True]
    assert any(note.message.startswith("left out 2 times, first at 0:33") for note in found.notes)


def test_equipment_is_told_once() -> None:
    text = MATS.replace("rest: 6s", "rest: 40s")
    assert said(text).count("You need: a very long elastic band.") == 1
