"""Which files are wanted, as routines, shows and the command line say it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audiocoach.errors import InputError
from audiocoach.making.sessions import open_session
from audiocoach.routine.formats import read_list
from audiocoach.routine.show_sound import ShowSound
from audiocoach.store.options import Overrides
from tests.builds import squats

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    Program = Callable[..., subprocess.CompletedProcess[str]]


def wanted(path: Path, overrides: Overrides) -> tuple[str, ...]:
    return open_session(path, overrides).routine.formats


def test_the_command_line_goes_before_the_routine_and_that_before_the_show(tmp_path: Path) -> None:
    path = squats(tmp_path)
    show = Overrides(show=ShowSound(formats=("opus",)))
    assert wanted(path, Overrides()) == ()
    assert wanted(path, show) == ("opus",)
    path.write_text(f"{path.read_text('utf-8')}formats: [m4b, wav]\n", "utf-8")
    assert wanted(path, show) == ("m4b", "wav")
    assert wanted(path, Overrides(formats=("mp3",), show=show.show)) == ("mp3",)


def test_a_format_that_is_none_is_told_with_its_place(tmp_path: Path) -> None:
    path = squats(tmp_path)
    line = len(path.read_text("utf-8").splitlines()) + 1
    path.write_text(f"{path.read_text('utf-8')}formats: [opos]\n", "utf-8")
    with pytest.raises(
        InputError, match=f'{line}:11: expected one of mp3, opus, .* found "opos"; did you mean'
    ):
        open_session(path, Overrides())


def test_names_are_read_with_commas_between_them() -> None:
    said: list[str] = []
    assert read_list("wav-8k, MP3,opus", said.append) == ("mp3", "opus", "wav-8k")
    assert said == []
    assert read_list("mp3,m4a", said.append) == ("mp3",)
    assert said == [
        "expected some of mp3, opus, m4b, wav, wav-8k, such as mp3,opus, found 'm4a'; did you mean \"m4b\"?"
    ]


def test_the_command_says_what_there_is(audiocoach: Program) -> None:
    done = audiocoach("build", "a.yaml", "--format", "mp3,")
    assert done.returncode == 2
    assert "expected some of mp3, opus, m4b, wav, wav-8k, such as mp3,opus, found ''" in done.stderr
