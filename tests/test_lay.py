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


def test_nine_seconds_are_not_counted_out() -> None:
    assert inside(timeline("for: 9s"), "work") == [(0, "go"), (9000, "stop")]


def test_soft_is_one_bell_at_start_and_end() -> None:
    assert inside(timeline("for: 30s", "tones: soft\n"), "work") == [(0, "bell"), (30_000, "bell")]


def test_none_is_no_tone_at_all() -> None:
    found = timeline("for: 30s", "tones: none\n")
    assert [event for event in found.events if isinstance(event, Tone)] == []


def script(found: Timeline, from_kind: str) -> list[str]:
    """The words from the first interval of this kind on."""
    start_ms = next(one.start_ms for one in found.intervals if one.kind == from_kind)
    return [event.text for event in found.events if isinstance(event, Speech) and event.start_ms >= start_ms]


WORLD = (
    "steps: [{say: Lean., short: Forward}, {say: Go <way>., short: <way>}, {say: Sit., short: Back}], "
    "tempo: 3-2-8, reps: 3, ways: [to the right, to the left]"
)


def test_a_change_of_ways_leaves_every_phase_its_place() -> None:
    words = script(timeline(WORLD), "reps")
    assert words[words.index("2.") :][:6] == [
        *("2.", "Forward", "Last one."),
        "To the right",
        "Back",
        "At the tone: to the left.",
    ]


def test_a_next_move_that_fits_nowhere_takes_time_of_its_own_and_no_phase() -> None:
    steps = "steps: [{say: Up you go., short: Up}, {say: Come down., short: Down}], tempo: 2-2"
    text = (
        f"title: T\nmoves: {{bend: {{name: Bend, reps: 3, {steps}}}, hop: {{name: Hop on one leg}}}}\n"
        "session:\n  - {do: bend, rest: 0s}\n  - {do: hop, for: 20s}\n"
    )
    found = schedule(planned(text), constant)
    steps_ms = [event.start_ms for event in found.events if event.cue == "step"]
    go_ms = next(one.start_ms for one in found.intervals if one.kind == "reps")
    assert [time_ms - go_ms for time_ms in steps_ms if time_ms > go_ms + 7000] == [7560, 9432]
    assert found.notes[-1].message == "the rest of 0:00 became 0:07 at 0:27: its words need that long"


def test_the_last_breath_keeps_its_words_where_the_next_move_is_named() -> None:
    text = (
        "title: T\nmoves: {calm: {name: Calm, breaths: 4, breath: 4-6}, hop: {name: Hop, for: 20s}}\n"
        "session: [{do: calm, rest: 0s}, {do: hop}]\n"
    )
    found = schedule(planned(text), constant)
    words = script(found, "breaths")
    assert words[words.index("Last breath.") :][:2] == ["Last breath.", "Breathe out."]


ROLL = (
    "title: T\nmoves: {roll: {name: Roll, reps: 4, tempo: 2-2, "
    "steps: [{say: Roll over., short: Over}, {say: Come back., short: Back}]}, "
    "sit: {name: Sit, setup: Kneel., hold: 6s}}\n"
)


def test_a_next_move_is_never_told_in_pieces_among_the_phases() -> None:
    found = schedule(planned(ROLL + "session: [{do: roll, rest: 0s}, {do: sit}]\n"), constant)
    words = script(found, "reps")
    assert words[-4:-1] == ["Back", "Next: Sit. Hold for 6 seconds.", "Kneel."]
    # A dose is never said shorter: the rest grows.
    assert [note.message for note in found.notes] == [
        "the rest of 0:00 became 0:07 at 0:31: its words need that long"
    ]


def test_a_next_move_is_told_in_one_go_and_in_full_where_it_has_room() -> None:
    found = schedule(planned(ROLL + "session: [{do: sit, hold: 20s, rest: 0s}, {do: roll}]\n"), constant)
    told = [event for event in found.events if isinstance(event, Speech) and event.cue == "announce"]
    assert told[-1].text == "Coming up: Roll. 4 repetitions."
    assert found.notes == ()


def test_last_one_keeps_its_place_whatever_else_is_said() -> None:
    words = inside(timeline("reps: 3, ways: [up, down]"), "reps")
    assert [row for row in words if row[1] == "Last one."] == [(7160, "Last one.")]
    assert any(text == "At the tone: down." for _, text in words)


def test_steps_that_as_many_rounds_as_one_can_do_not_lead_are_noted() -> None:
    move = "lunge: {name: Lunge, steps: [Bend both knees., Push back up.]}"
    items = "session: [{for: 2m, items: [{do: lunge, reps: 10}]}]"
    found = schedule(planned(f"title: T\nmoves: {{{move}}}\n{items}\n"), constant)
    assert [note.message for note in found.notes] == [
        'as many rounds as one can lead no steps: "Bend both knees.", "Push back up.": say them in its setup'
    ]
