"""Words that no voice of the routine's language can read, since they are in another script: `你好`.

A voice leaves them out, or spells what they are called. What `pronounce` says in their place can be read,
and a voice that the routine names by another language may read them as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.errors import quote
from audiocoach.language.ear import unread
from audiocoach.language.pronounce import replacer
from audiocoach.routine.model import Block, Do, Say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from audiocoach.errors import Position
    from audiocoach.routine.diagnostics import Diagnostics
    from audiocoach.routine.model import Item, Move, Routine, Settings, Words

_LONGEST_CODE = 3


def check(routine: Routine, diagnostics: Diagnostics) -> None:
    """Warn of every text with letters that its voice cannot read."""
    if any(_is_foreign(name, routine.language) for name in _voices(routine.settings, routine.session)):
        return
    replaced = replacer(routine.pronounce)
    for text, position in dict.fromkeys(_texts(routine)):
        letters = unread(replaced(text).text, routine.language)
        if letters:
            diagnostics.warning(
                position,
                f"the voice cannot read {quote(letters)}: write it in letters that it reads, or how it "
                f"sounds under pronounce: {{{letters}: …}}",
                "unreadable-words",
            )


def _is_foreign(name: str, language: str) -> bool:
    """Whether a voice is called by the code of another language: `ru`, `sit/cmn`, `ru_RU-irina`."""
    code = name.partition("+")[0].rpartition("/")[2].replace("_", "-").partition("-")[0].lower()
    return code != language and len(code) <= _LONGEST_CODE


def _voices(settings: Settings, items: Iterable[Item]) -> Iterator[str]:
    if settings.voice and settings.voice.name:
        yield settings.voice.name
    for item in items:
        if isinstance(item, Do | Block):
            yield from _voices(item.settings, item.items if isinstance(item, Block) else ())


def _texts(routine: Routine) -> Iterator[tuple[str, Position]]:
    yield routine.title, routine.position
    said = [words for _, wordings in routine.phrases for words in wordings]
    said += [routine.safety] if routine.safety else []
    yield from map(_placed, said)
    for move in routine.moves:
        yield from _of_move(move)
    yield from _of_items(routine.session)


def _placed(words: Words) -> tuple[str, Position]:
    return words.text, words.position


def _of_move(move: Move) -> Iterator[tuple[str, Position]]:
    for label in (move.name, *(move.equipment or ()), *(move.terms.ways or ())):
        if label:
            yield label, move.position
    said = (move.setup, move.say, move.get_ready, move.at_go, move.caution, move.finish, move.why)
    yield from map(_placed, filter(None, (*said, move.avoid_if, *(move.reminders or ()))))
    for label in (*(move.works or ()), *(move.unit or ())):
        yield label, move.position
    for step in move.steps or ():
        yield from map(_placed, filter(None, (step.words, step.short, *(timed.words for timed in step.at))))
    for change in filter(None, (move.easier, move.harder)):
        yield from _of_move(change)


def _of_items(items: Iterable[Item]) -> Iterator[tuple[str, Position]]:
    for item in items:
        match item:
            case Say():
                yield _placed(item.words)
            case Do():
                yield from ((way, item.position) for way in item.terms.ways or ())
                yield from _of_move(item.own) if item.own else ()
                yield from (_placed(timed.words) for timed in item.at)
            case Block():
                yield item.section or "", item.position
                yield from (_placed(timed.words) for timed in item.at)
                yield from _of_items(item.items)
            case _:
                pass
