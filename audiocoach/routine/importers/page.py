"""From a list, a table, a plan from a chat or an article to a draft: rows in turn, and what they belong to.

A row is an exercise where the bank knows its name, or where a name stands beside a dose. What follows is said
of it: doses, sides, cautions, how it is done. Nothing is lost: the rest is left out, with the reason.
"""

from __future__ import annotations

import re
from itertools import count, pairwise
from typing import TYPE_CHECKING

from audiocoach.records import dataclass
from audiocoach.routine.importers import amounts, asking, furniture, lines, signs
from audiocoach.routine.importers.found import Found, Section
from audiocoach.routine.importers.records import Draft, Field, LeftOut, Pause, label_value, text_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiocoach.routine.importers.amounts import Amounts
    from audiocoach.routine.importers.bank import Bank, Known
    from audiocoach.routine.importers.lines import Row

NOTHING = "no exercise, dose or caution was found in it"
_HOW_KNOWN = "how it is done: the library says it in its own words"
_OWN_DOSES = "each exercise has one of its own"
_HOW_OFTEN = "how often it is done is no part of a session"
_AGAIN = "the source says it twice"
_ADVERTISEMENT = "an advertisement: the others of its list are sentences"
_BETWEEN = re.compile(r"\bbetween\b|\bafter each\b", re.IGNORECASE)
_COUNTED_NAME = re.compile(r"#*\s*\d{1,2}[.):]?\s")
# A heading with a number, as articles count their moves.
_NUMBERED = re.compile(r"#+\s*\d{1,2}\b")
_ODD = "a letter among figures: read as"
_PART_TIME = "how long a part lasts follows from its exercises"
_HEADING = "a heading without an exercise under it"
_NO_NAME = "it has a dose, and no name of an exercise: write it by hand"
_MANNER = "how it is done: say it in the move's own words"
_MOST_NAME, _MOST_ROW, _MOST_TITLE, _LEAST_SENTENCE, _LEAST_TOLD = 7, 14, 12, 5, 3
_FIRST = 3
# `SLR` is what it is called.
_MOST_SHORT_NAME = 4
_MOST_SAFETY, _MOST_SPOKEN, _MOST_CAUTION = 2, 900, 200


@dataclass(frozen=True, slots=True)
class _Named:
    """What makes a row an exercise: its name, its move of the bank, what is stated and said behind it."""

    name: str
    known: Known | None
    stated: Amounts
    more: str = ""


def read(text: str, bank: Bank) -> Draft:
    """The draft of a page; it has no items where no exercise was found."""
    return _Page(text, bank).draft()


class _Page:
    """What was read so far of one page."""

    def __init__(self, text: str, bank: Bank) -> None:
        self._text = text
        self._bank = bank
        self._rows = lines.rows(text)
        self._title: Field | None = None
        self._fields: dict[str, Field] = {}
        self._sections = [Section(None)]
        self._current: Found | None = None
        self._general: Amounts | None = None
        self._general_source = ""
        # The rest that the source gives between all sets.
        self._rest: Amounts | None = None
        self._rest_source = ""
        self._loose: list[str] = []
        self._unplaced: list[str] = []
        self._left_out: list[LeftOut] = []
        self._safety: list[str] = []
        self._seen: set[str] = set()
        self._group = 0
        self._odd: set[str] = set()
        self._sentences = _lists_of_sentences(self._rows)
        self._tables = {(row.group, len(row.cells)): heads for row in self._rows if (heads := _heads(row))}
        named = {id(row): self._exercise_of(row) for row in self._rows}
        self._lists = {row.group for row in self._rows if named[id(row)]}
        self._are_numbered = any(named[id(row)] and _NUMBERED.match(row.raw) for row in self._rows)
        self._titles = set(_titles(self._rows))
        self._named = {id(row): named[id(row)] or self._in_short_list(row) for row in self._rows}

    def draft(self) -> Draft:
        """The draft of all rows."""
        for at, row in enumerate(self._rows):
            if row.group != self._group:
                # What was made of a list alone ends with it.
                self._current = None if self._current and self._current.is_unnamed else self._current
            self._group = row.group
            may_be_title = at < _FIRST and self._title is None and not self._sections[0].items
            if not (may_be_title and self._is_title(row, at)):
                self._row(row)
        if not any(section.items for section in self._sections):
            self._mentioned()
        self._place_loose()
        return self._whole()

    # -- the title ------------------------------------------------------------------------------------

    def _is_title(self, row: Row, at: int) -> bool:
        """Take one of the first rows for the title where it can be none else."""
        site = signs.SITE_TITLE.match(row.text)
        if site:
            self._title = Field("title", label_value(site[1]), site[1])
            self._prose(row.text[site.end() :], row)
            return True
        following = self._rows[at + 1 : at + 2]
        may_be = (
            len(row.text.split()) <= _MOST_TITLE
            and not self._named[id(row)]
            and row.kind in ("heading", "text")
        )
        if (
            not may_be
            or furniture.why_furniture(row.text)
            or row.text.endswith((".", ";", ","))
            or not following
        ):
            return False
        stated = dict(amounts.read(row.text, is_row=True).fields)
        if {"sets", "reps", "rest"} & stated.keys():
            return False
        is_part = "rounds" in stated or (signs.SECTION.search(row.text) and not signs.TITLED.search(row.text))
        is_alone = row.kind == "heading" or not self._named[id(following[0])]
        if is_part or not (is_alone or signs.TITLED.search(row.text)) or " " not in row.text.strip():
            return False
        self._title = Field("title", label_value(row.text.strip(": ")), row.raw)
        self._fit(row.text)
        return True

    def _fit(self, text: str) -> bool:
        fit = signs.FIT.search(amounts.mended(text)[0])
        if fit:
            self._fields.setdefault("fit", Field("fit", f"{int(fit[1])}m", text))
        return bool(fit)

    # -- rows -----------------------------------------------------------------------------------------

    def _row(self, row: Row) -> None:
        if row.kind != "cells" and not self._named[id(row)] and self._part_with_one(row):
            return
        match row.kind:
            case "heading":
                self._heading(row)
            case "item":
                self._item(row)
            case "cells":
                self._cells(row)
            case "text":
                named = self._named[id(row)]
                self._exercise(named, row) if named else self._stated(row) or self._prose(row.text, row)

    def _heading(self, row: Row) -> None:
        named = self._named[id(row)]
        if named:
            self._exercise(named, row)
            return
        why = furniture.why_furniture(row.text)
        if why:
            self._leave(row.raw, why)
        elif self._stated(row):
            return
        elif row.text.endswith(":") and signs.KEEPS.search(row.text):
            self._leave(row.raw, _HEADING)
        else:
            self._current = None
            self._section(row)

    def _part_with_one(self, row: Row) -> bool:
        """Take `Warm-up: easy jog 5 min`: a part of the session, and its exercise in the same row."""
        head, colon, tail = _parted(row.text)
        if not colon or not signs.SECTION.search(head) or amounts.read(tail).other:
            return False
        named = self._known_or_dosed(tail, "")
        if named is None or not named.stated.fields:
            return False
        self._sections.append(Section(Field("section", label_value(head.strip()), row.raw)))
        self._exercise(named, row)
        return True

    def _section(self, row: Row) -> None:
        stated = self._read(row.text, is_row=True)
        title = stated.left.strip(": #") or row.text
        section = Section(Field("section", label_value(title), row.raw))
        self._left_out += section.take(stated, row.raw)
        self._sections.append(section)
        time = dict(stated.fields).get("time")
        if time:
            self._leave(f"{title}: {time}", _PART_TIME)

    def _stated(self, row: Row) -> bool:
        """Take a row that is nothing but amounts: a rest, rounds, a dose of the exercise above."""
        if len(row.text.split()) > _MOST_ROW:
            return False
        stated = self._read(row.text, is_row=True)
        names = {name for name, _ in stated.fields}
        label = row.text.partition(":")[0].strip() if ":" in row.text else ""
        if not names or (
            stated.left and not signs.ATTRIBUTE.match(stated.left) and not signs.ATTRIBUTE.match(label)
        ):
            return False
        if "rounds" in names or (self._current is None and stated.has_dose and not stated.left):
            self._left_out += self._sections[-1].take(stated, row.raw)
        elif names == {"rest"} and row.kind == "text" and _BETWEEN.search(row.text):
            self._rest, self._rest_source = stated, row.raw
        elif names == {"rest"} and (row.group in self._lists or self._current is None):
            self._sections[-1].items.append(Pause(Field("rest", dict(stated.fields)["rest"], row.raw)))
        elif self._current and not self._current.has_dose_against(stated):
            self._take(stated, row.raw)
        elif self._current and stated.left:
            self._leave(row.raw, _NO_NAME)
        elif self._current:
            self._nameless(stated, row)
        else:
            return False
        return True

    def _nameless(self, stated: Amounts, row: Row) -> None:
        """An exercise that is a dose alone, below another that has its own: it is asked for its name."""
        names = {found.name for section in self._sections for found in section.found}
        name = next(name for n in count(1) if (name := f"Move {n}" if n > 1 else "Move") not in names)
        found = Found(name, row.raw, None)
        found.ask_name("", ())
        self._current = found
        self._sections[-1].items.append(found)
        self._take(stated, row.raw)

    def _item(self, row: Row) -> None:
        named = self._named[id(row)]
        if named:
            self._exercise(named, row)
        elif self._stated(row):
            return
        elif (
            row.group not in self._lists
            and furniture.is_name_of_a_thing(row.text)
            and row.group in self._sentences
        ):
            self._leave(row.raw, furniture.why_furniture(row.text) or _ADVERTISEMENT)
        else:
            self._prose(row.text, row)

    def _cells(self, row: Row) -> None:
        named = self._named[id(row)]
        if named:
            self._exercise(named, row)
        elif why := furniture.why_furniture(row.text):
            self._leave(row.raw, why)
        elif _heads(row):
            self._leave(row.raw, "the heads of a table")
        elif not self._stated(row):
            self._prose(row.text, row)

    # -- exercises ------------------------------------------------------------------------------------

    def _exercise_of(self, row: Row) -> _Named | None:
        """Whether a row is an exercise: by a name that is known, or a name beside a dose."""
        if furniture.why_furniture(row.text):
            return None
        if row.kind == "cells":
            return self._of_cells(row)
        head, colon, tail = _parted(row.text)
        if colon and self._bank.find(amounts.read(head, is_row=True).left):
            return self._known_or_dosed(head, tail)
        if len(row.text.split()) > _MOST_ROW:
            return None
        if colon and signs.ATTRIBUTE.match(head.strip()):
            return None
        return self._known_or_dosed(row.text, "")

    def _in_short_list(self, row: Row) -> _Named | None:
        """An exercise without a dose, in a list of names of which others are exercises."""
        is_in_list = row.kind in ("item", "text") and row.group in self._lists - self._sentences
        is_in_list = is_in_list or (self._are_numbered and bool(_NUMBERED.match(row.raw)))
        is_in_list = is_in_list or id(row) in self._titles
        if not is_in_list or signs.TITLED.search(row.text) or len(row.text.split()) > _MOST_NAME:
            return None
        is_furniture = furniture.why_furniture(row.text) or amounts.OFTEN.search(row.text)
        is_furniture = is_furniture or signs.ATTRIBUTE.match(row.text.partition(":")[0])
        return None if is_furniture else self._known_or_dosed(row.text, "", is_item=True)

    def _known_or_dosed(self, text: str, more: str, *, is_item: bool = False) -> _Named | None:
        stated = amounts.read(text, is_row=True)
        name = signs.FORMAT.sub("", stated.left) if stated.has_dose else stated.left
        whole = amounts.cleaned(text)
        known = self._bank.find(name) or self._bank.find(whole)
        manner = ""
        if known is None and not more and stated.has_dose:
            name, _, manner = (part.strip() for part in name.partition(","))
            known = self._bank.find(name)
        if more:
            with_more = amounts.read(f"{text}: {more}")
            stated = with_more if with_more.has_dose else stated
        if known:
            return _Named(known.name, known, stated, more or manner)
        is_dosed = stated.has_dose or stated.asked or is_item
        if (
            not is_dosed
            or not _may_be_name(name)
            or (signs.SECTION.search(name) and "rounds" not in dict(stated.fields))
        ):
            return None
        if re.search(rf"{re.escape(name)} hold\b", text, re.IGNORECASE):
            name = f"{name} hold"
        return _Named(_shown_name(name), None, stated, more or manner)

    def _of_cells(self, row: Row) -> _Named | None:
        """The exercise of a row of a table, whose columns a row of heads above may name."""
        if _heads(row):
            return None
        columns = self._tables.get((row.group, len(row.cells)), ("",) * len(row.cells))
        at = columns.index("name") if "name" in columns else _first_name(row.cells)
        phrases = [
            _phrase(column, cell)
            for i, (column, cell) in enumerate(zip(columns, row.cells, strict=True))
            if i != at and column != "number"
        ]
        notes = " ".join(
            phrase
            for phrase in phrases
            if not amounts.read(phrase, is_row=True).fields and len(phrase.split()) > 1
        )
        dosed = ", ".join(phrase for phrase in phrases if phrase and phrase not in notes)
        named = self._known_or_dosed(row.cells[at], "", is_item=True)
        stated = amounts.read(f"{row.cells[at]}, {dosed}", is_row=True)
        unread = [phrase for phrase in phrases if re.fullmatch(r"\d+(?:-\d+)?", phrase.strip())]
        asked = tuple(map(asking.NO_UNIT.format, unread))
        asked += tuple(
            f"{phrase} has no unit: seconds or minutes?"
            for phrase in phrases
            if re.fullmatch(r"rest \d+(?:-\d+)?", phrase)
        )
        fields = amounts.Amounts(stated.fields, stated.left, stated.odd, stated.other, asked)
        return _Named(named.name, named.known, fields, notes) if named else None

    def _exercise(self, named: _Named, row: Row) -> None:
        self._place_loose()
        found = Found(named.name, row.raw, named.known)
        self._current = found
        self._sections[-1].items.append(found)
        self._tell_odd(named.stated)
        if named.known is None:
            found.ask_near(self._bank.near(named.name))
        self._take(named.stated, row.raw)
        more = amounts.read(named.more).left
        if len(more.split()) >= _LEAST_TOLD:
            self._prose(named.more, row)
        elif more:
            self._leave(named.more, _MANNER)

    def _take(self, stated: Amounts, source: str) -> None:
        """What is stated of the exercise that was read last."""
        if self._current:
            self._left_out += self._current.take(stated, source)

    # -- sentences ------------------------------------------------------------------------------------

    def _prose(self, text: str, row: Row) -> None:
        for sentence in lines.sentences(text):
            self._sentence(sentence, row)

    def _sentence(self, sentence: str, row: Row) -> None:
        words = re.sub(r"\W+", " ", sentence.replace("\u2019", "").replace("'", "")).lower().strip()
        if not words:
            return
        is_again = words in self._seen and " " in words
        self._seen.add(words)
        why = _AGAIN if is_again else furniture.why_furniture(sentence)
        if why:
            self._leave(sentence, why)
            self._current = None if why in furniture.BEHIND else self._current
        elif self._is_safety(sentence):
            self._safety.append(signs.LABEL.sub("", sentence))
        elif self._current:
            self._said_of(self._current, sentence)
        else:
            self._said_of_all(sentence, row)

    def _is_safety(self, sentence: str) -> bool:
        is_short = len(self._safety) < _MOST_SAFETY and len(sentence) <= 2 * _MOST_CAUTION
        return is_short and bool(signs.SAFETY.search(sentence))

    def _said_of(self, found: Found, sentence: str) -> None:
        stated = self._read(sentence)
        taken = found.may_take(stated)
        if taken:
            self._take(_ordered(stated, sentence, found), sentence)
        if (
            signs.CAUTION.search(sentence)
            and len(sentence) <= _MOST_CAUTION
            and "caution" not in found.fields
        ):
            found.fields["caution"] = Field("caution", text_value(signs.LABEL.sub("", sentence)), sentence)
        elif not taken and amounts.OFTEN.search(sentence):
            self._leave(sentence, _HOW_OFTEN)
        elif not taken and found.known:
            self._leave(sentence, _HOW_KNOWN)
        elif not taken and not found.tell(sentence, _MOST_SPOKEN):
            self._leave(sentence, "too long to be spoken with the rest")

    def _said_of_all(self, sentence: str, row: Row) -> None:
        stated = self._read(sentence)
        rounds = "rounds" in dict(stated.fields)
        if self._fit(sentence):
            self._unplaced.append(sentence)
        elif stated.has_dose and signs.EACH_ONE.search(sentence) and self._general is None:
            self._general, self._general_source = stated, sentence
        elif stated.has_dose and self._loose:
            self._unnamed(stated, sentence)
        elif rounds:
            self._left_out += self._sections[-1].take(stated, sentence)
        elif row.kind in ("item", "cells") and len(sentence.split()) > 1:
            self._loose.append(sentence)
        else:
            self._unplaced.append(sentence)

    def _unnamed(self, stated: Amounts, sentence: str) -> None:
        """An exercise whose steps and dose stand there, and whose name is to be asked for."""
        begun = self._bank.begun(self._text)
        name = begun.capitalize() or "Move"
        found = Found(name, self._loose[0], None)
        found.is_unnamed = True
        found.ask_name(begun, self._bank.near(begun) if begun else ())
        for step in self._loose:
            found.tell(step, _MOST_SPOKEN)
        self._loose = []
        self._current = found
        self._sections[-1].items.append(found)
        self._take(stated, sentence)

    def _mentioned(self) -> None:
        """Exercises that an article names in its sentences alone."""
        self._unplaced, sentences = [], self._unplaced
        seen: set[str] = set()
        for sentence in sentences:
            named = [] if signs.GREETING.match(sentence) else list(self._bank.mentions(sentence))
            new = {known.key: known for known in named if known.key not in seen}
            is_part = self._begins_part(sentence)
            seen.update(new)
            self._sections[-1].items += [Found(known.name, sentence, known) for known in new.values()]
            if not new and not (is_part and self._sections[-1].asked):
                self._unplaced.append(sentence)

    def _begins_part(self, sentence: str) -> bool:
        """Begin a part of the session where a sentence speaks of another than the last one."""
        title = next((title for pattern, title in signs.IN_PROSE if pattern.search(sentence)), "")
        if not title or title == self._sections[-1].name:
            return False
        self._sections[-1:] = self._sections[-1:] if self._sections[-1].items else []
        self._sections.append(Section(Field("section", title, sentence)))
        if signs.SOME_ROUNDS.search(sentence):
            self._sections[-1].asked.append(asking.ROUNDS)
        return True

    # -- the end --------------------------------------------------------------------------------------

    def _place_loose(self) -> None:
        self._unplaced += self._loose
        self._loose = []

    def _give_general(self) -> None:
        """Give what holds for all exercises to those that have none of their own."""
        given = {section.general_source for section in self._sections}
        given |= {self._general_source, self._rest_source} - {""}
        for section in self._sections:
            for item in section.found:
                self._left_out += item.take_general(section.general, section.general_source)
                self._left_out += item.take_general(self._general, self._general_source)
                self._left_out += item.take_rest(self._rest, self._rest_source)
        used = {source for section in self._sections for item in section.found for source in item.sources}
        self._left_out += [LeftOut(source, _OWN_DOSES) for source in sorted(given - used - {""})]

    def _whole(self) -> Draft:
        self._give_general()
        unused = [source for section in self._sections if not section.items for source in section.sources]
        self._left_out += [LeftOut(source, _HEADING) for source in unused]
        told = {field.source for field in self._fields.values()}
        self._left_out += [LeftOut(text, _why_unplaced(text)) for text in self._unplaced if text not in told]
        if self._safety:
            safety = " ".join(self._safety)
            self._fields["safety"] = Field("safety", text_value(safety), safety)
        items = [item for section in self._sections for item in section.made()]
        fields = tuple(self._fields[name] for name in ("safety", "fit") if name in self._fields)
        return Draft(self._title, tuple(items), fields, tuple(self._left_out))

    def _read(self, text: str, *, is_row: bool = False) -> Amounts:
        stated = amounts.read(text, is_row=is_row)
        self._tell_odd(stated)
        # `for one rep` says what a repetition is.
        fields = tuple(pair for pair in stated.fields if is_row or pair != ("reps", "1"))
        return amounts.Amounts(fields, stated.left, stated.odd, stated.other, stated.asked)

    def _tell_odd(self, stated: Amounts) -> None:
        new = dict(pair for pair in stated.odd if pair[0] not in self._odd)
        self._odd.update(new)
        self._left_out += [LeftOut(written, f"{_ODD} {meant}") for written, meant in new.items()]

    def _leave(self, text: str, why: str) -> None:
        self._left_out.append(LeftOut(text, why))


def _why_unplaced(text: str) -> str:
    return _HOW_OFTEN if amounts.OFTEN.search(text) else NOTHING


def _lists_of_sentences(rows: Sequence[Row]) -> set[int]:
    """The lists most rows of which are sentences."""
    lengths: dict[int, list[bool]] = {}
    for row in rows:
        lengths.setdefault(row.group, []).append(len(row.text.split()) >= _LEAST_SENTENCE)
    return {group for group, are_long in lengths.items() if sum(are_long) * 2 > len(are_long)}


def _titles(rows: Sequence[Row]) -> Iterator[int]:
    """Rows that count names, each with sentences below it, as articles write: `1. Chin tucks`."""
    counted = [row for row, below in pairwise(rows) if _COUNTED_NAME.match(row.raw) and _tells(row, below)]
    if len(counted) > 1:
        yield from map(id, counted)


def _tells(row: Row, below: Row) -> bool:
    is_name = (
        row.kind in ("item", "heading") and _may_be_name(row.text) and not signs.SECTION.search(row.text)
    )
    return is_name and below.kind == "text" and len(below.text.split()) >= _LEAST_SENTENCE


def _heads(row: Row) -> tuple[str, ...]:
    """What the columns below a row of heads hold; nothing where it is no such row."""
    found = tuple(
        next((key for key, head in signs.HEADS.items() if head.match(cell)), "") for cell in row.cells
    )
    has_figures = any(re.search(r"\d", cell) for cell in row.cells)
    return found if found and not has_figures and 2 * sum(map(bool, found)) >= len(found) else ()


def _parted(text: str) -> tuple[str, str, str]:
    """What stands before and behind a colon, or a dash with space around it, where both are there."""
    match = re.match(r"^([^:]{2,60}?)(:| [-\u2013\u2014] )\s*(\S.*)$", text)
    return (match[1], match[2], match[3]) if match else (text, "", "")


def _may_be_name(name: str) -> bool:
    words = name.split()
    if (
        not 0 < len(words) <= _MOST_NAME
        or len(name) > _MOST_CAUTION
        or not name[0].isalpha()
        or signs.INSTRUCTION.match(name)
    ):
        return False
    return not re.search(r"\b(?:you|your|you'll)\b|[.!?]\s|[.!?]$", name) and bool(
        re.search(r"[^\W\d_]{2}", name)
    )


def _shown_name(name: str) -> str:
    """`Reverse lunge` of `REVERSE LUNGE` and `reverse lunge`."""
    return (
        name.capitalize() if name.isupper() and len(name) > _MOST_SHORT_NAME else name[:1].upper() + name[1:]
    )


def _first_name(cells: Sequence[str]) -> int:
    """Which cell has the name: the first with letters that are no amount."""
    return next(
        (at for at, cell in enumerate(cells) if _may_be_name(amounts.read(cell, is_row=True).left)), 0
    )


def _phrase(column: str, cell: str) -> str:
    """A cell with the unit that the head of its column gives it."""
    is_bare = re.fullmatch(r"\d+(?:\s?[-\u2013]\s?\d+)?", cell.strip())
    if column in _LEADING:
        return f"{column} {cell}" if re.search(r"\d", cell) else ""
    return f"{cell} {column}" if is_bare and column in _COUNTED else cell


# Columns whose head stands before its figure, and those whose head is a unit.
_LEADING, _COUNTED = frozenset({"rest", "tempo"}), frozenset({"sets", "reps"})


def _ordered(stated: Amounts, sentence: str, found: Found) -> Amounts:
    """Sides in the order that `repeat on the left leg` has: the right was first."""
    match = signs.REPEAT.search(sentence)
    if match is None or "sides" not in dict(stated.fields) or found.known:
        return stated
    order = "[right, left]" if match[1].lower() == "left" else "[left, right]"
    fields = tuple((name, order if name == "sides" else value) for name, value in stated.fields)
    return amounts.Amounts(fields, stated.left, stated.odd, stated.other, stated.asked)
