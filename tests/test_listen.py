"""The sound of a session alone: that of a build to the frame, and the same file where it sounds the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audiocoach.coaching.trace import NO_TRACE
from audiocoach.errors import InputError, StoppedError
from audiocoach.making.work import Compose
from audiocoach.sound.mp3.walk import walk
from audiocoach.store.options import Overrides
from audiocoach.store.place import Place
from audiocoach.workers.listen import Listener
from audiocoach.workers.stop import Stop
from tests.builds import built, squats
from tests.voices import nothing_is_left

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from audiocoach.coaching.trace import Trace
    from audiocoach.making.listen import Sounding


class Room:
    """Somebody who listens to what a file would be."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.listener = Listener(Place(folder / "cache"), "fake")
        self.listener.warm()

    def hear(self, setup: str, before: Trace = NO_TRACE, stop: Stop | None = None) -> Sounding:
        path = squats(self.folder, setup=setup)
        job = Compose(path, Overrides(), self.folder / "heard", text=path.read_text("utf-8"))
        return self.listener.hear(job, before, stop or Stop())


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    made = Room(tmp_path_factory.mktemp("room"))
    yield made
    made.listener.close()
    assert nothing_is_left(made.folder)


def test_it_is_the_sound_of_a_build_to_the_byte(room: Room, tmp_path: Path) -> None:
    trace = NO_TRACE
    for setup in ("Stand tall.", "Stand wide.", "Feet as wide as your hips. Stand tall."):
        heard = room.hear(setup, trace)
        trace = heard.trace
        (one,), _ = built(tmp_path, squats(tmp_path, setup=setup))
        with heard.path.open("rb") as file:
            walk(file)
        assert one.path.read_bytes().endswith(heard.path.read_bytes())
        assert [path.name for path in heard.path.parent.iterdir() if path.suffix != ".mp3"] == []
        assert heard.timeline.duration_ms == one.duration_ms
        assert heard.timeline.notes == one.notes


def test_what_sounds_the_same_is_one_file(room: Room) -> None:
    first = room.hear("Stand tall.")
    written = first.path.stat().st_mtime_ns
    again = room.hear('"Stand tall."')
    assert (again.path, again.path.stat().st_mtime_ns) == (first.path, written)
    assert room.hear("Stand small.").path != first.path


def test_after_a_mistake_and_a_wish_to_stop_it_goes_on(room: Room) -> None:
    with pytest.raises(InputError, match="expected"):
        room.hear("[]: {")
    stop = Stop()
    stop.wish()
    with pytest.raises(StoppedError):
        room.hear("Stand tall and wide.", stop=stop)
    assert room.hear("Stand tall and wide.").path.is_file()
