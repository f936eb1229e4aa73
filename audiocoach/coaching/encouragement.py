"""What is said in a rest for its own sake: a word of praise, and what a move is good for.

In: a gap and the effort before it, and what was heard so far. Out: cues that give way to everything else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.cues import Cue, Weight
from audiocoach.coaching.memory import Explained, Praised
from audiocoach.coaching.pen import Pen
from audiocoach.coaching.slots import values_of
from audiocoach.units import MS_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiocoach.coaching.memory import Told
    from audiocoach.coaching.speaker import Speaker
    from audiocoach.coaching.steps import Effort, Gap

PRAISE_FROM_MS = 15 * MS_PER_SECOND
REASON_FROM_MS = 20 * MS_PER_SECOND
# Of moves that are done in one set.
_EVERY_MOVES = 3
# Praise is owed to nobody, nor is a way in that is known; a reason or an offer that nobody heard has a note
# of its own.
UNOWED = frozenset({"praise", "why", "get_ready", "variant"})


def praise(gap: Gap, before: Effort | None, told: Told, speaker: Speaker) -> Iterator[Cue]:
    """At most one word of praise a move: before its last set; of moves of one set, after every third."""
    if gap.kind != "rest" or gap.length_ms < PRAISE_FROM_MS or before is None:
        return
    if before.delivery.tone != "warm" or not before.traits.is_exercise:
        return
    fact = Praised(before.move.key)
    if told.knows(fact) or not _is_due(gap, before):
        return
    pen = Pen(speaker, told, before.position, before.delivery)
    yield pen.own("praise", "praise", {}, weight=Weight.ENCOURAGEMENT, facts=(fact,))


def reason(gap: Gap, before: Effort | None, told: Told, speaker: Speaker) -> Iterator[Cue]:
    """What a move is good for, once, in a long rest between its sets."""
    why = before.move.why if before else None
    if before is None or why is None or not may_explain(gap, before) or told.knows(Explained(why)):
        return
    line = speaker.fill(why, values_of(before, speaker.pack))
    facts = (Explained(why),)
    yield Cue("why", line, why.position, before.delivery, weight=Weight.ENCOURAGEMENT, facts=facts)


def _is_due(gap: Gap, before: Effort) -> bool:
    """Whether it is the moment: praise in every rest of a round would be cheering."""
    if gap.ahead is not None and _goes_on(gap, before):
        return gap.ahead.set == gap.ahead.sets
    return before.sets > 1 or before.number % _EVERY_MOVES == 0


def may_explain(gap: Gap, before: Effort) -> bool:
    """Whether a gap is a rest of a move that is long enough for its reason."""
    return gap.kind == "rest" and gap.length_ms >= REASON_FROM_MS and _goes_on(gap, before)


def _goes_on(gap: Gap, before: Effort) -> bool:
    """Whether the same move follows."""
    return gap.ahead is not None and gap.ahead.number == before.number
