"""What two people found who used audiocoach as coaches do, each as they wrote it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audiocoach import api
from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.timeline import Speech
from audiocoach.errors import SeveralError
from tests.generate import constant, planned, problems
from tests.publishing import Workplace

if TYPE_CHECKING:
    from pathlib import Path

    from audiocoach.coaching.timeline import Timeline


def timeline(text: str) -> Timeline:
    return schedule(planned(f"title: T\n{text}"), constant)


def texts(found: Timeline) -> list[str]:
    return [event.text for event in found.events if isinstance(event, Speech)]


def test_a_grid_of_several_moves_takes_one_set_of_each() -> None:
    moves = "moves: {squat: {name: Squat, sets: 3, reps: 10}, bridge: {name: Bridge, sets: 3, reps: 6}}\n"
    grid = moves + "session: [{every: 60s, repeat: 2, items: [{do: squat%s}, {do: bridge}]}]\n"
    turns = [row.move for row in timeline(grid % "").intervals if row.kind == "reps"]
    assert turns == ["Squat", "Bridge", "Squat", "Bridge"]
    turns = [row.move for row in timeline(grid % ", sets: 2").intervals if row.kind == "reps"]
    assert turns == ["Squat", "Squat", "Bridge"] * 2


def test_sets_that_a_grid_does_not_take_are_noted(tmp_path: Path) -> None:
    text = "title: T\nmoves:\n  a: {reps: 8, sets: 3, rest: 9s}\nsession: [{every: 60s, items: [{do: a}]}]\n"
    assert any("these sets are one each where a block has every" in line for line in problems(text, tmp_path))


def test_a_dose_is_told_whatever_else_is_said_in_the_rest() -> None:
    found = timeline(
        "moves: {pose: {name: Pose, hold: 20s}, walk: {name: Walking, distance: 400m, about: 5m}}\nsession:\n"
        "  - {do: pose, rest: 15s}\n"
        "  - {say: Stand up slowly. <pause 2s> Shake it out. <pause 3s> Look ahead. <pause 3s> And go.}\n"
        "  - {do: walk}\n"
    )
    assert any("Walking. 400 meters" in text for text in texts(found))
    assert any("the rest of 0:15 became" in note.message for note in found.notes)


def test_a_set_is_told_as_it_begins_or_noted() -> None:
    steps = "Sink down and breathe., Press the arms up., Shoulders and arms hold."
    found = timeline(
        f"moves: {{a: {{name: Squat, steps: [{steps}], sides: [right, left]}}}}\n"
        "session: [{do: a, reps: [7, 1, 2], switch: 12s}]\n"
    )
    assert "Set 3 of 3. 2 repetitions." not in texts(found)
    notes = [note.message for note in found.notes]
    assert any("left out" in note and "Set 3 of 3. 2 repetitions." in note for note in notes)


def test_words_at_times_are_heard_in_the_order_of_their_times() -> None:
    found = timeline(
        "moves: {a: {name: Alpha}}\nsession:\n  - do: a\n    for: 40s\n"
        "    at: [{at: -1s, say: One before.}, {at: 20s, say: Twenty.}, {at: -3s, say: Three before.}]\n"
    )
    said = [event.text for event in found.events if isinstance(event, Speech) and event.cue == "at"]
    assert said == ["Twenty.", "Three before.", "One before."]


def test_words_at_times_of_steps_that_nothing_times_are_noted(tmp_path: Path) -> None:
    text = (
        "title: T\nmoves:\n  d: {name: Flow, steps: [{say: Reach up., hold: 20s, "
        "at: [{at: 10s, say: A little higher now.}]}]}\nsession: [{for: 3m, items: [{do: d}]}]\n"
    )
    assert any("left out, since a block with for: or cap:" in line for line in problems(text, tmp_path))


def test_one_of_several_wordings_cannot_be_silent(tmp_path: Path) -> None:
    text = 'title: T\nphrases: {halfway: ["", Half done]}\nsession: [{say: Hello.}]\n'
    assert any('"halfway" cannot be silent: write words' in line for line in problems(text, tmp_path))


def test_a_lesson_says_that_it_cannot_be_made_to_last(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("title: T\nmoves: {a: {name: Alpha}}\nsession: [{do: a, for: 40s}]\n")
    found = api.preview(path, estimate=True, engine="silent", cues="learn", fit_ms=300_000)
    assert any(
        "a lesson takes the time that it takes: fit: 5:00 is left out" in n.message for n in found.notes
    )


def test_what_cannot_be_built_keeps_nothing_else_from_being_served(tmp_path: Path) -> None:
    place = Workplace.of(tmp_path, "a")
    impossible = place.folder / "routines" / "b.yaml"
    impossible.write_text("title: B\nfit: 20m\nvoice: {engine: silent}\nsession: [{say: Hello.}]\n")
    with pytest.raises(SeveralError):
        place.published()
    done = place.published(by_itself=True)
    assert [one.name for one in done.episodes] == ["a"]
    assert [one.path for one in done.outcome.failed] == [impossible]
    # What was there before stays as it was, until it can be built again.
    (place.folder / "routines" / "a.yaml").write_text("title: A\nsession: [{do: nothing}]\n")
    with pytest.raises(SeveralError):
        place.published(by_itself=True)
