"""Whether two passages begin with the same words, as their bands tell: no words are understood.

The bands of both beginnings are laid over one another by dynamic time warping (Sakoe and Chiba, 1978), since
nobody says a thing twice at the same speed. 0 is the same; what is far depends on voice, room and microphone.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiocoach.voice.cutting.passages import Passage

    Frame = tuple[float, ...]

_STEPS = 3  # of 10 ms, to a frame
_MOST_FRAMES = 45  # so much of the beginning
_LEAST_FRAMES = 4  # 120 ms
_SLOWER = 1.35
_DEPTH_DB = 40.0


def beginning(bands: Sequence[Frame], passage: Passage, step_ms: int) -> list[Frame]:
    """What is compared of a passage: a frame for every 30 ms of its beginning, in dB below its loudest."""
    first, last = passage.start_ms // step_ms, passage.end_ms // step_ms
    rows = bands[first : min(last, first + int(_MOST_FRAMES * _SLOWER + 1) * _STEPS)]
    frames = [_mean(rows[at : at + _STEPS]) for at in range(0, len(rows) - _STEPS + 1, _STEPS)]
    top = max((max(frame) for frame in frames), default=0.0)
    return [tuple(max(value - top, -_DEPTH_DB) for value in frame) for frame in frames]


def _mean(rows: Sequence[Frame]) -> Frame:
    return tuple(sum(column) / len(rows) for column in zip(*rows, strict=True))


def distance(one: Sequence[Frame], other: Sequence[Frame]) -> float:
    """How far apart two beginnings are, in dB a band; infinite where one is too short to tell."""
    short, long = sorted((one, other), key=len)
    short = short[:_MOST_FRAMES]
    long = long[: int(len(short) * _SLOWER) + 1]
    if len(short) < _LEAST_FRAMES:
        return math.inf
    row = [0.0, *[math.inf] * len(long)]
    for frame in short:
        row = _next_row(row, frame, long)
    # The shorter has come to its end: the longer may go on.
    return min(row[len(long) // 2 :]) / len(short)


def _next_row(above: Sequence[float], frame: Frame, long: Sequence[Frame]) -> list[float]:
    row = [math.inf]
    for (corner, upper), other in zip(pairwise(above), long, strict=True):
        row.append(_apart(frame, other) + min(corner, upper, row[-1]))
    return row


def _apart(one: Frame, other: Frame) -> float:
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) / len(one)
