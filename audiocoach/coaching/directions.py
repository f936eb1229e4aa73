"""What a move is in a few steps, how it is varied, and what to look out for, to be read. Pure.

In: the efforts that are one exercise, and the phrase pack. Out: sentences, their placeholders filled for the
first side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.slots import station_values, values_of
from audiocoach.language import pauses
from audiocoach.language.phrases import fill

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from audiocoach.coaching.steps import Effort
    from audiocoach.language.phrases import Pack
    from audiocoach.routine.model import Move, Words


def how(efforts: Sequence[Effort], pack: Pack) -> Iterator[str]:
    """Up to three steps: into the position, the last of it, and the movement with what is said of it.

    As many rounds as one can are a step for each of their moves.
    """
    first = efforts[0]
    if first.circuit:
        yield from _stations(first, pack)
        return
    move, values = first.move, values_of(first, pack)
    said = None if _is_of(move.easier, move) or _is_of(move.harder, move) else move.say
    parts = ((move.setup,), (move.at_go,), (*_movement(efforts), said))
    yield from filter(None, (_joined(words, values, pack) for words in parts))


def variant(effort: Effort, change: Move | None, pack: Pack) -> str:
    """What is said of an easier or harder version, where that is the one which is done."""
    is_done = not effort.circuit and _is_of(change, effort.move)
    return _joined((effort.move.say,), values_of(effort, pack), pack) if is_done else ""


def _is_of(change: Move | None, move: Move) -> bool:
    return change is not None and move.say is not None and move.say == change.say


def care(effort: Effort, pack: Pack) -> Iterator[str]:
    """What to look out for, and who leaves it out."""
    moves = [station.move for station in effort.circuit] or [effort.move]
    values = values_of(effort, pack)
    said = (_joined((words,), values, pack) for move in moves for words in (move.caution, move.avoid_if))
    yield from dict.fromkeys(filter(None, said))


def _movement(efforts: Sequence[Effort]) -> Iterable[Words]:
    """The steps of a repetition, or of a guided sequence, each once."""
    guided = [effort.guide for effort in efforts if effort.guide]
    return dict.fromkeys(guided or (step.words for step in efforts[0].move.steps or ()))


def _stations(effort: Effort, pack: Pack) -> Iterator[str]:
    for station in effort.circuit:
        values = station_values(effort, station, pack)
        yield ": ".join(filter(None, (station.name, values.get("dose"))))


def _joined(said: Iterable[Words | None], values: Mapping[str, str], pack: Pack) -> str:
    """The words with their placeholders filled, without silences and what is said of tones."""
    at_tone = pack.traits.at_tone
    texts = (at_tone.read(fill(words.text, values)) for words in said if words is not None)
    return " ".join(part.text for text in texts for part in pauses.parts(text) if part.text)
