"""From a plan and the length of its words to the timeline. Pure.

`schedule(plan, measure)` goes through the steps once, left to right, and hands a `Playhead` from one to the
next. A gap gets its length from its words, an effort has its length already; where two efforts meet, what
comes next is said in the first.
"""

from __future__ import annotations

from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from audiocoach.coaching.beds import beds
from audiocoach.coaching.chapters import chapters
from audiocoach.coaching.cues import Cue, Laid, Weight
from audiocoach.coaching.effort.bounds import Bounds, closing, edge
from audiocoach.coaching.effort.lay import lay_effort
from audiocoach.coaching.effort.layout import ground_of
from audiocoach.coaching.encouragement import may_explain
from audiocoach.coaching.ending import closing_cues, is_closed, with_close_in_rest
from audiocoach.coaching.gaps import CARRIED_KINDS, lay_gap, left_out, possible_ends_ms, said_shorter
from audiocoach.coaching.lookahead import Lookahead, find_unbroken, look_ahead
from audiocoach.coaching.memory import Reminded, Told
from audiocoach.coaching.needs import knowing_needs, needs_cue
from audiocoach.coaching.notes import gather_notes, quote_some
from audiocoach.coaching.offers import untold_offers
from audiocoach.coaching.outline import outline
from audiocoach.coaching.places import HALF_FROM_MS, find_places, half_of, places_of
from audiocoach.coaching.positions import arrival_at, finish_alone
from audiocoach.coaching.rests import has_time_for_words
from audiocoach.coaching.ringing import ring
from audiocoach.coaching.script import Moment, call_back, gap_cues, talk_cue
from audiocoach.coaching.sides import in_the_middle, on_their_sides
from audiocoach.coaching.slots import reminders_of
from audiocoach.coaching.space import APART_MS, PAUSE_MS
from audiocoach.coaching.speaker import speaker_of
from audiocoach.coaching.steps import Effort, Gap, PauseStep, SayStep, ToneStep
from audiocoach.coaching.timeline import Interval, Speech, Timeline
from audiocoach.coaching.trace import NO_TRACE, Row, Trace, Whole
from audiocoach.coaching.waking import wake_tone
from audiocoach.errors import Problem, quote
from audiocoach.language.phrases import least_about_ms
from audiocoach.records import dataclass, replace
from audiocoach.routine.wordings import nearest
from audiocoach.unions import assert_never
from audiocoach.units import MS_PER_SECOND, ceil_to

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from audiocoach.coaching.effort.layout import EffortLayout, Ground
    from audiocoach.coaching.gaps import GapLayout
    from audiocoach.coaching.memory import Fact
    from audiocoach.coaching.notes import Note
    from audiocoach.coaching.places import Place
    from audiocoach.coaching.speaker import Speaker
    from audiocoach.coaching.steps import Heading, Plan, Step
    from audiocoach.coaching.timeline import Event, Utterance
    from audiocoach.errors import Position
    from audiocoach.routine.model import Words

# How often a spoken total is brought in line with the session that it is spoken in.
_ROUNDS = 6
# Earphones without a wire take up to a second to wake, and swallow what is said meanwhile.
FIRST_WORD_MS = 1000


def schedule(
    plan: Plan, measure: Callable[[Utterance], int], check: Callable[[], None] = lambda: None
) -> Timeline:
    """The whole session. `measure` tells how many ms an utterance takes; it is asked, never told.

    `check` is called at every step, repetition and breath: a layout ends early by what it raises.

    A spoken `<duration>` changes the length of the session that it names: the session is laid out
    again until what is said is true (law 5). At first these words are estimated: nobody is asked to
    speak of a length that the session will not have.
    """
    return retraced(plan, measure, check)[0]


def retraced(
    plan: Plan, measure: Callable[[Utterance], int], check: Callable[[], None], before: Trace = NO_TRACE
) -> tuple[Timeline, Trace]:
    """The same, and its trace for the next time; what did not change since `before` is not laid out again."""
    plan, declared_ms, frame = before.aligned(plan), _declared_ms(plan), _frame_of(plan)
    known = before.under(frame).passes
    speaker = speaker_of(plan, measure, declared_ms, check, sketch=True)
    sketch = _laid_out(plan, speaker, declared_ms, Trace(passes=known))
    if not sketch.names_duration and sketch.duration_ms < HALF_FROM_MS:
        return sketch.timeline(plan), Trace(frame, plan.steps, (sketch.rows,))
    last, said_ms, least_ms = sketch, sketch.duration_ms, 0
    for turn in range(_ROUNDS):
        speaker = speaker_of(plan, measure, said_ms, check)
        last = _laid_out(plan, speaker, said_ms, Trace(passes=(last.rows, *known[1:])), least_ms)
        if plan.pack.about(last.duration_ms) == plan.pack.about(said_ms):
            break
        if turn and last.duration_ms < said_ms:
            # The words for fewer minutes made it longer, those for more make it shorter again:
            # a silence at the end makes this number true.
            least_ms = least_about_ms(said_ms)
        else:
            said_ms = last.duration_ms
    return last.timeline(plan), Trace(frame, plan.steps, (sketch.rows, last.rows))


def _declared_ms(plan: Plan) -> int:
    """A first guess at the length of the session: its efforts and gaps without their words."""
    return sum(step.length_ms for step in plan.steps if isinstance(step, Effort | Gap | PauseStep))


@dataclass(frozen=True, slots=True)
class Playhead:
    """Where a session has come to.

    `clear_ms` is the first moment at which words may start: after the last sound, and not within a count.
    `before` is the effort that was done last, `met` the one whose switch tone has opened the next already.
    `next_gap` is the gap that was laid out with the effort before it, `carried` what it had no room to say.
    """

    now_ms: int = 0
    clear_ms: int = FIRST_WORD_MS
    told: Told = Told()
    before: Effort | None = None
    met: Effort | None = None
    next_gap: GapLayout | None = None
    carried: tuple[Cue, ...] = ()

    def at(self, end_ms: int) -> Playhead:
        """The same, later."""
        return replace(self, now_ms=end_ms, clear_ms=max(self.clear_ms, end_ms))


@dataclass(frozen=True, slots=True)
class Passage:
    """What one step adds to a session; `names_duration` tells whether the session's length is spoken.

    The listener hears the `cues`, of the move `ahead`, or of an effort that was `led`.
    """

    events: tuple[Event, ...] = ()
    intervals: tuple[Interval, ...] = ()
    headings: tuple[tuple[int, Heading], ...] = ()
    notes: tuple[Note, ...] = ()
    names_duration: bool = False
    cues: tuple[Cue, ...] = ()
    ahead: str = ""
    led: Effort | None = None

    def told(self, before: Told) -> Told:
        """What the listener knows after it."""
        if self.led is None:
            return before.heard(self.cues, self.ahead)
        return before.led_through(self.led).heard(self.cues, self.led.move.key)


@dataclass(frozen=True, slots=True)
class _Pass:
    """A session as laid out once: its acts, and the `end` behind them."""

    rows: tuple[Row, ...]
    end: Passage
    duration_ms: int

    @property
    def names_duration(self) -> bool:
        """Whether its length is spoken in it."""
        return any(row.part.names_duration for row in self.rows)

    def timeline(self, plan: Plan) -> Timeline:
        """All of it."""
        return _joined(plan, [*(row.part for row in self.rows), self.end], self.duration_ms)


@dataclass(frozen=True, slots=True)
class _Premises:
    """What holds for every step; `unbroken` is what changes in a `do` without a gap.

    `places` are those of the moves in a session that lasts about `session_ms`.
    """

    plan: Plan
    speaker: Speaker
    unbroken: Mapping[int, frozenset[str]]
    places: Mapping[int, Place]
    session_ms: int

    def after(self, index: int) -> Step | None:
        """The step that follows."""
        steps = self.plan.steps
        return steps[index + 1] if index + 1 < len(steps) else None


def _laid_out(plan: Plan, speaker: Speaker, session_ms: int, before: Trace, least_ms: int = 0) -> _Pass:
    plan = with_close_in_rest(plan, speaker)
    whole = Whole(frozenset(_whole(speaker, speaker.general)), speaker.measure)
    named: set[str] = set()
    lengths_ms: dict[Utterance, int] = {}
    asked: set[Fact | str] = set()

    def measure(phrase: Utterance) -> int:
        lengths_ms[phrase] = whole.measure(phrase)
        return lengths_ms[phrase]

    speaker = replace(speaker, measure=measure, on_general=named.update)
    session = _Premises(plan, speaker, find_unbroken(plan.steps), find_places(plan.steps), session_ms)
    state, rows = Playhead(told=knowing_needs(Told(), plan)), []
    for number, (index, act) in enumerate(_acts(plan, speaker)):
        speaker.check()
        around = _around(session, state, act, index)
        row = before.row(number, around, state, whole)
        if row is None:
            named.clear()
            lengths_ms.clear()
            asked.clear()
            listened = replace(state, told=replace(state.told, asked=asked))
            after, part = _perform(session, listened, act, index)
            after = replace(after, told=part.told(state.told))
            lengths = tuple(lengths_ms.items())
            row = Row(around, state, _whole(speaker, named), lengths, frozenset(asked), after, part)
        rows.append(row)
        state = row.after
    state, end = _done(plan, state, least_ms)
    return _Pass(tuple(rows), end, state.now_ms)


def _whole(speaker: Speaker, names: Iterable[str]) -> tuple[object, ...]:
    """Of what holds for the whole session, what has these names; its length may be a guess."""
    return tuple((name, speaker.general[name], speaker.sketch and name == "duration") for name in names)


def _frame_of(plan: Plan) -> tuple[object, ...]:
    """What every step is laid out by: with the same, the same `around` it gives the same."""
    return plan.division, plan.delivery, plan.language, plan.pronounce, plan.pack, plan.grid_ms


def _around(session: _Premises, state: Playhead, act: Step | Cue, index: int) -> tuple[object, ...]:
    """All of a plan besides its frame that an act is laid out from."""
    match act:
        case Gap():
            return act, *_around_gap(session, act, index, state.now_ms)
        case Effort() if isinstance(gap := session.after(index), Gap):
            return act, gap, *_around_gap(session, gap, index + 1, state.now_ms + act.length_ms)
        case _:
            return (act,)


def _around_gap(session: _Premises, gap: Gap, index: int, start_ms: int) -> tuple[object, ...]:
    """What is said in a gap is of what lies around it, and of where in the session it lies."""
    ahead = gap.ahead
    return (
        session.after(index + 1),
        session.unbroken.get(ahead.number) if ahead else None,
        places_of(session.places, ahead),
        arrival_at(session.plan.steps, index),
        half_of(start_ms, session.session_ms),
    )


def _joined(plan: Plan, parts: Sequence[Passage], duration_ms: int) -> Timeline:
    sounds = [event for part in parts for event in part.events]
    events = sorted(sounds, key=lambda event: (event.start_ms, event.end_ms))
    notes = [note for part in parts for note in part.notes]
    headings = [heading for part in parts for heading in part.headings]
    intervals = tuple(interval for part in parts for interval in part.intervals)
    events.sort(key=lambda event: (event.start_ms, event.end_ms))
    return Timeline(
        title=plan.title,
        language=plan.language,
        duration_ms=duration_ms,
        events=(
            *wake_tone(plan, events),
            *(on_their_sides(events, intervals) if plan.stereo else in_the_middle(events)),
        ),
        intervals=intervals,
        chapters=chapters(headings, plan.division, plan.title, duration_ms, nearest(plan.language)),
        notes=tuple(
            sorted(
                (
                    *gather_notes(notes),
                    *_unsaid_reminders(plan, events),
                    *_untold_reasons(plan, events),
                    *untold_offers(plan.steps, events),
                    *_untold_steps(plan, events),
                )
            )
        ),
        equipment=plan.equipment,
        outline=outline(plan.steps, plan.pack),
        music=beds(intervals),
    )


def _acts(plan: Plan, speaker: Speaker) -> Iterator[tuple[int, Step | Cue]]:
    """The steps in order, with an opening and a close where there is none, the safety line and the needs."""
    steps = plan.steps
    opens = bool(steps) and isinstance(steps[0], SayStep)
    first = [(-1, cue) for cue in (*_safety(plan, speaker), *needs_cue(plan, speaker))]
    if not opens:
        yield from ((-1, cue) for cue in _frame(plan, speaker, "opening"))
        yield from first
    for index, step in enumerate(steps):
        yield index, step
        yield from ((-1, cue) for cue in finish_alone(steps, index, speaker))
        if opens and index == 0:
            yield from first
    if not is_closed(steps):
        yield from ((-1, cue) for cue in closing_cues(plan, speaker))


def _frame(plan: Plan, speaker: Speaker, entry: str) -> Iterator[Cue]:
    """The pack's own opening or close."""
    line = speaker.phrase(entry, {})
    if line and plan.delivery.cues != "tones":
        yield Cue(entry, line, plan.position, plan.delivery)


def _safety(plan: Plan, speaker: Speaker) -> Iterator[Cue]:
    if plan.safety is not None:
        yield Cue("safety", speaker.fill(plan.safety, {}), plan.safety.position, plan.delivery)


def _perform(session: _Premises, state: Playhead, act: Step | Cue, index: int) -> tuple[Playhead, Passage]:
    match act:
        case Gap():
            return _gap(session, state, act, index)
        case Effort():
            return _effort(session, state, act, index)
        case _:
            return _perform_aside(session, state, act)


def _perform_aside(
    session: _Premises, state: Playhead, act: SayStep | PauseStep | ToneStep | Cue
) -> tuple[Playhead, Passage]:
    match act:
        case Cue():
            return _frame_talk(session, state, act)
        case SayStep():
            return _talk(session, state, act)
        case PauseStep():
            return _hush(session, state, act)
        case ToneStep():
            return _bell(session, state, act)
        case _:
            assert_never(act)


# -- what is no exercise ----------------------------------------------------------------------------


def _frame_talk(session: _Premises, state: Playhead, cue: Cue) -> tuple[Playhead, Passage]:
    """Words that no step has."""
    laid = _said(session, state, cue)
    end_ms = ceil_to(laid.start_ms + laid.length_ms + PAUSE_MS, MS_PER_SECOND)
    interval = _plain_interval("talk", state.now_ms, end_ms, cue.position, session.plan)
    events = tuple(laid.speeches(session.speaker))
    return state.at(end_ms), Passage(events, (interval,), names_duration=_names_duration([cue]))


def _talk(session: _Premises, state: Playhead, talk: SayStep) -> tuple[Playhead, Passage]:
    state, headings = _begin(session.plan, state, talk)
    cue = talk_cue(talk, session.speaker)
    if not cue.line:
        # A phrase of a lesson that the author has silenced: the time to do it stays.
        return _unsaid(state, talk, headings)
    laid = _said(session, state, cue)
    words_end_ms = laid.start_ms + laid.length_ms
    intervals: tuple[Interval, ...]
    if talk.pause_ms:
        end_ms = words_end_ms + talk.pause_ms
        intervals = (
            _interval("talk", state.now_ms, words_end_ms, talk),
            _interval("pause", words_end_ms, end_ms, talk),
        )
    else:
        end_ms = ceil_to(words_end_ms + PAUSE_MS, MS_PER_SECOND)
        intervals = (_interval("talk", state.now_ms, end_ms, talk),)
    events = tuple(laid.speeches(session.speaker))
    return state.at(end_ms), Passage(events, intervals, headings, names_duration=_names_duration([cue]))


def _unsaid(
    state: Playhead, talk: SayStep, headings: tuple[tuple[int, Heading], ...]
) -> tuple[Playhead, Passage]:
    end_ms = state.now_ms + talk.pause_ms
    rows = (_interval("pause", state.now_ms, end_ms, talk),) if talk.pause_ms else ()
    return state.at(end_ms), Passage((), rows, headings)


def _said(session: _Premises, state: Playhead, cue: Cue) -> Laid:
    """A cue as soon as it may be said."""
    start_ms = ceil_to(max(state.now_ms, state.clear_ms), session.speaker.grid_ms)
    return Laid(start_ms, session.speaker.length_ms(cue.line, cue.delivery), cue, cue.line)


def _hush(session: _Premises, state: Playhead, hush: PauseStep) -> tuple[Playhead, Passage]:
    state, headings = _begin(session.plan, state, hush)
    end_ms = state.now_ms + hush.length_ms
    return state.at(end_ms), Passage((), (_interval("pause", state.now_ms, end_ms, hush),), headings)


def _bell(session: _Premises, state: Playhead, bell: ToneStep) -> tuple[Playhead, Passage]:
    state, headings = _begin(session.plan, state, bell)
    sound = ring(bell.delivery, bell.tone).alone()
    start_ms = max(state.now_ms, state.clear_ms) if state.now_ms else 0
    end_ms = ceil_to(start_ms + sound.length_ms + APART_MS, MS_PER_SECOND)
    events = (sound.at(start_ms, bell.tone, bell.position),)
    return state.at(end_ms), Passage(events, (_interval("talk", state.now_ms, end_ms, bell),), headings)


def _done(plan: Plan, state: Playhead, least_ms: int) -> tuple[Playhead, Passage]:
    """The last tone of all, and the silence after it."""
    end_ms = max(state.now_ms, state.clear_ms)
    events: tuple[Event, ...] = ()
    if plan.delivery.tones != "none":
        sound = ring(plan.delivery, "done" if plan.delivery.tones == "full" else "bell")
        events = (sound.at(end_ms, "done", plan.position),)
        end_ms += sound.length_ms + PAUSE_MS
    end_ms = ceil_to(max(end_ms, least_ms), MS_PER_SECOND)
    if end_ms <= state.now_ms:
        return state, Passage(events)
    interval = _plain_interval("talk", state.now_ms, end_ms, plan.position, plan)
    return state.at(end_ms), Passage(events, (interval,))


# -- exercise ---------------------------------------------------------------------------------------


def _gap(session: _Premises, state: Playhead, gap: Gap, index: int) -> tuple[Playhead, Passage]:
    layout = state.next_gap
    if layout is None:
        # No effort stands before it in which anything could be told ahead.
        cues = tuple(cue.in_gap() for cue in _cues(session, state, gap, index))
        layout = _lay_gap(session, gap, state.now_ms, state.clear_ms, cues, told=state.told)
    lasts = layout.end_ms > layout.start_ms
    state, headings = _begin(session.plan, state, gap, slack=lasts)
    interval = _interval(gap.kind, state.now_ms, layout.end_ms, gap.ahead or gap)
    intervals = (replace(interval, until="ready" if gap.waits else None),) if lasts else ()
    part = Passage(
        layout.events,
        intervals,
        headings,
        layout.notes,
        _names_duration(layout.cues),
        layout.cues,
        gap.ahead.move.key if gap.ahead else "",
    )
    state = replace(
        state.at(layout.end_ms) if lasts else state,
        next_gap=None,
        carried=(*state.carried, *layout.carried),
    )
    return state, part


def _cues(session: _Premises, state: Playhead, gap: Gap, index: int) -> tuple[Cue, ...]:
    """What is said in the gap that begins there, at this place among the steps."""
    before, told, ahead, lookahead = state.before, state.told, gap.ahead, Lookahead()
    if ahead is not None:
        changes = session.unbroken.get(ahead.number, frozenset())
        after, waits = session.after(index + 1), has_time_for_words(gap)
        starts_ms = possible_ends_ms(gap, state.now_ms, session.speaker.grid_ms)
        lookahead = look_ahead(ahead, after, changes, told, session.speaker, waits=waits, starts_ms=starts_ms)
    place, arrival = places_of(session.places, ahead), arrival_at(session.plan.steps, index)
    speaker, session_ms = session.speaker, session.session_ms
    return gap_cues(Moment(gap, before, lookahead, speaker, arrival, state.now_ms, session_ms, place), told)


def _lay_gap(  # noqa: PLR0913 - where a gap lies, and what sounds before it
    session: _Premises,
    gap: Gap,
    start_ms: int,
    head_ms: int,
    cues: Sequence[Cue],
    *,
    told: Told,
    met: bool = False,
) -> GapLayout:
    if gap.heading and session.plan.division.cuts_at(gap.heading):
        head_ms += ceil_to(start_ms, MS_PER_SECOND) - start_ms
    back = call_back(gap, told, session.speaker)
    return lay_gap(gap, cues, start_ms, max(start_ms, head_ms), session.speaker, back=back, met=met)


@dataclass(frozen=True, slots=True)
class _Meeting:
    """An effort with the gap behind it, what is noted of them, and what the next effort has to say."""

    effort: EffortLayout
    bounds: Bounds
    gap: GapLayout | None = None
    notes: tuple[Note, ...] = ()
    carried: tuple[Cue, ...] = ()
    names_duration: bool = False


def _effort(session: _Premises, state: Playhead, effort: Effort, index: int) -> tuple[Playhead, Passage]:
    meeting = _meet(session, state, effort, index)
    layout, closes_with = meeting.effort, meeting.bounds.closes_with
    end_ms = meeting.bounds.end_ms
    interval = _interval(effort.kind, end_ms - effort.length_ms, end_ms, effort)
    # A silence says nothing: the next exercise of its set does.
    passed_on = () if effort.traits.is_exercise else state.carried
    if not _is_followed_in_its_set(effort, session.after(index)):
        layout, passed_on = _noting_all(layout, passed_on), ()
    notes = (*meeting.notes, *layout.notes)
    said = meeting.names_duration or _names_duration(layout.cues)
    part = Passage(layout.events, (interval,), (), notes, said, layout.cues, led=effort)
    state = Playhead(
        now_ms=end_ms,
        clear_ms=end_ms + closes_with.length_ms + APART_MS,
        before=effort,
        met=effort if closes_with.cue == "switch" else None,
        next_gap=meeting.gap,
        carried=(*passed_on, *meeting.carried),
    )
    return state, part


def _is_followed_in_its_set(effort: Effort, gap: Step | None) -> bool:
    """Whether the effort behind this gap is of the same set, on the same side and in the same way."""
    if not isinstance(gap, Gap) or gap.ahead is None:
        return False
    ahead = gap.ahead
    return (ahead.number, ahead.set, ahead.side, ahead.way) == (
        effort.number,
        effort.set,
        effort.side,
        effort.way,
    )


def _noting_all(layout: EffortLayout, untold: Iterable[Cue]) -> EffortLayout:
    """With a note of each cue that no exercise of its set is left to say."""
    for cue in untold:
        layout = layout.noting(cue.position, cue.line)
    return layout


def _meet(session: _Premises, state: Playhead, effort: Effort, index: int) -> _Meeting:
    """The effort, and the gap that follows it, if one does; one of no length has its words said before."""
    gap, end_ms = session.after(index), state.now_ms + effort.length_ms
    if not isinstance(gap, Gap):
        bounds = _bounds(state, effort, None, None)
        return _Meeting(lay_effort(_ground(session, state, effort, bounds), (), state.carried), bounds)
    told = state.told.led_through(effort)
    cues = _cues(session, replace(state, now_ms=end_ms, before=effort, told=told), gap, index + 1)
    if gap.length_ms == 0 and gap.grows in ("fixed", "grid"):
        met = _meet_at_once(session, state, effort, gap, cues)
        if met is not None:
            return met
    stop = closing(effort, gap)
    head_ms, arrived = end_ms + stop.length_ms + APART_MS, tuple(cue.in_gap() for cue in cues)
    layout = _lay_gap(session, gap, end_ms, head_ms, arrived, told=told, met=bool(stop.tone))
    bounds = _bounds(state, effort, gap, layout.end_ms - end_ms)
    reminded = [fact.words for cue in layout.cues for fact in cue.facts if isinstance(fact, Reminded)]
    ground = _ground(session, state, effort, bounds, next(iter(reminded), None))
    laid = lay_effort(ground, (), state.carried)
    return _Meeting(laid, bounds, layout, names_duration=_names_duration(cues))


def _meet_at_once(
    session: _Premises, state: Playhead, effort: Effort, gap: Gap, cues: tuple[Cue, ...]
) -> _Meeting | None:
    """The effort with all that is to be said of the next one in it; None where it has no room for that."""
    bounds = _bounds(state, effort, gap, 0)
    anchored = tuple(cue for cue in cues if cue.weight == Weight.ANCHORED)
    for tail in dict.fromkeys((cues, anchored, tuple(cue.in_short() for cue in anchored))):
        laid = lay_effort(_ground(session, state, effort, bounds), tail, state.carried)
        if not any(cue in laid.lost for cue in tail):
            layout = _lay_gap(session, gap, bounds.end_ms, 0, (), told=state.told)
            dropped = [cue for cue in cues if cue not in tail and cue not in anchored]
            carried = tuple(cue.in_gap() for cue in dropped if cue.cue in CARRIED_KINDS)
            lost = [cue for cue in dropped if cue.cue not in CARRIED_KINDS]
            shorter = [cue for cue in anchored if cue not in tail]
            notes = (*left_out(gap, lost, bounds.end_ms), *said_shorter(gap, shorter, bounds.end_ms))
            return _Meeting(laid, bounds, layout, notes, carried, _names_duration(cues))
    return None


def _ground(
    session: _Premises, state: Playhead, effort: Effort, bounds: Bounds, promised: Words | None = None
) -> Ground:
    return ground_of(effort, bounds, session.speaker, state.told, promised)


def _bounds(state: Playhead, effort: Effort, gap: Gap | None, gap_ms: int | None) -> Bounds:
    """An effort's place, with a gap of `gap_ms` after it, or None where there is no gap."""
    ahead = gap.ahead if gap is not None else None
    if ahead is not None and not ahead.traits.is_exercise:
        ahead = None
    meets = effort.traits.is_exercise and ahead is not None and gap_ms == 0
    return Bounds(
        start_ms=state.now_ms,
        end_ms=state.now_ms + effort.length_ms,
        opens_with=edge("switch", state.met, effort) if state.met else edge("go", effort),
        closes_with=edge("switch", effort, ahead) if meets and ahead else closing(effort, gap),
        met=state.met is not None,
        gap_after_ms=gap_ms or 0,
        ahead=ahead,
    )


# -- bookkeeping ------------------------------------------------------------------------------------


def _names_duration(cues: Sequence[Cue]) -> bool:
    return any("duration" in cue.line.slots for cue in cues)


def _begin(
    plan: Plan, state: Playhead, step: Gap | SayStep | PauseStep | ToneStep, *, slack: bool = True
) -> tuple[Playhead, tuple[tuple[int, Heading], ...]]:
    """When what begins with a step does: a chapter on a whole second, with its words behind it."""
    if step.heading is None:
        return state, ()
    if not (slack and plan.division.cuts_at(step.heading)):
        return state, ((state.now_ms, step.heading),)
    start_ms = ceil_to(state.now_ms, MS_PER_SECOND)
    return replace(state, clear_ms=max(state.clear_ms, start_ms)), ((start_ms, step.heading),)


def _plain_interval(kind: str, start_ms: int, end_ms: int, position: Position, plan: Plan) -> Interval:
    return Interval(start_ms, end_ms - start_ms, kind, position, music=plan.delivery.music)


def _interval(kind: str, start_ms: int, end_ms: int, step: Step) -> Interval:
    effort = step if isinstance(step, Effort) else None
    return Interval(
        start_ms=start_ms,
        duration_ms=end_ms - start_ms,
        kind=kind,
        position=step.position,
        move=effort.name if effort else None,
        set=effort.set if effort else None,
        sets=effort.sets if effort else None,
        rep=effort.rep if effort else None,
        side=effort.side if effort else None,
        way=effort.way if effort else None,
        round=step.place.round,
        section=step.place.section,
        reps=(effort.reps or None) if effort else None,
        rounds=step.place.rounds,
        weight=(effort.weight or None) if effort else None,
        breaths=_breaths(effort) if effort else None,
        cycle_ms=_cycle_ms(effort) if effort and kind == effort.kind else (),
        music=step.delivery.music,
    )


def _cycle_ms(effort: Effort) -> tuple[int, ...]:
    """What is repeated in it, in its parts."""
    if effort.breath_ms:
        return effort.breath_ms
    return (effort.rep_ms,) if effort.traits.is_counted and effort.rep_ms else ()


def _breaths(effort: Effort) -> int | None:
    return effort.length_ms // sum(effort.breath_ms) if effort.breath_ms else None


def _unsaid_reminders(plan: Plan, events: Sequence[Event]) -> Iterator[Problem]:
    """The reminders of this day that were never said, one note for each line.

    Those of a library are for other doses as well: one that finds no silence in this one waits.
    """
    said = {event.position for event in events if event.cue == "reminder"}
    efforts = [step for step in plan.steps if isinstance(step, Effort)]
    led = [effort for effort in efforts if effort.delivery.cues == "full" and effort.traits.is_exercise]
    every = dict.fromkeys(words for effort in led for words in plan.pack.of_day(reminders_of(effort)))
    own = (words for words in every if words.position.path == plan.position.path)
    unsaid = sorted((words.position, words.text) for words in own if words.position not in said)
    for _, group in groupby(unsaid, key=lambda row: (row[0].path, row[0].line)):
        same = list(group)
        what = f"{len(same)} reminders" if len(same) > 1 else "this reminder"
        texts = quote_some(text for _, text in same)
        message = f"{what} found no silence to be said in: {texts}"
        yield Problem(same[0][0], message, "note", "unsaid-words")


def _untold_reasons(plan: Plan, events: Sequence[Event]) -> Iterator[Problem]:
    """What moves are good for, where none of the long rests between their sets had room to tell it."""
    said = {event.position for event in events if event.cue == "why"}
    for before, gap in pairwise(plan.steps):
        if not (isinstance(before, Effort) and isinstance(gap, Gap)) or before.delivery.cues != "full":
            continue
        why = before.move.why
        if why is not None and may_explain(gap, before) and why.position not in said:
            said.add(why.position)
            message = f"this reason found no silence to be said in: {quote(why.text)}"
            yield Problem(why.position, message, "note", "unsaid-words")


def _untold_steps(plan: Plan, events: Sequence[Event]) -> Iterator[Problem]:
    """The steps of moves that come in as many rounds as one can alone: one does them at one's own pace."""
    said = {event.position for event in events if isinstance(event, Speech)}
    circuits = (step.circuit for step in plan.steps if isinstance(step, Effort))
    moves = {station.move.position: station.move for circuit in circuits for station in circuit}
    for _, move in sorted(moves.items()):
        steps = [step.words for step in move.steps or () if not step.timed]
        untold = [words.text for words in steps if words.position not in said]
        if untold:
            message = f"as many rounds as one can lead no steps: {quote_some(untold)}: say them in its setup"
            yield Problem(move.position, message, "note", "unsaid-words")
