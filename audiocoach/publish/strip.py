"""The session's picture on one line, for the pages: intervals as high as they are hard, and speech below.

In: a timeline. Out: an `svg` element to stand in HTML, drawn with the classes of `palette` and stretched
to whatever room it has. It says nothing that the page does not say in words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.timeline import Speech
from audiocoach.publish.chapters import chapters
from audiocoach.publish.palette import LOOKS
from audiocoach.publish.templates import Markup, fill, joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from audiocoach.coaching.timeline import Timeline

# A unit from left to right is a tenth of a second: an hour is 36,000.
_UNIT_MS = 100
_FLOOR = max(look.height for look in LOOKS.values())
_SPEECH, _SPEECH_HEIGHT = _FLOOR + 3, 4
_HEIGHT = _SPEECH + _SPEECH_HEIGHT

_SVG = """\
<svg class="strip" viewBox="0 0 $wide $high" preserveAspectRatio="none" aria-hidden="true" focusable="false">
$paths
</svg>"""


def strip(timeline: Timeline) -> Markup:
    """One path for each kind of interval, one for all speech, one for the chapters."""
    paths = joined(
        fill('<path class="$look" vector-effect="non-scaling-stroke" d="$strokes"/>', look=look, strokes=d)
        for look, d in _paths(timeline)
    )
    return fill(_SVG, wide=_unit(max(timeline.duration_ms, _UNIT_MS)), high=_HEIGHT, paths=paths)


def _paths(timeline: Timeline) -> Iterator[tuple[str, str]]:
    for kind, look in LOOKS.items():
        spans = ((one.start_ms, one.end_ms) for one in timeline.intervals if one.kind == kind)
        yield kind, _boxes(spans, _FLOOR - look.height, look.height)
    spoken = ((one.start_ms, one.end_ms) for one in timeline.events if isinstance(one, Speech))
    yield "speech", _boxes(spoken, _SPEECH, _SPEECH_HEIGHT)
    yield "chapter", "".join(f"M{_unit(one.start_ms)} 0v{_HEIGHT}" for one in chapters(timeline)[1:])


def _boxes(spans: Iterable[tuple[int, int]], y: int, high: int) -> str:
    return "".join(
        f"M{_unit(start_ms)} {y}h{max(_unit(end_ms) - _unit(start_ms), 1)}v{high}H{_unit(start_ms)}z"
        for start_ms, end_ms in spans
    )


def _unit(time_ms: int) -> int:
    return time_ms // _UNIT_MS
