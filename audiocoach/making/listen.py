"""A session that is heard at once, by whoever is writing it: its sound alone, with what stands kept at hand.

In: the jobs of a build. Out: an MP3 with nothing beside it, which nobody keeps, and its timeline.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from audiocoach.errors import StorageError
from audiocoach.making.keeping import keeper
from audiocoach.making.work import Lacking, Scripted, Workbench
from audiocoach.records import dataclass
from audiocoach.sound.mp3.container import MP3
from audiocoach.store.files import UNFINISHED, make_folders
from audiocoach.units import ms_to_samples

if TYPE_CHECKING:
    from audiocoach.coaching.timeline import Timeline
    from audiocoach.coaching.trace import Trace
    from audiocoach.making.soundtrack import Scored
    from audiocoach.making.work import Compose, Result
    from audiocoach.routine.model import Move
    from audiocoach.sound.container import AnyContainer
    from audiocoach.store.place import Place


@dataclass(frozen=True, slots=True)
class Sounding:
    """A session as it sounds: the MP3, which has the same name where it sounds the same, and its timeline."""

    path: Path
    timeline: Timeline
    moves: tuple[Move, ...]
    trace: Trace


class Listening(Workbench):
    """A bench that stays for many builds of nearly the same session; `sounding` is what came of the last one.

    Nothing of it survives a crash, or has to: its files are not synced.
    """

    def __init__(self, place: Place) -> None:
        super().__init__(place, MP3)
        self.sounding: Sounding

    def look_ahead(self, job: Compose) -> None:
        """Nothing stands beside its sound that could be made meanwhile."""

    def _compose(self, job: Compose) -> Result:
        scored = self._scored(job)
        if isinstance(scored, Lacking):
            return scored
        drafted, routine = self._draft(job), self._session(job).routine
        container = scored.container.kept_awake(is_awake=routine.keep_awake is not False)
        path = self._written(job.folder, scored, container, drafted.timeline)
        self.sounding = Sounding(path, drafted.timeline, routine.moves, drafted.trace)
        self.forget(job)
        return Scripted(drafted.timeline)

    def _written(self, folder: Path, scored: Scored, container: AnyContainer, timeline: Timeline) -> Path:
        placed, length_ms = scored.placed, timeline.duration_ms
        frames = self._kept_of(container, has_music=bool(timeline.music))
        named = repr((length_ms, placed, container.join is container.join_awake))
        path = folder / f"{hashlib.sha256(named.encode()).hexdigest()[:32]}.mp3"
        if path.exists():
            return path
        try:
            make_folders(folder)
            with UNFINISHED.beside(str(path)) as (unfinished, file):
                stretches = ((first, frames(key)) for first, key in placed)
                container.join(file, stretches, ms_to_samples(length_ms), b"", keeper(self.cache))
                file.close()
                Path(unfinished).replace(path)
        except OSError as error:
            raise StorageError(f"{path} could not be written: {error.strerror}") from error
        return path
