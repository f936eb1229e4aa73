"""Breaths: led by words, then by tones."""

from audiocoach.coaching.timeline import Speech
from tests.test_lay import inside, timeline


def test_the_first_two_breaths_and_the_last_are_led_by_words() -> None:
    assert inside(timeline("breaths: 5, breath: 4-6"), "breaths") == [
        (0, "go"),
        (528, "Breathe in."),
        (2968, "Breathe out."),
        (9040, "Breathe in."),
        (12_952, "Breathe out."),
        (20_000, "inhale"),
        (24_000, "exhale"),
        (30_000, "inhale"),
        (34_000, "exhale"),
        (39_040, "Breathe in."),
        (40_168, "Last breath."),
        (42_952, "Breathe out."),
        (50_000, "stop"),
    ]


def test_a_breath_too_short_for_its_words_is_led_by_shorter_ones() -> None:
    words = inside(timeline("breaths: 3, breath: 1.4-1.4"), "breaths")
    assert [text for _, text in words if text in {"Breathe in.", "Breathe out.", "In.", "Out."}] == [
        *("In.", "Breathe in.", "Breathe out.", "Breathe out."),
    ]


def test_very_short_breaths_keep_their_pace_and_the_last_is_called_as_it_begins() -> None:
    assert inside(timeline("breaths: 4, breath: 1-1"), "breaths") == [
        (0, "go"),
        (544, "Out."),
        (1264, "Breathe in."),
        (2440, "Out."),
        (4000, "inhale"),
        (5000, "exhale"),
        (6016, "Last breath."),
        (8000, "stop"),
    ]


def test_a_last_breath_that_nothing_can_tell_is_noted() -> None:
    assert [note.message for note in timeline("breaths: 4, breath: 0.4-0.4").notes] == [
        'left out at 0:11, for want of silence: "Last breath."',
    ]


def test_words_that_do_not_fit_are_noted_where_no_tone_takes_their_place() -> None:
    notes = timeline("breaths: 4, breath: 0.4-0.4", "tones: soft\n").notes
    assert [note.message for note in notes] == [
        'left out 7 times, first at 0:11, for want of silence: "In.", "Out.", "Last breath."',
    ]
    assert timeline("breaths: 4, breath: 3-4", "tones: soft\n").notes == ()


def test_a_breath_that_is_held_is_ticked_where_no_words_lead_it() -> None:
    sounds = inside(timeline("breaths: 5, breath: 4-7-8"), "breaths")
    # The third of five: in, hold, out.
    third = [(time_ms - 38_000, text) for time_ms, text in sounds if 38_000 <= time_ms < 57_000]
    assert third == [(0, "inhale"), (4000, "phase"), (11_000, "exhale")]


def test_words_that_lead_a_breath_fade_from_exercise_to_exercise() -> None:
    found = timeline("breaths: 6, breath: 3-4, sets: 8, rest: 9s")
    efforts = [row for row in found.intervals if row.kind == "breaths"]
    words = [event for event in found.events if isinstance(event, Speech) and event.text == "Breathe in."]
    led = [sum(row.start_ms <= word.start_ms < row.end_ms for word in words) for row in efforts]
    # The first two and the last, then the first alone.
    assert led == [3, 3, 1, 1, 1, 1, 1, 1]
