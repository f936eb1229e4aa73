"""The requests of a page, answered: JSON in and out, each in a thread of its own."""

from __future__ import annotations

import asyncio
import contextlib
import json
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from audiocoach import __version__, assets
from audiocoach.coaching.trace import NO_TRACE
from audiocoach.errors import AudiocoachError, DefectError, InputError, foreseen
from audiocoach.routine.schema import schema_of
from audiocoach.routine.templates import FIRST, from_template, templates
from audiocoach.studio.bank import moves_in, with_texts
from audiocoach.studio.desk import bringing, listing, taking
from audiocoach.studio.desk.events import Events
from audiocoach.studio.desk.folder import ConflictError, MissingError, file_name
from audiocoach.studio.desk.handing import Handing
from audiocoach.studio.desk.requests import asked, edit_record, edits_of, required, words_of, wrong
from audiocoach.studio.desk.speaking import SupersededError
from audiocoach.studio.edits.document import Units, applied
from audiocoach.studio.edits.edit import edit
from audiocoach.studio.look import exact_record, look_again, revision_of, sentence_alone
from audiocoach.studio.origins import Reader, origin_of, reworded

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from starlette.requests import Request

    from audiocoach.coaching.trace import Trace
    from audiocoach.store.options import Overrides
    from audiocoach.studio.desk.folder import Folder
    from audiocoach.studio.desk.speaking import Speaking

    Json = dict[str, Any]

_MOST_BYTES = 8_000_000
# Of so many routines it is kept how they were laid out: those that are open.
_TRACES = 8


class Desk:
    """What a page may ask of one folder; `machine` is who speaks here where nobody is named."""

    def __init__(self, folder: Folder, speaking: Speaking, machine: Overrides) -> None:
        self.events = Events()
        self._folder = folder
        self._speaking = speaking
        self._machine = machine
        self._traces: dict[str, Trace] = {}
        self._watch = folder.watch()
        self._handing = Handing(folder, speaking, machine)

    def app(self) -> Starlette:
        """All routes."""
        asks = {"folder": self.overview, "document": self.document, "bank": self.bank}
        tells = {
            "document": self.save,
            "look": self.look,
            "edit": self.edit,
            "again": self.again,
            "new": self.new,
            "copy": self.copy,
            "remove": self.remove,
            "restore": self.restore,
            "speak": self.speak,
            "say": self.say,
            "origin": self.origin,
            "reword": self.reword,
            "take": self.take,
            "import": self.bring_in,
            "keep": self.keep,
        }
        return Starlette(
            routes=[
                Route("/", _page),
                Route("/static/{name}", _static),
                Route("/schema.json", _schema),
                Route("/sound/{name}", self._sound),
                Route("/handed/{key}/{name}", self._handing.fetch),
                Route("/api/handout", self._hand_out, methods=["POST"]),
                Route("/api/events", self._events),
                *(Route(f"/api/{name}", _answered(ask, "GET")) for name, ask in asks.items()),
                *(
                    Route(f"/api/{name}", _answered(tell, "POST"), methods=["POST"])
                    for name, tell in tells.items()
                ),
            ],
            lifespan=self._living,
        )

    @contextlib.asynccontextmanager
    async def _living(self, _: Starlette) -> AsyncIterator[None]:
        watching = asyncio.create_task(self.events.watch(self._news))
        yield
        watching.cancel()

    def _news(self) -> tuple[tuple[str, str], ...]:
        """The files that have changed since this was last asked, with their revisions, "" where gone."""
        return tuple(self._new(path) for path in self._watch.changed())

    def _new(self, path: Path) -> tuple[str, str]:
        name = path.relative_to(self._folder.root).as_posix()
        with contextlib.suppress(InputError):
            return name, revision_of(self._folder.read(name))
        return name, ""

    # -- what is asked ------------------------------------------------------------------------------------

    def overview(self, _: Json) -> Json:
        """The routines of the folder, those that were taken away, and the templates."""
        return {
            "routines": [listing.row(self._folder, name, self._machine) for name in self._folder.names()],
            "removed": listing.removed(self._folder),
            "templates": [
                {"name": one.name, "title": one.title, "about": one.about}
                for one in sorted(templates(), key=lambda one: one.name != FIRST)
            ],
            "version": __version__,
        }

    def document(self, body: Json) -> Json:
        """A file as it is."""
        name = required(body, "path", str)
        return self._document(name, self._folder.read(name))

    def _document(self, name: str, text: str, wanted: Overrides | None = None) -> Json:
        """What a page is shown; of a text that was nearly so before, only what has changed is laid out."""
        before = self._traces.pop(name, NO_TRACE)
        record, trace = look_again(self._folder.path(name), text, wanted or self._machine, before)
        self._traces[name] = trace
        for oldest in list(self._traces)[:-_TRACES]:
            self._traces.pop(oldest, None)
        return {"path": name, **record}

    def look(self, body: Json) -> Json:
        """A text that is not saved."""
        return self._document(
            required(body, "path", str), required(body, "text", str), asked(body, self._machine)
        )

    def save(self, body: Json) -> Json:
        """A text that is to be the file's."""
        return self._saved(body, required(body, "text", str))

    def _saved(self, body: Json, text: str) -> Json:
        name = required(body, "path", str)
        saved = self._folder.save(name, required(body, "base", str), text)
        self.events.tell_from_afar(name, revision_of(saved.text))
        merged = {"merged": True} if saved.merged else {}
        return {**self._document(name, saved.text), **merged}

    def edit(self, body: Json) -> Json:
        """Edits of a text, which is then saved."""
        text, name = required(body, "text", str), required(body, "path", str)
        changes, units = edit(text, edits_of(body), name), Units(text)
        told = [
            {"from": units.of(one.start), "to": units.of(one.end), "insert": one.insert} for one in changes
        ]
        return {**self._saved(body, applied(text, changes)), "changes": told}

    def again(self, body: Json) -> Json:
        """A file that is gone, as the page has it."""
        name, text = required(body, "path", str), required(body, "text", str)
        self._folder.make(name, text)
        self.events.tell_from_afar(name, revision_of(text))
        return self._document(name, text)

    def new(self, body: Json) -> Json:
        """A file of a template."""
        title = required(body, "name", str)
        name, text = file_name(title), from_template(required(body, "template", str), title)
        self._folder.make(name, text)
        self.events.tell_from_afar(name, revision_of(text))
        return self._document(name, text)

    def copy(self, body: Json) -> Json:
        """A file beside another, with the same in it under a title of its own."""
        name, text = listing.copied(self._folder, required(body, "path", str))
        self.events.tell_from_afar(name, revision_of(text))
        return {"path": name}

    def remove(self, body: Json) -> Json:
        """A file is taken away; `removed` names it for bringing it back."""
        name = required(body, "path", str)
        removed = self._folder.put_away(name)
        self.events.tell_from_afar(name, "")
        return {"removed": removed}

    def restore(self, body: Json) -> Json:
        """What was taken away is a file of the folder again."""
        name = self._folder.bring_back(required(body, "removed", str))
        self.events.tell_from_afar(name, revision_of(self._folder.read(name)))
        return {"path": name}

    def bank(self, _: Json) -> Json:
        """The moves of the folder's libraries, and those that ship."""
        own = [(path.relative_to(self._folder.root).as_posix(), path) for path in self._folder.sources()]
        shipped = sorted(assets.moves().glob("*.yaml"))
        return {"moves": [*moves_in(own), *with_texts(moves_in((path.name, path) for path in shipped))]}

    def bring_in(self, body: Json) -> Json:
        """What others wrote, as a routine that is not saved yet."""
        return bringing.found(self._folder, body)

    def keep(self, body: Json) -> Json:
        """What was brought in, as a file."""
        name, text = bringing.kept(self._folder, self._machine, body)
        self.events.tell_from_afar(name, revision_of(text))
        return self._document(name, text)

    # -- what is heard ------------------------------------------------------------------------------------

    def speak(self, body: Json) -> Json:
        """A text, spoken."""
        name, text = required(body, "path", str), required(body, "text", str)
        path = self._folder.path(name)
        heard = self._speaking.speak(path, text, asked(body, self._machine))
        return {"sound": f"/sound/{heard.key}.mp3", **exact_record(path, text, heard.timeline, heard.moves)}

    def say(self, body: Json) -> Json:
        """One sentence alone, as the text would have it said."""
        path = self._folder.path(required(body, "path", str))
        said = body.get("pronounce")
        text = sentence_alone(
            required(body, "text", str), required(body, "words", str), said if isinstance(said, dict) else {}
        )
        return {"sound": f"/sound/{self._speaking.speak(path, text, self._machine, alone=True).key}.mp3"}

    def origin(self, body: Json) -> Json:
        """Where words come from that are heard, what leaves them out, and who could record them."""
        reader, words, at_ms = self._reader(body), required(body, "words", str), required(body, "at_ms", int)
        text = required(body, "text", str)
        found = origin_of(reader, text, words, at_ms)
        ways = [{"label": way.label, "edits": [edit_record(one) for one in way.edits]} for way in found.ways]
        written = found.rewording and found.rewording.written
        told = {"where": found.where, "line": found.line, "ways": ways, "written": written}
        told["isBorrowed"] = found.borrowed is not None
        return {**told, **taking.voices_of(reader.lay(text), words, at_ms)}

    def reword(self, body: Json) -> Json:
        """The edits that have other words said in the place of some; nothing is written."""
        reader, words, at_ms = self._reader(body), required(body, "words", str), required(body, "at_ms", int)
        edits = reworded(reader, required(body, "text", str), words, at_ms, required(body, "said", str))
        return {"edits": [edit_record(one) for one in edits]}

    def take(self, body: Json) -> Json:
        """A sentence that was recorded."""
        return taking.taken(self._reader(body), body)

    def _reader(self, body: Json) -> Reader:
        path = self._folder.path(required(body, "path", str))
        return Reader(path, asked(body, self._machine), self._speaking.studio().heard)

    async def _sound(self, request: Request) -> Response:
        name = request.path_params["name"]
        path = self._speaking.sound(name.removesuffix(".mp3")) if name.endswith(".mp3") else None
        if path is None:
            return JSONResponse({"message": "this sound is gone: ask for it again"}, HTTPStatus.NOT_FOUND)
        return FileResponse(path, media_type="audio/mpeg")

    async def _hand_out(self, request: Request) -> Response:
        try:
            return self._handing.stream(await _body(request))
        except InputError as error:
            return _told(HTTPStatus.BAD_REQUEST, words_of(error))

    async def _events(self, _: Request) -> Response:
        return StreamingResponse(self.events.listen(), media_type="text/event-stream")


def _answered(answer: Callable[[Json], Json], method: str) -> Callable[[Request], Any]:
    """The request as JSON, and the answer or what was wrong as JSON."""

    async def respond(request: Request) -> Response:
        try:
            body = dict(request.query_params) if method == "GET" else await _body(request)
            done = await asyncio.to_thread(_foreseen, answer, body)
        except ConflictError as error:
            pieces = [{"mine": one.ours, "theirs": one.theirs, "isOld": one.is_old} for one in error.pieces]
            both = {"theirs": error.theirs, "mine": error.mine, "pieces": pieces}
            both["revision"] = revision_of(error.theirs)
            return _told(HTTPStatus.CONFLICT, str(error), conflict=True, **both)
        except SupersededError as error:
            return _told(HTTPStatus.CONFLICT, str(error), superseded=True)
        except MissingError as error:
            return _told(HTTPStatus.NOT_FOUND, words_of(error))
        except DefectError as error:
            return _told(HTTPStatus.INTERNAL_SERVER_ERROR, words_of(error))
        except AudiocoachError as error:
            return _told(HTTPStatus.BAD_REQUEST, words_of(error))
        return JSONResponse(done)

    return respond


def _foreseen(answer: Callable[[Json], Json], body: Json) -> Json:
    """An answer; a mistake of ours in it is an error as any other, and ends no studio."""
    try:
        return answer(body)
    except (ConflictError, SupersededError):
        raise
    except Exception as error:
        raise foreseen(error) from error


def _told(status: HTTPStatus, message: str, **more: object) -> JSONResponse:
    return JSONResponse({"message": message, **more}, status)


async def _body(request: Request) -> Json:
    """What was sent.

    Raises:
        InputError: it is no JSON, or too much of it.
    """
    data = b""
    async for piece in request.stream():
        data += piece
        if len(data) > _MOST_BYTES:
            raise wrong(f"at most {_MOST_BYTES:,} bytes")
    try:
        body = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise wrong("JSON") from error
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        raise wrong("JSON that says so")
    if not isinstance(body, dict):
        raise wrong("a map")
    return body


# -- files that ship ----------------------------------------------------------------------------------


async def _page(_: Request) -> Response:
    return _shipped("index.html")


async def _static(request: Request) -> Response:
    return _shipped(request.path_params["name"])


async def _schema(_: Request) -> Response:
    return JSONResponse(await asyncio.to_thread(schema_of, "routine"))


def _shipped(name: str) -> Response:
    """A file of the page itself; nothing below it, above it, or hidden."""
    path = assets.folder() / "studio" / name
    is_odd = name != Path(name).name or name.startswith(".") or "\\" in name or "\0" in name
    if is_odd or not path.is_file():
        return JSONResponse({"message": "there is no such page"}, HTTPStatus.NOT_FOUND)
    return FileResponse(path)
