"""Readers of single values: node in, value out; what does not fit is told to the diagnostics as `None`.

A reader says what was expected, with an example, and what was found, in the author's own text.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, TypeVar

from audiocoach.errors import quote
from audiocoach.language import pauses
from audiocoach.records import dataclass
from audiocoach.routine import distances, foreign, paper
from audiocoach.routine.diagnostics import did_you_mean, nearest
from audiocoach.routine.distances import Distance, Pace
from audiocoach.routine.model import CountInChange, CountInName, Dose, Range, Sides, Tempo, When, Words
from audiocoach.routine.source import Mapping, Scalar, Sequence, is_empty
from audiocoach.units import MS_PER_HOUR, MS_PER_MINUTE, MS_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from audiocoach.errors import Position
    from audiocoach.routine.diagnostics import Diagnostics
    from audiocoach.routine.source import Node

T = TypeVar("T")

MAX_TIME_MS = 24 * MS_PER_HOUR
MAX_SPOKEN = 1000
MAX_LABEL = 300
_SHOWN = 60
_BARE = 12
_SIXTY = 60
_RATES_WPM = range(80, 401)
_FIGURES = 2
PLACEHOLDERS = (
    *("side", "other_side", "way", "name", "next", "dose", "set", "sets"),
    *("round", "rounds", "reps", "hold", "duration", "title"),
)
PHRASE_PLACEHOLDERS = (*PLACEHOLDERS, "section", "text", "count", "move", "moves", "weight")

_CLOCK = re.compile(r"(?:(\d{1,9}):)?(\d{1,9}):(\d{2}(?:\.\d{1,3})?)", re.ASCII)
_UNITS = re.compile(r"(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9}(?:\.\d{1,3})?)s)?", re.ASCII)
_NUMBER = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_COUNT = re.compile(r"(\d{1,19})(?:-(\d{1,19}))?", re.ASCII)
_BARE_TIMES = re.compile(r"\d+(?:\.\d+)?(?:-\d+(?:\.\d+)?)?", re.ASCII)
_IN_A_ROW = re.compile(r"\d{1,4}[sm]?", re.ASCII)
_PLACEHOLDER = re.compile(r"<([A-Za-z_][A-Za-z_0-9]*)>")
_NOTATION = re.compile(r"[0-9Xx]{4}|(?=.*[Xx])[0-9Xx]{3}", re.ASCII)
_SECONDS = re.compile(r"(?=.*[1-9])\d+(?:\.\d+)?s", re.ASCII)
_EXPLOSIVE = re.compile(r"(?<![^-])[Xx](?![^-])")
# Letters and numbers, and the signs that a voice reads out: `~` is "tilde".
_SPEAKABLE = re.compile(r"[^\W_]|[~@#%&+=$*/]")
_DAY = re.compile(r"[1-9]\d{0,3}", re.ASCII)
_RATE = re.compile(r"\d{2,3}", re.ASCII)
_GAIN = re.compile(r"[+-]?\d{1,2}(?:\.\d)?", re.ASCII)
_NEARLY_GAIN = re.compile(r"([+-]?\d{1,3}(?:[.,] ?\d+)?)\s*(?:dbfs|db|lu)?", re.ASCII | re.IGNORECASE)
_LEAST_GAIN_DB, _MOST_GAIN_DB = -20, 6
_PITCH = re.compile(r"\d{1,2}", re.ASCII)
_PHASE = re.compile(r"\d{1,3}(\.\d)?", re.ASCII)
_HASH = re.compile(r"\s#\S")
_SPACE = re.compile(r"\s+")


def shown(node: Node) -> str:
    """What was found, short enough to print."""
    match node:
        case Scalar(text=text):
            short = text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."
            return "nothing" if is_empty(node) else quote(short)
        case Sequence(items=items):
            return "a list" if items else "an empty list"
        case Mapping(entries=entries):
            return "a map" if entries else "an empty map"


def _expected(node: Node, diagnostics: Diagnostics, what: str) -> None:
    diagnostics.error(node.position, f"expected {what}, found {shown(node)}")


def parse_ms(text: str) -> int | None:
    """Milliseconds of `30s`, `1m30s`, `1:30` or `1:02:03`; None where the text is no duration."""
    clock, units = _CLOCK.fullmatch(text), _UNITS.fullmatch(text)
    if clock:
        hours, minutes, seconds = clock.groups()
        too_many = float(seconds) >= _SIXTY or (hours is not None and int(minutes) >= _SIXTY)
        return None if too_many else _total_ms(hours, minutes, seconds)
    return _total_ms(*units.groups()) if units and text else None


def _total_ms(hours: str | None, minutes: str | None, seconds: str | None) -> int:
    whole = int(hours or 0) * MS_PER_HOUR + int(minutes or 0) * MS_PER_MINUTE
    return whole + round(float(seconds or 0) * MS_PER_SECOND)


_NONE = frozenset({"none", "no", "off", "null", "never"})
_TIME_EXAMPLE = "a duration such as 30s, 1m30s or 1:30"
_RANGE_EXAMPLE = f"{_TIME_EXAMPLE}, or a range such as 20-30s"
_ABOVE_ZERO = "a duration above zero, such as 30s"
# Nobody means 400 minutes who writes `400m`.
_MOST_IN_MINUTES_MS = 2 * MS_PER_HOUR
# A bare number below it may as well be one of minutes.
_MANY_MINUTES = 10
# Nobody makes a session of more minutes who writes a bare number.
_MOST_SESSION_MINUTES = 180


def _tell(node: Node, diagnostics: Diagnostics, expected: str, hint: str = "") -> None:
    diagnostics.error(node.position, f"expected {expected}, found {shown(node)}{hint}")


def _hint(proposal: paper.Proposal | None, read: Callable[[str], Range | str]) -> str:
    """`: write …`, where all that is proposed can be read; a reader answers what it refuses with a text."""
    if proposal is None:
        return ""
    value_of = _READERS[proposal.instead] if proposal.instead else read
    own = ((value_of, value) for value in proposal.values)
    proposed = (*own, *((_READERS[name], value) for name, value in proposal.beside))
    return "" if any(isinstance(reader(value), str) for reader, value in proposed) else str(proposal)


def _time_of(text: str, least_ms: int) -> int | str:
    """The ms, or what was expected."""
    time_ms = parse_ms(text)
    if time_ms is None:
        return _TIME_EXAMPLE
    if time_ms > MAX_TIME_MS:
        return "a duration of at most 24 hours"
    if time_ms < least_ms:
        return _ABOVE_ZERO
    is_doubtful = time_ms > _MOST_IN_MINUTES_MS and "m" in text and "h" not in text
    return _TIME_EXAMPLE if is_doubtful else time_ms


def _times_of(text: str, least_ms: int) -> Range | str:
    """A duration, or a range of them: `20-30s` has the unit once, at the end."""
    low_text, dash, high_text = text.partition("-")
    if not dash or not low_text:
        only = _time_of(text, least_ms)
        return only if isinstance(only, str) else Range(only, only)
    unit = high_text[-1:] if _NUMBER.fullmatch(low_text) else ""
    low, high = _time_of(low_text + unit, least_ms), _time_of(high_text, least_ms)
    if isinstance(low, str):
        return low
    return high if isinstance(high, str) else _in_order(low, high, "20-30s")


def _in_order(low: int, high: int, example: str) -> Range | str:
    return Range(low, high) if low <= high else f"a range from less to more, such as {example}"


def _time_hint(
    text: str, read: Callable[[str], Range | str], proposal: paper.Proposal | None, *, is_dose: bool
) -> str:
    if text.lower() in _NONE and not isinstance(read("0s"), str):
        return ": write 0s"
    grid = paper.grid(text)
    if grid:
        every_minute = f": write what is done each time, such as 40s, and give the move every: {grid}"
        return every_minute if is_dose else f": write {grid}"
    if paper.is_as_many(text):
        return ": write the longest that it may take, such as 60s"
    far = distances.read_distance(paper.plain(text)) if is_dose else None
    if paper.is_distance(text):
        known = paper.Proposal(str(far), (("about", _easy(far)),), "distance") if far else None
        return str(known or ": a distance takes a time: write it, such as 2m")
    hint = _hint(proposal, read)
    if hint and paper.is_in_m(text) and "h" in hint.partition(",")[0]:
        instead = f"write distance: {far} and about: {_easy(far)}" if far else "the time that it takes"
        return f": m is minutes{hint}, or for a distance {instead}"
    return hint


def _easy(far: Distance) -> str:
    return paper.written(distances.easy_time_ms(far))


def _tell_bare(text: str, node: Node, diagnostics: Diagnostics, read: Callable[[str], Range | str]) -> None:
    """Numbers without a unit: small ones may be seconds or minutes."""
    _tell_numbers(text, node, diagnostics, _bare_hint(text, read))


def _bare_hint(text: str, read: Callable[[str], Range | str]) -> str:
    hint = _hint(paper.time(f"{text} s"), read)
    in_minutes = paper.time(f"{text} min")
    if hint and in_minutes and 0 < float(text.rpartition("-")[2]) < _MANY_MINUTES:
        hint += f", or {in_minutes.value} for minutes"
    if hint and paper.is_clock_with_a_point(text):
        hint += f", or {text.replace('.', ':')} for minutes and seconds"
    return hint


def _tell_numbers(text: str, node: Node, diagnostics: Diagnostics, hint: str) -> None:
    short = text if len(text) <= _BARE else text[:_BARE] + "…"
    found = "bare numbers" if "-" in text else f"the bare number {short}"
    diagnostics.error(node.position, f"expected {_TIME_EXAMPLE}, found {found}{hint}")


def _plain(node: Node, diagnostics: Diagnostics, what: str) -> str | None:
    if isinstance(node, Scalar) and not is_empty(node):
        return node.text.strip()
    _expected(node, diagnostics, what)
    return None


def _time_reader(
    read: Callable[[str], Range | str],
    expected: str,
    propose: Callable[[str], paper.Proposal | None] = paper.time,
    *,
    is_dose: bool = False,
) -> Callable[[Node, Diagnostics], Range | None]:
    """A reader of times in ms; `propose` reads what `read` refused once more."""

    def read_node(node: Node, diagnostics: Diagnostics) -> Range | None:
        text = None if _tell_row(node, diagnostics, expected) else _plain(node, diagnostics, expected)
        if text is None:
            return None
        found = read(text)
        if isinstance(found, Range):
            return found
        if _BARE_TIMES.fullmatch(text) and ("-" not in text or expected == _RANGE_EXAMPLE):
            return _tell_bare(text, node, diagnostics, read)
        return _tell(node, diagnostics, found, _time_hint(text, read, propose(text), is_dose=is_dose))

    return read_node


def _tell_row(node: Node, diagnostics: Diagnostics, expected: str, own: str = "") -> bool:
    """Tell of a list where one value is expected: sets that differ, such as `[12, 10, 8]`."""
    if not isinstance(node, Sequence):
        return False
    parts = [item.text.strip() for item in node.items if isinstance(item, Scalar)]
    is_row = len(parts) == len(node.items) and all(_IN_A_ROW.fullmatch(part) for part in parts)
    if own == "sets" and is_row:
        _tell(node, diagnostics, expected, _hint(paper.ladder(parts, own), _sets_of))
    else:
        _tell(node, diagnostics, expected, paper.one_for_each(parts) if is_row else "")
    return True


def _single_time(text: str) -> Range | str:
    only = _time_of(text, 1)
    return only if isinstance(only, str) else Range(only, only)


_read_single = _time_reader(_single_time, _TIME_EXAMPLE)

time_range_ms = _time_reader(lambda text: _times_of(text, 1), _RANGE_EXAMPLE)
"""A duration above zero, or a range of them, in ms."""
gap_range_ms = _time_reader(lambda text: _times_of(text, 0), _RANGE_EXAMPLE)
"""A duration or range in ms that may be `0s`: rests, switches, releases."""
work_range_ms = _time_reader(
    lambda text: _times_of(text, 1), _RANGE_EXAMPLE, lambda text: paper.work(text, "sets"), is_dose=True
)
"""The time of a dose: as `time_range_ms`; what is said of sets and sides with it is told as such."""
_held_range_ms = _time_reader(
    lambda text: _times_of(text, 1), _RANGE_EXAMPLE, lambda text: paper.work(text, "reps"), is_dose=True
)


def duration_ms(node: Node, diagnostics: Diagnostics) -> int | None:
    """`30s`, `1m30s`, `1:30`, `1:02:03` as ms, above zero."""
    found = _read_single(node, diagnostics)
    return None if found is None else found.low


def fit_ms(node: Node, diagnostics: Diagnostics) -> int | None:
    """How long a session is to last, in ms: a bare number of it is one of minutes."""
    text = node.text.strip() if isinstance(node, Scalar) else ""
    if _NUMBER.fullmatch(text):
        unit = "m" if float(text) <= _MOST_SESSION_MINUTES else "s"
        return _tell_numbers(text, node, diagnostics, f": write {text}{unit}" if float(text) else "")
    return duration_ms(node, diagnostics)


_AT_EXAMPLE = "a time of the interval: from its start, such as 20s, or from its end, such as -60s"
_AT_ZERO = ": 0 is the tone of its start: what is said before that is a say before the exercise"


def at_ms(node: Node, diagnostics: Diagnostics) -> int | None:
    """`20s` after the start of an interval as 20,000, `-60s` before its end as -60,000; never 0."""
    text = _plain(node, diagnostics, _AT_EXAMPLE)
    if text is None:
        return None
    sign, length = text[: text.startswith("-")], text.removeprefix("-")
    time_ms = _time_of(length, 1)
    if _time_of(length, 0) == 0:
        return _tell(node, diagnostics, _AT_EXAMPLE, _AT_ZERO)
    if isinstance(time_ms, str):
        meant = paper.time(f"{length} s" if _NUMBER.fullmatch(length) else length)
        proposed = meant.value if meant else ""
        is_good = proposed and not isinstance(_time_of(proposed, 1), str)
        return _tell(node, diagnostics, _AT_EXAMPLE, f": write {sign}{proposed}" if is_good else "")
    return -time_ms if sign else time_ms


_COUNT_IN_EXAMPLE = "ticks, voice or both, and how long, from 0s to 10s, such as both, 5s or voice 5s"
_COUNTED_BY: tuple[CountInName, ...] = ("ticks", "voice", "both")
_MOST_COUNTED_MS = 10 * MS_PER_SECOND


def count_in(node: Node, diagnostics: Diagnostics) -> CountInChange | None:
    """`both`, `5s` or `voice 5s`: how a start is counted to, and for how many whole seconds."""
    text = _plain(node, diagnostics, _COUNT_IN_EXAMPLE)
    if text is None:
        return None
    parts = text.split()
    named = [by for by in _COUNTED_BY if by in parts]
    times = [_time_of("0s" if part == "none" else part, 0) for part in parts if part not in _COUNTED_BY]
    if len(named) > 1 or len(times) > 1 or len(named) + len(times) < len(parts):
        return _tell(node, diagnostics, _COUNT_IN_EXAMPLE)
    length_ms = times[0] if times else None
    is_whole = length_ms is None or (not isinstance(length_ms, str) and length_ms % MS_PER_SECOND == 0)
    if isinstance(length_ms, str) or not is_whole or (length_ms or 0) > _MOST_COUNTED_MS:
        bare = next((part for part in parts if _NUMBER.fullmatch(part)), "")
        hint = f": write {text.replace(bare, f'{bare}s')}" if bare and text.count(bare) == 1 else ""
        return _tell(node, diagnostics, _COUNT_IN_EXAMPLE, hint)
    return CountInChange(named[0] if named else None, length_ms)


def _count_of(text: str, most: int, what: str) -> Range | str:
    expected = f"a whole number from 1 to {most:,} of {what}, or a range such as 2-3"
    match = _COUNT.fullmatch(text)
    if match is None:
        return expected
    low, high = int(match[1]), int(match[2] or match[1])
    if not (1 <= low <= most and 1 <= high <= most):
        return expected
    return _in_order(low, high, "2-3")


def _sets_of(text: str) -> Range | str:
    return _count_of(text, 100, "sets")


def _steps_of(text: str) -> Range | str:
    return _count_of(text, 1000, "steps")


def _rounds_of(text: str) -> Range | str:
    return _count_of(text, 1000, "rounds")


def _reps_of(text: str) -> Range | str:
    return _count_of(text, 1000, "repetitions")


def _breaths_of(text: str) -> Range | str:
    return _count_of(text, 1000, "breaths")


def _count_reader(
    own: str, read: Callable[[str], Range | str]
) -> Callable[[Node, Diagnostics], Range | None]:
    def read_node(node: Node, diagnostics: Diagnostics) -> Range | None:
        expected = str(read(""))
        text = None if _tell_row(node, diagnostics, expected, own) else _plain(node, diagnostics, expected)
        if text is None:
            return None
        found = read(text)
        if isinstance(found, Range):
            return found
        proposal = paper.count(text, own) or paper.ladder(paper.row(text), own)
        return _tell(node, diagnostics, found, _hint(proposal, read) or paper.sets_alone(text, own))

    return read_node


_READERS: dict[str, Callable[[str], Range | str]] = {
    "sets": _sets_of,
    "reps": _reps_of,
    "breaths": _breaths_of,
    "for": lambda text: _times_of(text, 1),
    "rest": lambda text: _times_of(text, 0),
    # Fields whose values are proposed as they were understood.
    **dict.fromkeys(("sides", "tempo", "weight"), lambda _: Range(0, 0)),
}

sets_range = _count_reader("sets", _sets_of)
rounds_range = _count_reader("rounds", _rounds_of)
steps_range = _count_reader("steps", _steps_of)
reps_range = _count_reader("reps", _reps_of)
breaths_range = _count_reader("breaths", _breaths_of)


MOST_SETS = 100


def per_set(
    read: Callable[[Node, Diagnostics], T | None], example: str
) -> Callable[[Node, Diagnostics], tuple[T, ...] | None]:
    """A reader of a value for all sets, or of a list with one for each."""

    def read_all(node: Node, diagnostics: Diagnostics) -> tuple[T, ...] | None:
        items = node.items if isinstance(node, Sequence) else (node,)
        if len(items) not in range(1, MOST_SETS + 1):
            what = f"a value for each set, 1 to {MOST_SETS} of them, such as {example}"
            found = f"a list of {len(items)}" if items else shown(node)
            return diagnostics.error(node.position, f"expected {what}, found {found}")
        values = [read(item, diagnostics) for item in items]
        known = tuple(value for value in values if value is not None)
        return known if len(known) == len(values) else None

    return read_all


def alone(
    read: Callable[[Node, Diagnostics], T | None],
) -> Callable[[Node, Diagnostics], tuple[T, ...] | None]:
    """A reader of one value, for what has no sets."""

    def read_one(node: Node, diagnostics: Diagnostics) -> tuple[T, ...] | None:
        value = read(node, diagnostics)
        return None if value is None else (value,)

    return read_one


work_by_set_ms = per_set(work_range_ms, "[60s, 45s, 30s]")
reps_by_set = per_set(reps_range, "[12, 10, 8]")
breaths_by_set = per_set(breaths_range, "[8, 6, 4]")


def day(node: Node, diagnostics: Diagnostics) -> int | None:
    """The number of a day, 1 to 9999."""
    expected = "the number of a day from 1 to 9999, such as 2"
    text = _plain(node, diagnostics, expected)
    if text is None:
        return None
    if _DAY.fullmatch(text):
        return int(text)
    return _expected(node, diagnostics, expected)


def rate_wpm(node: Node, diagnostics: Diagnostics) -> int | None:
    """Words a minute, 80 to 400."""
    expected = "words a minute from 80 to 400, such as 165"
    text = _plain(node, diagnostics, expected)
    if text is None:
        return None
    if _RATE.fullmatch(text) and int(text) in _RATES_WPM:
        return int(text)
    return _expected(node, diagnostics, expected)


def gain_db(node: Node, diagnostics: Diagnostics) -> float | None:
    """How much louder than usual, -20 to 6 dB."""
    expected = "decibels from -20 to 6, such as -6"
    text = _plain(node, diagnostics, expected)
    if text is None:
        return None
    if _GAIN.fullmatch(text) and _LEAST_GAIN_DB <= float(text) <= _MOST_GAIN_DB:
        return float(text)
    near = _NEARLY_GAIN.fullmatch(text)
    meant_db = round(float(near[1].replace(",", ".").replace(" ", "")), 1) if near else None
    is_good = meant_db is not None and _LEAST_GAIN_DB <= meant_db <= _MOST_GAIN_DB
    return _tell(node, diagnostics, expected, f": write {meant_db:g}" if is_good else "")


def pitch(node: Node, diagnostics: Diagnostics) -> int | None:
    """A pitch, 0 to 99."""
    expected = "a pitch from 0 to 99, such as 40"
    text = _plain(node, diagnostics, expected)
    if text is None:
        return None
    return int(text) if _PITCH.fullmatch(text) else _expected(node, diagnostics, expected)


_DISTANCE_EXAMPLE = "a distance such as 400m, 1.5km or 1 mile"
_THOUSANDS = re.compile(r"(\d{1,3}(?:\.\d)?) ?[kK]", re.ASCII)
_PACE_EXAMPLE = "a pace such as 4:00/km, 7:30/mile or 1:45/400m"


def _distance_of(text: str) -> Distance | str:
    return distances.read_distance(text) or _DISTANCE_EXAMPLE


def _distance(node: Node, diagnostics: Diagnostics) -> Distance | None:
    """`400m`, `1.5 km`, `1 mile`."""
    text = _plain(node, diagnostics, _DISTANCE_EXAMPLE)
    if text is None:
        return None
    found = _distance_of(text)
    if isinstance(found, str):
        is_bare = _NUMBER.fullmatch(text) and len(text) <= _BARE
        if in_thousands := _THOUSANDS.fullmatch(text):
            return _tell(node, diagnostics, found, f": write {in_thousands[1]}km")
        return _tell(node, diagnostics, found, f": write {text}m" if is_bare and float(text) else "")
    return found


distance_by_set = per_set(_distance, "[400m, 300m, 200m]")
about_by_set_ms = per_set(duration_ms, "[1m45s, 1m15s]")


def pace(node: Node, diagnostics: Diagnostics) -> Pace | None:
    """`4:00/km`, `7:30/mile`, `1:45/400m`."""
    text = _plain(node, diagnostics, _PACE_EXAMPLE)
    if text is None:
        return None
    parts = distances.split_pace(text)
    time_ms = parse_ms(parts[0]) if parts else None
    if parts is None or not time_ms:
        return _tell(node, diagnostics, _PACE_EXAMPLE, f": write {text}/km" if parse_ms(text) else "")
    return Pace(time_ms, parts[1])


_BEATS = range(20, 301)


def bpm(node: Node, diagnostics: Diagnostics) -> Tempo | None:
    """Beats a minute, 20 to 300, each a repetition."""
    expected = "beats a minute from 20 to 300, such as 180"
    text = _plain(node, diagnostics, expected)
    if text is None:
        return None
    if _RATE.fullmatch(text) and int(text) in _BEATS:
        beats = int(text)
        return Tempo(node.position, rep_ms=round(MS_PER_MINUTE / beats), bpm=beats)
    written = paper.beats(text)
    is_known = written.isdigit() and int(written) in _BEATS
    return _tell(node, diagnostics, expected, f": write {written}" if is_known else "")


def _phase_list(text: str, most: int) -> tuple[int, ...] | None:
    parts = text.split("-")
    if len(parts) not in range(2, most + 1) or not all(map(_PHASE.fullmatch, parts)):
        return None
    return tuple(round(float(part) * MS_PER_SECOND) for part in parts)


def _phases_of(text: str) -> tuple[int, ...] | str:
    """`3-1-2-0` or, as gyms write it, `3120`; an explosive phase, `X`, takes a second."""
    dashed = "-".join(text) if _NOTATION.fullmatch(text) else text
    phases = _phase_list(_EXPLOSIVE.sub("1", dashed), 12)
    return phases if phases and any(phases) else _TEMPO_EXAMPLE


_TEMPO_EXAMPLE = "a tempo such as 3-1-2-0 (seconds of each phase) or 4s (a repetition)"


def tempo(node: Node, diagnostics: Diagnostics) -> Tempo | None:
    """`3-1-2-0`, `3120`, `30X0` or `4s`."""
    text = _row_or_text(node) or _plain(node, diagnostics, _TEMPO_EXAMPLE)
    if text is None:
        return None
    phases = _phases_of(text)
    rep_ms = _time_of(text, 1) if re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,3})?s", text) else phases
    if isinstance(node, Sequence) or isinstance(rep_ms, str):
        is_bare = _NUMBER.fullmatch(text) and len(text) <= _BARE
        found = f"the bare number {text}" if is_bare else shown(node)
        expected = _ABOVE_ZERO if rep_ms == _ABOVE_ZERO else _TEMPO_EXAMPLE
        return diagnostics.error(node.position, f"expected {expected}, found {found}{_tempo_hint(text)}")
    if isinstance(rep_ms, int):
        return Tempo(node.position, rep_ms=rep_ms)
    return Tempo(node.position, phases_ms=rep_ms)


def _row_or_text(node: Node) -> str | None:
    """`3, 1, 2` of the list `[3, 1, 2]`."""
    if not isinstance(node, Sequence) or not all(isinstance(item, Scalar) for item in node.items):
        return None
    return ", ".join(item.text for item in node.items if isinstance(item, Scalar))


def _tempo_hint(text: str) -> str:
    beats = paper.beats(text)
    if beats:
        return f": write bpm: {beats} instead"
    phases = paper.phases(text)
    by_phase = phases and not isinstance(_phases_of(phases), str)
    in_all = paper.time(f"{text}s" if _NUMBER.fullmatch(text) else text)
    seconds = in_all.value if in_all and _SECONDS.fullmatch(in_all.value) else ""
    if by_phase:
        # Of two figures nobody knows: `20` may be 2-0 or 20s.
        also = f" or {seconds} (a repetition)" if len(text) == _FIGURES and seconds else ""
        return f": write {phases} (seconds of each phase){also}"
    return f": write {seconds}" if seconds else ""


def _breath_of(text: str) -> tuple[int, ...] | str:
    phases = _phase_list(text, 4)
    # Out is the second of two, else the third.
    if phases is None or not phases[0] or not phases[min(len(phases) - 1, 2)]:
        return "a breath such as 4-6 (in, out), 4-7-8 (in, hold, out) or 4-4-4-4 (in, hold, out, hold)"
    return phases


def breath(node: Node, diagnostics: Diagnostics) -> tuple[int, ...] | None:
    """`4-6`, `4-7-8`, `4-4-4-4`: ms of in, (hold), out, (hold)."""
    text = _row_or_text(node) or _plain(node, diagnostics, str(_breath_of("")))
    if text is None:
        return None
    phases = _breath_of(text)
    if not isinstance(phases, str) and isinstance(node, Scalar):
        return phases
    mended = "4-4-4-4" if paper.plain(text).startswith("box") else paper.phases(text)
    is_doubtful = len(text) <= _FIGURES or isinstance(_breath_of(mended), str)
    return _tell(node, diagnostics, str(_breath_of("")), "" if is_doubtful else f": write {mended}")


def hold(node: Node, diagnostics: Diagnostics) -> Dose | None:
    """`30s`, `20-30s` or `10 breaths`."""
    return _hold(node, diagnostics, _held_range_ms)


hold_by_set = per_set(hold, "[10s, 20s]")


def _step_hold(node: Node, diagnostics: Diagnostics) -> Dose | None:
    """The same in a guided step, which has no sets and no sides of its own."""
    return _hold(node, diagnostics, time_range_ms)


# What a guided step takes of them.
step_time_ms = alone(time_range_ms)
step_hold = alone(_step_hold)
step_breaths = alone(breaths_range)


def _hold(
    node: Node, diagnostics: Diagnostics, read: Callable[[Node, Diagnostics], Range | None]
) -> Dose | None:
    text = node.text.strip() if isinstance(node, Scalar) else ""
    counted = re.fullmatch(r"(\S+) breaths?", text)
    if counted:
        breaths = _breaths_of(counted[1])
        if isinstance(breaths, str):
            number = _hint(paper.count(counted[1], "breaths"), _breaths_of)
            return _tell(node, diagnostics, breaths, f"{number} breaths" if number else "")
        return Dose("breaths", node.position, breaths=breaths, held=True)
    time_ms = read(node, diagnostics)
    return None if time_ms is None else Dose("hold", node.position, time_ms=time_ms)


def texts(node: Node, diagnostics: Diagnostics) -> tuple[str, ...] | None:
    """`[a, b]`, a dashed list, or `a, b` on a line of its own."""
    if isinstance(node, Scalar) and not is_empty(node):
        return tuple(part.strip() for part in node.text.split(",") if part.strip())
    if not isinstance(node, Sequence):
        _expected(node, diagnostics, "a list such as [a, b]")
        return None
    for before, item in zip(node.items, node.items[1:], strict=False):
        # Lists of tags may well be in lower case throughout.
        if node.flow and isinstance(before, Scalar) and before.text[:1].isupper():
            warn_lower(item, before, diagnostics)
    found = [label(item, diagnostics) for item in node.items]
    return tuple(text for text in found if text)


_SIDES = {
    ("left", "right"): ("blocks", ("left", "right")),
    ("right", "left"): ("blocks", ("right", "left")),
    ("each",): ("each", ("left", "right")),
    ("alternate",): ("alternate", ("left", "right")),
    ("alternate", "left first"): ("alternate", ("left", "right")),
    ("alternate", "right first"): ("alternate", ("right", "left")),
    ("left",): ("one", ("left",)),
    ("right",): ("one", ("right",)),
    ("none",): ("none", ()),
}


def sides(node: Node, diagnostics: Diagnostics) -> Sides | None:
    """`left, right` (all sets on one side first), `each`, `alternate`, `left`, `none` and the like."""
    words = texts(node, diagnostics)
    if words is None:
        return None
    row = _SIDES.get(words)
    if row is None:
        expected = "sides: [left, right], [right, left], each, alternate, left, right or none"
        written = " ".join(words)
        twice = len(words) > 1 and len(set(words)) == 1 and words[0] in {"left", "right"}
        near = f": write {words[0]}" if twice else ""
        near = (
            near or paper.sides(written) or _near(written, tuple(one for (one, *more) in _SIDES if not more))
        )
        return _tell(node, diagnostics, expected, near)
    return Sides(row[0], row[1], node.position)  # type: ignore[arg-type]


def when(node: Node, diagnostics: Diagnostics) -> When | None:
    """`first side`, `last set` and the like."""
    expected = "when: first or last, then side, set or round, such as first side"
    text = _plain(node, diagnostics, expected)
    match = re.fullmatch(r"(first|last) (side|set|round)", text or "")
    if match is None:
        return None if text is None else _expected(node, diagnostics, expected)
    return When(match[1], match[2], node.position)  # type: ignore[arg-type]


# What others call the levels, and the postures.
_CALLED = {
    **dict.fromkeys(("easy", "easier", "beginner", "beginners", "light", "low", "soft"), "gentle"),
    **dict.fromkeys(("medium", "normal", "moderate", "intermediate", "middle", "default"), "standard"),
    **dict.fromkeys(("hard", "harder", "advanced", "difficult", "intense", "high", "heavy"), "strong"),
    **dict.fromkeys(("lying", "back", "on the back", "face up"), "supine"),
    **dict.fromkeys(("front", "belly", "on the front", "on the belly", "face down"), "prone"),
    **dict.fromkeys(("quadruped", "hands and knees", "on all fours"), "all fours"),
    **dict.fromkeys(("seated", "chair"), "sitting"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A reader of one word out of a few."""

    allowed: tuple[str, ...]

    def __call__(self, node: Node, diagnostics: Diagnostics) -> str | None:
        """The word."""
        text = _plain(node, diagnostics, f"one of {', '.join(self.allowed)}")
        if text is None or text in self.allowed:
            return text
        same = _CALLED.get(text.lower(), text)
        meant = same if same in self.allowed else text
        diagnostics.error(
            node.position,
            f"expected one of {', '.join(self.allowed)}, found {shown(node)}" + _near(meant, self.allowed),
            fix=nearest(meant, self.allowed) or None,
        )
        return None


def choice(*allowed: str) -> Choice:
    """A reader of one of these words."""
    return Choice(allowed)


def _near(text: str, allowed: tuple[str, ...]) -> str:
    hint = did_you_mean(text, allowed)
    return hint if "mean" in hint else ""


def colon_hint(node: Node) -> str:
    """`: if this is one text, quote it: …` for a dashed text that YAML took for a map at its colon."""
    if not isinstance(node, Mapping) or node.flow or len(node.entries) != 1:
        return ""
    key, value = node.entries[0].key, node.entries[0].value
    if not isinstance(value, Scalar):
        return ""
    return f": if this is one text, quote it: {quote(f'{key.text}: {value.text}'.strip())}"


def _expected_text(node: Node, diagnostics: Diagnostics, what: str) -> None:
    diagnostics.error(node.position, f"expected {what}, found {shown(node)}{colon_hint(node)}")


def _text(node: Node, diagnostics: Diagnostics, what: str, most: int) -> str | None:
    if isinstance(node, Sequence) and node.flow and all(isinstance(item, Scalar) for item in node.items):
        whole = ", ".join(item.text for item in node.items if isinstance(item, Scalar))
        diagnostics.error(
            node.position, f"expected {what}, found a list: quote the text: {quote('[' + whole + ']')}"
        )
        return None
    if not isinstance(node, Scalar) or is_empty(node):
        _expected_text(node, diagnostics, what)
        return None
    text = _SPACE.sub(" ", node.text).strip()
    if len(text) > most:
        diagnostics.error(
            node.position, f"expected {what} of at most {most:,} characters, found {len(text):,}"
        )
        return None
    if not node.quoted and _HASH.match(node.tail):
        rest = quote(f"{text} {node.tail.strip()}")
        diagnostics.warning(
            node.position, f"YAML cut the text at ` #`: to keep it, quote it: {rest}", "cut-field"
        )
    return text


def label(node: Node, diagnostics: Diagnostics) -> str | None:
    """Literal text: a title, a name, a description."""
    text = _text(node, diagnostics, "text", MAX_LABEL)
    if text is not None and not _SPEAKABLE.search(text):
        return _expected(node, diagnostics, "text with a letter or a number in it")
    if text is not None and isinstance(node, Scalar):
        _warn_foreign(foreign.entities(text), node, diagnostics)
    return text


def _weight(node: Node, diagnostics: Diagnostics) -> str | None:
    """As it is said behind "at": `60 kg`, `70 %`, `body weight`."""
    text = label(node, diagnostics)
    if text is None or not _BARE_TIMES.fullmatch(text):
        return text
    return _tell(node, diagnostics, "a weight with its unit, such as 60 kg or 45 lb", f": write {text} kg")


weight_by_set = per_set(_weight, "[50 kg, 60 kg, 70 kg]")


def paragraph(node: Node, diagnostics: Diagnostics) -> str | None:
    """Literal text of up to 4,000 characters that is read, not spoken."""
    return _text(node, diagnostics, "text", 4000)


def words(node: Node, diagnostics: Diagnostics) -> Words | None:
    """Text to be spoken, its placeholders known by name."""
    return _spoken(node, diagnostics, PLACEHOLDERS)


def phrase(node: Node, diagnostics: Diagnostics) -> Words | None:
    """One wording of a phrase pack: it may also hold what the pack alone fills in, and `""` is silence."""
    if isinstance(node, Scalar) and node.quoted and not node.text.strip():
        return Words("", node.position)
    return _spoken(node, diagnostics, PHRASE_PLACEHOLDERS)


def _spoken(node: Node, diagnostics: Diagnostics, known: tuple[str, ...]) -> Words | None:
    text = _text(node, diagnostics, 'text to be spoken, such as "Round your back."', MAX_SPOKEN)
    if text is None or not isinstance(node, Scalar):
        return None
    if not _SPEAKABLE.search(text):
        return _expected(node, diagnostics, "text with a letter or a number to speak")
    _warn_foreign(foreign.signs(text, known), node, diagnostics)
    _check_pauses(text, node, diagnostics)
    return Words(text, node.position, _places(text, node, diagnostics, known))


def _check_pauses(text: str, node: Scalar, diagnostics: Diagnostics) -> None:
    """Tell of silences inside a text that are too long or too short, or have no words on both sides."""
    seen: Counter[str] = Counter()
    sides = [bool(_SPEAKABLE.search(words)) for words in pauses.MARK.sub("\n", text).split("\n")]
    for index, mark in enumerate(pauses.MARK.finditer(text)):
        position = node.place(mark[0], seen[mark[0]])
        seen[mark[0]] += 1
        if not pauses.LEAST_MS <= pauses.pause_ms(mark) <= pauses.MOST_MS:
            expected = "expected <pause 0.2s> to <pause 60s>"
            hint = _silence_hint(pauses.pause_ms(mark))
            diagnostics.error(position, f"{expected}, found {mark[0]}: {hint}")
        if not all(sides[index : index + 2]):
            between = "expected words before and after a silence inside a text"
            aside = "one before or after it is a step of the session, such as {pause: 3s}"
            diagnostics.error(position, f"{between}, found {mark[0]} at its edge: {aside}")


def _silence_hint(pause_ms: int) -> str:
    if pause_ms > pauses.MOST_MS:
        return "a longer silence is a step of the session, such as {pause: 2m}"
    return foreign.too_short(pause_ms)


def _warn_foreign(signs: Iterable[tuple[str, str]], node: Scalar, diagnostics: Diagnostics) -> None:
    seen: Counter[str] = Counter()
    for sign, advice in signs:
        # What is refused as a placeholder is told as one.
        if not _PLACEHOLDER.fullmatch(sign):
            diagnostics.warning(node.place(sign, seen[sign]), f"{sign} is no more than words here: {advice}")
        seen[sign] += 1


def _places(
    text: str, node: Scalar, diagnostics: Diagnostics, known: tuple[str, ...]
) -> tuple[tuple[str, Position], ...]:
    seen: dict[str, int] = {}
    places = []
    for match in _PLACEHOLDER.finditer(text):
        name = match[1]
        position = node.place(match[0], seen.get(name, 0))
        seen[name] = seen.get(name, 0) + 1
        places.append((name, position))
        if name not in known:
            advice = dict(foreign.signs(match[0], known)).get(match[0])
            near, fix = (f": {advice}", None) if advice else diagnostics.did_you_mean(name, known)
            named = f"<{fix}>" if fix else None
            diagnostics.error(position, f"unknown placeholder <{name}>{near}", "unknown-placeholder", named)
    return tuple(places)


def warn_lower(node: Node, before: Node | None, diagnostics: Diagnostics) -> None:
    """Warn of a step or reminder that begins in lower case: YAML cuts lists at commas."""
    if not isinstance(node, Scalar) or node.quoted or not node.text[:1].islower():
        return
    head = f"{before.text}, " if isinstance(before, Scalar) else "…, "
    whole = quote(head + _SPACE.sub(" ", node.text))
    message = f"{shown(node)} begins in lower case: if YAML cut it at a comma, quote the whole text: {whole}"
    diagnostics.warning(node.position, message, "cut-field")


def sequence(
    read: Callable[[Node, Diagnostics], T | None], what: str
) -> Callable[[Node, Diagnostics], tuple[T, ...] | None]:
    """A reader of a list of at least one; a single text counts as a list of one."""

    def read_all(node: Node, diagnostics: Diagnostics) -> tuple[T, ...] | None:
        if isinstance(node, Mapping) or is_empty(node) or (isinstance(node, Sequence) and not node.items):
            _expected(node, diagnostics, what)
            return None
        items = node.items if isinstance(node, Sequence) else (node,)
        found = [read(item, diagnostics) for item in items]
        return tuple(value for value in found if value is not None)

    return read_all


_YES, _NO = frozenset({"true", "yes", "on"}), frozenset({"false", "no", "off"})


def flag(node: Node, diagnostics: Diagnostics) -> bool | None:
    """`true` or `false`, and what else YAML takes for them."""
    text = _plain(node, diagnostics, "true or false")
    if text is None or text.lower() in _YES | _NO:
        return None if text is None else text.lower() in _YES
    _expected(node, diagnostics, "true or false")
    return None


# What is written for them, by its first word.
_MEANT_YES = _YES | {"1", "y", "always", "both", "stereo", "enabled", "please"}
_MEANT_NO = _NO | _NONE | {"0", "n", "not", "mono", "disabled", "silence", "zeros"}


def on_off(node: Node, diagnostics: Diagnostics) -> bool | None:
    """`on` or `off`, and what else YAML takes for them."""
    items = node.items if isinstance(node, Sequence) else (node,)
    text = items[0].text.strip() if len(items) == 1 and isinstance(items[0], Scalar) else ""
    if text.lower() in _YES | _NO and isinstance(node, Scalar):
        return text.lower() in _YES
    first = re.split(r"\W+", text.lower())[0]
    hint = ": write on" if first in _MEANT_YES else ": write off" if first in _MEANT_NO else ""
    return _tell(node, diagnostics, "on or off", hint)


def last_call_ms(node: Node, diagnostics: Diagnostics) -> int | None:
    """How long before its end an interval is called for the last time: `10s` (or `true`), 0 for `false`."""
    return _call_ms(node, diagnostics, 10 * MS_PER_SECOND, (5 * MS_PER_SECOND, 5 * MS_PER_MINUTE))


def minute_call_ms(node: Node, diagnostics: Diagnostics) -> int | None:
    """How often what is left is called: `60s`, which is `true` as well, or 0 for `false`."""
    return _call_ms(node, diagnostics, MS_PER_MINUTE, (15 * MS_PER_SECOND, MS_PER_HOUR))


def _call_ms(node: Node, diagnostics: Diagnostics, usual_ms: int, span_ms: tuple[int, int]) -> int | None:
    least, most = (paper.written(time_ms) for time_ms in span_ms)
    example = f"whole seconds from {least} to {most}, such as {paper.written(usual_ms)}, or false for none"
    text = _plain(node, diagnostics, example)
    if text is None or text.lower() in _YES | _NO:
        return None if text is None else usual_ms * (text.lower() in _YES)
    time_ms = parse_ms(text)
    if time_ms is None or not span_ms[0] <= time_ms <= span_ms[1] or time_ms % MS_PER_SECOND:
        _expected(node, diagnostics, example)
        return None
    return time_ms


_UNIT = re.compile(r"\s*([^\s/][^/]*?)\s*/\s*([^\s/][^/]*?)\s*")


def unit(node: Node, diagnostics: Diagnostics) -> tuple[str, str] | None:
    """What a repetition is called, one of them and several: `circle/circles`."""
    example = "one and several of what is counted, such as circle/circles"
    text = _plain(node, diagnostics, example)
    both = _UNIT.fullmatch(text) if text is not None else None
    if text is not None and both is None:
        _expected(node, diagnostics, example)
    return (both[1], both[2]) if both else None


def reminders(node: Node, diagnostics: Diagnostics) -> tuple[Words, ...] | None:
    """A list of spoken texts, each of which should begin like a sentence."""
    if isinstance(node, Sequence):
        for before, item in zip((None, *node.items), node.items, strict=False):
            warn_lower(item, before if node.flow else None, diagnostics)
    return sequence(words, "a list of reminders")(node, diagnostics)
