"""In and out of positions: nobody rests while she holds, and nobody holds while the coach talks."""

from itertools import permutations
from typing import get_args

import pytest

from audiocoach.coaching.positions import BESIDE_A_SETUP, TRANSITIONS
from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.timeline import Interval, Speech, Timeline
from audiocoach.routine import wordings
from audiocoach.routine.model import Posture
from tests.generate import constant, planned

LOWER = "Lower your hips, slowly."
LIFT = "Lift your hips."
BRIDGE = f'name: Bridge, setup: Feet flat., at_go: {LIFT}, finish: "{LOWER}", hold: 20s'
TALK = {"talk", "rest", "ready", "switch", "release"}


def timeline_of(session: str, moves: str = BRIDGE, head: str = "") -> Timeline:
    other = "squat: {name: Squat, for: 20s}"
    return schedule(
        planned(f"title: T\n{head}moves: {{bridge: {{{moves}}}, {other}}}\nsession: {session}\n"), constant
    )


def words_by_gap(timeline: Timeline) -> list[tuple[str, list[str]]]:
    """What is said in each gap and talk, in order."""
    rows = [row for row in timeline.intervals if row.kind in TALK]
    return [(row.kind, [event.text for event in said_in(timeline, row)]) for row in rows]


def said_in(timeline: Timeline, row: Interval) -> list[Speech]:
    speeches = (event for event in timeline.events if isinstance(event, Speech))
    return [event for event in speeches if row.start_ms <= event.start_ms < row.end_ms]


def speech(timeline: Timeline, text: str) -> Speech:
    return next(event for event in timeline.events if isinstance(event, Speech) and event.text == text)


def texts(timeline: Timeline) -> list[str]:
    return [event.text for event in timeline.events if isinstance(event, Speech)]


# -- out of what was held ---------------------------------------------------------------------------


def test_the_words_of_coming_out_are_the_first_in_a_rest() -> None:
    rest = words_by_gap(timeline_of("[{do: bridge}, {rest: 20s}, {do: squat}]"))[2]
    assert rest == ("rest", [LOWER, "Rest, 15 seconds.", "Coming up: Squat. 20 seconds."])


def test_a_rest_that_was_written_takes_them_in() -> None:
    timeline = timeline_of("[{do: bridge}, {rest: 20s}, {do: squat}]")
    assert [row.duration_ms for row in timeline.intervals if row.kind == "rest"] == [20_000]


def test_a_rest_that_is_too_short_for_them_is_lengthened_with_a_note() -> None:
    timeline = timeline_of("[{do: bridge}, {rest: 4s}, {do: squat}]")
    (rest,) = [row for row in timeline.intervals if row.kind == "rest"]
    assert said_in(timeline, rest)[0].text == LOWER
    assert any("the rest of 0:04 became" in note.message for note in timeline.notes)


@pytest.mark.parametrize(("session", "first"), [("[do: bridge]", []), ("[do: bridge, say: Bye.]", ["Bye."])])
def test_at_the_end_of_a_session_they_come_before_the_close(session: str, first: list[str]) -> None:
    timeline = timeline_of(session.replace(", ", "}, {").replace("[", "[{").replace("]", "}]"))
    assert texts(timeline)[-2:] == [LOWER, *(first or ["That is the end. Well done."])]


def test_they_come_before_what_is_said_after_the_move() -> None:
    timeline = timeline_of("[{do: bridge}, {say: Now think.}, {do: squat}]")
    said = texts(timeline)
    assert said.index(LOWER) == said.index("Now think.") - 1


SIDES = 'name: Stretch, sides: each, finish: "Let the <side> leg down.", hold: 20s'


def test_a_side_is_left_before_the_other_begins() -> None:
    gaps = words_by_gap(timeline_of("[{do: bridge}]", SIDES))
    assert ("switch", ["Let the left leg down.", "Switch sides. Right side."]) in gaps
    assert texts(timeline_of("[{do: bridge}]", SIDES))[-2] == "Let the right leg down."


def test_where_no_gap_lies_between_they_are_told_ahead() -> None:
    timeline = timeline_of("[{do: bridge, switch: 0s}]", SIDES)
    ahead = speech(timeline, "At the tone: Let the left leg down.")
    first, second = (row for row in timeline.intervals if row.kind == "hold")
    assert first.start_ms < ahead.start_ms < first.end_ms == second.start_ms


def test_where_the_effort_has_no_room_for_them_the_gap_grows_with_a_note() -> None:
    timeline = timeline_of("[{do: bridge, hold: 3s, switch: 0s}]", SIDES)
    assert ("switch", ["Let the left leg down."]) in words_by_gap(timeline)
    assert any("the switch of 0:00 became" in note.message for note in timeline.notes)


def test_where_sides_take_turns_the_side_is_that_of_the_last_repetition() -> None:
    moves = 'name: Lift, sides: alternate, finish: "Set the <side> leg down.", reps: 4, tempo: 4s'
    assert texts(timeline_of("[{do: bridge}]", moves))[-2] == "Set the right leg down."


STAYING = {
    "a short rest": "hold: 20s, sets: 2, rest: 5s",
    "the release between holds": "hold: 10s, reps: 2",
    "another way": "hold: 20s, ways: [up, down]",
    "holds that take sides in turn": "hold: 10s, reps: 2, sides: alternate",
}


@pytest.mark.parametrize("why", STAYING)
def test_a_position_that_is_kept_is_not_left(why: str) -> None:
    moves = f'name: Bridge, finish: "{LOWER}", at_go: {LIFT}, {STAYING[why]}'
    said = texts(timeline_of("[{do: bridge}]", moves))
    assert (said.count(LIFT), said.count(LOWER)) == (1, 1)


def test_a_rest_between_sets_is_no_rest_in_the_position() -> None:
    gaps = words_by_gap(timeline_of("[{do: bridge, sets: 2, rest: 20s}]"))
    # Nothing calls back into the bridge but its setup.
    again = ["Ten seconds.", "Feet flat.", LIFT]
    assert ("rest", [LOWER, "Rest, 15 seconds.", "Good work.", "Last set.", *again]) in gaps


def test_guided_steps_are_one_position() -> None:
    steps = "steps: [{say: Up., hold: 9s}, {say: On., hold: 9s}]"
    said = texts(timeline_of("[{do: bridge}]", f'name: Flow, finish: "{LOWER}", at_go: {LIFT}, {steps}'))
    assert (said.count(LIFT), said.count(LOWER)) == (1, 1)


def test_the_same_move_again_at_once_goes_on() -> None:
    said = texts(timeline_of("[{do: bridge}, {do: bridge, ready: 0s}]"))
    assert (said.count(LIFT), said.count(LOWER)) == (1, 1)


@pytest.mark.parametrize(("cues", "count"), [("full", 1), ("brief", 1), ("tones", 0)])
def test_brief_keeps_both_ends_of_a_position(cues: str, count: int) -> None:
    said = texts(timeline_of("[{do: bridge}]", head=f"cues: {cues}\n"))
    assert (said.count(LIFT), said.count(LOWER)) == (count, count)


# -- into what comes --------------------------------------------------------------------------------

COUNT_MS, APART_MS, GRID_MS = 3000, 168, 24


@pytest.mark.parametrize(
    "session", ["[do: bridge]", "[{rest: 60s}, {do: bridge}]", "[{do: bridge, ready: 20s}]"]
)
def test_the_loading_part_ends_as_the_count_begins(session: str) -> None:
    timeline = timeline_of(session)
    (hold,) = [row for row in timeline.intervals if row.kind == "hold"]
    assert 0 <= hold.start_ms - COUNT_MS - APART_MS - speech(timeline, LIFT).end_ms < GRID_MS


def test_there_is_time_to_get_there_before_the_loading_part() -> None:
    timeline = timeline_of("[do: bridge]")
    assert speech(timeline, LIFT).start_ms - speech(timeline, "Feet flat.").end_ms >= 2000


def test_a_move_that_comes_again_is_entered_again() -> None:
    said = texts(timeline_of("[{repeat: 3, items: [{do: bridge}, {do: squat}]}]"))
    assert (said.count("Feet flat."), said.count(LIFT)) == (3, 3)


def test_before_a_later_set_a_call_leads_to_where_the_load_begins() -> None:
    timeline = timeline_of("[{do: bridge, sets: 3, rest: 20s, get_ready: On your back.}]")
    said = texts(timeline)
    assert (said.count("On your back."), said.count(LIFT)) == (2, 3)
    last = said.index("Last set.")
    assert said[last : last + 4] == ["Last set.", "Ten seconds.", "On your back.", LIFT]


def test_each_side_is_entered() -> None:
    moves = "name: Stretch, sides: each, at_go: <side> leg up., hold: 20s"
    said = texts(timeline_of("[{do: bridge}]", moves))
    assert (said.count("Left leg up."), said.count("Right leg up.")) == (1, 1)


def test_a_short_rest_grows_to_the_way_in_however_often_it_was_led() -> None:
    timeline = timeline_of("[{do: bridge}, {rest: 10s}, {do: squat}, {rest: 4s}, {do: bridge}]")
    assert texts(timeline).count(LIFT) == 2
    assert any("the rest of 0:04 became" in note.message for note in timeline.notes)


def test_a_short_switch_grows_to_how_one_gets_to_the_other_side() -> None:
    side = "setup: Lie on your <side> side., finish: Hips down., at_go: Hips up."
    said = texts(timeline_of("[{do: bridge}]", f"name: Plank, sides: each, switch: 3s, hold: 20s, {side}"))
    at = said.index("Right side.")
    assert said[at - 1 : at + 3] == ["Hips down.", "Right side.", "Lie on your right side.", "Hips up."]


# -- cautions ---------------------------------------------------------------------------------------

SAG = "Do not let your back sag."


@pytest.mark.parametrize("cues", ["full", "brief", "tones"])
def test_a_caution_is_said_before_the_first_go_and_once(cues: str) -> None:
    moves = f"name: Plank, caution: {SAG}, hold: 20s, sets: 2, rest: 20s"
    timeline = timeline_of("[{do: bridge}, {do: squat}, {do: bridge}]", moves, f"cues: {cues}\n")
    assert texts(timeline).count(SAG) == 1
    first = next(row for row in timeline.intervals if row.kind == "hold")
    assert speech(timeline, SAG).end_ms < first.start_ms - COUNT_MS


CAUTIONED = {
    "each": "hold: 20s, sides: each, sets: 2, rest: 9s",
    "one after the other": 'hold: 20s, sides: "left, right"',
    "in turn": "reps: 4, tempo: 4s, sides: alternate",
    "set by set": "hold: 20s, sides: alternate, sets: 4, rest: 20s",
}


@pytest.mark.parametrize("sides", CAUTIONED)
def test_a_caution_for_a_side_is_owed_to_the_other(sides: str) -> None:
    said = texts(
        timeline_of("[{do: bridge}]", f"name: Bend, caution: Mind your <side> knee., {CAUTIONED[sides]}")
    )
    assert (said.count("Mind your left knee."), said.count("Mind your right knee.")) == (1, 1)


def test_a_caution_is_never_left_out_for_want_of_time() -> None:
    moves = f"name: Plank, caution: {SAG}, hold: 20s"
    timeline = timeline_of("[{do: squat}, {rest: 3s}, {do: bridge}]", moves)
    assert SAG in texts(timeline)
    assert any("became" in note.message for note in timeline.notes)


def test_as_many_rounds_as_one_can_tell_the_way_in_and_the_caution_after_the_setup() -> None:
    moves = f"name: Plank, setup: Kneel., at_go: Step back., caution: {SAG}, reps: 3"
    said = texts(timeline_of("[{for: 2m, items: [{do: bridge}, {do: bridge}]}]", moves))
    start = said.index("Plank. 3 repetitions.")
    assert said[start : start + 4] == ["Plank. 3 repetitions.", "Kneel.", SAG, "Step back."]
    assert (said.count(SAG), said.count("Step back.")) == (1, 1)


# -- from posture to posture ------------------------------------------------------------------------


def test_there_is_a_phrase_from_each_posture_to_each_other() -> None:
    assert set(TRANSITIONS) == set(permutations(get_args(Posture), 2))
    assert set(BESIDE_A_SETUP) < set(TRANSITIONS.values())
    assert {*TRANSITIONS.values(), *filter(None, BESIDE_A_SETUP.values())} <= set(wordings.load("en"))


def led(session: str, before: str = "posture: prone", after: str = "posture: supine") -> list[str]:
    moves = f"a: {{name: A, hold: 20s, {before}}}, b: {{name: B, hold: 20s, {after}}}"
    return texts(schedule(planned(f"title: T\nmoves: {{{moves}}}\nsession: {session}\n"), constant))


TURN = "Turn over onto your back."


def test_one_is_led_from_posture_to_posture_where_no_setup_leads() -> None:
    assert led("[{do: a}, {rest: 20s}, {do: b}]")[-5:-2] == [
        "Rest, 20 seconds.",
        "Coming up: B. Hold for 20 seconds.",
        TURN,
    ]


BESIDE = "setup: Lie flat., posture: supine"


def test_beside_a_setup_only_what_it_cannot_know_is_said() -> None:
    said = led("[{repeat: 2, items: [{do: a}, {do: b}]}]", after=BESIDE)
    assert said.index("Turn over.") == said.index("Lie flat.") - 1
    assert (said.count("Turn over."), said.count("Lie flat."), said.count(TURN)) == (1, 1, 1)


def test_what_a_setup_tells_is_not_said_twice() -> None:
    said = led("[{repeat: 2, items: [{do: a}, {do: b}]}]", "posture: kneeling", BESIDE)
    assert (said.count("Lie flat."), said.count("Lie down on your back.")) == (1, 1)


def test_one_is_led_again_in_each_round() -> None:
    assert led("[{repeat: 3, items: [{do: a}, {do: b}]}]").count(TURN) == 3


NOT_LED = {
    "the same posture": ("[{do: a}, {do: b}]", "posture: supine"),
    "a posture that is not known": ("[{do: a}, {do: b}]", ""),
    "words of the coach": ("[{do: a}, {say: Turn around.}, {do: b}]", "posture: prone"),
    "words of the coach after a pause": (
        "[{do: a}, {pause: 3s}, {say: Turn around.}, {pause: 3s}, {do: b}]",
        "posture: prone",
    ),
    "words of the coach in a rest": ("[{do: a}, {rest: 9s}, {say: Turn around.}, {do: b}]", "posture: prone"),
}


@pytest.mark.parametrize("why", NOT_LED)
def test_nobody_is_led_where_there_is_no_need(why: str) -> None:
    session, before = NOT_LED[why]
    assert TURN not in led(session, before.rstrip(", ") or "sets: 1")


def test_what_has_no_words_does_not_lead() -> None:
    assert TURN in led("[{do: a}, {pause: 5s}, {tone: bell}, {do: b}]")


def test_a_session_that_nobody_opens_leads_down_and_up() -> None:
    said = led("[{do: b}]", after=BESIDE)
    assert said.index("Come down to the floor.") == said.index("Lie flat.") - 1
    assert said[-2:] == ["That is the end. Well done.", "Roll onto your side, and take your time to stand."]


def test_a_coach_who_opens_and_closes_leads_down_and_up_herself() -> None:
    said = led("[{say: Lie down.}, {do: b}, {say: Stand up.}]")
    assert (said[0], said[-1]) == ("Lie down.", "Stand up.")
    assert "Come down to the floor." not in said
    assert "Roll onto your side, and take your time to stand." not in said


# -- what is taught ahead ---------------------------------------------------------------------------

FRAMED = {
    "hold: 5s": "In this hold: Pull the knee in, as far as it comes.",
    "hold: 5s, reps: 3": "In each hold: Pull the knee in, as far as it comes.",
    "breaths: 5": "As you breathe: Pull the knee in, as far as it comes.",
    "hold: 5 breaths": "As you breathe: Pull the knee in, as far as it comes.",
    "reps: 4, tempo: 1-1": "Each repetition: Pull the knee in, as far as it comes.",
}


@pytest.mark.parametrize("dose", FRAMED)
def test_what_is_taught_ahead_of_the_tone_is_no_order(dose: str) -> None:
    steps = 'steps: ["Pull the knee in, as far as it comes.", "When you hear the tone, put the foot down."]'
    assert FRAMED[dose] in texts(timeline_of("[{do: bridge}]", f"name: Knee, {steps}, {dose}"))
