"""The user's configuration: what stands in it, what cannot, and a default voice written into it."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from audiocoach import configuration
from audiocoach.configuration import Command, DefaultVoice, HttpService, PiperModel, Recordings
from audiocoach.errors import InputError, StorageError

WHOLE = """\
# Mine.
[voice.en]
engine = "piper"   # a deep one
name = "joe"

[http.clinic]
address = "http://127.0.0.1:8880/v1/"
model = "kokoro"
voice = "af_heart"
key_env = "CLINIC_KEY"
price_per_million_characters = 15
budget = 5.0

[command.flite]
run = ["flite", "-o", "{wav}"]

[recorded.anna]
folder = "~/recordings/anna"

[piper.joe]
model = "/voices/joe.onnx"
"""
HTTP = '[http.a]\naddress = "https://h/v1"\nmodel = "m"\nvoice = "v"\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def problems(path: Path, text: str) -> list[str]:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        configuration.read(path)
    assert caught.value.exit_status == 2
    return [str(problem).removeprefix(f"{path}:") for problem in caught.value.problems]


def test_every_table_is_read(path: Path) -> None:
    path.write_text(WHOLE, encoding="utf-8")
    read = configuration.read(path)
    assert read.voice == {"en": DefaultVoice("piper", "joe")}
    assert read.http == {
        "clinic": HttpService(
            *("http://127.0.0.1:8880/v1", "kokoro", "af_heart", "CLINIC_KEY"),
            price_per_million_characters=15.0,
            budget=5.0,
        )
    }
    assert read.command == {"flite": Command(("flite", "-o", "{wav}"))}
    assert read.recorded == {"anna": Recordings(Path.home() / "recordings" / "anna")}
    assert read.piper == {"joe": PiperModel(Path("/voices/joe.onnx"))}
    assert str(read.http["clinic"].at) == f"{path}:6:2"


def test_without_a_file_everything_is_empty(path: Path) -> None:
    read = configuration.read(path)
    assert (read.path, read.voice, read.http, read.command) == (path, {}, {}, {})


def test_an_environment_variable_says_where_it_is(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_text(WHOLE, encoding="utf-8")
    monkeypatch.setenv("AUDIOCOACH_CONFIG", str(path))
    assert configuration.read().command["flite"].run[0] == "flite"
    monkeypatch.delenv("AUDIOCOACH_CONFIG")
    assert configuration.path().parts[-2:] == ("audiocoach", "config.toml")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[htpp.a]\n", "1:2: there is no table 'htpp': did you mean http?"),
        (
            HTTP + 'adress = "x"\n',
            "5:1: there is no field of [http.a] 'adress': did you mean address?",
        ),
        (
            HTTP + 'key = "sk-secret"\n',
            "5:1: there is no field of [http.a] 'key': did you mean key_env?",
        ),
        (
            HTTP + 'key_env = "sk-secret"\n',
            ("5:1: key_env: expected the name of an environment variable that holds the key,"
            ' such as "CLINIC_KEY"'),
        ),
        (
            '[http.a]\nmodel = "m"\nvoice = "v"\n',
            ("1:2: [http.a] has no address: expected an address without a key in it,"
            ' such as "http://127.0.0.1:8880/v1"'),
        ),
        (
            '[http.a]\nmodel = "m"\naddress = "https://me:secret@h/v1"\nvoice = "v"\n',
            '3:1: address: expected an address without a key in it, such as "http://127.0.0.1:8880/v1"',
        ),
        (
            HTTP + "budget = 5\n",
            "5:1: a budget needs a price: expected price_per_million_characters = 15.0 beside it, say",
        ),
        (HTTP + "budget = -1\n", "5:1: budget: expected an amount for one build, such as 5.0, found -1"),
        (
            HTTP + "price_per_million_characters = nan\n",
            "5:1: price_per_million_characters: expected an amount, such as 15.0, found nan",
        ),
        (
            HTTP.replace("https", "http").replace("//h", "//speech.example.com") + 'key_env = "KEY"\n',
            "2:1: the key would go over the net in the clear: expected an address that begins https://",
        ),
        (
            '[command.say]\nrun = "say -o {wav}"\n',
            ('2:1: run: expected a list of a program and its arguments, such as ["flite", "-o", "{wav}"],'
            ' found "say -o {wav}"'),
        ),
        (
            '[command.say]\nrun = ["say", "-o={wavv}", "{print $1}", "{date}"]\n',
            "2:1: run: there is no {wavv}: did you mean {wav}?",
        ),
        ('[command.say]\nrun = ["say", "{Text}"]\n', "2:1: run: there is no {Text}: did you mean {text}?"),
        (
            '[voice.de]\nengine = "piper"\n[voice.english]\nengine = "piper"\n',
            ("3:2: [voice.english]: expected the code of a language, such as [voice.en],"
            " or it would speak nothing"),
        ),
        ("http = 3\n", '1:1: expected a table, such as [http.clinic] with address = "http://127.0.0.1:8880/v1"'),
        (
            "[voice]\nengine = 'piper'\n",
            '2:1: expected a table with a name, such as [voice.en] with engine = "piper"',
        ),
        (
            "[http.a\n",
            (
                '1:8: expected TOML, such as model = "kokoro",'
                " found: expected ']' at the end of a table declaration"
            ),
        ),
    ],
)  # fmt: skip
def test_a_problem_is_told_with_its_place_and_without_a_secret(path: Path, text: str, said: str) -> None:
    assert problems(path, text) == [said]
    assert "secret" not in said


def test_all_problems_are_told_at_once(path: Path) -> None:
    text = "[voice.en]\nname = 3\n[piper.joe]\nmodel = ''\n"
    assert [line.partition(": ")[0] for line in problems(path, text)] == ["1:2", "2:1", "4:1"]


@pytest.mark.parametrize(
    "address",
    ["http://localhost:1", "http://192.168.1.4/v1", "http://nas", "http://nas.local", "http://[::1]:8"],
)
def test_a_key_may_go_in_the_clear_within_the_house(path: Path, address: str) -> None:
    path.write_text(HTTP.replace("https://h/v1", address) + 'key_env = "KEY"\n', encoding="utf-8")
    assert configuration.read(path).http["a"].address == address


def test_what_is_no_text_or_no_file_is_refused(path: Path, tmp_path: Path) -> None:
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="expected a text in UTF-8"):
        configuration.read(path)
    with pytest.raises(InputError, match="cannot be read"):
        configuration.read(tmp_path)


def test_a_default_voice_is_written_and_all_else_stays(path: Path) -> None:
    path.write_text(WHOLE, encoding="utf-8")
    configuration.set_default_voice(path, "en", "hibari", "heart")
    assert path.read_text(encoding="utf-8") == WHOLE.replace('"piper"   #', '"hibari"   #').replace(
        '"joe"\n', '"heart"\n'
    )
    configuration.set_default_voice(path, "de", "piper", "eva")
    text = path.read_text(encoding="utf-8")
    assert configuration.read(path).voice == {
        "en": DefaultVoice("hibari", "heart"),
        "de": DefaultVoice("piper", "eva"),
    }
    assert all(line in text for line in WHOLE.splitlines() if "piper" not in line and "joe" not in line)


def test_a_default_voice_is_written_where_there_is_no_file(tmp_path: Path) -> None:
    path = tmp_path / "audiocoach" / "config.toml"
    configuration.set_default_voice(path, "en", "piper", "joe")
    assert path.read_text(encoding="utf-8") == '[voice.en]\nengine = "piper"\nname = "joe"\n'
    assert list(path.parent.iterdir()) == [path]


def test_a_link_stays_one_and_the_file_its_mode(path: Path, tmp_path: Path) -> None:
    path.write_text(WHOLE, encoding="utf-8")
    path.chmod(0o600)
    link = tmp_path / "link.toml"
    link.symlink_to(path)
    configuration.set_default_voice(link, "en", "hibari", "")
    assert link.is_symlink()
    assert configuration.read(path).voice["en"] == DefaultVoice("hibari")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_with_a_problem_is_left_as_it_is(path: Path) -> None:
    path.write_text("[http.a]\n", encoding="utf-8")
    with pytest.raises(InputError):
        configuration.set_default_voice(path, "en", "hibari", "")
    assert path.read_text(encoding="utf-8") == "[http.a]\n"


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="could not be written"):
        configuration.set_default_voice(tmp_path / "file" / "config.toml", "en", "hibari", "")
