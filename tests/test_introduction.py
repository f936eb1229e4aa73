"""How a move is introduced."""

from tests.test_script import said

EASIER = "bend: {name: Bend, for: 20s, easier: {say: Bend your knees.}}"


def test_an_easier_version_that_was_offered_is_still_said_where_it_is_done() -> None:
    text = f"title: T\nmoves: {{{EASIER}}}\nsession: [{{do: bend}}, {{do: bend, level: gentle}}]\n"
    words = said(text)
    assert "Easier: Bend your knees." in words
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


def test_equipment_is_told_once() -> None:
    assert said(MATS).count("You need: a very long elastic band.") == 1
