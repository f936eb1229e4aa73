"""Repetitions on a tempo: numbers, sides, and phases as they begin."""

from audiocoach.coaching.timeline import Speech
from tests.test_efforts import inside, timeline


def test_repetitions_are_counted_as_they_begin_and_end_with_last_one() -> None:
    assert inside(timeline("reps: 3, tempo: 4s"), "reps") == [
        (0, "go"),
        (528, "1."),
        (4000, "2."),
        (6992, "Last one."),
        (8000, "3."),
        (12_000, "stop"),
    ]


def test_phases_are_said_as_they_begin_then_in_short() -> None:
    steps = "steps: [{say: Lift., short: Up}, {say: Lower., short: Down}], tempo: 3-3, reps: 3"
    assert inside(timeline(steps), "reps") == [
        (0, "go"),
        (528, "1."),
        (1128, "Lift."),
        (3000, "Lower."),
        (6000, "2."),
        (6600, "Lift."),
        (9000, "Lower."),
        (10_976, "Last one."),
        (12_000, "3."),
        (12_600, "Up"),
        (15_000, "Down"),
        (18_000, "stop"),
    ]


def test_words_that_do_not_fit_are_taught_before_go_and_ticked() -> None:
    found = timeline("steps: [Lift your heavy leg as high as you can., Lower.], tempo: 2-3, reps: 3")
    lesson = "Each repetition: Lift your heavy leg as high as you can."
    go_ms = next(one for one in found.intervals if one.kind == "reps").start_ms
    assert [
        event.start_ms < go_ms for event in found.events if isinstance(event, Speech) and event.text == lesson
    ] == [True]
    assert (7000, "Lower.") in inside(found, "reps")


def test_each_of_several_holds_is_numbered() -> None:
    found = timeline("hold: 6s, reps: 3")
    words = [
        event.text for event in found.events if isinstance(event, Speech) and event.cue in {"count", "last"}
    ]
    assert words == ["1.", "2.", "Last one."]


def test_holds_on_alternating_sides_name_their_side_to_the_last() -> None:
    found = timeline("hold: 6s, reps: 3, sides: alternate")
    words = [
        event.text for event in found.events if isinstance(event, Speech) and event.cue in {"count", "last"}
    ]
    assert words == ["1, left.", "2, right.", "3, left.", "Last one, right."]


def test_the_last_repetition_has_its_side_where_there_was_no_room_to_say_last_one_before() -> None:
    words = inside(timeline("reps: 4, tempo: 1.6s, sides: alternate"), "reps")
    assert [text for _, text in words if "," in text][-1] == "Last one, right."


def test_a_time_with_a_tempo_changes_sides_with_every_repetition() -> None:
    words = inside(timeline("for: 20s, tempo: 4s, sides: alternate"), "work")
    assert [row for row in words if row[1][0].isdigit()] == [
        (528, "1, left."),
        (4000, "2, right."),
        (8000, "3, left."),
        (12_000, "4, right."),
        (16_000, "5, left."),
    ]


STEPS = "steps: [{say: Lift., short: Up}, {say: Lower., short: Down}]"


def test_with_little_to_be_said_steps_are_taught_once_and_ticked() -> None:
    found = timeline(f"{STEPS}, tempo: 2-2, reps: 2, sets: 2, rest: 9s", "cues: brief\n")
    words = [event.text for event in found.events if isinstance(event, Speech) and event.cue == "step"]
    assert words == ["Each repetition: Lift.", "Lower."]
    assert (2000, "tick") in inside(found, "reps")


def test_a_phase_that_tells_the_side_follows_the_number_alone() -> None:
    steps = "steps: [{say: The <side> arm long., short: Reach}, {say: Back in., short: In}], tempo: 4-3"
    words = [text for _, text in inside(timeline(f"{steps}, reps: 4, sides: alternate"), "reps")]
    assert words[1:10] == [
        *("1.", "The left arm long.", "Back in.", "2.", "The right arm long.", "Back in."),
        *("3, left.", "Reach", "In"),
    ]


def test_the_last_of_phases_that_tell_their_sides_is_the_last_one() -> None:
    steps = "steps: [{say: The <side> arm., short: <side>}, Back.], tempo: 1-1"
    words = [text for _, text in inside(timeline(f"{steps}, reps: 4, sides: alternate"), "reps")]
    assert not any(", " in word for word in words)


def test_a_phase_of_no_time_is_neither_taught_nor_said() -> None:
    found = timeline("reps: 4, tempo: 2-0-3, steps: [Lift, Hold, Lower]")
    words = [event.text for event in found.events if isinstance(event, Speech)]
    assert "Lift" in words
    assert not any("Hold" in text for text in words)
