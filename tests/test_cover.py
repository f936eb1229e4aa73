"""Covers as pictures: what they are to a decoder, and what can be seen on them."""

from __future__ import annotations

import io
import subprocess
import sys
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from PIL import Image, ImageChops

from audiocoach.coaching.timeline import Interval, Timeline
from audiocoach.publish import cover
from audiocoach.publish.palette import COLOURS, LOOKS
from audiocoach.routine import wordings
from tests.conftest import ROOT, examples
from tests.hostile import AT, TEXTS, session, texts

if TYPE_CHECKING:
    from collections.abc import Callable

# JPEG keeps a colour about.
_NEAR = 12


def seen(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        return image


def legs(*intervals: tuple[int, str], title: str = "Legs") -> Timeline:
    """A session of intervals that last so many seconds."""
    starts = [0, *accumulate(1000 * length_s for length_s, _ in intervals)]
    parts = (
        Interval(start_ms, 1000 * length_s, kind, AT)
        for start_ms, (length_s, kind) in zip(starts, intervals, strict=False)
    )
    return Timeline(title, "en", starts[-1], (), tuple(parts), (), ())


HOUR = legs((900, "work"), (900, "rest"), (900, "hold"), (900, "reps"))


@pytest.mark.parametrize("side_px", [1000, 3000])
@pytest.mark.parametrize(
    "draw", [lambda px: cover.draw(HOUR, "strong", px), lambda px: cover.draw_show("Legs", "Ana", px)]
)
def test_a_cover_is_what_directories_take(draw: Callable[[int], bytes], side_px: int) -> None:
    data = draw(side_px)
    image = seen(data)
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (side_px, side_px))
    assert data.startswith(b"\xff\xd8\xff\xe0")
    assert "exif" not in image.info
    assert len(data) < side_px * 150


def test_the_same_session_is_the_same_picture_in_another_process() -> None:
    script = (
        "import hashlib; from tests.test_cover import HOUR; from audiocoach.publish import cover;"
        "print(hashlib.sha256(cover.draw(HOUR, 'gentle', 1000)).hexdigest())"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
        ).stdout
        for _ in range(2)
    }
    assert len(told) == 1


def is_near(found: object, colour: str) -> bool:
    wanted = bytes.fromhex(colour[1:])
    assert isinstance(found, tuple)
    return all(abs(one - other) <= _NEAR for one, other in zip(found, wanted, strict=True))


# A quarter of an hour each, clockwise from the top; within the height of all blocks.
QUARTERS = {"work": (1, -1), "rest": (1, 1), "hold": (-1, 1), "reps": (-1, -1)}


@pytest.mark.parametrize("side_px", [300, 1000, 3000])
@pytest.mark.parametrize("kind", QUARTERS)
def test_the_ring_is_the_session_in_the_colours_of_its_picture(kind: str, side_px: int) -> None:
    image = seen(cover.draw(HOUR, "standard", side_px))
    right, down = QUARTERS[kind]
    place = (500 + right * 155, 346 + down * 155)
    assert is_near(image.getpixel((place[0] * side_px // 1000, place[1] * side_px // 1000)), LOOKS[kind].dark)


def test_hard_blocks_are_higher_than_rests() -> None:
    image = seen(cover.draw(HOUR, "standard", 1000))
    outside = [image.getpixel((500 + right * 205, 346 + down * 205)) for right, down in QUARTERS.values()]
    assert [is_near(found, LOOKS[kind].dark) for found, kind in zip(outside, QUARTERS, strict=True)] == [
        *(True, False, True, True)
    ]


def test_two_sessions_differ_at_55_px() -> None:
    other = legs((1800, "breaths"), (600, "rest"), (1200, "hold"))
    pair = [
        seen(cover.draw(one, "standard", 1000)).resize((55, 55), Image.Resampling.LANCZOS)
        for one in (HOUR, other)
    ]
    difference = ImageChops.difference(*pair).convert("L").point(lambda level: 255 * (level > 60))
    assert difference.histogram()[255] > 150


PARTS = {
    "title": (replace(HOUR, title="Arms"), "standard", (0, 660, 1000, 900)),
    "level": (HOUR, "gentle", (0, 905, 1000, 1000)),
    "length": (replace(HOUR, duration_ms=HOUR.duration_ms - 60_000), "standard", (320, 250, 680, 470)),
}


@pytest.mark.parametrize(("other", "level", "box"), PARTS.values(), ids=PARTS)
def test_title_level_and_length_stand_in_their_places(
    other: Timeline, level: str, box: tuple[int, int, int, int]
) -> None:
    pair = [seen(cover.draw(HOUR, "standard", 1000)), seen(cover.draw(other, level, 1000))]
    difference = ImageChops.difference(*pair).convert("L").point(lambda grey: 255 * (grey > 40))
    assert difference.crop(box).getbbox()
    difference.paste(0, box)
    # A session of another length has other blocks as well.
    assert other.duration_ms != HOUR.duration_ms or not difference.getbbox()


@pytest.mark.parametrize(("level", "lit"), [("gentle", 1), ("standard", 2), ("strong", 3)])
def test_a_level_is_as_many_dots_as_it_is_hard(level: str, lit: int) -> None:
    image = seen(cover.draw(HOUR, level, 1000)).convert("L")
    row = image.crop((0, 932, 1000, 933)).point(lambda grey: ord("x" if grey > 220 else " ")).tobytes()
    runs = row.decode("ascii").split()
    assert [len(run) > 15 for run in runs].count(True) == lit


def test_the_title_can_be_read_at_300_px() -> None:
    """Capital letters are 15 px high at least for a title of ordinary length, and white on dark."""
    image = seen(cover.draw(replace(HOUR, title="HHHHH HHHHHHH HHH HHHHHHH"), "standard", 300)).convert("L")
    rows = [image.crop((0, y, 300, y + 1)).point(lambda grey: 255 * (grey > 170)) for y in range(198, 270)]
    lit = "".join("x" if row.getbbox() else " " for row in rows)
    assert max(map(len, lit.split())) >= 15


LENGTHS = {0: ("0", "s"), 59_900: ("59", "s"), 60_000: ("1", "min"), 961_000: ("16", "min")} | {
    5_940_000: ("99", "min"),
    6_000_000: ("1:40", "h"),
    86_400_000: ("24:00", "h"),
}


@pytest.mark.parametrize("duration_ms", LENGTHS)
def test_lengths_are_told_in_one_figure(duration_ms: int) -> None:
    assert cover._length(duration_ms, wordings.language("en")) == LENGTHS[duration_ms]  # noqa: SLF001


@pytest.mark.parametrize("text", [*TEXTS.values(), "x" * 10_000], ids=[*TEXTS, "10,000 letters"])
def test_hostile_titles_are_drawn_with_a_free_margin(text: str) -> None:
    for data in (cover.draw(session(text), "gentle", 1000), cover.draw_show(text, text, 1000)):
        image = seen(data).convert("L")
        for box in ((0, 0, 40, 1000), (960, 0, 1000, 1000), (0, 980, 1000, 1000)):
            assert not image.crop(box).point(lambda grey: 255 * (grey > 70)).getbbox()


@settings(max_examples=examples(25), deadline=None)
@given(texts(), texts())
def test_any_session_has_a_cover(title: str, move: str) -> None:
    assert seen(cover.draw(session(title, move), "strong", 55)).size == (55, 55)


def test_a_session_without_length_or_of_a_million_intervals_has_a_cover() -> None:
    assert seen(cover.draw(Timeline("", "en", 0, (), (), (), ()), "gentle", 1000)).size == (1000, 1000)
    many = legs(*((1, ("work", "rest")[at % 2]) for at in range(20_000)))
    assert len(cover.draw(many, "gentle", 1000)) < 250_000


def test_the_ground_tells_what_the_session_is_most_of() -> None:
    grounds = {
        kind: seen(cover.draw(legs((60, kind), (600, "rest"), (50, "work")), "gentle", 300)).getpixel((5, 5))
        for kind in ("work", "hold", "reps", "breaths")
    }
    assert len(set(grounds.values())) == 4
    paper = COLOURS["paper"].dark
    assert not any(is_near(ground, paper) for ground in grounds.values())
