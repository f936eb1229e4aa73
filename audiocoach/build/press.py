"""Where a site's pictures, pages and tags come from: one function for each.

In: a show that was read. Out: the `Press` that publishes it. The author's picture stands for every
session, and MP3s are published as they were built.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from audiocoach.build.podcast import Press
from audiocoach.errors import InputError, Problem, StorageError
from audiocoach.publish.transcript import lines
from audiocoach.sound.tags import clean
from audiocoach.units import MS_PER_SECOND, ms_to_clock

if TYPE_CHECKING:
    from audiocoach.build.podcast import Prepared
    from audiocoach.coaching.timeline import Timeline


def press_of(prepared: Prepared) -> Press:
    """What publishes this show.

    Raises:
        InputError: it has no picture.
        StorageError: its picture cannot be read.
    """
    picture = _own_picture(prepared)
    return Press(
        show_cover=lambda _own, _show: picture,
        cover=lambda _session, _timeline: picture,
        transcript=_transcript,
        sound=lambda built, _show, _episode, _many: built,
        pages=lambda _show, _cover, _episodes, _feed_url: (),
    )


def _own_picture(prepared: Prepared) -> bytes:
    show = prepared.show
    if show.cover is None:
        message = '"cover" is missing: expected, for example, cover: cover.jpg'
        raise InputError(Problem(show.position, message))
    try:
        return (prepared.wish.folder / show.cover).read_bytes()
    except OSError as error:
        raise StorageError(f"{show.cover} cannot be read: {error.strerror}") from error


def _transcript(timeline: Timeline) -> str:
    rows = (
        f'<p><time datetime="PT{line.start_ms // MS_PER_SECOND}S">{ms_to_clock(line.start_ms)}</time> '
        f"{escape(line.text)}</p>\n"
        for line in lines(timeline)
    )
    head = f'<!doctype html>\n<meta charset="utf-8">\n<title>{escape(clean(timeline.title))}</title>\n'
    return head + "".join(rows)
