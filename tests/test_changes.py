"""What an edit changes in what is heard."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from audiocoach.coaching.schedule import schedule
from audiocoach.publish.changes import as_markdown, as_text, changes
from audiocoach.units import ms_to_clock
from tests.generate import constant, planned

if TYPE_CHECKING:
    from audiocoach.coaching.timeline import Timeline

ROUTINE = """\
title: Legs
moves:
  squat: {name: Squat, setup: Stand tall.}
  plank: {name: Plank}
session:
  - say: Welcome.
  - {do: squat, reps: 10, rest: 30s}
  - {do: plank, hold: 20s}
  - say: That was it.
  - say: Goodbye.
"""


def timeline(*edits: tuple[str, str]) -> Timeline:
    text = ROUTINE
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    return schedule(planned(text), constant)


OLD = timeline()
LENGTH = ms_to_clock(OLD.duration_ms)


def kinds(new: Timeline) -> list[tuple[str, str]]:
    return [(one.kind, one.text) for one in changes(OLD, new) if one.kind != "moved"]


def moves(new: Timeline) -> list[int]:
    return [one.shift_ms for one in changes(OLD, new) if one.kind == "moved"]


def test_nothing_is_told_of_what_is_heard_as_before() -> None:
    edited = timeline(("title: Legs", "title: Legs # of iron"))
    assert changes(OLD, edited) == ()
    assert as_text(OLD, edited) == f"Legs  {LENGTH}\n\nNothing that is heard changes.\n"


def test_a_longer_rest_moves_all_that_follows_by_as_much_in_one_line() -> None:
    new = timeline(("rest: 30s", "rest: 45s"))
    assert kinds(new) == [("gone", "Rest, 30 seconds."), ("new", "Rest, 45 seconds.")]
    assert moves(new) == [15_000]
    head, _, *_, line = as_text(OLD, new).splitlines()
    assert head == f"Legs  {LENGTH} → {ms_to_clock(OLD.duration_ms + 15_000)} (+0:15)"
    assert re.fullmatch(r" +\d:\d\d\.\d  ~ \+0:15, until \d:\d\d\.\d", line)


def test_other_words_are_gone_and_new() -> None:
    new = timeline(("Stand tall.", "Stand as tall as you can."))
    assert kinds(new) == [("gone", "Stand tall."), ("new", "Stand as tall as you can.")]


def test_lines_are_matched_by_what_they_say_and_not_by_their_time() -> None:
    new = timeline(("  - say: Welcome.\n", "  - {say: Welcome., pause: 40s}\n  - say: Again, welcome.\n"))
    assert kinds(new) == [("new", "Again, welcome.")]
    assert len(moves(new)) == 1


@pytest.mark.parametrize(("reps", "shift_ms"), [(12, 8_000), (8, -8_000)])
def test_repetitions_are_one_line(reps: int, shift_ms: int) -> None:
    new = timeline(("reps: 10", f"reps: {reps}"))
    assert kinds(new) == [
        ("gone", "First: Squat. 10 repetitions."),
        ("new", f"First: Squat. {reps} repetitions."),
        ("gone", "reps 1 to 10, 4 s each"),
        ("new", f"reps 1 to {reps}, 4 s each"),
    ]
    assert moves(new)[-1] == shift_ms


def test_markdown_is_a_list() -> None:
    new = timeline(("say: That was it", "say: All done"))
    head, _, *lines = as_markdown(OLD, new).splitlines()
    assert head == f"# Legs  {LENGTH}"
    assert re.fullmatch(r"- \d:\d\d\.\d - That was it\.", lines[0])
    assert re.fullmatch(r"- \d:\d\d\.\d \+ All done\.", lines[1])


def test_the_way_back_is_the_mirror() -> None:
    new = timeline(("rest: 30s", "rest: 45s"), ("Stand tall.", "Lie down."))
    there, back = changes(OLD, new), changes(new, OLD)
    assert [(one.shift_ms) for one in there] == [-one.shift_ms for one in back]
