"""Where words that are heard come from, and which edits leave them out or have something else said.

In: a text, words, about when they are heard. Out: a place in words, and ways, each of which was tried: after
its edits the text is a session still, and the words are heard less often.
"""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from audiocoach.coaching.timeline import Speech
from audiocoach.errors import AudiocoachError, InputError, Problem, whole
from audiocoach.language import pauses
from audiocoach.language.kin import FALLS_BACK_TO
from audiocoach.making.sessions import draft_of, open_session
from audiocoach.records import dataclass, replace
from audiocoach.routine.source import Mapping, Scalar, Sequence, read_text
from audiocoach.routine.wordings import may_be_silent
from audiocoach.studio.borrowing import Borrowed
from audiocoach.studio.edits.document import applied, child, find, read, resolve
from audiocoach.studio.edits.edit import Remove, Set, edit
from audiocoach.studio.rewording import of_phrase, of_words
from audiocoach.units import MS_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from audiocoach.coaching.timeline import Utterance
    from audiocoach.errors import Position
    from audiocoach.language.phrases import Pack
    from audiocoach.making.sessions import Session
    from audiocoach.routine.source import Node
    from audiocoach.store.options import Overrides
    from audiocoach.studio.edits.document import Manuscript, Pointer
    from audiocoach.studio.edits.edit import Define
    from audiocoach.studio.rewording import Rewording

# Fields that hold words of the author.
_WORDS = frozenset(
    {
        *("say", "short", "setup", "steps", "reminders", "at_go", "get_ready", "caution", "finish"),
        *("why", "avoid_if", "safety"),
    }
)
# Which field of `announce` silences what the coach says by itself, tried in this order.
_ANNOUNCED = {
    "halfway": ("halfway",),
    "ten_seconds": ("last", "rest"),
    "time_left": ("every", "last", "rest"),
    "half": ("move",),
    **dict.fromkeys(("move", "move_first", "move_last"), ("move",)),
    **dict.fromkeys(("set", "set_last", "set_ahead", "set_last_ahead"), ("set",)),
    **dict.fromkeys(("round", "round_first", "round_last"), ("set",)),
    **dict.fromkeys(("rest", "rest_short"), ("rest",)),
    **dict.fromkeys(("rep", "rep_side", "hold", "hold_side", "reps_left", "breaths_left"), ("count",)),
}
_SLOT = re.compile(r"<[a-z_]+>")
# So many phrases that the words may be are tried.
_LIKELY = 3
_OUT = "Leave it out"
_ALONE = "What you change here is for this session alone."


@dataclass(frozen=True, slots=True)
class Way:
    """Edits that leave the words out, and what that means."""

    label: str
    edits: tuple[Set | Remove | Define, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where words come from; `line` is that in this text, None where they stand elsewhere or nowhere.

    `rewording` is how something else is said there, None where that cannot be written; where it is one of a
    library, `borrowed` is the move that becomes the routine's own by it.
    """

    where: str
    line: int | None = None
    ways: tuple[Way, ...] = ()
    rewording: Rewording | None = None
    borrowed: Borrowed | None = None

    def edits(self, one: Set | Define) -> tuple[Set | Define, ...]:
        """The edits of this text that do the same as an edit of the one where the words stand."""
        return self.borrowed.made_own((one,)) if self.borrowed else (one,)


@dataclass(frozen=True, slots=True)
class Laid:
    """A session as it is heard, as far as it is known how long words take."""

    session: Session
    speeches: tuple[Speech, ...]

    def times(self, words: str) -> int:
        """How often these words are heard."""
        return sum(one.text == words for one in self.speeches)

    def said(self, words: str, at_ms: int) -> Speech | None:
        """Those of all that sound so that are heard about then."""
        same = (one for one in self.speeches if one.text == words)
        return min(same, key=lambda one: abs(one.start_ms - at_ms), default=None)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads texts that stand in for a file; `heard` says how long words take, None where it is not known."""

    path: Path
    overrides: Overrides
    heard: Callable[[Utterance], int | None]

    def lay(self, text: str) -> Laid:
        """The session of a text.

        Raises:
            AudiocoachError: it is none.
        """
        session = open_session(self.path, self.overrides, text)
        try:
            timeline = draft_of(session, self.heard).timeline
        except InputError:
            raise
        except AudiocoachError:
            # Who speaks is not there: the words are all the same.
            timeline = draft_of(session, lambda _: None).timeline
        return Laid(session, tuple(one for one in timeline.events if isinstance(one, Speech)))


def origin_of(reader: Reader, text: str, words: str, at_ms: int) -> Origin:
    """Where these words come from, of all that sound so those that are heard about `at_ms`.

    Raises:
        AudiocoachError: the text is no session.
    """
    laid = reader.lay(text)
    found, ways = _found(reader, text, laid, (words, at_ms))
    return replace(found, ways=_tried(reader, text, words, laid, ways))


def reworded(reader: Reader, text: str, words: str, at_ms: int, said: str) -> tuple[Set | Define, ...]:
    """The edits after which something else is said in the place of these words; they were tried.

    Raises:
        AudiocoachError: it cannot be said there, or the words are not heard there.
    """
    said = " ".join(said.split())
    found, _ = _found(reader, text, reader.lay(text), (words, at_ms))
    if found.rewording is None or not said:
        raise InputError(Problem(whole(""), found.where if said else "expected words to be said instead"))
    *nicer, last = map(found.edits, found.rewording.edits(said))
    way = next((edits for edits in nicer if _stands(reader, text, edits)), last)
    reader.lay(applied(text, edit(text, way)))
    return way


def _stands(reader: Reader, text: str, way: tuple[Set | Define, ...]) -> bool:
    with contextlib.suppress(AudiocoachError):
        reader.lay(applied(text, edit(text, way)))
        return True
    return False


def _found(reader: Reader, text: str, laid: Laid, heard: tuple[str, int]) -> tuple[Origin, Iterable[Way]]:
    """The origin of words that are heard at a moment, and ways to leave them out that were not tried yet."""
    words, _ = heard
    speech = laid.said(*heard)
    if speech is None:
        return Origin("These words are not heard any more."), ()
    at = speech.position
    page = read(text)
    if at.path != str(reader.path):
        return _in_library(reader, page, at, words)
    pointer = resolve(page.tree, str(at.node))
    field = next((step for step in reversed(pointer) if isinstance(step, str)), "")
    if field in _WORDS:
        where = f"They are written on line {at.line}{_field_words(page.tree, pointer, field)}."
        rewording = of_words(page, pointer, words)
        return Origin(where, at.line, rewording=rewording), _words_ways(page, pointer, words)
    pack = laid.session.plan.pack
    entries = {_written_at(page, entry): wording for entry, wording in _entries_of(words, pack).items()}
    likely = [*entries][:_LIKELY]
    ways = (way for entry in likely for way in _phrase_ways(page, pointer, entry))
    rewording = of_phrase(page, likely[0], entries[likely[0]], pack) if likely else None
    return Origin(_said_by_itself(likely, at.line), at.line, rewording=rewording), ways


def _in_library(reader: Reader, page: Manuscript, at: Position, words: str) -> tuple[Origin, Iterable[Way]]:
    """Words of a library's move, which are changed for this routine alone: others may do the move too."""
    shown = at.path.removeprefix(str(reader.path.parent) + os.sep)
    library = read(read_text(Path(at.path), shown)[0], shown)
    pointer = resolve(library.tree, str(at.node))
    field = next((step for step in reversed(pointer) if isinstance(step, str)), "")
    where = f"They are written in {shown}, on line {at.line}"
    if pointer[:1] != ("moves",) or field not in _WORDS:
        return Origin(f"{where}: change them there."), ()
    borrowed = Borrowed(page, library, str(pointer[1]))
    told = f"{where}{_field_words(library.tree, pointer, field)}. {_ALONE}"
    rewording = of_words(library, pointer, words)
    return Origin(told, rewording=rewording, borrowed=borrowed), _own_ways(borrowed, pointer, words)


def _own_ways(borrowed: Borrowed, pointer: Pointer, words: str) -> Iterator[Way]:
    for way in _words_ways(borrowed.library, pointer, words):
        with contextlib.suppress(InputError):
            yield Way(way.label, borrowed.made_own(way.edits))


def _tried(reader: Reader, text: str, words: str, laid: Laid, ways: Iterable[Way]) -> tuple[Way, ...]:
    """Those ways after which the words are heard less often: the first of each label."""
    good: dict[str, Way] = {}
    for way in ways:
        if way.label not in good and _works(reader, text, words, laid, way):
            good[way.label] = way
    return tuple(good.values())


def _works(reader: Reader, text: str, words: str, laid: Laid, way: Way) -> bool:
    try:
        after = reader.lay(applied(text, edit(text, way.edits)))
    except AudiocoachError:
        return False
    return after.times(words) < laid.times(words)


# -- words of the author ----------------------------------------------------------------------------------

_NAMES = {
    "say": "words",
    "short": "the short wording of a step",
    "setup": "how to get into it",
    "steps": "a step",
    "reminders": "a reminder",
    "at_go": "what is said right before it starts",
    "caution": "the caution",
    "get_ready": "the call back into position",
    "finish": "how to come out of it",
    "why": "what it is good for",
    "avoid_if": "who leaves it out",
    "safety": "the safety line",
}
_LEVELS = {"easier": "the easier version", "harder": "the harder version"}


def _field_words(tree: Node | None, pointer: Pointer, field: str) -> str:
    level = next((name for name in _LEVELS if name in pointer), None)
    told = _LEVELS[level] if level and field == "say" else _NAMES[field]
    return f", for \u201c{_name_of(tree, pointer)}\u201d: {told}" if pointer[0] == "moves" else f": {told}"


def _name_of(tree: Node | None, pointer: Pointer) -> str:
    name = find(tree, (*pointer[:2], "name"))
    return name.text if isinstance(name, Scalar) else str(pointer[1])


def _words_ways(page: Manuscript, pointer: Pointer, words: str) -> Iterator[Way]:
    """Without that part of the words; else without all that is there for them alone, else for the field."""
    node = find(page.tree, pointer)
    if isinstance(node, Scalar) and (rest := _without(node.text, words)):
        yield Way(_OUT, (Set(pointer, rest),))
    yield from (Way(_OUT, (Remove(one),)) for one in reversed([*_alone(page.tree, pointer)]))


def _without(text: str, words: str) -> str:
    """The text without a part of it, and without the silence that belonged to it; empty where it is all."""
    plain = " ".join(text.split())
    left = pauses.parts(plain.replace(words, "", 1)) if words in plain else ()
    marks = (f" <pause {part.pause_ms / MS_PER_SECOND:g}s>" if part.pause_ms else "" for part in left)
    return " ".join(part.text + mark for part, mark in zip(left, marks, strict=True))


def _alone(tree: Node | None, pointer: Pointer) -> Iterator[Pointer]:
    """What holds these words: their field, and what has nothing else in it, the innermost first."""
    while pointer:
        yield pointer
        holder = find(tree, pointer[:-1])
        has_more = isinstance(holder, Mapping | Sequence) and _size(holder) > 1
        if has_more and not (isinstance(holder, Mapping) and _is_words_alone(holder, pointer)):
            return
        pointer = pointer[:-1]


def _size(holder: Mapping | Sequence) -> int:
    return len(holder.entries) if isinstance(holder, Mapping) else len(holder.items)


def _is_words_alone(holder: Mapping, pointer: Pointer) -> bool:
    """Whether an item or a step is there for its words."""
    return pointer[-1] == "say" and child(holder, "do") is None


# -- what the coach says by itself ------------------------------------------------------------------------


def _written_at(page: Manuscript, entry: str) -> str:
    """The phrase that the author has worded, where this one is heard in the same words."""
    at = entry
    while find(page.tree, ("phrases", at)) is None:
        if at not in FALLS_BACK_TO:
            return entry
        at = FALLS_BACK_TO[at]
    return at


def _said_by_itself(entries: list[str], line: int) -> str:
    named = f" (the phrase {entries[0]})" if entries else ""
    return f"The coach says it by itself, for what stands on line {line}{named}."


def _phrase_ways(page: Manuscript, pointer: Pointer, entry: str) -> Iterator[Way]:
    item = pointer[:-1]
    holder = find(page.tree, item)
    if item and isinstance(holder, Mapping) and child(holder, "do") is not None:
        for field in _ANNOUNCED.get(entry, ()):
            yield Way("Leave it out for this move", (Set((*item, "announce", field), "false"),))
    if may_be_silent(entry):
        own = ("phrases", entry)
        cleared = (Remove(own),) if find(page.tree, own) is not None else ()
        yield Way("Leave it out everywhere", (*cleared, Set(own, "")))


def _entries_of(words: str, pack: Pack) -> dict[str, str]:
    """The phrases that the words may be, each with its wording, those with most letters in common first."""
    found: dict[str, tuple[int, str]] = {}
    for every in (pack.entries, pack.others):
        for entry, wordings in every.items():
            fitting = [(letters, wording) for wording in wordings for letters in _letters(wording, words)]
            if fitting:
                best = max(fitting, key=lambda one: one[0])
                found[entry] = max(best, found.get(entry, best), key=lambda one: one[0])
    order = sorted(found, key=lambda entry: (-found[entry][0], entry not in _ANNOUNCED, entry))
    return {entry: found[entry][1] for entry in order}


def _letters(wording: str, words: str) -> Iterator[int]:
    """How many letters of its own each part of a wording has that the words may be."""
    return (len(_SLOT.sub("", part.text)) for part in pauses.parts(wording) if _fits(part.text, words))


def _fits(wording: str, words: str) -> bool:
    pattern = "(.+)".join(map(re.escape, _SLOT.split(wording)))
    return re.fullmatch(pattern, words, re.DOTALL) is not None
