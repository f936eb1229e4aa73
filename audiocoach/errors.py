"""Positions, problems and the one family of errors.

    AudiocoachError
    ├── SeveralError    several of them, one for each routine that failed
    ├── InputError      what the user wrote or asked for: exit status 2
    └── BuildError      the work could not be done: exit status 1
        ├── EngineError     a voice did not speak, or spoke rubbish: exit status 2
        │   └── RefusedError    there is no such voice
        ├── ClusterError    the workers of a cluster cannot be used, or all were lost
        │   └── UnusableClusterError    it may not, or cannot, be asked for: exit status 2
        ├── AddressError    the address to serve on cannot be had: exit status 2
        ├── SoundError      a sound failed its check
        └── StorageError    a file could not be read or written

An error survives the way from a worker's process to ours with everything that it knows.

Problems are data: a reader collects all of them and raises once. Only `cli` turns errors into
text and exit statuses; programmer errors stay outside the family.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def printable(text: object) -> str:
    """Text that may be shown: what a terminal would take for a command, or a line end, is written out.

    A file's name may hold any byte, and a message repeats what an author or a library wrote.
    """
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in str(text)
    )


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a file: lines and columns count from 1, columns in characters."""

    path: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{printable(self.path)}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One sentence about one place. `kind` is `error`, `warning` or `note`."""

    position: Position
    message: str
    kind: str = "error"

    def __str__(self) -> str:
        label = "" if self.kind == "error" else f"{self.kind}: "
        return f"{self.position}: {label}{printable(self.message)}"


MAX_TOLD = 100


def told(problems: Iterable[Problem]) -> list[Problem]:
    """What is told of many problems: 100 of each file, errors first, and how many more there are."""
    by_file: dict[str, list[Problem]] = {}
    for problem in problems:
        by_file.setdefault(problem.position.path, []).append(problem)
    return [problem for of_one in by_file.values() for problem in _told_of_a_file(of_one)]


def _told_of_a_file(problems: list[Problem]) -> list[Problem]:
    if len(problems) <= MAX_TOLD:
        return problems
    ranked = sorted(range(len(problems)), key=lambda index: problems[index].kind != "error")
    shown, untold = sorted(ranked[:MAX_TOLD]), [problems[index] for index in ranked[MAX_TOLD:]]
    first = min(untold)
    message = f"{len(untold):,} more problems from here on: mend these first, then check again"
    kind = "error" if any(problem.kind == "error" for problem in untold) else first.kind
    return [*(problems[index] for index in shown), Problem(first.position, message, kind)]


class AudiocoachError(Exception):
    """The root of everything that audiocoach raises on purpose."""

    exit_status = 1


class InputError(AudiocoachError):
    """What the user wrote cannot be used. `problems` are all, by place; the text is what is `told`."""

    exit_status = 2

    def __init__(self, *problems: Problem) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, told(self.problems))))

    def __reduce__(self) -> tuple[type[InputError], tuple[Problem, ...]]:
        return type(self), self.problems


class BuildError(AudiocoachError):
    """The input is good, the work failed. `position` is the routine's line, where there is one."""

    def __init__(self, message: str, position: Position | None = None) -> None:
        self.message = message
        self.position = position
        text = "\n".join(map(printable, message.split("\n")))
        super().__init__(f"{position}: {text}" if position else text)

    def __reduce__(self) -> tuple[type[BuildError], tuple[object, ...]]:
        return type(self), (self.message, self.position)


class SeveralError(AudiocoachError):
    """Several routines failed, each for its own reason; the gravest decides the exit status."""

    def __init__(self, errors: Sequence[AudiocoachError]) -> None:
        self.errors = tuple(errors)
        self.exit_status = max(error.exit_status for error in errors)
        super().__init__("\n".join(map(str, errors)))

    def __reduce__(self) -> tuple[type[SeveralError], tuple[tuple[AudiocoachError, ...]]]:
        return type(self), (self.errors,)


class EngineError(BuildError):
    """A speech engine is missing, hung, crashed or wrote an unusable clip.

    It has a line of the routine, and another voice or other words mend it: the exit status is that of
    bad input.
    """

    exit_status = 2


class RefusedError(EngineError):
    """The engine itself says no: there is no such engine or voice, or its library is missing.

    Another try cannot help, and no other phrase of this voice needs one.
    """


class ClusterError(BuildError):
    """There is no cluster, or none of its workers may work for us, or all of them were lost."""


class UnusableClusterError(ClusterError):
    """The address would send everything in the clear, or what it takes to use it is not installed."""

    exit_status = 2


class AddressError(BuildError):
    """There is no such address here, or another program has it: another option mends it."""

    exit_status = 2


class SoundError(BuildError):
    """An encoded sound did not decode to what went in."""


class StorageError(BuildError):
    """A file or folder could not be read or written."""


def quote(text: str) -> str:
    """The text between double quotes, as YAML reads it back."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
