"""`music:` as a coach writes it: what plays under a session or a part of it.

In: the value of a field. Out: a `Music`, whose tracks are beds that ship or names of files: `sounds` finds
those.
"""

from __future__ import annotations

import re
from dataclasses import field
from typing import TYPE_CHECKING, Any

from audiocoach.records import dataclass
from audiocoach.routine import paper, values
from audiocoach.routine.form import Field, Form
from audiocoach.routine.source import Mapping, Scalar, Sequence, is_empty

if TYPE_CHECKING:
    from audiocoach.errors import Position
    from audiocoach.routine.diagnostics import Diagnostics
    from audiocoach.routine.source import Node

PULSE = "pulse"
GENERATED = ("pad", "rain", "waves", PULSE)
USUAL_LEVEL_LU = -8.0
USUAL_BPM = 120
_QUIETEST_LU = -30.0
_BPM = range(40, 241)
_OFF = frozenset({"off", "none", "no", "false"})
_ON = frozenset({"on", "yes", "true"})
_AND = re.compile(r"\s*(?:\band\b|\bwith\b|[+&/]|\s)\s*")
_NUMBER = re.compile(r"([+-]?\d{1,3}(?:[.,]\s?\d+)?)\s*(?:lu|lufs|db|dbfs)?", re.IGNORECASE | re.ASCII)
_LEVEL = re.compile(r"(-?\d{1,2}(?:\.\d)?) ?(?:lu|db)?", re.ASCII | re.IGNORECASE)
_WHAT = "a file or folder beside the routine, or one of pad, rain, waves, pulse"


@dataclass(frozen=True, slots=True)
class Track:
    """One piece of music: a bed that ships, by its `name`, or a file, by its path and what is in it.

    `bpm` are its beats a minute where that is known, else 0. Until its file is found the `digest` is empty.
    """

    name: str
    bpm: int = 0
    path: str = ""
    digest: str = ""
    position: Position | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Music:
    """What plays while one works and while one rests, in turn, so far below the voice; nothing is silence."""

    work: tuple[Track, ...]
    rest: tuple[Track, ...]
    level_lu: float = USUAL_LEVEL_LU


def _names(node: Node, diagnostics: Diagnostics) -> tuple[Scalar, ...] | None:
    """Names in a list, or with commas between them on one line; each keeps its place."""
    if isinstance(node, Scalar) and not is_empty(node):
        parts = [part.strip() for part in node.text.split(",") if part.strip()]
        if len(parts) == 1:
            return (node,)
        return tuple(Scalar(part, node.place(part), part, quoted=True, tail="") for part in parts)
    if not isinstance(node, Sequence) or not node.items:
        diagnostics.error(node.position, f"expected {_WHAT}, found {values.shown(node)}")
        return None
    for item in node.items:
        if not isinstance(item, Scalar) or is_empty(item):
            diagnostics.error(item.position, f"expected {_WHAT}, found {values.shown(item)}")
            return None
    return tuple(item for item in node.items if isinstance(item, Scalar))


def tracks(node: Node, diagnostics: Diagnostics) -> tuple[Track, ...] | None:
    """What is played in turn: nothing where it is `off`."""
    names = _names(node, diagnostics)
    if names is None:
        return None
    if len(names) == 1 and names[0].text.strip().lower() in _OFF:
        return ()
    if len(names) == 1 and (hint := _hint(names[0].text.strip())):
        diagnostics.error(names[0].position, f"expected {_WHAT}, found {values.shown(names[0])}: {hint}")
        return None
    return tuple(_track(name.text.strip(), name.position) for name in names)


def _hint(name: str) -> str:
    """What is said of a name that is no track's: of several beds in a row, and of a switch."""
    if name.lower() in _ON:
        return "write which, such as rain"
    beds = _AND.split(name.lower())
    return f"write [{', '.join(beds)}]" if len(beds) > 1 and set(beds) <= set(GENERATED) else ""


def _track(name: str, position: Position) -> Track:
    return Track(name, USUAL_BPM if name == PULSE else 0, position=position)


def level_lu(node: Node, diagnostics: Diagnostics) -> float | None:
    """How far below the voice: `-8`, `-12.5 LU`."""
    expected = "how far below the voice it plays, from -30 to 0, such as -8"
    found = _LEVEL.fullmatch(node.text.strip()) if isinstance(node, Scalar) else None
    if found and _QUIETEST_LU <= float(found[1]) <= 0:
        return float(found[1])
    near = _NUMBER.fullmatch(node.text.strip()) if isinstance(node, Scalar) else None
    meant = round(-abs(float(near[1].replace(",", ".").replace(" ", ""))), 1) if near else 0
    hint = f": write {meant:g}" if near and _QUIETEST_LU <= meant < 0 else ""
    diagnostics.error(node.position, f"expected {expected}, found {values.shown(node)}{hint}")
    return None


def beats(node: Node, diagnostics: Diagnostics) -> int | None:
    """Beats a minute, 40 to 240."""
    text = node.text.strip() if isinstance(node, Scalar) else ""
    if text.isascii() and text.isdigit() and len(text) <= len("240") and int(text) in _BPM:
        return int(text)
    expected = "beats a minute from 40 to 240, such as 120"
    meant = re.match(r"\d{2,3}(?!\d)", paper.beats(text) or text)
    hint = f": write {meant[0]}" if meant and meant[0] != text and int(meant[0]) in _BPM else ""
    diagnostics.error(node.position, f"expected {expected}, found {values.shown(node)}{hint}")
    return None


PLAY = Field("play", tracks)
WORK = Field("work", tracks)
REST = Field("rest", tracks)
LEVEL = Field("level", level_lu)
BEATS = Field("bpm", beats)
MUSIC_FIELDS: tuple[Field[Any], ...] = (PLAY, WORK, REST, LEVEL, BEATS)


def read(node: Node, diagnostics: Diagnostics) -> Music | None:
    """What a `music:` says."""
    if not isinstance(node, Mapping):
        found = tracks(node, diagnostics)
        return None if found is None else Music(found, found)
    form = Form(node, "music", MUSIC_FIELDS, diagnostics)
    play, work, rest = form.take(PLAY), form.take(WORK), form.take(REST)
    level, bpm = form.take(LEVEL), form.take(BEATS)
    if not any(map(form.has, ("play", "work", "rest"))):
        form.require("play", "play: rain")
    if form.has("play") and form.has("work") and form.has("rest"):
        message = "expected play, or work and rest, found all three: remove play"
        diagnostics.error(form.key_position("play"), message, "conflicting-fields")
    music = Music(
        work=_first(work, play, ()),
        rest=_first(rest, play, ()),
        level_lu=USUAL_LEVEL_LU if level is None else level,
    )
    return music if bpm is None else _with_beats(music, bpm, form, diagnostics)


def _first(*options: tuple[Track, ...] | None) -> tuple[Track, ...]:
    return next(option for option in options if option is not None)


def _with_beats(music: Music, bpm: int, form: Form, diagnostics: Diagnostics) -> Music:
    """The beats are those of all tracks that have any."""
    if all(_is_beatless(track) for track in (*music.work, *music.rest)):
        message = "bpm has nothing to do here: it belongs to pulse, or to a file that is looped at its beat"
        diagnostics.error(form.key_position("bpm"), message, "misplaced-field")
    return Music(_beaten(music.work, bpm), _beaten(music.rest, bpm), music.level_lu)


def _is_beatless(track: Track) -> bool:
    return track.name in GENERATED and track.name != PULSE


def _beaten(found: tuple[Track, ...], bpm: int) -> tuple[Track, ...]:
    return tuple(
        track if _is_beatless(track) else Track(track.name, bpm, position=track.position) for track in found
    )
