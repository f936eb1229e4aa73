"""The inside of an effort: its tones, and the words that fit between them.

An effort's length is fixed before anything is said in it: what does not fit is said shorter, ticked,
taught before the go tone, or left out with a note. Never does it take longer.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from audiocoach.coaching.effort.breaths import breath_spans, lay_breaths
from audiocoach.coaching.effort.calls import is_called, lay_calls
from audiocoach.coaching.effort.frame import framed, lay_go
from audiocoach.coaching.effort.glides import with_glides
from audiocoach.coaching.effort.layout import empty
from audiocoach.coaching.effort.left import REPS_LEFT, lay_left, tells_left
from audiocoach.coaching.effort.metronome import lay_metronome, lay_tens
from audiocoach.coaching.effort.paces import lay_paced, lay_steps_once, paced
from audiocoach.coaching.effort.reminders import lay_offer, lay_reminders
from audiocoach.coaching.effort.repetitions import lay_hold_number, lay_repetitions, repetition_spans
from audiocoach.coaching.effort.tail import lay_carried, lay_tail
from audiocoach.coaching.effort.timed import lay_timed
from audiocoach.coaching.memory import Taught
from audiocoach.records import replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from audiocoach.coaching.cues import Cue
    from audiocoach.coaching.effort.layout import EffortLayout, Ground
    from audiocoach.coaching.steps import EffortKind


def lay_effort(ground: Ground, tail: Sequence[Cue] = (), carried: Sequence[Cue] = ()) -> EffortLayout:
    """Fill one effort: `tail` is said as late as it can be, `carried` as early; the `lost` found no place.

    First come the tones and the author's words at their times, then the steps of a new move; then room is
    kept for the beats, and what has a time of its own or has to be said goes beside them; the beats take
    their best wordings; reminders fill what is left.
    """
    if not ground.effort.traits.is_exercise:
        return replace(empty(ground), lost=tuple(tail))
    layout, has_calls = _teach(_opened(ground))
    if tail or carried or is_called(ground.effort):
        layout = _keeping_room(layout)
    elif tells_left(ground.effort):
        layout = _keeping_room(layout, ground.reps - REPS_LEFT - 2)
    layout = lay_tail(layout, tail)
    # Where the next effort takes the room of the steps, the side was told before this one.
    tells_side = ground.new or not tail
    layout = (_beside_the_side if tells_side else lay_carried)(layout, carried)
    # Behind which set it is: that the first hold is the first is no news.
    layout = lay_hold_number(layout)
    layout = layout if has_calls else lay_calls(layout)[0]
    layout = lay_left(layout)
    layout = lay_go(_lay_beats(layout), sounds=True)
    return with_glides(lay_metronome(lay_reminders(lay_offer(layout))))


def _beside_the_side(layout: EffortLayout, cues: Sequence[Cue]) -> EffortLayout:
    """What the gap before had no room for; noted where the side that begins would go unheard for it.

    Without a tempo no room is kept for the first repetition, by which the gap before lets it be told.
    """
    told = lay_carried(layout, cues)
    if not cues or _begins_with_a_side(told) or not _begins_with_a_side(layout):
        return told
    for cue in cues:
        layout = layout.noting(cue.position, cue.line)
    return layout


def _begins_with_a_side(layout: EffortLayout) -> bool:
    """Whether sides take turns, and the first repetition finds its time without a tempo."""
    effort = layout.ground.effort
    if not (effort.rep_sides and effort.phases and effort.traits.is_paced) or effort.rep_ms:
        return False
    return bool(layout.next_rep) or paced(lay_calls(layout)[0], in_full=False) is not None


def _opened(ground: Ground) -> EffortLayout:
    """An effort with what keeps its time whatever else is said."""
    return lay_timed(lay_go(framed(ground), sounds=False))


def rehearse(ground: Ground) -> EffortLayout:
    """An effort as far as its first repetition: what has no room in it is told before the effort.

    An easier version may be offered anywhere in it: then it is laid out whole.
    """
    if ground.effort.easier is not None and not ground.effort.phases:
        return lay_effort(ground)
    layout, has_calls = _teach(_opened(ground))
    if is_called(ground.effort) and not has_calls:
        layout = lay_calls(_keeping_room(layout))[0]
    if layout.next_rep or not (ground.effort.phases or ground.effort.rep_sides):
        return layout
    if ground.reps:
        return lay_repetitions(layout, until_rep=1)
    has_steps = bool(ground.effort.phases) and ground.effort.traits.is_paced
    return paced(layout, in_full=False) or layout if has_steps else layout


def beat_spans(ground: Ground, first: int, laid: Iterable[str] = ()) -> Iterator[tuple[int, int]]:
    """What keeps its place in an effort, from its `first` repetition on, as starts and lengths."""
    if ground.effort.rep_ms:
        yield from repetition_spans(ground, first, laid)
    elif ground.effort.breath_ms:
        yield from breath_spans(ground)


def _keeping_room(layout: EffortLayout, first: int = 0) -> EffortLayout:
    """With room only beside the beats of the `first` repetition and later ones, and beside "last one"."""
    laid = [said.line.text for said in layout.laid]
    kept = list(beat_spans(layout.ground, max(first, layout.next_rep), laid))
    return replace(layout, room=layout.words.taking(kept)) if kept else layout


def _lay_beats(layout: EffortLayout) -> EffortLayout:
    effort = layout.ground.effort
    if effort.rep_ms:
        return lay_repetitions(layout)
    if effort.bpm:
        return lay_tens(layout)
    if effort.breath_ms:
        return lay_breaths(layout)
    return lay_paced(layout) if effort.phases and effort.traits.is_paced else layout


def _teach(layout: EffortLayout) -> tuple[EffortLayout, bool]:
    """Steps that are told within the effort come before all else in it; whether its calls are laid, too."""
    ground, effort = layout.ground, layout.ground.effort
    if not (ground.tells_steps(0) and ground.new and effort.phases):
        return layout, False
    if effort.traits.is_paced and 0 < effort.rep_ms <= effort.length_ms:
        # On a tempo some phases may be told here although others were taught before.
        return lay_repetitions(layout, until_rep=1), False
    taught = any(ground.told.knows(Taught(phase.words)) for phase in effort.phases)
    if taught or effort.rep_ms or effort.kind not in _TOLD:
        return layout, False
    return _tell_around_calls(layout, _TOLD[effort.kind])


def _tell_around_calls(
    layout: EffortLayout, tell: Callable[[EffortLayout], EffortLayout | None]
) -> tuple[EffortLayout, bool]:
    """The steps and the calls, where both are heard; else the steps, if they end in time, without calls."""
    told = tell(layout)
    if told is not None:
        called, heard = lay_calls(told)
        if heard:
            return called, True
    called, heard = lay_calls(layout)
    both = tell(called) if heard else None
    if both is not None:
        return both, True
    return (told, False) if told is not None else (layout, False)


_TOLD: dict[EffortKind, Callable[[EffortLayout], EffortLayout | None]] = {
    "hold": lay_steps_once,
    "work": partial(paced, in_full=True),
}
