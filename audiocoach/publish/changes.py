"""What an edit changes in what is heard: lines that are new, that are gone, that come at another time.

In: two timelines. Out: text or Markdown. Lines are matched by what they say, with repetitions folded; then
those that moved by as much, one after the other, are told in one line.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from audiocoach.publish.rows import folded
from audiocoach.records import dataclass
from audiocoach.routine import wordings
from audiocoach.units import MS_PER_SECOND, ms_to_clock

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiocoach.coaching.timeline import Timeline
    from audiocoach.language.language import Language
    from audiocoach.publish.rows import Row

_TENTH_MS = 100


@dataclass(frozen=True, slots=True)
class Change:
    """One line is `new` or `gone`; or all lines from `time_ms` to `to_ms` have `moved` by `shift_ms`.

    A line that is gone has its time in the old session, all others in the new one. `text` is what the line
    says, of several the first.
    """

    kind: Literal["new", "gone", "moved"]
    time_ms: int
    text: str = ""
    to_ms: int = 0
    shift_ms: int = 0


def changes(old: Timeline, new: Timeline) -> tuple[Change, ...]:
    """What is heard otherwise in the new session, in order."""
    before, after = _said(old), _said(new)
    texts = ([row.text for row in before], [row.text for row in after])
    matcher = SequenceMatcher(None, *texts, autojunk=False)
    found: list[Change] = []
    for kind, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if kind == "equal":
            found += _moved(before[old_from:old_to], after[new_from:new_to])
            continue
        found += (Change("gone", row.time_ms, row.text) for row in before[old_from:old_to])
        found += (Change("new", row.time_ms, row.text) for row in after[new_from:new_to])
    return tuple(found)


def _said(timeline: Timeline) -> list[Row]:
    return [row for row in folded(timeline) if row.kind in ("speech", "fold")]


def _moved(before: Sequence[Row], after: Sequence[Row]) -> Iterator[Change]:
    pairs = zip(before, after, strict=True)
    for shift_ms, group in groupby(pairs, lambda pair: _nearest_tenth(pair[1].time_ms - pair[0].time_ms)):
        rows = [row for _, row in group]
        if shift_ms:
            yield Change("moved", rows[0].time_ms, rows[0].text, rows[-1].time_ms, shift_ms)


def _nearest_tenth(shift_ms: int) -> int:
    # Words start on the grid of their container: a few milliseconds are no edit.
    return (shift_ms + _TENTH_MS // 2) // _TENTH_MS * _TENTH_MS


def as_text(old: Timeline, new: Timeline) -> str:
    """The new title and both lengths, then the changes with their times."""
    return "\n".join((_head(old, new), "", *_lines(old, new, "{stamp:>9}  {mark} {text}"))) + "\n"


def as_markdown(old: Timeline, new: Timeline) -> str:
    """The same as a Markdown page."""
    return "\n".join((f"# {_head(old, new)}", "", *_lines(old, new, "- {stamp} {mark} {text}"))) + "\n"


def _head(old: Timeline, new: Timeline) -> str:
    lengths = ms_to_clock(new.duration_ms)
    if old.duration_ms != new.duration_ms:
        shift = _shift(new.duration_ms - old.duration_ms)
        lengths = f"{ms_to_clock(old.duration_ms)} → {lengths} ({shift})"
    return f"{new.title}  {lengths}"


def _lines(old: Timeline, new: Timeline, form: str) -> Iterator[str]:
    language = wordings.nearest(new.language)
    found = changes(old, new)
    if not found:
        yield language.label("same_heard")
    for change in found:
        mark, text = _told(change, language)
        yield form.format(stamp=_stamp(change.time_ms), mark=mark, text=text)


def _told(change: Change, language: Language) -> tuple[str, str]:
    match change.kind:
        case "new":
            return "+", change.text
        case "gone":
            return "-", change.text
        case "moved":
            shift = _shift(change.shift_ms)
            if change.to_ms == change.time_ms:
                return "~", f"{shift}  {change.text}"
            return "~", language.label("until", what=shift, clock=_stamp(change.to_ms))


def _stamp(time_ms: int) -> str:
    return f"{ms_to_clock(time_ms)}.{time_ms % MS_PER_SECOND // 100}"


def _shift(shift_ms: int) -> str:
    """`+0:05`, `-0:02.5`."""
    sign, size_ms = "+" if shift_ms > 0 else "-", abs(shift_ms)
    tenths = size_ms % MS_PER_SECOND // _TENTH_MS
    return f"{sign}{ms_to_clock(size_ms)}.{tenths}" if tenths else f"{sign}{ms_to_clock(size_ms)}"
