"""Gaps that meet become one, and every effort gets exactly one gap before it.

In: unrolled steps with raw gaps and chapter marks between them. Out: the plan's steps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.steps import Effort, Gap, PauseStep, SayStep, ToneStep
from audiocoach.records import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiocoach.coaching.steps import Delivery, GapKind, Grows, Nesting, Step
    from audiocoach.errors import Position

_RANK = {"rest": 3, "switch": 2, "ready": 1, "release": 0}


@dataclass(frozen=True, slots=True)
class RawGap:
    """One reason for a gap. `declared`: the author said its length; `keep`: never dropped.

    `waits`: who plays it goes on when the listener is ready.
    """

    position: Position
    kind: GapKind
    length_ms: int
    place: Nesting
    delivery: Delivery
    grows: Grows = "fixed"
    declared: bool = True
    keep: bool = False
    waits: bool = False


@dataclass(frozen=True, slots=True)
class ChapterMark:
    """A chapter begins with the next step, in this round of what is around it."""

    title: str
    round: int = 1


Raw = SayStep | PauseStep | ToneStep | Effort | RawGap | ChapterMark


def merge_gaps(raw: Sequence[Raw]) -> tuple[Step, ...]:
    """Merge the gaps; drop rests with no exercise after them; let a `say` after a rest be said in it."""
    named = _with_next_names(raw)
    return tuple(_Merger(named).steps())


def _with_next_names(raw: Sequence[Raw]) -> list[Raw]:
    named: list[Raw] = []
    ahead: Effort | None = None
    after: Effort | None = None
    for item in reversed(raw):
        if isinstance(item, Effort):
            if ahead is None or ahead.number != item.number:
                ahead, after = item, ahead
            named.append(replace(item, next_name=after.name if after else None))
        elif isinstance(item, SayStep):
            named.append(replace(item, next_name=ahead.name if ahead else None))
        else:
            named.append(item)
    named.reverse()
    return named


class _Merger:
    def __init__(self, raw: list[Raw]) -> None:
        self._raw = raw
        self._last_effort = max((i for i, item in enumerate(raw) if isinstance(item, Effort)), default=-1)
        self._gaps: list[RawGap] = []
        self._says: list[SayStep] = []
        self._marks: list[ChapterMark] = []
        self._behind: Effort | None = None
        self._is_over = False

    def steps(self) -> Iterator[Step]:
        for index, item in enumerate(self._raw):
            match item:
                case ChapterMark():
                    self._marks.append(item)
                case RawGap():
                    if index < self._last_effort or item.keep:
                        self._gaps.append(item)
                case SayStep() if index < self._last_effort and self._takes_words(item):
                    self._says.append(item)
                case Effort():
                    yield self._close(item, item.place, item.delivery)
                    yield item
                    self._behind = item
                    self._is_over = index == self._last_effort
                case _:
                    yield from self._stand_alone(item)
        if any(gap.length_ms for gap in self._gaps):
            yield self._close(None, self._gaps[0].place, self._gaps[0].delivery)

    def _takes_words(self, talk: SayStep) -> bool:
        return not talk.pause_ms and any(gap.kind == "rest" and gap.length_ms for gap in self._gaps)

    def _stand_alone(self, item: SayStep | PauseStep | ToneStep) -> Iterator[Step]:
        if any(gap.length_ms for gap in self._gaps):
            yield self._close(None, item.place, item.delivery)
        self._gaps = []
        yield replace(item, chapter=self._take_chapter())
        self._behind = None

    def _take_chapter(self) -> str | None:
        # Sections that begin together, one inside the other, are one chapter.
        marks, self._marks = self._marks, []
        inner_rounds = [*(mark.round for mark in marks[1:]), 1][: len(marks)]
        titles = [_title(mark, inner) for mark, inner in zip(marks, inner_rounds, strict=True)]
        return ": ".join(titles) or None

    def _close(self, ahead: Effort | None, place: Nesting, delivery: Delivery) -> Gap:
        longest = _longest(self._gaps)
        position = longest.position if longest else (ahead.position if ahead else self._gaps[0].position)
        gap = Gap(
            position=position,
            kind=longest.kind if longest else "switch",
            length_ms=longest.length_ms if longest else 0,
            grows=_grows(self._gaps, self._behind, ahead),
            place=place,
            delivery=delivery,
            says=tuple(self._says),
            ahead=ahead,
            chapter=self._take_chapter(),
            waits=any(gap.waits for gap in self._gaps),
            is_last=self._is_over,
            grid_ms=max((gap.length_ms for gap in self._gaps if gap.grows == "grid"), default=0),
        )
        self._gaps, self._says, self._behind = [], [], None
        return gap


def _title(mark: ChapterMark, inner_round: int) -> str:
    """A later round is numbered, once where the section inside is in the same one."""
    return mark.title if mark.round in (1, inner_round) else f"{mark.title} ({mark.round})"


def _counted(gaps: list[RawGap]) -> list[RawGap]:
    """A rest before a move is its ready: a ready that nobody declared does not count beside one.

    Where a grid leaves nothing there is no rest, unlike where `0s` was declared.
    """
    if any(gap.kind == "rest" and (gap.declared or gap.length_ms) for gap in gaps):
        return [gap for gap in gaps if gap.kind != "ready" or gap.declared]
    return gaps


def _longest(gaps: list[RawGap]) -> RawGap | None:
    return max(_counted(gaps), key=lambda gap: (gap.length_ms, _RANK[gap.kind]), default=None)


def _is_within(behind: Effort | None, ahead: Effort | None) -> bool:
    """Whether both are of one move, or of one grid."""
    if behind is None or ahead is None:
        return False
    return behind.number == ahead.number or behind.precedes(ahead)


def _grows(gaps: list[RawGap], behind: Effort | None, ahead: Effort | None) -> Grows:
    longest = _longest(gaps)
    if longest is not None and longest.kind == "rest":
        # A rest was declared: what lengthens it is noted. One that keeps a grid ends with its move.
        return longest.grows if _is_within(behind, ahead) else "fixed"
    kinds = {gap.grows for gap in _counted(gaps)}
    return next((grows for grows in ("ready", "switch", "step") if grows in kinds), "fixed")
