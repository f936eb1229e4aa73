"""The inside of a gap: its words in order, the count-in at its end, and how long it must be.

A gap of no declared length grows to its words. A fixed one says less: first without what only fills silence,
then the shorter wordings, then without what matters least, and only then it is lengthened; each is a
note (law 4).
"""

from __future__ import annotations

from math import lcm
from typing import TYPE_CHECKING

from audiocoach.coaching.countdown import Counted, Window, count_in_ms, count_to
from audiocoach.coaching.cues import Laid, Weight
from audiocoach.coaching.encouragement import UNOWED
from audiocoach.coaching.notes import Note
from audiocoach.coaching.rests import lay_call_back, retold, said_ms
from audiocoach.coaching.space import APART_MS, PAUSE_MS
from audiocoach.records import dataclass, replace
from audiocoach.units import MS_PER_SECOND, ceil_to, ms_to_clock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiocoach.coaching.cues import Cue, Line
    from audiocoach.coaching.rests import CallBack
    from audiocoach.coaching.speaker import Speaker
    from audiocoach.coaching.steps import Gap
    from audiocoach.coaching.timeline import Event

_HURRY = "for want of time"
# Words that were said before, or are said in the effort.
_ELSEWHERE = frozenset({Weight.FORETOLD, Weight.LESSON})
READY_LEAD_MS = 5 * MS_PER_SECOND
# Where a rest is long, so much of it is left for getting into position.
SETTLE_MS = 12 * MS_PER_SECOND
# Which round or set it is: where a gap has no room to say it, it is said as the set begins.
CARRIED_KINDS = frozenset({"round", "set", "last"})
# The way into the position itself: the last words of all, as close to the count as they can be.
CLOSING_KINDS = frozenset({"at_go"})
# A name is told with its dose; the steps of a lesson are told by their calls all together.
_NOT_SHORTENED = frozenset({"announce", "step"})
# Between how to get there and the way in: what the count leaves of the time for it.
GET_THERE_MS = 2 * MS_PER_SECOND
# So often a gap is laid out for what is said of its length to be true.
_RETOLD = 4


@dataclass(frozen=True, slots=True)
class Spoken:
    """A cue in the wording that was chosen."""

    cue: Cue
    line: Line
    length_ms: int


@dataclass(frozen=True, slots=True)
class GapLayout:
    """A gap with its times: from `start_ms` to `end_ms`, what sounds in it, and what is noted.

    `cues` are those that are heard in it, `carried` those that the effort after it has to say; `rows` is what
    is said one after the other.
    """

    start_ms: int
    end_ms: int
    events: tuple[Event, ...]
    notes: tuple[Note, ...]
    cues: tuple[Cue, ...] = ()
    carried: tuple[Cue, ...] = ()
    rows: tuple[Laid, ...] = ()


def lay_gap(  # noqa: PLR0913 - where a gap lies, what is said in it, and what sounds before it
    gap: Gap,
    cues: Sequence[Cue],
    start_ms: int,
    head_ms: int,
    speaker: Speaker,
    *,
    back: CallBack | None = None,
    met: bool = False,
) -> GapLayout:
    """Give a gap its length and its words their times.

    `start_ms` is where it begins, `head_ms` the first moment at which words may start; `back` calls the
    listener before its end. It has `met` the tone that closes an effort where one sounds at `start_ms`.

    How long it is depends on its words, and they may tell how long it is: it is laid out until they are true.
    """
    told = tuple(cues)
    for _ in range(_RETOLD):
        layout = _lay_once(gap, told, start_ms, head_ms, speaker, back=back, met=met)
        timed = next((row for row in layout.rows if row.cue.timed), None)
        if timed is None:
            return layout
        left_ms = layout.end_ms - timed.start_ms
        time_ms = said_ms(gap.length_ms, layout.end_ms - start_ms, left_ms, left_ms - timed.length_ms)
        again = retold(told, time_ms, speaker)
        if again == told:
            return layout
        told = again
    return _lay_once(gap, retold(told, 0, speaker), start_ms, head_ms, speaker, back=back, met=met)


def _lay_once(  # noqa: PLR0913 - the same, with a length that was told already
    gap: Gap,
    cues: Sequence[Cue],
    start_ms: int,
    head_ms: int,
    speaker: Speaker,
    *,
    back: CallBack | None,
    met: bool,
) -> GapLayout:
    limit_ms = start_ms + gap.length_ms if gap.grows in ("fixed", "grid") else None
    chosen, dropped, shortened = _fit(gap, cues, head_ms, limit_ms, speaker)
    needed_ms = start_ms
    if chosen:
        last_ms, last = _in_a_row(gap, chosen, head_ms, speaker)[-1]
        needed_ms = last_ms + last.length_ms + _lead_ms(gap, closes=_closes(last))
    end_ms = max(start_ms + gap.length_ms, needed_ms)
    is_longer = limit_ms is not None and end_ms > limit_ms
    if _takes_slack(gap) and end_ms > start_ms:
        end_ms = ceil_to(end_ms, MS_PER_SECOND)
    carried = _carried(gap, cues, dropped)
    lost = [cue for cue in dropped if cue not in carried]
    notes = [*shortened, *left_out(gap, lost, head_ms)]
    notes += [_lengthened(gap, start_ms, end_ms)] if is_longer else []
    counted = _count_in(gap, (start_ms + 1 if met else start_ms, head_ms), end_ms, speaker)
    rows = _rows(gap, chosen, head_ms, end_ms, speaker)
    span_ms = (start_ms, head_ms, end_ms)
    called = lay_call_back(back, rows, span_ms, _lead_ms(gap), speaker) if back else ()
    return GapLayout(
        start_ms=start_ms,
        end_ms=end_ms,
        events=(
            *(speech for row in (*rows, *called, *counted.laid) for speech in row.speeches(speaker)),
            *counted.tones,
        ),
        notes=(*notes, *counted.notes),
        cues=tuple(row.heard for row in (*rows, *called)),
        rows=rows,
        carried=carried,
    )


def possible_ends_ms(gap: Gap, start_ms: int, grid_ms: int) -> Sequence[int]:
    """Where on the grid a gap may end, whatever its words are: on a whole second if it takes the slack."""
    if gap.grows in ("fixed", "grid") and not gap.length_ms:
        return (start_ms,)
    return (
        range(0, lcm(MS_PER_SECOND, grid_ms), MS_PER_SECOND)
        if _takes_slack(gap)
        else (start_ms + gap.length_ms,)
    )


def _carried(gap: Gap, cues: Sequence[Cue], dropped: Sequence[Cue]) -> tuple[Cue, ...]:
    """What the effort ahead has to say of what was dropped, in its order."""
    gone = {id(cue) for cue in dropped if cue.cue in CARRIED_KINDS and gap.ahead is not None}
    return tuple(cue for cue in cues if id(cue) in gone)


def _takes_slack(gap: Gap) -> bool:
    silent = gap.ahead is not None and not gap.ahead.traits.is_exercise
    return gap.kind != "release" and gap.grows != "grid" and not (silent and gap.grows == "step")


def _in_a_row(gap: Gap, chosen: Sequence[Spoken], head_ms: int, speaker: Speaker) -> list[tuple[int, Spoken]]:
    """All words as early as they can be; a gap that grows leaves time to get there before the way in."""
    rows = line_up([words for words in chosen if not _closes(words)], head_ms, speaker.grid_ms)
    if rows:
        start_ms, last = rows[-1]
        head_ms = start_ms + last.length_ms + _get_there_ms(gap)
    return rows + line_up([words for words in chosen if _closes(words)], head_ms, speaker.grid_ms)


def _get_there_ms(gap: Gap) -> int:
    """The silence before the way in: where the count is short, a ready is five seconds all the same."""
    if gap.ahead is None or gap.grows not in ("ready", "switch"):
        return PAUSE_MS
    rest_ms = READY_LEAD_MS - count_in_ms(gap.ahead) - APART_MS if gap.grows == "ready" else 0
    return max(GET_THERE_MS, rest_ms)


def _closes(words: Spoken) -> bool:
    return words.cue.cue in CLOSING_KINDS


def _lead_ms(gap: Gap, *, closes: bool = False) -> int:
    """The silence that must follow the words: for the count-in, and to get into position.

    The way in itself `closes` them: the time to get there lies before it.
    """
    if gap.ahead is None:
        return APART_MS
    if not gap.ahead.traits.is_exercise:
        return 0
    counted_ms = count_in_ms(gap.ahead) + APART_MS
    return max(READY_LEAD_MS, counted_ms) if gap.grows == "ready" and not closes else counted_ms


def _count_in(gap: Gap, from_ms: tuple[int, int], end_ms: int, speaker: Speaker) -> Counted:
    """The count to the end of the gap, from when on ticks and words may sound in it; T is the go tone."""
    effort = gap.ahead
    if effort is None or not effort.traits.is_exercise:
        return Counted()
    window = Window(end_ms, count_in_ms(effort), *from_ms, end_ms, end_ms - APART_MS)
    return count_to(window, effort, speaker, gap.position)


def line_up(phrases: Sequence[Spoken], head_ms: int, grid_ms: int) -> list[tuple[int, Spoken]]:
    """Phrases one after the other, a breath apart, on the grid."""
    rows, time_ms = [], head_ms
    for phrase in phrases:
        start_ms = ceil_to(time_ms, grid_ms)
        rows.append((start_ms, phrase))
        time_ms = start_ms + phrase.length_ms + PAUSE_MS
    return rows


def _fit(
    gap: Gap, cues: Sequence[Cue], head_ms: int, limit_ms: int | None, speaker: Speaker
) -> tuple[list[Spoken], list[Cue], list[Note]]:
    """The cues that fit in their wordings, those that do not, and what there is to remark."""
    chosen = [spoken(cue, cue.line, speaker) for cue in sorted(cues, key=lambda cue: cue.late)]
    if limit_ms is None or _ends_by(chosen, head_ms, limit_ms - _lead_ms(gap), speaker.grid_ms):
        return chosen, [], []
    return _say_less(gap, chosen, head_ms, limit_ms - _lead_ms(gap), speaker)


def _ends_by(chosen: Sequence[Spoken], head_ms: int, until_ms: int, grid_ms: int) -> bool:
    if not chosen:
        return True
    start_ms, last = line_up(chosen, head_ms, grid_ms)[-1]
    return start_ms + last.length_ms <= until_ms


def _say_less(
    gap: Gap, chosen: list[Spoken], head_ms: int, until_ms: int, speaker: Speaker
) -> tuple[list[Spoken], list[Cue], list[Note]]:
    """What is left of words that end too late: as in `_fit`, by law 4."""
    dropped: list[Cue] = []
    shortened: list[Cue] = []

    def leave_out(weight: Weight) -> None:
        for _, words in sorted(enumerate(chosen), key=lambda row: _place_in_turn(*row)):
            if words.cue.weight >= weight and not _ends_by(chosen, head_ms, until_ms, speaker.grid_ms):
                gone = _with_its_lesson(words, chosen)
                chosen[:] = [other for other in chosen if other not in gone]
                dropped.extend(other.cue for other in gone)

    def shorten() -> None:
        for words in sorted(chosen, key=lambda words: -words.cue.weight):
            is_next = words.cue.short and words.cue.cue not in _NOT_SHORTENED
            if is_next and not _ends_by(chosen, head_ms, until_ms, speaker.grid_ms):
                chosen[chosen.index(words)] = spoken(words.cue, words.cue.short, speaker)
                shortened.append(words.cue)

    leave_out(Weight.LESSON)
    if not _ends_by(chosen, head_ms, until_ms, speaker.grid_ms):
        chosen[:] = [_taught_shortly(words, speaker) for words in chosen]
    # The dose is told with the name, and never left out: the gap is longer for it.
    shorten()
    leave_out(Weight.OFFER)
    leave_out(Weight.FORETOLD)
    # What was shortened in vain and left out is noted once.
    return chosen, dropped, said_shorter(gap, [cue for cue in shortened if cue not in dropped], head_ms)


def _place_in_turn(place: int, words: Spoken) -> tuple[int, int]:
    """Which words are left out sooner: those that matter less, and the first of them.

    Of those that are said later instead it is the last: the round within a round comes behind that.
    """
    return -words.cue.weight, -place if words.cue.cue in CARRIED_KINDS else place


def _taught_shortly(words: Spoken, speaker: Speaker) -> Spoken:
    """A step of a lesson by its call; it is told in full as it comes, so that nothing is lost."""
    cue = words.cue
    if cue.cue != "step" or not cue.short:
        return words
    return spoken(replace(cue, facts=()), cue.short, speaker)


def _with_its_lesson(words: Spoken, chosen: Sequence[Spoken]) -> list[Spoken]:
    """What goes with these words: of a lesson all that is left, as a piece of it would be taken for all.

    What is easier than the steps goes as well: nobody knows yet of what it is told.
    """
    if words.cue.weight != Weight.LESSON:
        return [other for other in chosen if other is words]
    return [other for other in chosen if other.cue.weight == Weight.LESSON or other.cue.cue == "variant"]


def left_out(gap: Gap, cues: Sequence[Cue], time_ms: int) -> list[Note]:
    """What there is to remark of words that had no room; nothing where they are said elsewhere."""
    told = [cue.line.text for cue in cues if cue.weight not in _ELSEWHERE and cue.cue not in UNOWED]
    return [Note(gap.position, "left out", _HURRY, time_ms, text) for text in told]


def said_shorter(gap: Gap, cues: Sequence[Cue], time_ms: int) -> list[Note]:
    """What there is to remark of words that are told in their shorter wording."""
    texts = [cue.line.text for cue in cues]
    return [
        Note(gap.position, "said shorter", _HURRY, time_ms, text, code="shortened-words") for text in texts
    ]


def spoken(cue: Cue, line: Line, speaker: Speaker) -> Spoken:
    """A cue in this wording, measured."""
    return Spoken(cue, line, speaker.length_ms(line, cue.delivery))


def _lengthened(gap: Gap, start_ms: int, end_ms: int) -> Note:
    what = f"the {gap.kind} of {ms_to_clock(gap.length_ms)} became"
    why, length_ms = "its words need that long", end_ms - start_ms
    return Note(gap.position, what, why, start_ms, length_ms=length_ms, code="longer-gap")


def _rows(
    gap: Gap, chosen: Sequence[Spoken], head_ms: int, end_ms: int, speaker: Speaker
) -> tuple[Laid, ...]:
    """Words at the start of the gap; in a long rest the late ones close to its end.

    A switch and a ready are there for getting into position: how to is said at once, and the way in last.
    """
    early = [words for words in chosen if not words.cue.late]
    late = [words for words in chosen if words.cue.late and not _closes(words)]
    closing = _before_the_count(gap, chosen, end_ms, speaker.grid_ms)
    rows = line_up(early, head_ms, speaker.grid_ms)
    early_end_ms = rows[-1][0] + rows[-1][1].length_ms + PAUSE_MS if rows else head_ms
    if late:
        packed = line_up(late, early_end_ms, speaker.grid_ms)
        packed_end_ms = packed[-1][0] + packed[-1][1].length_ms
        until_ms = min(end_ms - SETTLE_MS, closing[0][0] - PAUSE_MS if closing else end_ms)
        spare_ms = until_ms - packed_end_ms
        shift_ms = max(0, spare_ms // speaker.grid_ms * speaker.grid_ms) if gap.kind == "rest" else 0
        rows += [(start_ms + shift_ms, words) for start_ms, words in packed]
    rows += closing
    if rows and gap.ahead is not None and not gap.ahead.traits.is_exercise:
        rows[-1] = _to_the_end(*rows[-1], end_ms, speaker.grid_ms)
    return tuple(Laid(start_ms, words.length_ms, words.cue, words.line) for start_ms, words in rows)


def _before_the_count(
    gap: Gap, chosen: Sequence[Spoken], end_ms: int, grid_ms: int
) -> list[tuple[int, Spoken]]:
    """The way in, so that it ends as the count begins."""
    rows = line_up([words for words in chosen if _closes(words)], 0, grid_ms)
    if not rows:
        return []
    length_ms = rows[-1][0] + rows[-1][1].length_ms
    start_ms = (end_ms - _lead_ms(gap, closes=True) - length_ms) // grid_ms * grid_ms
    return [(start_ms + row_ms, words) for row_ms, words in rows]


def _to_the_end(start_ms: int, last: Spoken, end_ms: int, grid_ms: int) -> tuple[int, Spoken]:
    """The words of a timed silence: it begins as they end."""
    if last.cue.cue != "guide":
        return start_ms, last
    return max(start_ms, (end_ms - last.length_ms) // grid_ms * grid_ms), last
