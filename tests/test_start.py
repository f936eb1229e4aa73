"""How this program starts itself."""

from __future__ import annotations

import gc
import os
import re
from subprocess import DEVNULL, PIPE
from typing import TYPE_CHECKING

import pytest

from audiocoach.start import fork, start
from tests.test_layers import modules, name_of

if TYPE_CHECKING:
    from pathlib import Path

# The speech process has a start of its own, and one voice for tests leaves a stray process on purpose.
ELSEWHERE = {"voice/process/host.py", "voice/process/child.py", "voice/engines/fake.py"}
# They tell the user which interpreter to call.
TELLING = {"installed.py", "voice/engines/hibari.py"}


def said(entry: str, *arguments: str) -> str:
    process = start(entry, *arguments, stdin=DEVNULL, stdout=PIPE)
    text, _ = process.communicate()
    assert process.returncode == 0
    return text.decode().strip()


def test_a_function_is_called_with_its_arguments_as_they_are() -> None:
    assert said("builtins:print", "a", "-c", "b 'c'", "") == "a -c b 'c'"
    assert said("builtins:print") == ""


def test_it_imports_what_this_process_does_and_nothing_of_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ours", "theirs"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "greeting.py").write_text(f"def greet(): print({name!r})\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path / "ours")
    monkeypatch.chdir(tmp_path / "theirs")
    assert said("greeting:greet") == "ours"
    # A place without a name is the current folder now, wherever the other process goes.
    monkeypatch.syspath_prepend("")
    assert said("greeting:greet") == "theirs"


def test_it_is_a_session_of_its_own_and_has_the_environment_it_is_given() -> None:
    process = start("time:sleep", stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL, env={})
    assert os.getsid(process.pid) == process.pid
    assert process.wait() != 0
    process = start(
        "os:system", "echo $GREETING", stdin=DEVNULL, stdout=PIPE, env={**os.environ, "GREETING": "hi"}
    )
    assert process.communicate()[0] == b"hi\n"


@pytest.mark.parametrize("collects", [True, False])
def test_what_waits_for_collection_is_not_collected_in_a_fork(collects: bool) -> None:  # noqa: FBT001
    was, frozen = gc.isenabled(), gc.get_freeze_count()
    (gc.enable if collects else gc.disable)()
    try:
        process_id = fork()
        if not process_id:
            os._exit(gc.get_freeze_count() <= frozen)
        assert gc.isenabled() is collects
    finally:
        (gc.enable if was else gc.disable)()
    assert os.waitstatus_to_exitcode(os.waitpid(process_id, 0)[1]) == 0
    assert gc.get_freeze_count() == frozen


def test_nobody_else_starts_this_program() -> None:
    starts = re.compile(r"sys\.executable|os\.fork\b|multiprocessing|os\.posix_spawn")
    found = {name_of(path) for path in modules() if starts.search(path.read_text("utf-8"))}
    assert found - ELSEWHERE - TELLING == {"start.py"}
