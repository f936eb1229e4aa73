"""What will find no room in an effort, and is therefore said before it.

Words are written from left to right: a gap is told before the effort that it leads to is laid out.
So what that effort has no room for is found by a rehearsal on a table of its own.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from audiocoach.coaching.beats import beats
from audiocoach.coaching.bounds import Bounds, edge
from audiocoach.coaching.efforts import beat_of, offer_fits, tail_fits, untaught
from audiocoach.coaching.narration import FORETOLD, Cue, Foresight, names_side, reminders_of
from audiocoach.coaching.paces import PHASE_REST_MS
from audiocoach.coaching.reminders import REMINDER_MARGIN_MS
from audiocoach.coaching.space import APART_MS
from audiocoach.coaching.steps import Effort, Gap
from audiocoach.coaching.table import Table
from audiocoach.coaching.timeline import Speech

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiocoach.coaching.narration import Coach
    from audiocoach.coaching.steps import Phase, Step
    from audiocoach.routine.model import Words


def unbroken(steps: Sequence[Step]) -> dict[int, frozenset[str]]:
    """For each `do` what changes in it without a gap: its `side`, its `way`."""
    found: dict[int, frozenset[str]] = {}
    for before, gap, after in zip(steps, steps[1:], steps[2:], strict=False):
        match before, gap, after:
            case Effort(), Gap(length_ms=0, grows="fixed"), Effort() if before.number == after.number:
                changed = {name for name in ("side", "way") if getattr(before, name) != getattr(after, name)}
                found[after.number] = found.get(after.number, frozenset()) | changed
    return found


def foresee(effort: Effort, changes: frozenset[str], coach: Coach) -> Foresight:
    """What has to be said before this effort. `changes` are those that come in its move without a gap."""
    return Foresight(
        phases=untaught(effort, coach) if effort.opens else (),
        side=effort.opens and _hides_its_first_side(effort, coach),
        changes=frozenset(name for name in changes if effort.opens and not _fits(name, effort, coach)),
        reminders=_homeless(effort, coach),
        offer=effort.opens and (bool(effort.phases) or not offer_fits(effort, _bounds(effort), coach)),
    )


def _table(effort: Effort, coach: Coach) -> Table:
    """The effort by itself, with another one right behind it."""
    return Table(effort, _bounds(effort), coach)


def _bounds(effort: Effort) -> Bounds:
    return Bounds(0, effort.length_ms, edge("go", effort), edge("switch", effort), ahead=effort)


def _fits(change: str, effort: Effort, coach: Coach) -> bool:
    """Whether the longest words about a change find a place while the effort lasts."""
    key, values = f"switch_{change}s_ahead", coach.values(effort)
    others = [values["other_side"]] if change == "side" else sorted(effort.ways[1:], key=len)
    text = coach.pack.say(key, {**values, change: others[-1]})
    cue = Cue(change, text, effort.position, effort.manner, weight=FORETOLD)
    return tail_fits(effort, _bounds(effort), [cue], coach)


def _hides_its_first_side(effort: Effort, coach: Coach) -> bool:
    """Whether sides take turns, and nobody hears by the first repetition which one begins."""
    if not effort.rep_sides or effort.rep is not None:
        return False
    if coach.is_new(effort) and effort.manner.cues == "full" and any(map(_tells_side, effort.phases)):
        return False  # it is said, or taught
    until_ms = effort.rep_ms or effort.length_ms
    heard = (event for event in beat_of(effort, _bounds(effort), coach) if event.start_ms < until_ms)
    side = coach.values(effort)["side"]
    return not any(side in event.text.lower() for event in heard if isinstance(event, Speech))


def _tells_side(phase: Phase) -> bool:
    return names_side(phase.words)


def _homeless(effort: Effort, coach: Coach) -> tuple[Words, ...]:
    """The reminders that are longer than any silence the beat of the effort leaves."""
    longest_ms = _silence_ms(effort, coach)
    if longest_ms is None:
        return ()
    every = ((words, coach.reminder(effort, words)) for words in reminders_of(effort))
    return tuple(words for words, text in every if coach.length_ms(text, effort.manner) > longest_ms)


def _silence_ms(effort: Effort, coach: Coach) -> int | None:
    """The longest time that no beat takes, None where there is none to keep."""
    kept_ms = 2 * (APART_MS + REMINDER_MARGIN_MS)
    reps = effort.length_ms // effort.rep_ms if effort.rep_ms else 0
    if not reps:
        return PHASE_REST_MS - kept_ms if effort.phases and effort.kind == "work" else None
    table = _table(effort, coach)
    table.next_rep = reps - 1
    marks = [*sorted(beats(table)), (effort.length_ms, 0)]
    return max(after - time_ms - length_ms for (time_ms, length_ms), (after, _) in pairwise(marks)) - kept_ms
