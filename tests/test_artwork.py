"""Own covers and drawn ones, as files want them."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import re
import struct
import warnings
import zlib
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mutagen.id3 import ID3
from PIL import Image, PngImagePlugin

from audiocoach.coaching.estimate import estimate_ms
from audiocoach.errors import InputError
from audiocoach.making import artwork
from audiocoach.making.sessions import open_session, timeline_of
from audiocoach.publish import cover
from audiocoach.store.options import Overrides
from tests.builds import built, squats
from tests.conftest import examples
from tests.voices import DictStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from subprocess import CompletedProcess

    Program = Callable[..., CompletedProcess[str]]

RED, BLUE = (200, 30, 30), (30, 30, 200)


def picture(
    side_px: int = 1400, mode: str = "RGB", kind: str = "PNG", high: int = 0, **more: object
) -> bytes:
    out = io.BytesIO()
    Image.new(mode, (side_px, high or side_px), RED if mode == "RGB" else None).save(out, kind, **more)
    return out.getvalue()


def seen(jpeg: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(jpeg))
    image.load()
    return image


def is_red(image: Image.Image, place: tuple[int, int] = (5, 5)) -> bool:
    red, green, blue = image.getpixel(place)  # type: ignore[misc]
    return bool(abs(red - 200) < 9 and abs(green - 30) < 9 and abs(blue - 30) < 9)


@pytest.mark.parametrize(("side_px", "found_px"), [(1000, 1000), (3000, 1400)])
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_an_own_picture_is_a_jpeg_of_the_size_that_is_wanted(kind: str, side_px: int, found_px: int) -> None:
    image = seen(artwork.adapted(picture(kind=kind), "a.png", side_px))
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (found_px, found_px))
    assert is_red(image)


def bomb(side_px: int) -> bytes:
    """A PNG of a few kilobytes that says it is as large as this."""
    return drawn(side_px, 40 * (3 * side_px + 1))


def drawn(side_px: int, stream_bytes: int, bits: int = 8, *, interlaced: bool = False) -> bytes:
    """A PNG, black, whose pixel stream has so many bytes."""
    head = struct.pack(">IIBBBBB", side_px, side_px, bits, 2, 0, 0, interlaced)
    rows = zlib.compress(bytes(stream_bytes), 9)
    chunks = ((b"IHDR", head), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )


def with_text(letters: int) -> bytes:
    more = PngImagePlugin.PngInfo()
    more.add_text("Comment", "x" * letters, zip=True)
    return picture(pnginfo=more)


KIND = "expected a JPEG or PNG picture, found something else"
DAMAGED = "the picture is damaged: save it once more"
SIDE = "expected a picture of 1400 to 3000 pixels a side, found"
MODE = "expected a picture in RGB without transparency, found"
# Drawn when its turn comes: whoever collects the tests draws nothing.
REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "text": (lambda: b"title: Squats\n", KIND),
    "GIF": (lambda: picture(kind="GIF", mode="P"), KIND),
    "a web page": (lambda: b"<html><img src=x></html>" * 99, KIND),
    "cut short": (lambda: picture(kind="JPEG")[:5000], DAMAGED),
    "a PNG cut short": (lambda: picture()[:300], DAMAGED),
    "a PNG with a byte changed": (lambda: picture().replace(b"IDAT", b"IDAT\0", 1), DAMAGED),
    "a PNG whose pixels end early": (lambda: drawn(1400, 700 * 4201), DAMAGED),
    "a PNG that lacks one byte": (lambda: drawn(1400, 1400 * 4201 - 1), DAMAGED),
    "a PNG of 16 bits that ends early": (lambda: drawn(1400, 1400 * 4201, 16), DAMAGED),
    "an interlaced PNG that ends early": (lambda: drawn(1400, 1400 * 4201, interlaced=True), DAMAGED),
    "a PNG without pixels": (lambda: drawn(1400, 0), DAMAGED),
    "small": (lambda: picture(1399), f"{SIDE} 1399"),
    "large": (lambda: picture(3001), f"{SIDE} 3001"),
    "not square": (
        lambda: picture(1600, high=1400),
        "expected a square picture, found one of 1600 x 1400 pixels",
    ),
    "transparent": (lambda: picture(mode="RGBA"), f"{MODE} RGBA: save it as a JPEG"),
    "a colour that is transparent": (lambda: picture(transparency=RED), f"{MODE} RGB: save it as a JPEG"),
    "grey": (lambda: picture(mode="L"), f"{MODE} L: save it as a JPEG"),
    "for print": (lambda: picture(mode="CMYK", kind="JPEG"), f"{MODE} CMYK: save it as a JPEG"),
    "a bomb": (lambda: bomb(12_000), f"{SIDE} 12000"),
    "a bomb past all bounds": (lambda: bomb(60_000), f"{SIDE} far more"),
    "a bomb of text": (lambda: with_text(80_000_000), DAMAGED),
}


@pytest.mark.parametrize(("draw", "message"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_cover_is_refused_in_one_sentence(draw: Callable[[], bytes], message: str) -> None:
    with pytest.raises(InputError) as refused:
        artwork.adapted(draw(), "legs.jpg", 1000)
    assert str(refused.value) == f"legs.jpg:1:1: {message}"


@pytest.mark.parametrize(
    "draw",
    [
        lambda: drawn(1400, 1400 * 4201),
        lambda: drawn(1400, 1400 * 8401, 16),
        # Seven passes have each pixel once, and this many rows.
        lambda: drawn(1401, 3 * 1401 * 1401 + sum((176, 176, 175, 351, 350, 701, 700)), interlaced=True),
    ],
)
def test_36_a_png_with_all_its_pixels_is_taken(draw: Callable[[], bytes]) -> None:
    assert seen(artwork.adapted(draw(), "legs.png", 1000)).size == (1000, 1000)


@settings(max_examples=examples(60), deadline=None)
@given(st.data())
def test_whatever_bytes_are_changed_it_is_a_cover_or_refused(data: st.DataObject) -> None:
    whole = whole_picture(data.draw(st.sampled_from(("PNG", "JPEG"))))
    at = data.draw(st.integers(0, min(len(whole), 700) - 1))
    damaged = (
        whole[:at] + data.draw(st.binary(min_size=1, max_size=6)) + whole[at + data.draw(st.integers(0, 6)) :]
    )
    with contextlib.suppress(InputError):
        assert seen(artwork.adapted(damaged, "legs.jpg", 1000)).size == (1000, 1000)


@cache
def whole_picture(kind: str) -> bytes:
    return picture(kind=kind)


def test_a_picture_that_lies_on_its_side_is_turned() -> None:
    image = Image.new("RGB", (1400, 1400), BLUE)
    image.paste(RED, (0, 0, 1400, 700))
    turned = Image.Exif()
    turned[0x0112] = 6  # the top is on the right
    out = io.BytesIO()
    image.save(out, "JPEG", exif=turned)
    found = seen(artwork.adapted(out.getvalue(), "a.jpg", 1000))
    assert is_red(found, (990, 990))
    assert not is_red(found, (10, 10))


def test_what_a_camera_noted_is_not_published() -> None:
    noted = Image.Exif()
    noted[0x010E] = "at home"
    data = picture(kind="JPEG", exif=noted, comment=b"at home")
    assert b"at home" in data
    assert b"at home" not in artwork.adapted(data, "a.jpg", 1400)


def test_what_pillow_warns_of_is_no_fault_and_what_others_warn_of_is_heard() -> None:
    # Two orientations where there should be one.
    notes = b"Exif\0\0II*\0" + struct.pack("<IHHHIHHI", 8, 1, 0x0112, 3, 2, 6, 1, 0)
    data = picture(kind="JPEG", exif=notes)
    with pytest.warns(UserWarning, match="too many entries"):
        Image.open(io.BytesIO(data)).getexif().get(0x0112)
    before = list(warnings.filters)
    assert seen(artwork.adapted(data, "a.jpg", 1000)).size == (1000, 1000)
    # Never are filters put back as they were, which may be those of another thread.
    (added,) = [row for row in warnings.filters if row not in before]
    assert (added[0], added[3]) == ("ignore", re.compile(r"PIL\."))


def test_colours_keep_their_profile_unless_it_is_large() -> None:
    small, large = b"p" * 500, b"p" * 50_000
    kept = seen(artwork.adapted(picture(kind="JPEG", icc_profile=small), "a.jpg", 1000)).info
    assert kept["icc_profile"] == small
    dropped = seen(artwork.adapted(picture(kind="JPEG", icc_profile=large), "a.jpg", 1000)).info
    assert "icc_profile" not in dropped


def test_a_photograph_takes_no_more_room_than_it_must() -> None:
    noise = Image.effect_noise((1400, 1400), 30).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=95)
    small = artwork.adapted(out.getvalue(), "a.jpg", 1000)
    first = io.BytesIO()
    noise.resize((1000, 1000), Image.Resampling.LANCZOS).save(first, "JPEG", quality=88)
    assert len(small) < first.tell() / 1.5


# -- beside the routine -------------------------------------------------------------------------


def test_the_first_picture_beside_the_routine_is_taken_and_all_that_decides_is_named(tmp_path: Path) -> None:
    session, store = open_session(squats(tmp_path), Overrides()), DictStore()
    timeline = timeline_of(session, estimate_ms)
    drawn = artwork.session_cover(session.path, session.level, timeline, 1000, store)
    assert drawn.jpeg == cover.draw(timeline, "standard", 1000)
    names = [str(tmp_path / f"squats{suffix}") for suffix in (".jpg", ".jpeg", ".png")]
    assert drawn.inputs == tuple((name, "") for name in names)
    data = picture(kind="JPEG")
    (tmp_path / "squats.jpeg").write_bytes(data)
    (tmp_path / "squats.png").write_bytes(b"not looked at")
    own = artwork.session_cover(session.path, session.level, timeline, 1000, store)
    assert is_red(seen(own.jpeg))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(artwork, "adapted", None)
        assert artwork.session_cover(session.path, session.level, timeline, 1000, store) == own
    assert own.inputs == ((names[0], ""), (names[1], hashlib.sha256(data).hexdigest()))


def test_a_cover_is_drawn_once_until_it_would_be_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, store = open_session(squats(tmp_path), Overrides()), DictStore()
    timeline = timeline_of(session, estimate_ms)
    assert not artwork.is_drawn(session.level, timeline, 300, store)
    drawn = artwork.session_cover(session.path, session.level, timeline, 300, store)
    assert artwork.is_drawn(session.level, timeline, 300, store)
    for other in (replace(timeline, title="Legs"), replace(timeline, duration_ms=timeline.duration_ms * 2)):
        assert not artwork.is_drawn(session.level, other, 300, store)
    assert not artwork.is_drawn(session.level, timeline, 301, store)
    gentle = open_session(session.path, Overrides(level="gentle"))
    assert not artwork.is_drawn(gentle.level, timeline, 300, store)
    monkeypatch.setattr(cover, "draw", None)
    # What is said is in no picture.
    assert (
        artwork.session_cover(session.path, session.level, replace(timeline, events=()), 300, store) == drawn
    )


def test_a_show_has_its_own_picture_or_a_drawn_one(tmp_path: Path) -> None:
    own = tmp_path / "cover.png"
    own.write_bytes(picture())
    assert is_red(seen(artwork.show_cover(own, "Legs", "Ana", 3000)))
    assert artwork.show_cover(None, "Legs", "Ana", 3000) == cover.draw_show("Legs", "Ana", 3000)


def cover_in(path: Path) -> Image.Image:
    (found,) = ID3(path).getall("APIC")
    assert (found.type, found.mime, found.desc) == (3, "image/jpeg", "")
    return seen(found.data)


def test_a_build_takes_the_picture_and_sees_when_it_comes_changes_and_goes(tmp_path: Path) -> None:
    path, own, sound = squats(tmp_path), tmp_path / "squats.png", tmp_path / "out" / "squats.mp3"

    def again() -> str | None:
        (one,), failed = built(tmp_path, path)
        assert failed == []
        return one.reason

    assert again()
    assert cover_in(sound).size == (1000, 1000)
    assert not is_red(cover_in(sound))
    assert again() is None
    drawn = sound.read_bytes()
    own.write_bytes(picture())
    assert str(again()).endswith("squats.png has changed")
    assert is_red(cover_in(sound))
    assert again() is None
    own.write_bytes(picture(1500, kind="JPEG"))
    assert str(again()).endswith("squats.png has changed")
    own.unlink()
    assert again()
    assert sound.read_bytes() == drawn


WRONG: dict[str, tuple[Callable[[Path], object], str]] = {
    "a folder": (
        lambda path: path.mkdir(),
        "expected a JPEG or PNG picture, found a folder",
    ),
    "a pipe": (os.mkfifo, "expected a JPEG or PNG picture, found something that is no regular file"),
    "empty": (lambda path: path.write_bytes(b""), "expected a JPEG or PNG picture, found an empty file"),
    "text": (lambda path: path.write_text("hello"), KIND),
    "a link out of its folder": (
        lambda path: path.symlink_to("../squats.jpg"),
        "this is a link that leads out of its folder: put the file itself there",
    ),
    "a link into nothing": (
        lambda path: path.symlink_to("nowhere"),
        "cannot be read: No such file or directory",
    ),
}


@pytest.mark.parametrize(("make", "message"), WRONG.values(), ids=WRONG)
def test_a_picture_that_cannot_be_read_is_said_with_its_path(
    make: Callable[[Path], object], message: str, tmp_path: Path
) -> None:
    own = tmp_path / "squats.jpg"
    make(own)
    with pytest.raises(InputError) as refused:
        artwork.check(tmp_path / "squats.yaml")
    place = f"{own}" if own.is_dir() else f"{own}:1:1"
    assert str(refused.value) == f"{place}: {message}"


def test_check_and_build_say_it_and_the_other_routines_are_built(tmp_path: Path, audiocoach: Program) -> None:
    squats(tmp_path, "other")
    squats(tmp_path)
    (tmp_path / "squats.jpg").write_bytes(picture(300))
    for command in (["check"], ["build", "--cache", "cache"]):
        done = audiocoach(*command, "other.yaml", "squats.yaml")
        assert done.returncode == 2
        said = [line for line in done.stderr.splitlines() if "squats" in line]
        assert said == [f"squats.jpg:1:1: {SIDE} 300"]
    assert sorted(path.stem for path in (tmp_path / "out").glob("*.mp3")) == ["other"]


def test_a_pipe_in_place_of_a_picture_that_was_used_is_not_waited_for(
    tmp_path: Path, audiocoach: Program
) -> None:
    squats(tmp_path)
    own = tmp_path / "squats.jpg"
    own.write_bytes(picture(kind="JPEG"))
    assert audiocoach("build", "squats.yaml", "--cache", "cache").returncode == 0
    own.unlink()
    os.mkfifo(own)
    assert audiocoach("build", "squats.yaml", "--cache", "cache", timeout=60).returncode == 2
