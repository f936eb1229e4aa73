"""Readers of single values: node in, value out; what does not fit is told to the desk as `None`.

A reader says what was expected, with an example, and what was found, in the author's own text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

from audiocoach.errors import quote
from audiocoach.routine.desk import did_you_mean, nearest
from audiocoach.routine.model import Dose, Range, Sides, Tempo, When, Words
from audiocoach.routine.source import Mapping, Scalar, Sequence, is_empty
from audiocoach.units import MS_PER_HOUR, MS_PER_MINUTE, MS_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiocoach.errors import Position
    from audiocoach.routine.desk import Desk
    from audiocoach.routine.source import Node

T = TypeVar("T")

MAX_TIME_MS = 24 * MS_PER_HOUR
MAX_SPOKEN = 1000
MAX_LABEL = 300
_SHOWN = 60
_BARE = 12
PLACEHOLDERS = (
    *("side", "other_side", "way", "name", "next", "dose", "set", "sets"),
    *("round", "rounds", "reps", "hold", "duration", "title"),
)
PHRASE_PLACEHOLDERS = (*PLACEHOLDERS, "section", "text", "count")

_CLOCK = re.compile(r"(?:(\d{1,9}):)?(\d{1,9}):(\d{2}(?:\.\d{1,3})?)", re.ASCII)
_UNITS = re.compile(r"(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9}(?:\.\d{1,3})?)s)?", re.ASCII)
_UNIT_WORDS = ("hours?", "hrs?", "minutes?", "mins?", "seconds?", "secs?")
_NUMBER = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_COUNT = re.compile(r"(\d+)(?:-(\d+))?", re.ASCII)
_PLACEHOLDER = re.compile(r"<([A-Za-z_][A-Za-z_0-9]*)>")
# Letters and numbers, and the signs that a voice reads out: `~` is "tilde".
_SPEAKABLE = re.compile(r"[^\W_]|[~@#%&+=$*/]")
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


def _expected(node: Node, desk: Desk, what: str) -> None:
    desk.error(node.position, f"expected {what}, found {shown(node)}")


def parse_ms(text: str) -> int | None:
    """Milliseconds of `30s`, `1m30s`, `1:30` or `1:02:03`; None where the text is no duration."""
    clock, units = _CLOCK.fullmatch(text), _UNITS.fullmatch(text)
    if clock:
        hours, minutes, seconds = clock.groups()
        too_many = float(seconds) >= 60 or (hours is not None and int(minutes) >= 60)  # noqa: PLR2004
        return None if too_many else _total_ms(hours, minutes, seconds)
    return _total_ms(*units.groups()) if units and text else None


def _total_ms(hours: str | None, minutes: str | None, seconds: str | None) -> int:
    whole = int(hours or 0) * MS_PER_HOUR + int(minutes or 0) * MS_PER_MINUTE
    return whole + round(float(seconds or 0) * MS_PER_SECOND)


_NONE = frozenset({"none", "no", "off", "null", "never"})
_TIME_EXAMPLE = "a duration such as 30s, 1m30s or 1:30"


def _time_of(text: str, node: Node, desk: Desk, least_ms: int) -> int | None:
    if _NUMBER.fullmatch(text):
        short = text if len(text) <= _BARE else text[:_BARE] + "…"
        desk.error(node.position, f"expected {_TIME_EXAMPLE}, found the bare number {short}: write {short}s")
        return None
    time_ms = parse_ms(text)
    if time_ms is None:
        hint = ": write 0s" if least_ms == 0 and text.lower() in _NONE else _time_hint(node)
        desk.error(node.position, f"expected {_TIME_EXAMPLE}, found {shown(node)}{hint}")
    elif time_ms > MAX_TIME_MS:
        _expected(node, desk, "a duration of at most 24 hours")
    elif time_ms < least_ms:
        _expected(node, desk, "a duration above zero, such as 30s")
    else:
        return time_ms
    return None


def _narrow(text: str) -> str:
    """`8-10` of `8 - 10`: no spaces, and a plain dash for a typesetter's."""
    return re.sub(r"\s+", "", text.replace("\u2013", "-").replace("\u2014", "-"))


def _time_hint(node: Node) -> str:
    """`: write 30s` for `30 sec`, `: write 30-40s` for one with spaces or another dash; else nothing."""
    written = node.text.strip() if isinstance(node, Scalar) else ""
    mended = written.lower()
    for unit in _UNIT_WORDS:
        mended = re.sub(rf"\s*{unit}\s*", unit[0], mended)
    mended = _narrow(mended)
    *low, high = mended.split("-", 1)
    is_time = bool(parse_ms(high)) and all(parse_ms(one) or _NUMBER.fullmatch(one) for one in low)
    return f": write {mended}" if is_time and mended != written else ""


def _plain(node: Node, desk: Desk, what: str) -> str | None:
    if isinstance(node, Scalar) and not is_empty(node):
        return node.text.strip()
    _expected(node, desk, what)
    return None


def duration_ms(node: Node, desk: Desk) -> int | None:
    """`30s`, `1m30s`, `1:30`, `1:02:03` as ms, above zero."""
    text = _plain(node, desk, _TIME_EXAMPLE)
    return None if text is None else _time_of(text, node, desk, 1)


def _time_range(node: Node, desk: Desk, least_ms: int) -> Range | None:
    text = _plain(node, desk, _TIME_EXAMPLE + ", or a range such as 20-30s")
    if text is None:
        return None
    low_text, dash, high_text = text.partition("-")
    if not dash or not low_text:
        only = _time_of(text, node, desk, least_ms)
        return None if only is None else Range(only, only)
    if _NUMBER.fullmatch(low_text) and _NUMBER.fullmatch(high_text):
        short = text if len(text) <= _BARE else text[:_BARE] + "…"
        desk.error(node.position, f"expected {_TIME_EXAMPLE}, found bare numbers: write {short}s")
        return None
    # `20-30s`: the unit is written once, at the end.
    unit = high_text[-1:] if _NUMBER.fullmatch(low_text) else ""
    low = _time_of(low_text + unit, node, desk, least_ms)
    high = None if low is None else _time_of(high_text, node, desk, least_ms)
    return None if low is None or high is None else _ordered(low, high, node, desk, "20-30s")


def _ordered(low: int, high: int, node: Node, desk: Desk, example: str) -> Range | None:
    if low <= high:
        return Range(low, high)
    _expected(node, desk, f"a range from less to more, such as {example}")
    return None


def time_range_ms(node: Node, desk: Desk) -> Range | None:
    """A duration above zero, or a range of them, in ms."""
    return _time_range(node, desk, 1)


def gap_range_ms(node: Node, desk: Desk) -> Range | None:
    """A duration or range in ms that may be `0s`: rests, switches, releases."""
    return _time_range(node, desk, 0)


def _expected_count(node: Node, desk: Desk, what: str, narrow: str) -> None:
    hint = f": write {narrow}" if len(narrow) <= _BARE and _COUNT.fullmatch(narrow) else ""
    desk.error(node.position, f"expected {what}, found {shown(node)}{hint}")


def _count_reader(most: int, what: str) -> Callable[[Node, Desk], Range | None]:
    expected = f"a whole number from 1 to {most:,} of {what}, or a range such as 2-3"

    def read(node: Node, desk: Desk) -> Range | None:
        text = _plain(node, desk, expected)
        match = _COUNT.fullmatch(text) if text else None
        if text is None or match is None or not text.isascii() or len(text) > 40:  # noqa: PLR2004
            return None if text is None else _expected_count(node, desk, expected, _narrow(text))
        low, high = int(match[1]), int(match[2] or match[1])
        if not (1 <= low <= most and 1 <= high <= most):
            return _expected(node, desk, expected)
        return _ordered(low, high, node, desk, "2-3")

    return read


sets_range = _count_reader(100, "sets")
rounds_range = _count_reader(1000, "rounds")
reps_range = _count_reader(1000, "repetitions")
breaths_range = _count_reader(1000, "breaths")


def rate_wpm(node: Node, desk: Desk) -> int | None:
    """Words a minute, 80 to 400."""
    expected = "words a minute from 80 to 400, such as 165"
    text = _plain(node, desk, expected)
    if text is None:
        return None
    if text.isascii() and text.isdigit() and len(text) <= 3 and 80 <= int(text) <= 400:  # noqa: PLR2004
        return int(text)
    return _expected(node, desk, expected)


def _phase_list(text: str, most: int) -> tuple[int, ...] | None:
    parts = text.split("-")
    if not 2 <= len(parts) <= most or not all(re.fullmatch(r"[0-9]{1,3}(\.[0-9])?", part) for part in parts):  # noqa: PLR2004
        return None
    return tuple(round(float(part) * MS_PER_SECOND) for part in parts)


def tempo(node: Node, desk: Desk) -> Tempo | None:
    """`3-1-2-0` or `4s`."""
    expected = "a tempo such as 3-1-2-0 (seconds of each phase) or 4s (a repetition)"
    text = _plain(node, desk, expected)
    if text is None:
        return None
    if re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,3})?s", text):
        rep_ms = _time_of(text, node, desk, 1)
        return None if rep_ms is None else Tempo(node.position, rep_ms=rep_ms)
    phases = _phase_list(text, 12)
    if _NUMBER.fullmatch(text) and len(text) <= _BARE:
        desk.error(node.position, f"expected {expected}, found the bare number {text}: write {text}s")
        return None
    if phases is None or not any(phases):
        return _expected(node, desk, expected)
    return Tempo(node.position, phases_ms=phases)


def breath(node: Node, desk: Desk) -> tuple[int, ...] | None:
    """`4-6`, `4-7-8`, `4-4-4-4`: ms of in, (hold), out, (hold)."""
    expected = "a breath such as 4-6 (in, out), 4-7-8 (in, hold, out) or 4-4-4-4 (in, hold, out, hold)"
    text = _plain(node, desk, expected)
    phases = _phase_list(text, 4) if text else None
    if phases is None or not phases[0] or not phases[1 if len(phases) == 2 else 2]:  # noqa: PLR2004
        return None if text is None else _expected(node, desk, expected)
    return phases


def hold(node: Node, desk: Desk) -> Dose | None:
    """`30s`, `20-30s` or `10 breaths`."""
    text = node.text.strip() if isinstance(node, Scalar) else ""
    counted = re.fullmatch(r"(\S+) breaths?", text)
    if counted and isinstance(node, Scalar):
        number = Scalar(counted[1], node.position, node.raw, node.quoted, node.tail)
        breaths = breaths_range(number, desk)
        return None if breaths is None else Dose("breaths", node.position, breaths=breaths, held=True)
    time_ms = time_range_ms(node, desk)
    return None if time_ms is None else Dose("hold", node.position, time_ms=time_ms)


def texts(node: Node, desk: Desk) -> tuple[str, ...] | None:
    """`[a, b]`, a dashed list, or `a, b` on a line of its own."""
    if isinstance(node, Scalar) and not is_empty(node):
        return tuple(part.strip() for part in node.text.split(",") if part.strip())
    if not isinstance(node, Sequence):
        _expected(node, desk, "a list such as [a, b]")
        return None
    for before, item in zip(node.items, node.items[1:], strict=False):
        # Lists of tags may well be in lower case throughout.
        if node.flow and isinstance(before, Scalar) and before.text[:1].isupper():
            warn_lower(item, before, desk)
    found = [label(item, desk) for item in node.items]
    return tuple(text for text in found if text)


_SIDES = {
    ("left", "right"): ("blocks", ("left", "right")),
    ("right", "left"): ("blocks", ("right", "left")),
    ("each",): ("each", ("left", "right")),
    ("alternate",): ("alternate", ("left", "right")),
    ("left",): ("one", ("left",)),
    ("right",): ("one", ("right",)),
}


def sides(node: Node, desk: Desk) -> Sides | None:
    """`left, right` (all sets on one side first), `each`, `alternate`, `left` or `right`."""
    words = texts(node, desk)
    if words is None:
        return None
    row = _SIDES.get(words)
    if row is None:
        expected = "sides: [left, right], [right, left], each, alternate, left or right"
        near = _near(" ".join(words), tuple(one for (one, *more) in _SIDES if not more))
        return desk.error(node.position, f"expected {expected}, found {shown(node)}{near}")
    return Sides(row[0], row[1], node.position)  # type: ignore[arg-type]


def when(node: Node, desk: Desk) -> When | None:
    """`first side`, `last set` and the like."""
    expected = "when: first or last, then side, set or round, such as first side"
    text = _plain(node, desk, expected)
    match = re.fullmatch(r"(first|last) (side|set|round)", text or "")
    if match is None:
        return None if text is None else _expected(node, desk, expected)
    return When(match[1], match[2], node.position)  # type: ignore[arg-type]


def choice(*allowed: str) -> Callable[[Node, Desk], str | None]:
    """A reader of one word out of a few."""

    def read(node: Node, desk: Desk) -> str | None:
        text = _plain(node, desk, f"one of {', '.join(allowed)}")
        if text is None or text in allowed:
            return text
        desk.error(
            node.position,
            f"expected one of {', '.join(allowed)}, found {shown(node)}" + _near(text, allowed),
            fix=nearest(text, allowed) or None,
        )
        return None

    return read


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


def _expected_text(node: Node, desk: Desk, what: str) -> None:
    desk.error(node.position, f"expected {what}, found {shown(node)}{colon_hint(node)}")


def _text(node: Node, desk: Desk, what: str, most: int) -> str | None:
    if isinstance(node, Sequence) and node.flow and all(isinstance(item, Scalar) for item in node.items):
        whole = ", ".join(item.text for item in node.items if isinstance(item, Scalar))
        desk.error(
            node.position, f"expected {what}, found a list: quote the text: {quote('[' + whole + ']')}"
        )
        return None
    if not isinstance(node, Scalar) or is_empty(node):
        _expected_text(node, desk, what)
        return None
    text = _SPACE.sub(" ", node.text).strip()
    if len(text) > most:
        desk.error(node.position, f"expected {what} of at most {most:,} characters, found {len(text):,}")
        return None
    if not node.quoted and _HASH.match(node.tail):
        rest = quote(f"{text} {node.tail.strip()}")
        desk.warning(node.position, f"YAML cut the text at ` #`: to keep it, quote it: {rest}", "cut-field")
    return text


def label(node: Node, desk: Desk) -> str | None:
    """Literal text: a title, a name, a description."""
    text = _text(node, desk, "text", MAX_LABEL)
    if text is not None and not _SPEAKABLE.search(text):
        return _expected(node, desk, "text with a letter or a number in it")
    return text


def paragraph(node: Node, desk: Desk) -> str | None:
    """Literal text of up to 4,000 characters that is read, not spoken."""
    return _text(node, desk, "text", 4000)


def words(node: Node, desk: Desk) -> Words | None:
    """Text to be spoken, its placeholders known by name."""
    return _spoken(node, desk, PLACEHOLDERS)


def phrase(node: Node, desk: Desk) -> Words | None:
    """One wording of a phrase pack: it may also hold what the pack alone fills in."""
    return _spoken(node, desk, PHRASE_PLACEHOLDERS)


def _spoken(node: Node, desk: Desk, known: tuple[str, ...]) -> Words | None:
    text = _text(node, desk, 'text to be spoken, such as "Round your back."', MAX_SPOKEN)
    if text is None or not isinstance(node, Scalar):
        return None
    if not _SPEAKABLE.search(text):
        return _expected(node, desk, "text with a letter or a number to speak")
    return Words(text, node.position, _places(text, node, desk, known))


def _places(text: str, node: Scalar, desk: Desk, known: tuple[str, ...]) -> tuple[tuple[str, Position], ...]:
    seen: dict[str, int] = {}
    places = []
    for match in _PLACEHOLDER.finditer(text):
        name = match[1]
        position = node.place(match[0], seen.get(name, 0))
        seen[name] = seen.get(name, 0) + 1
        places.append((name, position))
        if name not in known:
            near = nearest(name, known)
            message = f"unknown placeholder <{name}>" + did_you_mean(name, known)
            desk.error(position, message, "unknown-placeholder", f"<{near}>" if near else None)
    return tuple(places)


def warn_lower(node: Node, before: Node | None, desk: Desk) -> None:
    """Warn of a step or reminder that begins in lower case: YAML cuts lists at commas."""
    if not isinstance(node, Scalar) or node.quoted or not node.text[:1].islower():
        return
    head = f"{before.text}, " if isinstance(before, Scalar) else "…, "
    whole = quote(head + _SPACE.sub(" ", node.text))
    message = f"{shown(node)} begins in lower case: if YAML cut it at a comma, quote the whole text: {whole}"
    desk.warning(node.position, message, "cut-field")


def sequence(
    read: Callable[[Node, Desk], T | None], what: str
) -> Callable[[Node, Desk], tuple[T, ...] | None]:
    """A reader of a list of at least one; a single text counts as a list of one."""

    def read_all(node: Node, desk: Desk) -> tuple[T, ...] | None:
        if isinstance(node, Mapping) or is_empty(node) or (isinstance(node, Sequence) and not node.items):
            _expected(node, desk, what)
            return None
        items = node.items if isinstance(node, Sequence) else (node,)
        found = [read(item, desk) for item in items]
        return tuple(value for value in found if value is not None)

    return read_all


def reminders(node: Node, desk: Desk) -> tuple[Words, ...] | None:
    """A list of spoken texts, each of which should begin like a sentence."""
    if isinstance(node, Sequence):
        for before, item in zip((None, *node.items), node.items, strict=False):
            warn_lower(item, before if node.flow else None, desk)
    return sequence(words, "a list of reminders")(node, desk)
