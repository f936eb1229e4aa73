"""What will find no room in an effort, and is therefore said before it.

Words are written from left to right: a gap is told before the effort that it leads to is laid out. So the
effort is laid out on a ground of its own, and thrown away: what did not find its place there is told ahead.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from audiocoach.coaching.countdown import count_in_ms
from audiocoach.coaching.cues import Cue, Weight
from audiocoach.coaching.effort.bounds import Bounds, edge, tone_ms
from audiocoach.coaching.effort.lay import beat_spans, lay_effort, rehearse
from audiocoach.coaching.effort.layout import ground_of
from audiocoach.coaching.effort.paces import PHASE_REST_MS
from audiocoach.coaching.effort.reminders import REMINDER_MARGIN_MS, out_breaths, reminder_line
from audiocoach.coaching.effort.repetitions import CALL_MS, with_side
from audiocoach.coaching.slots import names_side, reminders_of
from audiocoach.coaching.space import APART_MS
from audiocoach.coaching.steps import Effort, Gap
from audiocoach.records import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiocoach.coaching.effort.layout import EffortLayout, Ground
    from audiocoach.coaching.memory import Told
    from audiocoach.coaching.speaker import Speaker
    from audiocoach.coaching.steps import Phase, Step
    from audiocoach.errors import Position
    from audiocoach.routine.model import Words

# In so many of the last repetitions of an effort the longest silence is looked for.
_LAST_LOOKED_AT = 3


@dataclass(frozen=True, slots=True)
class Lookahead:
    """What an effort will have no room for, so that it is said before it.

    `phases` that have no time within it, or would be called too early in it: the latter `may_wait` where
    a gap is short. `reminders` that no silence in it can hold, the `side` that begins, the `changes` of side
    or way that come without a gap, and the `offer` of an easier version.
    """

    phases: tuple[Words, ...] = ()
    may_wait: bool = False
    reminders: tuple[Words, ...] = ()
    side: bool = False
    changes: frozenset[str] = frozenset()
    offer: bool = False


def find_unbroken(steps: Sequence[Step]) -> dict[int, frozenset[str]]:
    """For each `do` what changes in it without a gap: its `side`, its `way`."""
    changes: dict[int, frozenset[str]] = {}
    for before, gap, after in zip(steps, steps[1:], steps[2:], strict=False):
        match before, gap, after:
            case Effort(), Gap(length_ms=0, grows="fixed"), Effort() if before.number == after.number:
                changed = {name for name in ("side", "way") if getattr(before, name) != getattr(after, name)}
                changes[after.number] = changes.get(after.number, frozenset()) | changed
    return changes


def look_ahead(  # noqa: PLR0913 - an effort, what surrounds it, and who speaks to whom
    effort: Effort,
    after: Step | None,
    changes: frozenset[str],
    told: Told,
    speaker: Speaker,
    *,
    waits: bool = True,
    starts_ms: Sequence[int] = (0,),
) -> Lookahead:
    """What has to be said before this effort, which `after` follows.

    `changes` are those that come in its move without a gap; `waits` says whether a reminder may be told. It
    may start at each of `starts_ms`, or a whole number of grids from there: what fits has to fit in all.
    """
    if not (effort.opens or waits or effort.rep_sides):
        return Lookahead()
    grounds = [_ground(effort, after, told, speaker, start_ms) for start_ms in starts_ms]
    ground = grounds[0]
    if not (effort.opens and _may_tell_ahead(ground, changes)):
        side = bool(effort.rep_sides) and any(
            _hides_its_first_side(rehearse(each), after) for each in grounds
        )
        return Lookahead(reminders=_homeless(ground), side=side)
    layouts = [rehearse(each) for each in (grounds if effort.phases else grounds[:1])]
    phases, may_wait = _most_untaught(
        layouts if ground.full else [rehearse(_in_full(each)) for each in grounds]
    )
    return Lookahead(
        phases=phases,
        may_wait=may_wait,
        side=any(_hides_its_first_side(layout, after, phases) for layout in layouts),
        # Whoever hears less is told ahead of the same changes: else each would need a gap of its own.
        changes=frozenset(name for name in changes if not _fits(name, _in_full(ground))),
        reminders=_homeless(ground),
        offer=bool(effort.phases) or bool(layouts[0].lost),
    )


def _may_tell_ahead(ground: Ground, changes: frozenset[str]) -> bool:
    """Whether there is anything that may have to be told before the effort."""
    effort = ground.effort
    return bool(effort.phases or effort.rep_sides or effort.easier or changes)


def _ground(effort: Effort, after: Step | None, told: Told, speaker: Speaker, start_ms: int) -> Ground:
    """The effort by itself; where no gap is sure to follow, the next one's count reaches back into it."""
    counted = after.ahead if isinstance(after, Gap) and after.ahead else effort
    follows = isinstance(after, Gap) and after.length_ms >= count_in_ms(counted)
    ends = after is None or follows or (isinstance(after, Gap) and after.ahead is None)
    bounds = Bounds(
        start_ms,
        start_ms + effort.length_ms,
        edge("go", effort),
        edge("stop" if ends else "switch", effort),
        ahead=None if ends else effort,
    )
    return ground_of(effort, bounds, speaker, told)


def _in_full(ground: Ground) -> Ground:
    """The ground where everything is said: whoever hears less is taught no more before an effort."""
    effort = ground.effort
    told_in_full = replace(effort, delivery=replace(effort.delivery, cues="full"))
    return ground_of(told_in_full, ground.bounds, ground.speaker, ground.told)


def _most_untaught(layouts: Sequence[EffortLayout]) -> tuple[tuple[Words, ...], bool]:
    """What is taught where an effort may be laid out in each of these ways."""
    lessons = [_untaught(layout) for layout in layouts]
    return max(lessons, key=lambda lesson: (bool(lesson[0]), not lesson[1]))


def _untaught(layout: EffortLayout) -> tuple[tuple[Words, ...], bool]:
    """The phases that are taught before the go tone of an effort, and whether there is room for them in it.

    A repetition is taught as a whole: a piece of it would be taken for all.
    """
    ground, effort = layout.ground, layout.ground.effort
    if effort.guide or not effort.phases or not ground.new:
        return (), False
    every = tuple(phase.words for phase in effort.phases)
    never_begun = effort.rep_ms > effort.length_ms
    if effort.traits.is_led or never_begun:
        return every, False
    # A phase that is told in the second repetition alone would come as a surprise in the first.
    until_ms = ground.bounds.start_ms + (effort.rep_ms or effort.length_ms)
    in_full = {(said.cue.position, said.line.text) for said in layout.laid if said.start_ms < until_ms}
    if not all(_is_told(words, ground, in_full) for words in every):
        return every, False
    return (every, True) if _is_advised(effort) or _is_called_too_early(ground) else ((), False)


def _is_advised(effort: Effort) -> bool:
    """Whether something is said about the steps before the go: it would come before the steps themselves."""
    return bool(effort.move.say or effort.easier)


def _is_called_too_early(ground: Ground) -> bool:
    """Whether a call in full begins so long before its phase that one would do it then.

    The call that opens the first repetition follows the go: it is ahead of its phase from the second one on.
    """
    phases = [phase for phase in ground.effort.phases if phase.length_ms]
    rows = list(pairwise([*phases[-1:], *phases]))
    # Or in the first half of the phase ahead.
    return any(
        phase.short is not None and _longest_ms(ground, phase) > min(CALL_MS, before.length_ms // 2)
        for before, phase in (rows if ground.reps > 1 else rows[1:])
    )


def _longest_ms(ground: Ground, phase: Phase) -> int:
    """How long a phase takes in full, on the longer of the sides."""
    opens = phase is ground.effort.phases[0]
    lines = [(ground.fill(phase.words, rep), rep) for rep in range(len(ground.values))]
    return max(ground.length_ms(with_side(ground, line, rep) if opens else line) for line, rep in lines)


def _is_told(words: Words, ground: Ground, in_full: set[tuple[Position, str]]) -> bool:
    lines = [(ground.fill(words, rep), rep) for rep in range(len(ground.values))]
    texts = {line.text for line, _ in lines} | {with_side(ground, line, rep).text for line, rep in lines}
    return any((words.position, text) in in_full for text in texts)


def _fits(change: str, ground: Ground) -> bool:
    """Whether the longest words about a change find a place while the effort lasts."""
    effort, values = ground.effort, ground.values_at(0)
    others = [values["other_side"]] if change == "side" else sorted(effort.ways[1:], key=len)
    line = ground.phrase(f"switch_{change}s_ahead", {**values, change: others[-1]})
    cue = Cue(change, line, effort.position, effort.delivery, weight=Weight.FORETOLD)
    return cue not in lay_effort(ground, tail=[cue]).lost


def _hides_its_first_side(layout: EffortLayout, after: Step | None, taught: Sequence[Words] = ()) -> bool:
    """Whether sides take turns, and nobody hears by the first repetition which one begins.

    What is `taught` before the effort tells it, but to those who hear tones alone.
    """
    ground, effort = layout.ground, layout.ground.effort
    if not effort.rep_sides or effort.rep is not None:
        return False
    if effort.delivery.cues != "tones" and any(map(names_side, taught)):
        return False
    if ground.new and ground.full and any(names_side(phase.words) for phase in effort.phases):
        return False  # it is said, or taught
    if _gives_way(ground, after):
        return True
    until_ms = ground.bounds.start_ms + (effort.rep_ms or effort.length_ms)
    heard = [said for said in layout.laid if said.start_ms < until_ms and said.cue.cue in ("count", "step")]
    return not any("side" in said.line.slots for said in heard)


def _gives_way(ground: Ground, after: Step | None) -> bool:
    """Whether words about the next effort, however many, have their places before the steps of this one.

    They do where no gap is between the two, unless a tempo keeps room for the steps, or these are taught.
    """
    meets = isinstance(after, Gap) and not after.length_ms and after.grows in ("fixed", "grid")
    is_taught = ground.new and ground.tells_steps(0)
    return meets and not (ground.effort.rep_ms or is_taught)


def _homeless(ground: Ground) -> tuple[Words, ...]:
    """The reminders that are longer than any silence the beat of the effort leaves."""
    longest_ms = _silence_ms(ground)
    if longest_ms is None:
        return ()
    reminders = ground.speaker.pack.of_day(reminders_of(ground.effort))
    every = ((words, reminder_line(ground, words)) for words in reminders)
    return tuple(words for words, line in every if ground.length_ms(line) > longest_ms)


def _silence_ms(ground: Ground) -> int | None:
    """The longest time that no beat takes, None where there is none to keep."""
    effort, kept_ms = ground.effort, 2 * (APART_MS + REMINDER_MARGIN_MS)
    if ground.breaths:
        from_ms, until_ms = next(out_breaths(ground))
        return until_ms - from_ms - tone_ms("exhale", effort.delivery) - 2 * APART_MS
    if not ground.reps:
        return PHASE_REST_MS - kept_ms if effort.phases and effort.traits.is_paced else None
    # The calls of the repetitions in the middle fade first.
    spans = sorted(beat_spans(ground, max(0, ground.reps - _LAST_LOOKED_AT)))
    marks = [*spans, (ground.bounds.end_ms, 0)]
    silences = (later_ms - start_ms - length_ms for (start_ms, length_ms), (later_ms, _) in pairwise(marks))
    return max(silences, default=effort.length_ms) - kept_ms
