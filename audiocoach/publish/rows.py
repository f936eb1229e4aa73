"""The script of a session as rows: what is heard and done, and when; whole, or with its repetitions folded.

In: a timeline. Out: rows in order of time, for `preview` to write and for `changes` to compare.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from audiocoach.coaching.timeline import Speech
from audiocoach.publish.labels import PACE, interval_label
from audiocoach.records import dataclass
from audiocoach.routine import wordings
from audiocoach.units import MS_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiocoach.coaching.timeline import Interval, Timeline
    from audiocoach.language.language import Language

RowKind = Literal["chapter", "interval", "tone", "speech", "fold"]
# In what order things stand that begin together.
_ORDER: dict[RowKind, int] = {"chapter": 0, "interval": 1, "tone": 2, "speech": 3, "fold": 3}
# What is said to keep the pace: the numbers, and the words of phases and of breaths.
_PACED = frozenset({"count", "step", "breath"})
# What is folded, by the kind of its interval, and the label that it is folded as.
_FOLDED_AS = {"reps": "fold_reps", "breaths": "fold_breaths", "work": "fold_work"}
# Fewer lines are shorter than what would stand for them.
_LEAST_FOLDED = 3


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a script. A `fold` stands for all that keeps the pace of one interval."""

    time_ms: int
    kind: RowKind
    text: str


def whole(timeline: Timeline) -> tuple[Row, ...]:
    """Every line, but for the tones that keep the pace."""
    language = wordings.nearest(timeline.language)
    rows = [Row(one.start_ms, "chapter", one.title) for one in timeline.chapters]
    rows += [Row(one.start_ms, "interval", interval_label(one, language)) for one in timeline.intervals]
    for event in timeline.events:
        if isinstance(event, Speech):
            rows.append(Row(event.start_ms, "speech", event.text))
        elif event.cue not in PACE:
            rows.append(Row(event.start_ms, "tone", event.cue))
    return _in_order(rows)


def folded(timeline: Timeline) -> tuple[Row, ...]:
    """The script with one line in place of what keeps the pace of an interval."""
    language = wordings.nearest(timeline.language)
    paced = list(_paced(timeline))
    gone = {Row(speech.start_ms, "speech", speech.text) for _, said in paced for speech in said}
    folds = [Row(said[0].start_ms, "fold", _fold(one, said, language)) for one, said in paced]
    return _in_order([*(row for row in whole(timeline) if row not in gone), *folds])


def _in_order(rows: Sequence[Row]) -> tuple[Row, ...]:
    return tuple(sorted(rows, key=lambda row: (row.time_ms, _ORDER[row.kind])))


def _paced(timeline: Timeline) -> Iterator[tuple[Interval, list[Speech]]]:
    """The intervals that are folded, each with what is said in it to keep the pace."""
    said = [event for event in timeline.events if isinstance(event, Speech)]
    index = 0
    for interval in timeline.intervals:
        within = []
        while index < len(said) and said[index].start_ms < interval.end_ms:
            within.append(said[index])
            index += 1
        paced = [speech for speech in within if _keeps_pace(speech, interval)]
        if len(paced) >= _LEAST_FOLDED:
            yield interval, paced


def _keeps_pace(speech: Speech, interval: Interval) -> bool:
    if interval.kind not in _FOLDED_AS:
        return False
    # The last repetition is told near the end, the last set at the beginning.
    is_late = 2 * speech.start_ms >= interval.start_ms + interval.end_ms
    return speech.cue in _PACED or (speech.cue == "last" and is_late and _count(interval) > 0)


def _fold(interval: Interval, said: Sequence[Speech], language: Language) -> str:
    """`reps 1 to 10, 7 s each: Tilt / Hold / Let go`: each wording once."""
    texts = dict.fromkeys(speech.text for speech in said if speech.cue in ("step", "breath"))
    words = " / ".join(texts)
    head = _head(interval, language)
    return language.label("fold_words", what=head, words=words) if words else head


def _head(interval: Interval, language: Language) -> str:
    count = _count(interval)
    if not count:
        return language.label(_FOLDED_AS["work"])
    seconds = language.traits.decimal(interval.duration_ms / count / MS_PER_SECOND)
    return language.label(_FOLDED_AS[interval.kind], count=count, seconds=seconds)


def _count(interval: Interval) -> int:
    """How many repetitions or breaths are told one by one: in a time none are."""
    return (interval.reps or interval.breaths or 0) if _FOLDED_AS[interval.kind] != _FOLDED_AS["work"] else 0
