"""The inside of an effort: its tones, and the words that fit between them."""

from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.timeline import Speech, Timeline, Tone
from tests.generate import constant, planned

MOVE = "title: T\n{}moves: {{bend: {{name: Bend, {}}}}}\nsession: [do: bend]\n"


def timeline(fields: str, head: str = "") -> Timeline:
    return schedule(planned(MOVE.format(head, fields)), constant)


def inside(found: Timeline, *kinds: str) -> list[tuple[int, str]]:
    """What sounds in the first effort, from its go on."""
    effort = next(one for one in found.intervals if one.kind in kinds)
    return [
        (event.start_ms - effort.start_ms, event.text if isinstance(event, Speech) else event.tone)
        for event in found.events
        if effort.start_ms <= event.start_ms <= effort.end_ms
    ]


def test_a_minute_is_called_halfway_and_at_ten_seconds_and_counted_out() -> None:
    assert inside(timeline("for: 60s"), "work") == [
        (0, "go"),
        (30_000, "Halfway."),
        (50_000, "Ten seconds."),
        (57_000, "count"),
        (58_000, "count"),
        (59_000, "count"),
        (60_000, "stop"),
    ]


def test_nine_seconds_are_not_counted_out() -> None:
    assert inside(timeline("for: 9s"), "work") == [(0, "go"), (9000, "stop")]


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


def test_the_first_two_breaths_and_the_last_are_led_by_words() -> None:
    assert inside(timeline("breaths: 5, breath: 4-6"), "breaths") == [
        (0, "go"),
        (528, "Breathe in."),
        (4000, "Breathe out."),
        (10_000, "Breathe in."),
        (14_000, "Breathe out."),
        (20_000, "inhale"),
        (24_000, "exhale"),
        (30_000, "inhale"),
        (34_000, "exhale"),
        (38_792, "Last breath."),
        (40_000, "Breathe in."),
        (44_000, "Breathe out."),
        (50_000, "stop"),
    ]


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


def test_with_little_to_be_said_a_side_is() -> None:
    for fields in ("for: 20s", "for: 20s, tempo: 2-2"):
        words = inside(timeline(f"{STEPS}, {fields}, sides: alternate", "cues: brief\n"), "work")
        assert [text for _, text in words if text[0].isdigit()][:3] == ["1, left.", "2, right.", "3, left."]


def test_soft_is_one_bell_at_start_and_end() -> None:
    assert inside(timeline("for: 30s", "tones: soft\n"), "work") == [(0, "bell"), (30_000, "bell")]


def test_none_is_no_tone_at_all() -> None:
    found = timeline("for: 30s", "tones: none\n")
    assert [event for event in found.events if isinstance(event, Tone)] == []


def test_reminders_spread_through_the_silence() -> None:
    words = inside(timeline("for: 60s, reminders: [Breathe., Relax.]"), "work")
    assert [text for _, text in words if text in {"Breathe.", "Relax."}] == ["Breathe.", "Relax."]


def test_a_reminder_without_silence_is_a_note() -> None:
    reminder = "Breathe through your nose and keep your shoulders down."
    found = timeline(f"for: 9s, reminders: [{reminder}]")
    assert [note.message for note in found.notes] == [
        f'this reminder found no silence to be said in: "{reminder}"'
    ]


def test_steps_are_said_once_in_a_hold() -> None:
    words = inside(timeline("hold: 40s, steps: [Reach up., Open your chest.]"), "hold")
    assert [text for _, text in words if text in {"Reach up.", "Open your chest."}] == [
        "Reach up.",
        "Open your chest.",
    ]
