"""What fills the silence that is left."""

from itertools import pairwise

from audiocoach.coaching.effort.reminders import REMINDER_EVERY_MS
from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.timeline import Speech
from tests.generate import constant, planned
from tests.test_lay import inside, timeline


def test_reminders_spread_through_the_silence() -> None:
    words = inside(timeline("for: 60s, reminders: [Breathe., Relax.]"), "work")
    assert [text for _, text in words if text in {"Breathe.", "Relax."}] == ["Breathe.", "Relax."]


def test_a_reminder_comes_where_a_silence_between_calls_can_hold_it() -> None:
    steps = "steps: [{say: Arms up., short: Up}, {say: Arms down., short: Down}]"
    reminders = ["Move with your breath.", "Let your head follow too."]
    silent = "phrases: {reps_left: ''}\n"
    found = timeline(f"reps: 6, tempo: 4-4, {steps}, reminders: [{', '.join(reminders)}]", silent)
    words = inside(found, "reps")
    assert [text for _, text in words if text in reminders] == reminders
    assert found.notes == ()


def test_no_reminder_is_said_in_the_last_repetition() -> None:
    found = timeline("reps: 4, tempo: 9s, reminders: [Breathe., Relax., Long neck.]")
    (effort,) = (one for one in found.intervals if one.kind == "reps")
    ends_ms = [event.end_ms for event in found.events if event.cue == "reminder"]
    assert ends_ms
    assert max(ends_ms) <= effort.start_ms + 3 * 9000


def test_what_is_easier_is_not_offered_in_the_last_breath() -> None:
    found = timeline("breaths: 4, breath: 4-7, easier: {say: Hold your shins with your hands.}")
    (effort,) = (one for one in found.intervals if one.kind == "breaths")
    (offer,) = (event for event in found.events if event.cue == "variant")
    assert offer.end_ms <= effort.start_ms + 3 * 11_000


def test_a_reminder_without_silence_is_a_note() -> None:
    reminder = "Breathe through your nose and keep your shoulders down."
    found = timeline(f"for: 7s, reminders: [{reminder}]")
    assert [note.message for note in found.notes] == [
        f'this reminder found no silence to be said in: "{reminder}"'
    ]


def test_the_first_of_many_short_holds_has_a_reminder() -> None:
    found = timeline("hold: 10s, reps: 4, release: 10s, reminders: [Breathe.]")
    assert [text for _, text in inside(found, "hold") if text == "Breathe."] == ["Breathe."]
    assert found.notes == ()


def test_an_easier_version_whose_silence_the_next_move_takes_is_a_note() -> None:
    moves = (
        "bend: {name: Bend, for: 9s, easier: {say: Keep both of your knees down.}}, hop: {name: Hop, for: 9s}"
    )
    text = f"title: T\nmoves: {{{moves}}}\nsession: [{{do: bend, rest: 0s}}, {{do: hop}}]\n"
    assert [note.message for note in schedule(planned(text), constant).notes] == [
        'left out at 0:11, for want of silence: "Easier: Keep both of your knees down."'
    ]


def test_two_reminders_of_a_move_are_12_seconds_apart_wherever_they_find_room() -> None:
    steps = "steps: [{say: Arms up., short: Up}, {say: Arms down., short: Down}]"
    reminders = ["Breathe.", "Let your head follow.", "Let your gaze follow.", "Look up."]
    for tempo in ("3-3", "4-4", "5-3", "2-5"):
        words = inside(
            timeline(f"reps: 8, tempo: {tempo}, {steps}, reminders: [{', '.join(reminders)}]"), "reps"
        )
        starts = [start_ms for start_ms, text in words if text in reminders]
        assert len(starts) > 1
        assert all(later - sooner >= REMINDER_EVERY_MS for sooner, later in pairwise(starts))


def test_a_reminder_in_breaths_begins_with_an_out_breath() -> None:
    words = inside(
        timeline("breaths: 10, breath: 3-4, reminders: [Let it deepen., Soft shoulders.]"), "breaths"
    )
    starts = [start_ms for start_ms, text in words if text in {"Let it deepen.", "Soft shoulders."}]
    # Each breath is 7 s, and out from the third second on: behind its tone, or its call.
    assert [start_ms % 7000 for start_ms in starts] == [3424, 3408]


def test_a_reminder_that_no_out_breath_can_hold_waits_for_a_rest() -> None:
    reminder = "Let your shoulders sink a little with every one of these long breaths."
    found = timeline(f"breaths: 10, breath: 3-4, sets: 2, rest: 20s, reminders: [{reminder}]")
    rest = next(row for row in found.intervals if row.kind == "rest")
    said = [event.start_ms for event in found.events if isinstance(event, Speech) and reminder in event.text]
    assert [rest.start_ms < start_ms < rest.end_ms for start_ms in said] == [True]
