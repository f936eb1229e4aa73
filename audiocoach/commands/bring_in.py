"""`audiocoach import` and `audiocoach prompt`: what others wrote becomes a routine."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from audiocoach import regular
from audiocoach.api import dumped
from audiocoach.commands.common import tell
from audiocoach.errors import InputError, Position, Problem, printable, quote, whole
from audiocoach.records import dataclass
from audiocoach.routine import library
from audiocoach.routine.importers import answer, bring_in
from audiocoach.routine.importers.prompt import prompt
from audiocoach.routine.importers.shelf import bank_of
from audiocoach.routine.source import MAX_BYTES, read_bytes
from audiocoach.store.files import replacing

if TYPE_CHECKING:
    from audiocoach.commands.ask import Chat
    from audiocoach.routine.importers import Imported
    from audiocoach.routine.importers.bank import Bank

_MOST_ROUNDS = 3
_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Import:
    """What is asked for: the file, where to write it (None for standard output), and of what kind it is."""

    source: Path
    out: Path | None = None
    kind: str | None = None
    force: bool = False
    json: bool = False


def import_file(asked: Import, chat: Chat | None = None) -> None:
    """Write the routine that a file becomes, and say what was left out and what it does not say.

    Raises:
        InputError: nothing in it can be used, or something stands where it is to be written.
        StorageError: it cannot be written.
        EngineError: the server of `chat` did not answer.
    """
    if asked.out and not asked.force and os.path.lexists(asked.out):
        message = "there is a file of this name already: choose another, or say --force"
        raise InputError(Problem(whole(asked.out), message, code="taken-output"))
    text = _text(asked.source)
    bank = bank_of(asked.out.parent if asked.out else Path())
    try:
        imported = _asked_of(chat, text, bank, asked.out) if chat else bring_in(text, bank, asked.kind)
    except InputError as error:
        raise InputError(*(_of_file(problem, asked.source) for problem in error.problems)) from error
    _write(imported, asked)
    _tell(imported, asked.out)


def print_prompt() -> None:
    """Print what to say to a chat model: the format, the rules and the moves that can be included here."""
    sys.stdout.write(prompt(bank_of(Path())))


def _text(path: Path) -> str:
    """The text of a file, or of standard input.

    Raises:
        InputError: it cannot be read, or is no text.
    """
    data = read_bytes(path, str(path), "a text", MAX_BYTES)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        message = f"expected UTF-8 text, found byte 0x{data[error.start]:02x}: save the file as UTF-8"
        raise InputError(Problem(Position(str(path), line, 1), message, code="bad-encoding")) from error


def _of_file(problem: Problem, path: Path) -> Problem:
    """The problem with the name of the file for that of the text."""
    at = problem.position
    named = Position(str(path), at.line, at.column) if at.path == "the text" else at
    return Problem(named, problem.message, problem.kind, problem.code)


def _write(imported: Imported, asked: Import) -> None:
    if asked.out:
        with replacing(asked.out) as (file,):
            file.write(regular.encoded(imported.routine_yaml))
    if asked.json:
        sys.stdout.write(dumped(as_record(imported)))
    elif not asked.out:
        sys.stdout.write(imported.routine_yaml)


def as_record(imported: Imported) -> dict[str, object]:
    """The import as JSON has it."""
    return {
        "kind": imported.kind,
        "text": imported.routine_yaml,
        "lines": [{"line": one.line, "from_source": one.from_source} for one in imported.lines],
        "left_out": [{"text": one.text, "why": one.why} for one in imported.left_out],
        "gaps": [{"line": one.line, "asked": one.asked} for one in imported.gaps],
    }


def _tell(imported: Imported, out: Path | None) -> None:
    for one in imported.left_out:
        short = one.text if len(one.text) <= _SHOWN else one.text[: _SHOWN - 1] + "\u2026"
        tell(f"left out: {printable(quote(short))}: {printable(one.why)}\n")
    name = printable(out or regular.STDIN)
    for gap in imported.gaps:
        tell(f"{name}:{gap.line}:1: gap: {printable(gap.asked)}\n")


# -- a model that is asked --------------------------------------------------------------------------


def _asked_of(chat: Chat, text: str, bank: Bank, out: Path | None) -> Imported:
    """The routine that a model makes of a text, mended by what `check` says of it, in three rounds at most.

    Raises:
        InputError: its last answer is no routine either.
        EngineError: the server did not answer.
    """
    said = [("system", prompt(bank)), ("user", text)]
    for turn in range(1, _MOST_ROUNDS + 1):
        answered = chat.answer(said)
        try:
            imported = answer.read_answer(answered, bank)
            library.load(
                (out.parent if out else Path()) / regular.named_text("answer"), imported.routine_yaml
            )
        except InputError as error:
            if turn == _MOST_ROUNDS:
                raise _unusable(error) from error
            said += [
                ("assistant", answered),
                ("user", f"audiocoach check says:\n{error}\nSend the whole routine again."),
            ]
        else:
            return answer.held_against(imported, text)
    raise AssertionError


def _unusable(error: InputError) -> InputError:
    message = f"the server's answer is no routine, after {_MOST_ROUNDS} rounds: {error.problems[0].message}"
    return InputError(Problem(whole(""), message))
