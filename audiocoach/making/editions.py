"""Which sessions come of a routine, before anything of it is planned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach import regular
from audiocoach.records import dataclass
from audiocoach.store.editions import Edition

if TYPE_CHECKING:
    from pathlib import Path

_FIELD = "variants"
_MOST_BYTES = 2_000_000
_BLANKS = str.maketrans("", "", "\n\r\t")


@dataclass(frozen=True, slots=True)
class Editions:
    """The sessions of one routine, its own first; `are_known` where its variants could be read."""

    editions: tuple[Edition, ...]
    are_known: bool

    @property
    def slugs(self) -> frozenset[str]:
        """What their files are called."""
        return frozenset(edition.slug for edition in self.editions)


def editions_of(path: Path, given: str | None = None) -> Editions:
    """The sessions of a routine; `given` is a text that stands in for its file.

    What is wrong with it is told by its own session.
    """
    if _names_none(path, given):
        return Editions((Edition(path),), are_known=True)
    # The reader of routines and YAML: 40 ms that a folder without variants does not pay.
    from audiocoach.routine.variants import written

    variants = written(path, given)
    others = (Edition(path, variant.name, variant.position.line) for variant in variants or ())
    return Editions((Edition(path), *others), variants is not None)


def _names_none(path: Path, given: str | None) -> bool:
    """Whether a look at the text tells that it has no variants; where anything in it is odd, it does not."""
    try:
        text = regular.read(path, _MOST_BYTES).decode() if given is None else given
    except (OSError, UnicodeDecodeError):
        return False
    return _FIELD not in text and text.translate(_BLANKS).isprintable()
