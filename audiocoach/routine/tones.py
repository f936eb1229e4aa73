"""`tones:` as a coach writes it: how much sounds, of which set, and what has a sound of the coach's own.

In: the value of a field. Out: a `TonesChoice`; the files that it names `sounds` finds.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any, cast, get_args

from audiocoach.records import dataclass
from audiocoach.routine import values
from audiocoach.routine.form import Field, Form
from audiocoach.routine.model import TonesName
from audiocoach.routine.source import Mapping, Scalar

if TYPE_CHECKING:
    from audiocoach.errors import Position
    from audiocoach.routine.diagnostics import Diagnostics
    from audiocoach.routine.source import Node

_AMOUNTS = get_args(TonesName)
# What `assets/tones.json` has: to know what may be written nobody need read how it sounds.
SETS = ("clear", "soft", "wood")
MEANINGS = (
    *("count", "count_out", "go", "switch", "stop", "rest", "section", "halfway"),
    *("phase", "beat", "tick", "last", "inhale", "exhale", "bell", "done"),
)


@dataclass(frozen=True, slots=True)
class SoundFile:
    """A sound of the coach's own; until its file is found its `digest` is empty.

    It is brought to `level_db`, that of the set that it stands in.
    """

    name: str
    path: str = ""
    digest: str = ""
    length_ms: int = 0
    level_db: float = 0.0
    position: Position | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Sounds:
    """What tones sound like: a set, empty where none was named, and the meanings with other sounds.

    Such a sound is that of another meaning, by its name, or a file.
    """

    family: str = ""
    own: tuple[tuple[str, str | SoundFile], ...] = ()

    def of(self, meaning: str) -> str | SoundFile:
        """What a meaning sounds like."""
        return next((sound for own, sound in self.own if own == meaning), meaning)

    def changed(self, inner: Sounds) -> Sounds:
        """What is said further in goes before what is said further out."""
        return Sounds(inner.family or self.family, tuple({**dict(self.own), **dict(inner.own)}.items()))


@dataclass(frozen=True, slots=True)
class TonesChoice:
    """How much sounds, and of what."""

    amount: TonesName
    sounds: Sounds = Sounds()


def sound(node: Node, diagnostics: Diagnostics) -> str | SoundFile | None:
    """A meaning, whose sound it is, or a file."""
    text = node.text.strip() if isinstance(node, Scalar) else ""
    if text in MEANINGS:
        return text
    if "." in text:
        return SoundFile(text, position=node.position)
    near, fix = diagnostics.did_you_mean(text, MEANINGS) if text else ("", None)
    expected = "a tone such as bell, or a file such as sounds/gong.wav"
    diagnostics.error(node.position, f"expected {expected}, found {values.shown(node)}{near}", fix=fix)
    return None


SET = Field("set", values.choice(*SETS))
PLAY = Field("play", values.choice(*_AMOUNTS))
_OWN: tuple[Field[str | SoundFile], ...] = tuple(Field(name, sound) for name in MEANINGS)
TONES_FIELDS: tuple[Field[Any], ...] = (SET, PLAY, *_OWN)
_SCALAR = values.choice(*_AMOUNTS)


def read(node: Node, diagnostics: Diagnostics) -> TonesChoice | None:
    """What a `tones:` says."""
    if isinstance(node, Mapping):
        return _of_map(node, diagnostics)
    name = node.text.strip() if isinstance(node, Scalar) else ""
    if name in SETS and name not in _AMOUNTS:
        fix = f"{{set: {name}}}"
        message = f"expected one of {', '.join(_AMOUNTS)}, found {values.shown(node)}: write {fix}"
        diagnostics.error(node.position, message, fix=fix)
        return None
    amount = _SCALAR(node, diagnostics)
    return None if amount is None else TonesChoice(cast("TonesName", amount))


def _of_map(node: Mapping, diagnostics: Diagnostics) -> TonesChoice:
    form = Form(node, "tones", TONES_FIELDS, diagnostics)
    family, amount = form.take(SET), form.take(PLAY)
    own = tuple((one.name, found) for one in _OWN if (found := form.take(one)) is not None)
    return TonesChoice(cast("TonesName", amount or "full"), Sounds(family or "", own))


def parts(choice: TonesChoice | None) -> tuple[TonesName | None, Sounds | None]:
    """How much sounds, and of what, where it was said."""
    return (None, None) if choice is None else (choice.amount, choice.sounds)
