"""What a feed has promised: its GUID, and for every session that was ever in it a GUID and a date.

In: the text of `audiocoach.state.json` beside `audiocoach.yaml`, which is meant to be committed. Out:
a `State`, and the text again. What was given once never changes, also while a session is away. Beside that
it holds since when published files are superseded: whoever has an older download asks for them still.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime, timezone
from itertools import count, pairwise
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from audiocoach.errors import MALFORMED
from audiocoach.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

NAME = "audiocoach.state.json"
_FORMAT = 1
# The namespace of podcast GUIDs (podcast namespace 1.0, `guid`).
_PODCASTS = UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_STAMP = "%Y-%m-%dT%H:%M:%SZ"
LEAST_APART_S = 60
# So long a file that was superseded stays.
STAYS_S = 30 * 24 * 3600
# So far apart that sixty more fit between two later.
_APART_S = 3600
# Two clocks may differ; a date that is further ahead came from one that was wrong.
_AHEAD_S = 24 * 3600
# No clock that is right said less when this was written (2026), and no date has more than four digits.
EARLIEST_S, LATEST_S = 1_767_225_600, 253_402_300_799


class DamagedError(ValueError):
    """The text is no state; `line` and `column`, from 1, say where."""

    def __init__(self, message: str, line: int = 1, column: int = 1) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True)
class Promise:
    """What a session keeps: its GUID, and when it came out, in whole seconds of Unix time."""

    guid: str
    published_s: int


@dataclass(frozen=True, slots=True)
class Superseded:
    """A published file that another has replaced, and since when, in whole seconds of Unix time."""

    name: str
    since_s: int


@dataclass(frozen=True, slots=True)
class State:
    """A feed's GUID, the sessions by the names of their routines, and the older files that still stand."""

    guid: str
    sessions: dict[str, Promise]
    superseded: tuple[Superseded, ...] = ()


def new(feed_url: str) -> State:
    """The state of a feed that nobody has read yet."""
    return State(feed_guid(feed_url), {})


def feed_guid(feed_url: str) -> str:
    """The UUIDv5 of the address without scheme and slashes at its end (podcast namespace 1.0, `guid`)."""
    return str(uuid5(_PODCASTS, _SCHEME.sub("", feed_url, count=1).rstrip("/")))


def parse(text: str) -> State:
    """The state that a text holds.

    Raises:
        DamagedError: it holds none, or one that contradicts itself.
    """
    try:
        state = _state(json.loads(text, object_pairs_hook=_distinct))
    except json.JSONDecodeError as error:
        raise DamagedError(f"this is no JSON: {error.msg}", error.lineno, error.colno) from error
    except DamagedError:
        raise
    except MALFORMED as error:
        raise DamagedError(
            'this is no state of a feed: expected "format", "guid", and "sessions" by name, '
            'each with its "guid" and "published"'
        ) from error
    guids = [one.guid for one in state.sessions.values()]
    if len(set(guids)) < len(guids):
        raise DamagedError("two sessions have the same GUID")
    return state


def _state(data: dict[str, Any]) -> State:
    if data["format"] != _FORMAT:
        raise DamagedError(f"expected format {_FORMAT}, found {data['format']!r:.60}")
    older = tuple(Superseded(name, _moment(row)) for name, row in data.get("superseded", {}).items())
    return State(_guid(data["guid"]), {slug: _promise(row) for slug, row in data["sessions"].items()}, older)


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """What JSON allows and a merge may leave: a key that stands twice."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise DamagedError(f"{next(name for name in names if names.count(name) > 1)!r} stands twice")
    return found


def _promise(row: dict[str, Any]) -> Promise:
    published_s = _moment(row["published"])
    return Promise(_guid(row["guid"]), published_s)


def _moment(written: str) -> int:
    try:
        time_s = int(datetime.strptime(written, _STAMP).replace(tzinfo=timezone.utc).timestamp())
    except ValueError:
        time_s = -1
    if time_s < 0:
        raise DamagedError(f"expected a date such as 2026-03-01T09:00:00Z, found {written!r:.60}")
    return time_s


def _guid(text: str) -> str:
    try:
        same = str(UUID(text)) == text
    except ValueError:
        same = False
    if not same:
        raise DamagedError(f"expected a GUID such as {_PODCASTS}, found {text!r:.60}")
    return text


def as_text(state: State) -> str:
    """JSON, a session and a file a line, by name: what two authors add can be merged."""
    sessions = [
        f'  {_dump(slug)}: {{"guid": "{one.guid}", "published": "{_stamp(one.published_s)}"}}'
        for slug, one in sorted(state.sessions.items())
    ]
    older = sorted(f'  {_dump(one.name)}: "{_stamp(one.since_s)}"' for one in state.superseded)
    rows = [
        f' "format": {_FORMAT}',
        f' "guid": "{state.guid}"',
        f' "sessions": {_body(sessions)}',
        *([f' "superseded": {_body(older)}'] if older else []),
    ]
    return "{\n" + ",\n".join(rows) + "\n}\n"


def _body(rows: Sequence[str]) -> str:
    return "{\n" + ",\n".join(rows) + "\n }" if rows else "{}"


def _dump(text: str) -> str:
    return json.dumps(text, ensure_ascii=not text.isprintable())


def _stamp(time_s: int) -> str:
    return datetime.fromtimestamp(time_s, timezone.utc).strftime(_STAMP)


def with_superseded(state: State, names: Iterable[str], now_s: int, stays_s: int) -> State:
    """The state in which these files alone are superseded, less those that were so for `stays_s` and more."""
    known = {one.name: one.since_s for one in state.superseded}
    older = (Superseded(name, known.get(name, now_s)) for name in sorted(names))
    return replace(state, superseded=tuple(one for one in older if now_s - one.since_s < stays_s))


def with_sessions(state: State, order: Sequence[str], now_s: int) -> State:
    """The state with a promise for each session; `order` names them in play order.

    A new session is dated between its neighbours in play order, no later than `now_s`, and a minute
    or more away from every other date, also of sessions that are away. Dates that were given are as
    far apart as their sessions were new together: an hour. Where neighbours leave no such minute (they
    came out with less between them, or were put into another order later), it takes the latest that
    is free before them: the order of play is then told by the numbers of the episodes alone.
    """
    sessions = dict(state.sessions)
    for before, names, after in _runs(order, sessions):
        dates = _dates(len(names), before, now_s if after is None else min(after, now_s), _taken(sessions))
        for name, date_s in zip(names, dates, strict=True):
            sessions[name] = Promise(_new_guid(UUID(state.guid), name, sessions), date_s)
    return replace(state, sessions=sessions)


def redated(state: State, order: Sequence[str], now_s: int) -> tuple[State, tuple[str, ...]]:
    """The state without dates in the future, and whose they were: a clock was wrong when they were given.

    A feed with such dates shows nothing for years, and dates what comes after it to the future as well. The
    sessions keep their GUIDs.
    """
    late = sorted(name for name, one in state.sessions.items() if one.published_s > now_s + _AHEAD_S)
    known = [name for name in order if name in state.sessions]
    away = [[name] for name in late if name not in order]
    dated = replace(
        state, sessions={name: state.sessions[name] for name in state.sessions if name not in late}
    )
    for names in (known, *away) if late else ():
        dated = with_sessions(dated, names, now_s)
    kept = {name: replace(dated.sessions[name], guid=one.guid) for name, one in state.sessions.items()}
    return replace(state, sessions=kept), tuple(late)


def _new_guid(show: UUID, name: str, sessions: dict[str, Promise]) -> str:
    """A GUID of the name; another session may have it, where an author gave a promise another name."""
    taken = {one.guid for one in sessions.values()}
    seed = name.encode("utf-8", "backslashreplace").decode()
    guids = (str(uuid5(show, f"{seed}/{number}" if number else seed)) for number in count())
    return next(guid for guid in guids if guid not in taken)


def _taken(sessions: dict[str, Promise]) -> list[int]:
    return [one.published_s for one in sessions.values()]


def _runs(order: Sequence[str], known: dict[str, Promise]) -> list[tuple[int | None, list[str], int | None]]:
    """Each run of new sessions in play order, with the dates of its neighbours before and after."""
    walls = [-1, *(place for place, name in enumerate(order) if name in known), len(order)]

    def date(place: int) -> int | None:
        return known[order[place]].published_s if 0 <= place < len(order) else None

    return [
        (date(low), list(order[low + 1 : high]), date(high))
        for low, high in pairwise(walls)
        if high - low > 1
    ]


def _dates(many: int, after_s: int | None, before_s: int, taken: Iterable[int]) -> list[int]:
    """So many dates in order, evenly within one gap that the dates which are taken leave."""
    low_s, high_s = _gap((many + 1) * LEAST_APART_S, after_s, before_s, taken)
    low_s = max(low_s, high_s - (many + 1) * _APART_S)
    return [low_s + (high_s - low_s) * number // (many + 1) for number in range(1, many + 1)]


def _gap(width_s: int, after_s: int | None, before_s: int, taken: Iterable[int]) -> tuple[int, int]:
    """The latest gap between two dates that is wide enough: after `after_s` if there is one there."""
    walls = sorted({before_s, *(date_s for date_s in taken if date_s < before_s)})
    gaps = [(walls[0] - width_s * _APART_S, walls[0]), *pairwise(walls)]
    wide = [gap for gap in reversed(gaps) if gap[1] - gap[0] >= width_s]
    return next((gap for gap in wide if after_s is None or gap[0] >= after_s), wide[0])
