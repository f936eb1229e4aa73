"""What a session says of its own length in the author's words, where it lasts another one.

In: a plan, and how long it is to last. Out: the plan with no title spoken that is untrue, and notes. Pure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.lesson import is_lesson
from audiocoach.coaching.steps import Gap, PauseStep, SayStep
from audiocoach.errors import Problem, quote
from audiocoach.language.phrases import Pack, slots_in
from audiocoach.records import replace
from audiocoach.routine import wordings
from audiocoach.units import MS_PER_MINUTE, ms_to_clock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiocoach.coaching.steps import Plan, Step
    from audiocoach.language.language import Traits
    from audiocoach.routine.model import Words


def with_true_claims(plan: Plan, length_ms: int) -> tuple[Plan, tuple[Problem, ...]]:
    """The plan as it may be spoken in a session of this length.

    A title that names other minutes is left out of the opening, and of each `say` the sentence with it.
    Minutes in the author's own opening or close stay, and are noted.
    """
    notes = tuple(_untrue_talks(plan, length_ms))
    title = _untrue_title(plan, length_ms)
    if title is None:
        return plan, notes
    message = f"the title says {quote(title)}, and the session is made to last {ms_to_clock(length_ms)}"
    note = Problem(plan.position, f"{message}: the title is not spoken", "note", "untrue-length")
    return _untitled(plan), (note, *notes)


def with_true_title(plan: Plan, length_ms: int) -> tuple[Plan, tuple[Problem, ...]]:
    """The plan as it may be spoken in a session that lasts so long by itself.

    A title that names other minutes is left out where the length is spoken as well, and noted in any case.
    """
    title = _untrue_title(plan, length_ms)
    if title is None:
        return plan, ()
    message = f"the title says {quote(title)}, and the session lasts {ms_to_clock(length_ms)}"
    is_spoken = _tells_length(plan)
    unsaid = ": the title is not spoken" if is_spoken else ""
    note = Problem(plan.position, f"{message}{unsaid}", "note", "untrue-length")
    return _untitled(plan) if is_spoken else plan, (note,)


def _tells_length(plan: Plan) -> bool:
    """Whether a `<duration>` is spoken: by the author, or by the pack that opens."""
    talks = [talk for step in plan.steps for talk in _talks(step)]
    if any("duration" in slots_in(talk.words.text) for talk in talks):
        return True
    opens = plan.steps and isinstance(plan.steps[0], SayStep)
    return not opens and any("duration" in slots_in(text) for text in plan.pack.entries["opening"])


def _talks(step: Step) -> tuple[SayStep, ...]:
    match step:
        case SayStep():
            return (step,)
        case Gap():
            return step.says
        case _:
            return ()


def _untrue_title(plan: Plan, length_ms: int) -> str | None:
    """What the title says of minutes where they are others: that of a lesson is the name of its session."""
    return None if is_lesson(plan.steps) else _untrue(plan.title, plan.pack.traits, length_ms)


def _untrue(text: str, spoken: Traits, length_ms: int) -> str | None:
    """What a text says of minutes where none of it is this length, to the nearest minute."""
    told = spoken.minutes.told(text)
    wanted = (length_ms + MS_PER_MINUTE // 2) // MS_PER_MINUTE
    if not told or any(minutes == wanted for _, minutes in told):
        return None
    return told[0][0]


def _untrue_talks(plan: Plan, length_ms: int) -> Iterator[Problem]:
    for talk in _ends(plan):
        said = _untrue(talk.words.text, plan.pack.traits, length_ms)
        if said is not None:
            message = (
                f"these words say {quote(said)}, and the session is made to last {ms_to_clock(length_ms)}"
            )
            yield Problem(talk.words.position, f"{message}: write <duration>", "note", "untrue-length")


def _ends(plan: Plan) -> Iterator[SayStep]:
    """The author's opening and close: what is said of minutes elsewhere may be about anything."""
    ends = (*plan.steps[:1], *plan.steps[1:][-1:])
    yield from (step for step in ends if isinstance(step, SayStep))


# -- without the title --------------------------------------------------------------------------------


def _untitled(plan: Plan) -> Plan:
    steps = (_without_title(step, plan.pack.traits) for step in plan.steps)
    return replace(plan, pack=_untitled_pack(plan), steps=tuple(step for step in steps if step is not None))


def _untitled_pack(plan: Plan) -> Pack:
    usual = Pack.of(wordings.nearest(plan.language)).entries["opening"]
    for texts in (plan.pack.entries["opening"], usual):
        kept = tuple(filter(None, (_untitled_text(text, plan.pack.traits) for text in texts)))
        if kept:
            return plan.pack.with_wordings({"opening": kept})
    return plan.pack


def _untitled_text(text: str, spoken: Traits) -> str:
    if "title" not in slots_in(text):
        return text
    kept = " ".join(part for part in spoken.sentences(text) if "title" not in slots_in(part))
    # What stood for the title stands for nothing without it.
    return spoken.untitled.alone(kept)


def _without_title(step: Step, spoken: Traits) -> Step | None:
    match step:
        case SayStep():
            return _talk_without_title(step, spoken)
        case Gap():
            says = (_untitled_words(talk.words, spoken) for talk in step.says)
            pairs = zip(step.says, says, strict=True)
            return replace(
                step, says=tuple(replace(talk, words=words) for talk, words in pairs if words.text)
            )
        case _:
            return step


def _talk_without_title(talk: SayStep, spoken: Traits) -> Step | None:
    words = _untitled_words(talk.words, spoken)
    if words.text:
        return replace(talk, words=words)
    if not talk.pause_ms:
        return None
    return PauseStep(talk.position, talk.pause_ms, talk.place, talk.delivery, talk.chapter, talk.heading)


def _untitled_words(words: Words, spoken: Traits) -> Words:
    text = _untitled_text(words.text, spoken)
    kept = slots_in(text)
    return replace(words, text=text, places=tuple(pair for pair in words.places if pair[0] in kept))
