"""`audiocoach voices use`: the voice that speaks a language where a routine names none."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from audiocoach import assets, configuration
from audiocoach.commands.voices import known_voices
from audiocoach.errors import RefusedError, printable
from audiocoach.voice import directory

if TYPE_CHECKING:
    from audiocoach.voice.directory import Entry

_CODE = re.compile(r"[a-z]{2,3}")


def use_voice(name: str, language: str | None) -> None:
    """Write a default voice into the user's configuration; the rest of it stays as it is.

    Raises:
        EngineError: there is no such voice, it is not installed, or it does not speak that language.
        InputError: the configuration cannot be used.
        StorageError: it cannot be written.
    """
    entry = directory.find(known_voices(), name)
    code = _language(entry, language)
    if not entry.voice.is_installed:
        raise RefusedError(f"{entry.path} is not installed: {entry.voice.remedy}")
    place = configuration.path()
    configuration.set_default_voice(place, code, entry.engine, entry.voice.name)
    told = f"{entry.path} speaks {code} where a routine names no voice: so says {place}"
    sys.stdout.write(f"{printable(told)}\n")
    if code not in assets.languages():
        known = ", ".join(assets.languages())
        sys.stdout.write(f"What audiocoach says by itself is there for: {known}\n")


def names() -> list[str]:
    """The voices that can be used now, without variants, which would be hundreds."""
    there = [entry for entry in known_voices() if entry.voice.is_installed and not entry.is_variant]
    return [entry.path for entry in there]


def _language(entry: Entry, wanted: str | None) -> str:
    """The language that it is to speak: the one that is asked for, else its own, else the usual one.

    Raises:
        RefusedError: it does not speak that, or it speaks several.
    """
    codes = entry.voice.languages
    if wanted is None:
        return _own_language(entry)
    code = wanted.lower()
    if not _CODE.fullmatch(code):
        raise RefusedError(f"expected a language such as {assets.DEFAULT_LANGUAGE}, found {wanted!r}")
    if codes and code not in codes:
        raise RefusedError(f"{entry.path} does not speak {code!r}, it speaks: {', '.join(codes)}")
    return code


def _own_language(entry: Entry) -> str:
    codes = entry.voice.languages
    if len(codes) == 1:
        return codes[0]
    if not codes or assets.DEFAULT_LANGUAGE in codes:
        return assets.DEFAULT_LANGUAGE
    raise RefusedError(f"{entry.path} speaks {', '.join(codes)}: say which, with --language {codes[0]}")
