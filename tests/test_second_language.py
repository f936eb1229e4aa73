"""The whole chain in a language that nobody speaks: whatever is still English in the code is heard or seen.

The language is made of English when the tests run: each of its words ends with a letter that no English word
has, so that a label that is added is in it at once. It has three plural forms, its own sign for decimals, and
another word before the last of a list.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from mutagen.id3 import ID3

from audiocoach import assets
from audiocoach.publish import cover
from audiocoach.publish.timeline_json import from_json
from audiocoach.records import replace
from audiocoach.routine import wordings
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

CODE = "qaa"  # ISO 639-2 keeps it for private use
MARK = "ø"
# Names, and what is no language: they are the same in each.
NAMES = {"audiocoach", "lame", "silent", "http", "https", "example", "org", "www"}
# Apps of others.
NAMES |= {"antennapod", "apple", "podcasts", "overcast", "pocket", "casts"}
VOICE = "eo"
TRAITS = {
    "iso_639_2": CODE,
    "passage": "Øø øø.",
    "plural": [
        {"form": "one", "from": 1, "to": 1},
        {"form": "few", "of": 10, "from": 2, "to": 4, "but": {"of": 100, "from": 12, "to": 14}},
    ],
    "decimal_sign": ",",
    "lists": {"between": "; ", "last": f" und{MARK} "},
    "times": {"between": ", ", "last": f" und{MARK} "},
}
ROUTINE = f"""\
title: Rygg{MARK}
description: Kort{MARK} og{MARK} god{MARK}.
language: {CODE}
voice: {{engine: silent}}
tags: [rygg{MARK}, mage{MARK}]
credit: {{coach: Jo{MARK}}}
safety: Stopp{MARK}.
moves:
  knebøy:
    name: Knebøy
    setup: Stå{MARK}.
    reminders: [Opp{MARK}.]
    equipment: [matte{MARK}, bånd{MARK}, vekt{MARK}]
    easier: {{say: Lett{MARK}.}}
    posture: standing
  planke:
    name: Plankø
    setup: "Ligg{MARK} på{MARK} <side>."
    ways: [fram{MARK}, bak{MARK}]
    posture: prone
    caution: Rygg{MARK} rett{MARK}.
    at_go: Opp{MARK} nå{MARK}.
    finish: Ned{MARK} igjen{MARK}.
  pust: {{name: Pustø}}
session:
  - section: Første{MARK}
    repeat: 2
    items:
      - {{do: knebøy, reps: 3, sets: 3, rest: 12s}}
      - {{do: knebøy, for: 92s}}
  - {{do: planke, hold: 12.5s, sides: each, rest: 8s, switch: 5s}}
  - {{do: pust, breaths: 4}}
  - {{rest: 10s}}
  - for: 2m
    items:
      - {{do: knebøy, reps: 2}}
      - {{do: pust, breaths: 1}}
"""
SHOW = f"""\
title: Hjemme{MARK}
author: Jo{MARK}
description: Korte{MARK}.
language: {CODE}
base_url: https://example.org/
sessions: serial
days: [monday, thursday]
"""


def foreign(text: str) -> str:
    """The text in the other language: every word but a placeholder has the mark at its end."""
    return re.sub(r"(<[a-z_]+>|\$[a-z_]+|\d+)|([^\W\d_]+)", lambda m: m[1] or m[2] + MARK, text)


def write_language(folder: Path) -> None:
    """The folder of the other language."""
    english = wordings.language("en")
    labels = {key: foreign(text) for key, text in english.labels.items()}
    counted = [key.removesuffix("_other") for key in labels if key.endswith("_other")]
    labels |= {f"{key}_few": f"$count få{MARK}" for key in counted}
    phrases = {key: [foreign(text) for text in texts] for key, texts in english.phrases.items()}
    for unit in (
        *("hour", "minute", "second", "repetition", "breath"),
        *("metre", "kilometre", "mile", "yard"),
    ):
        phrases[f"{unit}_few"] = [f"<count> few{unit}{MARK}"]
    others = {key: [foreign(text) for text in texts] for key, texts in english.other_days.items()}
    said = {**phrases, "on_other_days": others}
    traits = {**assets.language_table("en", "language"), **TRAITS}
    folder.mkdir(parents=True)
    (folder / "voice.txt").write_text(f"{VOICE}\n", "utf-8")
    for name, table in (("language.json", traits), ("labels.json", labels), ("phrases.yaml", said)):
        (folder / name).write_text(json.dumps(table, ensure_ascii=False), "utf-8")


class Texts(HTMLParser):
    """What a page shows or has read out."""

    SHOWN = frozenset(
        {"alt", "aria-label", "title", "data-press", "data-done", "data-now", "data-kept", "data-play"}
        | {"data-pause", "data-copied", "data-first", "data-next", "data-artist", "data-album"}
        | {"data-ready", "data-when-ready", "data-did", "data-reps", "data-breaths", "data-shared"}
        | {"data-in", "data-out", "data-hold"}
    )

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._raw = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._raw = tag in {"style", "script", "kbd"}
        self.texts += [value for name, value in attrs if name in self.SHOWN and value]
        if ("name", "description") in attrs:
            self.texts += [value for name, value in attrs if name == "content" and value]

    def handle_endtag(self, _: str) -> None:
        self._raw = False

    def handle_data(self, data: str) -> None:
        if not self._raw:
            self.texts.append(data)


def texts_of_page(page: str) -> list[str]:
    parser = Texts()
    parser.feed(page)
    data = re.search(r'<script id="timeline" type="application/json">(.*?)</script>', page, re.DOTALL)
    return parser.texts + (texts_of_json(json.loads(data[1])) if data else [])


def texts_of_json(value: object) -> list[str]:
    """Every text, but for the names that programs know things by."""
    match value:
        case dict():
            kept = [part for key, part in value.items() if key not in _NAMES_OF_JSON]
            return [text for part in kept for text in texts_of_json(part)]
        case list():
            return [text for part in value for text in texts_of_json(part)]
        case str():
            return [value]
        case _:
            return []


_NAMES_OF_JSON = {"kind", "cue", "tone", "sound", "side", "language", "node", "notes", "version"}


def texts_of_feed(document: str) -> list[str]:
    root = ET.fromstring(document)  # noqa: S314 - it is our own
    words = {"title", "description", "encoded", "updateFrequency", "author", "person", "name"}
    texts = [one.text or "" for one in root.iter() if one.tag.rpartition("}")[2] in words]
    shown = [one.get(name, "") for one in root.iter() for name in ("display", "name", "title")]
    return [re.sub(r"<[^>]*>", " ", text) for text in texts + shown]


def texts_of_picture(document: str) -> list[str]:
    root = ET.fromstring(document)  # noqa: S314 - it is our own
    return [one.text or "" for one in root.iter() if one.tag.rpartition("}")[2] in {"title", "desc", "text"}]


def texts_of_tag(path: Path) -> list[str]:
    tag = ID3(path)
    texts = [str(part) for name in ("TIT2", "TPE1", "TALB", "TCON") for part in tag[name].text]
    texts += [str(frame.text[0]) for frame in tag.getall("COMM")]
    texts += [line for frame in tag.getall("USLT") for line in texts_of_lines(frame.text)]
    texts += [text for frame in tag.getall("SYLT") for text, _ in frame.text]
    return texts + [str(frame.sub_frames["TIT2"]) for frame in tag.getall("CHAP")]


def texts_of_lines(text: str) -> list[str]:
    return [re.sub(r"\[re:audiocoach\]|\[ti:|\[length:|WEBVTT", "", line) for line in text.splitlines()]


# Placeholders that the player fills in, and addresses.
_NO_WORDS = r"\$\w+|https?://\S+"


def english_in(texts: list[str]) -> set[str]:
    """Words without the mark: of two letters or more, and no names."""
    words = {word for text in texts for word in re.findall(r"[^\W\d_]{2,}", re.sub(_NO_WORDS, "", text))}
    return {word for word in words if MARK not in word and word.lower() not in NAMES}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program with one more language, and what it builds and publishes."""
    folder = tmp_path_factory.mktemp("second")
    shutil.copytree(ROOT / "audiocoach", folder / "program" / "audiocoach")
    shutil.copytree(ROOT / "assets", folder / "program" / "audiocoach" / "assets")
    write_language(folder / "program" / "audiocoach" / "assets" / "languages" / CODE)
    (folder / "routines").mkdir()
    (folder / "routines" / "rygg.yaml").write_text(ROUTINE, "utf-8")
    (folder / "routines" / "audiocoach.yaml").write_text(SHOW, "utf-8")
    run(folder, "build", "routines/rygg.yaml", "-o", "out", "--cache", "cache")
    run(folder, "feed", "routines", "-o", "site", "--build", "built", "--cache", "cache")
    return folder


def run(folder: Path, *arguments: str) -> str:
    return program(folder, "-m", "audiocoach", *arguments)


def program(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder / "program")},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_is_said_and_written_beside_it_is_in_the_language(made: Path) -> None:
    out = made / "out"
    timeline = json.loads((out / "rygg.timeline.json").read_text("utf-8"))
    assert timeline["language"] == CODE
    assert english_in(texts_of_json(timeline)) == set()
    assert english_in(texts_of_json(json.loads((out / "rygg.chapters.json").read_text("utf-8")))) == set()
    for suffix in (".vtt", ".lrc", ".txt"):
        text = (out / f"rygg{suffix}").read_text("utf-8")
        assert len(text) > 500
        assert english_in(texts_of_lines(text)) == set()


def test_plurals_lists_and_decimals_are_those_of_the_language(made: Path) -> None:
    said = json.loads((made / "out" / "rygg.timeline.json").read_text("utf-8"))["events"]
    words = " ".join(event.get("text", "") for event in said)
    assert f"3 fewrepetition{MARK}" in words
    assert f"1 minute{MARK} und{MARK} 32 fewsecond{MARK}" in words
    assert f"12,5 seconds{MARK}" in words
    assert f"matte{MARK}; bånd{MARK} und{MARK} vekt{MARK}" in words
    assert f"Knebøy und{MARK} Pustø" in words


def test_a_voice_without_a_name_is_that_of_its_language(made: Path) -> None:
    code = """
import pathlib, sys
from audiocoach.routine.voice import Voice
from audiocoach.voice.engines.espeak import Pyttsx3Engine
_, name, language = sys.argv
Pyttsx3Engine(Voice(name=name, language=language)).speak("Bonan tagon.", pathlib.Path("said.wav"))
"""
    heard = []
    # Each in a process of its own, as the engine expects.
    for name, language in (("", CODE), (VOICE, "en"), ("", "en")):
        program(made, "-c", code, name, language)
        heard.append((made / "said.wav").read_bytes())
    own, esperanto, english = heard
    assert own == esperanto != english


def test_the_tag_is_in_the_language(made: Path) -> None:
    path = made / "out" / "rygg.mp3"
    assert english_in(texts_of_tag(path)) == set()
    tag = ID3(path)
    codes = [frame.lang for name in ("COMM", "USLT", "SYLT") for frame in tag.getall(name)]
    assert (str(tag["TLAN"]), codes) == (CODE, [CODE] * 3)


def test_pages_transcript_and_picture_are_in_the_language(made: Path) -> None:
    pages = [path.read_text("utf-8") for path in (made / "site").glob("*.html")]
    assert len(pages) == 5
    for page in pages:
        assert f'<html lang="{CODE}">' in page
        assert 'lang="en"' not in page
        assert english_in(texts_of_page(page)) == set()
    (drawn,) = (path for path in (made / "site").glob("*.svg") if path.name != "icon.svg")
    assert english_in(texts_of_picture(drawn.read_text("utf-8"))) == set()
    manifest = json.loads((made / "site" / "manifest.webmanifest").read_text("utf-8"))
    assert english_in([manifest["name"]]) == set()


@pytest.mark.parametrize(
    "script", [assets.site("stage.js"), assets.site("player.js"), assets.handout("handout.js")]
)
def test_the_player_has_no_words_of_its_own(script: bytes) -> None:
    code = re.sub(r"//.*", "", script.decode("utf-8"))
    quoted = re.findall(r"[\"`]([^\"`\n]*)[\"`]", code)
    assert {text for text in quoted if text[:1].isupper()} == set()
    assert re.findall(r"\} [a-z]+ \$\{", code) == []


def test_the_feed_is_in_the_language(made: Path) -> None:
    document = (made / "site" / "feed.xml").read_text("utf-8")
    assert english_in(texts_of_feed(document)) == set()
    assert f"<language>{CODE}</language>" in document


def test_the_cover_is_in_the_language(monkeypatch: pytest.MonkeyPatch, made: Path) -> None:
    lines: list[str] = []
    english = wordings.language("en")
    other = replace(english, labels={key: foreign(text) for key, text in english.labels.items()})
    # A picture holds no text that could be read back.
    monkeypatch.setattr(f"{cover.__name__}._Sheet.text", lambda _, line, *__: lines.append(line))
    monkeypatch.setattr(wordings, "nearest", lambda _: other)
    timeline = from_json((made / "out" / "rygg.timeline.json").read_text("utf-8"), "rygg.yaml")
    cover.draw(timeline, "standard", 200)
    assert f"standard{MARK}" in lines
    assert english_in(lines) == set()


@pytest.mark.parametrize("shape", ["text", "markdown", "svg"])
def test_previews_are_in_the_language(made: Path, shape: str) -> None:
    told = run(made, "preview", "routines/rygg.yaml", "--format", shape, "--estimate", "--cache", "cache")
    # Tones are told by their names, notes are the author's.
    script = re.sub(r"\* ?[a-z]+\*?$", "", told.partition("\nNotes\n")[0], flags=re.MULTILINE)
    texts = texts_of_picture(told) if shape == "svg" else script.splitlines()
    assert english_in([text for text in texts if "rygg.yaml:" not in text]) == set()
