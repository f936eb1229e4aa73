"""Repetitions on a tempo: numbers, sides, and phases as they begin."""

from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.timeline import Speech
from tests.generate import constant, planned
from tests.test_lay import inside, timeline


def test_repetitions_are_counted_as_they_begin_and_end_with_last_one() -> None:
    assert inside(timeline("reps: 3, tempo: 4s"), "reps") == [
        (0, "go"),
        (528, "1."),
        (4000, "2."),
        (6976, "Last one."),
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
        (10_984, "Last one."),
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
    assert words == ["1 of 3.", "2 of 3.", "Last one."]


def test_holds_on_alternating_sides_name_their_side_to_the_last() -> None:
    found = timeline("hold: 6s, reps: 3, sides: alternate")
    words = [
        event.text for event in found.events if isinstance(event, Speech) and event.cue in {"count", "last"}
    ]
    assert words == ["1 of 4, left.", "2 of 4, right.", "3 of 4, left.", "Last one, right."]


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


def test_with_little_to_be_said_steps_that_have_room_in_the_exercise_are_ticked() -> None:
    found = timeline(f"{STEPS}, tempo: 2-2, reps: 2, sets: 2, rest: 9s", "cues: brief\n")
    words = [event.text for event in found.events if isinstance(event, Speech) and event.cue == "step"]
    assert words == []
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
    assert words
    assert not any(", " in word for word in words)


def test_a_phase_of_no_time_is_neither_taught_nor_said() -> None:
    found = timeline("reps: 4, tempo: 2-0-3, steps: [Lift, Hold, Lower]")
    words = [event.text for event in found.events if isinstance(event, Speech)]
    assert "Lift" in words
    assert not any("Hold" in text for text in words)


FOUR = "c: {name: C, steps: [In., Stay., Out., Wait.]}"


def test_steps_without_a_short_form_are_said_each_time_a_move_comes() -> None:
    do = "{do: c, reps: 1, tempo: 4-4-4-4}"
    found = schedule(planned(f"title: T\nmoves: {{{FOUR}}}\nsession: [{do}, {do}]\n"), constant)
    words = [event.text for event in found.events if event.cue == "step" and isinstance(event, Speech)]
    assert words == ["In.", "Stay.", "Out.", "Wait."] * 2


def test_a_flow_is_led_in_every_round() -> None:
    flow = "flow: {name: Flow, for: 30s, steps: [Round your back., Sit back., Stretch.]}"
    found = schedule(
        planned(f"title: T\nmoves: {{{flow}}}\nsession: [{{repeat: 3, items: [do: flow]}}]\n"), constant
    )
    efforts = [row for row in found.intervals if row.kind == "work"]
    led = [
        [
            event.text
            for event in found.events
            if isinstance(event, Speech) and row.start_ms <= event.start_ms < row.end_ms
        ]
        for row in efforts
    ]
    assert len(led) == 3
    assert all(words[:3] == ["Round your back.", "Sit back.", "Stretch."] for words in led)


def test_the_last_phase_before_a_switch_without_a_gap_is_ticked() -> None:
    one, two = "{say: Lean., short: Forward}", "{say: Go., short: There}"
    steps = f"steps: [{one}, {two}, {{say: Sit., short: Back}}, {{say: Wait., short: Wait}}]"
    found = timeline(f"{steps}, tempo: 3-2-2-3, reps: 3, ways: [up, down]")
    sounds = inside(found, "reps")
    assert (27_000, "count") in sounds  # the fourth phase begins with the count to the switch
    found = timeline(f"{steps}, tempo: 3-2-2.5-2.5, reps: 3, ways: [up, down]")
    assert (27_500, "tick") in inside(found, "reps")
    assert found.notes == ()


HEAVY = "steps: [{say: Lift your heavy leg as high as you can., short: Lift it up high}, Lower.], tempo: 1-3"


def test_a_first_phase_that_has_no_room_where_no_tick_sounds_is_taught() -> None:
    found = timeline(f"{HEAVY}, reps: 3", "tones: soft\n")
    words = [event.text for event in found.events if event.cue == "step" and isinstance(event, Speech)]
    assert words[0] == "Each repetition: Lift your heavy leg as high as you can."
    assert inside(found, "reps")[0] == (0, "bell")


def test_a_phase_that_nothing_marks_is_noted() -> None:
    found = timeline(f"{HEAVY}, for: 16s", "tones: soft\n")
    assert any("for want of silence" in note.message and "Lift it up" in note.message for note in found.notes)


def test_one_repetition_is_taught_as_a_whole_or_not_at_all() -> None:
    found = timeline("steps: [In., Stay., Out., Wait.], tempo: 4-4-4-4, reps: 1, rest: 20s")
    assert not any(event.text.startswith("Each") for event in found.events if isinstance(event, Speech))


def test_a_hold_too_short_for_its_number_is_noted() -> None:
    # Nothing follows the last one, so that no count reaches back into it.
    found = timeline("hold: 2s, reps: 4, release: 1s")
    assert [note.message for note in found.notes] == [
        'left out 2 times, first at 0:15, for want of silence: "2 of 4.", "3 of 4."'
    ]


def test_last_one_that_the_count_to_a_switch_drowns_is_noted() -> None:
    found = timeline("reps: 5, tempo: 2s, ways: [up, down]")
    assert [note.message for note in found.notes] == ['left out at 0:14, for want of silence: "Last one."']


def test_last_one_stands_right_before_the_last_whatever_comes_next() -> None:
    found = timeline("reps: 6, sides: each, tempo: 3-1, sets: 2, rest: 0s, switch: 0s")
    sounds = inside(found, "reps")
    words = [text for _, text in sounds if text not in {"go", "switch", "stop", "count"}]
    assert words[words.index("6.") - 1] == "Last one."
