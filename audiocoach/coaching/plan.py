"""From the author's tree to a flat tuple of steps: nothing is left open but the length of speech.

Levels and ranges are chosen, sets, sides, ways and rounds written out (`unroll`), gaps that meet
are merged (`merge_gaps`). In: a `Routine`. Out: a `Plan`, and notes on what was rounded. Pure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.chapters import BY_MOVES, division_of, with_headings
from audiocoach.coaching.lesson import lesson
from audiocoach.coaching.merge_gaps import merge_gaps
from audiocoach.coaching.offers import with_few_offers
from audiocoach.coaching.steps import Effort, Gap, Plan, SayStep
from audiocoach.coaching.unroll import unroll
from audiocoach.errors import quote
from audiocoach.language.phrases import Pack
from audiocoach.routine import wordings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiocoach.coaching.steps import Step
    from audiocoach.routine.diagnostics import Diagnostics
    from audiocoach.routine.model import Routine, Words
    from audiocoach.routine.voice import Voice


def plan(routine: Routine, voice: Voice, diagnostics: Diagnostics, grid_ms: int) -> Plan:
    """Write the session out. Notes and what cannot be planned are told to `diagnostics`.

    `voice` speaks where the routine names nobody; `grid_ms` is on what words may start: what the sound is put
    into says it.

    Raises:
        InputError: the session is longer than 24 hours or has too many steps.
    """
    own = {key: tuple(words.text for words in said) for key, said in routine.phrases}
    delivery, raw = unroll(routine, voice, diagnostics)
    spoken = wordings.language(routine.language)
    pack = Pack.of(spoken).with_wordings(own).on_day(routine.day)
    steps = with_few_offers(merge_gaps(raw), routine.position.path)
    _tell_missing_next(steps, diagnostics)
    equipment = _equipment(steps)
    if routine.settings.cues == "learn":
        written = {move.key: move for move in routine.moves}
        steps = lesson(steps, written, pack, routine.position, delivery)
    else:
        steps = with_headings(steps, spoken)
    return Plan(
        position=routine.position,
        title=_title(routine, pack),
        language=routine.language,
        pronounce=routine.pronounce,
        delivery=delivery,
        pack=pack,
        safety=routine.safety,
        steps=steps,
        grid_ms=grid_ms,
        equipment=equipment,
        stereo=routine.stereo is not False,
        wakes=routine.keep_awake is not False and delivery.tones != "none",
        division=BY_MOVES if routine.settings.cues == "learn" else division_of(routine.chapters, steps),
    )


def _equipment(steps: Sequence[Step]) -> tuple[str, ...]:
    """What the moves that are done need; a lesson teaches with the same things."""
    efforts = [step for step in steps if isinstance(step, Effort)]
    moves = [move for one in efforts for move in (one.move, *(station.move for station in one.circuit))]
    return tuple(dict.fromkeys(thing for move in moves for thing in move.equipment or ()))


def _title(routine: Routine, pack: Pack) -> str:
    """The routine's, with what tells this edition of it from others."""
    lesson_title = pack.part("learn_title", {}) if routine.settings.cues == "learn" else ""
    edition = routine.edition or lesson_title
    return pack.part("edition_title", {"title": routine.title, "text": edition}) if edition else routine.title


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
                yield from (words for words in (step.guide, step.guide_short, step.easier) if words)
                yield from (timed.words for timed in step.at)
                yield from (words for phase in step.phases for words in (phase.words, phase.short) if words)
            case Gap():
                yield from (talk.words for talk in step.says if talk.next_name is None)
            case _:
                pass
