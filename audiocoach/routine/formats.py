"""`formats:`, which kinds of files a session comes in, as routines, shows and the command line name them.

And `stereo:`, whether sides are heard in them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from audiocoach.routine import values
from audiocoach.routine.diagnostics import did_you_mean
from audiocoach.routine.form import Field
from audiocoach.routine.model import FormatName

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES: tuple[FormatName, ...] = get_args(FormatName)
FORMATS = Field("formats", values.sequence(values.choice(*NAMES), "a list such as [opus, m4b]"))
STEREO = Field("stereo", values.on_off)


def read_list(text: str, refuse: Callable[[str], object]) -> tuple[FormatName, ...]:
    """`mp3,opus`: the names in a text; `refuse` gets a sentence where one of them is none."""
    found = [name.strip().lower() for name in text.split(",")]
    for name in found:
        if name not in NAMES:
            near = did_you_mean(name, NAMES)
            hint = near if "mean" in near else ""
            refuse(f"expected some of {', '.join(NAMES)}, such as mp3,opus, found {name!r}{hint}")
    return tuple(name for name in NAMES if name in found)
