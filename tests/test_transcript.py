"""Transcripts, read back by the parsers of others."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import srt
import webvtt
from hypothesis import given

from audiocoach.coaching.timeline import Chapter, Speech, Timeline, Utterance
from audiocoach.publish import transcript
from audiocoach.routine.voice import Voice
from audiocoach.sound.tags import clean
from audiocoach.units import ms_to_stamp
from tests import node
from tests.hostile import AT, TEXTS, letters, session, texts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LOOK_ALIKES = str.maketrans("<>[]{}", "\u2039\u203a()()")


def said(*events: tuple[int, int, str]) -> Timeline:
    """A session of phrases: when they begin, how long they last, and their words."""
    spoken = tuple(Speech(at, long, "say", text, Utterance(text, Voice()), AT) for at, long, text in events)
    return Timeline(
        "Squats", "en", 4_000_000, spoken, (), (Chapter(0, "Legs"), Chapter(3_600_000, "Arms")), ()
    )


HOUR = said((1008, 900, 'Say "hi" & bye.'), (65_250, 1750, "Up <tall>."), (3_723_045, 1000, "Next: squats"))


def test_vtt() -> None:
    assert transcript.vtt(HOUR) == (
        "WEBVTT\n\n"
        '00:00:01.008 --> 00:00:01.908\nSay "hi" &amp; bye.\n\n'
        "00:01:05.250 --> 00:01:07.000\nUp &lt;tall&gt;.\n\n"
        "01:02:03.045 --> 01:02:04.045\nNext: squats\n"
    )


def test_srt() -> None:
    assert transcript.srt(HOUR) == (
        '1\n00:00:01,008 --> 00:00:01,908\nSay "hi" & bye.\n\n'
        "2\n00:01:05,250 --> 00:01:07,000\nUp \u2039tall\u203a.\n\n"
        "3\n01:02:03,045 --> 01:02:04,045\nNext: squats\n"
    )


def test_lrc() -> None:
    assert transcript.lrc(HOUR) == (
        "[ti:Squats]\n[length:66:40]\n[re:audiocoach]\n"
        '[00:01.00]Say "hi" & bye.\n'
        "[01:05.25]Up \u2039tall\u203a.\n"
        "[62:03.04]Next: squats\n"
    )


def test_txt() -> None:
    assert transcript.txt(HOUR) == (
        "Squats\n1:06:40\n"
        "\n0:00  Legs\n\n"
        '     0:01  Say "hi" & bye.\n'
        "     1:05  Up <tall>.\n"
        "\n1:00:00  Arms\n\n"
        "  1:02:03  Next: squats\n"
    )


def test_a_session_without_words_is_a_whole_file() -> None:
    silence = replace(HOUR, events=(), chapters=())
    assert transcript.vtt(silence) == "WEBVTT\n"
    assert transcript.srt(silence) == ""
    assert transcript.lrc(silence) == "[ti:Squats]\n[length:66:40]\n[re:audiocoach]\n"
    assert transcript.txt(silence) == "Squats\n1:06:40\n"


def test_a_phrase_without_length_ends_after_it_begins() -> None:
    assert transcript.lines(said((500, 0, "Go"))) == (transcript.Line(500, 501, "Go"),)


def test_long_words_are_lines_of_65_characters() -> None:
    words = "Come onto your hands and knees, hands right under your shoulders, knees under your hips."
    shown = transcript.vtt(said((0, 5000, words))).splitlines()[3:]
    assert shown == [
        "Come onto your hands and knees, hands right under your shoulders,",
        "knees under your hips.",
    ]


def lines_of(timeline: Timeline) -> list[tuple[str, str, str]]:
    """What a transcript has to tell: the stamps, and the words without blanks."""
    spoken = (one for one in timeline.events if isinstance(one, Speech) and clean(one.text))
    return [(ms_to_stamp(one.start_ms), ms_to_stamp(one.end_ms), letters(clean(one.text))) for one in spoken]


def check_vtt(timeline: Timeline) -> None:
    text = transcript.vtt(timeline)
    captions = webvtt.from_string(text, strict=True).captions
    found = [(one.start, one.end, letters(html.unescape(one.raw_text))) for one in captions]
    assert found == lines_of(timeline)
    assert all(len(html.unescape(line)) <= 65 for line in text.splitlines())
    assert not re.search(r"<|\n\n\n|-->(?! [\d:.]+\n)", text)


def check_srt(timeline: Timeline) -> None:
    found = [
        (stamp_of(one.start), stamp_of(one.end), letters(one.content))
        for one in srt.parse(transcript.srt(timeline), ignore_errors=False)
    ]
    assert found == [(start, end, text.translate(LOOK_ALIKES)) for start, end, text in lines_of(timeline)]


def stamp_of(time: object) -> str:
    return str(srt.timedelta_to_srt_timestamp(time)).replace(",", ".")


def check_lrc(timeline: Timeline) -> None:
    head, *rows = transcript.lrc(timeline).removesuffix("\n").split("\n[re:audiocoach]")
    assert len(head.split("\n")) == 2
    found = [re.fullmatch(r"\[(\d\d+):(\d\d)\.(\d\d)\]([^\[\]<>]+)", row) for row in rows[0].split("\n")[1:]]
    assert [letters(row[4]) for row in found if row] == [
        text.translate(LOOK_ALIKES) for _, _, text in lines_of(timeline)
    ]
    assert None not in found


def check_txt(timeline: Timeline) -> None:
    rows = re.findall(r"^ {2,}([\d:]+)  (.*)$", transcript.txt(timeline), re.MULTILINE)
    assert [letters(text) for _, text in rows] == [text for _, _, text in lines_of(timeline)]


CHECKS = (check_vtt, check_srt, check_lrc, check_txt)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_hostile_words_stay_words(text: str) -> None:
    for check in CHECKS:
        check(session(text, "then", text))


def test_the_strict_parser_in_javascript_finds_no_error(tmp_path: Path) -> None:
    sessions = [session(text, "then", text) for text in TEXTS.values()]
    paths = [tmp_path / f"{index}.vtt" for index in range(len(sessions))]
    for path, timeline in zip(paths, sessions, strict=True):
        path.write_text(transcript.vtt(timeline), "utf-8")
    for timeline, found in zip(sessions, node.told("webvtt-parser", *paths), strict=True):
        assert found["errors"] == []
        assert [
            (stamp(cue["startTime"]), stamp(cue["endTime"]), letters(html.unescape(cue["text"])))
            for cue in found["cues"]
        ] == lines_of(timeline)


def stamp(seconds: float) -> str:
    return ms_to_stamp(round(seconds * 1000))


@given(texts(), texts())
def test_any_words_stay_words(first: str, second: str) -> None:
    for check in CHECKS:
        check(session(first, second, "the end"))


@pytest.mark.parametrize("shape", [transcript.vtt, transcript.srt, transcript.lrc, transcript.txt])
def test_every_transcript_can_be_written(shape: Callable[[Timeline], str]) -> None:
    assert shape(session(*TEXTS.values())).encode("utf-8")
