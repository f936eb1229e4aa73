"""What is handed over, made for a page to save or to print, with how far it is meanwhile."""

from __future__ import annotations

import asyncio
import json
import secrets
import threading
from collections import OrderedDict
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from starlette.responses import JSONResponse, Response, StreamingResponse

from audiocoach import regular
from audiocoach.errors import AudiocoachError, foreseen
from audiocoach.making.handing import address_of, handout_of
from audiocoach.making.speech import open_drafted
from audiocoach.publish import handout
from audiocoach.records import dataclass
from audiocoach.studio.desk.requests import asked, required, words_of, wrong
from audiocoach.studio.desk.speaking import SupersededError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from starlette.requests import Request

    from audiocoach.store.options import Overrides
    from audiocoach.studio.desk.folder import Folder
    from audiocoach.studio.desk.speaking import Made, Speaking

    Json = dict[str, Any]

# So many files wait to be fetched.
_KEPT = 4
_SUFFIXES = {"page": ".html", "sheet": ".sheet.html", "mp3": ".mp3"}
_TYPES = {".html": "text/html; charset=utf-8", ".mp3": "audio/mpeg"}
# A sheet is shown by the browser, which keeps it away from everything here; what is saved is on its own.
_SHEETS_POLICY = "sandbox allow-modals; default-src 'none'; style-src 'unsafe-inline'"


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    content: bytes

    @property
    def is_shown(self) -> bool:
        return self.name.endswith(_SUFFIXES["sheet"])


class Handing:
    """Makes handouts of texts of a folder, from any thread, and keeps the last few until they are fetched."""

    def __init__(self, folder: Folder, speaking: Speaking, machine: Overrides) -> None:
        self._folder = folder
        self._speaking = speaking
        self._machine = machine
        self._files: OrderedDict[str, _File] = OrderedDict()

    def make(self, body: Json, tell: Callable[[Json], object]) -> Json:
        """A file of a text as it would be heard; `tell` is told how far it is.

        Raises:
            SupersededError: something else was to be spoken meanwhile.
            AudiocoachError: it cannot be made.
        """
        kind, name, text = (required(body, field, str) for field in ("kind", "path", "text"))
        if kind not in _SUFFIXES:
            raise wrong(f"kind to be one of {', '.join(_SUFFIXES)}")
        path, wanted = self._folder.path(name), asked(body, self._machine)
        heard = self._speaking.make(path, text, wanted, _Progress(tell))
        file = _File(f"{path.stem}{_SUFFIXES[kind]}", self._content(kind, heard, (name, text), wanted))
        size = len(file.content)
        told = handout.too_large(file.name, size)
        return {"file": self._keep(file), "name": file.name, "bytes": size, "too_large": told}

    def _content(self, kind: str, heard: Made, source: tuple[str, str], wanted: Overrides) -> bytes:
        mp3 = regular.read(heard.path)
        if kind == "mp3":
            return mp3
        path = self._folder.path(source[0])
        session, drafted = open_drafted(path, wanted, self._speaking.studio(), source[1])
        made = handout_of(session, drafted.timeline, heard.timeline, address_of(path, path.stem))
        return handout.page(made, mp3) if kind == "page" else handout.sheet(made)

    def _keep(self, file: _File) -> str:
        key = secrets.token_urlsafe(12)
        self._files[key] = file
        while len(self._files) > _KEPT:
            self._files.popitem(last=False)
        return f"/handed/{key}/{quote(file.name)}"

    async def fetch(self, request: Request) -> Response:
        """A file that was made: to be saved, or where it is a sheet, to be seen."""
        file = self._files.get(request.path_params["key"])
        if file is None:
            return JSONResponse({"message": "this file is gone: hand it over again"}, HTTPStatus.NOT_FOUND)
        shown = "inline" if file.is_shown else "attachment"
        fields = {"Content-Disposition": f"{shown}; filename*=UTF-8''{quote(file.name)}"}
        if file.is_shown:
            fields["Content-Security-Policy"] = _SHEETS_POLICY
        suffix = file.name[file.name.rindex(".") :]
        return Response(file.content, headers=fields, media_type=_TYPES[suffix])

    def stream(self, body: Json) -> Response:
        """How far it is, a line of JSON each time; the last one names the file, or says what was wrong."""
        return StreamingResponse(self._lines(body), media_type="application/x-ndjson")

    async def _lines(self, body: Json) -> AsyncIterator[str]:
        loop = asyncio.get_running_loop()
        told: asyncio.Queue[Json] = asyncio.Queue()

        def tell(line: Json) -> None:
            loop.call_soon_threadsafe(told.put_nowait, line)

        making = asyncio.create_task(asyncio.to_thread(self._made, body, tell))
        line: Json = {}
        while "done" in line or not line:
            line = await told.get()
            yield json.dumps(line, ensure_ascii=False) + "\n"
        await making

    def _made(self, body: Json, tell: Callable[[Json], object]) -> None:
        """The last line of it, told however it ends."""
        try:
            tell(self._foreseen(body, tell))
        except SupersededError:
            tell({"message": "something else was to be heard meanwhile: hand it over once more"})
        except AudiocoachError as error:
            tell({"message": words_of(error)})

    def _foreseen(self, body: Json, tell: Callable[[Json], object]) -> Json:
        """What was made; a mistake of ours is an error as any other, since the page waits for a last line."""
        try:
            return self.make(body, tell)
        except SupersededError:
            raise
        except Exception as error:
            raise foreseen(error) from error


class _Progress:
    """How many of the steps are done, told to a page."""

    def __init__(self, tell: Callable[[Json], object]) -> None:
        self._tell = tell
        self._lock = threading.Lock()
        self._of = self._done = 0

    def expect(self, stage: str, more: int) -> None:
        """So many more steps."""
        self._count(stage, more, 0)

    def advance(self, stage: str) -> None:
        """One is done."""
        self._count(stage, 0, 1)

    def _count(self, stage: str, more: int, done: int) -> None:
        with self._lock:
            self._of += more
            self._done += done
            self._tell({"stage": stage, "done": self._done, "of": self._of})
