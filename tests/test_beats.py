"""What keeps its place in an effort, whatever else is said."""

from audiocoach.coaching.effort.beats import Free, is_marked, mark_all, with_marks
from audiocoach.coaching.effort.bounds import Bounds, Edge
from audiocoach.coaching.effort.frame import framed
from audiocoach.coaching.effort.lay import beat_spans
from audiocoach.coaching.effort.layout import EffortLayout, Ground, ground_of
from audiocoach.coaching.effort.repetitions import repetition_beats
from audiocoach.coaching.memory import Told
from audiocoach.coaching.speaker import speaker_of
from audiocoach.coaching.steps import Effort
from tests.generate import planned
from tests.test_lay import MOVE

STEPS = "steps: [{say: Down., short: Low}, {say: Up., short: High}]"


def ground(fields: str, head: str = "", word_ms: int = 400) -> Ground:
    """The first effort of a move, from 0 on, in which every phrase takes as long."""
    plan = planned(MOVE.format(head, fields))
    effort = next(step for step in plan.steps if isinstance(step, Effort))
    bounds = Bounds(0, effort.length_ms, Edge("go", ""), Edge("stop", ""))
    return ground_of(effort, bounds, speaker_of(plan, lambda _: word_ms, 60_000), Told())


def kept(fields: str) -> list[tuple[int, int]]:
    first = ground(fields)
    return sorted(beat_spans(first, 0))


def test_a_repetition_keeps_room_for_its_calls_in_short_its_number_and_last_one() -> None:
    assert kept(f"{STEPS}, tempo: 3-3, reps: 2") == [
        (168, 400),
        (2592, 400),
        # The number, then the call of the second.
        (5016, 400),
        (5592, 400),
        (6168, 400),
        (8592, 400),
    ]


def test_a_call_too_long_for_the_phase_before_is_a_tick() -> None:
    assert kept(f"{STEPS}, tempo: 0.3-3, for: 6.6s")[:3] == [(168, 60), (300, 60), (2880, 400)]


def test_breaths_keep_their_words_where_words_lead_them() -> None:
    lengths = [length_ms for _, length_ms in kept("breaths: 4, breath: 3-4")]
    # The last is led by words, and called.
    assert lengths == [400] * 4 + [240] * 2 + [400] * 3


def marked(fields: str, head: str = "", word_ms: int = 400) -> EffortLayout:
    layout = framed(ground(fields, head, word_ms))
    marks, _ = mark_all(layout, repetition_beats(layout.ground, 0, {}), Free())
    return with_marks(layout, marks)


DOWN = "steps: [Down., Up.], tempo: 1-3, for: 8s"


def test_a_call_may_end_a_little_late_where_it_has_too_little_room() -> None:
    # The second phase begins at 1 s.
    ends_ms = [said.start_ms + said.length_ms for said in marked(DOWN, word_ms=450).laid]
    assert ends_ms == [618, 1242]


def test_what_has_no_room_is_a_tick() -> None:
    layout = marked(DOWN, word_ms=550)
    assert [(sound.cue, sound.tone, sound.start_ms) for sound in layout.sounds] == [("phase", "phase", 1000)]
    assert layout.notes == ()


def test_what_is_neither_said_nor_ticked_is_noted() -> None:
    layout = marked(DOWN, "tones: soft\n", word_ms=550)
    assert layout.sounds == ()
    assert [note.text for note in layout.notes] == ["Up."]


def test_a_count_marks_the_phase_that_begins_with_it() -> None:
    layout = framed(ground("steps: [Down., Up.], tempo: 9-3, for: 12s"))
    assert [sound.start_ms for sound in layout.sounds] == [9000, 10_000, 11_000]
    assert is_marked(layout, 9000)
    assert not is_marked(layout, 9500)
