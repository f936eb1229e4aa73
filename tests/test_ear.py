"""What is written becomes what is said: a table of examples, read as phonemes of both engines."""

from __future__ import annotations

import json
from itertools import chain
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mutagen.id3 import ID3

from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.sentences import sentences
from audiocoach.coaching.timeline import Speech, Utterance
from audiocoach.language import ear
from audiocoach.language.ear import teller, unread
from audiocoach.publish.timeline_json import as_json, from_json
from audiocoach.publish.transcript import vtt
from audiocoach.routine.voice import Voice
from tests.builds import built, squats
from tests.conftest import ROOT
from tests.every import every
from tests.generate import planned
from tests.phonemes import bare, espeak, hibari

if TYPE_CHECKING:
    from pathlib import Path


def rows(name: str) -> list[tuple[str, ...]]:
    """The rows of a table of examples in `tests/golden`."""
    lines = (ROOT / "tests" / "golden" / name).read_text("utf-8").splitlines()
    return [tuple(line.split(" | ")) for line in lines if not line.startswith("#")]


SAID, SOUNDS = rows("ear.txt"), rows("ear-sounds.txt")
# Every sign of the examples, and one that stands for a piece that was replaced.
SIGNS = sorted({sign for row in SAID for sign in row[0]} | {"\ue000"})
READERS = {"pyttsx3": espeak, "hibari": hibari}
ENGLISH = ear.ear("en")
assert ENGLISH
ROWS = (*ENGLISH.rows, *chain.from_iterable(words.rows for words in ENGLISH.lists.values()))

in_both = pytest.mark.parametrize(("engine", "read"), READERS.items(), ids=READERS)


def told(text: str, engine: str = "silent") -> str:
    return teller("en", ())(text, engine)


def test_there_are_examples_enough() -> None:
    assert len(SAID) + len(SOUNDS) >= 150


@every((*row, engine) for row in SAID for engine in READERS)
def test_what_is_written_sounds_like_what_is_meant(case: tuple[str, ...]) -> None:
    written, said, engine = case
    read = READERS[engine]
    assert bare(read(told(written, engine))) == bare(read(said))


@every(SOUNDS)
def test_a_word_has_its_sound_in_both_engines(row: tuple[str, ...]) -> None:
    written, in_espeak, in_hibari = row
    assert in_espeak in espeak(told(written, "pyttsx3"))
    assert in_hibari in hibari(told(written, "hibari"))


@every(ROWS)
def test_a_row_of_the_table_does_what_its_example_says(row: ear.Row) -> None:
    assert row(row.like).replace("  ", " ").strip() == row.heard


@pytest.mark.parametrize(
    "text",
    [
        "Lift your left leg.",
        "T-spine",
        "4-point",
        "L-sit",
        "HIIT",
        "Set 2 of 3.",
        "Set 1 - 10 reps.",
        "Rest -- then go.",
        "From 7:00 to 8:00.",
        "Between 7:00 and 8:00.",
        "A/B split",
        "Lt. Dan",
        "An IV drip",
        "<kbd>5</kbd>",
        "64 kbit/s",
    ],
)
def test_what_is_plain_stays_as_it_is(text: str) -> None:
    assert told(text) == text


def test_what_is_for_the_eye_alone_is_read_out_rather_than_not_at_all() -> None:
    assert told("🔥") == "🔥"


@given(st.text(SIGNS, max_size=60), st.sampled_from([*READERS, "silent"]))
def test_whatever_is_written_is_said_in_words(text: str, engine: str) -> None:
    said = told(text, engine)
    assert not any(sign.isalnum() for sign in text) or any(sign.isalnum() for sign in said)
    assert "\ue000" not in said
    assert told(text, engine) == said


def test_an_engine_without_a_list_gets_what_all_get() -> None:
    assert told("Close your eyes for 30s. AMRAP.", "http") == "Close your eyes for 30 seconds. AMRAP."


def test_a_sentence_begins_with_a_capital_so_that_it_is_spoken_once() -> None:
    text = told("Hold your breath. AMRAP for 30s. W/ a band.", "hibari")
    parts = sentences(Utterance(text, Voice()))
    assert [part.text for part in parts] == ["Hold your breath.", "Am rap for 30 seconds.", "With a band."]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Jog @ 8-9 km/h. 40 seconds.", "Jog at 8 to 9 kilometers per hour. 40 seconds."),
        ("Every 2-3 h. ½ depth only.", "Every 2 to 3 hours. Half depth only."),
        ("Rest 5 min. ~10 breaths.", "Rest 5 minutes. About 10 breaths."),
        ("Hold 30 s. #2 next.", "Hold 30 seconds. Number 2 next."),
        ("8 ea. 10 s rest.", "8 each. 10 seconds rest."),
        ("Do exercise no. 4. ½ depth.", "Do exercise number 4. Half depth."),
    ],
)
def test_a_full_stop_that_ends_a_sentence_stays(written: str, said: str) -> None:
    assert told(written) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Great job 💪🔥 That's a wrap!", "Great job. That's a wrap!"),
        ("Breathe in ➡️ breathe out.", "Breathe in, breathe out."),
        ("Drink 💧 water.", "Drink water."),
        ("Move into the 🐱 Cat pose.", "Move into the Cat pose."),
        ("Glute 🍑 Bridge", "Glute Bridge"),
        ("Well done! 🎉 Rest.", "Well done! Rest."),
    ],
)
def test_a_sign_between_sentences_leaves_a_break(written: str, said: str) -> None:
    assert told(written) == said


@pytest.mark.parametrize(
    "text", ["Next: Bow.", "First: Bow to cobra.", "Wind relieving pose.", "Next: Close squat."]
)
def test_a_name_is_no_imperative(text: str) -> None:
    assert told(text, "pyttsx3") == told(text, "hibari") == text


def test_a_language_without_tables_is_spoken_as_it_is_written() -> None:
    assert teller("qaa", (("30s", "tretti"),))("3x10 og 30s", "silent") == "3x10 og tretti"


def test_the_author_has_the_last_word() -> None:
    tell = teller("en", (("AMRAP", "UM RAP 3x"), ("eyes", "ICE")))
    assert tell("AMRAP, 3x10. Close your eyes.", "pyttsx3") == "UM RAP 3x, 3 times 10. Kloze your ICE."


def test_a_letter_of_another_script_is_found() -> None:
    assert unread("Say 你好 to Жанна.", "en") == "你好"
    assert unread("Плие", "en") == "Плие"
    assert unread("Plié, µ, 30°, 45º, ½, naïve, ﬁt, “so” — …💪", "en") == ""
    assert unread("你好", "qaa") == ""


def test_what_is_built_shows_what_is_written_and_keeps_what_is_said(tmp_path: Path) -> None:
    (done,), failed = built(tmp_path, squats(tmp_path, setup="Hold 3x10 s w/ a band."), jobs=1)
    folder = done.path.parent
    (synced,) = ID3(done.path).getall("SYLT")
    shown = ["".join(text for text, _ in synced.text)]
    shown += [(folder / f"squats.{kind}").read_text("utf-8") for kind in ("vtt", "lrc", "txt")]
    assert [text.count("Hold 3x10 s w/ a band.") for text in shown] == [1, 1, 1, 1]
    assert not any("3 times 10" in text for text in shown)
    events = json.loads((folder / "squats.timeline.json").read_text("utf-8"))["events"]
    said = {row["text"]: row["spoken"] for row in events if "spoken" in row}
    assert said == {"Hold 3x10 s w/ a band.": "Hold 3 times 10 seconds with a band."}
    assert not failed


def test_the_eye_gets_what_is_written_and_the_ear_what_is_said() -> None:
    routine = "title: T\nvoice: {engine: silent}\nsession: [{say: Hold 3x10 s w/ a band.}, {say: Rest.}]\n"
    timeline = schedule(planned(routine), lambda utterance: 100 * len(utterance.text))
    first = next(event for event in timeline.events if isinstance(event, Speech))
    assert first.text == "Hold 3x10 s w/ a band."
    assert first.utterance.text == "Hold 3 times 10 seconds with a band."
    assert first.duration_ms == 100 * len(first.utterance.text)
    written = as_json(timeline)
    assert '"text": "Hold 3x10 s w/ a band.", "spoken": "Hold 3 times 10 seconds with a band."' in written
    assert '"text": "Rest.", "line"' in written
    again = next(event for event in from_json(written, "t.yaml").events if isinstance(event, Speech))
    assert (again.text, again.utterance.text) == (first.text, first.utterance.text)
    assert "Hold 3x10 s w/ a band." in vtt(timeline)
    assert "times" not in vtt(timeline)
