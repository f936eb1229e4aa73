"""Where a session with music is cut into blocks, each of which is encoded by itself.

What is said, and the room that the music makes for it, stands in blocks of its own. Between two of them the
music is taken out of blocks on a fixed grid, which come again wherever a track is repeated: as many frames as
are needed, from anywhere in them. Pure; all places are frames, and an end is the first frame behind.
"""

from __future__ import annotations

from collections import Counter
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from audiocoach.records import dataclass
from audiocoach.sound.bed.score import BLOCK_MS
from audiocoach.sound.mp3.block import JOINT_FRAMES, RUN_IN_FRAMES, RUN_OUT_FRAMES
from audiocoach.sound.mp3.frame import FRAME_MS
from audiocoach.units import floor_to

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

BLOCK_FRAMES = BLOCK_MS // FRAME_MS
# Two streams are joined where both have the same sound: what is said begins so long after its block.
_MARGIN_FRAMES = JOINT_FRAMES
_BESIDE_FRAMES = RUN_IN_FRAMES + RUN_OUT_FRAMES
# What is encoded twice wherever a quiet stretch begins or ends; a shorter one is not worth both.
_AT_AN_END_FRAMES = (_BESIDE_FRAMES + _MARGIN_FRAMES) // 2
_LEAST_QUIET_FRAMES = _BESIDE_FRAMES + _MARGIN_FRAMES
_LEAST_BLOCK_FRAMES = BLOCK_FRAMES // 2

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Cut:
    """The frames of a session from `first` to `end`, out of a block that was made for `start` to `stop`.

    In one that is `quiet` nothing sounds but music.
    """

    first: int
    end: int
    start: int
    stop: int
    quiet: bool


def cuts(busy: Iterable[Span], total: int, name: Callable[[int], str]) -> tuple[Cut, ...]:
    """All frames of a session in order, each once.

    Args:
        busy: where more than music sounds, or music makes room for it; may overlap.
        total: how many frames there are.
        name: what the music of a block is called that begins at this frame: the same where it is the same.
    """
    runs = _quiet_runs(busy, total)
    parts = [part for run in runs for part in _by_block(run)]
    worth = _worth_it(runs, parts, name)
    quiet = [span for run in runs for span in _spans_of(run, lambda start: name(start) in worth)]
    found: list[Cut] = []
    at = 0
    for first, end in (*quiet, (total, total)):
        found += (Cut(*span, *span, quiet=False) for span in _pieces_of(at, first))
        found += (_out_of_grid(part, total) for part in _by_block((first, end)))
        at = end
    return tuple(found)


def _quiet_runs(busy: Iterable[Span], total: int) -> list[Span]:
    """Where nothing but music sounds, long enough to be worth a cut."""
    runs, at = [], 0
    for first, end in sorted((*busy, (total + _MARGIN_FRAMES, total))):
        if first - _MARGIN_FRAMES - at >= _LEAST_QUIET_FRAMES:
            runs.append((at, first - _MARGIN_FRAMES))
        at = max(at, end)
    return runs


def _by_block(run: Span) -> Iterator[Span]:
    """A run in parts that lie in one block of the grid each."""
    at, end = run
    while at < end:
        until = min(end, floor_to(at, BLOCK_FRAMES) + BLOCK_FRAMES)
        yield at, until
        at = until


def _worth_it(runs: Sequence[Span], parts: Iterable[Span], name: Callable[[int], str]) -> set[str]:
    """The blocks of music that spare more than they cost: those that are heard again and again."""
    spared: Counter[str] = Counter()
    ends = {place for run in runs for place in run}
    for first, end in parts:
        at_ends = (first in ends) + (end in ends)
        spared[name(floor_to(first, BLOCK_FRAMES))] += end - first - at_ends * _AT_AN_END_FRAMES
    return {one for one, frames in spared.items() if frames > BLOCK_FRAMES + _BESIDE_FRAMES}


def _spans_of(run: Span, is_worth: Callable[[int], bool]) -> Iterator[Span]:
    """The stretches of a run whose blocks are all worth it, where they are long enough."""
    parts = groupby(_by_block(run), key=lambda part: is_worth(floor_to(part[0], BLOCK_FRAMES)))
    for wanted, group in parts:
        spans = list(group)
        first, end = spans[0][0], spans[-1][1]
        if wanted and end - first >= _LEAST_QUIET_FRAMES:
            yield first, end


def _pieces_of(first: int, end: int) -> Iterator[Span]:
    """What lies between quiet stretches, in pieces that a word more leaves where they are."""
    grid = range(floor_to(first, BLOCK_FRAMES), end, BLOCK_FRAMES)
    inside = [at for at in grid if at - first >= _LEAST_BLOCK_FRAMES <= end - at]
    places = [first, *inside, end] if end > first else []
    return pairwise(places)


def _out_of_grid(part: Span, total: int) -> Cut:
    first, end = part
    start = floor_to(first, BLOCK_FRAMES)
    return Cut(first, end, start, min(total, start + BLOCK_FRAMES), quiet=True)
