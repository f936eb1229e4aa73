"""What `audiocoach.yaml` says of sound and files holds for the routines beside it, whoever makes them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from audiocoach.api import check, preview
from audiocoach.errors import InputError
from audiocoach.making.beside import sound_beside
from audiocoach.making.sessions import open_session
from audiocoach.routine.show_sound import ShowSound
from audiocoach.store.options import Overrides
from audiocoach.store.place import MANIFEST
from audiocoach.studio.desk.folder import Folder
from audiocoach.studio.desk.listing import row
from tests.builds import built, squats
from tests.publishing import SHOW, Workplace

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    Program = Callable[..., subprocess.CompletedProcess[str]]

QUIET = "stereo: off\nkeep_awake: off\nformats: [wav-8k]\n"
TWO_SIDES = """\
title: Both sides
voice: {engine: silent}
moves:
  stretch: {name: Stretch}
session:
  - {do: stretch, for: 10s, sides: each}
"""


def shown(folder: Path, text: str) -> Path:
    """A routine with two sides beside a show."""
    (folder / "audiocoach.yaml").write_text(text, "utf-8")
    routine = folder / "sides.yaml"
    routine.write_text(TWO_SIDES, "utf-8")
    return routine


def test_a_build_a_feed_and_a_build_into_one_folder_agree(tmp_path: Path) -> None:
    place = Workplace.of(tmp_path, show=SHOW + QUIET)
    routine = place.folder / "routines" / "sides.yaml"
    routine.write_text(TWO_SIDES, "utf-8")
    ((first,), _) = built(tmp_path, routine, jobs=1)
    assert first.reason == "there is no record of it here"
    files = {path: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert tmp_path / "out" / "sides.8k.wav" in files
    (fed,) = place.published().outcome.built
    ((again,), _) = built(tmp_path, routine, jobs=1)
    assert (fed.reason, again.reason) == (None, None)
    assert {path: path.read_bytes() for path in (tmp_path / "out").iterdir()} == files


def test_the_routine_goes_before_the_show_and_options_before_both(tmp_path: Path) -> None:
    routine = shown(tmp_path, QUIET)

    def of(overrides: Overrides) -> tuple[tuple[str, ...], bool | None, bool | None]:
        found = open_session(routine, overrides).routine
        return found.formats, found.stereo, found.keep_awake

    assert of(Overrides()) == (("wav-8k",), False, False)
    assert of(Overrides(formats=())) == ((), False, False)
    routine.write_text(f"{TWO_SIDES}stereo: on\nkeep_awake: on\nformats: [opus]\n", "utf-8")
    assert of(Overrides()) == (("opus",), True, True)
    assert of(Overrides(formats=("m4b",))) == (("m4b",), True, True)


def test_a_preview_has_the_sides_and_the_wake_tone_that_the_show_says(tmp_path: Path) -> None:
    routine = shown(tmp_path, "title: Back\n")
    assert preview(routine, estimate=True).has_sides
    shown(tmp_path, QUIET)
    told = preview(routine, estimate=True)
    assert not told.has_sides
    assert "wake" not in {event.cue for event in told.events}


def test_what_the_show_says_now_is_built_now_and_other_words_of_it_cost_nothing(tmp_path: Path) -> None:
    routine = shown(tmp_path, "title: Back\n")
    built(tmp_path, routine, jobs=1)
    shown(tmp_path, "title: Back\nkeep_awake: off\n")
    ((one,), _) = built(tmp_path, routine, jobs=1)
    assert one.reason == "an option, the voice, or the program has changed"
    shown(tmp_path, "title: Shoulders\nkeep_awake: off\n")
    ((one,), _) = built(tmp_path, routine, jobs=1)
    assert one.reason is None
    assert (
        json.loads((tmp_path / "out" / MANIFEST).read_text("utf-8"))["sessions"]["sides"]["is_awake"] is False
    )


def test_a_broken_show_is_told_once_with_its_line_and_spoils_no_other_folder(
    audiocoach: Program, tmp_path: Path
) -> None:
    for folder in ("here", "there"):
        (tmp_path / folder).mkdir()
    squats(tmp_path / "here", "a")
    squats(tmp_path / "here", "b")
    squats(tmp_path / "there", "c")
    audiocoach("build", "here", "there", check=True)
    kept = (tmp_path / "out" / "a.mp3").read_bytes()
    (tmp_path / "here" / "audiocoach.yaml").write_text("title: Back\nstereo: loud\n", "utf-8")
    done = audiocoach("build", "here", "there")
    told = 'here/audiocoach.yaml:2:9: expected on or off, found "loud"\n'
    assert (done.returncode, done.stderr.splitlines(keepends=True)[-1]) == (2, told)
    assert done.stderr.count(told) == 1
    assert "c  " in done.stdout
    assert (tmp_path / "out" / "a.mp3").read_bytes() == kept
    for command in (("check", "here"), ("preview", "here/a.yaml"), ("preview", "here/a.yaml", "--estimate")):
        done = audiocoach(*command)
        assert (done.returncode, done.stderr) == (2, told), command


BROKEN = {
    "stereo: [on\n": "1:9: a quote or bracket opens here and is never closed",
    "keep_awake: off\n\tstereo: on\n": "2:1: expected spaces, found a tab at the start of the line",
    "stereo: \x00\n": "1:9: ",
}


@pytest.mark.parametrize(("text", "message"), BROKEN.items())
def test_a_show_that_cannot_be_read_is_told(text: str, message: str, tmp_path: Path) -> None:
    routine = shown(tmp_path, text)
    (problem,) = check(routine)
    assert str(problem).startswith(f"{tmp_path}/audiocoach.yaml:{message}")


def test_a_show_that_says_nothing_of_sound_is_the_feeds_alone(tmp_path: Path) -> None:
    for text in ("", "title: [\n", "- a list\n"):
        assert sound_beside(shown(tmp_path, text)) == ShowSound()
    (tmp_path / "audiocoach.yaml").unlink()
    assert sound_beside(tmp_path / "sides.yaml") == ShowSound()
    assert sound_beside(tmp_path / "sides.yaml" / "in no folder.yaml") == ShowSound()


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    routine = squats(tmp_path)
    (tmp_path / "audiocoach.yaml").mkdir()
    with pytest.raises(InputError, match=r"audiocoach\.yaml: expected a YAML file, found a folder"):
        open_session(routine, Overrides())


def test_the_studios_list_knows_what_is_wrong_with_it_and_that_it_was_mended(tmp_path: Path) -> None:
    shown(tmp_path, "stereo: loud\n")
    folder = Folder(tmp_path)
    assert row(folder, "sides.yaml", Overrides())["has_problems"]
    shown(tmp_path, "stereo: off\n")
    assert not row(folder, "sides.yaml", Overrides())["has_problems"]
