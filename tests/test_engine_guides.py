"""Tutorials of engines, and the page about the configuration: their code runs, every field is named."""

from __future__ import annotations

import re
import sys
from http.server import HTTPServer
from importlib import import_module
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner

from audiocoach import configuration
from audiocoach.cli import cli

DOCS = Path(__file__).parents[1] / "docs"


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def blocks(name: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page(name), re.MULTILINE | re.DOTALL)


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AUDIOCOACH_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("AUDIOCOACH_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("AUDIOCOACH_CACHE", str(tmp_path / "cache"))


def test_the_tables_in_the_page_about_the_configuration_are_read(tmp_path: Path) -> None:
    (text,) = blocks("configuration.md", "toml")
    (tmp_path / "config.toml").write_text(text)
    read = configuration.read()
    assert [
        list(entries)
        for entries in (read.voice, read.http, read.command, read.recorded, read.piper, read.kokoro)
    ] == [
        *(["en"], ["clinic"], ["flite"], ["anna"], ["joe"], ["heart"]),
    ]


def test_the_page_names_every_table_and_every_field_that_is_read() -> None:
    text = page("configuration.md")
    for kind, table in configuration._TABLES.items():  # noqa: SLF001 - the one list of what is read
        assert f"[{kind}." in text
        assert all(f"`{name}`" in text for name in table.fields)


def test_the_commands_in_the_tutorial_are_read(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("\n".join(blocks("engines/command.md", "toml")))
    assert set(configuration.read().command) == {"mine", "flite", "say", "pico", "espeak"}


def test_the_program_in_the_tutorial_speaks_its_routine(tmp_path: Path) -> None:
    entry, _ = blocks("engines/command.md", "toml")
    (program,) = blocks("engines/command.md", "python")
    (routine,) = blocks("engines/command.md", "yaml")
    (tmp_path / "speak.py").write_text(program)
    (tmp_path / "squats.yaml").write_text(routine)
    own = entry.replace("/home/me/voices/speak.py", str(tmp_path / "speak.py"))
    (tmp_path / "config.toml").write_text(own.replace("python3", sys.executable))
    done = CliRunner().invoke(cli, ["build", "squats.yaml", "--jobs", "1"])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "out" / "squats.mp3").is_file()


def test_the_server_in_the_tutorial_speaks_its_routine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (program,) = blocks("engines/http.md", "python")
    (routine,) = blocks("engines/http.md", "yaml")
    near, paid, price = blocks("engines/http.md", "toml")
    (tmp_path / "hum.py").write_text(program)
    monkeypatch.syspath_prepend(str(tmp_path))
    handler = import_module("hum").Hum
    monkeypatch.setattr(handler, "log_message", lambda *_: None)
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        (tmp_path / "config.toml").write_text(
            near.replace("8880", str(server.server_address[1])) + paid + price
        )
        (tmp_path / "squats.yaml").write_text(routine)
        done = CliRunner().invoke(cli, ["build", "squats.yaml", "--jobs", "1"])
        server.shutdown()
        thread.join()
    assert done.exit_code == 0, done.output
    assert (tmp_path / "out" / "squats.mp3").is_file()
    paid_one = configuration.read().http["paid"]
    assert (paid_one.key_env, paid_one.budget) == ("OPENAI_API_KEY", 2.0)
