"""Breaths that glide as long as they last."""

from audiocoach.coaching.timeline import Speech, Timeline, Tone
from tests.test_lay import timeline


def glides(found: Timeline) -> list[tuple[int, int, str]]:
    """When each begins, how long it is, and what it is drawn by."""
    start_ms = next(one.start_ms for one in found.intervals if one.kind == "breaths")
    return [
        (event.start_ms - start_ms, event.duration_ms, str(event.sound))
        for event in found.events
        if isinstance(event, Tone) and event.cue == "breath"
    ]


def test_they_last_as_long_as_the_breath_less_what_parts_two_sounds() -> None:
    assert glides(timeline("breaths: 5, breath: 4-6"))[:3] == [
        (20_000, 3832, "inhale@3832"),
        (24_000, 5832, "exhale@5832"),
        (30_000, 3832, "inhale@3832"),
    ]


def test_a_breath_that_is_held_is_ticked_between_two_glides() -> None:
    assert glides(timeline("breaths: 5, breath: 4-7-8"))[:3] == [
        (38_000, 3832, "inhale@3832"),
        (42_000, 60, ""),
        (49_000, 7832, "exhale@7832"),
    ]


def test_where_words_come_it_breaks_off_before_them() -> None:
    found = timeline("breaths: 5, breath: 4-6")
    words = [event.start_ms for event in found.events if isinstance(event, Speech)]
    cut = [
        event
        for event in found.events
        if isinstance(event, Tone) and event.sound == f"exhale@5832-{event.duration_ms}"
    ]
    assert len(cut) == 1, "the last breath is called ahead"
    assert cut[0].end_ms + 168 in words


def test_short_breaths_keep_their_short_tones() -> None:
    assert {length_ms for _, length_ms, _ in glides(timeline("breaths: 6, breath: 0.4-0.4"))} == {240}


def test_a_sound_of_another_meaning_does_not_glide() -> None:
    found = timeline("breaths: 5, breath: 4-6", "tones: {inhale: bell}\n")
    assert glides(found)[:2] == [(20_000, 900, ""), (24_000, 5832, "exhale@5832")]


def test_another_set_glides_as_well() -> None:
    found = timeline("breaths: 5, breath: 4-6", "tones: {set: wood}\n")
    assert glides(found)[0] == (20_000, 3832, "wood/inhale@3832")
