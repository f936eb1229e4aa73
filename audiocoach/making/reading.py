"""What a coach reads aloud so that sessions speak in the coach's voice: numbered, most used first.

In: the timelines of some sessions with a recorded voice. Out: each sentence once, with how often it is said;
as text for paper, and as JSON. A sheet is read back, text or JSON, when its recording is cut.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from audiocoach.coaching.estimate import estimate_ms
from audiocoach.coaching.sentences import sentences
from audiocoach.coaching.timeline import Speech
from audiocoach.errors import MALFORMED, InputError, Position, Problem, whole
from audiocoach.records import dataclass, replace
from audiocoach.units import MS_PER_SECOND
from audiocoach.voice.recordings import ENGINE, normal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from audiocoach.coaching.timeline import Timeline

_GROUP = 10
_QUIET_MS = 1500  # between two sentences, as they are read
_LINE = re.compile(r"\s*(\d+)[.)]?\s+(\S.*?)\s*")
_MOST_PER_CENT = 100
HOW_TO = """\
# Record it in one go, in a quiet room, always as far from the microphone. Do not read the numbers.
# Be quiet for a good second between two sentences: breathe there.
# A slip? Be quiet for three seconds, then read that sentence again from its start: the last time counts."""


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence: said `uses` times in all, in so many `sessions`; `read_ms` is an estimate."""

    number: int
    text: str
    uses: int = 0
    sessions: int = 0
    read_ms: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """Lines in the order in which they are read.

    `whole_after` says for each session, the first to be whole first, with how many lines it is.
    """

    lines: tuple[Line, ...]
    whole_after: tuple[int, ...] = ()


def reading_of(
    sessions: Sequence[Iterable[Timeline]], is_there: Callable[[str], bool] = lambda _: False
) -> Reading:
    """The sheet for sessions, each with its timelines at several levels; what `is_there` is left out."""
    lines: dict[str, Line] = {}
    needed = []
    for timelines in sessions:
        said = [line for line in _said(timelines) if not is_there(line.text)]
        keys = {normal(line.text) for line in said}
        needed.append(keys)
        for line in said:
            known = lines.setdefault(normal(line.text), line)
            lines[normal(line.text)] = replace(known, uses=known.uses + 1)
        for key in keys:
            lines[key] = replace(lines[key], sessions=lines[key].sessions + 1)
    order = sorted(lines, key=lambda key: (-lines[key].sessions, -lines[key].uses))
    numbers = {key: number for number, key in enumerate(order, start=1)}
    return Reading(
        tuple(replace(lines[key], number=number) for key, number in numbers.items()),
        tuple(sorted(max((numbers[key] for key in keys), default=0) for keys in needed)),
    )


def _said(timelines: Iterable[Timeline]) -> Iterator[Line]:
    for timeline in timelines:
        spoken = (event for event in timeline.events if isinstance(event, Speech))
        for event in spoken:
            # A part of a routine may have another voice on purpose.
            for one in sentences(event.utterance) if event.utterance.voice.engine == ENGINE else ():
                yield Line(0, one.text, read_ms=estimate_ms(one))


def as_text(reading: Reading) -> str:
    """The sheet to print: what it is and how it is read, then the lines in groups of ten."""
    head = [*(f"# {line}" for line in summary(reading)), *([HOW_TO] if reading.lines else [])]
    rows = [
        f"{line.number:5}  {line.text}" + ("\n" if line.number % _GROUP == 0 else "")
        for line in reading.lines
    ]
    return "\n".join([*head, *(["", *rows] if rows else [])]).rstrip("\n") + "\n"


def summary(reading: Reading) -> tuple[str, ...]:
    """How many sentences cover how many sessions, how long they are read, and what the first of them give."""
    count, sessions = len(reading.lines), len(reading.whole_after)
    whose = "your session" if sessions == 1 else f"your {sessions} sessions"
    if not count:
        return (
            f"Nothing is missing: all that {whose} say is recorded.".replace("session say", "session says"),
        )
    many = "1 sentence covers" if count == 1 else f"{count} sentences cover"
    first = f"{many} {whose}, read in about {_minutes(reading.lines)}."
    return (first, _first_lines(reading)) if count > _GROUP else (first,)


def _first_lines(reading: Reading) -> str:
    """What the shortest part of a sheet that is worth a recording gives."""
    some = reading.lines[: _some(len(reading.lines))]
    share = round(_MOST_PER_CENT * sum(_uses(some)) / sum(_uses(reading.lines)))
    return f"The first {len(some)} are {share} % of all that is said.{_whole(reading)}"


def _some(count: int) -> int:
    """About a third, in whole groups."""
    return max(_GROUP, round(count / 3 / _GROUP) * _GROUP)


def _uses(lines: Iterable[Line]) -> list[int]:
    return [line.uses for line in lines]


def _whole(reading: Reading) -> str:
    first, sessions = reading.whole_after[0], len(reading.whole_after)
    if sessions == 1 or first == len(reading.lines):
        return ""
    return f" After line {first} the first session is whole."


def _minutes(lines: Iterable[Line]) -> str:
    minutes = -(-sum(line.read_ms + _QUIET_MS for line in lines) // (60 * MS_PER_SECOND))
    return "1 minute" if minutes == 1 else f"{minutes} minutes"


def as_json(reading: Reading) -> str:
    """The sheet for programs."""
    body = {
        "summary": list(summary(reading)),
        "sentences": [
            {"number": line.number, "text": line.text, "uses": line.uses, "sessions": line.sessions}
            for line in reading.lines
        ],
        "whole_after": list(reading.whole_after),
    }
    return json.dumps(body, indent=1, ensure_ascii=False) + "\n"


def parsed(path: Path, text: str) -> tuple[Line, ...]:
    """The lines of a sheet in either form; `#` begins a remark.

    Raises:
        InputError: there is no line, a line has no number, or two have the same.
    """
    lines = _from_json(path, text) if text.lstrip().startswith("{") else _from_text(path, text)
    doubled = {line.number for line in lines if sum(one.number == line.number for one in lines) > 1}
    if doubled or not lines:
        found = f"the number {min(doubled)} stands twice" if doubled else "there is none"
        raise InputError(Problem(whole(path), f"expected numbered sentences as record-sheet prints: {found}"))
    return lines


def _from_text(path: Path, text: str) -> tuple[Line, ...]:
    lines = []
    for number, row in enumerate(text.splitlines(), start=1):
        if not row.strip() or row.lstrip().startswith("#"):
            continue
        match = _LINE.fullmatch(row)
        if match is None:
            message = f"expected a number and a sentence, such as 12 Stand tall., found {row.strip()!r}"
            raise InputError(Problem(Position(str(path), number, 1), message))
        lines.append(Line(int(match[1]), match[2]))
    return tuple(lines)


def _from_json(path: Path, text: str) -> tuple[Line, ...]:
    try:
        rows: list[dict[str, Any]] = json.loads(text)["sentences"]
        return tuple(Line(int(row["number"]), str(row["text"])) for row in rows)
    except MALFORMED as error:
        message = f"expected the JSON that record-sheet prints: {error}"
        raise InputError(Problem(whole(path), message)) from error
