"""`audiocoach play`: a session is heard, and its script scrolls by."""

from __future__ import annotations

import os
import sys
from bisect import bisect_right
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from audiocoach.api import find_routines
from audiocoach.coaching.notes import quote_some
from audiocoach.commands.build import run_build
from audiocoach.commands.common import list_new_notes, tell
from audiocoach.commands.keys import has_keys, key_by_key
from audiocoach.commands.players import VARIABLE, PlayerError, find_player, folder_for_rests
from audiocoach.errors import InputError, Problem, SeveralError, printable, quote, whole
from audiocoach.publish.chapters import chapters
from audiocoach.publish.transcript import lines
from audiocoach.records import dataclass, replace
from audiocoach.routine.diagnostics import did_you_mean
from audiocoach.routine.values import parse_ms
from audiocoach.units import ms_to_clock
from audiocoach.workers.podcast import timeline_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from audiocoach.coaching.timeline import Timeline
    from audiocoach.commands.keys import Key
    from audiocoach.commands.players import Player, Playing
    from audiocoach.store.options import BuildOptions
    from audiocoach.workers.jobs import Built

    ReadKeys = Callable[[float], tuple[Key, ...]]

_LOOK_EVERY_S = 0.1
# Who goes back within so much of a chapter's beginning means the one before.
_JUST_BEGUN_MS = 2_000
_USUAL_COLUMNS = 80
_BOLD, _PLAIN, _CLEAR = "\x1b[1m", "\x1b[m", "\r\x1b[K"
_HELP = "space stops, arrows jump, q ends"


def play_one(options: BuildOptions, cache: Path | None, begin: str | None, variant: str | None) -> None:
    """Build a routine where it has to be, and play it from where it is to begin.

    Raises:
        SeveralError, AudiocoachError: it cannot be built.
        InputError: it is not one routine, or has no such place.
        PlayerError: there is nothing to play it with, or that has failed.
    """
    done = run_build(replace(options, paths=(_one_of(*options.paths),)), cache)
    tell("".join(list_new_notes(done.built)))
    if done.failed:
        raise SeveralError([one.error for one in done.failed])
    one = _meant(done.built, variant)
    timeline = timeline_of(one)
    start_ms = 0 if begin is None else place_of(begin, timeline, one.routine)
    player = _player_for(one)
    with folder_for_rests() as folder:
        deck = Deck(player, one.path, Path(folder))
        if not has_keys():
            _hear(deck, start_ms, timeline.duration_ms)
            return
        with key_by_key(sys.stdin.fileno()) as read_keys:
            Show(deck, timeline, sys.stdout).run(start_ms, read_keys)


def _one_of(path: Path) -> Path:
    """The routine that is meant: a folder's, where it has one alone.

    Raises:
        InputError: it has none, or several.
    """
    found = find_routines((path,))
    if len(found) > 1:
        names = quote_some(one.relative_to(path).as_posix() for one in found)
        message = f"expected one routine, found a folder of {len(found)}: name one of them: {names}"
        raise InputError(Problem(whole(path), message, code="wrong-folder"))
    return found[0]


def _meant(built: Sequence[Built], wanted: str | None) -> Built:
    """The session of the variant that was named, else the routine's own.

    Raises:
        InputError: there is no such variant.
    """
    own, *others = built
    if wanted is None:
        return own
    names = {one.slug.removeprefix(f"{own.slug}-"): one for one in others}
    if wanted not in names:
        message = f"there is no variant {quote(wanted)}{did_you_mean(wanted, names)}"
        raise InputError(Problem(whole(own.routine), message))
    return names[wanted]


def _player_for(one: Built) -> Player:
    try:
        return find_player()
    except PlayerError as error:
        raise PlayerError(f"{error.message}; the session is {printable(one.path)}") from error


def place_of(text: str, timeline: Timeline, routine: Path) -> int:
    """Where a time (`3:20`), a chapter or an exercise begins; the first whose name holds the text.

    Raises:
        InputError: there is no such place.
    """
    at_ms = parse_ms(text)
    if at_ms is not None and at_ms < timeline.duration_ms:
        return at_ms
    named = [(mark.title, mark.start_ms) for mark in chapters(timeline)]
    named += [(one.move, one.start_ms) for one in timeline.intervals if one.move]
    wanted = text.casefold()
    found = next((start_ms for name, start_ms in named if wanted in name.casefold()), None)
    if found is None:
        length = ms_to_clock(timeline.duration_ms)
        near = "" if at_ms is not None else did_you_mean(text, {name for name, _ in named})
        expected = f"a time before {length}, such as 3:20, or what a chapter or an exercise is called"
        message = f"--from: expected {expected}, found {quote(text)}{near}"
        raise InputError(Problem(whole(routine), message))
    return found


@dataclass(frozen=True, slots=True)
class Deck:
    """A sound and what plays it; `folder` is for what that needs."""

    player: Player
    sound: Path
    folder: Path

    def start(self, start_ms: int) -> Playing:
        """Play from there on."""
        return self.player.start(self.sound, start_ms, self.folder)


def _hear(deck: Deck, start_ms: int, length_ms: int) -> None:
    """Play to the end, where nobody sits at a terminal."""
    playing = deck.start(start_ms)
    try:
        playing.process.wait()
        playing.has_ended(length_ms)
        _tell_handing_on(playing, length_ms)
    finally:
        playing.stop()


def _tell_handing_on(playing: Playing, length_ms: int) -> None:
    if playing.has_handed_on(length_ms):
        way_out = f"if you hear nothing, name another one in {VARIABLE}"
        tell(f"the player {playing.name} ended at once, as one does that hands the sound on: {way_out}\n")


class Show:
    """A session on a terminal: what is said scrolls by as it is said, and keys are heard."""

    def __init__(self, deck: Deck, timeline: Timeline, out: TextIO) -> None:
        self._deck = deck
        self._out = out
        self._length_ms = timeline.duration_ms
        self._marks = [mark.start_ms for mark in chapters(timeline)]
        heads = [(mark.start_ms, 0, f"{_BOLD}{printable(mark.title)}{_PLAIN}") for mark in chapters(timeline)]
        said = [(line.start_ms, 1, printable(line.text)) for line in lines(timeline)]
        self._script = sorted((*heads, *said))
        self._shown = 0
        self._playing: Playing | None = None
        self._at_ms = 0

    def run(self, start_ms: int, read_keys: ReadKeys) -> None:
        """Play from there until the end, or until somebody ends it.

        Raises:
            PlayerError: the player has failed.
        """
        self._go_to(start_ms)
        try:
            while not self._is_over():
                self._tell()
                for key in read_keys(_LOOK_EVERY_S):
                    if key == "end":
                        return
                    self._press(key)
            self._tell()
        finally:
            ended = self._playing
            self._stop()
            self._out.write(_CLEAR)
            self._out.flush()
        if ended:
            _tell_handing_on(ended, self._length_ms)

    def _is_over(self) -> bool:
        return self._playing is not None and self._playing.has_ended(self._length_ms)

    def _go_to(self, at_ms: int) -> None:
        self._at_ms = at_ms
        # What begins there is told, and what was told before is not told again.
        self._shown = bisect_right(self._script, (at_ms - 1, 2, ""))
        self._playing = self._deck.start(at_ms)

    def _stop(self) -> None:
        if self._playing:
            self._at_ms = self._position_ms()
            self._playing.stop()
            self._playing = None

    def _position_ms(self) -> int:
        return min(self._playing.position_ms if self._playing else self._at_ms, self._length_ms)

    def _press(self, key: Key) -> None:
        was_playing = self._playing is not None
        at_ms = self._position_ms()
        wanted_ms = at_ms if key == "space" else self._chapter(key, at_ms)
        if wanted_ms is None:
            return
        self._stop()
        if key != "space" or not was_playing:
            self._go_to(wanted_ms)

    def _chapter(self, key: Key, at_ms: int) -> int | None:
        """Where the next chapter begins; or this one, or the one before where this has just begun."""
        index = bisect_right(self._marks, at_ms) - 1
        if key == "right":
            return self._marks[index + 1] if index + 1 < len(self._marks) else None
        if index > 0 and at_ms - self._marks[index] < _JUST_BEGUN_MS:
            index -= 1
        return self._marks[index] if index >= 0 else 0

    def _tell(self) -> None:
        """What was said since, and where we are."""
        at_ms = self._position_ms()
        self._out.write(_CLEAR)
        while self._shown < len(self._script) and self._script[self._shown][0] <= at_ms:
            start_ms, _, text = self._script[self._shown]
            self._out.write(f"{ms_to_clock(start_ms):>7}  {text}\n")
            self._shown += 1
        state = "" if self._playing else "stopped: "
        line = f"{ms_to_clock(at_ms):>7} of {ms_to_clock(self._length_ms)}  {state}{_HELP}"
        # A line that is wider than the terminal could not be taken back.
        self._out.write(line[: _columns(self._out) - 1])
        self._out.flush()


def _columns(out: TextIO) -> int:
    """How wide the terminal is by now; some do not say."""
    try:
        return os.get_terminal_size(out.fileno()).columns or _USUAL_COLUMNS
    except OSError:
        return _USUAL_COLUMNS
