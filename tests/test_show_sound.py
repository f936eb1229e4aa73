"""What the show says of sound, read by itself: what a feed needs beside that may be missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audiocoach.errors import InputError
from audiocoach.routine.show import read_sound
from audiocoach.routine.show_sound import ShowSound

if TYPE_CHECKING:
    from pathlib import Path


def read(text: str, folder: Path) -> ShowSound:
    path = folder / "audiocoach.yaml"
    path.write_text(text, "utf-8")
    return read_sound(path)


SAID = {
    "": ShowSound(),
    "# stereo: off\n": ShowSound(),
    "title: Back\n": ShowSound(),
    "stereo: off\n": ShowSound(stereo=False),
    "title: Back\nstereo: on\nkeep_awake: off\n": ShowSound(stereo=True, keep_awake=False),
    "formats: opus\n": ShowSound(formats=("opus",)),
    "formats: [opus, wav]\n": ShowSound(formats=("opus", "wav")),
}


@pytest.mark.parametrize(("text", "said"), SAID.items())
def test_a_show_may_be_a_single_line_of_sound(text: str, said: ShowSound, tmp_path: Path) -> None:
    assert read(text, tmp_path) == said


WRONG = {
    "stereo: loud\n": '1:9: expected on or off, found "loud"',
    "title: Back\nsterio: off\n": '2:1: unknown field "sterio" in a show; did you mean "stereo"?',
    "stereo: off\nstereo: on\n": '2:1: "stereo" stands twice: first in line 1',
    "- stereo\n": "1:1: expected a show with fields such as title, found a list",
    "formats: [opus\n": "1:10: a quote or bracket opens here and is never closed",
}


@pytest.mark.parametrize(("text", "message"), WRONG.items())
def test_what_does_not_fit_is_told_with_its_line(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(text, tmp_path)
    assert str(caught.value) == f"{tmp_path}/audiocoach.yaml:{message}"
