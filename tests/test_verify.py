"""`verify` finds what is wrong with an output folder, by its digests and by its sound."""

from __future__ import annotations

import hashlib
import json
import os
import re
from typing import TYPE_CHECKING, Any

import pytest

from audiocoach.errors import StorageError
from audiocoach.store.options import Overrides
from audiocoach.store.place import MANIFEST
from audiocoach.workers.run import Inline
from audiocoach.workers.verify import NothingBuiltError, as_text, verify
from tests.builds import Heard, built, squats

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    Program = Callable[..., subprocess.CompletedProcess[str]]
    Json = dict[str, Any]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of a good output folder with two sessions."""
    folder = tmp_path_factory.mktemp("whole")
    built(folder, squats(folder), squats(folder, "other", setup="Stand wide and look far ahead."))
    return {path.name: path.read_bytes() for path in (folder / "out").iterdir()}


@pytest.fixture
def out(tmp_path: Path, whole: dict[str, bytes]) -> Path:
    """A copy of it that a test may damage."""
    folder = tmp_path / "out"
    folder.mkdir()
    for name, data in whole.items():
        (folder / name).write_bytes(data)
    return folder


def findings(folder: Path) -> list[str]:
    return [str(finding) for one in verify(folder, Inline(), Heard()) for finding in one.findings]


def changed(path: Path, change: Callable[[Json], object]) -> None:
    data = json.loads(path.read_bytes())
    change(data)
    path.write_text(json.dumps(data), "utf-8")


def signed(folder: Path) -> None:
    """Let the manifest say what stands there now, as one who forges it would: only the sound can tell."""

    def sign(data: Json) -> None:
        for row in data["sessions"].values():
            contents = [(name, (folder / name).read_bytes()) for name, *_ in row["files"]]
            row["files"] = [[name, len(data), hashlib.sha256(data).hexdigest()] for name, data in contents]

    changed(folder / MANIFEST, sign)


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    for index in range(at, at + 3):
        data[index] ^= 0xFF
    path.write_bytes(data)


def swap(one: Path, other: Path) -> None:
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


def test_a_good_folder_is_whole(out: Path) -> None:
    heard = Heard()
    found = verify(out, Inline(), heard)
    assert [(one.file, one.findings) for one in found] == [("other.mp3", ()), ("squats.mp3", ())]
    assert heard.stages == {"files": (2, 2)}


@pytest.mark.parametrize("where", range(0, 100, 5))
def test_three_bytes_flipped_anywhere_are_found(out: Path, where: int) -> None:
    path = out / "squats.mp3"
    flip(path, (path.stat().st_size - 3) * where // 100)
    assert "squats.mp3: it is not what was built: its SHA-256 is another" in findings(out)


@pytest.mark.parametrize("kept", [0, 2, 5, 9, 100, 700, 1500, 50_000, 100_001])
def test_a_truncated_mp3_is_found_wherever_it_ends(out: Path, kept: int) -> None:
    path = out / "squats.mp3"
    whole = path.stat().st_size
    os.truncate(path, kept)
    found = findings(out)
    assert found[0] == f"squats.mp3: it has {kept:,} bytes instead of {whole:,}"
    assert len(found) == 2
    signed(out)
    assert findings(out) == found[1:]


def test_two_files_that_changed_places_are_found(out: Path) -> None:
    swap(out / "squats.mp3", out / "other.mp3")
    assert [one.partition(": ")[0] for one in findings(out)].count("squats.mp3") > 1
    signed(out)
    # Each is a whole MP3, but not this session's.
    assert any(
        one.startswith("squats.mp3: it has ") and " samples instead of " in one for one in findings(out)
    )
    assert any("something sounds where there should be silence at 00:" in one for one in findings(out))


def test_a_timeline_that_is_edited_by_a_millisecond_is_found(out: Path) -> None:
    path = out / "squats.timeline.json"
    text = path.read_text("utf-8")
    start_ms = json.loads(text)["events"][-1]["start_ms"]
    path.write_text(text.replace(f'"start_ms": {start_ms},', f'"start_ms": {start_ms + 1},', 1), "utf-8")
    assert findings(out) == ["squats.timeline.json: it is not what was built: its SHA-256 is another"]


SOFT = """\
title: {title}
voice: {{engine: silent, gain: -20}}
formats: [{formats}]
keep_awake: on
moves:
  squat: {{name: Squat}}
session:
  - {{do: squat, for: 5s{sides}}}
"""


def test_the_softest_words_that_may_be_asked_for_are_heard_and_missed(tmp_path: Path) -> None:
    """They are softer than the noise between them, in every kind of file."""
    both = ("mono", "opus", ""), ("sided", "opus, m4b, wav, wav-8k", ', sides: "left, right"')
    for name, formats, sides in both:
        text = SOFT.format(title=name.title(), formats=formats, sides=sides)
        (tmp_path / f"{name}.yaml").write_text(text, "utf-8")
    _, failed = built(tmp_path, *tmp_path.glob("*.yaml"), overrides=Overrides(loudness_lufs=-24))
    assert failed == []
    out = tmp_path / "out"
    assert findings(out) == []

    def add(data: Json) -> None:
        count_ms = next(one for one in data["events"] if one["cue"] == "count")["start_ms"]
        words = next(one for one in data["events"] if one["kind"] == "speech")
        data["events"].append({**words, "start_ms": count_ms - 300, "duration_ms": 250})
        data["events"].sort(key=lambda one: one["start_ms"])

    for name in ("mono", "sided"):
        changed(out / f"{name}.timeline.json", add)
    signed(out)
    found = findings(out)
    assert [one.partition(":")[0] for one in found if "nothing is heard of" in one] == [
        "mono.mp3",
        "mono.opus",
        *(f"sided{end}" for end in (".mp3", ".opus", ".m4b", ".8k.wav", ".wav")),
    ]


@pytest.mark.parametrize("name", ["squats.mp3", "squats.timeline.json"])
def test_a_file_that_is_missing_is_found(out: Path, name: str) -> None:
    (out / name).unlink()
    assert f"{name}: it is missing" in findings(out)
    (out / name).mkdir()
    assert f"{name}: it is no file" in findings(out)
    (out / name).rmdir()
    os.mkfifo(out / name)
    assert f"{name}: it is no file" in findings(out)


def test_an_event_that_cannot_be_heard_is_found_by_its_sound_alone(out: Path) -> None:
    path = out / "squats.timeline.json"

    def add(data: Json) -> None:
        last = data["events"][-1]
        data["events"].append({**last, "start_ms": data["duration_ms"] - 100, "duration_ms": 50})
        data["events"].append({**last, "kind": "speech", "text": "Hello.", "start_ms": 0, "duration_ms": 10})

    changed(path, add)
    signed(out)
    end_ms = json.loads(path.read_text("utf-8"))["duration_ms"]
    tone = json.loads(path.read_text("utf-8"))["events"][-2]["tone"]
    found = findings(out)
    assert "squats.mp3: nothing is heard of 'Hello.' at 00:00.000" in found
    at = f"00:{(end_ms - 100) // 1000:02}.{(end_ms - 100) % 1000:03}"
    assert f"squats.mp3: nothing is heard of the tone {tone} at {at}" in found


def test_a_sound_without_an_event_is_found_by_its_sound_alone(out: Path) -> None:
    path = out / "squats.timeline.json"
    gone: Json = json.loads(path.read_text("utf-8"))["events"][0]
    changed(path, lambda data: data["events"].pop(0))
    signed(out)
    (found,) = findings(out)
    head = "squats.mp3: something sounds where there should be silence at 00:"
    assert found.startswith(head)
    assert abs(float(found.removeprefix(head)) * 1000 - gone["start_ms"]) <= 48


def test_zeros_on_which_a_device_sleeps_are_found_where_noise_was_to_be_and_noise_where_zeros_were(
    out: Path, tmp_path: Path
) -> None:
    """Each is what the manifest says of it, and nothing else."""
    still = squats(tmp_path, "still")
    still.write_text(f"{still.read_text('utf-8')}keep_awake: off\n", "utf-8")
    built(tmp_path / "off", still)
    assert findings(tmp_path / "off" / "out") == []
    for folder in (out, tmp_path / "off" / "out"):

        def turn(data: Json) -> None:
            for row in data["sessions"].values():
                row["is_awake"] = not row["is_awake"]

        changed(folder / MANIFEST, turn)
    (found,) = findings(tmp_path / "off" / "out")
    assert re.fullmatch(
        r"still\.mp3: devices may sleep on \d{4} ms of digital silence at 00:\d\d\.\d{3}", found
    )
    head = "squats.mp3: something sounds where there should be silence at 00:"
    assert any(one.startswith(head) for one in findings(out))


def test_first_words_that_begin_too_early_are_found(out: Path) -> None:
    def sooner(data: Json) -> None:
        first = next(event for event in data["events"] if event["kind"] == "speech")
        first["start_ms"] = 984

    changed(out / "squats.timeline.json", sooner)
    signed(out)
    words = "'Squats. This takes less than a minute.', its first words, begin before 00:01.000"
    assert f"squats.timeline.json: {words} at 00:00.984" in findings(out)


def test_words_that_are_spoken_over_others_are_found(out: Path) -> None:
    def together(data: Json) -> None:
        first, second = [event for event in data["events"] if event["kind"] == "speech"][:2]
        second["start_ms"] = first["start_ms"]

    changed(out / "squats.timeline.json", together)
    signed(out)
    assert any(
        "is spoken over" in found and found.startswith("squats.timeline.json") for found in findings(out)
    )


def test_lengths_that_do_not_agree_are_found(out: Path) -> None:
    changed(out / "squats.timeline.json", lambda data: data.update(duration_ms=data["duration_ms"] + 1))
    signed(out)
    (found,) = findings(out)
    assert found.startswith("squats.timeline.json: it lasts 00:")
    changed(
        out / MANIFEST, lambda data: [one.update(duration_ms=60_001) for one in data["sessions"].values()]
    )
    assert any(one.endswith(f" samples instead of {60_001 * 48:,}") for one in findings(out))


@pytest.mark.parametrize(
    "text", ["", "[]", "{", "null", '{"duration_ms": 5, "events": [{}]}', '{"events": 3}', "[" * 100_000]
)
def test_a_timeline_that_is_none_is_found(out: Path, text: str) -> None:
    (out / "squats.timeline.json").write_text(text, "utf-8")
    assert "squats.timeline.json: it is no timeline" in findings(out)


def test_a_folder_without_a_manifest_was_not_built(tmp_path: Path) -> None:
    with pytest.raises(NothingBuiltError, match=r"nothing was built here: there is no \.audiocoach\.json"):
        verify(tmp_path, Inline(), Heard())


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": 1}', '{"format": 2, "sessions": {"a": {}}}'])
def test_a_damaged_manifest_is_said(out: Path, text: str) -> None:
    (out / MANIFEST).write_text(text, "utf-8")
    with pytest.raises(StorageError, match=r"\.audiocoach\.json is damaged: build once more"):
        verify(out, Inline(), Heard())


def test_a_manifest_that_names_no_file_for_a_session_is_damaged(out: Path) -> None:
    changed(out / MANIFEST, lambda data: data["sessions"]["squats"].update(files=[]))
    with pytest.raises(StorageError, match="is damaged"):
        verify(out, Inline(), Heard())


def test_the_text_says_each_session_and_the_sum(out: Path) -> None:
    flip(out / "squats.mp3", 0)
    other, squats, total = as_text(verify(out, Inline(), Heard())).splitlines()
    assert other.startswith("other.mp3: 0:")
    assert other.endswith(", whole")
    assert squats.endswith(", 2 problems")
    assert total.endswith(" in all: 1 not whole")


def test_the_program_says_it_and_ends_accordingly(audiocoach: Program, out: Path) -> None:
    done = audiocoach("verify")
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 3)
    assert done.stdout.splitlines()[-1].endswith(" in all: whole")
    assert done.stderr.startswith("files 2/2, ")
    (out / "other.timeline.json").unlink()
    done = audiocoach("verify", "out", "--json")
    assert done.returncode == 1
    assert "out/other.timeline.json: it is missing" in done.stderr.splitlines()
    first, second = json.loads(done.stdout)["routines"]
    assert (first["file"], second["problems"]) == ("other.mp3", [])
    assert first["problems"][0] == {"file": "other.timeline.json", "message": "it is missing", "at_ms": None}


def test_the_program_refuses_a_folder_that_no_build_wrote(audiocoach: Program) -> None:
    done = audiocoach("verify", "elsewhere")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "elsewhere: nothing was built here: there is no .audiocoach.json\n"
