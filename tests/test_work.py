"""The jobs of a build, done by one workbench."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from audiocoach.errors import InputError
from audiocoach.making import finishing, work
from audiocoach.making.work import (
    Compose,
    Composed,
    Encode,
    ForeignWorkerError,
    Lacking,
    Made,
    Script,
    Scripted,
    Speak,
    Workbench,
    close_benches,
    perform,
)
from audiocoach.sound.mixer import Part, Region
from audiocoach.store.options import Overrides
from audiocoach.store.place import Place
from tests.builds import files_of, squats
from tests.voices import fake, silent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    with Workbench(Place(tmp_path / "cache")) as made:
        yield made


def lacking(bench: Workbench, job: Script | Compose) -> Lacking:
    answer = bench.perform(job)
    assert isinstance(answer, Lacking)
    return answer


def test_a_session_says_what_it_lacks_until_it_stands(tmp_path: Path, bench: Workbench) -> None:
    (tmp_path / "out").mkdir()
    job = Compose(squats(tmp_path), Overrides(), tmp_path / "out")
    first, *others = lacking(bench, job).jobs
    assert isinstance(first, Speak)
    # What needs no voice is encoded while the first phrase has the voice measured.
    tones = [one for one in others if isinstance(one, Encode)]
    assert tones
    assert tones == others[: len(tones)]
    assert not any(one.clips for one in tones)
    for one in (first, *others):
        bench.perform(one)
    regions = lacking(bench, job).jobs
    assert all(isinstance(one, Encode) for one in regions)
    for one in regions:
        bench.perform(one)
    composed = bench.perform(job)
    assert isinstance(composed, Composed)
    assert sorted(file.name for file in composed.entry.files) == files_of("squats")


def test_a_preview_has_nothing_encoded(tmp_path: Path, bench: Workbench) -> None:
    job = Script(squats(tmp_path), Overrides())
    for one in lacking(bench, job).jobs:
        assert isinstance(one, Speak)
        assert not one.encode
        bench.perform(one)
    assert isinstance(bench.perform(job), Scripted)


def test_a_phrase_that_cannot_be_spoken_is_an_answer(bench: Workbench) -> None:
    crash = fake("Down.", "crash@Down")
    answer = bench.perform(Speak(bench.studio.key(crash), crash))
    assert isinstance(answer, Made)
    assert answer.failure
    assert answer.failure.message == "the voice crashed (SIGABRT)"


def test_a_worker_with_another_engine_or_encoder_is_refused(bench: Workbench) -> None:
    with pytest.raises(ForeignWorkerError, match="refused"):
        bench.perform(Speak("clip-of-another-version", silent("Down.")))
    with pytest.raises(ForeignWorkerError, match="refused"):
        bench.perform(Encode("region-of-another-version", Region(8, (Part(0, 48, "clip-a"),)), ()))


def test_a_thread_keeps_its_workbench(tmp_path: Path) -> None:
    place = Place(tmp_path / "cache")
    job = Script(squats(tmp_path), Overrides())
    first, second = perform(place, job), perform(place, job)
    assert first == second
    other = perform(replace(place, cache=tmp_path / "other"), job)
    assert first == other


def test_a_thread_keeps_few_workbenches_and_closes_the_oldest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[str] = []

    class Noted(Workbench):
        def __init__(self, place: Place) -> None:
            super().__init__(place)
            self.name = place.cache.name

        def close(self) -> None:
            closed.append(self.name)
            super().close()

    close_benches()
    monkeypatch.setattr(work, "Workbench", Noted)
    job = Script(squats(tmp_path), Overrides())
    for number in range(6):
        perform(Place(tmp_path / str(number)), job)
    close_benches(Place(tmp_path / "4"))
    close_benches()
    assert closed == ["0", "1", "4", "2", "3", "5"]


def test_a_recipe_is_ready_before_the_regions_are(
    tmp_path: Path, bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "out").mkdir()
    job = Compose(squats(tmp_path), Overrides(), tmp_path / "out")
    for one in lacking(bench, job).jobs:
        bench.look_ahead(job)
        bench.perform(one)
    regions = lacking(bench, job).jobs
    bench.look_ahead(job)
    monkeypatch.setattr(finishing, "recipe_of", None)
    for one in regions:
        bench.perform(one)
    assert isinstance(bench.perform(job), Composed)


def test_what_is_wrong_with_a_cover_is_told_when_the_session_is_composed(
    tmp_path: Path, bench: Workbench
) -> None:
    job = Compose(squats(tmp_path), Overrides(), tmp_path)
    (tmp_path / "squats.png").write_text("no picture")
    for _ in range(2):
        for one in lacking(bench, job).jobs:
            bench.perform(one)
        bench.look_ahead(job)
    with pytest.raises(InputError, match=r"squats\.png"):
        bench.perform(job)
