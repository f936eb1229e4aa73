"""What is told of a move before the go and what while it is done: steps first, calls ahead, numbers last."""

import pytest

from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.timeline import Speech, Timeline
from tests.generate import constant, planned
from tests.test_lay import inside, script, timeline
from tests.test_repetitions import calls

UP = "{say: Breathe in and lift arms and legs., short: Lift}"
LIFT = f"steps: [{UP}, {{say: Breathe out and lower., short: Lower}}]"
LESSON = ["Each repetition: Breathe in and lift arms and legs.", "Breathe out and lower."]
CURL = "steps: [{say: Curl up., short: Up}, {say: Come down., short: Down}]"


def of(moves: str, session: str) -> Timeline:
    return schedule(planned(f"title: T\nmoves: {{{moves}}}\nsession: {session}\n"), constant)


def in_gap(found: Timeline, number: int, *kinds: str) -> list[tuple[int, str]]:
    """What is said in one of the gaps of these kinds, with the ms from its start."""
    gap = [row for row in found.intervals if row.kind in kinds][number]
    return [
        (event.start_ms - gap.start_ms, event.text)
        for event in found.events
        if isinstance(event, Speech) and gap.start_ms <= event.start_ms < gap.end_ms
    ]


# -- steps ------------------------------------------------------------------------------------------


def test_steps_that_would_be_called_a_phase_too_early_are_taught_before_the_go() -> None:
    found = timeline(f"{LIFT}, tempo: 5-5, reps: 3")
    assert script(found, "ready")[1:3] == LESSON
    assert calls(found) == [["Lift", "Lower"] * 3]


def test_steps_whose_calls_are_short_are_told_as_they_come() -> None:
    found = timeline(f"{CURL}, tempo: 4-4, reps: 3")
    assert calls(found)[0][:4] == ["Curl up.", "Come down."] * 2


def test_where_a_rest_is_short_the_lesson_goes_as_a_whole_and_the_steps_are_told_as_they_come() -> None:
    moves = f"a: {{name: A, for: 9s}}, b: {{name: B, reps: 3, tempo: 5-5, {LIFT}}}"
    found = of(moves, "[{do: a}, {rest: 8s}, {do: b}]")
    assert [text for _, text in in_gap(found, 0, "rest")] == ["Coming up: B. 3 repetitions."]
    assert calls(found)[1][:2] == ["Breathe in and lift arms and legs.", "Breathe out and lower."]
    assert not any("Breathe" in note.message for note in found.notes)


def test_what_is_easier_is_offered_behind_the_steps_that_it_is_about() -> None:
    easier = "easier: {say: Lift only halfway.}"
    said = script(timeline(f"{CURL}, tempo: 4-4, reps: 3, {easier}"), "ready")
    assert said[1:4] == [
        "Each repetition: Curl up.",
        "Come down.",
        "Easier: Lift only halfway.",
    ]
    gentle = script(timeline(f"{CURL}, tempo: 4-4, reps: 3, {easier}", "level: gentle\n"), "ready")
    assert gentle[1:4] == ["Each repetition: Curl up.", "Come down.", "Lift only halfway."]


EASED = f"reps: 3, tempo: 5-5, {LIFT}, easier: {{say: Lift only halfway.}}"
WALK = "a: {name: A, for: 9s}"


def test_what_is_easier_waits_for_a_later_rest_where_the_first_cannot_hold_the_steps() -> None:
    found = of(f"{WALK}, b: {{name: B, {EASED}, sets: 2, rest: 20s}}", "[{do: a}, {rest: 12s}, {do: b}]")
    first, second = ([text for _, text in in_gap(found, number, "rest")] for number in range(2))
    assert not any("Lift" in text for text in first)
    assert "Easier: Lift only halfway." in second
    assert found.notes == ()


def test_an_offer_that_no_rest_can_hold_is_noted() -> None:
    found = of(f"{WALK}, b: {{name: B, {EASED}}}", "[{do: a}, {rest: 12s}, {do: b}]")
    assert [note.message for note in found.notes] == [
        'this offer found no silence to be said in: "Lift only halfway."'
    ]


@pytest.mark.parametrize(("rest", "calls_of"), [("20s", LESSON), ("12s", ["Each repetition: Lift", "Lower"])])
def test_what_has_to_be_said_of_steps_comes_behind_them_or_behind_their_calls(
    rest: str, calls_of: list[str]
) -> None:
    text = f"level: gentle\nmoves: {{{WALK}, b: {{name: B, {EASED}}}}}\n"
    found = schedule(
        planned(f"title: T\n{text}session: [{{do: a}}, {{rest: {rest}}}, {{do: b}}]\n"), constant
    )
    assert [text for _, text in in_gap(found, 0, "rest")][-3:] == [*calls_of, "Lift only halfway."]
    # By its calls alone a repetition is not taught: it is told in full as it comes.
    assert (calls(found)[1][0] == "Lift") == (calls_of == LESSON)


# -- fading -----------------------------------------------------------------------------------------


def times_of(found: Timeline, text: str) -> list[list[int]]:
    """In which repetitions, from 0, of each set words are called."""
    efforts = [row for row in found.intervals if row.kind == "reps"]
    return [
        [
            (event.start_ms - row.start_ms + 1000) // 10_000
            for event in found.events
            if isinstance(event, Speech)
            and event.text == text
            and row.start_ms <= event.start_ms < row.end_ms
        ]
        for row in efforts
    ]


def test_sentences_without_a_short_form_come_at_the_ends_of_sets_and_then_as_they_begin() -> None:
    steps = "steps: [Reach up and out as far as you can., Come slowly back to the middle.]"
    found = timeline(f"{steps}, tempo: 5-5, reps: 8, sets: 4, rest: 20s")
    assert times_of(found, "Come slowly back to the middle.") == [[0, 1, 6, 7]] * 2 + [[0, 1]] * 2
    # What is as short as a call is one.
    found = timeline("steps: [Out., Back.], tempo: 5-5, reps: 8, sets: 3, rest: 20s")
    assert times_of(found, "Back.") == [list(range(8)), [0, 1], [0, 1]]


def test_of_five_sets_each_begins_with_a_repetition_that_is_called() -> None:
    found = timeline(f"{CURL}, tempo: 4-4, reps: 10, sets: 5, rest: 20s")
    assert [spoken[:2] for spoken in calls(found)[1:]] == [["Up", "Down"]] * 4


# -- numbers ----------------------------------------------------------------------------------------


def test_what_is_too_quick_for_its_calls_and_its_number_is_called_once_and_then_counted() -> None:
    found = timeline(f"{CURL}, tempo: 3-1, reps: 6")
    said = [text for _, text in inside(found, "reps") if text not in {"tick", "last", "phase", "go", "stop"}]
    assert said == ["Up", "Down", "1.", "2.", "3.", "Three more.", "4.", "5.", "Last one."]
    assert found.notes == ()


def test_of_numbers_that_have_no_room_every_fifth_takes_the_place_of_a_tick() -> None:
    steps = "steps: [{say: Lift your knee., short: Knee}, {say: Set it down., short: Down}]"
    found = timeline(f"{steps}, sides: alternate, tempo: 0.8-0.7, reps: 20, sets: 2, rest: 20s")
    numbers = [[text for _, text in in_gap(found, number, "reps") if text[0].isdigit()] for number in (0, 1)]
    # In the first set the fifth gives way to the side that is called there.
    assert numbers == [["10.", "15."], ["5.", "10.", "15."]]


def test_a_number_that_has_no_room_in_the_last_phase_is_noted() -> None:
    found = timeline(f"{CURL}, tempo: 3.5-0.5, reps: 3")
    assert "1." not in [text for _, text in inside(found, "reps")]
    assert found.notes[0].message == 'left out 2 times, first at 0:15, for want of silence: "1.", "2."'


# -- sides and ways ---------------------------------------------------------------------------------


def test_the_other_side_is_called_in_its_first_two_repetitions_however_many_sets_there_were() -> None:
    found = timeline(f"{CURL}, tempo: 4-4, reps: 10, sides: [left, right], sets: 3, rest: 30s")
    assert calls(found)[3] == ["Up", "Down"] * 2


CLAM = "a: {name: A, hold: 20s, sides: each, switch: 20s, get_ready: On your <side> side., %s}"


ARM = "{say: The <side> arm out long., short: <side> arm}"
QUICK = {
    # The call of a side has room ahead of it, a number has none beside it; the first comes with the go tone.
    f"steps: [{ARM}, {{say: And back., short: Back}}], tempo: 1-1.5": [
        # Before the arm that begins nothing is called, not the way back either.
        *("1.", "Left arm", "Back", "Right arm", "Back"),
        *("4.", "5.", "6.", "Last one, right."),
    ],
    "tempo: 1.2s": ["1.", "Left.", "Right.", "4.", "5.", "6.", "Last one."],
}


@pytest.mark.parametrize("fields", QUICK)
def test_sides_that_take_turns_too_quickly_for_numbers_are_called_twice_each_and_then_counted(
    fields: str,
) -> None:
    found = timeline(f"sides: alternate, reps: 8, {fields}")
    assert script(found, "reps")[: len(QUICK[fields])] == QUICK[fields]
    assert [note.message for note in found.notes if '"7."' not in note.message] == []


def test_each_set_of_sides_that_take_turns_is_told_its_first_side_and_calls_that_one_first() -> None:
    found = timeline("sides: alternate, reps: 20, tempo: 1s, sets: 2, rest: 20s")
    assert "Left side first." in script(found, "ready")
    assert "Left side first." in script(found, "rest")
    for number in range(2):
        spoken = [text for _, text in in_gap(found, number, "reps")]
        assert [text for text in spoken if text in {"Left.", "Right."}] == ["Left.", "Right."]


def test_where_a_side_has_all_its_sets_first_that_is_told_and_in_each_rest_that_it_comes_again() -> None:
    found = timeline("sides: [left, right], hold: 20s, sets: 3, rest: 20s")
    assert "First all 3 sets on the left side." in script(found, "ready")
    two = timeline("sides: [left, right], hold: 20s, sets: 2, rest: 20s")
    assert "First both sets on the left side." in script(two, "ready")
    rests = [[text for _, text in in_gap(found, number, "rest")] for number in range(5)]
    told = [next(text for text in rest if "side" in text) for rest in rests]
    assert told == ["Left side again."] * 2 + ["Right side."] + ["Right side again."] * 2


def test_quick_beats_with_sides_are_laid_for_a_time_as_well() -> None:
    found = timeline("for: 20s, bpm: 100, sides: alternate")
    assert "Left side first." in script(found, "ready")


def test_how_to_get_ready_for_the_other_side_is_told_with_the_side() -> None:
    found = of(CLAM % "setup: Lie down.", "[{do: a}]")
    assert [text for _, text in in_gap(found, 0, "switch")][:2] == [
        "Switch sides. Right side.",
        "On your right side.",
    ]


def test_what_is_changed_over_for_the_other_side_is_told_as_a_long_rest_begins() -> None:
    move = "a: {name: A, hold: 20s, sides: [left, right], setup: Band round your <side> heel., rest: 60s}"
    rest = in_gap(of(move, "[{do: a, sets: 2}]"), 1, "rest")
    side = next(index for index, (_, text) in enumerate(rest) if text == "Right side.")
    assert rest[side + 1][1] == "Band round your right heel."
    assert rest[side + 1][0] < 10_000


def test_a_change_of_ways_is_told_in_the_last_repetition_and_takes_the_place_of_a_call() -> None:
    steps = (
        "steps: [{say: Lean far over your hands., short: Forward}, {say: Now over <way>., short: <way>}, "
        "{say: Hips back to your heels., short: Back}, {say: Around the other side., short: Around}]"
    )
    found = timeline(f"{steps}, tempo: 2-2-2.7-3.3, reps: 3, ways: [to the right, to the left]")
    last = [row for row in inside(found, "reps") if row[0] >= 2 * 10_000]
    told = [text for _, text in last if text != "count"]
    assert told[-4:] == ["Back", "At the tone: to the left.", "phase", "switch"]
    assert found.notes == ()


# -- the way down and up ----------------------------------------------------------------------------

POSTURES = (
    "a: {name: A, hold: 20s, posture: supine}, b: {name: B, hold: 20s, posture: standing, setup: Stand tall.}"
)


def test_the_way_from_posture_to_posture_is_told_as_a_long_rest_begins() -> None:
    found = of(POSTURES, "[{repeat: 2, items: [{do: a}, {rest: 60s}, {do: b}, {rest: 60s}]}]")
    for number in (1, 2):
        rest = in_gap(found, number, "rest")
        name = next(index for index, (_, text) in enumerate(rest) if "seconds." in text and ":" in text)
        assert rest[name + 1][0] < 10_000


def test_nobody_takes_her_time_where_a_rest_is_short() -> None:
    up = "Roll onto your side, and take your time to stand."
    long = of(POSTURES, "[{do: a}, {rest: 30s}, {do: b}]")
    short = of(POSTURES, "[{do: a}, {rest: 15s}, {do: b}]")
    assert up in [text for _, text in in_gap(long, 0, "rest")]
    assert "Roll onto your side, and up on your feet." in [text for _, text in in_gap(short, 0, "rest")]


def test_who_came_down_is_told_how_one_lies_where_no_setup_is_said_again() -> None:
    moves = "a: {name: A, hold: 20s, posture: all fours%s}, b: {name: B, hold: 20s, posture: standing}"
    session = "[{repeat: 2, items: [{do: b}, {rest: 30s}, {do: a}, {rest: 30s}]}]"
    down, onto = "Come down to the floor.", "Come onto your hands and knees."
    for more, known in ((", setup: Hands under your shoulders.", 2), ("", 0)):
        found = of(moves % more, session)
        rests = [[text for _, text in in_gap(found, number, "rest")] for number in (0, 2)]
        led = [next(text for text in words if text.startswith(down)) for words in rests]
        assert led == [down if known else f"{down} {onto}", f"{down} {onto}"]
    ready = of(moves % ", get_ready: On hands and knees.", session)
    assert down in [event.text for event in ready.events if isinstance(event, Speech)]
    assert not [event.text for event in ready.events if isinstance(event, Speech) if onto in event.text]


BENT = "Lie down, <side> knee bent, the other leg long."


@pytest.mark.parametrize(
    ("more", "back"), [("", BENT), (", get_ready: Bend the <side> knee.", "Bend the <side> knee.")]
)
def test_whoever_came_out_of_a_position_is_led_back_into_it_at_each_change_of_sides(
    more: str, back: str
) -> None:
    move = f'a: {{name: A, hold: 20s, sides: each, setup: "{BENT}", finish: Slide both legs long.{more}}}'
    found = of(move, "[{do: a, sets: 3, switch: 4s, rest: 8s}]")
    gaps = [[text for _, text in in_gap(found, number, "switch", "rest")] for number in range(5)]
    sides = ["right", "left", "right", "left", "right"]
    told = [BENT.replace("<side>", "right"), *(back.replace("<side>", side) for side in sides[1:])]
    assert [(words[0], words[2]) for words in gaps] == [("Slide both legs long.", words) for words in told]
    assert {note.code for note in found.notes} >= {"longer-gap"}
