"""Covers as files want them: the author's own picture where there is one, else the drawn one.

A session's own picture lies beside its routine under the same name: `legs.jpg` (or `.jpeg`, `.png`)
for `legs.yaml`. It is checked, and written anew as a JPEG: nothing else that a file holds (places,
cameras, what hides behind a picture) is published.
"""

from __future__ import annotations

import hashlib
import io
import os
import struct
import warnings
import zlib
from typing import TYPE_CHECKING

from audiocoach.errors import InputError, Position, Problem
from audiocoach.keys import key
from audiocoach.publish import cover
from audiocoach.records import dataclass
from audiocoach.regular import MOST_BYTES
from audiocoach.routine.library import refuse_link_out
from audiocoach.routine.source import read_bytes
from audiocoach.store.files import absolute
from audiocoach.store.fingerprint import describe_versions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PIL import Image

    from audiocoach.coaching.timeline import Timeline
    from audiocoach.voice.clips import Store

IN_FILE_PX, IN_FEED_PX = 1000, 3000
_SUFFIXES = (".jpg", ".jpeg", ".png")
# What podcast directories take.
_LEAST_PX, _MOST_PX = 1400, 3000
# The first with which a picture of 1000 px takes no more than 150 KB is taken, else the last.
_QUALITIES = (88, 80, 70, 60)
_MOST_BYTES_PER_PX = 150
# sRGB's own is 3 KB; what is much larger describes a printer.
_MOST_PROFILE_BYTES = 10_000
_DAMAGED = "the picture is damaged: save it once more"
_CHUNK = struct.Struct(">I4s")
_HEAD = struct.Struct(">II5B")
# The passes of an interlaced PNG: first column, first row, steps to the next (W3C PNG, 8.2).
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_PIECE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Cover:
    """A JPEG, and the files that decide on it: paths and SHA-256, `""` where there is none."""

    jpeg: bytes
    inputs: tuple[tuple[str, str], ...]


def session_cover(routine: Path, level: str, timeline: Timeline, side_px: int, store: Store) -> Cover:
    """The cover of a routine's session. What was made once is kept.

    An own picture that is smaller than `side_px` stays so.

    Raises:
        InputError: its own picture cannot be used.
    """
    looked = tuple(_beside(routine))
    path, data = looked[-1]
    inputs = tuple((absolute(one), _digest(found)) for one, found in looked)
    name = _key(side_px, _digest(data)) if data else _drawn_key(level, timeline, side_px)
    kept = store.get(name)
    if kept is None:
        kept = adapted(data, str(path), side_px) if data else cover.draw(timeline, level, side_px)
        store.put(name, kept)
    return Cover(kept, inputs)


def is_drawn(level: str, timeline: Timeline, side_px: int, store: Store) -> bool:
    """Whether the cover of a session without a picture of its own was drawn before."""
    return store.size_bytes(_drawn_key(level, timeline, side_px)) is not None


def _drawn_key(level: str, timeline: Timeline, side_px: int) -> str:
    return _key(side_px, cover.sketch(timeline, level))


def _key(side_px: int, shown: str) -> str:
    return key("cover", describe_versions(), side_px, shown)


def check(routine: Path) -> None:
    """See whether a routine's own picture, if it has one, can be used.

    Raises:
        InputError: it cannot.
    """
    path, data = tuple(_beside(routine))[-1]
    if data:
        adapted(data, str(path), IN_FEED_PX)


def show_cover(own: Path | None, title: str, author: str, side_px: int) -> bytes:
    """The cover of a show, as a JPEG.

    Raises:
        InputError: its own picture cannot be used.
    """
    if own is None:
        return cover.draw_show(title, author, side_px)
    return adapted(_read(own), str(own), side_px)


def _beside(routine: Path) -> Iterator[tuple[Path, bytes]]:
    """Where an own picture may lie, up to the first that is there, and what that one holds."""
    for suffix in _SUFFIXES:
        path = routine.with_suffix(suffix)
        is_there = os.path.lexists(path)
        if is_there:
            refuse_link_out(path)
        yield path, _read(path) if is_there else b""
        if is_there:
            return


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest() if data else ""


def _read(path: Path) -> bytes:
    data = read_bytes(path, str(path), "a JPEG or PNG picture", MOST_BYTES)
    if not data:
        raise _refusal(str(path), "expected a JPEG or PNG picture, found an empty file")
    return data


def adapted(data: bytes, shown: str, side_px: int) -> bytes:
    """An author's picture as a JPEG of `side_px` at most.

    Raises:
        InputError: it is no square JPEG or PNG of 1400 to 3000 pixels in RGB, or it is damaged.
    """
    from PIL import Image  # a cached build must not pay for it

    image = _decoded(data, shown)
    side_px = min(side_px, image.width)
    image = image.resize((side_px, side_px), Image.Resampling.LANCZOS)
    profile = image.info.get("icc_profile") or b""
    image.info.clear()
    kept = profile if len(profile) <= _MOST_PROFILE_BYTES else b""
    for quality in _QUALITIES:
        out = io.BytesIO()
        image.save(out, "JPEG", quality=quality, icc_profile=kept)
        if out.tell() <= side_px * _MOST_BYTES_PER_PX:
            break
    return out.getvalue()


def _decoded(data: bytes, shown: str) -> Image.Image:
    """The picture, upright; its size is known before a pixel of it is decoded."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        # Pillow warns of sizes, which are refused here, and of places in a camera's notes. Filters belong to
        # all threads: nobody may put them back as they were before.
        warnings.filterwarnings("ignore", module=r"PIL\.")
        image = Image.open(io.BytesIO(data), formats=("JPEG", "PNG"))
        problem = _unfit(image)
        if not problem and image.format == "PNG" and not _has_all_pixels(data):
            problem = _DAMAGED
        if not problem:
            image.load()
            return ImageOps.exif_transpose(image)
    except UnidentifiedImageError:
        problem = "expected a JPEG or PNG picture, found something else"
    except Image.DecompressionBombError:
        problem = f"expected a picture of {_LEAST_PX} to {_MOST_PX} pixels a side, found far more"
    except Exception:  # noqa: BLE001 - whatever a decoder raises on hostile bytes
        problem = _DAMAGED
    raise _refusal(shown, problem)


def _has_all_pixels(png: bytes) -> bool:
    """Whether the pixel stream of a PNG in RGB is as long as its rows: a decoder fills up what is missing.

    Raises:
        zlib.error, struct.error: it is no stream, or no PNG.
    """
    chunks = list(_chunks(png))
    width, height, bits, *_, interlaced = _HEAD.unpack(chunks[0][1])
    stream = b"".join(body for name, body in chunks if name == b"IDAT")
    passes = _PASSES if interlaced else ((0, 0, 1, 1),)
    needed = sum(
        _rows_bytes(-(-(width - left) // across), -(-(height - top) // down), bits)
        for left, top, across, down in passes
    )
    return _unpacked_bytes(stream, needed) == needed


def _rows_bytes(width: int, height: int, bits: int) -> int:
    """Three samples a pixel, and a byte before each row that says how it is filtered."""
    return height * (1 + 3 * width * bits // 8)


def _unpacked_bytes(stream: bytes, most: int) -> int:
    """How many bytes come out of it, counted up to `most`."""
    unpacker, found = zlib.decompressobj(), 0
    while found < most and (piece := unpacker.decompress(stream, min(_PIECE_BYTES, most - found))):
        found += len(piece)
        stream = unpacker.unconsumed_tail
    return found


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and content of each chunk, as far as there are any."""
    start = len(b"\x89PNG\r\n\x1a\n")
    while start + _CHUNK.size <= len(png):
        length, name = _CHUNK.unpack_from(png, start)
        start += _CHUNK.size
        yield name, png[start : start + length]
        start += length + 4


def _unfit(image: Image.Image) -> str:
    """What is wrong with a picture that was opened, nothing where it will do."""
    if image.width != image.height:
        return f"expected a square picture, found one of {image.width} x {image.height} pixels"
    if not _LEAST_PX <= image.width <= _MOST_PX:
        return f"expected a picture of {_LEAST_PX} to {_MOST_PX} pixels a side, found {image.width}"
    if image.mode != "RGB" or "transparency" in image.info:
        return f"expected a picture in RGB without transparency, found {image.mode}: save it as a JPEG"
    return ""


def _refusal(shown: str, problem: str) -> InputError:
    return InputError(Problem(Position(shown, 1, 1), problem, code="unusable-picture"))
