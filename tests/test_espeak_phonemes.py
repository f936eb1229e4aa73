"""Phonemes of espeak-ng, clause by clause: what neural voices read."""

from __future__ import annotations

import subprocess
import sys

import pytest

from audiocoach import installed
from audiocoach.errors import RefusedError
from audiocoach.voice.engines import espeak_phonemes
from audiocoach.voice.engines.espeak_phonemes import Clause, Phonemizer

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="espeakng-loader is for Linux")


@pytest.fixture(scope="module")
def american() -> Phonemizer:
    return Phonemizer("en-us")


def read(phonemizer: Phonemizer, text: str) -> str:
    """The clauses as one line: a `|` behind each sentence."""
    return " ".join(
        f"{clause.phonemes}{clause.mark}{'|' * clause.ends_sentence}" for clause in phonemizer.clauses(text)
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Squat, slow down for three.", "skwˈɑːt, slˈoʊ dˌaʊn fɔːɹ θɹˈiː.|"),
        ("Rest now! Are you ready?", "ɹˈɛst nˈaʊ!| ɑːɹ juː ɹˈɛdi?|"),
        ("Go", "ɡˈoʊ"),
        ("Six: two; three.", "sˈɪks: tˈuː; θɹˈiː.|"),
        ("Five — six… seven", "fˈaɪv; sˈɪks; sˈɛvən"),
        ("Really?! Yes.", "ɹˈiəli?| jˈɛs.|"),
        ("She said: “Go!” Then rest.", "ʃiː sˈɛd: ɡˈoʊ!| ðˈɛn ɹˈɛst.|"),
        ("At 7 a.m. in the U.S. 1.5 kg", "æt sˈɛvən ˌeɪˈɛm ɪnðə jˌuːˈɛs.| wˈʌn pɔɪnt fˈaɪv kˌeɪdʒˈiː"),
        ("...", ""),
        ("", ""),
    ],
)
def test_each_clause_has_its_sounds_and_its_mark(text: str, expected: str, american: Phonemizer) -> None:
    assert read(american, text) == expected


def test_marks_of_other_scripts_are_those_that_voices_know() -> None:
    assert [clause.mark for clause in Phonemizer("cmn").clauses("你好，你好。")] == [",", "."]


def test_what_the_library_says_of_a_change_of_language_is_not_said() -> None:
    assert "(" not in read(Phonemizer("de"), "Das ist ein Workout.")


def test_a_text_is_read_alike_after_any_other(american: Phonemizer) -> None:
    texts = ("Go, then", "Rest.", "a.m.", "你好", "Ready? S")
    alone = {text: read(Phonemizer("en-us"), text) for text in texts}
    assert {text: read(american, text) for text in reversed(texts)} == alone


def test_nothing_of_a_long_text_is_lost(american: Phonemizer) -> None:
    assert read(american, "squat " * 1000).count("skwˈɑːt") == 1000
    assert read(american, "squat" * 200).count("skw") == 200


def test_a_clause_knows_whether_it_ends_a_sentence() -> None:
    assert [Clause("", mark).ends_sentence for mark in (*".?!", *",:;", "")] == [True] * 3 + [False] * 4


def test_a_language_without_phonemes_is_refused() -> None:
    with pytest.raises(RefusedError, match="espeak-ng has no phonemes of 'xx-klingon'"):
        Phonemizer("xx-klingon")


def test_without_the_library_the_command_that_installs_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installed, "version", lambda _: "")
    monkeypatch.setitem(sys.modules, "espeakng_loader", None)
    for ask in (espeak_phonemes.identity, Phonemizer):
        with pytest.raises(RefusedError, match=r"makes phonemes \(.+\): .+ -m pip install espeakng-loader$"):
            ask("en-us")


def test_the_identity_is_that_of_the_language_and_loads_nothing() -> None:
    code = """
import sys
from audiocoach.voice.engines import espeak_phonemes
assert espeak_phonemes.identity("en-us") != espeak_phonemes.identity("de")
assert not {"ctypes", "espeakng_loader", "pyttsx3"} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
