"""How long a rest is, and ten seconds before its end: what is said about its time is true.

In: a gap, its cues, and the layout that they got. Out: the cues with the time that is left as they begin, and
where the calls before the end stand.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from audiocoach.coaching.cues import SILENCE, Cue, Laid, Line, Weight
from audiocoach.coaching.slots import values_of
from audiocoach.coaching.space import PAUSE_MS, Space
from audiocoach.language.phrases import slots_in
from audiocoach.records import dataclass, replace
from audiocoach.units import MS_PER_SECOND, floor_to

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiocoach.coaching.pen import Pen
    from audiocoach.coaching.speaker import Speaker
    from audiocoach.coaching.steps import Effort, Gap

REST_WORDS_FROM_MS = 8 * MS_PER_SECOND
# From here on a rest is told with its length, where nobody says otherwise; else from the other one on.
LENGTH_FROM_MS = 10 * MS_PER_SECOND
_LENGTH_WHERE_WANTED_FROM_MS = 5 * MS_PER_SECOND
CALL_MS = 10 * MS_PER_SECOND
CALL_FROM_MS = 15 * MS_PER_SECOND
# Words that end so long before the call are forgotten when it comes.
_FORGOTTEN_MS = 6 * MS_PER_SECOND
# What is said about a time is as true as this: nobody hears the difference.
EXACT_MS = 1 * MS_PER_SECOND
# A rest is called by its own length for so long. The words of coming out of a position go before that: in a
# longer one its own length is nearer to what is left than the next five seconds below.
_SAME_MS = 1500
_SAME_WHERE_LONG_MS = 2500
_SAME_PART = 10
# Who has no clock counts in fives.
_EVEN_MS = 5 * MS_PER_SECOND
# A rest that is shorter is told in seconds alone where it has to be short.
_SECONDS_UNTIL = 120
# Between how to get ready and the way in: they would be taken for one order.
_GET_READY_MS = 2 * MS_PER_SECOND


def has_time_for_words(gap: Gap) -> bool:
    """Whether a gap is a rest that is long enough for words that only fill a silence."""
    return gap.kind == "rest" and gap.length_ms >= REST_WORDS_FROM_MS


# -- how long it is ---------------------------------------------------------------------------------


def rest_cues(pen: Pen, gap: Gap) -> Iterator[Cue]:
    """That it is a rest, and how long: in one of the wordings of the entry that hold its `<text>`."""
    wanted = gap.delivery.announce.rest
    from_ms = _LENGTH_WHERE_WANTED_FROM_MS if wanted else LENGTH_FROM_MS
    if gap.kind != "rest" or wanted is False or gap.length_ms < min(from_ms, REST_WORDS_FROM_MS):
        return
    told = gap.length_ms >= from_ms
    wording = pen.speaker.pack.wording_where(
        "rest", lambda text: _has_length(text) == told, pen.told.turn("rest")
    )
    cue = Cue(
        "rest",
        pen.speaker.fill_text(wording, _time_values(gap.length_ms, pen.speaker)),
        pen.position,
        pen.delivery,
        short=_in_short(gap.length_ms, pen.speaker) if told else SILENCE,
        weight=Weight.TIME if told else Weight.REST,
        entry="rest",
        timed=wording if _has_length(wording) else "",
    )
    yield cue


def _has_length(wording: str) -> bool:
    return "text" in slots_in(wording)


def _time_values(time_ms: int, speaker: Speaker) -> dict[str, str]:
    return {"text": speaker.pack.time(_nearest(time_ms, MS_PER_SECOND))}


def _in_short(time_ms: int, speaker: Speaker) -> Line:
    """`Rest, 30.`: where there is no room for more; from two minutes on nobody counts it in seconds."""
    seconds = _nearest(time_ms, MS_PER_SECOND) // MS_PER_SECOND
    text = str(seconds) if seconds < _SECONDS_UNTIL else speaker.pack.time(seconds * MS_PER_SECOND)
    return speaker.phrase("rest_short", {"text": text})


def _nearest(time_ms: int, unit_ms: int) -> int:
    return (time_ms + unit_ms // 2) // unit_ms * unit_ms


def said_ms(declared_ms: int, whole_ms: int, left_ms: int, after_ms: int) -> int:
    """What a coach calls a rest: as it was declared where it has just begun, else never more than is left.

    `left_ms` are left as the words begin, from where one counts, `after_ms` as they end. What is left is told
    in fives, and 0 where that is too little to be told.
    """
    declared_ms = _nearest(declared_ms, MS_PER_SECOND)
    if abs(declared_ms - whole_ms) <= EXACT_MS and whole_ms - left_ms <= same_ms(declared_ms):
        return declared_ms
    return floor_to(left_ms, _EVEN_MS) if after_ms >= CALL_FROM_MS else 0


def same_ms(declared_ms: int) -> int:
    """For how long a rest is called by its own length: a tenth of it, 1.5 s at least and 2.5 s at most."""
    return min(_SAME_WHERE_LONG_MS, max(_SAME_MS, declared_ms // _SAME_PART))


def retold(cues: Sequence[Cue], time_ms: int, speaker: Speaker) -> tuple[Cue, ...]:
    """The cues, those that tell a time with this one, with 0 in words that tell none, if there are any."""
    if not time_ms:
        return tuple(_untimed(cue, speaker) if cue.timed else cue for cue in cues)
    line = partial(speaker.fill_text, values=_time_values(time_ms, speaker))
    short = _in_short(time_ms, speaker)
    return tuple(
        replace(cue, line=line(cue.timed), short=short if cue.short else SILENCE) if cue.timed else cue
        for cue in cues
    )


def _untimed(cue: Cue, speaker: Speaker) -> Cue:
    """That it is a rest, without its length; silence where all words for it tell that."""
    wording = speaker.pack.wording_where("rest", lambda text: not _has_length(text), 0)
    line = SILENCE if _has_length(wording) else speaker.fill_text(wording, {})
    return replace(cue, line=line, short=SILENCE, timed="")


# -- ten seconds before its end ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CallBack:
    """What calls the listener back: `Ten seconds.`, and how to get into position.

    It is `needed` where she may have left the position; else only where nothing was said for long.
    """

    call: Cue | None
    get_ready: Cue | None
    needed: bool

    @property
    def cues(self) -> tuple[Cue, ...]:
        """Both, in order."""
        return tuple(cue for cue in (self.call, self.get_ready) if cue is not None)


def call_back_of(pen: Pen, gap: Gap, effort: Effort, *, known: bool) -> CallBack | None:
    """What calls back to an effort before the end of a gap.

    How to get ready is told where the way into it is `known`; in a gap that grows it is one of its words.
    """
    manner = effort.delivery
    if not effort.traits.is_exercise or manner.cues == "tones":
        return None
    is_called = manner.announce.rest if manner.cues != "full" else manner.announce.rest is not False
    call = pen.own("ten_seconds", "time_left", {}, weight=Weight.REMINDER) if is_called else None
    ready = None if gap.kind == "switch" or gap.grows == "ready" else get_ready_cue(pen, effort, known=known)
    return CallBack(call, ready, needed=known)


def get_ready_cue(pen: Pen, effort: Effort, *, known: bool) -> Cue | None:
    """How to get ready for a move that was done before, None where nothing is to be said of it.

    Whoever was led out of a position that has no words to come back to it hears again how to get there.
    """
    move = effort.move
    words = move.get_ready or (move.setup if move.finish else None)
    if words is None or not known:
        return None
    line = pen.speaker.fill(words, values_of(effort, pen.speaker.pack))
    return Cue("get_ready", line, words.position, effort.delivery, weight=Weight.REMINDER, late=True)


def lay_call_back(
    back: CallBack, rows: Sequence[Laid], span_ms: tuple[int, int, int], lead_ms: int, speaker: Speaker
) -> tuple[Laid, ...]:
    """The call at ten seconds before the go, and what follows it, beside the words that have their `rows`.

    `span_ms` is the gap's start, when words may begin in it, and the go; all ends `lead_ms` before it. In a
    short gap only how to get ready is told.
    """
    start_ms, head_ms, go_ms = span_ms
    space = Space(max(start_ms, head_ms), go_ms - lead_ms, speaker.grid_ms)
    space = space.taking([(row.start_ms, row.length_ms) for row in rows])
    quiet_ms = max((row.start_ms + row.length_ms for row in rows), default=start_ms)
    if not back.needed and go_ms - CALL_MS - quiet_ms < _FORGOTTEN_MS:
        return ()
    called: tuple[Laid, ...] = ()
    if back.call and back.call.line and go_ms - start_ms >= CALL_FROM_MS:
        called = _laid(back.call, _near(space, go_ms - CALL_MS, _length_ms(back.call, speaker)), speaker)
    # Where one changes sides it is told with the side, in a short rest or where it is the setup.
    if not back.get_ready or any(_tells_the_same(row.cue, back.get_ready) for row in rows):
        return called
    way_in_ms = min((row.start_ms for row in rows if row.cue.cue == "at_go"), default=None)
    if way_in_ms is not None:
        space = space.closed(way_in_ms - _GET_READY_MS, way_in_ms)
    return called + _get_ready(back.get_ready, called, space, go_ms, speaker)


def _tells_the_same(cue: Cue, ready: Cue) -> bool:
    return cue.cue == "get_ready" or (cue.cue == "setup" and cue.position == ready.position)


def _get_ready(
    cue: Cue, called: Sequence[Laid], space: Space, go_ms: int, speaker: Speaker
) -> tuple[Laid, ...]:
    """Right behind the call, else before it; where there is none, as the last words before the count."""
    length_ms = _length_ms(cue, speaker)
    if not called:
        return _laid(cue, space.last(go_ms - CALL_MS, space.end_ms, length_ms), speaker)
    after_ms = called[0].start_ms + called[0].length_ms + PAUSE_MS
    space = space.taken(called[0].start_ms, called[0].length_ms)
    place = space.first(after_ms, after_ms + EXACT_MS, length_ms)
    if place is None:
        until_ms = called[0].start_ms - PAUSE_MS - length_ms
        place = space.last(until_ms - CALL_MS, until_ms, length_ms)
    return _laid(cue, place, speaker)


def _near(space: Space, time_ms: int, length_ms: int) -> int | None:
    """The place that is nearest to a time, a second from it at most."""
    later = space.first(time_ms, time_ms + EXACT_MS, length_ms)
    earlier = space.last(time_ms - EXACT_MS, time_ms, length_ms)
    places = [place for place in (later, earlier) if place is not None]
    return min(places, key=lambda place: abs(place - time_ms), default=None)


def _length_ms(cue: Cue, speaker: Speaker) -> int:
    return speaker.length_ms(cue.line, cue.delivery)


def _laid(cue: Cue, start_ms: int | None, speaker: Speaker) -> tuple[Laid, ...]:
    return () if start_ms is None else (Laid(start_ms, _length_ms(cue, speaker), cue, cue.line),)
