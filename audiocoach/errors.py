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
        ├── DefectError     a mistake of ours
        └── StorageError    a file could not be read or written

An error survives the way from a worker's process to ours with everything that it knows.

Problems are data: a reader collects all of them and raises once. Only `cli` turns errors into
text and exit statuses; programmer errors stay outside the family.
"""

from __future__ import annotations

import errno
from dataclasses import field
from typing import TYPE_CHECKING, Any, Literal

from audiocoach.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# What `check` advises, and a routine may `ignore:`.
AdviceCode = Literal[
    "missing-safety",
    "single-side",
    "missing-finish",
    "unreachable-posture",
    "long-sentence",
    "pointing-words",
    "unneeded-equipment",
    "endless-talk",
    "silent-start",
    "missing-warm-up",
    "missing-cool-down",
    "repeated-words",
    "untrue-length",
]

# What kind of problem it is: a word for programs that stays when a message is put better. `docs/problems.md`
# says what each means. The first three are for what has no word of its own.
Code = Literal[
    "bad-value",
    "likely-mistake",
    "decision",
    "more-problems",
    "unreadable-file",
    "irregular-file",
    "too-large-file",
    "empty-file",
    "bad-encoding",
    "bad-character",
    "bad-pattern",
    "bad-yaml",
    "too-deep-yaml",
    "second-document",
    "unsupported-yaml",
    "unknown-field",
    "doubled-field",
    "missing-field",
    "empty-field",
    "cut-field",
    "missing-colon",
    "unknown-move",
    "doubled-move",
    "unknown-phrase",
    "unreadable-words",
    "unknown-placeholder",
    "empty-placeholder",
    "outside-include",
    "looped-include",
    "missing-include",
    "wrong-include",
    "missing-dose",
    "extra-dose",
    "wrong-tempo",
    "conflicting-fields",
    "misplaced-field",
    "too-long-session",
    "too-large-session",
    "unfit-session",
    "uneven-sides",
    "missing-rest",
    "shortened-words",
    "unsaid-words",
    "moved-words",
    "unrecorded-words",
    "longer-gap",
    AdviceCode,
    "unusable-picture",
    "unusable-music",
    "unusable-tone",
    "unknown-routine",
    "doubled-routine",
    "unknown-category",
    "missing-show",
    "missing-address",
    "lost-promises",
    "wrong-folder",
    "empty-folder",
    "taken-output",
    "failed-build",
    "failed-voice",
    "refused-voice",
    "failed-cluster",
    "taken-address",
    "damaged-sound",
    "failed-storage",
    "internal-error",
]

# Whatever comes of reading JSON that is not what we wrote.
MALFORMED = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
NO_MEMORY = "there is not enough memory"
# As the loaders of glibc, musl and Windows say it.
_NO_ROOM_FOR_A_LIBRARY = ("failed to map segment", "cannot allocate memory", "out of memory", "paging file")


def printable(text: object) -> str:
    """Text that may be shown: what a terminal would take for a command, or a line end, is written out.

    A file's name may hold any byte, and a message repeats what an author or a library wrote.
    """
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in str(text)
    )


@dataclass(frozen=True, slots=True)
class Way:
    """The identity of a node: its way from the top of its file, `session/3/do`; that of the top is empty.

    It is linked and not a text, since a hostile file has a million nodes under a key of a million letters.
    """

    step: str = ""
    above: Way | None = None

    def under(self, key: str) -> Way:
        """The way to what lies under it by this key or number, escaped as in a JSON Pointer (RFC 6901)."""
        return Way(key.replace("~", "~0").replace("/", "~1"), self if self.step else None)

    def __str__(self) -> str:
        steps, way = [self.step], self.above
        while way is not None:
            steps.append(way.step)
            way = way.above
        return "/".join(reversed(steps))


TOP = Way()


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a file: lines and columns count from 1, columns in characters.

    Line 0 is no line: what is meant is the whole path (`whole`). `end` is the line and column just behind
    what is meant, where that is known; it makes no other place of it. Nor does `node`, the identity of
    what stands there.
    """

    path: str
    line: int
    column: int
    end: tuple[int, int] | None = field(default=None, compare=False, repr=False)
    node: Way = field(default=TOP, compare=False, repr=False)

    def __str__(self) -> str:
        path = printable(self.path)
        return f"{path}:{self.line}:{self.column}" if self.line else path


def whole(path: object) -> Position:
    """The place of what is said of a folder, or of a path where there is nothing: it has no lines."""
    return Position(str(path), 0, 0)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One sentence about one place. `kind` is `error`, `warning` or `note`.

    `fix` is what to write in place of all that stands from the position to its end, where that mends it.
    """

    position: Position
    message: str
    kind: str = "error"
    code: Code = field(default="bad-value", compare=False)
    fix: str | None = field(default=None, compare=False)

    def __str__(self) -> str:
        label = "" if self.kind == "error" else f"{self.kind}: "
        return f"{self.position}: {label}{printable(self.message)}"


def records(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Problems for programs, as JSON has them; what is not known is None, and a whole path has no line."""
    return [
        {
            "path": at.path or None,
            "line": at.line or None,
            "column": at.column or None,
            "end": {"line": at.end[0], "column": at.end[1]} if at.end else None,
            "severity": one.kind,
            "code": one.code,
            "message": one.message,
            "fix": one.fix if at.end else None,
        }
        for one in problems
        for at in (one.position,)
    ]


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
    return [*(problems[index] for index in shown), Problem(first.position, message, kind, "more-problems")]


class AudiocoachError(Exception):
    """The root of everything that audiocoach raises on purpose. `problems` is what it says, as data."""

    exit_status = 1
    problems: tuple[Problem, ...] = ()


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

    code: Code = "failed-build"

    def __init__(self, message: str, position: Position | None = None) -> None:
        self.message = message
        self.position = position
        self.problems = (Problem(position or whole(""), message, "error", self.code),)
        text = "\n".join(map(printable, message.split("\n")))
        super().__init__(f"{position}: {text}" if position else text)

    def __reduce__(self) -> tuple[type[BuildError], tuple[object, ...]]:
        return type(self), (self.message, self.position)

    def at(self, position: Position) -> BuildError:
        """The same at a place of the routine."""
        return type(self)(self.message, position)


class SeveralError(AudiocoachError):
    """Several routines failed, each for its own reason; the gravest decides the exit status."""

    def __init__(self, errors: Sequence[AudiocoachError]) -> None:
        self.errors = tuple(errors)
        self.problems = tuple(problem for error in errors for problem in error.problems)
        self.exit_status = max(error.exit_status for error in errors)
        # What is wrong with a file that several share is told once.
        super().__init__("\n".join(dict.fromkeys(map(str, errors))))

    def __reduce__(self) -> tuple[type[SeveralError], tuple[tuple[AudiocoachError, ...]]]:
        return type(self), (self.errors,)


class EngineError(BuildError):
    """A speech engine is missing, hung, crashed or wrote an unusable clip.

    It has a line of the routine, and another voice or other words mend it: the exit status is that of
    bad input.
    """

    code: Code = "failed-voice"
    exit_status = 2


class RefusedError(EngineError):
    """The engine itself says no: there is no such engine or voice, or its library is missing.

    Another try cannot help, and no other phrase of this voice needs one.
    """

    code = "refused-voice"


class ClusterError(BuildError):
    """There is no cluster, or none of its workers may work for us, or all of them were lost."""

    code = "failed-cluster"


class UnusableClusterError(ClusterError):
    """The address would send everything in the clear, or what it takes to use it is not installed."""

    exit_status = 2


class AddressError(BuildError):
    """There is no such address here, or another program has it: another option mends it."""

    code = "taken-address"
    exit_status = 2


class SoundError(BuildError):
    """An encoded sound did not decode to what went in."""

    code = "damaged-sound"


class StorageError(BuildError):
    """A file or folder could not be read or written."""

    code = "failed-storage"


class StoppedError(BaseException):
    """The work was told to stop. It is no fault, and no handler of errors takes it for one."""


class DefectError(BuildError):
    """A mistake of ours: nothing that the user wrote or did mends it."""

    code = "internal-error"


def internal(error: BaseException) -> str:
    """An exception that nobody foresaw, in one line: what it is, where it came from, what to do about it."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" at {_file_name(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}" if trace else ""
    return (
        f"internal error: {type(error).__name__}: {error}{place}: a mistake in audiocoach: please report it"
    )


def _file_name(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2]


def foreseen(error: Exception) -> AudiocoachError:
    """The error itself where it is of the family; else one that is, which says what went wrong in us."""
    if isinstance(error, AudiocoachError):
        return error
    return BuildError(NO_MEMORY) if is_for_want_of_memory(error) else DefectError(internal(error))


def is_for_want_of_memory(error: BaseException) -> bool:
    """Whether there was no room for an object, for a library that was to be loaded, or in the kernel."""
    match error:
        case MemoryError():
            return True
        case ImportError():
            return any(words in str(error).lower() for words in _NO_ROOM_FOR_A_LIBRARY)
        case OSError():
            return error.errno == errno.ENOMEM
    return False


def within(path: str, error: AudiocoachError) -> AudiocoachError:
    """The error, with the file that it came up in where it has no place."""
    if isinstance(error, BuildError) and error.position is None:
        return error.at(Position(path, 1, 1))
    return error


def quote(text: str) -> str:
    """The text between double quotes, as YAML reads it back."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
