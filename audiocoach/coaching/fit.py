"""A session made to last a wanted time: within its ranges first, then by its rests, then by its rounds.

Every try is a whole layout, a pure function of what is settled in it; what is tried next follows from how
long the last one was. No dose leaves its range, no rest is less than half as long as it was, or more than
three times.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.fit_hint import hint
from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.settle import WHOLE, Amounts, is_like, rounds_left_open, settled
from audiocoach.coaching.steps import Effort, Gap, PauseStep
from audiocoach.coaching.trace import Reach
from audiocoach.errors import InputError, Problem
from audiocoach.records import dataclass, replace
from audiocoach.units import MS_PER_SECOND, ms_to_clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from audiocoach.coaching.steps import Plan, Step
    from audiocoach.coaching.timeline import Timeline, Utterance
    from audiocoach.routine.model import Routine

    Planned = tuple[Plan, tuple[Problem, ...]]

# A rest may become this many times as long, and half as long; beyond it the session is another one.
_MOST_TIMES = 3
_LEAST_PART = 2
# How much shorter than wanted a session may be, as a part of it.
_LEEWAY = 50
# How often the length of speech is learned anew while ranges, and rests, are chosen.
_RANGE_TRIES = 4
_REST_TRIES = 6
# Of a second that is taken from rests so much is hoped for at least.
_LEAST_GIVEN = 0.2


@dataclass(frozen=True, slots=True)
class Bench:
    """What a try is made with: `replan` writes a settled routine out, and tells what was rounded in it.

    `measure` and `check` are as in `schedule`.
    """

    routine: Routine
    replan: Callable[[Routine], Planned]
    measure: Callable[[Utterance], int]
    check: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Try:
    """A session as laid out once. `extra_s` are the seconds that its rests have been given, below 0 taken."""

    amounts: Amounts
    extra_s: int
    plan: Plan
    notes: tuple[Problem, ...]
    timeline: Timeline

    @property
    def length_ms(self) -> int:
        """How long it lasts."""
        return self.timeline.duration_ms

    @property
    def words_ms(self) -> int:
        """By how much its words make it longer than what is declared."""
        return self.length_ms - _declared_ms(self.plan) - self.extra_s * MS_PER_SECOND


def fit_to(bench: Bench, wanted_ms: int) -> Try:
    """The session at most as long as wanted, and at least 98 % of it.

    Raises:
        InputError: that cannot be; it says what can, and which line could give.
    """
    first = _laid(bench, Amounts())
    tried = [first]
    for rounds in _rounds_in_order(bench.routine, longer=first.length_ms < wanted_ms):
        tried += _with_rounds(bench, first, rounds, wanted_ms)
        fitting = [one for one in tried if _fits(one, wanted_ms)]
        if fitting:
            return max(fitting, key=lambda one: one.length_ms)
    raise _refusal(bench, tried, wanted_ms)


def limits_ms(bench: Bench, plan: Plan, length_ms: int) -> tuple[int, int]:
    """About how short and how long a session can be that lasts so long with this plan.

    No layout is made for it: the words are taken to need as much time as they do now.
    """
    return within_ms(reach_of(bench), plan, length_ms)


def within_ms(reach: Reach, plan: Plan, length_ms: int) -> tuple[int, int]:
    """The same, of a session that can be stretched so far."""
    words_ms = length_ms - _declared_ms(plan)
    return min(reach.shortest_ms + words_ms, length_ms), max(reach.longest_ms + words_ms, length_ms)


def reach_of(bench: Bench, before: Reach | None = None) -> Reach:
    """How far a session can be stretched: as `before`, where nothing but words has changed since.

    Raises:
        InputError: it cannot be planned so.
    """
    # A lesson is made of its words.
    if before and bench.routine.settings.cues != "learn" and is_like(before.routine, bench.routine):
        return before
    least, most = (bench.replan(settled(bench.routine, Amounts(share, share)))[0] for share in (0, WHOLE))
    return Reach(
        bench.routine,
        _declared_ms(least) - _spare_s(least.steps, longer=False) * MS_PER_SECOND,
        _declared_ms(most) + _spare_s(most.steps, longer=True) * MS_PER_SECOND,
    )


def _fits(one: Try, wanted_ms: int) -> bool:
    return 0 <= wanted_ms - one.length_ms <= wanted_ms // _LEEWAY


def _rounds_in_order(routine: Routine, *, longer: bool) -> Iterator[int | None]:
    """As many as the level says, then all there may be: those first that change the session least."""
    yield None
    steps = rounds_left_open(routine)
    shares = [-(-WHOLE * step // steps) for step in range(steps + 1)] if steps else []
    yield from shares if longer else reversed(shares)


def _with_rounds(bench: Bench, first: Try, rounds: int | None, wanted_ms: int) -> list[Try]:
    """What can be had with so many rounds: ranges, then longer rests, or more of them and shorter rests."""
    if not _may_reach(bench, rounds, wanted_ms, first.words_ms):
        return []
    is_near = rounds is None and _fits(first, wanted_ms)
    tried = [first] if is_near else _within_ranges(bench, rounds, wanted_ms, first.words_ms)
    below = max((one for one in tried if one.length_ms <= wanted_ms), key=_length_ms, default=None)
    if below is not None:
        tried += _with_rests(bench, below, wanted_ms)
        if any(_fits(one, wanted_ms) for one in tried):
            return tried
    above = min(
        (one for one in tried if one.length_ms > wanted_ms and not one.extra_s), key=_length_ms, default=None
    )
    above = above or (_one_step_up(bench, below, wanted_ms) if below else None)
    return [*tried, above, *_with_rests(bench, above, wanted_ms)] if above else tried


def _length_ms(one: Try) -> int:
    return one.length_ms


# -- within the ranges --------------------------------------------------------------------------------


def _within_ranges(bench: Bench, rounds: int | None, wanted_ms: int, words_ms: int) -> list[Try]:
    """As far up the ranges as there is time for; how long the words take there is learned by trying."""
    tried: dict[int, Try] = {}
    for _ in range(_RANGE_TRIES):
        share = _most_share(bench, rounds, wanted_ms - words_ms)
        if share in tried:
            break
        tried[share] = _laid(bench, Amounts(share, rounds))
        words_ms = tried[share].words_ms
    return list(tried.values())


def _most_share(bench: Bench, rounds: int | None, time_ms: int) -> int:
    """The most of the ranges whose doses and gaps take no longer than this; 0 where all do."""
    low, high = 0, WHOLE
    while low < high:
        middle = (low + high + 1) // 2
        if _planned_ms(bench, Amounts(middle, rounds)) <= time_ms:
            low = middle
        else:
            high = middle - 1
    return low


def _one_step_up(bench: Bench, below: Try, wanted_ms: int) -> Try | None:
    """The next more of the ranges that makes a difference, if rests half as long could make up for it."""
    share, rounds = below.amounts.doses, below.amounts.rounds
    if share is None:
        share = _most_share(bench, rounds, wanted_ms - below.words_ms)
    if share == WHOLE:
        return None
    at = _most_share(bench, rounds, _planned_ms(bench, Amounts(share, rounds)))
    return None if at == WHOLE else _laid(bench, Amounts(at + 1, rounds))


def _may_reach(bench: Bench, rounds: int | None, wanted_ms: int, words_ms: int) -> bool:
    """Whether so many rounds are worth a layout, as far as can be told without one."""
    least, most = (bench.replan(settled(bench.routine, Amounts(share, rounds)))[0] for share in (0, WHOLE))
    least_ms = _declared_ms(least) - _spare_s(least.steps, longer=False) * MS_PER_SECOND
    most_ms = _declared_ms(most) + _spare_s(most.steps, longer=True) * MS_PER_SECOND
    # What is said in it takes time as well, more or less.
    margin_ms = wanted_ms // 10 + abs(words_ms)
    return least_ms - margin_ms <= wanted_ms <= most_ms + margin_ms


def _planned_ms(bench: Bench, amounts: Amounts) -> int:
    return _declared_ms(bench.replan(settled(bench.routine, amounts))[0])


def _declared_ms(plan: Plan) -> int:
    return sum(step.length_ms for step in plan.steps if isinstance(step, Effort | Gap | PauseStep))


def _laid(bench: Bench, amounts: Amounts) -> Try:
    plan, notes = bench.replan(settled(bench.routine, amounts))
    return Try(amounts, 0, plan, notes, schedule(plan, bench.measure, bench.check))


# -- by rests -----------------------------------------------------------------------------------------


def _with_rests(bench: Bench, one: Try, wanted_ms: int) -> Iterator[Try]:
    """With seconds added to its rests or taken from them, until it lasts as wanted, or they give no more."""
    most_s, least_s = _spare_s(one.plan.steps, longer=True), -_spare_s(one.plan.steps, longer=False)
    last, extra_s, gives = one, 0, 1.0
    for _ in range(_REST_TRIES):
        missing_ms = wanted_ms - last.length_ms
        step_s = int(missing_ms / gives) // MS_PER_SECOND
        extra_s = max(least_s, min(most_s, last.extra_s + step_s))
        if extra_s == last.extra_s:
            return
        steps = _rested(one.plan.steps, extra_s)
        timeline = schedule(replace(one.plan, steps=steps), bench.measure, bench.check)
        last, before = replace(one, extra_s=extra_s, timeline=timeline), last
        yield last
        # A rest is never shorter than its words: where some have come to that, the others give what is asked.
        gives = (last.length_ms - before.length_ms) / ((last.extra_s - before.extra_s) * MS_PER_SECOND)
        gives = max(_LEAST_GIVEN, min(1.0, gives))


def _spare_s(steps: Sequence[Step], *, longer: bool) -> int:
    return sum(_spare_of(step, longer=longer) for step in steps)


def _spare_of(step: Step, *, longer: bool) -> int:
    """How many whole seconds a step can be given, or taken: a rest, unless it keeps sets on a told grid."""
    if not isinstance(step, Gap) or step.kind != "rest" or step.grows == "grid" or not step.ahead:
        return 0
    # The rest behind the last start of a grid may be longer, and never less than the grid leaves.
    shorter_ms = max(0, min(step.length_ms // _LEAST_PART, step.length_ms - step.grid_ms))
    most_ms = step.length_ms * (_MOST_TIMES - 1) if longer else shorter_ms
    return most_ms // MS_PER_SECOND


def _rested(steps: Sequence[Step], extra_s: int) -> tuple[Step, ...]:
    """The steps with whole seconds added to the rests, or taken from them, from each by its share."""
    spares = [_spare_of(step, longer=extra_s > 0) for step in steps]
    total_s, passed_s, given_s, found = sum(spares), 0, 0, []
    sign = 1 if extra_s > 0 else -1
    for step, spare_s in zip(steps, spares, strict=True):
        passed_s += spare_s
        # What is due up to here, less what was given: the shares always add up to the whole.
        due_s = abs(extra_s) * passed_s // total_s if total_s else 0
        found.append(_longer(step, sign * (due_s - given_s)))
        given_s = due_s
    return tuple(found)


def _longer(step: Step, seconds: int) -> Step:
    if isinstance(step, Gap) and seconds:
        return replace(step, length_ms=step.length_ms + seconds * MS_PER_SECOND)
    return step


# -- what cannot be -----------------------------------------------------------------------------------


def _refusal(bench: Bench, tried: Sequence[Try], wanted_ms: int) -> InputError:
    """What is possible instead: each length that it names was laid out."""
    ends = [end for longer in (False, True) for end in _end(bench, longer=longer)]
    lengths_ms = sorted(one.length_ms for one in (*tried, *ends))
    shortest, longest = ms_to_clock(lengths_ms[0]), ms_to_clock(lengths_ms[-1])
    plan = tried[0].plan
    is_between = lengths_ms[0] <= wanted_ms <= lengths_ms[-1]
    if is_between:
        near = [ms_to_clock(max(ms for ms in lengths_ms if ms <= wanted_ms))]
        near += [ms_to_clock(min(ms for ms in lengths_ms if ms > wanted_ms))]
        what = f"what comes nearest is {near[0]} and {near[1]}; write fit: {near[0]}"
    elif shortest == longest:
        what = f"it lasts {longest} in any case"
    else:
        what = f"it can last between {shortest} and {longest}"
    message = f"the session cannot be made to last {ms_to_clock(wanted_ms)}: {what}"
    first = tried[0]

    def limits(routine: Routine) -> tuple[int, int]:
        return limits_ms(replace(bench, routine=routine), first.plan, first.length_ms)

    longer = wanted_ms > lengths_ms[0]
    told = "" if is_between else hint(bench.routine, plan, wanted_ms, limits, longer=longer)
    return InputError(Problem(plan.position, f"{message}{told}", code="unfit-session"))


def _end(bench: Bench, *, longer: bool) -> Iterator[Try]:
    """The shortest or the longest that the session can be."""
    share = WHOLE if longer else 0
    one = _laid(bench, Amounts(share, share))
    yield one
    spare_s = _spare_s(one.plan.steps, longer=longer)
    steps = _rested(one.plan.steps, spare_s if longer else -spare_s)
    timeline = schedule(replace(one.plan, steps=steps), bench.measure, bench.check)
    yield replace(one, extra_s=spare_s if longer else -spare_s, timeline=timeline)
