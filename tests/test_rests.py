"""How long a rest is, and ten seconds before its end."""

from functools import partial

import pytest

from audiocoach.coaching.rests import said_ms
from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.timeline import Speech, Timeline, Utterance
from tests.generate import constant, planned

MOVES = """\
title: T
tone: neutral
moves:
  plank: {name: Plank, hold: 40s, setup: Come down., get_ready: Down to your plank.}
  squat: {name: Squat, for: 20s}
"""


def timeline(session: str, head: str = "") -> Timeline:
    return schedule(planned(f"{head}{MOVES}session: [{session}]\n"), constant)


def rests(found: Timeline) -> list[list[tuple[float, str]]]:
    """What is said in each rest, with the seconds that are left as it begins."""
    rows = []
    for one in found.intervals:
        if one.kind == "rest":
            end_ms = one.start_ms + one.duration_ms
            words = [event for event in found.events if isinstance(event, Speech)]
            inside = [word for word in words if one.start_ms <= word.start_ms < end_ms]
            rows.append([(round((end_ms - word.start_ms) / 1000, 1), word.text) for word in inside])
    return rows


def test_a_rest_tells_its_length_in_turn_and_calls_back_at_ten_seconds() -> None:
    assert rests(timeline("{do: plank, sets: 4, rest: 30s}, {do: squat}")) == [
        [
            (29.4, "Rest, 30 seconds."),
            (27.7, "Set 2 of 4."),
            (10.0, "Ten seconds."),
            (8.6, "Down to your plank."),
        ],
        [
            (29.4, "Take a rest, 30 seconds."),
            (27.3, "Set 3 of 4."),
            (10.0, "Ten seconds."),
            (8.6, "Down to your plank."),
        ],
        [
            (29.4, "Rest for 30 seconds."),
            (27.6, "More than half of the session is done."),
            (24.6, "Last set."),
            (10.0, "Ten seconds."),
            (8.6, "Down to your plank."),
        ],
        [(29.4, "Rest, 30 seconds."), (27.7, "Coming up: Squat. 20 seconds."), (10.0, "Ten seconds.")],
    ]


SHORT = {
    "7s": [],
    "9s": ["Rest."],
    "10s": ["Rest, 10 seconds."],
    "14s": ["Rest, 14 seconds."],
    "15s": ["Rest, 15 seconds.", "Ten seconds."],
}


@pytest.mark.parametrize("rest", SHORT)
def test_a_rest_is_told_with_its_length_from_ten_seconds_on_and_called_from_fifteen(rest: str) -> None:
    words = rests(timeline(f"{{do: squat, sets: 2, rest: {rest}}}"))[0]
    assert [text for _, text in words if not text.startswith("Last set")] == SHORT[rest]


def test_ten_seconds_never_fade_as_they_tell_where_one_is_and_teach_nothing() -> None:
    found = rests(timeline("{do: squat, sets: 15, rest: 16s}"))
    assert [any(text == "Ten seconds." for _, text in words) for words in found] == [True] * 14
    found = rests(timeline("{do: plank, sets: 15, rest: 20s}"))
    assert [words[-1][1] for words in found][-1] == "Down to your plank."


def test_in_a_short_rest_how_to_get_ready_stands_right_before_the_count() -> None:
    assert rests(timeline("{do: plank, sets: 2, rest: 12s}"))[0][-1] == (4.6, "Down to your plank.")


def test_a_rest_that_takes_slack_or_begins_with_other_words_is_told_as_it_is() -> None:
    (first,) = rests(timeline("{do: squat, reps: 3, tempo: 2.5s, sets: 2, rest: 30s}"))
    assert first[0][1] == "Rest, 30 seconds."


SAID = {
    (30_000, 30_000, 29_500, 27_400): 30_000,
    (30_000, 30_900, 30_400, 28_400): 30_000,
    (21_000, 21_000, 20_500, 18_500): 21_000,
    # The words of a finish have taken three seconds and more of it, or have made it longer.
    (30_000, 30_000, 26_600, 25_000): 25_000,
    (30_000, 30_000, 26_600, 24_900): 25_000,
    (40_000, 40_000, 36_600, 34_600): 35_000,
    (30_000, 34_000, 30_400, 28_500): 30_000,
    (30_000, 41_000, 40_500, 38_500): 40_000,
    (20_000, 20_000, 17_000, 15_200): 15_000,
    # Ten seconds are called soon.
    (20_000, 20_000, 16_900, 14_900): 0,
    (14_000, 14_000, 12_000, 10_200): 0,
    (14_000, 14_000, 12_500, 10_700): 14_000,
    # A tenth of it has passed, then more: what is left is told, in fives.
    (20_000, 20_000, 18_000, 16_100): 20_000,
    (20_000, 20_000, 17_900, 16_000): 15_000,
    (60_000, 60_000, 57_500, 55_500): 60_000,
    (60_000, 60_000, 57_400, 55_400): 55_000,
}


@pytest.mark.parametrize("times", SAID)
def test_what_is_said_of_a_rest_is_what_was_declared_or_no_more_than_is_left(
    times: tuple[int, int, int, int],
) -> None:
    assert said_ms(*times) == SAID[times]
    assert SAID[times] in (times[0], 0) or SAID[times] <= times[2]


def test_a_rest_of_which_little_is_left_is_told_without_its_length() -> None:
    finish = "finish: Step back from the wall and shake out both of your legs."
    text = f"{MOVES}session: [{{do: squat, sets: 2, rest: 18s}}]\n"
    (words,) = rests(schedule(planned(text.replace("for: 20s", f"for: 20s, {finish}")), constant))
    assert [text for _, text in words[1:]] == ["Rest.", "Last set.", "Ten seconds."]


def test_the_first_set_is_called_where_the_words_ended_long_before() -> None:
    called = [word for words in rests(timeline("{do: plank}, {rest: 40s}, {do: squat}")) for word in words]
    assert (10.0, "Ten seconds.") in called
    # The setup of a new move ends two seconds before: that calls her.
    called = [word for words in rests(timeline("{do: squat}, {rest: 40s}, {do: plank}")) for word in words]
    assert "Ten seconds." not in [text for _, text in called]


SILENT = {
    "announce: {rest: false}\n": ["Set 2 of 3.", "Down to your plank."],
    'phrases: {rest: ""}\n': ["Set 2 of 3.", "Ten seconds.", "Down to your plank."],
    'phrases: {ten_seconds: ""}\n': ["Rest, 20 seconds.", "Set 2 of 3.", "Down to your plank."],
    "phrases: {rest: Breathe.}\n": ["Breathe.", "Set 2 of 3.", "Ten seconds.", "Down to your plank."],
    "cues: brief\n": ["Rest, 20 seconds.", "Set 2 of 3.", "Down to your plank."],
}


@pytest.mark.parametrize("head", SILENT)
def test_the_words_of_a_rest_may_be_silenced(head: str) -> None:
    words = rests(timeline("{do: plank, sets: 3, rest: 20s}", head))[0]
    assert [text for _, text in words] == SILENT[head]


def test_where_it_is_asked_for_a_rest_of_five_seconds_is_told() -> None:
    found = timeline("{do: squat, sets: 2, rest: 7s}", "announce: {rest: true}\n")
    assert rests(found)[0][0][1] == "Rest, 7 seconds."


def test_a_slow_voice_tells_a_rest_more_shortly_before_it_tells_nothing() -> None:
    def slow(utterance: Utterance) -> int:
        return 320 * len(utterance.text)

    text = "{do: plank, sets: 2, rest: 12s}, {do: squat}"
    found = schedule(
        planned(f"{MOVES.replace(', get_ready: Down to your plank.', '')}session: [{text}]\n"), slow
    )
    told = [words for _, words in rests(found)[0]]
    assert told == ["Rest, 12.", "Last set."]
    assert any("said shorter" in str(note) and '"Rest, 12 seconds."' in str(note) for note in found.notes)


def test_how_to_get_ready_keeps_two_seconds_from_the_way_in_or_comes_before_the_call() -> None:
    """Nobody takes the two for one order."""
    move = (
        "bear: {name: Bear, hold: 20s, setup: Kneel., get_ready: Hands and knees., at_go: Float your knees.}"
    )
    text = f"{MOVES}  {move}\nsession: [{{do: bear, sets: 2, rest: 30s}}]\n"
    for length_ms, order in ((900, ["call", "ready", "way in"]), (1800, ["ready", "call", "way in"])):
        found = schedule(planned(text), partial(_lasting, length_ms))
        names = {"Ten seconds.": "call", "Hands and knees.": "ready", "Float your knees.": "way in"}
        assert [names[words] for _, words in rests(found)[0] if words in names] == order


def _lasting(length_ms: int, _utterance: Utterance) -> int:
    return length_ms
