"""What finds no room in an effort and is said before it."""

from audiocoach.coaching.timeline import Speech, Timeline
from tests.test_lay import WORLD, inside, script, timeline

LEGS = "steps: [Tighten., {say: Lift your leg., short: Up}, {say: Lower it., short: Down}]"
CURL = "steps: [{say: Curl up., short: Up}, {say: Come down., short: Down}], reps: 4, rest: 20s"


def rests(found: Timeline) -> list[str]:
    """The reminders that are said in rests."""
    spans = [(one.start_ms, one.end_ms) for one in found.intervals if one.kind == "rest"]
    reminders = [event for event in found.events if isinstance(event, Speech) and event.cue == "reminder"]
    return [one.text for one in reminders if any(start <= one.start_ms < end for start, end in spans)]


def test_ways_that_nobody_can_tell_between_the_phases_are_told_before_the_first_go() -> None:
    fields = WORLD.replace("3-2-8", "2-2-2")
    words = script(timeline(fields), "ready")
    assert "First to the right, then to the left." in words
    assert not any(word.startswith("At the tone") for word in words)
    assert words.count("Back") == 5
    assert timeline(fields).notes == ()


def test_sides_that_nobody_can_tell_between_the_phases_are_told_before_the_first_go() -> None:
    steps = "steps: [{say: Lift it., short: Up}, {say: Lower it., short: Down}], tempo: 2-2, reps: 3"
    found = timeline(f"{steps}, sides: each, switch: 0s")
    assert "Left side first, then the right side." in script(found, "ready")
    assert [one.kind for one in found.intervals if one.kind == "switch"] == []


def test_the_side_that_begins_is_told_before_where_the_first_phase_is_too_short_for_it() -> None:
    found = timeline(f"{LEGS}, sides: alternate, reps: 4, tempo: 1-2-3")
    assert "Left side first." in script(found, "ready")
    sides = [text for _, text in inside(found, "reps") if "ight" in text or "eft" in text]
    assert sides == ["Left, tighten.", "Last one, right."]


def test_the_side_is_told_with_the_first_phase_where_one_moves_at_ones_own_pace() -> None:
    found = timeline(f"{LEGS}, sides: alternate, for: 40s")
    assert script(found, "ready").count("Left side first.") == 0
    words = [text for _, text in inside(found, "work")]
    assert words[1:8] == [
        *("Left, tighten.", "Lift your leg.", "Lower it."),
        *("Right, tighten.", "Up", "Down", "Left, tighten."),
    ]


def test_a_side_that_is_heard_as_one_begins_is_not_told_before() -> None:
    for fields in (
        "reps: 4",
        "reps: 4, steps: [The <side> leg., Down.]",
        "for: 20s, tempo: 2-2, steps: [Up., Down.]",
    ):
        found = timeline(f"{fields}, sides: alternate")
        assert "Left side first." not in script(found, "ready"), fields
        assert any("left" in text.lower() for _, text in inside(found, "reps", "work")), fields


def test_a_reminder_belongs_in_the_silence_of_the_work() -> None:
    found = timeline(f"{CURL}, tempo: 4-4, sets: 3, reminders: [Chin in., Look up.]")
    assert rests(found) == []
    assert {"Chin in.", "Look up."} <= set(script(found, "reps"))
    found = timeline("steps: [Sink.], hold: 30s, sets: 3, rest: 20s, reminders: [Chin in., Look up.]")
    assert rests(found) == []


def test_a_reminder_that_no_silence_can_hold_is_said_in_a_rest_once() -> None:
    found = timeline(f"{CURL}, tempo: 2-2, sets: 5, reminders: [Keep your chin in., Look at your knees.]")
    assert rests(found) == ["This time: Keep your chin in.", "This time: Look at your knees."]
