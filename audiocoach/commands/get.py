"""`audiocoach voices get`: fetch a voice, once and at the user's word."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from audiocoach import configuration
from audiocoach.commands.common import tell
from audiocoach.commands.voices import known_voices
from audiocoach.errors import EngineError, InputError, RefusedError, printable
from audiocoach.store.download import Wanted, download, fetched_bytes, is_there
from audiocoach.store.files import make_folders, replacing
from audiocoach.voice import directory, engines

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from audiocoach.voice.catalogue import RemoteFile, RemoteVoice

# Takes the place of the scheme and host of every address; digests are looked at all the same.
MIRROR = "AUDIOCOACH_MIRROR"
_MEGABYTE = 1_000_000
_WHOLE = 100


def get_voice(name: str, may: Callable[[str], bool]) -> None:
    """Fetch what is missing of a voice; `may` is asked before anybody is connected to.

    Raises:
        EngineError: there is no such voice to be fetched.
        BuildError: it did not come; what has come stays, and the next call goes on from there.
        StorageError: it cannot be written.
    """
    voice = _find(name)
    folder = configuration.data_folder() / "voices" / voice.engine
    missing = [file for file in voice.files if not is_there(folder / file.name, _wanted(file))]
    if not missing:
        sys.stdout.write(f"{printable(f'{voice.path} is there, in {folder}')}\n")
        return
    tell(_announcement(voice, folder, missing))
    if not may(f"Fetch {voice.path}?"):
        sys.stdout.write("Nothing was fetched.\n")
        return
    for file in missing:
        # Before the last file makes a voice of them.
        if file is missing[-1]:
            _write_licence(voice, folder)
        place, wanted = folder / file.name, _wanted(file)
        download(wanted, place, _Meter(file, fetched_bytes(place, wanted)))
    use = f"audiocoach voices use {voice.path}"
    sys.stdout.write(f"{printable(f'{voice.path} is there, in {folder}: {use} has it speak')}\n")


def names() -> list[str]:
    """The names that can be fetched."""
    return [voice.name for voice in directory.fetchable()]


def _find(name: str) -> RemoteVoice:
    """The voice that is meant by its name, or `engine/name`.

    Raises:
        EngineError: there is none; the message says why not, or has near names.
    """
    there = directory.fetchable()
    labels = {label: voice for voice in there for label in (voice.name, voice.path)}
    if name in labels:
        return labels[name]
    if own := _own(name):
        raise RefusedError(own)
    raise engines.unknown("voice to be fetched", name, {voice.name for voice in there})


def _own(name: str) -> str:
    """Why a voice that there is cannot be fetched, `""` where there is no such voice."""
    try:
        entry = directory.find(known_voices(), name)
    except (EngineError, InputError):
        return ""
    if entry.voice.is_installed:
        return f"{entry.path} is installed: there is nothing to fetch"
    return f"{entry.path} is none of those that are fetched here: {entry.voice.remedy}"


def _wanted(file: RemoteFile) -> Wanted:
    return Wanted(_mirrored(file.address), file.size_bytes, file.sha256)


def _mirrored(address: str) -> str:
    mirror = os.environ.get(MIRROR)
    if not mirror:
        return address
    there, own = urlsplit(address), urlsplit(mirror)
    return urlunsplit((own.scheme, own.netloc, own.path.rstrip("/") + there.path, "", ""))


def _announcement(voice: RemoteVoice, folder: Path, missing: Sequence[RemoteFile]) -> str:
    """Who will be connected to, how much comes, under which licence, and where it goes."""
    hosts = dict.fromkeys(urlsplit(_mirrored(file.address)).netloc for file in missing)
    come = sum(fetched_bytes(folder / file.name, _wanted(file)) for file in missing)
    size = (sum(file.size_bytes for file in missing) - come) / _MEGABYTE
    left = ", the rest of it" if come else ""
    lines = (
        f"{voice.path}: {size:.1f} MB{left}, from {' and '.join(hosts)} and where these send on to",
        f"licence: {voice.licence} ({voice.source})",
        f"into {folder}",
    )
    return "".join(f"{printable(line)}\n" for line in lines)


def _write_licence(voice: RemoteVoice, folder: Path) -> None:
    """Leave beside the files whose voice it is, and what they are."""
    files = "".join(f"{file.name}\n  {file.address}\n  SHA-256 {file.sha256}\n" for file in voice.files)
    text = f"{voice.path}\nlicence: {voice.licence}\nsource: {voice.source}\n\n{files}"
    make_folders(folder)
    with replacing(folder / f"{voice.name}.licence.txt") as (file,):
        file.write(text.encode())


class _Meter:
    """Says on a terminal how much has come; elsewhere, that it begins."""

    def __init__(self, file: RemoteFile, come: int) -> None:
        self._file = file
        self._come = come
        self._told = -1
        if not sys.stderr.isatty():
            tell(f"{printable(file.name)}\n")

    def __call__(self, more: int) -> None:
        self._come += more
        percent = min(_WHOLE, _WHOLE * self._come // self._file.size_bytes)
        if sys.stderr.isatty() and percent != self._told:
            self._told = percent
            end = "\n" if percent == _WHOLE else ""
            tell(f"\r{printable(self._file.name)} {percent} %{end}")
