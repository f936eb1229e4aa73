"""Where chapters begin, and what they are called: a listener skips from exercise to exercise.

In: the steps of a plan; then the headings that they get, each with the time at which it begins. Out:
chapters. Pure.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from audiocoach.coaching.steps import Effort, Gap, Heading, SayStep
from audiocoach.coaching.timeline import Chapter
from audiocoach.records import dataclass, replace
from audiocoach.units import MS_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from audiocoach.coaching.steps import Step
    from audiocoach.language.language import Language
    from audiocoach.routine.model import ChapterName

# Who skips wants to get somewhere: what is shorter belongs to its neighbour.
_LEAST_MS = 30 * MS_PER_SECOND
# Fewer chapters tell nothing apart.
_LEAST_CHAPTERS = 3
# A session of so few moves is told apart by its sets.
_FEW_MOVES = 2
_LEVELS: dict[ChapterName, int] = {"sections": 0, "moves": 1, "sets": 2}
_PARTS = 3


@dataclass(frozen=True, slots=True)
class Division:
    """How finely a session is cut, and whether that is only a wish: then it may be cut finer."""

    name: ChapterName
    is_chosen: bool

    def cuts_at(self, heading: Heading) -> bool:
        """Whether a chapter is meant to begin there."""
        return heading.level <= _LEVELS[self.name]


BY_MOVES = Division("moves", is_chosen=True)


def division_of(chosen: ChapterName | None, steps: Sequence[Step]) -> Division:
    """What the author says; else by moves, or, where there are but one or two, by sets."""
    if chosen:
        return Division(chosen, is_chosen=True)
    names = {step.name for step in steps if isinstance(step, Effort)}
    return Division("sets" if len(names) <= _FEW_MOVES else "moves", is_chosen=False)


# -- where something begins ---------------------------------------------------------------------------


def with_headings(steps: Sequence[Step], language: Language) -> tuple[Step, ...]:
    """The steps, with a heading on each with which something begins, be it a section or one hold."""
    found: list[Step] = []
    before: Effort | None = None
    part = 0
    for step in steps:
        if isinstance(step, Effort):
            found.append(step)
            before = step
            continue
        ahead = step.ahead if isinstance(step, Gap) else None
        level = _level(step, ahead, before)
        part = part + 1 if level == _PARTS else 1
        found.append(step if level is None else replace(step, heading=_heading(step, level, part, language)))
    return tuple(_from_first_word(found))


def _from_first_word(steps: Sequence[Step]) -> list[Step]:
    """A move begins with the words that tell what comes next."""
    found = list(steps)
    for index in range(len(found) - 1, 0, -1):
        step, talk = found[index], found[index - 1]
        if isinstance(step, Effort) or step.heading is None or step.heading.name is None:
            continue
        if isinstance(talk, SayStep) and talk.heading is None and _names_next(talk):
            found[index - 1 : index + 1] = replace(talk, heading=step.heading), replace(step, heading=None)
    return found


def _names_next(talk: SayStep) -> bool:
    return any(name == "next" for name, _ in talk.words.places)


def _level(step: Step, ahead: Effort | None, before: Effort | None) -> int | None:
    if not isinstance(step, Effort) and step.chapter is not None:
        return 0
    if ahead is None:
        return None
    if ahead.opens or before is None:
        return 1
    if _turn(ahead) != _turn(before):
        return 2
    return _PARTS if ahead.traits.is_exercise else None


def _turn(effort: Effort) -> tuple[int, str | None, str | None]:
    """What is told apart by sets: where there is but one, by its sides and ways."""
    in_blocks = effort.sides is not None and effort.sides.sharing == "blocks"
    if effort.sets > 1:
        return effort.set, effort.side if in_blocks else None, None
    return effort.set, None if effort.rep else effort.side, effort.way


def _heading(step: Step, level: int, part: int, language: Language) -> Heading:
    ahead = step.ahead if isinstance(step, Gap) else None
    numbered = step.place.round if (step.place.rounds or 1) > 1 else None
    return Heading(
        level=level,
        title=step.chapter or "" if not isinstance(step, Effort) else "",
        section=step.place.section,
        round=numbered,
        name=ahead.name if ahead else None,
        turn=_turn_label(ahead, language) if ahead else "",
        part=_part_label(ahead, part, language) if ahead else "",
    )


def _part_label(effort: Effort, part: int, language: Language) -> str:
    """What tells an interval of a set apart: its side or way, where the set has none, or its number."""
    _, side, way = _turn(effort)
    parts = [language.named("side", effort.side)] if effort.side and not side else []
    parts += [effort.way] if effort.way and not way else []
    parts += [language.label("hold_number", rep=effort.rep)] if effort.rep else []
    parts += [language.label("chapter_part", part=part)] if effort.guide else []
    return ", ".join(parts)


def _turn_label(effort: Effort, language: Language) -> str:
    number, side, way = _turn(effort)
    parts = [language.named("side", side)] if side else []
    parts += [way] if way else []
    parts += [language.label("chapter_set", set=number)] if effort.sets > 1 else []
    return ", ".join(parts)


# -- what the chapters are ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Draft:
    """A chapter that begins at `start_ms`, with all that was joined in it."""

    start_ms: int
    headings: tuple[Heading, ...]

    @property
    def context(self) -> tuple[str | None, int | None]:
        """The section and round that it begins in."""
        return self.headings[0].section, self.headings[0].round


def chapters(
    begun: Sequence[tuple[int, Heading]], division: Division, title: str, end_ms: int, language: Language
) -> tuple[Chapter, ...]:
    """The chapters of a session of `end_ms` that is called `title`, from 0 on.

    `begun` are all headings, in order, with the time at which each begins.
    """
    if division.name == "sections":
        return _from_zero([Chapter(start_ms, one.title) for start_ms, one in begun if one.title], title)
    level, drafts = _cut(begun, division, end_ms)
    titles = _titles(drafts, level, language)
    rows = [Chapter(draft.start_ms, name) for draft, name in zip(drafts, titles, strict=True)]
    return _from_zero(rows, title)


def _from_zero(rows: Sequence[Chapter], title: str) -> tuple[Chapter, ...]:
    """Chapters from 0 on: what comes before the first belongs to it."""
    if not rows:
        return (Chapter(0, title),)
    return (Chapter(0, rows[0].title), *rows[1:])


def _cut(
    begun: Sequence[tuple[int, Heading]], division: Division, end_ms: int
) -> tuple[int, tuple[_Draft, ...]]:
    """The level of what begins the chapters, and the chapters: finer where they are too few to skip among."""
    level = _LEVELS[division.name]
    levels = [level] if division.is_chosen else range(level, _PARTS + 1)
    drafts = {wish: tuple(_Draft(at, (one,)) for at, one in begun if one.level <= wish) for wish in levels}
    ways = [(wish, _joined(rows, end_ms)) for wish, rows in drafts.items()]
    if not division.is_chosen:
        ways += drafts.items()
    enough = (way for way in ways if len(way[1]) >= _LEAST_CHAPTERS)
    return next(enough, max(ways, key=lambda way: len(way[1])))


def _joined(drafts: Sequence[_Draft], end_ms: int) -> tuple[_Draft, ...]:
    """What is too short is joined to the next, or, where that is in another section or round, to the last."""
    rows: list[_Draft] = []
    for draft in drafts:
        # Whatever comes before the first chapter belongs to it.
        is_short = bool(rows) and draft.start_ms - (rows[-1].start_ms if rows[1:] else 0) < _LEAST_MS
        ends = bool(rows[1:]) and rows[-2].context == rows[-1].context != draft.context
        if is_short and ends:
            _join_last(rows)
        rows.append(draft)
        if is_short and not ends:
            _join_last(rows)
    if rows[1:] and end_ms - rows[-1].start_ms < _LEAST_MS:
        _join_last(rows)
    return tuple(rows)


def _join_last(rows: list[_Draft]) -> None:
    last = rows.pop()
    rows[-1] = replace(rows[-1], headings=(*rows[-1].headings, *last.headings))


# -- what they are called -----------------------------------------------------------------------------


def _titles(drafts: Sequence[_Draft], level: int, language: Language) -> Iterator[str]:
    """A title for each: longer where another is called so too, and with a number where that does not help."""
    short = [_title(draft, level, language, in_full=False) for draft in drafts]
    counts = Counter(short)
    seen: Counter[str] = Counter()
    for draft, name in zip(drafts, short, strict=True):
        told = name if counts[name] == 1 else _title(draft, level, language, in_full=True)
        seen[told] += 1
        yield told if seen[told] == 1 else f"{told} ({seen[told]})"


def _title(draft: _Draft, level: int, language: Language, *, in_full: bool) -> str:
    """`Strength: Squat`, `Round 2: Squat`; what was joined, by its first and last."""
    moves = [one for one in draft.headings if one.name] or list(draft.headings[:1])
    rows: dict[str, dict[str, list[str]]] = {}
    for one in moves:
        names = rows.setdefault(_context(one, language, in_full=in_full), {})
        names.setdefault(one.name or "", []).append(_detail(one, level))
    told = (_called(context, names, language) for context, names in rows.items())
    return language.traits.lists.between.join(told)


def _context(heading: Heading, language: Language, *, in_full: bool) -> str:
    numbered = language.label("chapter_round", round=heading.round) if heading.round else ""
    if numbered and not in_full:
        return numbered
    if numbered and heading.section:
        numbered = language.label("round_number", round=heading.round)
    return ", ".join(filter(None, (heading.section, numbered)))


def _detail(heading: Heading, level: int) -> str:
    parts = (heading.turn if level > 1 else "", heading.part if level == _PARTS else "")
    return ", ".join(filter(None, parts))


def _called(context: str, names: Mapping[str, Sequence[str]], language: Language) -> str:
    each = [_with_details(name, details, language) for name, details in names.items()]
    told = _span(each, language) if len(each) > _FEW_MOVES else language.traits.lists.between.join(each)
    return f"{context}: {told}" if context and told and context != told else told or context


def _with_details(name: str, details: Sequence[str], language: Language) -> str:
    """`Squat, set 1 to set 3`; the name alone where one of several has nothing to tell it apart."""
    return f"{name}, {_span(details, language)}" if all(details) else name


def _span(things: Sequence[str], language: Language) -> str:
    if len(things) == 1:
        return things[0]
    return language.label("chapter_span", first=things[0], last=things[-1])
