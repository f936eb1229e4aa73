"""The inside of a gap: words, the count-in, and how long it must be."""

import pytest

from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.timeline import Interval, Speech, Timeline, Utterance
from tests.generate import planned

MOVE = "title: T\nmoves: {{bend: {{name: Bend, {}}}}}\nsession: [do: bend]\n"


def timeline(text: str, word_ms: int) -> Timeline:
    def measure(_: Utterance) -> int:
        return word_ms

    return schedule(planned(text), measure)


def gap(text: str, kind: str, word_ms: int = 1000) -> Interval:
    return next(one for one in timeline(text, word_ms).intervals if one.kind == kind)


READIES = {
    # Two phrases (name, setup) with a breath of 336 ms between them, and 5 s, to the next second.
    ("for: 20s, setup: Stand.", 1000): 8000,
    ("for: 20s, setup: Stand.", 3000): 12_000,
    ("for: 20s, ready: 15s", 1000): 15_000,
    # As declared: the words, and the count right behind them.
    ("for: 20s, ready: 6s", 1000): 6000,
    ("for: 20s, ready: 5s", 1000): 5000,
    # Words that need longer: 1 s, 168 ms and the count, to the next second.
    ("for: 20s, ready: 3s", 1000): 5000,
    ("for: 20s, ready: 0s", 1000): 5000,
}


@pytest.mark.parametrize(("fields", "word_ms"), READIES)
def test_a_ready_is_its_words_and_five_seconds_or_as_declared(fields: str, word_ms: int) -> None:
    assert gap(MOVE.format(fields), "ready", word_ms).duration_ms == READIES[fields, word_ms]


TWO = "title: T\nmoves: {{bend: {{name: Bend, for: 20s}}, hop: {{name: Hop, for: 20s, {}}}}}\nsession:\n"
READY_NOTES = {
    ("ready: 8s", 1000): [],
    ("ready: 3s", 1000): [
        "routine.yaml:5:5: note: the ready of 0:03 became 0:05 at 0:29: its words need that long",
    ],
    # No gap: the name is said before the last count, in the exercise before.
    ("ready: 0s", 1000): [],
    ("ready: 0s", 18_000): [
        "routine.yaml:5:5: note: the ready of 0:00 became 0:22 at 1:04: its words need that long",
    ],
}


@pytest.mark.parametrize(("ready", "word_ms"), READY_NOTES)
def test_a_declared_ready_that_grows_is_noted_like_a_rest(ready: str, word_ms: int) -> None:
    found = timeline(TWO.format(ready) + "  - do: bend\n  - do: hop\n", word_ms)
    assert [str(note) for note in found.notes] == READY_NOTES[ready, word_ms]


NO_GAP = {
    "for: 20s, sets: 2, rest: 0s": ["ready", "work", "work"],
    "for: 20s, sides: each, switch: 0s": ["ready", "work", "work"],
    "for: 20s, ways: [up, down], switch: 0s": ["ready", "work", "work"],
    "hold: 20s, reps: 2, release: 0s": ["ready", "hold", "hold"],
}


@pytest.mark.parametrize("fields", NO_GAP)
def test_0_s_is_no_gap_within_a_move(fields: str) -> None:
    found = timeline(MOVE.format(fields), 400)
    assert [one.kind for one in found.intervals if one.kind != "talk"] == NO_GAP[fields]
    assert found.notes == ()


NO_GAP_BETWEEN = {
    "  - do: bend\n  - {do: hop, ready: 0s}\n": ["work", "work"],
    "  - {do: bend, rest: 0s}\n  - do: hop\n": ["work", "work"],
    "  - {do: bend, rest: 0s}\n  - {do: hop, ready: 0s}\n": ["work", "work"],
    "  - {repeat: 2, rest: 0s, items: [do: bend]}\n": ["work", "work"],
    "defaults: {ready: 0s}\n": ["work", "work"],
    # The longest of those that meet.
    "  - {do: bend, rest: 9s}\n  - {do: hop, ready: 0s}\n": ["work", "rest", "work"],
    "  - {do: bend, rest: 0s}\n  - {do: hop, ready: 9s}\n": ["work", "ready", "work"],
}


@pytest.mark.parametrize("items", NO_GAP_BETWEEN)
def test_0_s_is_no_gap_between_two_moves(items: str) -> None:
    session = items if items.startswith(" ") else "  - do: bend\n  - do: hop\n" + items
    found = timeline(TWO.format("sets: 1") + session, 400)
    kinds = [one.kind for one in found.intervals if one.kind != "talk"]
    assert kinds[1:] == NO_GAP_BETWEEN[items]


def test_a_ready_of_0_s_opens_with_the_tone_that_ends_what_was_before() -> None:
    found = timeline(TWO.format("ready: 0s") + "  - do: bend\n  - do: hop\n", 1000)
    first, second = (one for one in found.intervals if one.kind == "work")
    assert first.end_ms == second.start_ms
    assert [tone.cue for tone in found.events if tone.start_ms == second.start_ms] == ["switch"]
    named = next(one for one in found.events if isinstance(one, Speech) and "Hop" in one.text)
    assert named.end_ms <= second.start_ms - 3000


SWITCHES = {
    ("", 400): (5000, []),
    # Nothing is declared: it lasts its words.
    ("", 3000): (7000, []),
    (", switch: 6s", 400): (6000, []),
    (", switch: 2s", 400): (
        5000,
        [
            'routine.yaml:3:11: note: said shorter at 0:29, for want of time: "Switch sides. Right side."',
            "routine.yaml:3:11: note: the switch of 0:02 became 0:05 at 0:29: its words need that long",
        ],
    ),
}


@pytest.mark.parametrize(("switch", "word_ms"), SWITCHES)
def test_a_switch_is_as_declared_or_noted_and_else_at_least_its_words(switch: str, word_ms: int) -> None:
    found = timeline(MOVE.format(f"for: 20s, sides: each{switch}"), word_ms)
    length_ms = next(one for one in found.intervals if one.kind == "switch").duration_ms
    assert (length_ms, [str(note) for note in found.notes]) == SWITCHES[switch, word_ms]


def test_a_rest_is_exactly_as_declared_where_its_words_fit() -> None:
    found = timeline(MOVE.format("for: 20s, sets: 2, rest: 20s"), 1000)
    assert next(one for one in found.intervals if one.kind == "rest").duration_ms == 20_000
    assert found.notes == ()


def test_words_that_do_not_fit_are_left_out_with_a_note() -> None:
    found = timeline(MOVE.format("for: 20s, sets: 2, rest: 10s"), 6000)
    assert next(one for one in found.intervals if one.kind == "rest").duration_ms == 10_000
    assert [str(note) for note in found.notes] == [
        'routine.yaml:3:11: note: left out at 0:40, for want of time: "Rest, 10 seconds."',
    ]


def test_anchored_words_lengthen_a_rest_with_a_note() -> None:
    text = "title: T\nmoves: {bend: {name: Bend, for: 20s}, hop: {name: Hop, for: 20s}}\n"
    found = timeline(text + "session:\n  - {do: bend, rest: 10s}\n  - do: hop\n", 9000)
    assert next(one for one in found.intervals if one.kind == "rest").duration_ms == 13_000
    assert [str(note) for note in found.notes] == [
        'routine.yaml:4:5: note: left out at 0:46, for want of time: "Rest, 10 seconds."',
        "routine.yaml:4:5: note: the rest of 0:10 became 0:13 at 0:46: its words need that long",
    ]


def test_the_count_in_is_on_time_to_the_millisecond() -> None:
    found = timeline(MOVE.format("for: 20s"), 1000)
    go_ms = next(one for one in found.intervals if one.kind == "work").start_ms
    ticks = [event.start_ms for event in found.events if event.cue == "count" and event.start_ms < go_ms]
    assert ticks == [go_ms - 3000, go_ms - 2000, go_ms - 1000]


def test_a_release_is_exact_to_the_millisecond() -> None:
    found = gap(MOVE.format("hold: 5.3s, reps: 2, release: 2.7s"), "release")
    assert found.duration_ms == 2700


def test_the_words_of_a_timed_silence_end_as_it_begins() -> None:
    steps = "steps: [{say: Feel your feet., pause: 10s}, {say: Feel your back., pause: 10s}], "
    found = timeline(MOVE.format(steps + "sets: 2, rest: 20s"), 1000)
    ends = [event.end_ms for event in found.events if event.cue == "guide"]
    pauses = [one.start_ms for one in found.intervals if one.kind == "pause"]
    assert len(ends) == 4
    assert all(0 <= start_ms - end_ms < 24 for start_ms, end_ms in zip(pauses, ends, strict=True))


def test_a_dose_outlasts_words_that_only_fill_the_rest() -> None:
    text = "title: T\nmoves: {bend: {name: Bend, for: 20s}, hop: {name: Hop, for: 20s}}\n"
    found = timeline(text + "session:\n  - {do: bend, rest: 9s}\n  - do: hop\n", 4000)
    assert "Next: Hop. 20 seconds." in [event.text for event in found.events if isinstance(event, Speech)]
    assert [str(note) for note in found.notes] == [
        'routine.yaml:4:5: note: left out at 0:35, for want of time: "Rest."',
    ]


def test_a_switch_of_0_s_that_gets_a_gap_has_no_tone_to_wait_for() -> None:
    found = timeline(MOVE.format("hold: 6s, sides: each, ways: [in, out], switch: 0s"), 2000)
    switch = next(one for one in found.intervals if one.kind == "switch")
    said = [event for event in found.events if isinstance(event, Speech)]
    words = [event.text for event in said if switch.start_ms <= event.start_ms < switch.end_ms]
    assert words == ["Switch sides. Right side.", "Now in."]


def test_what_is_easier_goes_before_a_dose() -> None:
    text = (
        "title: T\nmoves:\n  bend: {name: Bend, for: 20s}\n"
        "  hop: {name: Hop, reps: 6, tempo: 2-2, steps: [Up, Down], easier: {say: Step.}}\n"
        "session:\n  - {do: bend, rest: 15s}\n  - do: hop\n"
    )
    found = timeline(text, 3000)
    rest = next(one for one in found.intervals if one.kind == "rest")
    words = [
        event.text
        for event in found.events
        if isinstance(event, Speech) and rest.start_ms <= event.start_ms < rest.end_ms
    ]
    assert "Next: Hop. 6 repetitions." in words
    assert not any("Step." in one for one in words)


ALTERNATING = {
    # Without a rest there is time to change sides, as between the sides of `each`.
    "sets: 2, sides: alternate": ["ready", "hold", "switch", "hold"],
    "sets: 2, sides: alternate, switch: 8s": ["ready", "hold", "switch", "hold"],
    "sets: 2, sides: alternate, switch: 0s": ["ready", "hold", "hold"],
    "sets: 2, sides: alternate, rest: 20s": ["ready", "hold", "rest", "hold"],
    "sets: 2, sides: alternate, rest: 0s": ["ready", "hold", "hold"],
}


@pytest.mark.parametrize("fields", ALTERNATING)
def test_sides_that_alternate_by_sets_change_in_the_rest_or_in_a_switch(fields: str) -> None:
    found = timeline(MOVE.format(f"hold: 20s, {fields}"), 400)
    kinds = [one.kind for one in found.intervals if one.kind != "talk"]
    assert kinds == ALTERNATING[fields]
    assert found.notes == ()
