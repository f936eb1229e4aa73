"""A speech server that misbehaves in every way, and what the engine makes of it."""

from __future__ import annotations

import socket
import sys
from typing import TYPE_CHECKING

import pytest

from audiocoach.coaching.timeline import Utterance
from audiocoach.errors import EngineError, RefusedError
from audiocoach.routine.voice import Voice
from audiocoach.voice import engines
from audiocoach.voice.clips import RecordingError
from audiocoach.voice.engines import http
from audiocoach.voice.engines.http import HttpEngine
from audiocoach.voice.limits import Limits
from audiocoach.voice.listing import Listed
from audiocoach.voice.studio import Studio
from audiocoach.voice.take import read_take
from tests.speech_server import (
    RATE_HZ,
    Handler,
    SpeechServer,
    broken_off,
    cut,
    cut_chunk,
    dripping,
    endless,
    pcm,
    says,
    sends,
    silent,
    speech_server,
    streamed_wav,
)
from tests.voices import DictStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

TEXT = "Bend your knees."
CLINIC = Voice("http", "clinic")
PRIVATE = "sk-0123456789-secret"


def configured(path: Path, address: str, more: str = "") -> None:
    path.write_text(f'[http.clinic]\naddress = "{address}"\nmodel = "kokoro"\nvoice = "af_heart"\n{more}')


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "config.toml"
    monkeypatch.setenv("AUDIOCOACH_CONFIG", str(path))
    return path


@pytest.fixture
def server(config: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SpeechServer]:
    monkeypatch.setattr(http, "_WAITS_S", (0.0, 0.0, 0.0))
    with speech_server() as speech:
        configured(config, speech.address)
        yield speech


def spoken(folder: Path, text: str = TEXT, voice: Voice = CLINIC) -> Path:
    path = folder / "clip.wav"
    HttpEngine(voice).speak(text, path)
    return path


def entry(config: Path) -> str:
    """How a fault ends: with the place of what is to be mended."""
    return f": see [http.clinic] in {config}:1:2"


def refused(folder: Path) -> str:
    with pytest.raises(EngineError) as caught:
        spoken(folder)
    return caught.value.message


def test_a_text_is_asked_for_as_openai_has_it(server: SpeechServer, tmp_path: Path) -> None:
    take = read_take(spoken(tmp_path), TEXT, Voice("http"))
    assert take.rate_hz == RATE_HZ
    assert take.duration_ms == pytest.approx(60 * (len(TEXT) + 4), abs=10)
    (asked,) = server.asked
    assert asked.body == {"model": "kokoro", "voice": "af_heart", "input": TEXT, "response_format": "pcm"}
    assert "Authorization" not in asked.headers
    assert server.paths == ["/v1/models", "/v1/audio/speech"]


def test_a_rate_is_a_factor_of_the_usual_one(server: SpeechServer, tmp_path: Path) -> None:
    spoken(tmp_path, voice=Voice("http", "clinic", 198))
    assert server.asked[0].body["speed"] == 1.2


def test_markup_for_phonemes_is_broken_up(server: SpeechServer, tmp_path: Path) -> None:
    spoken(tmp_path, "Turn [left](/lɛft/).")
    assert server.texts == ["Turn [left] (/lɛft/)."]


@pytest.mark.parametrize(
    "fault",
    [
        sends("audio/wav", streamed_wav),
        sends("application/json", streamed_wav),
        sends("", pcm),
        sends("audio/pcm; rate=24000; channels=1", pcm),
        sends("application/octet-stream", pcm),
    ],
    ids=["a streamed WAV", "one with a wrong type", "no type", "a rate in the type", "bytes"],
)
def test_sound_is_taken_in_every_form_that_servers_send(
    server: SpeechServer, tmp_path: Path, fault: Callable[[Handler], None]
) -> None:
    server.faults = [fault]
    take = read_take(spoken(tmp_path), TEXT, Voice("http"))
    assert (take.rate_hz, round(take.duration_ms, -1)) == (RATE_HZ, 60 * (len(TEXT) + 4))


def test_the_rate_of_its_samples_can_be_said(server: SpeechServer, config: Path, tmp_path: Path) -> None:
    configured(config, server.address, "rate_hz = 22050\n")
    assert read_take(spoken(tmp_path), TEXT, Voice("http")).rate_hz == 22_050


BUSY = "the server is busy or at fault"


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (
            says(401, '{"error": {"message": "Incorrect key"}}'),
            "the server wants a key (401): write key_env into ",
        ),
        (
            says(400, '{"error": {"message": "no voice\\nbob"}}'),
            "the server refuses this (400): no voice bob",
        ),
        (says(404, '{"error": "not found"}'), "the server refuses this (404): not found"),
        (says(422, '{"detail": [1]}'), 'the server refuses this (422): {"detail": [1]}'),
        (says(403), "the server refuses this (403)"),
        (says(429, Retry_After="3600"), f"{BUSY} (429) and asks to wait 3600 s, which is too long"),
        (
            says(503, "<h1>Oh</h1>", "text/html", Retry_After="3600"),
            f"{BUSY} (503) and asks to wait 3600 s, which is too long: <h1>Oh</h1>",
        ),
        (
            says(302, Location="http://127.0.0.1:1/v1/audio/speech"),
            "the server says that it is elsewhere (302): mend its address",
        ),
        (
            says(200, "<h1>Hello</h1>", "text/html; charset=utf-8"),
            "the server was asked for PCM, and sent text/html: <h1>Hello</h1>",
        ),
        (says(200, '{"error": "busy"}'), "the server was asked for PCM, and sent application/json: busy"),
        (sends("audio/mpeg", lambda _: bytes(400)), "the server was asked for PCM, and sent audio/mpeg"),
        (sends("audio/pcm", lambda _: b"ID3\4" + bytes(400)), "the server was asked for PCM, and sent MP3"),
        (sends("audio/pcm", lambda _: b""), "the server sent nothing"),
        (
            sends("audio/pcm", lambda text: pcm(text)[:-1]),
            "the server sent a sound that ends within a sample",
        ),
        (cut, "the server's answer is cut off: see [http.clinic] in "),
        (cut_chunk, "the server broke off: "),
        (broken_off, "the server broke off: "),
        (endless, "the server sent far too many bytes for the text: see [http.clinic] in "),
    ],
)
def test_what_is_no_sound_is_told_and_not_asked_for_again(
    server: SpeechServer, tmp_path: Path, fault: Callable[[Handler], None], message: str
) -> None:
    server.faults = [fault]
    assert refused(tmp_path).startswith(message)
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_server_that_is_busy_is_asked_again(server: SpeechServer, tmp_path: Path, status: int) -> None:
    server.faults = [says(status, Retry_After="0"), says(status, Retry_After="Fri, 31 Dec 1999 23:59:59 GMT")]
    assert spoken(tmp_path).is_file()
    assert server.texts == [TEXT] * 3


def test_but_not_for_ever(server: SpeechServer, config: Path, tmp_path: Path) -> None:
    server.faults = [says(500, '{"error": {"message": "out of memory"}}')] * 10
    assert refused(tmp_path) == f"{BUSY} (500) again and again: out of memory{entry(config)}"
    assert len(server.asked) == 4


@pytest.mark.parametrize("fault", [silent, dripping])
def test_a_server_that_is_slow_has_its_time_and_no_more(
    server: SpeechServer,
    config: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: Callable[[Handler], None],
) -> None:
    monkeypatch.setattr(HttpEngine, "limits", Limits(clip_ms=2_200, character_ms=0))
    server.faults = [fault]
    assert refused(tmp_path) == f"the server broke off: it took too long{entry(config)}"
    assert len(server.asked) == 1


def test_a_server_that_is_not_there_is_told_once_for_all_texts(config: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    configured(config, address)
    with Studio(DictStore()) as studio, pytest.raises(RecordingError) as caught:
        studio.record([Utterance(TEXT, CLINIC), Utterance("Go.", CLINIC)])
    (message, other) = (failure.message for failure in caught.value.failures)
    assert message == other == f"no server answers at {address}: Connection refused{entry(config)}"
    assert all(failure.refused for failure in caught.value.failures)


@pytest.mark.parametrize("status", [403, 404, 500])
def test_a_server_without_a_list_of_models_speaks(server: SpeechServer, tmp_path: Path, status: int) -> None:
    server.models = status
    assert spoken(tmp_path).is_file()


def test_the_key_goes_to_its_server_and_into_no_message(
    server: SpeechServer, config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configured(config, server.address, 'key_env = "CLINIC_KEY"\n')
    monkeypatch.setenv("CLINIC_KEY", f" {PRIVATE}\n")
    spoken(tmp_path)
    assert server.asked[0].headers["Authorization"] == f"Bearer {PRIVATE}"
    server.faults = [
        says(400, f"what is {PRIVATE}?", "text/plain"),
        says(200, f"what is {PRIVATE}?", "text/plain"),
        says(401, f"what is {PRIVATE}?"),
    ]
    assert refused(tmp_path) == f"the server refuses this (400): what is …?{entry(config)}"
    assert (
        refused(tmp_path) == f"the server was asked for PCM, and sent text/plain: what is …?{entry(config)}"
    )
    unwanted = f"the server does not take the key in CLINIC_KEY (401){entry(config)}"
    assert refused(tmp_path) == unwanted
    server.models = 401
    with pytest.raises(RefusedError) as caught:
        HttpEngine(CLINIC)
    assert caught.value.message == unwanted
    assert PRIVATE not in HttpEngine.fingerprint(CLINIC) + str(HttpEngine.terms(CLINIC))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_key_and_a_text_are_not_sent_elsewhere(
    server: SpeechServer, config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    configured(config, server.address, 'key_env = "CLINIC_KEY"\n')
    monkeypatch.setenv("CLINIC_KEY", PRIVATE)
    with speech_server() as stranger:
        server.faults = [says(status, Location=f"{stranger.address}/audio/speech")]
        assert "elsewhere" in refused(tmp_path)
    assert stranger.paths == []


def test_no_proxy_is_asked_where_nothing_is_encrypted(
    server: SpeechServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with speech_server() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.address)
        monkeypatch.delenv("no_proxy", raising=False)
        spoken(tmp_path)
    assert proxy.paths == []
    assert len(server.asked) == 1


def test_a_key_that_is_missing_is_told_with_its_variable_and_its_place(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configured(config, "https://speech.example.com/v1", 'key_env = "CLINIC_KEY"\n')
    for value in ("", " "):
        monkeypatch.setenv("CLINIC_KEY", value)
        with pytest.raises(RefusedError) as caught:
            HttpEngine(CLINIC)
        where = f"[http.clinic] in {config}:1:2 takes its key from there"
        assert caught.value.message == f"the environment variable CLINIC_KEY is not set: {where}"
    assert engines.voices_of("http") == (Listed("clinic", (), "", "set the environment variable CLINIC_KEY"),)
    monkeypatch.setenv("CLINIC_KEY", "é\nX-Other: 1")
    with pytest.raises(RefusedError, match=r"holds what can be no key$"):
        HttpEngine(CLINIC)
    monkeypatch.setenv("CLINIC_KEY", PRIVATE)
    assert engines.voices_of("http") == (Listed("clinic", (), ""),)


def test_an_entry_that_is_not_there_is_told_with_near_names(config: Path) -> None:
    configured(config, "https://h/v1")
    with pytest.raises(
        RefusedError, match=r"there is no \[http\.clinik\] in .*config\.toml: did you mean clinic\?$"
    ):
        HttpEngine.fingerprint(Voice("http", "clinik"))
    with pytest.raises(RefusedError, match=r"did you mean \{engine: http, name: clinic\}\?$"):
        engines.engine_class("command").fingerprint(Voice("command", "clinic"))


def test_a_configuration_that_is_not_there_is_told(config: Path) -> None:
    for engine, name in (("http", "gone"), ("command", "ok"), ("command", "tk")):
        with pytest.raises(RefusedError) as caught:
            engines.engine_class(engine).fingerprint(Voice(engine, name))
        assert caught.value.message == (
            f"there is no [{engine}.{name}] in {config}, which is not there: write [{engine}.{name}] into it"
        )


def test_codes_of_languages_and_names_that_are_hardly_alike_are_no_near_names(config: Path) -> None:
    configured(config, "https://h/v1")
    for engine, name in (("http", "gone"), ("command", "ok"), ("command", "tk")):
        with pytest.raises(RefusedError) as caught:
            engines.engine_class(engine).fingerprint(Voice(engine, name))
        assert caught.value.message == (
            f"there is no [{engine}.{name}] in {config}: write [{engine}.{name}] into it"
        )


def test_an_engine_that_cannot_be_loaded_is_passed_over_in_near_names(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configured(config, "https://h/v1")
    monkeypatch.setitem(sys.modules, "audiocoach.voice.engines.silent", None)
    with pytest.raises(RefusedError, match=r"did you mean \{engine: http, name: clinic\}\?$"):
        engines.engine_class("command").fingerprint(Voice("command", "clinic"))


def test_the_fingerprint_names_the_service_and_neither_key_nor_price(config: Path) -> None:
    seen = []
    for more in (
        "",
        'key_env = "CLINIC_KEY"\n',
        "price_per_million_characters = 15\nbudget = 5\n",
        'version = "2"\n',
        "rate_hz = 22050\n",
    ):
        configured(config, "https://h/v1", more)
        seen.append((HttpEngine.fingerprint(CLINIC), HttpEngine.terms(CLINIC).kept_as))
    assert seen[0] == seen[1] == seen[2]
    assert len(set(seen)) == 3


def test_it_speaks_for_the_studio_in_one_process(server: SpeechServer) -> None:
    store = DictStore()
    with Studio(store) as studio:
        studio.record([Utterance("Squat down.", CLINIC), Utterance("Rest.", CLINIC)])
    assert len(store.clips()) == 2
    assert server.paths.count("/v1/models") == 1
