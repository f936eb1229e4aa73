"""The studio's server for real, on 127.0.0.1: who is let in, what is written, and that nothing is lost."""

from __future__ import annotations

import base64
import contextlib
import http.client
import io
import json
import math
import os
import re
import signal
import struct
import subprocess
import sys
import textwrap
import wave
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

from audiocoach.errors import StorageError
from audiocoach.routine.source import Mapping
from audiocoach.routine.templates import FIRST, FIRST_TITLE, from_template
from audiocoach.store.files import replacing
from audiocoach.studio.desk.folder import Folder, MissingError, file_name
from audiocoach.studio.edits.document import read
from audiocoach.studio.look import revision_of
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    Json = dict[str, Any]

ROUTINE = """\
title: Legs 💪 # mine
session:
  - {do: squat, for: 40s, rest: 20s}
  # slowly
  - {do: plank, hold: 30s}
  - say: Well done.
moves: {squat: {}, plank: {}}
"""


class Studio:
    """A running studio, and what a page may ask of it."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder = folder
        self.port = int(address.split(":")[2].split("/", maxsplit=1)[0])
        self.token = address.partition("?token=")[2].strip()
        self.cookie = ""
        self.data = folder.parent / "data"

    def ask(
        self, method: str, target: str, body: object = None, **fields: str
    ) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent = {"Cookie": self.cookie, "Content-Type": "application/json"}
        sent |= {name.replace("_", "-"): value for name, value in fields.items()}
        data = None if body is None else json.dumps(body)
        with contextlib.closing(connection):
            connection.request(method, target, data, {name: value for name, value in sent.items() if value})
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()

    def get(self, name: str, **query: str) -> Json:
        status, _, data = self.ask("GET", f"/api/{name}?{urlencode(query)}")
        assert status == 200, data
        return dict(json.loads(data))

    def post(self, route: str, status: int = 200, **body: object) -> Json:
        found, _, data = self.ask("POST", f"/api/{route}", body)
        assert found == status, data
        return dict(json.loads(data))


def started(folder: Path, cache: Path) -> subprocess.Popen[str]:
    command = (sys.executable, "-m", "audiocoach", "studio", str(folder), "--port", "0", "--no-open")
    return subprocess.Popen(
        [*command, "--cache", str(cache)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"AUDIOCOACH_DATA": str(folder.parent / "data")},
    )


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """One for all tests; its folder was not there before."""
    folder = tmp_path_factory.mktemp("studio") / "mine"
    process = started(folder, tmp_path_factory.mktemp("cache"))
    assert process.stdout is not None
    opened = Studio(folder, process.stdout.readline())
    status, fields, _ = opened.ask("GET", f"/?token={opened.token}")
    assert (status, fields["location"]) == (303, "/")
    assert re.search("HttpOnly.*SameSite=strict", fields["set-cookie"])
    opened.cookie = fields["set-cookie"].partition(";")[0]
    yield opened
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (out, err, process.returncode) == ("", "\ninterrupted\n", 130)


@pytest.fixture
def legs(studio: Studio) -> Json:
    """A routine of its own for a test, as a page has it."""
    path = studio.folder / "legs.yaml"
    path.write_text(ROUTINE, "utf-8")
    return studio.get("document", path="legs.yaml")


# -- who is let in ------------------------------------------------------------------------------------------

EVERYTHING = (
    ("GET", "/"),
    ("GET", "/static/main.js"),
    ("GET", "/schema.json"),
    ("GET", "/sound/0.mp3"),
    ("GET", "/api/folder"),
    ("GET", "/api/document?path=five-minutes.yaml"),
    ("GET", "/api/bank"),
    ("GET", "/api/events"),
    *(
        ("POST", f"/api/{name}")
        for name in (
            "document",
            "look",
            "edit",
            "new",
            "speak",
            "say",
            "import",
            "keep",
            "handout",
            "origin",
            "reword",
            "take",
            "copy",
            "remove",
            "restore",
        )
    ),
    ("GET", "/handed/x/legs.html"),
    ("GET", "/nothing"),
)


@pytest.mark.parametrize(("method", "target"), EVERYTHING)
@pytest.mark.parametrize(
    "fields",
    [
        {"Cookie": ""},
        {"Cookie": "audiocoach-1=x"},
        {"Host": "evil.example"},
        {"Host": "127.0.0.1"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
    ],
    ids=str,
)
def test_nobody_else_is_let_in(studio: Studio, method: str, target: str, fields: dict[str, str]) -> None:
    body = {"name": "evil", "template": FIRST} if method == "POST" else None
    status, answer, data = studio.ask(method, target, body, **fields)
    assert (status, json.loads(data)["message"][:11]) == (403, "this studio")
    assert "default-src 'none'" in answer["content-security-policy"]
    assert not (studio.folder / "evil.yaml").exists()


def test_a_person_who_is_not_let_in_gets_a_page_that_says_nothing_else(studio: Studio) -> None:
    accepted = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"
    pages = set()
    for target in ("/", "/?token=x", "/api/document?path=monday.yaml", "/nothing"):
        status, answer, data = studio.ask("GET", target, Accept=accepted, Cookie="")
        assert (status, answer["content-type"]) == (403, "text/html; charset=utf-8")
        assert "no-store" in answer["cache-control"]
        pages.add(data)
    (page,) = pages
    assert b"open the address that it printed" in page
    assert not any(word.encode() in page for word in (studio.token, str(studio.folder), "<script"))


def test_a_token_opens_once(studio: Studio) -> None:
    for token in (studio.token, "", "x"):
        assert studio.ask("GET", f"/?token={token}", Cookie="")[0] == 403


def test_our_own_page_is_let_in(studio: Studio) -> None:
    own = f"127.0.0.1:{studio.port}"
    assert studio.ask("GET", "/api/folder", Host=own, Origin=f"http://{own}")[0] == 200
    assert studio.ask("GET", "/api/folder", Host=f"localhost:{studio.port}")[0] == 200


# -- what is read and written -------------------------------------------------------------------------------


def test_a_new_folder_has_a_first_routine(studio: Studio) -> None:
    folder = studio.get("folder")
    first = next(one for one in folder["routines"] if one["path"] == f"{FIRST}.yaml")
    assert 240_000 < first.pop("length_ms") < 480_000
    assert first == {"path": "five-minutes.yaml", "title": "Five minutes", "has_problems": False}
    assert FIRST in [one["name"] for one in folder["templates"]]
    assert (studio.folder / first["path"]).read_text("utf-8") == from_template(FIRST, FIRST_TITLE)


ESCAPES = (
    *("../secret.yaml", "/etc/passwd", "/etc/x.yaml", "..", ".", "", "a/../../secret.yaml", "a\x00.yaml"),
    *("link.yaml", "folder-link/secret.yaml", ".hidden.yaml", "notes.txt", "to-text.yaml", "C:/x.yaml"),
    *("..\\secret.yaml", "x" * 5000 + ".yaml"),
)


@pytest.mark.parametrize("name", ESCAPES)
def test_no_path_leads_out_of_the_folder(studio: Studio, name: str) -> None:
    secret = studio.folder.parent / "secret.yaml"
    secret.write_text("title: secret\n", "utf-8")
    (studio.folder / "notes.txt").write_text("secret", "utf-8")
    links = {"link.yaml": secret, "folder-link": secret.parent, "to-text.yaml": studio.folder / "notes.txt"}
    for link, target in links.items():
        if not os.path.lexists(studio.folder / link):
            (studio.folder / link).symlink_to(target)
    status, _, data = studio.ask("GET", f"/api/document?{urlencode({'path': name})}")
    assert (status, b"secret\\n" in data) == (404, False)
    body = {"path": name, "base": revision_of("title: secret\n"), "text": "title: changed\n"}
    assert studio.ask("POST", "/api/document", body)[0] == 404
    assert studio.ask("POST", "/api/look", body)[0] == 404
    assert secret.read_text("utf-8") == "title: secret\n"
    assert (studio.folder / "notes.txt").read_text("utf-8") == "secret"
    assert name not in [one["path"] for one in studio.get("folder")["routines"]]


@pytest.mark.parametrize("name", ["%2e%2e%2fstudio.py", "..%2f..%2fpodcast.json", "source", ".x", "%00"])
def test_only_what_the_page_is_made_of_is_served_with_it(studio: Studio, name: str) -> None:
    assert studio.ask("GET", f"/static/{name}")[0] == 404


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("document", {}),
        (
            "edit",
            {"path": "five-minutes.yaml", "base": "", "text": "a: b", "edits": [{"op": "x", "pointer": []}]},
        ),
        (
            "edit",
            {
                "path": "five-minutes.yaml",
                "base": "",
                "text": "a: b",
                "edits": [{"op": "set", "pointer": [{}]}],
            },
        ),
        ("look", {"path": "five-minutes.yaml", "text": "a: b", "level": "hard"}),
        ("look", {"path": "five-minutes.yaml", "text": "a: b", "length_ms": -1}),
        ("new", {"name": "...", "template": FIRST}),
        ("new", {"name": "Legs", "template": "none"}),
        ("look", []),
    ],
)
def test_what_no_page_asks_is_refused_in_words(studio: Studio, name: str, body: object) -> None:
    status, _, data = studio.ask("POST", f"/api/{name}", body)
    assert (status, "expected" in json.loads(data)["message"]) == (400, True)


def test_looking_writes_nothing(studio: Studio, legs: Json) -> None:
    looked = studio.post("look", path="legs.yaml", text=ROUTINE.replace("40s", "50s"), day=3, cues="brief")
    assert looked["routine"]["day"] == 3
    assert looked["timeline"]["exact"] is False
    assert (studio.folder / "legs.yaml").read_text("utf-8") == legs["text"] == ROUTINE


def test_an_edit_is_saved_and_told_as_changes_of_the_text(studio: Studio, legs: Json) -> None:
    edits = [
        {"op": "set", "pointer": ["session", 1, "hold"], "value": "45s"},
        {"op": "set", "pointer": ["session", 0, "sets"], "value": "3"},
    ]
    done = studio.post("edit", path="legs.yaml", base=legs["revision"], text=ROUTINE, edits=edits)
    wanted = ROUTINE.replace("hold: 30s", "hold: 45s").replace("rest: 20s}", "rest: 20s, sets: 3}")
    assert (studio.folder / "legs.yaml").read_text("utf-8") == done["text"] == wanted
    units = ROUTINE.encode("utf-16-le")
    for change in reversed(done["changes"]):
        inserted = change["insert"].encode("utf-16-le")
        units = units[: 2 * change["from"]] + inserted + units[2 * change["to"] :]
    assert units.decode("utf-16-le") == wanted


def test_a_text_of_before_is_merged_with_what_came_in_between(studio: Studio, legs: Json) -> None:
    (studio.folder / "legs.yaml").write_text(ROUTINE.replace("40s", "55s"), "utf-8")
    ours = ROUTINE.replace("Well done", "Good work")
    done = studio.post("document", path="legs.yaml", base=legs["revision"], text=ours)
    assert done["merged"] is True
    assert done["text"] == ours.replace("40s", "55s") == (studio.folder / "legs.yaml").read_text("utf-8")


def test_changes_in_one_place_are_a_conflict_and_nothing_is_written(studio: Studio, legs: Json) -> None:
    theirs = ROUTINE.replace("40s", "55s")
    (studio.folder / "legs.yaml").write_text(theirs, "utf-8")
    ours = ROUTINE.replace("40s", "60s")
    told = studio.post("document", 409, path="legs.yaml", base=legs["revision"], text=ours)
    assert (told["conflict"], told["theirs"], told["revision"]) == (True, theirs, revision_of(theirs))
    # Line by line: what is the same, and what has to be chosen.
    line = next(line for line in ROUTINE.splitlines(keepends=True) if "40s" in line)
    choice = {"mine": line.replace("40s", "60s"), "theirs": line.replace("40s", "55s"), "isOld": False}
    assert [one for one in told["pieces"] if one["mine"] != one["theirs"]] == [choice]
    assert "".join(one["theirs"] for one in told["pieces"]) == theirs
    assert (studio.folder / "legs.yaml").read_text("utf-8") == theirs
    assert studio.post("document", path="legs.yaml", base=told["revision"], text=ours)["text"] == ours


def test_a_mark_and_windows_line_ends_stay(studio: Studio) -> None:
    text = "\ufeff" + ROUTINE.replace("\n", "\r\n")
    (studio.folder / "dos.yaml").write_bytes(text.encode())
    document = studio.get("document", path="dos.yaml")
    assert document["text"] == text
    edits = [{"op": "insert", "pointer": ["session"], "at": 0, "yaml": "{rest: 10s}"}]
    studio.post("edit", path="dos.yaml", base=document["revision"], text=text, edits=edits)
    wanted = text.replace("session:\r\n", "session:\r\n  - {rest: 10s}\r\n")
    assert (studio.folder / "dos.yaml").read_bytes() == wanted.encode()


def test_a_new_routine_has_a_file_of_its_name(studio: Studio) -> None:
    made = studio.post("new", name="Monday, legs", template=FIRST)
    assert (made["path"], made["routine"]["title"]) == ("monday-legs.yaml", "Monday, legs")
    again = studio.post("new", 400, name="monday legs", template=FIRST)
    assert "file of this name" in again["message"]
    assert file_name("Übung 1.yaml") == "übung-1.yaml"


def test_a_session_is_copied_taken_away_and_brought_back(studio: Studio) -> None:
    (studio.folder / "week.yaml").write_text(ROUTINE.replace("title: ", "title: Week 1 # "), "utf-8")
    assert studio.post("copy", path="week.yaml") == {"path": "week-2.yaml"}
    assert studio.post("copy", path="week-2.yaml") == {"path": "week-3.yaml"}
    copies = [(studio.folder / f"week-{number}.yaml").read_text("utf-8") for number in (2, 3)]
    assert copies == [ROUTINE.replace("title: ", f"title: Week {number} # ") for number in (2, 3)]
    rows = {one["path"]: one for one in studio.get("folder")["routines"]}
    assert rows["week-3.yaml"]["title"] == "Week 3"
    assert rows["week-3.yaml"]["length_ms"] == rows["week.yaml"]["length_ms"] > 60_000

    assert studio.post("remove", path="week-2.yaml") == {"removed": "week-2.yaml"}
    assert studio.post("remove", 404, path="week-2.yaml")["message"].startswith("there is no such routine")
    there = studio.get("folder")
    assert "week-2.yaml" not in [one["path"] for one in there["routines"]]
    assert there["removed"] == [{"removed": "week-2.yaml", "title": "Week 2"}]
    # Another one has its name meanwhile: neither is lost.
    (studio.folder / "week-2.yaml").write_text(ROUTINE, "utf-8")
    assert studio.post("restore", removed="week-2.yaml") == {"path": "week-4.yaml"}
    assert (studio.folder / "week-4.yaml").read_text("utf-8") == copies[0]
    assert studio.get("folder")["removed"] == []
    studio.post("restore", 404, removed="../week.yaml")


def test_nothing_is_moved_out_of_the_folder(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "mine")
    folder.root.mkdir()
    folder.make("a.yaml", "title: A\n")
    (tmp_path / "elsewhere").mkdir()
    (folder.root / ".removed").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StorageError, match="leads out of the folder"):
        folder.put_away("a.yaml")
    assert folder.names() == ["a.yaml"]
    assert folder.away() == []


def test_a_list_is_brought_in_without_a_file(studio: Studio) -> None:
    before = sorted(studio.folder.rglob("*"))
    found = studio.post("import", text="Plank | 45s\nSquat 3x10\n")
    assert "45s" in found["text"]
    assert found["lines"][0]["from_source"].startswith("Plank")
    assert sorted(studio.folder.rglob("*")) == before


def test_what_was_brought_in_is_kept_with_its_answers(studio: Studio) -> None:
    found = studio.post("import", text="- Wall angels\n- Plank 45s\n")
    lines = {gap["fields"][0]: gap["line"] for gap in found["gaps"]}
    answers = [
        {"line": lines["title"], "field": "title", "value": "Desk: a break"},
        {"line": lines["reps"], "field": "reps", "value": "ten"},
    ]
    refused = studio.post("keep", 400, name="Desk", text=found["text"], answers=answers)
    assert refused["message"].startswith("reps: expected a whole number")
    assert not (studio.folder / "desk.yaml").exists()
    answers[1]["value"] = "10"
    kept = studio.post("keep", name="Desk", text=found["text"], answers=answers)
    assert (kept["path"], kept["routine"]["title"]) == ("desk.yaml", "Desk: a break")
    assert "reps: 10" in (studio.folder / "desk.yaml").read_text("utf-8")
    taken = studio.post("keep", 400, name="Desk", text=found["text"], answers=[])
    assert taken["message"] == "there is a file of this name: choose another"


def test_what_was_brought_in_may_be_called_otherwise(studio: Studio) -> None:
    found = studio.post("import", text="A back that lasts\n\n- Plank 45s\n")
    kept = studio.post("keep", name="Anna", title="For Anna: back", text=found["text"], answers=[])
    assert (kept["path"], kept["routine"]["title"]) == ("anna.yaml", "For Anna: back")


def test_exercises_of_others_go_into_the_bank(studio: Studio) -> None:
    data = [{"name": "Air squat", "instructions": ["Stand tall.", "Sit back."], "category": "strength"}]
    found = studio.post("import", text=json.dumps(data))
    assert found["isLibrary"]
    kept = studio.post("keep", name="Theirs", text=found["text"], answers=[])
    assert kept["path"] == "moves/theirs.yaml"
    move = next(one for one in studio.get("bank")["moves"] if one["id"] == "air-squat")
    assert move["library"] == "moves/theirs.yaml"
    assert "theirs.yaml" not in {one["path"] for one in studio.get("folder")["routines"]}
    (studio.folder / "moves" / "theirs.yaml").unlink()


def test_the_bank_has_the_moves_of_the_folders_libraries(studio: Studio) -> None:
    (studio.folder / "moves").mkdir(exist_ok=True)
    (studio.folder / "moves" / "mine.yaml").write_text("moves: {hop: {name: Hop, for: 20s}}\n", "utf-8")
    moves = studio.get("bank")["moves"]
    assert ("hop", "moves/mine.yaml", "for: 20s") in [
        (one["id"], one["library"], one["dose"]) for one in moves
    ]


def test_a_move_that_ships_has_its_text_for_a_routine_of_its_own(studio: Studio) -> None:
    (superman,) = [one for one in studio.get("bank")["moves"] if one["id"] == "superman"]
    assert superman["library"] == "hips-and-legs.yaml"
    library = (ROOT / "routines" / "moves" / "hips-and-legs.yaml").read_text("utf-8")
    assert textwrap.indent(superman["yaml"], "    ", lambda line: line.strip() != "") in library


def test_a_page_hears_of_what_others_write(studio: Studio, legs: Json) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", studio.port, timeout=60)
    with contextlib.closing(connection):
        connection.request("GET", "/api/events", headers={"Cookie": studio.cookie})
        answer = connection.getresponse()
        assert answer.readline() == b": here\n"
        text = ROUTINE.replace("40s", "1m")
        (studio.folder / "legs.yaml").write_text(text, "utf-8")
        told: Json = {}
        while told.get("revision") != revision_of(text):
            line = answer.readline()
            told = json.loads(line[6:]) if line.startswith(b"data: ") else told
        assert told["path"] == "legs.yaml"
        studio.post("document", path="legs.yaml", base=legs["revision"], text=ROUTINE)


# -- what is heard ------------------------------------------------------------------------------------------

# It begins with a frame: nobody sees the title or the picture of what is heard once.
FRAME = b"\xff\xfb"
SILENT = "title: Short\nvoice: {engine: fake}\nsession: [{say: Hello there.}, {rest: 3s}]\n"


def test_a_text_is_spoken_without_a_file_in_the_folder(studio: Studio) -> None:
    path = studio.folder / "short.yaml"
    path.write_text(SILENT, "utf-8")
    before = sorted(studio.folder.rglob("*"))
    text = SILENT.replace("there", "you")
    heard = studio.post("speak", path="short.yaml", text=text)
    assert heard["timeline"]["exact"] is True
    assert "Hello you." in [one["text"] for one in heard["timeline"]["events"]]
    status, fields, data = studio.ask("GET", heard["sound"])
    assert (status, fields["content-type"], data[:2]) == (200, "audio/mpeg", FRAME)
    part = studio.ask("GET", heard["sound"], Range="bytes=10-19")
    assert (part[0], part[2]) == (206, data[10:20])
    assert studio.post("speak", path="short.yaml", text=text)["sound"] == heard["sound"]
    alone = studio.post(
        "say", path="short.yaml", text=text, words="Hello again: slowly", pronounce={"slowly": "s"}
    )
    assert studio.ask("GET", alone["sound"])[2][:2] == FRAME
    assert sorted(studio.folder.rglob("*")) == before
    assert studio.ask("GET", "/sound/..%2f..%2fx.mp3")[0] == 404


@pytest.mark.usefixtures("legs")
def test_words_say_where_they_come_from_and_are_left_out(studio: Studio) -> None:
    asked: Json = {"path": "legs.yaml", "text": ROUTINE, "words": "Well done.", "at_ms": 90_000}
    found = studio.post("origin", **asked)
    assert found["where"] == "They are written on line 6: words."
    assert found["ways"] == [
        {"label": "Leave it out", "edits": [{"op": "remove", "pointer": ["session", 2]}]}
    ]
    assert found["sentences"] == ["Well done."]
    assert found["voice"] is None


@pytest.mark.usefixtures("legs")
def test_a_sentence_is_recorded_into_a_voice_that_the_routine_then_has(studio: Studio) -> None:
    text = ROUTINE.replace("Well done.", "Well done. See you tomorrow.") + "voice: {engine: silent}\n"
    sound = base64.b64encode(tone(880)).decode()
    asked: Json = {"path": "legs.yaml", "text": text, "words": "Well done. See you tomorrow.", "at_ms": 0}
    taken = studio.post("take", **asked, part=1, voice="anna", sound=sound)
    assert (taken["voice"], taken["sentence"]) == ("anna", "See you tomorrow.")
    edits = [
        {"op": "set", "pointer": ["voice", "engine"], "value": "recorded"},
        {"op": "set", "pointer": ["voice", "name"], "value": "anna"},
    ]
    assert taken["edits"] == edits
    kept = json.loads((studio.data / "voices/recorded/anna/voice.json").read_text("utf-8"))
    # What is not recorded is spoken by who spoke it before.
    assert kept["beside"] == {"engine": "silent", "name": ""}
    assert list(kept["sentences"]) == ["See you tomorrow."]
    for refused, said in (
        ({"sound": base64.b64encode(tone(0)).decode()}, "heard nothing: is the microphone on?"),
        ({"sound": base64.b64encode(b"no sound").decode()}, "this recording cannot be read"),
        ({"sound": "?"}, "sound in base64"),
        ({"voice": "../x"}, "expected a name of letters"),
        ({"part": 2}, "part to be below 2"),
        ({"words": "Nobody says this."}, "not heard any more"),
    ):
        answer = studio.post("take", 400, **{**asked, "part": 1, "voice": "anna", "sound": sound, **refused})
        assert said in answer["message"]


def tone(hertz: int) -> bytes:
    """A WAV of two seconds: silent but for a tone between its quarters."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        loud = (math.sin(math.tau * hertz * at / 16_000) * (8_000 <= at < 24_000) for at in range(32_000))
        file.writeframes(b"".join(struct.pack("<h", round(8_000 * one)) for one in loud))
    return out.getvalue()


def handed(studio: Studio, **body: object) -> list[Json]:
    """What is told of a handout while it is made."""
    status, _, data = studio.ask("POST", "/api/handout", body)
    assert status == 200, data
    return [json.loads(line) for line in data.decode().splitlines()]


@pytest.mark.usefixtures("legs")
def test_a_session_is_handed_over_as_a_page_a_sheet_and_its_sound(studio: Studio) -> None:
    source = {"path": "legs.yaml", "text": ROUTINE.replace("40s", "35s"), "level": "gentle"}
    told, last = (lines := handed(studio, kind="page", **source))[:-1], lines[-1]
    assert told[-1]["done"] == told[-1]["of"] > 5
    assert [one["done"] for one in told] == sorted(one["done"] for one in told)
    status, fields, page = studio.ask("GET", last["file"])
    assert (status, len(page), last["name"]) == (200, last["bytes"], "legs.html")
    assert last["too_large"] == ""
    assert fields["content-disposition"] == "attachment; filename*=UTF-8''legs.html"
    sheet = handed(studio, kind="sheet", **source)[-1]
    status, fields, shown = studio.ask("GET", sheet["file"])
    assert fields["content-disposition"].startswith("inline")
    # Whatever a sheet holds has no way to this folder.
    assert fields["content-security-policy"].startswith("sandbox allow-modals; default-src 'none'")
    assert "35 seconds" in shown.decode()
    assert "gentle" in shown.decode()
    sound = handed(studio, kind="mp3", **source)[-1]
    status, fields, mp3 = studio.ask("GET", sound["file"])
    assert (fields["content-type"], mp3[:3]) == ("audio/mpeg", b"ID3")
    assert base64.b64encode(mp3) in page
    assert (studio.folder / "legs.yaml").read_text("utf-8") == ROUTINE
    assert studio.ask("GET", "/handed/x/legs.html")[0] == 404


@pytest.mark.usefixtures("legs")
def test_what_cannot_be_handed_over_is_told_in_words(studio: Studio) -> None:
    text = ROUTINE.replace("plank: {}", "")
    last = handed(studio, kind="page", path="legs.yaml", text=text)[-1]
    assert last["message"].startswith('unknown move "plank"; known: squat: define it')
    assert "kind to be one of" in handed(studio, kind="song", path="legs.yaml", text=text)[0]["message"]


def test_what_cannot_be_spoken_is_told_in_words(studio: Studio) -> None:
    told = studio.post("speak", 400, path="short.yaml", text="title: Short\n")
    assert "session" in told["message"]


# -- three at once ------------------------------------------------------------------------------------------


ROUNDS = 34
PARTS = ("a", "b", "c")


def on_a_page(studio: Studio, seen: Json, part: str, number: int) -> Json:
    """A page that adds a sentence to a section of its own, at any place, to the text that it saw last."""
    pointer, at = ["session", PARTS.index(part), "items"], number * 7 % (number + 1)
    edits = [{"op": "insert", "pointer": pointer, "at": at, "yaml": f"say: {part}{number}"}]
    return studio.post("edit", path="three.yaml", base=seen["revision"], text=seen["text"], edits=edits)


def test_two_pages_and_an_editor_lose_nothing(studio: Studio) -> None:
    """Each adds in a section of its own: in the end all is there, and the file was always whole.

    The editor writes between two turns of the pages, which do not know of it: no editor can tell what is
    written in the instant between its last look and its own writing.
    """
    sections = (f"  - section: {part}\n    items:\n      - say: {part}0\n" for part in PARTS)
    path = studio.folder / "three.yaml"
    path.write_text("title: Three\nsession:\n" + "".join(sections), "utf-8")
    seen = {part: studio.get("document", path="three.yaml") for part in "ab"}
    with ThreadPoolExecutor() as pool:
        for number in range(1, ROUNDS):
            with replacing(path) as (file,):
                file.write(path.read_bytes() + f"      - say: c{number}\n".encode())
            turns = {part: pool.submit(on_a_page, studio, seen[part], part, number) for part in "ab"}
            while wait(turns.values(), timeout=0.01).not_done:
                assert isinstance(read(path.read_text("utf-8")).tree, Mapping)
            seen = {part: turn.result() for part, turn in turns.items()}
    said = re.findall(r"say: (\w+)", path.read_text("utf-8"))
    assert sorted(said) == sorted(f"{part}{number}" for part in PARTS for number in range(ROUNDS))


def test_what_is_written_while_a_page_saves_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file was looked at, and is another when its new text stands beside it, ready to take its place."""
    path = tmp_path / "legs.yaml"
    path.write_text(ROUTINE, "utf-8")
    folder = Folder(tmp_path)
    base = revision_of(folder.read("legs.yaml"))
    others = [ROUTINE.replace("hold: 30s", "hold: 35s"), ROUTINE.replace("hold: 30s", "hold: 40s")]

    def meanwhile(_: int) -> None:
        if others:
            path.write_text(others.pop(0), "utf-8")

    monkeypatch.setattr(os, "fsync", meanwhile)
    saved = folder.save("legs.yaml", base, ROUTINE.replace("title: Legs", "title: Strong legs"))
    assert "title: Strong legs" in saved.text
    assert "hold: 40s" in saved.text
    assert path.read_text("utf-8") == saved.text


def test_ctrl_c_ends_it_while_pages_listen_and_it_says_only_its_address(tmp_path: Path) -> None:
    process = started(tmp_path / "a", tmp_path / "cache")
    assert process.stdout is not None
    opened = Studio(tmp_path / "a", process.stdout.readline())
    opened.cookie = opened.ask("GET", f"/?token={opened.token}")[1]["set-cookie"].partition(";")[0]
    connection = http.client.HTTPConnection("127.0.0.1", opened.port, timeout=60)
    with contextlib.closing(connection):
        connection.request("GET", "/api/events", headers={"Cookie": opened.cookie})
        answer = connection.getresponse()
        answer.readline()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
        assert (out, err, process.returncode) == ("", "\ninterrupted\n", 130)
        assert not [line for line in answer.read().splitlines() if line]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x", "utf-8")
    process = started(tmp_path / "a", tmp_path / "cache")
    out, err = process.communicate(timeout=60)
    assert (out, process.returncode, err.startswith(f"{tmp_path / 'a'}: ")) == ("", 2, True)


def test_a_folder_opens_nothing_but_its_files(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    with pytest.raises(MissingError):
        folder.read("a.yaml")
    with pytest.raises(MissingError):
        folder.save("a.yaml", "", "title: a\n")
