"""From a plan and the length of its words to the timeline. Pure.

`schedule(plan, measure)` walks the steps once, left to right. A gap gets its length from its words,
an effort has its length already; where two efforts meet, what comes next is said in the first.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from audiocoach import assets
from audiocoach.coaching.bounds import Bounds, edge
from audiocoach.coaching.efforts import lay_effort, tail_fits
from audiocoach.coaching.foresight import foresee, unbroken
from audiocoach.coaching.gaps import lay_gap, left_out
from audiocoach.coaching.narration import Coach, Cue, Foresight, reminders_of
from audiocoach.coaching.phrases import least_about_ms
from audiocoach.coaching.remarks import gathered, shown
from audiocoach.coaching.space import APART_MS, PAUSE_MS
from audiocoach.coaching.steps import Bell, Effort, Gap, Hush, Talk
from audiocoach.coaching.timeline import Chapter, Interval, Speech, Timeline, Tone
from audiocoach.errors import Problem
from audiocoach.units import FRAME_MS, MS_PER_SECOND, ceil_to

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from audiocoach.coaching.gaps import GapLayout
    from audiocoach.coaching.remarks import Remark
    from audiocoach.coaching.steps import Plan, Step
    from audiocoach.coaching.timeline import Event, Utterance
    from audiocoach.errors import Position
    from audiocoach.routine.model import Words

# How often a spoken total is brought in line with the session that it is spoken in.
_ROUNDS = 6


def schedule(
    plan: Plan, measure: Callable[[Utterance], int], check: Callable[[], None] = lambda: None
) -> Timeline:
    """The whole session. `measure` tells how many ms an utterance takes; it is asked, never told.

    `check` is called at every step, repetition and breath: a layout ends early by what it raises.

    A spoken `<duration>` changes the length of the session that it names: the session is laid out
    again until what is said is true (law 5). At first these words are estimated: nobody is asked to
    speak of a length that the session will not have.
    """
    sketch = _Tape(plan, Coach(plan, measure, _declared_ms(plan), sketch=True, check=check), 0)
    timeline = sketch.run()
    if not sketch.is_estimated:
        return timeline
    said_ms, least_ms = timeline.duration_ms, 0
    for turn in range(_ROUNDS):
        timeline = _Tape(plan, Coach(plan, measure, said_ms, check=check), least_ms).run()
        if plan.pack.about(timeline.duration_ms) == plan.pack.about(said_ms):
            break
        if turn and timeline.duration_ms < said_ms:
            # The words for fewer minutes made it longer, those for more make it shorter again:
            # a silence at the end makes this number true.
            least_ms = least_about_ms(said_ms)
        else:
            said_ms = timeline.duration_ms
    return timeline


def _declared_ms(plan: Plan) -> int:
    """A first guess at the length of the session: its efforts and gaps without their words."""
    return sum(step.length_ms for step in plan.steps if isinstance(step, Effort | Gap | Hush))


class _Tape:
    """One pass over the plan; `now_ms` is where the session has come to."""

    def __init__(self, plan: Plan, coach: Coach, least_ms: int) -> None:
        self._plan = plan
        self._coach = coach
        self._least_ms = least_ms
        self._now_ms = 0
        # The first moment at which words may start: after the last sound, and not within a count.
        self._clear_ms = PAUSE_MS
        self._unbroken = unbroken(plan.steps)
        self._events: list[Event] = []
        self._intervals: list[Interval] = []
        self._chapters: list[Chapter] = []
        self._notes: list[Remark] = []
        self._reminders: dict[Words, None] = {}
        # The effort whose switch tone has opened the next one already.
        self._met: Effort | None = None
        self._next_gap: GapLayout | None = None

    @property
    def is_estimated(self) -> bool:
        """Whether the length of some words in it is an estimate."""
        return self._coach.has_estimated

    def run(self) -> Timeline:
        steps = self._plan.steps
        if not (steps and isinstance(steps[0], Talk)):
            self._frame_talk("opening")
            self._safety()
        for index, step in enumerate(steps):
            self._step(step, steps[index + 1] if index + 1 < len(steps) else None)
            if index == 0 and isinstance(step, Talk):
                self._safety()
        if not (steps and isinstance(steps[-1], Talk)):
            self._frame_talk("close")
        self._done()
        return self._timeline()

    def _timeline(self) -> Timeline:
        plan = self._plan
        return Timeline(
            title=plan.title,
            language=plan.language,
            duration_ms=self._now_ms,
            events=tuple(sorted(self._events, key=lambda event: (event.start_ms, event.end_ms))),
            intervals=tuple(self._intervals),
            chapters=_from_zero(self._chapters, plan.title),
            notes=tuple(sorted((*gathered(self._notes), *self._unsaid()))),
        )

    def _step(self, step: Step, after: Step | None) -> None:
        self._coach.check()
        match step:
            case Talk():
                self._chapter(step.chapter)
                self._talk(self._coach.talk(step), step)
            case Hush():
                self._chapter(step.chapter)
                self._interval("pause", self._now_ms + step.length_ms, step)
            case Bell():
                self._chapter(step.chapter)
                self._bell(step)
            case Gap():
                self._gap(step)
            case Effort():
                self._effort(step, after)

    # -- what is no exercise --------------------------------------------------------------------

    def _frame_talk(self, key: str) -> None:
        """The pack's own opening or close, where the session has none."""
        plan = self._plan
        if plan.manner.cues == "tones":
            return
        text = self._coach.phrase(key, {})
        self._talk(Cue(key, text, plan.position, plan.manner), None)

    def _safety(self) -> None:
        safety = self._plan.safety
        if safety is not None:
            text = self._coach.fill(safety, {})
            self._talk(Cue("safety", text, safety.position, self._plan.manner), None)

    def _talk(self, cue: Cue, step: Talk | None) -> None:
        length_ms = self._coach.length_ms(cue.text, cue.manner)
        start_ms = ceil_to(max(self._now_ms, self._clear_ms), FRAME_MS)
        end_ms = start_ms + length_ms
        self._events.append(
            Speech(
                start_ms,
                length_ms,
                cue.cue,
                cue.text,
                self._coach.utterance(cue.text, cue.manner),
                cue.position,
            )
        )
        if step is not None and step.pause_ms:
            self._interval("talk", end_ms, step)
            self._interval("pause", end_ms + step.pause_ms, step)
            return
        end_ms = ceil_to(end_ms + PAUSE_MS, MS_PER_SECOND)
        if step is None:
            self._plain_interval("talk", end_ms, cue.position)
        else:
            self._interval("talk", end_ms, step)

    def _bell(self, step: Bell) -> None:
        length_ms = assets.tones()[step.tone].duration_ms
        start_ms = max(self._now_ms, self._clear_ms) if self._events else self._now_ms
        self._events.append(Tone(start_ms, length_ms, step.tone, step.tone, step.position))
        self._interval("talk", ceil_to(start_ms + length_ms + APART_MS, MS_PER_SECOND), step)

    def _done(self) -> None:
        """The last tone of all, and the silence after it."""
        plan = self._plan
        end_ms = max(self._now_ms, self._clear_ms)
        if plan.manner.tones != "none":
            tone = "done" if plan.manner.tones == "full" else "bell"
            length_ms = assets.tones()[tone].duration_ms
            self._events.append(Tone(end_ms, length_ms, "done", tone, plan.position))
            end_ms += length_ms + PAUSE_MS
        end_ms = ceil_to(max(end_ms, self._least_ms), MS_PER_SECOND)
        if end_ms > self._now_ms:
            self._plain_interval("talk", end_ms, plan.position)

    # -- exercise -------------------------------------------------------------------------------

    def _gap(self, gap: Gap) -> None:
        layout = self._next_gap or self._lay(gap, self._now_ms, self._cues(gap))
        self._next_gap = None
        self._chapter(gap.chapter, slack=layout.end_ms > layout.start_ms)
        self._events += layout.events
        self._notes += layout.notes
        if layout.end_ms > layout.start_ms:
            self._interval(gap.kind, layout.end_ms, gap.ahead or gap)
            self._clear_ms = self._now_ms

    def _cues(self, gap: Gap) -> tuple[Cue, ...]:
        if gap.ahead is None:
            return self._coach.gap(gap, Foresight())
        changes = self._unbroken.get(gap.ahead.number, frozenset())
        return self._coach.gap(gap, foresee(gap.ahead, changes, self._coach))

    def _lay(self, gap: Gap, start_ms: int, cues: tuple[Cue, ...], tone_ms: int = 0) -> GapLayout:
        head_ms = max(start_ms + tone_ms, self._clear_ms if start_ms == self._now_ms else 0)
        if gap.chapter:
            head_ms += ceil_to(start_ms, MS_PER_SECOND) - start_ms
        layout = lay_gap(gap, cues, start_ms, head_ms, self._coach)
        if gap.ahead is not None and not any(event.cue == "reminder" for event in layout.events):
            self._coach.unsaid(gap.ahead)
        return layout

    def _effort(self, effort: Effort, after: Step | None) -> None:
        end_ms = self._now_ms + effort.length_ms
        self._remember(effort)
        self._coach.coach(effort)
        tail = self._prepare(effort, after)
        bounds = self._bounds(effort, after, self._next_gap.end_ms - end_ms if self._next_gap else None)
        layout = lay_effort(effort, bounds, tail, self._coach)
        self._events += layout.events
        self._notes += layout.notes
        self._interval(effort.kind, end_ms, effort)
        self._met = effort if bounds.closes_with.cue == "switch" else None
        self._clear_ms = end_ms + bounds.closes_with.length_ms + APART_MS

    def _prepare(self, effort: Effort, after: Step | None) -> tuple[Cue, ...]:
        """Lay out the gap that follows, if one does; what it would say is returned where it is none."""
        self._next_gap = None
        end_ms = self._now_ms + effort.length_ms
        if not isinstance(after, Gap):
            return ()
        cues = self._cues(after)
        if after.length_ms == 0 and after.grows in ("fixed", "grid"):
            bounds = self._bounds(effort, after, 0)
            for tail in (cues, tuple(cue for cue in cues if not cue.weight)):
                if tail_fits(effort, bounds, tail, self._coach):
                    self._next_gap = self._lay(after, end_ms, ())
                    self._notes += left_out(after, [cue for cue in cues if cue not in tail], end_ms)
                    return tail
        head_ms = edge("stop", effort).length_ms + APART_MS
        self._next_gap = self._lay(after, end_ms, tuple(cue.in_gap() for cue in cues), head_ms)
        return ()

    def _bounds(self, effort: Effort, after: Step | None, gap_ms: int | None) -> Bounds:
        """An effort's place, with a gap of `gap_ms` after it, or None where there is no gap."""
        ahead = after.ahead if gap_ms is not None and isinstance(after, Gap) else None
        if ahead is not None and ahead.kind == "pause":
            ahead = None
        meets = effort.kind != "pause" and ahead is not None and gap_ms == 0
        return Bounds(
            start_ms=self._now_ms,
            end_ms=self._now_ms + effort.length_ms,
            opens_with=edge("switch", self._met, effort) if self._met else edge("go", effort),
            closes_with=edge("switch", effort, ahead) if meets and ahead else edge("stop", effort),
            met=self._met is not None,
            gap_after_ms=gap_ms or 0,
            ahead=ahead,
        )

    # -- bookkeeping ----------------------------------------------------------------------------

    def _chapter(self, title: str | None, *, slack: bool = True) -> None:
        if title is None:
            return
        start_ms = ceil_to(self._now_ms, MS_PER_SECOND) if slack else self._now_ms
        self._chapters.append(Chapter(start_ms, title))
        if slack:
            self._clear_ms = max(self._clear_ms, start_ms)

    def _plain_interval(self, kind: str, end_ms: int, position: Position) -> None:
        self._intervals.append(Interval(self._now_ms, end_ms - self._now_ms, kind, position))
        self._now_ms = self._clear_ms = end_ms

    def _interval(self, kind: str, end_ms: int, step: Step) -> None:
        effort = step if isinstance(step, Effort) else None
        interval = Interval(
            start_ms=self._now_ms,
            duration_ms=end_ms - self._now_ms,
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
        )
        self._intervals.append(interval)
        self._now_ms = self._clear_ms = end_ms

    def _remember(self, effort: Effort) -> None:
        if effort.manner.cues == "full" and effort.kind != "pause":
            for words in reminders_of(effort):
                self._reminders[words] = None

    def _unsaid(self) -> Iterator[Problem]:
        """The reminders that were never said, one note for each line."""
        said = {event.position for event in self._events if event.cue == "reminder"}
        rest = sorted((words.position, words.text) for words in self._reminders if words.position not in said)
        for _, group in groupby(rest, key=lambda one: (one[0].path, one[0].line)):
            same = list(group)
            what = f"{len(same)} reminders" if len(same) > 1 else "this reminder"
            texts = shown(text for _, text in same)
            yield Problem(
                same[0][0], f"{what} found no silence to be said in: {texts}", "note", "unsaid-words"
            )


def _from_zero(chapters: list[Chapter], title: str) -> tuple[Chapter, ...]:
    """Chapters from 0 on: what comes before the first belongs to it."""
    if not chapters:
        return (Chapter(0, title),)
    return (Chapter(0, chapters[0].title), *chapters[1:])
