"""How a session ends in the rest that a grid leaves after its last exercise.

That rest keeps its length, but nobody waits in it for the goodbye: whatever closes the session is said in it
at once, where it ends in time. In: a plan. Out: the plan with its closing words in its last gap. Pure.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from audiocoach.coaching.memory import Told
from audiocoach.coaching.pen import Pen
from audiocoach.coaching.places import last_one_cue
from audiocoach.coaching.positions import finish_cue, help_up
from audiocoach.coaching.script import talk_cue
from audiocoach.coaching.space import PAUSE_MS
from audiocoach.coaching.steps import Effort, Gap, Nesting, SayStep
from audiocoach.records import replace
from audiocoach.routine.model import Words
from audiocoach.units import MS_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiocoach.coaching.cues import Cue
    from audiocoach.coaching.speaker import Speaker
    from audiocoach.coaching.steps import Plan, Step, TalkKind

# What the tone that closes the exercise takes, and how long it is silent at the end of the rest.
_BESIDE_MS = 2 * MS_PER_SECOND


def closing_cues(plan: Plan, speaker: Speaker) -> Iterator[Cue]:
    """The pack's own close: it says goodbye, and leads up from the last posture."""
    cues = (talk_cue(talk, speaker) for talk in _own_close(plan, speaker))
    yield from (cue for cue in cues if cue.line)


def is_closed(steps: Sequence[Step]) -> bool:
    """Whether a session ends with words of its own."""
    last = steps[-1] if steps else None
    return isinstance(last, SayStep) or (isinstance(last, Gap) and last.ahead is None and bool(last.says))


def with_close_in_rest(plan: Plan, speaker: Speaker) -> Plan:
    """The plan with its closing words in the rest that ends it, where one does and has the time."""
    talks = list(takewhile(_may_come_sooner, reversed(plan.steps)))[::-1]
    index = len(plan.steps) - len(talks) - 1
    gap = plan.steps[index] if index > 0 else None
    if not isinstance(gap, Gap) or not gap.is_last:
        return plan
    says = tuple(talk for talk in talks if isinstance(talk, SayStep)) or _own_close(plan, speaker)
    if not says or gap.length_ms < _needed_ms(plan.steps[index - 1], gap, says, speaker):
        return plan
    return replace(plan, steps=(*plan.steps[:index], replace(gap, says=(*gap.says, *says))))


def _may_come_sooner(step: Step) -> bool:
    return isinstance(step, SayStep) and not step.pause_ms and step.heading is None


def _own_close(plan: Plan, speaker: Speaker) -> tuple[SayStep, ...]:
    up = [cue.entry for cue in help_up(plan.steps, Pen(speaker, Told(), plan.position, plan.delivery))]
    is_wanted = bool(speaker.phrase("close", {})) and plan.delivery.cues != "tones"
    entries: tuple[tuple[TalkKind, str], ...] = (
        *((("close", "close"),) if is_wanted else ()),
        # Whoever is bidden to lie still for a moment is not to have stood up before.
        *(("posture", entry) for entry in up),
    )
    words = ((kind, Words(plan.pack.wording(entry, {}, 0), plan.position)) for kind, entry in entries)
    return tuple(SayStep(said.position, said, kind, 0, Nesting(), plan.delivery) for kind, said in words)


def _needed_ms(before: Step, gap: Gap, says: Sequence[SayStep], speaker: Speaker) -> int:
    cues = [talk_cue(talk, speaker) for talk in says]
    if isinstance(before, Effort):
        finish = finish_cue(before, speaker, gap)
        pen = Pen(speaker, Told(), gap.position, gap.delivery)
        cues += [*last_one_cue(pen, before), *((finish,) if finish else ())]
    return _BESIDE_MS + sum(speaker.length_ms(cue.line, cue.delivery) + PAUSE_MS for cue in cues)
