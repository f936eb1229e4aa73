"""The voices of espeak-ng, read from the names in its data: the library is not loaded.

A voice is a file below `lang`: lines of `name WORDS`, `language TAG [PRIORITY]` and `dictionary NAME`
(https://github.com/espeak-ng/espeak-ng/blob/master/docs/voices.md). A variant is a file of `voices/!v`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from audiocoach import assets
from audiocoach.voice.listing import Listed

if TYPE_CHECKING:
    from collections.abc import Iterator

LICENCE = "GPL-3.0-or-later"


def voices_in(data: Path) -> tuple[Listed, ...]:
    """Every voice of a folder `espeak-ng-data` by name, and the variants of the default language's one.

    A voice is called by the first of its language tags, else by its id: another may have the tag, and one in
    capitals finds nothing in the library. Any voice may have any variant: each is listed once.
    """
    named: dict[str, tuple[str, ...]] = {}
    for voice_id, tags in sorted(_languages(data)):
        name = next((tag for tag in tags[:1] if tag.islower() and tag not in named), voice_id)
        named[name] = tuple(dict.fromkeys(map(_code, tags)))
    language = assets.DEFAULT_LANGUAGE
    for variant in _variants(data / "voices" / "!v"):
        named[f"{assets.default_voice(language)}+{variant}"] = (language,)
    return tuple(Listed(name, codes, LICENCE) for name, codes in sorted(named.items()))


def _languages(data: Path) -> Iterator[tuple[str, list[str]]]:
    """The id of each voice that can read, such as `gmw/en-US`, with its language tags, its own first."""
    folder = data / "lang"
    for path in filter(Path.is_file, folder.rglob("*")):
        rows = [line.split() for line in path.read_text("utf-8", "replace").splitlines()]
        tags = _values(rows, "language")
        dictionary = [*_values(rows, "dictionary"), *map(_code, tags[:1])][:1]
        if dictionary and (data / f"{dictionary[0]}_dict").is_file():
            yield path.relative_to(folder).as_posix(), tags


def _values(rows: list[list[str]], field: str) -> list[str]:
    return [row[1] for row in rows if row[:1] == [field] and len(row) > 1]


def _code(tag: str) -> str:
    """`pt` of `pt-BR`."""
    return tag.partition("-")[0].lower()


def _variants(folder: Path) -> list[str]:
    # Names with a blank are for menus: no command line would take them as they are.
    return [path.name for path in filter(Path.is_file, folder.glob("*")) if " " not in path.name]
