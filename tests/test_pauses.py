"""Silence inside a text: its parts are phrases, exactly so far apart, and nobody reads or hears the mark."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.timeline import Speech
from audiocoach.language.pauses import Part, parts
from audiocoach.language.phrases import fill
from audiocoach.publish import transcript
from audiocoach.publish.preview import as_text
from tests.generate import HEAD, Speed, planned, problems

if TYPE_CHECKING:
    from pathlib import Path

    from audiocoach.coaching.timeline import Timeline

TEXTS = {
    "Breathe in and out.": (Part("Breathe in and out."),),
    "Breathe in … <pause 3s> and out.": (Part("Breathe in …", 3000), Part("and out.")),
    "In. <pause 1.5s> Hold. <pause 0.25s> Out.": (Part("In.", 1500), Part("Hold.", 250), Part("Out.")),
    "In.<pause 2s>Out.": (Part("In.", 2000), Part("Out.")),
    "<pause 2s> Out. <pause 3s>": (Part("Out."),),
    "<pause 2s>": (),
    "": (),
    " ": (),
    "In <pause 3> out": (Part("In <pause 3> out"),),
}


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_cut_at_its_silences(text: str) -> None:
    assert parts(text) == TEXTS[text]


def test_a_sentence_that_begins_behind_a_silence_begins_with_a_capital() -> None:
    values = {"side": "left"}
    assert fill("Wait. <pause 3s> <side> leg.", values) == "Wait. <pause 3s> Left leg."
    assert fill("Wait for <pause 3s> <side> leg.", values) == "Wait for <pause 3s> left leg."


def heard(text: str, seed: int = 3) -> Timeline:
    return schedule(planned(text), Speed(301, 1999, seed))


def spoken(timeline: Timeline) -> list[Speech]:
    return [event for event in timeline.events if isinstance(event, Speech)]


SAID = """title: T
moves:
  plank:
    name: Plank
    setup: Kneel down. <pause 4s> Hands on the floor.
    for: 60s
session:
  - say: Breathe in … <pause 3s> and out. <pause 1.25s> Again.
  - {do: plank, at: [{at: 20s, say: Breathe in <pause 5s> and out.}]}
  - {say: "Close your eyes. <pause 10s> Open them.", pause: 2s}
"""
GAPS_MS = [
    ("Breathe in …", 3000, "and out."),
    ("and out.", 1250, "Again."),
    ("Kneel down.", 4000, "Hands on the floor."),
    ("Breathe in", 5000, "and out."),
    ("Close your eyes.", 10_000, "Open them."),
]


@pytest.mark.parametrize("seed", range(4))
def test_the_silence_is_exact_wherever_the_text_stands(seed: int) -> None:
    rows = spoken(heard(SAID, seed))
    found = [(one.text, two.start_ms - one.end_ms, two.text) for one, two in pairwise(rows)]
    assert [row for row in found if row in GAPS_MS] == GAPS_MS


def test_the_mark_is_neither_shown_nor_spoken() -> None:
    timeline = heard(SAID)
    shown = [as_text(timeline), transcript.vtt(timeline), transcript.lrc(timeline), transcript.txt(timeline)]
    assert not [text for text in shown if "pause 3s" in text or "pause 4s" in text]
    assert not [one for one in spoken(timeline) if "pause" in one.utterance.text]
    assert "Breathe in …" in shown[1].splitlines()
    assert "and out." in shown[1].splitlines()


def test_words_and_their_silence_take_the_time_of_both_in_an_exercise() -> None:
    timeline = heard(SAID)
    work = next(row for row in timeline.intervals if row.kind == "work")
    assert (work.start_ms + 20_000, "Breathe in") in {(one.start_ms, one.text) for one in spoken(timeline)}
    during = [
        one for one in spoken(timeline) if work.start_ms + 20_000 < one.start_ms < work.start_ms + 25_000
    ]
    assert during == []


EDGE = (
    "expected words before and after a silence inside a text, found {} at its edge: "
    "one before or after it is a step of the session, such as {{pause: 3s}}"
)
LENGTH = (
    "expected <pause 0.2s> to <pause 60s>, found {}: a longer silence is a step of the session, "
    "such as {{pause: 2m}}"
)
WRONG = {
    "In. <pause 3s>": f"5:14: {EDGE.format('<pause 3s>')}",
    "<pause 3s> Out.": f"5:10: {EDGE.format('<pause 3s>')}",
    "Breathe in <pause 3s>.": f"5:21: {EDGE.format('<pause 3s>')}",
    "In. <pause 0.1s> Out.": "5:14: expected <pause 0.2s> to <pause 60s>, found <pause 0.1s>: "
    "write <pause 0.2s>, or leave it out",
    "In. <pause 0s> Out.": "5:14: expected <pause 0.2s> to <pause 60s>, found <pause 0s>: leave it out",
    "In. <pause 61s> Out.": f"5:14: {LENGTH.format('<pause 61s>')}",
    "In. <pause> Out.": "5:14: unknown placeholder <pause>: write <pause 3s>",
    "In. <pause 2 min> Out.": "5:14: warning: <pause 2 min> is no more than words here: a silence as long as "
    "that is a step of the session: write {pause: 2m} there",
    "In. <pause 1m> Out.": "5:14: warning: <pause 1m> is no more than words here: write <pause 60s>",
}


@pytest.mark.parametrize("text", WRONG)
def test_a_silence_that_cannot_be_is_told(text: str, tmp_path: Path) -> None:
    assert problems(f"{HEAD}  - say: {text}\n", tmp_path) == [WRONG[text]]
