"""Repetitions on a tempo: phases that are called ahead, numbers at the end, sides, and what fades."""

from collections import Counter

from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.timeline import Speech, Timeline, Tone
from tests.generate import constant, planned
from tests.test_lay import inside, timeline


def test_a_number_ends_its_repetition_and_last_one_begins_the_last() -> None:
    assert inside(timeline("reps: 3, tempo: 4s"), "reps") == [
        (0, "go"),
        (3568, "1."),
        (7552, "2."),
        (8152, "Last one."),
        (12_000, "stop"),
    ]


def counts(fields: str) -> list[str]:
    """What is counted aloud in the first effort."""
    found = timeline(fields)
    effort = next(row for row in found.intervals if row.kind in {"reps", "hold"})
    last = max(row.end_ms for row in found.intervals if row.kind == effort.kind)
    events = [event for event in found.events if effort.start_ms <= event.start_ms < last]
    return [event.text for event in events if isinstance(event, Speech) and event.cue in {"count", "last"}]


def test_repetitions_are_counted_up_down_the_last_three_alone_or_not_at_all() -> None:
    assert counts("reps: 5, count: up") == ["1.", "2.", "3.", "4.", "Last one."]
    assert counts("reps: 5, count: down") == ["4.", "3.", "2.", "Last one."]
    assert counts("reps: 5, count: last-three") == ["3.", "2.", "Last one."]
    assert counts("reps: 5, count: none") == ["Last one."]


def test_several_holds_are_counted_as_they_begin() -> None:
    assert counts("hold: 6s, reps: 5, count: down") == ["5.", "4.", "3.", "2.", "Last one."]
    assert counts("hold: 6s, reps: 5, count: last-three") == ["3.", "2.", "Last one."]
    assert counts("hold: 6s, reps: 5, count: none") == ["Last one."]


def test_a_repetition_that_is_not_counted_is_ticked() -> None:
    sounds = inside(timeline("reps: 5, tempo: 4s, count: last-three"), "reps")
    assert [row for row in sounds if row[1] == "tick"] == [(4000, "tick")]
    assert (16_000, "last") in sounds


def calls(found: Timeline) -> list[list[str]]:
    """The words for phases in each effort."""
    efforts = [row for row in found.intervals if row.kind in {"reps", "work"}]
    steps = [event for event in found.events if isinstance(event, Speech) and event.cue == "step"]
    return [[step.text for step in steps if row.start_ms <= step.start_ms < row.end_ms] for row in efforts]


CURL = "steps: [{say: Curl up., short: Up}, {say: Come down., short: Down}], tempo: 3-3"


def test_calls_are_full_then_short_then_at_both_ends_and_at_last_as_a_set_begins() -> None:
    full, short = ["Curl up.", "Come down."], ["Up", "Down"]
    assert calls(timeline(f"{CURL}, reps: 12, sets: 3, rest: 9s")) == [
        # Two in full, six shortly, and the last two.
        full * 2 + short * 8,
        # The first two of each set that is left.
        short * 2,
        short * 2,
    ]


def test_a_word_that_moves_share_is_heard_twelve_times_and_then_its_phase_is_ticked() -> None:
    steps = "[{{say: Stretch it out., short: {}}}, {{say: Hold it there., short: Hold}}]"
    fields = [f"{{name: {name}, reps: 12, tempo: 2-2, steps: {steps.format(name)}}}" for name in "ABC"]
    moves = ", ".join(f"{key}: {move}" for key, move in zip("abc", fields, strict=True))
    text = f"title: T\nmoves: {{{moves}}}\nsession: [do: a, do: b, do: c]\n"
    words = Counter(step for effort in calls(schedule(planned(text), constant)) for step in effort)
    assert words == {"A": 8, "B": 8, "C": 8, "Hold": 12}


def test_a_short_set_is_called_shortly_once_more_before_its_calls_fade() -> None:
    full, short = ["Curl up.", "Come down."], ["Up", "Down"]
    sets = calls(timeline(f"{CURL}, reps: 5, sets: 5, rest: 9s"))
    assert sets == [full * 2 + short * 3, short * 5, short * 2, short, short]


def test_what_has_faded_is_a_tick_of_its_own_for_repetitions_and_for_phases() -> None:
    found = timeline(f"{CURL}, reps: 12, sets: 3, rest: 9s")
    last = [row for row in found.intervals if row.kind == "reps"][-1]
    ticks = [
        (event.start_ms - last.start_ms, event.tone)
        for event in found.events
        if isinstance(event, Tone) and last.start_ms < event.start_ms < last.end_ms
    ]
    assert ticks == [
        (rep * 6000 + phase_ms, tone)
        for rep in range(12)
        for phase_ms, tone in ((0, "tick" if rep < 11 else "last"), (3000, "phase"))
        # The first two are called.
        if rep > 1
    ]


def test_where_no_tone_can_take_their_place_calls_do_not_fade() -> None:
    found = timeline(f"{CURL}, reps: 12, sets: 3, rest: 9s", "tones: soft\n")
    assert [len(words) for words in calls(found)] == [24] * 3


def test_phases_are_called_ahead_of_their_beginning_then_in_short() -> None:
    steps = "steps: [{say: Lift., short: Up}, {say: Lower., short: Down}], tempo: 3-3, reps: 3"
    assert inside(timeline(steps), "reps") == [
        (0, "go"),
        (528, "Lift."),
        (2320, "Lower."),
        (4792, "1."),
        (5392, "Lift."),
        (8320, "Lower."),
        (10_960, "2."),
        (11_560, "Up"),
        (12_160, "Last one."),
        (14_440, "Down"),
        (18_000, "stop"),
    ]


def test_words_that_do_not_fit_are_taught_before_go() -> None:
    found = timeline("steps: [Lift your heavy leg as high as you can., Lower.], tempo: 2-3, reps: 3")
    lesson = "Each repetition: Lift your heavy leg as high as you can."
    go_ms = next(one for one in found.intervals if one.kind == "reps").start_ms
    assert [
        event.start_ms < go_ms for event in found.events if isinstance(event, Speech) and event.text == lesson
    ] == [True]
    # In the first one nothing is called: whoever heard "Lower." first would lower what is still to be lifted.
    said = [row for row in inside(found, "reps") if row[1] in {"Lower.", "1."}]
    assert said == [(4400, "1.")]


def test_the_first_word_after_go_is_of_the_first_phase() -> None:
    steps = "steps: [{say: Press it away., short: Press}, {say: Come back., short: Lower}]"
    (called,) = calls(timeline(f"{steps}, tempo: 1-2, reps: 4"))
    # Go leaves no room for "Press" in the first second: one knows the steps from before, and does them.
    assert called[:4] == ["Press", "Lower"] * 2


def test_each_of_several_holds_is_numbered() -> None:
    found = timeline("hold: 6s, reps: 3")
    words = [
        event.text for event in found.events if isinstance(event, Speech) and event.cue in {"count", "last"}
    ]
    assert words == ["Hold 1 of 3.", "Hold 2 of 3.", "Last one."]


def test_holds_on_alternating_sides_name_their_side_to_the_last() -> None:
    found = timeline("hold: 6s, reps: 3, sides: alternate")
    words = [
        event.text for event in found.events if isinstance(event, Speech) and event.cue in {"count", "last"}
    ]
    assert words == ["Hold 1 of 4, left.", "Hold 2 of 4, right.", "Hold 3 of 4, left.", "Last one, right."]


def test_where_last_one_has_no_room_as_the_last_begins_it_is_its_call() -> None:
    steps = "steps: [Tighten., {say: Lift your leg., short: Up}, {say: Lower it., short: Down}]"
    words = inside(timeline(f"{steps}, sides: alternate, reps: 4, tempo: 1-2-3"), "reps")
    # It ends as the fourth begins, at 18 s.
    assert (16_712, "Last one, right.") in words
    assert not any(text in {"Right, tighten.", "Last one."} for time_ms, text in words if time_ms > 16_000)


def test_a_time_with_a_tempo_changes_sides_with_every_repetition() -> None:
    words = inside(timeline("for: 20s, tempo: 4s, sides: alternate"), "work")
    assert [row for row in words if row[1] in {"Left.", "Right."}] == [
        (528, "Left."),
        (3312, "Right."),
        (7392, "Left."),
        (11_328, "Right."),
        (15_384, "Left."),
    ]


STEPS = "steps: [{say: Lift., short: Up}, {say: Lower., short: Down}]"


def test_with_little_to_be_said_steps_are_told_once_and_ticked_from_then_on() -> None:
    found = timeline(f"{STEPS}, tempo: 2-2, reps: 2, sets: 2, rest: 9s", "cues: brief\n")
    words = [event.text for event in found.events if isinstance(event, Speech) and event.cue == "step"]
    assert words == ["Lift.", "Lower."]
    assert (6000, "phase") in inside(found, "reps")


def test_a_call_and_its_side_are_one_utterance() -> None:
    steps = "steps: [{say: The <side> arm long., short: Reach}, {say: Back in., short: In}], tempo: 4-3"
    words = [text for _, text in inside(timeline(f"{steps}, reps: 4, sides: alternate"), "reps")]
    assert words[1:-1] == [
        *("The left arm long.", "Back in.", "1.", "The right arm long.", "Back in.", "2."),
        *("Left, reach", "In", "3.", "Right, reach", "Last one.", "In"),
    ]


def test_a_short_form_that_tells_the_limb_has_no_side_beside_it() -> None:
    steps = "steps: [{say: The <side> leg long., short: <side> leg}, {say: Back in., short: In}], tempo: 4-3"
    words = [text for _, text in inside(timeline(f"{steps}, reps: 4, sides: alternate"), "reps")]
    assert words[6:11] == ["2.", "Left leg", "In", "3.", "Right leg"]


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
    assert (27_500, "phase") in inside(found, "reps")
    assert found.notes == ()


HEAVY = "steps: [{say: Lift your heavy leg as high as you can., short: Lift it up high}, Lower.], tempo: 1-3"


def test_a_first_phase_that_has_no_room_where_no_tick_sounds_is_taught() -> None:
    found = timeline(f"{HEAVY}, reps: 3", "tones: soft\n")
    words = [event.text for event in found.events if event.cue == "step" and isinstance(event, Speech)]
    assert words[0] == "Each repetition: Lift your heavy leg as high as you can."
    assert inside(found, "reps")[0] == (0, "bell")


def test_a_phase_that_nothing_marks_is_noted() -> None:
    found = timeline(f"{HEAVY}, for: 16s", "tones: soft\n")
    assert any("for want of silence" in note.message and "Lower." in note.message for note in found.notes)


def test_one_repetition_is_taught_as_a_whole_or_not_at_all() -> None:
    found = timeline("steps: [In., Stay., Out., Wait.], tempo: 4-4-4-4, reps: 1, rest: 20s")
    assert not any(event.text.startswith("Each") for event in found.events if isinstance(event, Speech))


def test_a_hold_too_short_for_its_number_is_noted() -> None:
    # Nothing follows the last one, so that no count reaches back into it.
    found = timeline("hold: 2s, reps: 4, release: 1s")
    assert [note.message for note in found.notes] == [
        'left out 2 times, first at 0:15, for want of silence: "Hold 2 of 4.", "Hold 3 of 4."'
    ]


def test_last_one_that_the_count_to_a_switch_drowns_is_noted() -> None:
    found = timeline("reps: 5, tempo: 2s, ways: [up, down]")
    assert [note.message for note in found.notes] == ['left out at 0:14, for want of silence: "Last one."']


def test_last_one_calls_the_last_that_the_count_to_a_switch_leaves_no_room_in() -> None:
    found = timeline("reps: 6, sides: each, tempo: 3-1, sets: 2, rest: 0s, switch: 0s")
    assert (19_144, "Last one.") in inside(found, "reps")
    assert found.notes == ()
