"""A session made to last a wanted time: its rests are lengthened, its doses never touched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.steps import Gap
from audiocoach.errors import InputError, Problem
from audiocoach.records import replace
from audiocoach.units import MS_PER_SECOND, ms_to_clock

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiocoach.coaching.steps import Plan, Step
    from audiocoach.coaching.timeline import Timeline, Utterance

# A rest may become this many times as long; beyond it the session is another one.
_MOST_TIMES = 3
_TRIES = 6


def fit_to(
    plan: Plan, measure: Callable[[Utterance], int], wanted_ms: int, check: Callable[[], None] = lambda: None
) -> Timeline:
    """The timeline at the wanted length, to the second; `check` as in `schedule`.

    Raises:
        InputError: it is longer than that already, or its rests cannot take as much.
    """
    timeline = schedule(plan, measure, check)
    if timeline.duration_ms - wanted_ms >= MS_PER_SECOND:
        lasts = ms_to_clock(timeline.duration_ms)
        raise _refusal(plan, wanted_ms, f"it lasts {lasts} already; try a gentler level or fewer sets")
    extra_s = 0
    for _ in range(_TRIES):
        missing_ms = wanted_ms - timeline.duration_ms
        if abs(missing_ms) < MS_PER_SECOND:
            return timeline
        extra_s += missing_ms // MS_PER_SECOND
        longer = _stretched(plan, extra_s)
        if longer is None:
            break
        timeline = schedule(longer, measure, check)
    raise _refusal(plan, wanted_ms, "its rests would have to be more than three times as long")


def _refusal(plan: Plan, wanted_ms: int, why: str) -> InputError:
    message = f"the session cannot be made to last {ms_to_clock(wanted_ms)}: {why}"
    return InputError(Problem(plan.position, message, code="unfit-session"))


def _stretched(plan: Plan, extra_s: int) -> Plan | None:
    """The plan with whole seconds added to its rests, each by its share; None where it is too much."""
    rests_ms = [_rest_ms(step) for step in plan.steps]
    total_ms = sum(rests_ms)
    if extra_s * MS_PER_SECOND > total_ms * (_MOST_TIMES - 1):
        return None
    steps = []
    given_s, passed_ms = 0, 0
    for step, rest_ms in zip(plan.steps, rests_ms, strict=True):
        passed_ms += rest_ms
        # What is due up to here, less what was given: the shares always add up to the whole.
        due_s = extra_s * passed_ms // total_ms if total_ms else 0
        steps.append(_longer(step, due_s - given_s))
        given_s = due_s
    return replace(plan, steps=tuple(steps))


def _rest_ms(step: Step) -> int:
    """What of a step may be lengthened: a rest, unless it keeps sets on the grid that was told."""
    if not isinstance(step, Gap) or step.kind != "rest" or step.grows == "grid":
        return 0
    return step.length_ms if step.ahead else 0


def _longer(step: Step, seconds: int) -> Step:
    if isinstance(step, Gap) and seconds:
        return replace(step, length_ms=step.length_ms + seconds * MS_PER_SECOND)
    return step
