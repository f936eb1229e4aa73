"""Which sessions come of a routine, before anything of it is planned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.records import dataclass
from audiocoach.routine.variants import written
from audiocoach.store.editions import Edition

if TYPE_CHECKING:
    from pathlib import Path


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
    variants = written(path, given)
    others = (Edition(path, variant.name, variant.position.line) for variant in variants or ())
    return Editions((Edition(path), *others), variants is not None)
