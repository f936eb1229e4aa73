"""PyAV's filters, as a function from frames to frames. Importing this imports PyAV: 40 ms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from fractions import Fraction
from itertools import chain
from typing import TYPE_CHECKING, cast

import av
from av.filter import Graph

from audiocoach.units import MS_PER_SECOND, SAMPLE_BYTES

if TYPE_CHECKING:
    from av.filter.context import FilterContext

FilterSpec = tuple[str, Mapping[str, str]]
_BLOCK_MS = 10_000


def frames(samples: bytes, rate_hz: int, layout: str = "mono") -> Iterator[av.AudioFrame]:
    """16-bit samples as frames of at most ten seconds, so that long sounds need no large buffers."""
    width = SAMPLE_BYTES * av.AudioLayout(layout).nb_channels
    size = width * (rate_hz * _BLOCK_MS // MS_PER_SECOND)
    for start in range(0, len(samples), size):
        block = samples[start : start + size]
        yield _frame(block, rate_hz, start // width, layout, len(block) // width)


def samples(frame: av.AudioFrame) -> bytes:
    """The samples of a packed frame; its buffer may be longer than they are."""
    width = frame.format.bytes * frame.layout.nb_channels
    return bytes(frame.planes[0])[: frame.samples * width]


def filtered(source: Iterable[av.AudioFrame], specs: Iterable[FilterSpec]) -> Iterator[av.AudioFrame]:
    """`source` through a fresh chain of filters: pairs of a filter's name and its options.

    Raises:
        av.FFmpegError: a filter refused its options or a frame.
    """
    rest = iter(source)
    first = next(rest, None)
    if first is None:
        return
    # The graph must outlive its ends, which hold it weakly.
    graph = Graph()
    # No filter of ours works in several threads, and to start and end them takes as long as a clip does.
    graph.threads = 1
    entry, end = _chain(graph, first, specs)
    for frame in chain([first], rest, [None]):
        entry.push(frame)
        yield from _ready(end)


def _chain(
    graph: Graph, first: av.AudioFrame, specs: Iterable[FilterSpec]
) -> tuple[FilterContext, FilterContext]:
    """The two ends of a configured chain for frames like this one."""
    entry = graph.add_abuffer(
        format=first.format.name,
        sample_rate=first.sample_rate,
        layout=first.layout.name,
        time_base=Fraction(1, first.sample_rate),
    )
    end = graph.add("abuffersink")
    graph.link_nodes(entry, *(graph.add(name, **options) for name, options in specs), end).configure()
    return entry, end


def _ready(end: FilterContext) -> Iterator[av.AudioFrame]:
    """The frames that are done; the filters ask for more input, or say that they have ended."""
    with suppress(BlockingIOError, EOFError):
        while True:
            yield cast("av.AudioFrame", end.pull())


def _frame(block: bytes, rate_hz: int, start: int, layout: str, count: int) -> av.AudioFrame:
    frame = av.AudioFrame(format="s16", layout=layout, samples=count)
    frame.sample_rate = rate_hz
    frame.time_base = Fraction(1, rate_hz)
    frame.pts = start
    frame.planes[0].update(block.ljust(frame.planes[0].buffer_size, b"\0"))
    return frame
