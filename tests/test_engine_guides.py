"""Tutorials of engines, and the page about the configuration: their code runs, every field is named."""

from __future__ import annotations

import re
import sys
from pathlib import Path

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
        list(entries) for entries in (read.voice, read.http, read.command, read.recorded, read.piper)
    ] == [
        *(["en"], ["clinic"], ["flite"], ["anna"], ["joe"]),
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
    whole_path = entry.replace("speak.py", str(tmp_path / "speak.py")).replace("python3", sys.executable)
    (tmp_path / "config.toml").write_text(whole_path)
    done = CliRunner().invoke(cli, ["build", "squats.yaml", "--jobs", "1"])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "out" / "squats.mp3").is_file()
