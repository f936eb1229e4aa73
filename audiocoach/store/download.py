"""A file from an address that must have one size and digest: fetched once, gone on with where it broke off.

What has come so far lies beside its place as `NAME.part`, with what the server called that version of it in
`NAME.part.version`. Only what is whole gets its name.
"""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import os
import re
import shutil
import urllib.error
import urllib.request
from typing import IO, TYPE_CHECKING, cast

from audiocoach import __version__
from audiocoach.errors import BuildError, StorageError
from audiocoach.records import dataclass
from audiocoach.store.files import make_folders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from http.client import HTTPMessage, HTTPResponse
    from pathlib import Path

_CHUNK_BYTES = 1 << 16
_PATIENCE_S = 30
_MEGABYTE = 1_000_000
_PARTIAL, _UNSATISFIABLE = 206, 416
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to come from an address: so many bytes with this SHA-256 in hexadecimal."""

    address: str
    size_bytes: int
    sha256: str


class _Secure(urllib.request.HTTPRedirectHandler):
    """Follows to other hosts, but never out of encryption."""

    def redirect_request(  # noqa: PLR0913, PLR0917 - the library's own signature
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        """Raise where it leads to no server, or out of encryption."""
        if not newurl.startswith("https://") and not (req.type == "http" and newurl.startswith("http://")):
            fp.close()
            raise BuildError(f"{req.full_url} sends on to {newurl}, which is not encrypted: nothing was kept")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def is_there(place: Path, wanted: Wanted) -> bool:
    """Whether the file stands at its place, byte for byte."""
    with contextlib.suppress(OSError):
        return place.stat().st_size == wanted.size_bytes and _digest(place) == wanted.sha256
    return False


def fetched_bytes(place: Path, wanted: Wanted) -> int:
    """How much of it has come already."""
    with contextlib.suppress(OSError):
        size_bytes = _part(place).stat().st_size
        return size_bytes if size_bytes <= wanted.size_bytes else 0
    return 0


def download(wanted: Wanted, place: Path, advance: Callable[[int], object]) -> None:
    """Have the file at its place; `advance` is told of each number of bytes that has come.

    Raises:
        BuildError: nobody answers, the connection broke off, or what came is another file.
        StorageError: it cannot be written, or somebody else fetches it now.
    """
    part = _part(place)
    try:
        make_folders(place.parent)
        with _alone(part) as file:
            try:
                _refuse_full_disk(place.parent, wanted.size_bytes - fetched_bytes(place, wanted))
                _fill(file, wanted, place, advance)
                os.fsync(file.fileno())
                _keep(part, wanted, place)
            except BuildError:
                _remove_empty(place)
                raise
    except OSError as error:
        raise StorageError(f"{place} could not be written: {error.strerror}") from error


def _part(place: Path) -> Path:
    return place.with_name(f"{place.name}.part")


def _version_file(place: Path) -> Path:
    return place.with_name(f"{place.name}.part.version")


@contextlib.contextmanager
def _alone(part: Path) -> Iterator[IO[bytes]]:
    """The unfinished file, for one process at a time where the system has locks of files.

    Raises:
        StorageError: another process has it.
    """
    with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT, 0o644), "r+b", buffering=0) as file:
        try:
            import fcntl  # noqa: PLC0415 - Windows has none

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except ImportError:
            pass
        except BlockingIOError as error:
            raise StorageError(f"{part} is being fetched by another audiocoach: wait for it") from error
        yield file


def _remove_empty(place: Path) -> None:
    """Nothing is left of what did not come."""
    with contextlib.suppress(OSError):
        if not _part(place).stat().st_size:
            _part(place).unlink()
            _version_file(place).unlink(missing_ok=True)


def _refuse_full_disk(folder: Path, missing_bytes: int) -> None:
    free_bytes = shutil.disk_usage(folder).free
    if free_bytes < missing_bytes:
        raise StorageError(
            f"there is no room in {folder}: {missing_bytes / _MEGABYTE:.1f} MB are needed,"
            f" {free_bytes / _MEGABYTE:.1f} MB are free"
        )


# -- what comes ---------------------------------------------------------------------------------


def _fill(file: IO[bytes], wanted: Wanted, place: Path, advance: Callable[[int], object]) -> None:
    """Go on until all of it is there.

    Raises:
        BuildError: it does not come, or too much of it does.
    """
    have = fetched_bytes(place, wanted)
    if have == wanted.size_bytes:
        return
    try:
        with _answer(wanted, have, _version(place)) as answer:
            have = _begin(file, answer, wanted, have)
            _note_version(answer, place)
            _copy(answer, file, wanted, have, advance)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code != _UNSATISFIABLE or not have:
            raise BuildError(f"{wanted.address} answered {error.code} {error.reason}") from error
        file.truncate(0)
        _fill(file, wanted, place, advance)
    except (http.client.HTTPException, urllib.error.URLError, TimeoutError, ConnectionError) as error:
        raise _broken_off(wanted, file, error) from error


def _answer(wanted: Wanted, have: int, version: str) -> HTTPResponse:
    headers = {"User-Agent": f"audiocoach/{__version__}", "Accept-Encoding": "identity"}
    if have:
        headers["Range"] = f"bytes={have}-"
        # Without a version the digest alone tells whether both parts are of one file.
        headers |= {"If-Range": version} if version else {}
    request = urllib.request.Request(wanted.address, headers=headers)  # noqa: S310 - ours, or the user's mirror
    return cast("HTTPResponse", urllib.request.build_opener(_Secure).open(request, timeout=_PATIENCE_S))


def _begin(file: IO[bytes], answer: HTTPResponse, wanted: Wanted, have: int) -> int:
    """How many bytes stand before those that come: all that there were, where the server goes on.

    Raises:
        BuildError: it has another file, or goes on elsewhere.
    """
    goes_on = answer.status == _PARTIAL
    if goes_on:
        match = _RANGE.fullmatch(answer.headers.get("Content-Range", ""))
        if match is None or int(match[1]) != have or match[2] not in {"*", str(wanted.size_bytes)}:
            file.truncate(0)
            raise _another(wanted, f"it goes on with {answer.headers.get('Content-Range')}")
    before = have if goes_on else 0
    length = answer.headers.get("Content-Length")
    if length is not None and int(length) != wanted.size_bytes - before:
        file.truncate(0)
        raise _another(wanted, f"it has {int(length) + before} bytes and not {wanted.size_bytes}")
    file.truncate(before)
    file.seek(before)
    return before


def _copy(
    answer: HTTPResponse, file: IO[bytes], wanted: Wanted, have: int, advance: Callable[[int], object]
) -> None:
    while chunk := answer.read1(_CHUNK_BYTES):
        have += len(chunk)
        if have > wanted.size_bytes:
            file.truncate(0)
            raise _another(wanted, f"it has more than {wanted.size_bytes} bytes")
        _write_all(file, chunk)
        advance(len(chunk))
    if have < wanted.size_bytes:
        raise http.client.IncompleteRead(b"", wanted.size_bytes - have)


def _write_all(file: IO[bytes], chunk: bytes) -> None:
    rest = memoryview(chunk)
    while rest:
        rest = rest[file.write(rest) :]


def _keep(part: Path, wanted: Wanted, place: Path) -> None:
    """Give it its name, if it is what is wanted.

    Raises:
        BuildError: it is another file; it is gone then.
    """
    whole = _digest(part) == wanted.sha256
    _version_file(place).unlink(missing_ok=True)
    if not whole:
        part.unlink()
        raise _another(wanted, "its SHA-256 is another one")
    part.replace(place)


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


# -- which version of it came ---------------------------------------------------------------------


def _version(place: Path) -> str:
    with contextlib.suppress(OSError):
        return _version_file(place).read_text(encoding="ascii", errors="replace").strip()
    return ""


def _note_version(answer: HTTPResponse, place: Path) -> None:
    """What the server calls this version: a weak tag promises too little to go on by (RFC 9110, 13.1.5)."""
    tag = answer.headers.get("ETag") or ""
    version = tag if tag.startswith('"') else answer.headers.get("Last-Modified") or ""
    _version_file(place).write_text(version, encoding="ascii", errors="replace")


# -- what is told -------------------------------------------------------------------------------


def _another(wanted: Wanted, why: str) -> BuildError:
    return BuildError(f"{wanted.address} has another file than expected: {why}; nothing of it was kept")


def _broken_off(wanted: Wanted, file: IO[bytes], error: Exception) -> BuildError:
    have = os.fstat(file.fileno()).st_size
    told = f"{have / _MEGABYTE:.1f} of {wanted.size_bytes / _MEGABYTE:.1f} MB"
    reason = getattr(error, "reason", None) or error
    reason = getattr(reason, "strerror", None) or reason
    why = "" if isinstance(error, http.client.IncompleteRead) else f" ({reason})"
    return BuildError(
        f"{wanted.address} broke off after {told}{why}: the same command goes on from there"
        if have
        else f"{wanted.address} cannot be reached{why}: try again when you are connected"
    )
