"""`audiocoach import` and `prompt`: files in, a routine out; and a chat model that behaves or does not."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from audiocoach import regular
from audiocoach.cli import _IMPORTED
from audiocoach.commands import ask
from audiocoach.commands.ask import Chat, chat_at
from audiocoach.commands.bring_in import Import, import_file, print_prompt
from audiocoach.errors import EngineError, InputError
from audiocoach.routine import library
from audiocoach.routine.importers import KINDS
from tests.conftest import ROOT
from tests.speech_server import (
    Handler,
    SpeechServer,
    broken_off,
    dripping,
    endless,
    says,
    silent,
    speech_server,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LIST = "Back at noon\n\nPlank | 45s\nSquats 1o reps\nJumping jacks 20\n"
PRIVATE = "sk-0123456789-secret"
GOOD = """\
Here you are.
```yaml
title: Back at noon # from: "Back at noon"
session:
  - do: plank # from: "Plank | 45s"
    hold: 45s # from: "Plank | 45s"
  - do: squat # from: "Squats 1o reps"
    reps: 12 # from: "Squats, twelve"
```
"""
UNKNOWN = GOOD.replace("do: squat", "do: squadd")
BROKEN = "```yaml\nsession: [\n```"


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "plan.txt"
    path.write_text(LIST, "utf-8")
    return path


@pytest.fixture
def server() -> Iterator[SpeechServer]:
    with speech_server() as chat:
        yield chat


def completion(*contents: str) -> list[Callable[[Handler], None]]:
    """An answer of a chat model for each request."""
    return [says(200, json.dumps({"choices": [{"message": {"content": content}}]})) for content in contents]


# -- the command ------------------------------------------------------------------------------------


def test_the_routine_goes_to_standard_output_and_what_it_lacks_to_standard_error(
    source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import_file(Import(source))
    told = capsys.readouterr()
    assert told.out.startswith("title: Back at noon # from:")
    assert 'left out: "1o": a letter among figures: read as 10\n' in told.err
    (gap,) = [row for row in told.err.splitlines() if row.startswith("-:")]
    line = int(gap.split(":")[1])
    assert told.out.splitlines()[line - 1].strip() == f"# gap: {gap.partition(': gap: ')[2]}"


def test_a_file_is_written_whole_and_never_over_another(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "noon.yaml"
    import_file(Import(source, out))
    first = out.read_text("utf-8")
    source.write_text("Another day\n\nPlank 30s\n", "utf-8")
    with pytest.raises(InputError, match=r"noon.yaml: there is a file of this name already: .* --force"):
        import_file(Import(source, out))
    assert out.read_text("utf-8") == first
    import_file(Import(source, out, force=True))
    assert library.load(out).routine.title == "Another day"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["noon.yaml", "plan.txt"]


def test_moves_are_included_from_the_folder_that_it_is_written_to(source: Path, tmp_path: Path) -> None:
    (tmp_path / "moves").mkdir()
    (tmp_path / "moves" / "mine.yaml").write_text("moves:\n  my-plank: {name: Plank, for: 20s}\n", "utf-8")
    out = tmp_path / "noon.yaml"
    import_file(Import(source, out))
    text = out.read_text("utf-8")
    assert "include: [moves/mine.yaml]\n" in text
    assert "- do: my-plank" in text


def test_the_record_is_json(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import_file(Import(source, json=True))
    record: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert list(record) == ["kind", "text", "lines", "left_out", "gaps"]
    assert record["lines"][0] == {"line": 1, "from_source": "Back at noon"}
    assert record["left_out"] == [{"text": "1o", "why": "a letter among figures: read as 10"}]


@pytest.fixture
def _piped(monkeypatch: pytest.MonkeyPatch) -> None:
    # It is read once a program, and the tests are one.
    monkeypatch.setattr(regular, "_standard_input", lambda: b"Plank 45s\n")


@pytest.mark.usefixtures("_piped")
def test_standard_input_is_a_file_too(capsys: pytest.CaptureFixture[str]) -> None:
    import_file(Import(Path("-")))
    assert "hold: 45s" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\x89PNG\r\n\xff", "plan.txt:1:1: expected UTF-8 text, found byte 0x89: save the file as UTF-8"),
        (b"Plank\x00 45s", "plan.txt:1:6: a NUL character (invisible) is not allowed: remove it"),
        (
            b"a,exercise_title,set_index\n1,=A1,2\n",
            "plan.txt:2:1: expected the name of an exercise or a work",
        ),
        (b"x" * 3_000_000, "plan.txt:1:1: the file is too large: expected at most 2,000,000 bytes"),
        (b"Nothing here.", "plan.txt: no exercise was found: expected a plan, a list such as Plank | 45s"),
    ],
    ids=["a picture", "NUL", "a formula", "too large", "nothing"],
)
def test_what_cannot_be_used_is_one_sentence(source: Path, data: bytes, said: str) -> None:
    source.write_bytes(data)
    with pytest.raises(InputError) as caught:
        import_file(Import(Path("plan.txt"), Path("a.yaml")))
    assert str(caught.value).startswith(said)
    assert "\n" not in str(caught.value)
    assert [path.name for path in source.parent.iterdir()] == ["plan.txt"]


def test_bad_input_ends_with_exit_status_2(source: Path) -> None:
    source.write_bytes(b"\x89PNG\r\n\xff")
    command = [sys.executable, "-m", "audiocoach", "import", str(source), "-o", str(source.parent / "a.yaml")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


def test_the_prompt_is_that_of_the_moves_here(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert source.is_file()
    print_prompt()
    assert "\n- bird-dog: Bird dog\n" in capsys.readouterr().out


def test_the_command_line_knows_every_kind() -> None:
    assert _IMPORTED == KINDS


# -- a chat model -----------------------------------------------------------------------------------


def test_a_model_is_asked_with_the_prompt_and_the_text_and_held_against_it(
    source: Path, server: SpeechServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.faults = completion(GOOD)
    import_file(Import(source), chat_at(server.address, "small"))
    (asked,) = server.asked
    assert server.paths == ["/v1/chat/completions"]
    assert asked.body["model"] == "small"
    assert [message["role"] for message in asked.body["messages"]] == ["system", "user"]
    assert "- plank: Plank (is held)" in asked.body["messages"][0]["content"]
    assert asked.body["messages"][1]["content"] == LIST
    assert "Authorization" not in asked.headers
    told = capsys.readouterr()
    assert "# gap: this sentence is not in the source\n    reps: 12" in told.out
    assert "gap: this sentence is not in the source" in told.err


def test_what_check_says_is_sent_back_three_rounds_at_most(source: Path, server: SpeechServer) -> None:
    server.faults = completion(BROKEN, UNKNOWN, GOOD)
    import_file(Import(source, source.parent / "a.yaml"), chat_at(server.address))
    last = server.asked[-1].body["messages"]
    assert [message["role"] for message in last] == ["system", "user", *["assistant", "user"] * 2]
    assert '"squadd"' in last[-1]["content"]
    assert library.load(source.parent / "a.yaml").routine.title == "Back at noon"
    server.faults = completion(BROKEN, BROKEN, UNKNOWN, GOOD)
    with pytest.raises(InputError, match=r"no routine, after 3 rounds: .*squadd"):
        import_file(Import(source, source.parent / "b.yaml"), chat_at(server.address))
    assert not (source.parent / "b.yaml").exists()


def test_a_key_comes_from_its_variable_and_goes_into_no_message(
    server: SpeechServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHAT_KEY", PRIVATE)
    chat = chat_at(server.address, "", "CHAT_KEY")
    server.faults = [says(401), says(400, f"no such model for {PRIVATE}")]
    for _ in range(2):
        with pytest.raises(EngineError) as caught:
            chat.answer([("user", "hello")])
        assert PRIVATE not in caught.value.message
    assert {asked.headers["Authorization"] for asked in server.asked} == {f"Bearer {PRIVATE}"}


@pytest.mark.parametrize(
    ("address", "key_env", "said"),
    [
        ("ftp://a", "", "expected an address without a key"),
        (f"https://a:{PRIVATE}@b/v1", "", "expected an address without a key"),
        ("http://example.org/v1", "CHAT_KEY", "in the clear"),
        ("https://example.org/v1", "NOT_SET", 'the environment variable "NOT_SET" is not set'),
    ],
)
def test_an_address_or_a_key_that_will_not_do_is_refused(
    monkeypatch: pytest.MonkeyPatch, address: str, key_env: str, said: str
) -> None:
    monkeypatch.setenv("CHAT_KEY", PRIVATE)
    with pytest.raises(InputError, match=said) as caught:
        chat_at(address, "", key_env)
    assert PRIVATE not in str(caught.value)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (says(401), r"wants a key \(401\): say --key-env"),
        (says(500, "out of memory"), r"at fault \(500\): out of memory"),
        (says(302, Location="http://127.0.0.1:1/"), r"elsewhere \(302\)"),
        (says(200, "<html>hello"), "none of a chat model: <html>hello"),
        (says(200, "[" * 100_000), "none of a chat model"),
        (says(200, '{"choices": []}'), "none of a chat model"),
        *((fault, "is empty") for fault in completion(" ")),
        (broken_off, "broke off"),
        (silent, "took too long"),
        (dripping, "took too long|time was up"),
        (endless, "far too many bytes"),
    ],
    ids=[
        "401",
        "500",
        "a redirect",
        "a page",
        "deep",
        "no choice",
        "empty",
        "nothing",
        "slow",
        "drops",
        "endless",
    ],
)
def test_a_server_that_misbehaves_is_a_sentence(
    server: SpeechServer, monkeypatch: pytest.MonkeyPatch, fault: Callable[[Handler], None], said: str
) -> None:
    monkeypatch.setattr(ask, "_LIMIT_S", 0.5)
    monkeypatch.setattr(ask, "_MOST_BYTES", 100_000)
    server.faults = [fault]
    with pytest.raises(EngineError, match=said):
        Chat(server.address).answer([("user", "hello")])
    assert len(server.asked) == 1


def test_no_server_is_a_sentence() -> None:
    with pytest.raises(EngineError, match=r"no server answers at http://127\.0\.0\.1:1/v1"):
        chat_at("http://127.0.0.1:1/v1").answer([("user", "hello")])


def test_moves_that_ship_are_where_the_package_looks() -> None:
    table = (ROOT / "pyproject.toml").read_text("utf-8")
    assert '"routines/moves" = "audiocoach/assets/moves"' in table
