"""The answer of a chat model: a routine in a Markdown fence, with talk around it.

The routine stays as it was written. Moves of the bank are added to it, a dose without a sentence beside it is
marked, and where the source is at hand, so is a sentence that does not stand in it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from audiocoach.errors import InputError
from audiocoach.routine.diagnostics import Diagnostics
from audiocoach.routine.importers import amounts
from audiocoach.routine.importers.records import Gap, Imported, LeftOut, Line, one_line
from audiocoach.routine.parser import parse_routine
from audiocoach.routine.source import compose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiocoach.routine.importers.bank import Bank

SHOWN = "the answer"
_FENCE = re.compile(
    r"^[ \t]*(```+|~~~+)[ \t]*(\w*)[ \t]*\n(.*?)(?:^[ \t]*\1[ \t]*$|\Z)", re.MULTILINE | re.DOTALL
)
_IS_ROUTINE = re.compile(r"^session:", re.MULTILINE)
_IS_BARE = re.compile(r"\A\s*(?:#[^\n]*\n\s*)*(?:title|session|moves):")
_FROM = re.compile(r'#\s*from:\s*"((?:[^"\\]|\\.)*)"')
_GAP = re.compile(r"^\s*#\s*gap:\s*(.+)$|\s#\s*gap:\s*(.+)$")
_DO = re.compile(r"\bdo:\s*([^\s,}#]+)")
_DOSE = re.compile(
    r"(?:^\s*(?:- )?|[{,]\s*)(for|hold|reps|breaths|sets|rest|repeat|distance)\s*:\s*([^,}#]+)"
)
# A block of moves, and how far its keys are from the margin.
_MOVES = re.compile(
    r"^moves:[ \t]*(?:#.*)?\n(?:[ \t]*(?:#.*)?\n)*( +)\S.*\n(?:(?: .*|#.*)?\n)*", re.MULTILINE
)
_INDENT = "  "
_TALK = "talk around the answer"
_ANOTHER = "another block of the answer"
_UNSAID = "no sentence of the source stands beside this: is it in it?"
_NOT_THERE = "this sentence is not in the source"
_OTHER_FIGURE = "the sentence beside this does not say it"
_MOST_SHOWN = 80


def is_answer(text: str) -> bool:
    """Whether there is a routine in a fence, or nothing but one."""
    fenced = any(_IS_ROUTINE.search(match[3]) for match in _FENCE.finditer(text))
    return fenced or bool(_IS_BARE.match(text) and _IS_ROUTINE.search(text))


def read_answer(text: str, bank: Bank) -> Imported:
    """The routine of an answer.

    Raises:
        InputError: there is none, or it cannot be read.
    """
    body, left_out = _body(text)
    _refuse_unreadable(body)
    rows = [row for line in _with_moves(body, bank).split("\n") for row in _marked(line, bank)]
    return _numbered("\n".join(rows).rstrip() + "\n", left_out)


def held_against(imported: Imported, source: str) -> Imported:
    """The same, with a mark above each dose that the source does not have."""
    known = _words(source)
    rows: list[str] = []
    for row in imported.routine_yaml.split("\n"):
        why = _why_unfounded(row, known)
        rows += [f"{_indent(row)}# gap: {why}", row] if why else [row]
    return _numbered("\n".join(rows), imported.left_out)


def _body(text: str) -> tuple[str, tuple[LeftOut, ...]]:
    """The routine and what stands around it."""
    fences = [match for match in _FENCE.finditer(text) if _IS_ROUTINE.search(match[3])]
    if not fences:
        return text, ()
    chosen = fences[0]
    around = f"{text[: chosen.start()]}\n\n{text[chosen.end() :]}"
    others = [match[3] for match in _FENCE.finditer(around)]
    talk = [part for part in re.split(r"\n\s*\n", _FENCE.sub("\n\n", around)) if any(map(str.isalnum, part))]
    return chosen[3], (
        *(LeftOut(one_line(part), _TALK) for part in talk),
        *(LeftOut(one_line(other)[:_MOST_SHOWN], _ANOTHER) for other in others),
    )


def _refuse_unreadable(body: str) -> None:
    """See that it is a routine; what moves it does is looked at with its libraries.

    Raises:
        InputError: every problem of it.
    """
    diagnostics = Diagnostics()
    try:
        node = compose(body, SHOWN, diagnostics)
    except InputError as error:
        raise InputError(*error.problems, *diagnostics.problems) from error
    if node is not None:
        parse_routine(node, diagnostics)
    diagnostics.close()


# -- moves of the bank ------------------------------------------------------------------------------


def _with_moves(body: str, bank: Bank) -> str:
    """With the moves of the bank that it does and does not have: included, or copied."""
    done = dict.fromkeys(_DO.findall(_without_comments(body)))
    block = _MOVES.search(body)
    indent = block[1] if block else _INDENT
    own = set(re.findall(rf"^{indent}([^\s:#]+):", block[0], re.MULTILINE)) if block else set()
    wanted = [known for key in done if key not in own and (known := bank.of(key))]
    if not wanted or re.search(r"^include:", body, re.MULTILINE):
        return body
    if bank.include:
        return _above_session(body, f"include: [{', '.join(bank.include)}]\n")
    copies = "\n".join(known.text for known in wanted).replace(f"\n{_INDENT}", f"\n{indent}")
    copied = f"moves:\n{indent}{copies.removeprefix(_INDENT)}"
    if block is None:
        return _above_session(body, f"{copied}\n")
    return body[: block.start()] + copied + body[block.start() :].partition("\n")[2]


def _above_session(body: str, text: str) -> str:
    return _IS_ROUTINE.sub(lambda _: f"{text}session:", body, count=1)


def _without_comments(body: str) -> str:
    return re.sub(r"\s#.*$", "", body, flags=re.MULTILINE)


# -- marks ------------------------------------------------------------------------------------------


def _indent(row: str) -> str:
    return row[: len(row) - len(row.lstrip())]


def _marked(row: str, bank: Bank) -> Iterator[str]:
    """A row, and above it a mark where it does a move that is only like one of the bank."""
    unknown = [key for key in _DO.findall(_without_comments(row)) if not bank.of(key)]
    near = [one for key in unknown for one in bank.near(key.replace("-", " "))]
    if near:
        yield f"{_indent(row)}# gap: is {' or '.join(near)} of the library meant?"
    yield row


def _why_unfounded(row: str, source: str) -> str:
    """Why a dose is not founded on the source; empty where it is, or where there is none."""
    said, doses = _FROM.search(row), _DOSE.findall(_without_comments(row))
    if said is None:
        return _UNSAID if doses else ""
    if not all(part in source for part in map(_words, re.split(r"\u2026|\.\.\.", said[1])) if part):
        return _NOT_THERE
    return "" if all(_says(said[1], value) for _, value in doses) else _OTHER_FIGURE


def _says(sentence: str, value: str) -> bool:
    """Whether all figures of a value stand in the sentence, in seconds or in minutes."""
    stated = amounts.read(sentence)
    there = {value for _, value in (*stated.fields, *stated.other)}
    if value.strip() in there:
        return True
    figures = set(re.findall(r"\d+", amounts.mended(sentence)[0])) | set(re.findall(r"\d+", " ".join(there)))
    return set(re.findall(r"\d+", value)) <= figures


def _words(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.lower()).strip()


def _numbered(text: str, left_out: tuple[LeftOut, ...]) -> Imported:
    rows = list(enumerate(text.split("\n"), start=1))
    sources = ((number, match[1]) for number, row in rows if (match := _FROM.search(row)))
    gaps = ((number, match[1] or match[2]) for number, row in rows if (match := _GAP.search(row)))
    return Imported(
        "answer",
        text,
        tuple(Line(number, re.sub(r"\\(.)", r"\1", source)) for number, source in sources),
        left_out,
        tuple(Gap(number, asked.strip()) for number, asked in gaps),
    )
