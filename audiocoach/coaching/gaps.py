"""The inside of a gap: its words in order, the count-in at its end, and how long it must be.

A gap of no declared length grows to its words. A fixed one says less: first without what only fills silence,
then the shorter wordings, then without what matters least, and only then it is lengthened; each is a
note (law 4).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.countdown import Counted, Window, count_in_ms, count_to
from audiocoach.coaching.cues import Laid, Weight
from audiocoach.coaching.encouragement import UNOWED
from audiocoach.coaching.notes import Note
from audiocoach.coaching.space import APART_MS, PAUSE_MS
from audiocoach.records import dataclass
from audiocoach.units import MS_PER_SECOND, ceil_to, ms_to_clock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiocoach.coaching.cues import Cue, Line
    from audiocoach.coaching.speaker import Speaker
    from audiocoach.coaching.steps import Gap
    from audiocoach.coaching.timeline import Event, Speech

_HURRY = "for want of time"
READY_LEAD_MS = 5 * MS_PER_SECOND
# Where a rest is long, so much of it is left for getting into position.
SETTLE_MS = 12 * MS_PER_SECOND
# Which round or set it is: where a gap has no room to say it, it is said as the set begins.
CARRIED_KINDS = frozenset({"round", "set", "last"})


@dataclass(frozen=True, slots=True)
class Spoken:
    """A cue in the wording that was chosen."""

    cue: Cue
    line: Line
    length_ms: int


@dataclass(frozen=True, slots=True)
class GapLayout:
    """A gap with its times: from `start_ms` to `end_ms`, what sounds in it, and what is noted.

    `cues` are those that are heard in it, `carried` those that the effort after it has to say.
    """

    start_ms: int
    end_ms: int
    events: tuple[Event, ...]
    notes: tuple[Note, ...]
    cues: tuple[Cue, ...] = ()
    carried: tuple[Cue, ...] = ()


def lay_gap(  # noqa: PLR0913 - where a gap lies, what is said in it, and what sounds before it
    gap: Gap, cues: Sequence[Cue], start_ms: int, head_ms: int, speaker: Speaker, *, met: bool = False
) -> GapLayout:
    """Give a gap its length and its words their times.

    `start_ms` is where it begins, `head_ms` the first moment at which words may start. It has `met` the tone
    that closes an effort where one sounds at `start_ms`.
    """
    limit_ms = start_ms + gap.length_ms if gap.grows in ("fixed", "grid") else None
    chosen, dropped, shortened = _fit(gap, cues, head_ms, limit_ms, speaker)
    words_end_ms = (
        line_up(chosen, head_ms, speaker.grid_ms)[-1][0] + chosen[-1].length_ms if chosen else start_ms
    )
    needed_ms = words_end_ms + _lead_ms(gap) if chosen else start_ms
    end_ms = max(start_ms + gap.length_ms, needed_ms)
    is_longer = limit_ms is not None and end_ms > limit_ms
    if _takes_slack(gap) and end_ms > start_ms:
        end_ms = ceil_to(end_ms, MS_PER_SECOND)
    carried = tuple(cue for cue in dropped if cue.cue in CARRIED_KINDS and gap.ahead is not None)
    lost = [cue for cue in dropped if cue not in carried]
    notes = [*shortened, *left_out(gap, lost, head_ms)]
    notes += [_lengthened(gap, start_ms, end_ms)] if is_longer else []
    counted = _count_in(gap, (start_ms + 1 if met else start_ms, head_ms), end_ms, speaker)
    return GapLayout(
        start_ms=start_ms,
        end_ms=end_ms,
        events=(
            *_speeches(gap, chosen, head_ms, end_ms, speaker),
            *counted.tones,
            *(speech for number in counted.laid for speech in number.speeches(speaker)),
        ),
        notes=(*notes, *counted.notes),
        cues=tuple(words.cue for words in chosen),
        carried=carried,
    )


def _takes_slack(gap: Gap) -> bool:
    silent = gap.ahead is not None and not gap.ahead.traits.is_exercise
    return gap.kind != "release" and gap.grows != "grid" and not (silent and gap.grows == "step")


def _lead_ms(gap: Gap) -> int:
    """The silence that must follow the words: for the count-in, and to get into position."""
    if gap.ahead is None:
        return APART_MS
    if not gap.ahead.traits.is_exercise:
        return 0
    counted_ms = count_in_ms(gap.ahead) + APART_MS
    return max(READY_LEAD_MS, counted_ms) if gap.grows == "ready" else counted_ms


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
    notes: list[Note] = []

    def leave_out(weight: Weight) -> None:
        for words in sorted(chosen, key=lambda words: -words.cue.weight):
            if words.cue.weight >= weight and not _ends_by(chosen, head_ms, until_ms, speaker.grid_ms):
                chosen.remove(words)
                dropped.append(words.cue)

    def shorten(*, dose: bool) -> None:
        for words in sorted(chosen, key=lambda words: -words.cue.weight):
            is_next = words.cue.short and (words.cue.cue == "announce") == dose
            if is_next and not _ends_by(chosen, head_ms, until_ms, speaker.grid_ms):
                chosen[chosen.index(words)] = spoken(words.cue, words.cue.short, speaker)
                text = words.line.text
                notes.append(
                    Note(gap.position, "said shorter", _HURRY, head_ms, text, code="shortened-words")
                )

    leave_out(Weight.REMINDER)
    # The dose is told with the name: all else is shorter first, and what is easier is not offered.
    shorten(dose=False)
    leave_out(Weight.OFFER)
    shorten(dose=True)
    leave_out(Weight.FORETOLD)
    return chosen, dropped, notes


def left_out(gap: Gap, cues: Sequence[Cue], time_ms: int) -> list[Note]:
    """What there is to remark of words that had no room; nothing where they were said before."""
    told = [cue.line.text for cue in cues if cue.weight != Weight.FORETOLD and cue.cue not in UNOWED]
    return [Note(gap.position, "left out", _HURRY, time_ms, text) for text in told]


def spoken(cue: Cue, line: Line, speaker: Speaker) -> Spoken:
    """A cue in this wording, measured."""
    return Spoken(cue, line, speaker.length_ms(line, cue.delivery))


def _lengthened(gap: Gap, start_ms: int, end_ms: int) -> Note:
    what = f"the {gap.kind} of {ms_to_clock(gap.length_ms)} became"
    why, length_ms = "its words need that long", end_ms - start_ms
    return Note(gap.position, what, why, start_ms, length_ms=length_ms, code="longer-gap")


def _speeches(
    gap: Gap, chosen: Sequence[Spoken], head_ms: int, end_ms: int, speaker: Speaker
) -> list[Speech]:
    """Words at the start of the gap; in a long rest the late ones close to its end.

    A switch and a ready are there for getting into position: how to is said at once.
    """
    early = [words for words in chosen if not words.cue.late]
    late = [words for words in chosen if words.cue.late]
    rows = line_up(early, head_ms, speaker.grid_ms)
    early_end_ms = rows[-1][0] + rows[-1][1].length_ms + PAUSE_MS if rows else head_ms
    if late:
        packed = line_up(late, early_end_ms, speaker.grid_ms)
        packed_end_ms = packed[-1][0] + packed[-1][1].length_ms
        spare_ms = end_ms - SETTLE_MS - packed_end_ms
        shift_ms = max(0, spare_ms // speaker.grid_ms * speaker.grid_ms) if gap.kind == "rest" else 0
        rows += [(start_ms + shift_ms, words) for start_ms, words in packed]
    if rows and gap.ahead is not None and not gap.ahead.traits.is_exercise:
        rows[-1] = _to_the_end(*rows[-1], end_ms, speaker.grid_ms)
    laid = (Laid(start_ms, words.length_ms, words.cue, words.line) for start_ms, words in rows)
    return [speech for words in laid for speech in words.speeches(speaker)]


def _to_the_end(start_ms: int, last: Spoken, end_ms: int, grid_ms: int) -> tuple[int, Spoken]:
    """The words of a timed silence: it begins as they end."""
    if last.cue.cue != "guide":
        return start_ms, last
    return max(start_ms, (end_ms - last.length_ms) // grid_ms * grid_ms), last
