"""From the author's tree to a flat tuple of steps: nothing is left open but the length of speech.

Levels and ranges are chosen, sets, sides, ways and rounds written out (`unroll`), gaps that meet
are merged (`merge_gaps`). In: a `Routine`. Out: a `Plan`, and notes on what was rounded. Pure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.merge_gaps import merge_gaps
from audiocoach.coaching.steps import Effort, Gap, Plan, SayStep
from audiocoach.coaching.unroll import unroll
from audiocoach.errors import quote
from audiocoach.language.phrases import Pack
from audiocoach.routine import wordings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiocoach.coaching.steps import Step
    from audiocoach.routine.diagnostics import Diagnostics
    from audiocoach.routine.model import Routine, Words
    from audiocoach.routine.voice import Voice


def plan(routine: Routine, voice: Voice, diagnostics: Diagnostics, grid_ms: int, day: int = 1) -> Plan:
    """Write the session out. Notes and what cannot be planned are told to `diagnostics`.

    `voice` speaks where the routine names nobody; `grid_ms` is on what words may start: what the sound is put
    into says it. The `day`, from 1 on, chooses where a block lets it.

    Raises:
        InputError: the session is longer than 24 hours or has too many steps.
    """
    own = {key: tuple(words.text for words in said) for key, said in routine.phrases}
    pack = Pack.of(wordings.language(routine.language)).with_wordings(own)
    delivery, raw = unroll(routine, voice, diagnostics, day)
    steps = merge_gaps(raw)
    _tell_missing_next(steps, diagnostics)
    return Plan(
        position=routine.position,
        title=routine.title,
        language=routine.language,
        pronounce=routine.pronounce,
        delivery=delivery,
        pack=pack,
        safety=routine.safety,
        steps=steps,
        grid_ms=grid_ms,
    )


def _tell_missing_next(steps: tuple[Step, ...], diagnostics: Diagnostics) -> None:
    for words in _words_before_nothing(steps):
        for name, position in words.places:
            if name == "next":
                diagnostics.error(
                    position,
                    f"<next> has no value in {quote(words.text)}: no other move follows",
                    "empty-placeholder",
                )


def _words_before_nothing(steps: tuple[Step, ...]) -> Iterator[Words]:
    for step in steps:
        match step:
            case SayStep(next_name=None):
                yield step.words
            case Effort(next_name=None):
                yield from (words for station in step.circuit for words, _ in station.steps)
                for move in (step.move, *(station.move for station in step.circuit)):
                    own = (move.get_ready, move.at_go, move.caution, move.finish, move.why, move.avoid_if)
                    yield from (words for words in (move.setup, move.say, *own) if words)
                    yield from move.reminders or ()
                yield from (words for words in (step.guide, step.easier) if words)
                yield from (words for phase in step.phases for words in (phase.words, phase.short) if words)
            case Gap():
                yield from (talk.words for talk in step.says if talk.next_name is None)
            case _:
                pass
