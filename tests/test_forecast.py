"""Paid voices from the command line: what would be spoken, what was, and what it cost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from audiocoach.language.language import traits
from tests.conftest import run_audiocoach
from tests.speech_server import SpeechServer, says, speech_server

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator

PAID = """\
title: Squats
voice: {engine: http, name: clinic}
moves:
  squat: {name: Squat}
session:
  - {do: squat, reps: 2}
"""
FREE = PAID.replace("{engine: http, name: clinic}", "{engine: silent}")
PASSAGE = traits("en").passage


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SpeechServer]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AUDIOCOACH_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("AUDIOCOACH_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("AUDIOCOACH_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "routines"
    folder.mkdir()
    (folder / "paid.yaml").write_text(PAID)
    with speech_server() as speech:
        configured(tmp_path, speech)
        yield speech


def configured(folder: Path, server: SpeechServer, more: str = "") -> None:
    (folder / "config.toml").write_text(
        f'[http.clinic]\naddress = "{server.address}"\nmodel = "m"\nvoice = "v"\n'
        f"price_per_million_characters = 1_000_000\n{more}"
    )


def ran(*arguments: str) -> subprocess.CompletedProcess[str]:
    return run_audiocoach(*arguments, "--jobs", "2", cwd=Path())


def told(*arguments: str) -> dict[str, Any]:
    done = ran(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_a_dry_run_says_what_would_be_spoken_and_makes_and_asks_nothing(
    server: SpeechServer, tmp_path: Path
) -> None:
    before = sorted(tmp_path.rglob("*"))
    done = ran("build", "--dry-run")
    assert done.returncode == 0, done.stderr
    head, *texts, paid, cost = done.stdout.splitlines()
    count, characters = len(texts), sum(len(text) - 2 for text in texts)
    assert head == f"http clinic: {count} texts, {characters} characters"
    assert "  First: Squat." in texts
    assert paid == "to be paid for:"
    whole = characters + len(PASSAGE)
    assert cost == f"http clinic: {count + 1} texts, {whole} characters, {whole:.2f}"
    assert server.paths == []
    assert sorted(tmp_path.rglob("*")) == before


def test_a_build_asks_for_what_was_said_and_for_nothing_twice(server: SpeechServer) -> None:
    planned = told("build", "--dry-run")
    done = told("build")
    assert done["bought"] == planned["bought"]
    (voice,) = planned["voices"]
    assert sorted(server.texts) == sorted([*voice["texts"], PASSAGE])
    (bought,) = done["bought"]
    assert bought["characters"] == bought["cost"] == sum(map(len, server.texts))


def test_what_stands_or_was_paid_for_costs_nothing(server: SpeechServer, tmp_path: Path) -> None:
    told("build")
    asked = len(server.asked)
    assert ran("build", "--dry-run").stdout == "nothing would be spoken\n"
    # What lies in the data folder outlives both.
    for file in (tmp_path / "cache").rglob("*-*"):
        file.unlink()
    (tmp_path / "out" / "paid.mp3").unlink()
    assert ran("build", "--dry-run").stdout.endswith("nothing to be paid for\n")
    done = told("build")
    assert (done["bought"], len(server.asked)) == ([], asked)
    assert done["routines"][0]["status"] == "built"


def test_a_closing_line_says_what_it_cost(server: SpeechServer) -> None:
    last = ran("build").stdout.splitlines()[-1]
    characters = sum(map(len, server.texts))
    assert last == f"http clinic: {len(server.asked)} texts, {characters} characters, {characters:.2f}"


@pytest.mark.parametrize("status", [302, 401, 404])
def test_an_answer_that_settles_it_is_asked_for_once_and_nothing_is_said_to_be_paid(
    server: SpeechServer, status: int
) -> None:
    server.faults = [says(status)] * 99
    done = ran("build", "--jobs", "2")
    assert done.returncode == 2
    assert len(server.asked) == 1
    (error,) = (line for line in done.stderr.splitlines() if f"({status})" in line)
    assert error.startswith("routines/paid.yaml:2:8: ")
    assert "characters" not in done.stdout
    assert json.loads(ran("build", "--json").stdout)["bought"] == []


@pytest.mark.usefixtures("server")
def test_a_budget_that_was_raised_as_it_says_is_enough() -> None:
    refused = ran("build", "--dry-run", "--budget", "0.5").stderr
    raised = refused.partition("raise it to at least ")[2].split()[0]
    assert ran("build", "--dry-run", "--budget", raised).returncode == 0


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("amount", ["2,50", "-1", "nan", "inf", "much"])
def test_what_is_no_budget_is_told_with_an_example(amount: str) -> None:
    done = ran("build", "--budget", amount)
    assert done.returncode == 2
    assert f"expected an amount such as 2.50, found '{amount}'" in done.stderr


@pytest.mark.parametrize("where", ["the configuration", "the command line"])
def test_a_budget_that_is_too_small_buys_nothing_and_keeps_nobody_else(
    server: SpeechServer, tmp_path: Path, where: str
) -> None:
    (tmp_path / "routines" / "free.yaml").write_text(FREE)
    configured(
        tmp_path, server, "budget = 70.5\n" if where == "the configuration" else "budget = 1_000_000\n"
    )
    more = () if where == "the configuration" else ("--budget", "70.5")
    whose = "[http.clinic]" if where == "the configuration" else "this build"
    for dry in ((), ("--dry-run",)):
        done = ran("build", *more, *dry)
        assert done.returncode == 2
        (error,) = (line for line in done.stderr.splitlines() if "budget" in line)
        assert error.startswith(f"routines/paid.yaml:2:8: the budget of 70.50 for {whose} is too small: ")
    assert [path.name for path in (tmp_path / "out").glob("*.mp3")] == ["free.mp3"]
    assert server.paths == []


@pytest.mark.parametrize(
    ("voice", "message"),
    [
        ("clinic", "the environment variable CLINIC_KEY is not set: [http.clinic] in "),
        ("clinik", "there is no [http.clinik] in "),
    ],
)
def test_a_voice_that_cannot_be_had_is_told_once_with_its_line(
    server: SpeechServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, voice: str, message: str
) -> None:
    monkeypatch.delenv("CLINIC_KEY", raising=False)
    configured(tmp_path, server, 'key_env = "CLINIC_KEY"\n')
    (tmp_path / "routines" / "free.yaml").write_text(FREE)
    (tmp_path / "routines" / "paid.yaml").write_text(PAID.replace("clinic", voice))
    done = ran("build")
    assert done.returncode == 2
    (error,) = (line for line in done.stderr.splitlines() if "paid.yaml" in line)
    assert error.startswith(f"routines/paid.yaml:2:8: {message}")
    assert (tmp_path / "out" / "free.mp3").is_file()
    assert server.paths == []


def test_a_feed_says_the_same_before_and_makes_nothing(server: SpeechServer, tmp_path: Path) -> None:
    (tmp_path / "routines" / "audiocoach.yaml").write_text("title: Squats\n")
    done = ran("feed", "routines", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert done.stdout == ran("build", "--dry-run").stdout
    assert ran("feed", "routines", "--dry-run", "--budget", "1").returncode == 2
    assert server.paths == []
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "site").exists()
