"""A finished session as the cache keeps it: which frames stand where, the tag, the companions.

An MP3 is a join of frames that are in the cache already, so the finished output is kept as what has
to be joined: some hundred kilobytes for an hour. It names the inputs that it was made from by their
content, so it is found without reading YAML, and used only while all of them hold.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from audiocoach import assets
from audiocoach.errors import Position, Problem
from audiocoach.keys import key
from audiocoach.records import dataclass
from audiocoach.routine.voice import Voice

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from audiocoach.errors import Code
    from audiocoach.store.options import Overrides

_ENCODING = "utf-8"
# Part of every key: raise it when a recipe says more, or says it otherwise.
_FORMAT = 4


@dataclass(frozen=True, slots=True)
class Source:
    """What a session was made from.

    `inputs` are absolute paths and the SHA-256 of their content, the routine first; `setting` is
    `setting.Setting.of(voices)`.
    """

    inputs: tuple[tuple[str, str], ...]
    voices: tuple[Voice, ...]
    setting: str

    @property
    def routine(self) -> str:
        """The routine's absolute path."""
        return self.inputs[0][0]

    def changed(self, digest: Callable[[str], str]) -> str | None:
        """The first input whose content is another now, None where all hold."""
        return next((path for path, known in self.inputs if digest(path) != known), None)


@dataclass(frozen=True, slots=True)
class Listing:
    """What a feed and its pages tell of a session, and its timeline does not.

    `level` is the one it was built at; `equipment` what the moves that are done need, each thing once, as it
    is first needed.
    """

    description: str
    coach: str
    level: str
    tags: tuple[str, ...]
    equipment: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """How loud a sound is on two speakers, in LUFS, and its true peak in dB of full scale, to a tenth.

    None where nothing sounds.
    """

    lufs: float | None
    peak_db: float | None


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that the files of one session are joined from, and how it is listed.

    `regions` are pairs of a first frame and the key of what the cache has of the region, in order of time;
    where there is `music`, of the blocks that follow each other without silence. Where it `is_awake` noise
    that nobody hears lies between them. `clips` are the keys of the phrases that sound; `companions` the
    suffixes and texts of the files beside it; `level` how loud it is, once all regions were made. `others`
    are the files of other kinds beside it, by what their names end with, each with its tag; they are made of
    `sounds`: where each starts, in samples, how many it has, its key and its side.
    """

    source: Source
    listing: Listing
    duration_ms: int
    clips: tuple[str, ...]
    regions: tuple[tuple[int, str], ...]
    notes: tuple[Problem, ...]
    tag: bytes
    companions: tuple[tuple[str, str], ...]
    music: bool = False
    stereo: bool = False
    is_awake: bool = False
    level: Level | None = None
    others: tuple[tuple[str, bytes], ...] = ()
    sounds: tuple[tuple[int, int, str, str], ...] = ()

    def to_bytes(self) -> bytes:
        """One line of JSON, then the tag and the companions as they are."""
        texts = [(suffix, text.encode(_ENCODING)) for suffix, text in self.companions]
        head = {
            **source_to_json(self.source),
            "listing": listing_to_json(self.listing),
            "duration_ms": self.duration_ms,
            "clips": self.clips,
            "regions": self.regions,
            "notes": notes_to_json(self.notes),
            "level": level_to_json(self.level),
            "others": [(suffix, len(tag)) for suffix, tag in self.others],
            "sounds": self.sounds,
            "tag_bytes": len(self.tag),
            "companions": [(suffix, len(text)) for suffix, text in texts],
            "music": self.music,
            "stereo": self.stereo,
            "is_awake": self.is_awake,
        }
        bodies = (self.tag, *(tag for _, tag in self.others), *(text for _, text in texts))
        return b"".join((json.dumps(head).encode("ascii"), b"\n", *bodies))

    @classmethod
    def from_bytes(cls, data: bytes) -> Recipe:
        """The inverse of `to_bytes`.

        Raises:
            ValueError, KeyError, TypeError: these bytes are no recipe.
        """
        line, _, body = data.partition(b"\n")
        head = json.loads(line)
        others, companions = head["others"], head["companions"]
        sizes = [head["tag_bytes"], *(size for _, size in (*others, *companions))]
        tag, *parts = _split(body, sizes)
        tags, texts = parts[: len(others)], parts[len(others) :]
        return cls(
            source=source_from_json(head),
            listing=listing_from_json(head["listing"]),
            duration_ms=int(head["duration_ms"]),
            clips=tuple(map(str, head["clips"])),
            regions=tuple((int(first_frame), str(key)) for first_frame, key in head["regions"]),
            notes=notes_from_json(head["notes"]),
            tag=tag,
            companions=tuple(
                (str(suffix), text.decode(_ENCODING))
                for (suffix, _), text in zip(companions, texts, strict=True)
            ),
            music=bool(head["music"]),
            stereo=bool(head["stereo"]),
            is_awake=bool(head["is_awake"]),
            level=level_from_json(head["level"]),
            others=tuple((str(suffix), tag) for (suffix, _), tag in zip(others, tags, strict=True)),
            sounds=tuple(
                (int(start), int(length), str(sound), str(side))
                for start, length, sound, side in head["sounds"]
            ),
        )


def _split(body: bytes, sizes: list[int]) -> list[bytes]:
    ends = list(accumulate(sizes))
    return [body[end - size : end] for end, size in zip(ends, sizes, strict=True)]


def recipe_key(path: Path, digest: str, overrides: Overrides, container: tuple[str, ...] = ()) -> str:
    """Where the recipe of a routine with this content is kept; notes repeat its path as it was asked for.

    `container` is what its container adds to every key: nothing for MP3.
    """
    # Where a text's libraries lie is part of it, for standard input as well.
    place = os.path.abspath(path)  # noqa: PTH100 - links stay as they are
    return key("session", _FORMAT, str(path), place, digest, overrides, *container)


def level_to_json(level: Level | None) -> list[float | None]:
    """As the cache and the manifest keep it: nothing where nobody has measured."""
    return [] if level is None else [level.lufs, level.peak_db]


def level_from_json(row: list[float | None]) -> Level | None:
    """The inverse.

    Raises:
        ValueError, TypeError: this is no level.
    """
    if not row:
        return None
    lufs, peak_db = (None if value is None else float(value) for value in row)
    return Level(lufs, peak_db)


def source_to_json(source: Source) -> dict[str, Any]:
    """As the cache and the manifest keep it."""
    return {
        "inputs": source.inputs,
        "voices": [_voice_to_json(voice) for voice in source.voices],
        "setting": source.setting,
    }


def _voice_to_json(voice: Voice) -> dict[str, Any]:
    """A voice by its fields; what is as it always was before it could be otherwise is left out."""
    usual = {"language": assets.DEFAULT_LANGUAGE, "gain_db": 0.0, "pitch": None}
    return {name: value for name, value in asdict(voice).items() if name not in usual or value != usual[name]}


def source_from_json(row: dict[str, Any]) -> Source:
    """The inverse.

    Raises:
        ValueError, KeyError, TypeError: this is no source.
    """
    inputs = tuple((str(path), str(digest)) for path, digest in row["inputs"])
    if not inputs:
        raise ValueError("no inputs")
    return Source(inputs, tuple(Voice(**voice) for voice in row["voices"]), str(row["setting"]))


def listing_to_json(listing: Listing) -> dict[str, Any]:
    """As the cache and the manifest keep it."""
    return asdict(listing)


def listing_from_json(row: dict[str, Any]) -> Listing:
    """The inverse.

    Raises:
        KeyError, TypeError: this is no listing.
    """
    return Listing(
        description=str(row["description"]),
        coach=str(row["coach"]),
        level=str(row["level"]),
        tags=tuple(map(str, row["tags"])),
        equipment=tuple(map(str, row["equipment"])),
    )


def notes_to_json(notes: tuple[Problem, ...]) -> list[list[Any]]:
    """As the cache and the manifest keep them."""
    places = [(note, note.position) for note in notes]
    return [
        [at.path, at.line, at.column, note.message, note.kind, at.end, note.code, note.fix]
        for note, at in places
    ]


def notes_from_json(rows: list[list[Any]]) -> tuple[Problem, ...]:
    """The inverse.

    Raises:
        ValueError, TypeError: these are no notes.
    """
    return tuple(_note(*row) for row in rows)


def _note(  # noqa: PLR0913, PLR0917 - a row as it is kept; one of an earlier version ends with its kind
    path: str,
    line: int,
    column: int,
    message: str,
    kind: str,
    end: list[int] | None = None,
    code: Code = "decision",
    fix: str | None = None,
) -> Problem:
    behind = (int(end[0]), int(end[1])) if end else None
    return Problem(Position(str(path), int(line), int(column), behind), str(message), str(kind), code, fix)
