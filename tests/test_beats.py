"""What keeps its place in an effort, whatever else is said."""

from audiocoach.coaching.effort.beats import is_marked, least_spans, mark, with_marks
from audiocoach.coaching.effort.bounds import Bounds, Edge
from audiocoach.coaching.effort.frame import framed
from audiocoach.coaching.effort.lay import beats_from
from audiocoach.coaching.effort.layout import EffortLayout, Ground, ground_of
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
    return list(least_spans(first, beats_from(first, 0)))


def test_a_repetition_keeps_its_number_and_its_phases_in_their_short_forms() -> None:
    assert kept(f"{STEPS}, tempo: 3-3, reps: 2") == [
        (168, 400),
        (736, 400),
        (3000, 400),
        (6000, 400),
        (6568, 400),
        (9000, 400),
    ]


def test_the_first_number_gives_way_to_its_phase() -> None:
    assert kept(f"{STEPS}, tempo: 0.8-3, reps: 1")[0] == (168, 400)


def test_a_later_number_too_long_for_its_phase_is_a_tick() -> None:
    assert kept(f"{STEPS}, tempo: 0.9-3, reps: 2")[2:4] == [(3900, 60), (4128, 400)]


def test_breaths_keep_their_words_where_words_lead_them() -> None:
    lengths = [length_ms for _, length_ms in kept("breaths: 4, breath: 3-4")]
    assert lengths == [400] * 4 + [240] * 2 + [400] * 2


def marked(fields: str, head: str = "", word_ms: int = 400) -> EffortLayout:
    layout = framed(ground(fields, head, word_ms))
    return with_marks(layout, [mark(layout, beat) for beat in beats_from(layout.ground, 0)])


def test_what_has_no_room_is_a_tick() -> None:
    layout = marked("steps: [Down., Up.], tempo: 3-1, reps: 1", word_ms=900)
    assert [(sound.cue, sound.start_ms) for sound in layout.sounds] == [("phase", 3000)]
    assert layout.notes == ()


def test_what_is_neither_said_nor_ticked_is_noted() -> None:
    layout = marked("steps: [Down., Up.], tempo: 3-1, reps: 1", "tones: soft\n", word_ms=900)
    assert layout.sounds == ()
    assert [note.text for note in layout.notes] == ["Up."]


def test_a_count_marks_the_phase_that_begins_with_it() -> None:
    layout = framed(ground("steps: [Down., Up.], tempo: 9-3, for: 12s"))
    assert [sound.start_ms for sound in layout.sounds] == [9000, 10_000, 11_000]
    assert is_marked(layout, 9000)
    assert not is_marked(layout, 9500)
