"""Which passage is which line: the likeliest way through a recording that was read from a sheet in its order.

A reader says a line, breaks one off, says it again, leaves one out, or makes a noise; a line with a comma may
be several passages. Each of these is a step through a lattice of passages heard and lines done, weighed by
how long the line should be, by pauses, and by whether a passage begins as the one before it. The way with the
largest weight is taken (Viterbi, 1967); how much of all ways agrees with it, by forward and backward sums,
says what is doubtful.
"""

from __future__ import annotations

import math
import re
import statistics
from collections import Counter, defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from audiocoach.records import dataclass
from audiocoach.unions import assert_never

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from audiocoach.voice.cutting.passages import Passage

    Kind = Literal["line", "again", "slip", "noise", "skip"]
    # Passages heard, lines done, and the passage with which the last line began, negative where none did.
    _At = tuple[int, int, int]

# How likely each step is, as a natural logarithm.
_PRIOR: dict[Kind, float] = {"line": -0.2, "again": -2.8, "slip": -3.0, "noise": -4.5, "skip": -7.0}
_NEXT_SKIPPED = -2.5
_LONG_AGO, _SKIPPED = -1, -2  # where no passage began the last line
_SPREAD = 0.2  # of the logarithm of a length, for a long line
_UNSURE_MS = 140.0  # and what a short line may be off by
_OUTLIER = 0.01
_MOST_PART = 1.1  # of a line that was broken off: estimates may be a tenth short
_NOISE_DENSITY = 0.15
_INNER_PAUSE, _NO_INNER_PAUSE = -1.2, -3.5
_LONG_PAUSE_MS = 1100
_AGAIN_PAUSE_MS = 2400  # the sheet asks for three seconds
_SAID_BY_PAUSE = 2.5
_MOST_JOINED = 4
_TYPICAL = 0.6  # of the usual distance: nearer is alike
_SLOPE, _LEAST_SAID, _MOST_SAID = 20.0, -3.5, 6.0
_BEAM = 30.0
_REMEMBERED = 4  # so many passages after a line it may be said again
_TEMPOS = (1.0, 1.3)  # of readers who are no slower, or a good deal slower, than an estimate

_START = (0, 0, _LONG_AGO)


@dataclass(frozen=True, slots=True)
class Expected:
    """A line of the sheet: its words, how long they take by an estimate, how many pauses are inside."""

    text: str
    read_ms: int
    pauses: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """Passages `first` up to `last`, without it, were heard as a `kind`; `line` is the last that is done."""

    kind: Kind
    first: int
    last: int
    line: int


@dataclass(frozen=True, slots=True)
class Aligned:
    """The likeliest steps, each with the share of all ways that agrees, 0 to 1.

    `tempo` is the reader's: how much longer than the estimate a line takes.
    """

    steps: tuple[tuple[Step, float], ...]
    tempo: float


class _Lattice:
    """The steps that there are, with their weights."""

    def __init__(
        self,
        passages: Sequence[Passage],
        lines: Sequence[Expected],
        distance: Callable[[int, int], float],
    ) -> None:
        self._passages = passages
        self._lines = lines
        self._distance = distance
        # A line that is said again is like its neighbour, and hardly like the one behind that.
        near = [distance(at, at + by) for by in (1, 2) for at in range(len(passages) - by)]
        self._usual = statistics.median([one for one in near if math.isfinite(one)] or [1.0])
        self._differ = [_differ(one.text, other.text) for one, other in pairwise(lines)]
        self.end = (len(passages), len(lines))
        self._reach = [self._last_joined(first) for first in range(len(passages))]

    def steps(self, at: _At, tempo: float) -> Iterator[tuple[Step, float]]:
        """What may come next, and its weight."""
        passages, lines = self.end
        heard, done, began = at
        if done < lines:
            # Who leaves one line out may well leave out the next.
            yield Step("skip", heard, heard, done + 1), _NEXT_SKIPPED if began == _SKIPPED else _PRIOR["skip"]
        if heard == passages:
            return
        yield Step("noise", heard, heard + 1, done), _PRIOR["noise"] + math.log(_NOISE_DENSITY)
        for last in range(heard + 1, self._reach[heard] + 1):
            yield from self._spoken(at, last, tempo)
            if began >= 0:
                yield self._again(at, last, tempo)

    def _last_joined(self, first: int) -> int:
        """Up to where passages may be one line with this one: no pause between them is a long one."""
        last = first + 1
        while last < min(first + _MOST_JOINED, len(self._passages)) and self._pause_ms(last) < _LONG_PAUSE_MS:
            last += 1
        return last

    def _spoken(self, at: _At, last: int, tempo: float) -> Iterator[tuple[Step, float]]:
        first, done, began = at
        lasts_ms = self._passages[last - 1].end_ms - self._passages[first].start_ms
        if done < len(self._lines):
            line = self._lines[done]
            weight = _length(lasts_ms, tempo * line.read_ms) + self._pauses(first, last, line)
            said = self._resembles(began, first, done) if began >= 0 else 0.0
            yield Step("line", first, last, done + 1), _PRIOR["line"] + weight + said
            if last < len(self._passages):
                weight = _broken(lasts_ms, tempo * line.read_ms) + self._pauses(first, last, line)
                said = self._alike(first, last) + self._waits(last)
                yield Step("slip", first, last, done), _PRIOR["slip"] + weight + said

    def _again(self, at: _At, last: int, tempo: float) -> tuple[Step, float]:
        first, done, began = at
        line = self._lines[done - 1]
        lasts_ms = self._passages[last - 1].end_ms - self._passages[first].start_ms
        weight = _length(lasts_ms, tempo * line.read_ms) + self._pauses(first, last, line)
        said = self._alike(began, first) + self._waits(first)
        return Step("again", first, last, done), _PRIOR["again"] + weight + said

    def _pauses(self, first: int, last: int, line: Expected) -> float:
        """What it takes for several passages to be one line."""
        inner = last - first - 1
        expected = min(inner, line.pauses)
        return expected * _INNER_PAUSE + (inner - expected) * _NO_INNER_PAUSE

    def _pause_ms(self, at: int) -> int:
        """The silence before a passage."""
        return self._passages[at].start_ms - self._passages[at - 1].end_ms

    def _waits(self, at: int) -> float:
        """What the silence before a passage says for its being something said again."""
        return _SAID_BY_PAUSE if self._pause_ms(at) >= _AGAIN_PAUSE_MS else -0.2

    def _resembles(self, began: int, first: int, done: int) -> float:
        """What the sound says for a passage being another line than the one before it.

        Lines that have words in common sound as if one were said again.
        """
        return max(0.0, self._alike(began, first)) * (1 - self._differ[done - 1])

    def _alike(self, one: int, other: int) -> float:
        ratio = self._distance(one, other) / self._usual
        if not math.isfinite(ratio):
            return 0.0
        return max(_LEAST_SAID, min(_SLOPE * (_TYPICAL - ratio), _MOST_SAID))


def _differ(one: str, other: str) -> float:
    """How little of the shorter text is in the other as well: 1 is no word, 0 is every one of them."""
    words, others = (re.findall(r"\w+", text.casefold()) for text in (one, other))
    same = (Counter(words) & Counter(others)).total()
    return 1 - same / max(1, min(len(words), len(others)))


def _length(lasts_ms: float, expected_ms: float) -> float:
    """How likely a line takes so long."""
    spread = math.hypot(_SPREAD, _UNSURE_MS / expected_ms)
    off = math.log(max(lasts_ms, 1) / expected_ms) / spread
    density = math.exp(-off * off / 2) / (spread * math.sqrt(2 * math.pi))
    return math.log((1 - _OUTLIER) * density + _OUTLIER * _NOISE_DENSITY)


def _broken(lasts_ms: float, expected_ms: float) -> float:
    """How likely a line that was broken off takes so long: anything up to the whole is."""
    part = lasts_ms / expected_ms
    return math.log(min(part, 1.0) if part < _MOST_PART else _OUTLIER * _NOISE_DENSITY)


def align(
    passages: Sequence[Passage], lines: Sequence[Expected], distance: Callable[[int, int], float]
) -> Aligned:
    """The likeliest way; `distance` says how far apart the beginnings of two passages sound."""
    lattice = _Lattice(passages, lines, distance)
    # What is said twice makes a recording longer than its sheet, what is left out shorter.
    whole = sum(one.duration_ms for one in passages) / max(1, sum(line.read_ms for line in lines))
    guesses = (_best(_ways(lattice, tempo), lattice.end) for tempo in (whole * 0.8, whole * 0.95, *_TEMPOS))
    tempo = _tempo(passages, lines, max(guesses, key=lambda guess: guess[0])[1]) or whole
    ways = _ways(lattice, tempo)
    steps = _best(ways, lattice.end)[1]
    shares = _shares(ways, lattice.end, steps)
    return Aligned(tuple(zip(steps, shares, strict=True)), tempo)


def _tempo(passages: Sequence[Passage], lines: Sequence[Expected], steps: Iterable[Step]) -> float | None:
    """How much longer than estimated the lines of this way take."""
    ratios = [
        (passages[step.last - 1].end_ms - passages[step.first].start_ms) / lines[step.line - 1].read_ms
        for step in steps
        if step.kind in {"line", "again"}
    ]
    return statistics.median(ratios) if ratios else None


def _after(at: _At, step: Step) -> _At:
    match step.kind:
        case "line" | "again":
            return step.last, step.line, step.first
        case "skip":
            return step.last, step.line, _SKIPPED
        case "slip" | "noise":
            began = at[2] if step.last - at[2] <= _REMEMBERED else _LONG_AGO
            return step.last, step.line, began
        case other:
            assert_never(other)


def _ways(lattice: _Lattice, tempo: float) -> dict[_At, list[tuple[Step, float]]]:
    """Every state that is likely enough, in order, with its steps; and the end."""
    passages, lines = lattice.end
    reached: list[dict[_At, float]] = [{} for _ in range(passages + 1)]
    reached[0][_START] = 0.0
    ways: dict[_At, list[tuple[Step, float]]] = {}
    for heard, here in enumerate(reached):
        # All of them have heard the same passages, and so can be compared; what is left to skip is no fault.
        least = max(here.values(), default=0.0) - _BEAM if heard < passages else -math.inf
        for done in range(lines + 1):
            for at in sorted(at for at, weight in here.items() if at[1] == done and weight >= least):
                ways[at] = list(lattice.steps(at, tempo))
                for step, weight in ways[at]:
                    there, to = reached[step.last], _after(at, step)
                    there[to] = max(there.get(to, -math.inf), here[at] + weight)
    return ways


_Ways = dict["_At", "list[tuple[Step, float]]"]


def _best(ways: _Ways, end: tuple[int, int]) -> tuple[float, list[Step]]:
    """The way with the largest weight, and that weight."""
    weights: dict[_At, float] = {_START: 0.0}
    came: dict[_At, tuple[_At, Step]] = {}
    for at, steps in ways.items():
        for step, weight in steps:
            to = _after(at, step)
            if weights[at] + weight > weights.get(to, -math.inf):
                weights[to], came[to] = weights[at] + weight, (at, step)
    ends = [at for at in weights if at[:2] == end]
    at = max(ends, key=lambda one: weights[one])
    whole, chosen = weights[at], list[Step]()
    while at in came:
        at, step = came[at]
        chosen.append(step)
    return whole, chosen[::-1]


def _shares(ways: _Ways, end: tuple[int, int], chosen: Sequence[Step]) -> list[float]:
    """The share of all ways, by weight, that has the outcome of each of these steps."""
    forward: dict[_At, float] = defaultdict(lambda: -math.inf, {_START: 0.0})
    backward: dict[_At, float] = defaultdict(lambda: -math.inf)
    for at, steps in ways.items():
        for step, weight in steps:
            to = _after(at, step)
            forward[to] = _sum(forward[to], forward[at] + weight)
    for at in reversed(ways):
        backward[at] = 0.0 if at[:2] == end else -math.inf
        for step, weight in ways[at]:
            backward[at] = _sum(backward[at], weight + backward[_after(at, step)])
    shares: dict[tuple[object, ...], float] = defaultdict(float)
    for at, steps in ways.items():
        for step, weight in steps:
            share = forward[at] + weight + backward[_after(at, step)] - backward[_START]
            # Whether what stands before it is an earlier take or a slip makes no other sentence of it.
            shares[_outcome(step)] += math.exp(share)
    return [min(1.0, shares[_outcome(step)]) for step in chosen]


def _outcome(step: Step) -> tuple[object, ...]:
    kind = "line" if step.kind == "again" else step.kind
    return kind, step.first, step.last, step.line


def _sum(one: float, other: float) -> float:
    """The logarithm of a sum, from those of its parts."""
    low, high = sorted((one, other))
    return high if low == -math.inf else high + math.log1p(math.exp(low - high))
