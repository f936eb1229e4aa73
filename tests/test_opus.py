"""A second container, encoded whole, goes through the chain of a build as the first one does."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest
from mutagen.oggopus import OggOpus

from audiocoach.coaching.timeline import Chapter
from audiocoach.errors import SoundError
from audiocoach.making.work import Compose, Composed, Lacking, Workbench
from audiocoach.routine.show_sound import ShowSound
from audiocoach.sound import tones
from audiocoach.sound.container import TagFields
from audiocoach.sound.opus import OPUS, join, tag
from audiocoach.sound.whole import Proof, Samples
from audiocoach.store.options import Overrides
from audiocoach.store.place import Place
from audiocoach.units import ms_to_samples
from audiocoach.workers.verify import prove
from tests.builds import squats
from tests.decoders import pyav
from tests.levels import measure_loudness

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from audiocoach.sound.container import AnyContainer

GO = tones.render("go")
# Those without a time of their own.
WORDS = {"opening", "announce", "setup", "last", "close"}
FIELDS = TagFields(
    title="Legs\n& backs",
    artist="Ana",
    album="",
    length_ms=60_000,
    language="eng",
    genre="Fitness",
    description="Füße.",
    lyrics="[00:01.00]Stand tall.\n\n[00:02.00]Go.",
    said=(),
    chapters=(Chapter(30_000, "Squat"), Chapter(0, "Opening")),
    cover=b"\xff\xd8jpeg",
)


def composed(folder: Path, routine: Path, container: AnyContainer) -> Composed:
    """A routine built to its end by one workbench, with exact zeros between its sounds.

    It is as loud as an MP3's clips: what is built for listeners is 0.4 dB quieter (`tests.test_others`).
    """
    folder.mkdir(exist_ok=True)
    job = Compose(routine, Overrides(show=ShowSound(keep_awake=False)), folder)
    with Workbench(Place(folder.parent / "cache"), container) as bench:
        for _ in range(5):
            answer = bench.perform(job)
            if isinstance(answer, Composed):
                return answer
            assert isinstance(answer, Lacking)
            for each in answer.jobs:
                bench.perform(each)
    raise AssertionError("it is never finished")


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    composed(folder / "out", squats(folder, engine="pyttsx3"), OPUS)
    return folder / "out"


def events(out: Path) -> list[dict[str, int | str]]:
    timeline: dict[str, list[dict[str, int | str]]] = json.loads((out / "squats.timeline.json").read_bytes())
    return timeline["events"]


def sound_of(path: Path) -> NDArray[np.int16]:
    return np.frombuffer(pyav(path), dtype="<i2")


def test_verify_finds_every_event_in_its_place_and_silence_between(tmp_path: Path) -> None:
    routine = squats(tmp_path, engine="pyttsx3")
    entry = composed(tmp_path / "out", routine, OPUS).entry
    assert entry.files[0].name == "squats.opus"
    assert prove(tmp_path / "out", entry).findings == ()
    assert len(sound_of(tmp_path / "out" / "squats.opus")) == ms_to_samples(entry.duration_ms)


def test_tones_begin_within_a_millisecond(out: Path) -> None:
    sound = sound_of(out / "squats.opus").astype(np.int32)
    late_ms = []
    for event in events(out):
        if event["kind"] == "tone":
            tone = np.abs(np.frombuffer(tones.render(str(event["tone"])), dtype="<i2").astype(np.int32))
            start, threshold = ms_to_samples(int(event["start_ms"])), int(tone.max()) // 10
            piece = np.abs(sound[start - 960 : start + len(tone)])
            late_ms.append((np.argmax(piece >= threshold) - 960 - np.argmax(tone >= threshold)) / 48)
    assert len(late_ms) > 4
    assert max(map(abs, late_ms)) <= 1


def test_words_start_on_the_grid_of_their_container(tmp_path: Path, out: Path) -> None:
    """An MP3's frame is 24 ms; what is encoded whole has none, so words start as soon as they may."""
    from audiocoach.sound.mp3.container import MP3  # noqa: PLC0415 - beside the container that it is held against

    composed(tmp_path / "out", squats(tmp_path, engine="pyttsx3"), MP3)
    joined, whole = (
        [int(event["start_ms"]) for event in events(folder) if event["cue"] in WORDS]
        for folder in (tmp_path / "out", out)
    )
    assert {start_ms % 24 for start_ms in joined} == {0}
    assert {start_ms % 24 for start_ms in whole} != {0}
    assert len(joined) == len(whole) == len(WORDS)


def test_both_containers_of_a_session_share_a_cache(tmp_path: Path) -> None:
    from audiocoach.sound.mp3.container import MP3  # noqa: PLC0415 - beside the container that it is held against

    routine = squats(tmp_path)
    names = [composed(tmp_path / "out", routine, one).entry.files[0].name for one in (MP3, OPUS, MP3, OPUS)]
    assert names == ["squats.mp3", "squats.opus"] * 2


def test_it_is_as_loud_as_an_mp3_and_no_peak_passes_1_dbtp(out: Path) -> None:
    heard = measure_loudness(out / "squats.opus")
    assert heard.integrated_lufs == pytest.approx(-19, abs=1)
    assert heard.true_peak_db <= -1


def test_the_same_sound_is_the_same_file(out: Path, tmp_path: Path) -> None:
    composed(tmp_path / "out", squats(tmp_path, engine="pyttsx3"), OPUS)
    assert (tmp_path / "out" / "squats.opus").read_bytes() == (out / "squats.opus").read_bytes()


def test_title_chapters_words_and_cover_are_read_by_others(out: Path) -> None:
    tags = OggOpus(out / "squats.opus")
    assert (tags["title"], tags["artist"], tags["genre"]) == (["Squats"], ["audiocoach"], ["Fitness"])
    assert "Squat" in tags["lyrics"][0]
    assert tags["metadata_block_picture"][0]
    with av.open(str(out / "squats.opus")) as file:
        told = json.loads((out / "squats.chapters.json").read_bytes())["chapters"]
        read = [(row["start"] / 1000, row["metadata"]["title"]) for row in file.chapters()]
        assert read == [(row["startTime"], row["title"]) for row in told]


def test_comments_are_clean_ordered_and_told_only_where_there_is_something_to_tell() -> None:
    rows = json.loads(tag(FIELDS))
    assert rows[:-1] == [
        ["title", "Legs & backs"],
        ["artist", "Ana"],
        ["genre", "Fitness"],
        ["language", "eng"],
        ["description", "Füße."],
        ["lyrics", "[00:01.00]Stand tall.\n[00:02.00]Go."],
        ["CHAPTER000", "00:00:00.000"],
        ["CHAPTER000NAME", "Opening"],
        ["CHAPTER001", "00:00:30.000"],
        ["CHAPTER001NAME", "Squat"],
    ]
    assert rows[-1][0] == "METADATA_BLOCK_PICTURE"


class Never:
    """Keeps nothing."""

    def __call__(self, _name: str, make: Callable[[], bytes], /) -> bytes:
        return make()

    def pieces(self, _name: str, make: Callable[[], Iterator[bytes]], /) -> Iterator[bytes]:
        return make()


never = Never()


def written(placed: list[tuple[int, Samples]], duration_samples: int) -> bytes:
    out = io.BytesIO()
    join(out, placed, duration_samples, b"", never)
    return out.getvalue()


@pytest.mark.parametrize("samples", [960, 961, 1607, 1608, 48_000, 700_001])
def test_a_file_has_exactly_so_many_samples(samples: int, tmp_path: Path) -> None:
    path = tmp_path / "a.opus"
    path.write_bytes(written([], samples))
    OPUS.prove(io.BytesIO(path.read_bytes()))
    found = pyav(path)
    assert len(found) == 2 * samples
    assert not found.strip(b"\0")


def test_a_file_of_less_than_a_packet_is_refused() -> None:
    for samples in (0, 1, 959):
        with pytest.raises(SoundError, match="shorter than one packet"):
            written([], samples)


def test_what_sounds_longer_than_the_session_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "a.opus"
    path.write_bytes(written([(100, Samples(GO))], 4_800 + 1_000))
    assert len(pyav(path)) == 2 * 5_800


def test_stretches_that_meet_and_one_behind_the_end_are_refused() -> None:
    with pytest.raises(SoundError, match="two stretches of sound meet at 0:01"):
        written([(1000, Samples(GO)), (1010, Samples(GO))], 480_000)
    with pytest.raises(SoundError, match="a sound at 0:11 is behind the end at 0:10"):
        written([(11_000, Samples(GO))], 480_000)


def test_what_does_not_decode_to_what_went_in_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """An encoder that plays another sound, as a damaged library would."""

    class Deaf(Proof):
        def intend(self, pcm: bytes) -> None:
            super().intend(bytes(len(pcm)))

    monkeypatch.setattr("audiocoach.sound.opus.Proof", Deaf)
    with pytest.raises(SoundError, match="the encoded session is not what went in, at 0:01"):
        written([(1500, Samples(GO))], 480_000)


def test_a_stretch_comes_back_from_the_cache() -> None:
    stretch = OPUS.encode(GO, 0)
    OPUS.check(stretch, GO, 0)
    assert OPUS.restore(stretch.to_bytes()) == stretch
    with pytest.raises(SoundError, match="3 bytes are no whole samples"):
        OPUS.restore(b"abc")
    with pytest.raises(SoundError, match="not what went in"):
        OPUS.check(OPUS.restore(b"ab"), GO, 0)


@pytest.mark.parametrize("data", [b"", b"nothing of the kind", GO])
def test_what_is_no_opus_is_told(data: bytes) -> None:
    with pytest.raises(SoundError, match="the file"):
        OPUS.prove(io.BytesIO(data))
