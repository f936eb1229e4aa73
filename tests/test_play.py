"""`audiocoach play`, with a player of the tests' own that tells what it is asked to play."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
import wave
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest

from audiocoach.commands.play import place_of
from audiocoach.commands.players import VARIABLE, Player, PlayerError, Playing, find_player
from audiocoach.errors import InputError
from audiocoach.publish import timeline_json
from audiocoach.units import ms_to_samples
from tests.builds import built
from tests.decoders import need, pyav

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from audiocoach.coaching.timeline import Timeline

    Program = Callable[..., subprocess.CompletedProcess[str]]

ROUTINE = """\
title: Legs
voice: {engine: silent}
chapters: moves
moves:
  squat: {name: Squat}
  plank: {name: Plank}
session:
  - {do: squat, for: 60s}
  - {rest: 20s}
  - {do: plank, hold: 60s}
variants:
  - {title: Gentle, level: gentle}
"""
_PATIENCE_S = 60


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a session that is built, so that every test plays at once."""
    folder = tmp_path_factory.mktemp("play")
    (folder / "legs.yaml").write_text(ROUTINE, "utf-8")
    _, failed = built(folder, folder / "legs.yaml")
    assert failed == []
    return folder


@pytest.fixture(scope="module")
def timeline(work: Path) -> Timeline:
    return timeline_json.read(work / "out" / "legs.timeline.json", "legs.yaml")


def player(folder: Path, then: str) -> str:
    """A command that writes what it is asked to play into a pipe, then does what is said."""
    script = folder / f"player-{abs(hash(then))}"
    script.write_text(f'#!/bin/sh\necho "$@" > {folder}/asked\n{then}\n', "utf-8")
    script.chmod(0o755)
    with contextlib.suppress(FileExistsError):
        os.mkfifo(folder / "asked")
    return f"{script} {{start}} {{file}}"


@dataclass
class Terminal:
    """The program on a terminal of its own, and the other end of it."""

    process: subprocess.Popen[bytes]
    end: int
    asked: int

    def plays_from(self) -> float:
        """Where the player is asked to begin, in seconds."""
        return float(self._read(self.asked, b"\n").split()[0])

    def shows(self, text: str) -> str:
        """What is shown up to a text."""
        return self._read(self.end, text.encode()).decode("utf-8", "replace")

    def press(self, keys: bytes) -> None:
        os.write(self.end, keys)

    def ends(self) -> int:
        """The exit status, once all is written."""
        # The other end of a terminal that nobody has open any more cannot be read.
        with contextlib.suppress(OSError):
            while select.select([self.end], [], [], _PATIENCE_S)[0]:
                os.read(self.end, 4096)
        return self.process.wait(_PATIENCE_S)

    @staticmethod
    def _read(descriptor: int, until: bytes) -> bytes:
        found = b""
        while until not in found:
            assert select.select([descriptor], [], [], _PATIENCE_S)[0], found
            found += os.read(descriptor, 1)
        return found


@contextlib.contextmanager
def on_a_terminal(work: Path, command: str, *options: str, **more: str) -> Iterator[Terminal]:
    if not (work / "asked").exists():
        os.mkfifo(work / "asked")
    ours, theirs = pty.openpty()
    before = termios.tcgetattr(theirs)
    asked = os.open(work / "asked", os.O_RDWR)
    program = [sys.executable, "-m", "audiocoach", "play", "legs.yaml", "--cache", "cache", *options]
    process = subprocess.Popen(
        program,
        cwd=work,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, VARIABLE: command, **more},
        start_new_session=True,
    )
    try:
        os.close(theirs)
        yield Terminal(process, ours, asked)
        assert termios.tcgetattr(ours) == before
    finally:
        process.kill()
        process.wait()
        for descriptor in (ours, asked):
            os.close(descriptor)


def test_keys_stop_jump_and_end_and_the_script_scrolls(work: Path, timeline: Timeline) -> None:
    plank_s = place_of("Plank", timeline, work / "legs.yaml") / 1000
    with on_a_terminal(work, player(work, "exec sleep 600"), "--from", "0:03") as terminal:
        assert terminal.plays_from() == 3
        assert "space stops, arrows jump, q ends" in terminal.shows("q ends")
        terminal.press(b" ")
        terminal.shows("stopped")
        terminal.press(b" ")
        assert 3 <= terminal.plays_from() < 60
        # There is none behind the last: that is no jump.
        terminal.press(b"\x1b[C\x1b[C")
        assert terminal.plays_from() == plank_s
        assert "Stand tall" not in terminal.shows("Plank")
        # It has just begun: the one before is meant.
        terminal.press(b"\x1b[D")
        assert terminal.plays_from() == 0
        terminal.press(b"q")
        assert terminal.ends() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_it_and_leaves_the_terminal_as_it_was(work: Path, number: signal.Signals) -> None:
    with on_a_terminal(work, player(work, "exec sleep 600")) as terminal:
        assert terminal.plays_from() == 0
        terminal.shows("q ends")
        terminal.process.send_signal(number)
        assert terminal.ends() == 130


def test_a_player_that_dies_is_told_and_the_terminal_is_as_it_was(work: Path) -> None:
    said = "echo; echo 'No such device' >&2; exit 7"
    with on_a_terminal(work, player(work, said)) as terminal:
        assert terminal.plays_from() == 0
        told = terminal.shows("mpv or ffplay")
        assert 'ended with status 7, and it said "No such device": see that this machine plays sound' in told
        assert terminal.ends() == 1


def test_a_player_that_is_killed_while_it_plays_is_told(work: Path) -> None:
    with on_a_terminal(work, player(work, "kill -KILL $$")) as terminal:
        assert terminal.plays_from() == 0
        assert "ended with signal 9, and it said nothing: see that" in terminal.shows("mpv or ffplay")
        assert terminal.ends() == 1


def test_a_real_player_without_a_device_is_told_though_it_ends_as_if_it_had_played(
    work: Path, audiocoach: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Ffplay ends with 0 where it cannot open a device."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "ffplay").symlink_to(need("ffplay"))
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("SDL_AUDIODRIVER", "disk")
    monkeypatch.setenv("SDL_DISKAUDIOFILE", str(tmp_path / "nowhere" / "heard.raw"))
    done = audiocoach("play", work / "legs.yaml", "--build", work / "out", "--cache", work / "cache")
    assert (done.returncode, done.stdout) == (1, "")
    (told,) = [line for line in done.stderr.splitlines() if line.startswith("the player")]
    assert re.match(
        r"the player ffplay ended before \d:\d\d, the end, and it said \".*audio open failed", told
    )


def test_one_that_ends_at_once_has_played_nothing_but_the_users_own_may_hand_the_sound_on(
    tmp_path: Path,
) -> None:
    def played(said: str = "", *, own: bool) -> Playing:
        process = subprocess.Popen(["true"])
        process.wait(_PATIENCE_S)
        (tmp_path / "said.txt").write_text(said, "utf-8")
        # It began a moment from now: no machine is too slow for that.
        began_s = time.monotonic() + _PATIENCE_S
        return Playing(process, 0, began_s, tmp_path / "said.txt", own)

    with pytest.raises(PlayerError, match="true ended before 1:00, the end, and it said nothing: see"):
        played(own=False).has_ended(60_000)
    with pytest.raises(PlayerError, match='and it said "b; c; d": see'):
        played("a\nb\r\n\nc\nd\n", own=True).has_ended(60_000)
    handing = played(own=True)
    assert handing.has_ended(60_000)
    assert handing.has_handed_on(60_000)


def test_a_folder_of_one_routine_is_that_one_and_of_several_is_refused(
    work: Path, audiocoach: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(VARIABLE, "true")
    for name in ("legs", "arms"):
        (tmp_path / f"{name}.yaml").write_text(ROUTINE, "utf-8")
    options = ("--build", tmp_path / "out", "--cache", work / "cache")
    done = audiocoach("play", tmp_path, *options)
    told = 'expected one routine, found a folder of 2: name one of them: "arms.yaml", "legs.yaml"'
    assert (done.returncode, done.stderr) == (2, f"{tmp_path}: {told}\n")
    assert not (tmp_path / "out").exists()
    (tmp_path / "arms.yaml").unlink()
    assert audiocoach("play", tmp_path, *options).returncode == 0


def test_a_narrow_terminal_gets_no_line_that_is_wider(work: Path) -> None:
    with on_a_terminal(work, player(work, "exec sleep 600"), "--from", "0:03") as terminal:
        assert terminal.plays_from() == 3
        terminal.shows("q ends")
        fcntl.ioctl(terminal.end, termios.TIOCSWINSZ, struct.pack("HHHH", 20, 30, 0, 0))
        terminal.press(b" ")
        terminal.shows("stopped: spa\r")
        terminal.press(b" ")
        terminal.plays_from()
        terminal.shows(" space stops,\r")
        terminal.press(b"q")
        assert terminal.ends() == 0


def test_a_real_player_is_found_and_plays_from_the_place_that_was_asked_for(
    work: Path, timeline: Timeline, tmp_path: Path
) -> None:
    """Ffplay, on a device that takes what it is given as fast as it comes, and writes it to a file."""
    folder = tmp_path / "bin"
    folder.mkdir()
    # Of such a device it says on standard error that it is one.
    (folder / "ffplay").write_text(f'#!/bin/sh\nexec {need("ffplay")} "$@" 2>/dev/null\n', "utf-8")
    (folder / "ffplay").chmod(0o755)
    heard = tmp_path / "heard.raw"
    device = {"SDL_AUDIODRIVER": "disk", "SDL_DISKAUDIOFILE": str(heard), "SDL_DISKAUDIODELAY": "1"}
    start = ms_to_samples(place_of("Plank", timeline, work / "legs.yaml"))
    with on_a_terminal(work, "", "--from", "Plank", PATH=str(folder), **device) as terminal:
        assert "Plank" in terminal.shows("q ends")
        assert terminal.ends() == 0
    wanted, found = (
        loudness_by_10_ms(sound)
        for sound in (pyav(work / "out" / "legs.mp3")[2 * start :], heard.read_bytes())
    )
    # Behind the end a buffer of silence is played.
    assert len(found) == pytest.approx(len(wanted), abs=100)
    likeness = {
        late: np.corrcoef(wanted[100:-200], np.roll(found, -late)[100 : len(wanted) - 200])[0, 1]
        for late in range(-50, 51)
    }
    best = max(likeness, key=lambda late: likeness[late])
    assert abs(best) <= 6
    assert likeness[best] > 0.9


def loudness_by_10_ms(pcm: bytes) -> NDArray[np.int64]:
    samples = np.frombuffer(pcm, "<i2").astype(np.int64)
    loudest: NDArray[np.int64] = np.abs(samples[: len(samples) // 480 * 480].reshape(-1, 480)).max(axis=1)
    return loudest


def test_where_there_is_no_player_it_is_told_how_to_get_one_and_where_the_session_is(
    work: Path, tmp_path: Path
) -> None:
    with on_a_terminal(work, "", PATH=str(tmp_path)) as terminal:
        told = terminal.shows("legs.mp3")
        assert "there is no player here" in told
        assert "mpv" in told
        assert terminal.ends() == 1


def test_the_end_of_the_sound_ends_it(work: Path) -> None:
    with on_a_terminal(work, player(work, "exit 0"), "--from", "plank", "--variant", "gentle") as terminal:
        assert terminal.plays_from() > 60
        assert terminal.ends() == 0


def test_without_a_terminal_it_just_plays(
    work: Path, audiocoach: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = work / "heard"
    script = work / "quiet"
    script.write_text(f'#!/bin/sh\necho "$@" > {heard}\n', "utf-8")
    script.chmod(0o755)
    monkeypatch.setenv(VARIABLE, str(script))
    done = audiocoach("play", work / "legs.yaml", "--build", work / "out", "--cache", work / "cache")
    assert (done.returncode, done.stdout) == (0, "")
    assert heard.read_text("utf-8") == f"{work / 'out' / 'legs.mp3'}\n"


def test_a_player_that_cannot_seek_gets_the_rest(work: Path, tmp_path: Path) -> None:
    mp3 = work / "out" / "legs.mp3"
    whole_ms = timeline_json.read(work / "out" / "legs.timeline.json", "").duration_ms
    asked = ((("cp", "{file}"), 20_000), (("cp", "{wav}"), 0))
    for command, start_ms in asked:
        kept = tmp_path / f"kept-{start_ms}.wav"
        playing = Player((*command, str(kept))).start(mp3, start_ms, tmp_path)
        playing.process.wait(_PATIENCE_S)
        assert playing.has_ended(0)
        with wave.open(str(kept)) as found:
            assert (found.getnframes(), found.getframerate()) == (48 * (whole_ms - start_ms), 48_000)


def test_places_are_times_chapters_and_exercises(work: Path, timeline: Timeline) -> None:
    path = work / "legs.yaml"
    squat, plank = (
        next(one.start_ms for one in timeline.chapters if name in one.title) for name in ("Squat", "Plank")
    )
    assert place_of("0:20", timeline, path) == 20_000
    assert (place_of("squat", timeline, path), place_of("PLANK", timeline, path)) == (squat, plank)
    near = {"9:59:59": "", "plunk": '; did you mean "Plank"\\?'}
    for wrong, hint in near.items():
        with pytest.raises(InputError, match=f'--from: expected a time before .*, found "{wrong}"{hint}$'):
            place_of(wrong, timeline, path)


def test_the_users_own_player_goes_first_and_where_there_is_none_that_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert find_player({VARIABLE: "mine -x"}).command == ("mine", "-x", "{file}")
    assert find_player({VARIABLE: "mine {wav} -x"}).command == ("mine", "{wav}", "-x")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(PlayerError, match=r"there is no player here: .* mpv.* AUDIOCOACH_PLAYER"):
        find_player({})
    with pytest.raises(PlayerError, match="cannot be started: No such file"):
        Player(("/nowhere/mpv", "{file}")).start(tmp_path / "a.mp3", 0, tmp_path)
