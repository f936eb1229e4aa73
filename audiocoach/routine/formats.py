"""`formats:`, which kinds of files a session comes in, as routines, shows and the command line name them.

And `stereo:`, whether sides are heard in them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, get_args

from audiocoach.routine import values
from audiocoach.routine.diagnostics import nearest
from audiocoach.routine.form import Field
from audiocoach.routine.model import FormatName
from audiocoach.routine.source import Scalar

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiocoach.routine.diagnostics import Diagnostics
    from audiocoach.routine.source import Node

NAMES: tuple[FormatName, ...] = get_args(FormatName)
# What others call them, and where they are to be heard.
_ALSO_CALLED: dict[str, FormatName] = {
    **dict.fromkeys(("mp4", "m4a", "aac", "audiobook", "book"), "m4b"),
    **dict.fromkeys(("ogg", "oga", "vorbis", "webm", "mail"), "opus"),
    **dict.fromkeys(("flac", "aiff", "aif", "pcm", "wave", "lossless"), "wav"),
    **dict.fromkeys(("8k", "8khz", "wav8k", "wav 8k", "wav-8khz", "phone", "telephone"), "wav-8k"),
    **dict.fromkeys(("none", "off", "no"), "mp3"),
}
_SEVERAL = re.compile(r"[,;+/&\s]+")


def _name(node: Node, diagnostics: Diagnostics) -> FormatName | None:
    text = node.text.strip() if isinstance(node, Scalar) else ""
    name = next((one for one in NAMES if one == text), None)
    if name is not None:
        return name
    hint, fix = _meant(text)
    expected = f"expected one of {', '.join(NAMES)}"
    diagnostics.error(node.position, f"{expected}, found {values.shown(node)}{hint}", fix=fix)
    return None


def _meant(text: str) -> tuple[str, str | None]:
    """What to say of what is no name, and what to write in its place."""
    also = _ALSO_CALLED.get(text.lower().lstrip("."), "") or nearest(text.lstrip("."), NAMES)
    parts = [part.lower() for part in _SEVERAL.split(text) if part not in {"", "and"}]
    if len(parts) > 1 and set(parts) <= set(NAMES):
        several = f"[{', '.join(parts)}]"
        return f": write {several}", several
    return (f'; did you mean "{also}"?', also) if also else ("", None)


FORMATS = Field("formats", values.sequence(_name, "a list such as [opus, m4b]"))
STEREO = Field("stereo", values.on_off)


def read_list(text: str, refuse: Callable[[str], object]) -> tuple[FormatName, ...]:
    """`mp3,opus`: the names in a text; `refuse` gets a sentence where one of them is none."""
    found = [name.strip().lower() for name in text.split(",")]
    for name in found:
        if name not in NAMES:
            hint, _ = _meant(name)
            refuse(f"expected some of {', '.join(NAMES)}, such as mp3,opus, found {name!r}{hint}")
    return tuple(name for name in NAMES if name in found)
