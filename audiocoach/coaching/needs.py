"""What a session needs, told once as it opens: nobody fetches a band in the middle of a set.

In: a plan. Out: a cue with all that the author's own first words do not name. Pure.
"""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING

from audiocoach.coaching.memory import Equipped, Told
from audiocoach.coaching.pen import Pen
from audiocoach.coaching.steps import SayStep

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiocoach.coaching.cues import Cue
    from audiocoach.coaching.speaker import Speaker
    from audiocoach.coaching.steps import Plan

# Shorter words are articles and the like.
_WORD = re.compile(r"[^\W\d_]{3,}")


def needs_cue(plan: Plan, speaker: Speaker) -> Iterator[Cue]:
    """`You need: a mat and a wall.`, where anything is left to be told."""
    things = [thing for thing in things_told(plan) if not _is_named(thing, _first_words(plan))]
    if things:
        pen = Pen(speaker, Told(), plan.position, plan.delivery)
        cue = pen.own("equipment", "equipment", {"text": speaker.pack.listed(things)})
        # A phrase that the author has silenced is no cue.
        yield from (cue,) if cue.line else ()


def knowing_needs(told: Told, plan: Plan) -> Told:
    """What was heard, with all that the opening tells."""
    return told.knowing(map(Equipped, things_told(plan)))


def things_told(plan: Plan) -> tuple[str, ...]:
    """What the opening names, but for tones alone."""
    return plan.equipment if plan.delivery.cues != "tones" else ()


def _first_words(plan: Plan) -> str:
    # A lesson goes on with its first move, which is said as well.
    talks = takewhile(lambda step: isinstance(step, SayStep) and step.cue != "announce", plan.steps)
    return " ".join(talk.words.text for talk in talks if isinstance(talk, SayStep))


def _is_named(thing: str, text: str) -> bool:
    """Whether the text has the word for a thing: the last one of it, in whatever number."""
    words = _WORD.findall(thing)
    return bool(words) and re.search(rf"\b{re.escape(words[-1])}", text, re.IGNORECASE) is not None
