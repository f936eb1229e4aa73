"""The studio: clips by utterance, each spoken once, the same in any order."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from audiocoach import installed
from audiocoach.coaching.timeline import Utterance
from audiocoach.errors import EngineError
from audiocoach.routine.voice import Voice
from audiocoach.voice.clips import RecordingError
from audiocoach.voice.engines.fake import FakeEngine
from audiocoach.voice.engines.silent import length_ms
from audiocoach.voice.limits import Limits
from audiocoach.voice.studio import Studio
from tests.voices import QUICK, DictStore, eventually, fake, is_alive, nothing_is_left, silent, spoken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiocoach.voice.clips import Clip

linux = pytest.mark.skipif(sys.platform != "linux", reason="espeakng-loader is for Linux")

PHRASES = (
    "Squat.",
    "Slow down for three, chest tall.",
    "Hold it there.",
    "Switch sides.",
    "Three, two, one.",
    "Keep your back flat.",
    "Well done, that was set two of three.",
    "Rest.",
    "Next: push-ups, and breathe out on the way up.",
    "Last one.",
)


@pytest.fixture(autouse=True)
def _leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    threads = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - threads:
        thread.join(10)
    assert nothing_is_left(tmp_path)


def recorded(*utterances: Utterance, forks: bool = True) -> DictStore:
    store = DictStore()
    with Studio(store, limits=QUICK, forks=forks) as studio:
        studio.record(utterances)
    return store


def test_a_clip_has_its_exact_length() -> None:
    with Studio(DictStore()) as studio:
        for text in ("Go", "Squat, slow down for three."):
            clip = studio.clip(silent(text))
            assert clip.duration_ms == length_ms(text) == studio.measure(silent(text))
            assert len(clip.samples) == 96 * clip.duration_ms


def test_what_is_there_is_not_spoken_again() -> None:
    store = recorded(silent("Go"))
    before = dict(store.entries)
    with Studio(store, limits=Limits(set_up_ms=1)) as studio:
        studio.record([silent("Go")])
        assert studio.measure(silent("Go")) == 384
        assert studio.clip(silent("Go")).duration_ms == 384
    assert store.entries == before


def test_measuring_asks_for_the_size_alone_and_only_once() -> None:
    store = recorded(silent("Go"))
    store.asked.clear()
    store.sized.clear()
    studio = Studio(store)
    assert [studio.measure(silent("Go")) for _ in range(3)] == [384, 384, 384]
    assert (store.asked, len(store.sized)) == ([], 1)


def test_measuring_what_is_there_loads_nothing_heavy() -> None:
    code = (
        "import sys, uuid\nbefore = set(sys.modules)\n"
        "from tests.voices import DictStore, spoken\nfrom audiocoach.voice.studio import Studio\n"
        "store, say = DictStore(), spoken('Go')\nkey = Studio(store).key(say)\n"
        "store.put(key, bytes(96 * 384))\nassert Studio(store).measure(say) == 384\n"
        "heavy = {'av', 'numpy', 'pydub', 'lameenc', 'pyttsx3', 'espeakng_loader', 'ctypes', 'subprocess',\n"
        "  'json', 'importlib.metadata', 'concurrent.futures', 'audiocoach.voice.process.recorder'}\n"
        "print(heavy & (set(sys.modules) - before))"
    )
    # uuid, which the helper needs, brings subprocess on Python 3.10.
    ended = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        timeout=60,
        env={"PYTHONPATH": str(Path(__file__).parents[1])},
    )
    assert ended.stdout == b"set()\n"


def test_a_damaged_entry_is_one_more_recording() -> None:
    store = recorded(silent("Go"))
    good = dict(store.entries)
    assert good
    for key in good:
        for damage in (b"", b"x", b"-1"):
            store.entries[key] = damage
            with Studio(store) as studio:
                assert studio.measure(silent("Go")) == studio.clip(silent("Go")).duration_ms == 384
            assert store.entries == good


def test_what_a_store_has_lost_is_recorded_again_by_the_same_studio() -> None:
    store = DictStore()
    with Studio(store, limits=QUICK) as studio:
        studio.record([silent("Go")])
        before = dict(store.entries)
        store.entries.clear()
        studio.record([silent("Go")])
    assert store.entries == before


def test_a_store_that_forgets_costs_time_and_nothing_else() -> None:
    class Forgetful(DictStore):
        def get(self, key: str) -> None:
            del key

        def size_bytes(self, key: str) -> None:
            del key

    with Studio(Forgetful()) as studio:
        studio.record([silent("Go")])
        assert studio.measure(silent("Go")) == studio.clip(silent("Go")).duration_ms == 384


def test_a_store_that_fails_ends_the_recording_and_leaves_nothing() -> None:
    class Full(DictStore):
        def put(self, key: str, data: bytes) -> None:
            raise OSError(28, f"no room for {len(data)} bytes of {key}")

    with pytest.raises(OSError, match="no room"), Studio(Full()) as studio:
        studio.record(map(silent, PHRASES))


@linux
def test_without_forks_the_clips_are_the_same() -> None:
    phrases = [spoken(text) for text in PHRASES[:3]]
    with_forks, without = (recorded(*phrases, forks=forks).entries for forks in (True, False))
    assert with_forks == without


def test_words_that_differ_only_in_spaces_are_one_clip() -> None:
    store = recorded(silent("Switch  sides\n"), silent("Switch sides"), silent("Switch\0sides"))
    assert len(store.clips()) == 1


@pytest.mark.parametrize(
    "text", ["\ud800Squat", "Squat\0down", "🔥", "x" * 20_000, "\u202esquat", "%s {x} <speak>"]
)
def test_no_text_is_too_strange_to_keep_going(text: str) -> None:
    with Studio(DictStore()) as studio:
        assert studio.measure(silent(text)) > 0


@linux
@pytest.mark.parametrize("text", ["", "\0", "...", "-", " "])
def test_a_text_without_words_is_an_error(text: str) -> None:
    with pytest.raises(RecordingError) as caught:
        recorded(spoken(text))
    assert [failure.utterance for failure in caught.value.failures] == [spoken(text)]


def test_the_key_follows_everything_that_can_be_heard(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def key(utterance: Utterance) -> str:
        return Studio(DictStore()).key(utterance)

    keys = [
        key(Utterance("Go", Voice("silent"))),
        key(Utterance("Stop", Voice("silent"))),
        key(Utterance("Go", Voice("silent", "other"))),
        key(Utterance("Go", Voice("silent", "", 180))),
        key(Utterance("Go", Voice("silent", language="qaa"))),
        key(Utterance("Go", Voice("fake"))),
    ]
    for library in ("av", "lameenc"):
        changed = {library: "99"}
        with monkeypatch.context() as patch:
            patch.setattr(installed, "version", lambda name, changed=changed: changed.get(name, "1"))
            keys.append(key(Utterance("Go", Voice("silent"))))
    model = tmp_path / "model"
    for weights in ("a", "b"):
        model.write_text(weights)
        keys.append(key(fake("Go", f"speak={model}")))
    assert len(set(keys)) == len(keys)
    assert key(Utterance("Go", Voice("silent"))) == keys[0]
    assert all(len(key) <= 48 and key.replace("-", "").isalnum() for key in keys)


ALWAYS = [
    ("hang", "not done after"),
    ("ignore-term", "not done after"),
    ("crash", "crashed"),
    ("exit-late", "the voice failed: SystemExit: 3"),
    ("refuse", "will not say"),
    ("no-file", "no file"),
    ("empty", "no WAV"),
    ("truncated", "truncated"),
    ("silent", "silent"),
    ("wrong-rate", "for 64 characters"),
    ("insane-rate", "1 samples a second"),
    ("too-long", "for 64 characters|far too many"),
    ("huge", "2147483648 bytes"),
    ("bad-header", "no WAV"),
    ("fifo", "no file"),
]


@pytest.mark.parametrize("forks", [True, False])
@pytest.mark.parametrize(("switch", "says"), ALWAYS)
def test_a_fault_costs_its_own_clip_and_no_other(switch: str, says: str, *, forks: bool) -> None:
    name = f"{switch}@Squat"
    bad, good = (
        fake("Squat, slow down for three, chest tall and knees over your toes.", name),
        fake("Hold it there.", name),
    )
    store = DictStore()
    with Studio(store, limits=QUICK, forks=forks) as studio:
        with pytest.raises(RecordingError, match=says) as caught:
            studio.record([bad, good])
        assert [failure.utterance for failure in caught.value.failures] == [bad]
        assert studio.clip(good).duration_ms > 500
    assert len(store.clips()) == 1


@pytest.mark.parametrize("forks", [True, False])
@pytest.mark.parametrize("switch", ["hang-once", "crash-once"])
def test_after_a_fault_there_is_one_more_try(switch: str, tmp_path: Path, *, forks: bool) -> None:
    store = recorded(fake("Squat down.", f"{switch}={tmp_path / 'done'}"), forks=forks)
    assert (tmp_path / "done").exists()
    assert len(store.clips()) == 1


@pytest.mark.parametrize("forks", [True, False])
def test_a_grandchild_ends_with_its_clip(tmp_path: Path, *, forks: bool) -> None:
    ids = tmp_path / "ids"
    store = recorded(fake("Squat down.", f"grandchild={ids}"), forks=forks)
    assert len(store.clips()) == 1
    with pytest.raises(RecordingError, match="not done after"):
        recorded(fake("Hold it there.", f"grandchild-hang={ids}"), forks=forks)
    left = [int(line) for line in ids.read_text().split()]
    assert len(left) == 3
    assert eventually(lambda: not any(map(is_alive, left)))


@pytest.mark.parametrize("forks", [True, False])
@pytest.mark.parametrize(
    ("switch", "says"),
    [
        ("missing", "pip install fake-voice"),
        ("setup-corrupt", "the voice failed: RuntimeError: the model is corrupt"),
        ("setup-crash", "crashed"),
        ("nobody", "there is no voice"),
    ],
)
def test_a_voice_that_cannot_be_set_up_says_so_once(switch: str, says: str, *, forks: bool) -> None:
    bad = [fake(text, switch) for text in PHRASES[:4]]
    with pytest.raises(RecordingError, match=says) as caught:
        recorded(*bad, silent("Go"), forks=forks)
    assert [failure.utterance for failure in caught.value.failures] == bad
    assert len({failure.message for failure in caught.value.failures}) == 1


def test_a_voice_that_hangs_in_its_set_up_is_given_up() -> None:
    with (
        Studio(DictStore(), limits=Limits(set_up_ms=500)) as studio,
        pytest.raises(RecordingError, match=r"not done after 0\.5 s"),
    ):
        studio.record([fake("Go", "setup-hang")])


def test_an_unknown_engine_does_not_stop_the_others() -> None:
    store = DictStore()
    unknown = Utterance("Go", Voice("nonsense"))
    with Studio(store) as studio, pytest.raises(RecordingError, match="there is no engine 'nonsense'"):
        studio.record([unknown, silent("Go")])
    assert len(store.clips()) == 1
    with pytest.raises(EngineError, match="there is no engine"):
        Studio(store).key(unknown)


def test_an_interrupt_ends_the_speech_and_leaves_nothing() -> None:
    def interrupt(_: Clip) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), Studio(DictStore()) as studio:
        studio.record([fake("Go"), fake("Squat", "hang")], interrupt)


def test_closed_by_another_thread_it_waits_no_longer() -> None:
    with Studio(DictStore(), limits=Limits(clip_ms=60_000)) as studio:
        threading.Timer(0.2, studio.close).start()
        with pytest.raises(RecordingError):
            studio.record([fake("Go", "hang")])


def test_several_threads_may_use_one_studio() -> None:
    store = DictStore()
    with Studio(store) as studio:
        threads = [threading.Thread(target=studio.record, args=([silent(text)],)) for text in PHRASES]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(store.clips()) == len(PHRASES)


def test_a_closed_studio_can_be_used_again() -> None:
    studio = Studio(DictStore())
    for text in ("One", "Two"):
        assert studio.measure(silent(text)) == 456
        studio.close()


def test_a_voice_is_tuned_once_before_it_has_anything_to_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(FakeEngine, "gain_db")
    store = DictStore()
    with Studio(store, limits=QUICK) as studio:
        voice = fake("Go").voice
        assert not studio.is_tuned(voice)
        studio.tune(voice)
        assert studio.is_tuned(voice)
        assert [key.split("-")[0] for key in store.entries] == ["gain"]
        gain = dict(store.entries)
        studio.record([fake("Go")])
    assert gain.items() <= store.entries.items()


def test_an_engine_that_cannot_tell_its_version_is_one_that_cannot_be_had(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def raising(_: Voice) -> str:
        raise FileNotFoundError(2, "No such file", "model.bin")

    monkeypatch.setattr(FakeEngine, "fingerprint", raising)
    with pytest.raises(EngineError, match="the engine 'fake' failed: FileNotFoundError"):
        Studio(DictStore()).key(fake("Go"))
