"""A voice as it is listed: what an engine says of those that it has, and of those that it could have."""

from __future__ import annotations

from audiocoach.records import dataclass


@dataclass(frozen=True, slots=True)
class Listed:
    """One voice of an engine.

    `name` is as `voice: {name: …}` has it, `""` the engine's own first choice; `languages` are codes such as
    `en`, empty where nothing is known of them; `licence` is an SPDX expression, or a few words; `remedy` says
    what to do to have it, `""` where it is installed.
    """

    name: str
    languages: tuple[str, ...]
    licence: str
    remedy: str = ""

    @property
    def is_installed(self) -> bool:
        """Whether it could speak now."""
        return not self.remedy
