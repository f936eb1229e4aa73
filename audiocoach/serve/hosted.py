"""A site folder as it is served: in, a name; out, the opened file that the folder's `site.json` calls so.

A request is a look-up in that manifest and never part of a path: what it does not name is not there,
and neither is a link or a folder that took a file's place. What is said of a file is read from the
opened file itself: one that takes its place later is another.
"""

from __future__ import annotations

import errno
import gzip
import hashlib
import os
import re
import stat
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from audiocoach import assets, regular
from audiocoach.errors import MALFORMED, InputError, Problem, StorageError, whole
from audiocoach.publish.site_manifest import NAME, SiteManifest
from audiocoach.records import dataclass
from audiocoach.serve.response import ByteRange, Content, is_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from typing import BinaryIO

    from typing_extensions import Self

# No published file has such names: those have no folder.
EVENTS, SCRIPT = "-/events", "-/reload.js"
_NO_SITE = f"there is no site in this folder: expected {NAME} and the files that it names"
_SCRIPT_TYPE = "text/javascript"
_CHUNK_BYTES = 1 << 16
# A text beyond this is sent as it is, piece by piece.
_MOST_TEXT_BYTES = 8_000_000
_MOST_ZIPPED = 128
_POLICY = re.compile(rb'<meta http-equiv="Content-Security-Policy" content="([^"]*)"', re.IGNORECASE)
_HEAD_END = re.compile(rb"</head>", re.IGNORECASE)
# A name that is a link, or not there: to whoever asks it is all the same.
_ABSENT = frozenset({errno.ENOENT, errno.ELOOP, errno.ENOTDIR, errno.EISDIR, errno.ENXIO})
_FLAGS = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"))


class TornError(Exception):
    """A file changed while it was being read: what was said of it no longer holds."""


@dataclass(frozen=True, slots=True)
class _Stamp:
    """What changes when an opened file is written to."""

    device: int
    number: int
    size_bytes: int
    modified_ns: int

    @classmethod
    def of(cls, file: BinaryIO) -> Self:
        found = os.fstat(file.fileno())
        return cls(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


class Site:
    """The published files by name, with their media types; `version` changes with what is published."""

    def __init__(
        self, folder: Path, types: Mapping[str, str], version: str, digests: dict[_Stamp, str]
    ) -> None:
        self.version = version
        self._folder = folder
        self._types = types
        self._digests = digests

    @classmethod
    def read(cls, folder: Path, digests: dict[_Stamp, str] | None = None) -> Self:
        """The site of a folder; `digests` is what is known of its files already.

        Raises:
            InputError: there is none.
            StorageError: its manifest cannot be read, or is damaged.
        """
        path = folder / NAME
        try:
            text = regular.read(path)
            types = {one.name: one.media_type for one in SiteManifest.from_bytes(text).files}
            return cls(
                folder,
                MappingProxyType(types),
                hashlib.sha256(text).hexdigest()[:16],
                {} if digests is None else digests,
            )
        except (FileNotFoundError, NotADirectoryError) as error:
            raise InputError(Problem(whole(folder), _NO_SITE, code="wrong-folder")) from error
        except OSError as error:
            raise StorageError(f"{path} cannot be read: {error.strerror}") from error
        except MALFORMED as error:
            raise StorageError(f"{path} is damaged: publish the site once more") from error

    def again(self) -> Site:
        """The same folder as it is now, with what is known of files that stayed.

        Raises:
            InputError: there is no site any more.
            StorageError: as for `read`.
        """
        return Site.read(self._folder, self._digests)

    def open(self, name: str | None) -> Opened | None:
        """The file of a name, to be closed by whoever asked; None where nothing is published so.

        Raises:
            OSError: it is there, and cannot be opened.
        """
        if name == SCRIPT:
            return Opened(_SCRIPT_TYPE, (assets.folder() / "reload.js").open("rb", buffering=0))
        media_type = self._types.get(name or "")
        if not name or media_type is None:
            return None
        file = _opened(self._folder / name)
        return None if file is None else Opened(media_type, file, self.version, self._digests)


def _opened(path: Path) -> BinaryIO | None:
    """A file itself, and neither a link nor something that waits for a writer."""
    try:
        file = os.fdopen(os.open(path, _FLAGS), "rb", buffering=0)
    except OSError as error:
        if error.errno in _ABSENT:
            return None
        raise
    if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        return file
    file.close()
    return None


class Opened:
    """An opened file; a context that closes it. First `load`, then `chunks`."""

    def __init__(
        self, media_type: str, file: BinaryIO, version: str = "", digests: dict[_Stamp, str] | None = None
    ) -> None:
        self._type = media_type
        self._file = file
        self._version = version
        self._digests = {} if digests is None else digests
        self._stamp = _Stamp.of(file)
        # A text is held in memory: a page that gets a script, and what is packed, are not what lies there.
        self._text: bytes | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def load(self) -> Content:
        """What stands in it. It may take a while: all of it is read, unless that was done before.

        Raises:
            OSError: it cannot be read.
            TornError: somebody writes to it.
        """
        if is_text(self._type) and self._stamp.size_bytes <= _MOST_TEXT_BYTES:
            return self._load_text()
        digest = self._digests.get(self._stamp) or self._digest()
        self._digests[self._stamp] = digest
        return Content(self._type, self._stamp.size_bytes, digest, self._modified_s)

    def chunks(self, part: ByteRange) -> Iterator[bytes]:
        """A part, piece by piece.

        Raises:
            OSError: it cannot be read.
            TornError: it is not what it was when it was opened.
        """
        if self._text is None:
            return self._from_file(part)
        return _pieces(_zipped(self._text) if part.is_zipped else self._text, part)

    @property
    def _modified_s(self) -> int:
        return self._stamp.modified_ns // 1_000_000_000

    def _load_text(self) -> Content:
        text = b"".join(self._from_file(ByteRange(0, self._stamp.size_bytes)))
        if self._type.startswith("text/html"):
            text = with_script(text, self._version)
        self._text = text
        digest = hashlib.sha256(text).hexdigest()
        return Content(self._type, len(text), digest, self._modified_s, len(_zipped(text)))

    def _digest(self) -> str:
        hashed = hashlib.sha256()
        for chunk in self._from_file(ByteRange(0, self._stamp.size_bytes)):
            hashed.update(chunk)
        return hashed.hexdigest()

    def _from_file(self, part: ByteRange) -> Iterator[bytes]:
        self._file.seek(part.start_bytes)
        left = part.size_bytes
        while left:
            chunk = self._file.read(min(left, _CHUNK_BYTES))
            # Written in its place, and not replaced: neither its length nor its digest holds any more.
            if not chunk or _Stamp.of(self._file) != self._stamp:
                raise TornError
            left -= len(chunk)
            yield chunk


def _pieces(text: bytes, part: ByteRange) -> Iterator[bytes]:
    end = part.start_bytes + part.size_bytes
    for start in range(part.start_bytes, end, _CHUNK_BYTES):
        yield text[start : min(start + _CHUNK_BYTES, end)]


def with_script(page: bytes, version: str) -> bytes:
    """A page with the script that loads it again when the site has another version.

    Transcripts let no script run: they are for apps as well, and stay as they are.
    """
    policy = _POLICY.search(page)
    if policy is not None and b"script-src" not in policy[1]:
        return page
    tag = f'<script src="/{SCRIPT}" data-version="{version}"></script>'.encode()
    return _HEAD_END.sub(lambda end: tag + end[0], page, count=1)


# No name and no time in it: the same text is packed to the same bytes.
@lru_cache(maxsize=_MOST_ZIPPED)
def _zipped(text: bytes) -> bytes:
    return gzip.compress(text, mtime=0)
