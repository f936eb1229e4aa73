"""Which easier versions are offered at standard: all that the coach wrote, and few of a library's.

In: the steps of a session. Out: the same, without the offers that nobody needs yet; and, once all is laid,
what there is to note of offers that nobody heard. Pure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.steps import Effort, Gap
from audiocoach.errors import Problem, quote
from audiocoach.records import replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from audiocoach.coaching.steps import Step
    from audiocoach.coaching.timeline import Event


def with_few_offers(steps: Sequence[Step], path: str) -> tuple[Step, ...]:
    """The steps of the routine at `path`; a library's offers are kept in the last third of the moves alone.

    That is where one is tired: an offer at every move is a refrain, and nobody hears the one that matters.
    """
    numbers = list(dict.fromkeys(step.number for step in steps if isinstance(step, Effort)))
    late = frozenset(numbers[len(numbers) * 2 // 3 :])

    def offering(effort: Effort) -> Effort:
        is_kept = effort.easier is None or effort.easier.position.path == path or effort.number in late
        return effort if is_kept else replace(effort, easier=None)

    return tuple(_with(step, offering) for step in steps)


def _with(step: Step, change: Callable[[Effort], Effort]) -> Step:
    match step:
        case Effort():
            return change(step)
        case Gap(ahead=Effort() as ahead):
            return replace(step, ahead=change(ahead))
        case _:
            return step


def untold_offers(steps: Sequence[Step], events: Sequence[Event]) -> Iterator[Problem]:
    """What is easier than steps, where no gap before them or between their sets had room to offer it.

    Where a move has no steps, its exercise notes it.
    """
    said = {event.position for event in events if event.cue == "variant"}
    efforts = (step for step in steps if isinstance(step, Effort) and step.phases)
    offers = dict.fromkeys(effort.easier for effort in efforts if effort.delivery.cues == "full")
    for words in offers:
        if words is not None and words.position not in said:
            message = f"this offer found no silence to be said in: {quote(words.text)}"
            yield Problem(words.position, message, "note", "unsaid-words")
