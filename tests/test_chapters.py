"""Where chapters begin, the one list of them, its JSON file; every carrier and transcript tells the same."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from dataclasses import replace
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
import srt
import webvtt
from hypothesis import given, settings
from hypothesis import strategies as st
from mutagen.id3 import ID3

from audiocoach.coaching.estimate import estimate_ms
from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.timeline import Chapter, Speech, Timeline
from audiocoach.making.sessions import open_session, timeline_of
from audiocoach.publish import feed, sheet, transcript
from audiocoach.publish.chapters import as_json, chapters
from audiocoach.publish.preview import SHAPES
from audiocoach.sound import tags
from audiocoach.store.options import Overrides
from audiocoach.units import ms_to_stamp
from tests.conftest import ROOT, ROUTINES, examples
from tests.generate import Speed, constant, planned, routines, speeds
from tests.hostile import TEXTS, letters, session, texts
from tests.shows import COVER, FEED_URL, SHOW, SHOW_GUID, episode, stamp_ms
from tests.test_preview import TIMELINE
from tests.test_transcript import stamp_of

LISTED = {
    "as they are": (((0, "A"), (61_000, "B")), ((0, "A"), (61_000, "B"))),
    "between two seconds": (((0, "A"), (61_900, "B")), ((0, "A"), (61_000, "B"))),
    "two in one second": (((0, "A"), (61_000, "B"), (61_900, "C")), ((0, "A"), (61_000, "C"))),
    "without a title": (((0, ""), (61_000, "\n")), ((0, "0:00"), (61_000, "1:01"))),
    "on two lines": (((0, "A\nB"),), ((0, "A B"),)),
}


def with_chapters(*pairs: tuple[int, str]) -> Timeline:
    return replace(TIMELINE, chapters=tuple(Chapter(*pair) for pair in pairs))


@pytest.mark.parametrize(("given_pairs", "listed"), LISTED.values(), ids=LISTED)
def test_chapters_are_published_on_whole_seconds_with_titles(
    given_pairs: tuple[tuple[int, str], ...], listed: tuple[tuple[int, str], ...]
) -> None:
    found = chapters(with_chapters(*given_pairs))
    assert tuple((one.start_ms, one.title) for one in found) == listed


def test_the_json_file() -> None:
    assert as_json(with_chapters((0, 'Say "hi"'), (61_000, "Über"))) == (
        '{\n "version": "1.2.0",\n "title": "Squats",\n "chapters": [\n'
        '  {"startTime": 0, "title": "Say \\"hi\\""},\n'
        '  {"startTime": 61, "title": "Über"}\n ]\n}\n'
    )


def check_json(timeline: Timeline) -> None:
    found = json.loads(as_json(timeline).encode("utf-8"))
    assert found["version"] == "1.2.0"
    assert [(row["startTime"] * 1000, row["title"]) for row in found["chapters"]] == [
        (one.start_ms, one.title) for one in chapters(timeline)
    ]
    assert all(row["title"] for row in found["chapters"])


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_hostile_titles_give_a_valid_file(text: str) -> None:
    check_json(session(text, "then", text))


@given(texts(), texts())
def test_any_titles_give_a_valid_file(first: str, second: str) -> None:
    check_json(session(first, second))


# -- every carrier tells the same ---------------------------------------------------------------


@pytest.fixture(scope="module", params=ROUTINES)
def timeline(request: pytest.FixtureRequest) -> Timeline:
    path = ROOT / "routines" / f"{request.param}.yaml"
    return timeline_of(open_session(path, Overrides()), estimate_ms)


def tag_of(timeline: Timeline) -> Any:  # noqa: ANN401 - mutagen has no types
    words = tags.lyrics_frame(transcript.lrc(timeline), "eng") + tags.synced_frame(
        [(line.start_ms, line.text) for line in transcript.lines(timeline)], "eng"
    )
    return ID3(io.BytesIO(tags.tag("T", "", "", timeline.duration_ms, chapters(timeline), more=words)))


def described(text: str) -> list[tuple[int, str]]:
    """As apps find chapters in a description: a time at the start of a line, then a title."""
    found = re.findall(r"^(\d\d:\d\d:\d\d) (.*)$", html.unescape(text), re.MULTILINE)
    return [(stamp_ms(f"{stamp}.000"), title) for stamp, title in found]


def test_all_carriers_have_the_timelines_chapters(timeline: Timeline) -> None:
    wanted = [(one.start_ms, one.title) for one in timeline.chapters]
    rows = csv.DictReader(io.StringIO(sheet.csv(timeline)))
    published = feed.feed(SHOW, COVER, (episode("a", timeline),), SHOW_GUID, FEED_URL)
    (item,) = fromstring(published).iter("item")  # noqa: S314 - our own
    marked = item.findall("psc:chapters/psc:chapter", feed.NAMESPACES)
    encoded = item.findtext("content:encoded", "", feed.NAMESPACES)
    carriers = {
        **told_by_carriers(timeline),
        "list": [(one.start_ms, one.title) for one in chapters(timeline)],
        "timeline": [
            (row["start_ms"], row["title"]) for row in json.loads(SHAPES["json"](timeline))["chapters"]
        ],
        "csv": [(int(row["start_ms"]), row["text"]) for row in rows if row["lane"] == "chapter"],
        "psc": [(stamp_ms(mark.attrib["start"]), mark.attrib["title"]) for mark in marked],
        "description": described(item.findtext("description", "")),
        "content": described(re.sub("<[^>]*>", "\n", encoded)),
    }
    assert {name: found for name, found in carriers.items() if found != wanted} == {}
    titles = [title for _, title in wanted]
    assert re.findall(r"^== (.*)$", SHAPES["text"](timeline), re.MULTILINE) == titles


def told_by_carriers(timeline: Timeline) -> dict[str, list[tuple[int, str]]]:
    """The chapters of every published file that tells them, read back."""
    tag = tag_of(timeline)
    tables = [tag[f"CTOC:{name}"] for name in tag["CTOC:toc"].child_element_ids if f"CTOC:{name}" in tag]
    names = [name for table in tables or [tag["CTOC:toc"]] for name in table.child_element_ids]
    marks = [tag[f"CHAP:{name}"] for name in names]
    return {
        "id3": [(mark.start_time, str(mark.sub_frames["TIT2"])) for mark in marks],
        "json": [
            (row["startTime"] * 1000, row["title"]) for row in json.loads(as_json(timeline))["chapters"]
        ],
        "txt": [
            (clock_ms(clock), title)
            for clock, title in re.findall(r"^([\d:]+)  (.+)$", transcript.txt(timeline), re.MULTILINE)
        ],
    }


def clock_ms(clock: str) -> int:
    return sum(int(part) * 60**place * 1000 for place, part in enumerate(reversed(clock.split(":"))))


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_all_carriers_tell_the_same_of_hostile_titles(text: str) -> None:
    hostile = session(text, "then", text)
    wanted = [(one.start_ms, one.title) for one in chapters(hostile)]
    assert told_by_carriers(hostile) == dict.fromkeys(("id3", "json", "txt"), wanted)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 86_400_000), texts()), min_size=1, max_size=300))
def test_all_carriers_tell_the_same_of_any_chapters(pairs: list[tuple[int, str]]) -> None:
    any_chapters = replace(with_chapters(*sorted(pairs)), duration_ms=86_400_000)
    wanted = [(one.start_ms, one.title) for one in chapters(any_chapters)]
    assert told_by_carriers(any_chapters) == dict.fromkeys(("id3", "json", "txt"), wanted)


def test_all_transcripts_have_the_timelines_words(timeline: Timeline) -> None:
    spoken = [one for one in timeline.events if isinstance(one, Speech)]
    wanted = [(ms_to_stamp(one.start_ms), letters(one.text)) for one in spoken]
    events = json.loads(SHAPES["json"](timeline))["events"]
    captions = webvtt.from_string(transcript.vtt(timeline), strict=True).captions
    subtitles = srt.parse(transcript.srt(timeline))
    (synced,) = tag_of(timeline).getall("SYLT")
    rows = csv.DictReader(io.StringIO(sheet.csv(timeline)))
    exact = {
        "timeline": [
            (ms_to_stamp(row["start_ms"]), row["text"]) for row in events if row["kind"] == "speech"
        ],
        "vtt": [(one.start, html.unescape(one.raw_text)) for one in captions],
        "srt": [(stamp_of(one.start), one.content) for one in subtitles],
        "id3": [(ms_to_stamp(time_ms), text) for text, time_ms in synced.text],
        "csv": [(row["start"], row["text"]) for row in rows if row["lane"] == "speech"],
    }
    found = {name: [(stamp, letters(text)) for stamp, text in pairs] for name, pairs in exact.items()}
    assert {name: pairs for name, pairs in found.items() if pairs != wanted} == {}
    (lyrics,) = tag_of(timeline).getall("USLT")
    timed = re.findall(r"^\[(\d+):(\d+)\.(\d+)\](.*)$", lyrics.text, re.MULTILINE)
    assert [
        ((int(minutes) * 60 + int(seconds)) * 1000 + int(hundredths) * 10, letters(text))
        for minutes, seconds, hundredths, text in timed
    ] == [(one.start_ms // 10 * 10, letters(one.text)) for one in spoken]


# -- where a listener can skip to ------------------------------------------------------------------

HEAD = """\
title: Legs
%s
moves:
  squat: {name: Squat}
  hinge: {name: Hinge}
  plank: {name: Plank, sides: each}
  turn: {name: Turn, ways: [in, out]}
  flow: {name: Flow, steps: [{say: Look up., for: 40s}, {say: Look down., for: 40s}, {say: Stand., for: 40s}]}
session:
"""
LONG = "for: 60s, rest: 20s"
SQUAT, HINGE, PLANK, TURN = (f"{{do: {key}, {LONG}}}" for key in ("squat", "hinge", "plank", "turn"))
THREE_SETS = f"{{do: squat, {LONG}, sets: 3}}"
SHORT = "{do: squat, for: 5s}"
SAID = "{say: Now B., pause: 40s}"
CUT = {
    "a move is a chapter, inside of sections too": (
        [("A", 1, [SQUAT, HINGE]), PLANK],
        ["A: Squat", "A: Hinge", "Plank"],
    ),
    "rounds are told": (
        [("A", 1, [TURN]), ("B", 2, [SQUAT, HINGE])],
        ["A: Turn", "Round 1: Squat", "Round 1: Hinge", "Round 2: Squat", "Round 2: Hinge"],
    ),
    "rounds of two sections are told apart": (
        [("A", 2, [SQUAT, TURN]), ("B", 2, [SQUAT, HINGE])],
        [
            *("A, round 1: Squat", "Round 1: Turn", "A, round 2: Squat", "Round 2: Turn"),
            *("B, round 1: Squat", "Round 1: Hinge", "B, round 2: Squat", "Round 2: Hinge"),
        ],
    ),
    "the same again has a number": ([SQUAT, HINGE, SQUAT, TURN], ["Squat", "Hinge", "Squat (2)", "Turn"]),
    "one move is cut by sets": ([THREE_SETS], ["Squat, set 1", "Squat, set 2", "Squat, set 3"]),
    "two moves are cut by sets, sides and ways": (
        [PLANK, TURN],
        ["Plank, left", "Plank, right", "Turn, in", "Turn, out"],
    ),
    "too few chapters are cut finer": (
        ["{do: plank, hold: 40s, sets: 2, rest: 20s}"],
        ["Plank, set 1, left", "Plank, set 1, right", "Plank, set 2, left", "Plank, set 2, right"],
    ),
    "guided steps are parts": (["{do: flow}"], ["Flow, part 1", "Flow, part 2", "Flow, part 3"]),
    "holds have numbers": (
        ["{do: squat, hold: 40s, reps: 3}"],
        ["Squat, hold 1", "Squat, hold 2", "Squat, hold 3"],
    ),
    "what is short is joined to the next": (
        [SHORT, HINGE, PLANK, TURN],
        ["Squat, Hinge", "Plank", "Turn"],
    ),
    "what is short at the end is joined to the last": (
        [HINGE, PLANK, "{do: turn, for: 60s}", SHORT],
        ["Hinge", "Plank", "Turn, Squat"],
    ),
    "a short one stays in its section": (
        [("A", 1, ["{do: hinge, for: 60s}", SHORT]), ("B", 1, [TURN, PLANK])],
        ["A: Hinge, Squat", "B: Turn", "B: Plank"],
    ),
    "many short ones are told by the first and the last": (
        [SHORT, "{do: hinge, for: 1s}", TURN, PLANK, "{do: flow}"],
        ["Squat to Turn", "Plank", "Flow"],
    ),
    "where all are short the three that there are stay": (
        ["{do: squat, for: 5s, sets: 3, rest: 5s}"],
        ["Squat, set 1", "Squat, set 2", "Squat, set 3"],
    ),
    "nothing to tell apart is one chapter": (["{do: squat, for: 60s}"], ["Squat"]),
    "words alone are one chapter": (["{say: Hello.}"], ["Legs"]),
    "a section that begins with words begins there": (
        [SQUAT, ("B", 1, [SAID, HINGE]), TURN],
        ["Squat", "B", "B: Hinge", "Turn"],
    ),
}
Parts = list[str | tuple[str, int, list[str]]]


def written(parts: Parts) -> str:
    """The steps of a session, sections as their title, rounds and items."""
    rows = (
        part
        if isinstance(part, str)
        else f"{{section: {part[0]}, repeat: {part[1]}, items: [{', '.join(part[2])}]}}"
        for part in parts
    )
    return "".join(f"  - {row}\n" for row in rows).replace(" repeat: 1,", "")


def cut(parts: Parts, chosen: str = "") -> Timeline:
    head = HEAD % (f"chapters: {chosen}" if chosen else "")
    return schedule(planned(head + written(parts)), constant)


def titles(timeline: Timeline) -> list[str]:
    return [one.title for one in timeline.chapters]


@pytest.mark.parametrize(("parts", "wanted"), CUT.values(), ids=CUT)
def test_a_listener_skips_from_exercise_to_exercise(parts: Parts, wanted: list[str]) -> None:
    assert titles(cut(parts)) == wanted


TWO_SECTIONS: Parts = [("A", 1, [THREE_SETS, HINGE, TURN]), ("B", 1, [PLANK])]
CHOSEN = {
    "sections": ["A", "B"],
    "moves": ["A: Squat", "A: Hinge", "A: Turn", "B: Plank"],
    "sets": [
        *("A: Squat, set 1", "A: Squat, set 2", "A: Squat, set 3", "A: Hinge", "A: Turn, in", "A: Turn, out"),
        *("B: Plank, left", "B: Plank, right"),
    ],
}


@pytest.mark.parametrize("chosen", CHOSEN)
def test_the_author_chooses_what_a_chapter_is_of(chosen: str) -> None:
    assert titles(cut(TWO_SECTIONS, chosen)) == CHOSEN[chosen]


def test_what_the_author_chose_is_never_cut_finer() -> None:
    assert titles(cut([THREE_SETS], "moves")) == ["Squat"]


def test_a_chapter_begins_with_the_words_about_its_move() -> None:
    timeline = cut([SQUAT, HINGE, "{rest: 60s}", TURN, "{say: Now for the <next>., pause: 2s}", PLANK])
    starts = {one.title: one.start_ms for one in timeline.chapters}
    said = {one.text: one.start_ms for one in timeline.events if isinstance(one, Speech)}
    rests = {one.move: one.start_ms for one in timeline.intervals if one.kind == "rest"}
    assert starts["Hinge"] == rests["Hinge"]
    assert starts["Turn"] == rests["Turn"]
    assert starts["Plank"] <= said["Now for the Plank."] < starts["Plank"] + 2000


def test_every_chapter_begins_on_a_whole_second(timeline: Timeline) -> None:
    assert [one for one in timeline.chapters if one.start_ms % 1000] == []
    names = titles(timeline)
    assert len(set(names)) == len(names) >= 3


@settings(deadline=None, max_examples=examples(20))
@given(routines(), speeds())
def test_any_session_has_chapters_that_rise_from_zero_and_are_told_apart(text: str, speed: Speed) -> None:
    timeline = schedule(planned(text), speed)
    starts = [one.start_ms for one in timeline.chapters]
    assert starts == sorted(set(starts))
    assert starts[0] == 0
    names = titles(timeline)
    assert all(names)
    # Sections are called what the author calls them.
    assert len(set(names)) == len(names) or "chapters: sections" in text
