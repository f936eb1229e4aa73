"""`tones:` as a coach writes it: how much sounds, of which set, and what has a sound of the coach's own.

In: the value of a field. Out: a `TonesChoice`; the files that it names `sounds` finds.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any, cast, get_args

from audiocoach.records import dataclass
from audiocoach.routine import values
from audiocoach.routine.diagnostics import nearest
from audiocoach.routine.form import Field, Form
from audiocoach.routine.model import TonesName
from audiocoach.routine.source import Mapping, Scalar, Sequence

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
    # What has a folder in it is a path: who looks for it tells what is like it.
    if "." in text or "/" in text:
        return SoundFile(text, position=node.position)
    hint, fix = _meant_sound(text)
    expected = "a tone such as bell, or a file such as sounds/gong.wav"
    diagnostics.error(node.position, f"expected {expected}, found {values.shown(node)}{hint}", fix=fix)
    return None


def _meant_sound(text: str) -> tuple[str, str | None]:
    """What to say of a word that is no tone, and which tone to write instead."""
    if text.lower() in _NOTHING:
        return ": one tone alone cannot be left out; tones: none leaves out all", None
    near = nearest(text, MEANINGS) if text else ""
    # `gong` is nearly `go`, and no slip.
    if near and abs(len(near) - len(text)) < _SLIP:
        return f'; did you mean "{near}"?', near
    if not text:
        return "", None
    return f"; tones are {', '.join(sorted(MEANINGS))}; a file has its ending, such as {text}.wav", None


_NOTHING = frozenset({"none", "off", "no", "false", "null", "never", "silent", "silence"})
# What is written for how much sounds.
_ALSO_CALLED: dict[str, TonesName] = {
    **dict.fromkeys(_NOTHING, "none"),
    **dict.fromkeys(("on", "yes", "true", "all", "loud", "normal", "usual", "default", "standard"), "full"),
    **dict.fromkeys(("quiet", "low", "gentle", "softer", "few", "some"), "soft"),
}
_SLIP = 2
_EXPECTED = "full, soft or none, or a map such as {set: wood, go: bell}"
SET = Field("set", values.choice(*SETS))
PLAY = Field("play", values.choice(*_AMOUNTS))
_OWN: tuple[Field[str | SoundFile], ...] = tuple(Field(name, sound) for name in MEANINGS)
TONES_FIELDS: tuple[Field[Any], ...] = (SET, PLAY, *_OWN)


def read(node: Node, diagnostics: Diagnostics) -> TonesChoice | None:
    """What a `tones:` says."""
    if isinstance(node, Mapping):
        return _of_map(node, diagnostics)
    name = node.text.strip() if isinstance(node, Scalar) else ""
    if name in _AMOUNTS:
        return TonesChoice(cast("TonesName", name))
    hint, fix = _meant(node)
    diagnostics.error(node.position, f"expected {_EXPECTED}, found {values.shown(node)}{hint}", fix=fix)
    return None


def _meant(node: Node) -> tuple[str, str | None]:
    """What to say of what is neither an amount nor a map, and what to write in its place."""
    items = node.items if isinstance(node, Sequence) else (node,)
    only = items[0] if len(items) == 1 else None
    text = only.text.strip() if isinstance(only, Scalar) else ""
    if text.lower() in MEANINGS or "." in text:
        return f": write what is to sound so, such as {{go: {text if '.' in text else text.lower()}}}", None
    also = _ALSO_CALLED.get(text.lower(), "")
    word = also or nearest(text, (*_AMOUNTS, *SETS))
    if not word:
        return "", None
    fix = word if word in _AMOUNTS else f"{{set: {word}}}"
    return (f": write {fix}" if also or fix != word else f'; did you mean "{word}"?'), fix


def _of_map(node: Mapping, diagnostics: Diagnostics) -> TonesChoice:
    form = Form(node, "tones", TONES_FIELDS, diagnostics)
    swapped = _tell_swapped(form, diagnostics)
    family, amount = (None, None) if swapped else (form.take(SET), form.take(PLAY))
    own = tuple((one.name, found) for one in _OWN if (found := form.take(one)) is not None)
    return TonesChoice(cast("TonesName", amount or "full"), Sounds(family or "", own))


def _tell_swapped(form: Form, diagnostics: Diagnostics) -> bool:
    """Tell of an amount that stands as the set, of a set as the amount, and of another word for that."""
    found = False
    for own, other, words in ((SET, PLAY, _AMOUNTS), (PLAY, SET, SETS)):
        node = form.node(own.name)
        text = node.text.strip() if isinstance(node, Scalar) else ""
        allowed = cast("values.Choice", own.read).allowed
        also = _ALSO_CALLED.get(text.lower(), "") if own is PLAY else ""
        if node is not None and text not in allowed and (also or text in words):
            expected = f"expected one of {', '.join(allowed)}, found {values.shown(node)}"
            diagnostics.error(node.position, f"{expected}: write {also or f'{other.name}: {text}'}")
            found = True
    return found


def parts(choice: TonesChoice | None) -> tuple[TonesName | None, Sounds | None]:
    """How much sounds, and of what, where it was said."""
    return (None, None) if choice is None else (choice.amount, choice.sounds)
