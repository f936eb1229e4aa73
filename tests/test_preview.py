"""The timeline as text and Markdown."""

from __future__ import annotations

from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.timeline import Chapter, Interval, Speech, Timeline, Tone, Utterance
from audiocoach.errors import Position, Problem
from audiocoach.publish.preview import IN_FULL, SHAPES, SUMMARIES, as_markdown, as_text
from audiocoach.routine.voice import Voice
from tests.generate import constant, planned

AT = Position("a.yaml", 7, 5)
TIMELINE = Timeline(
    title="Squats",
    language="en",
    duration_ms=65_000,
    events=(
        Speech(1008, 900, "say", 'Say "hi" — now.', Utterance("Say hi now.", Voice()), AT),
        Tone(2000, 90, "count", "count", AT),
        Tone(5000, 360, "go", "go", AT),
    ),
    intervals=(
        Interval(0, 5000, "ready", AT, move="Squat", set=1, sets=3),
        Interval(5000, 60_000, "work", AT, move="Squat", set=1, sets=3, rep=2, side="left", section="Legs"),
    ),
    chapters=(Chapter(0, "Legs"),),
    notes=(Problem(AT, "too long", "note"),),
)
SQUATS = schedule(
    planned("title: Nine\nmoves: {squat: {name: Squat}}\nsession: [{do: squat, reps: 9}]\n"), constant
)


def test_text_is_the_script_with_times_without_the_pace() -> None:
    assert as_text(TIMELINE) == (
        "Squats  1:05\n"
        "\n"
        "\n"
        "== Legs\n"
        "   0:00.0  [ready 0:05  Squat, set 1 of 3]\n"
        '   0:01.0      Say "hi" — now.\n'
        "   0:05.0  [work 1:00  Squat, set 1 of 3, hold 2, left]\n"
        "   0:05.0      * go\n"
        "\n"
        "a.yaml:7:5: note: too long\n"
    )


def test_markdown_has_a_heading_a_chapter() -> None:
    assert as_markdown(TIMELINE) == (
        "# Squats\n"
        "\n"
        "1:05 in all.\n"
        "\n"
        "\n"
        "## Legs\n"
        "\n"
        "- **0:00.0 ready 0:05  Squat, set 1 of 3**\n"
        '  - 0:01.0 “Say "hi" — now.”\n'
        "- **0:05.0 work 1:00  Squat, set 1 of 3, hold 2, left**\n"
        "  - 0:05.0 *go*\n"
        "\n"
        "Notes\n"
        "\n"
        "- a.yaml:7:5: note: too long\n"
    )


def test_people_read_the_summary_first_and_every_repetition_only_where_they_ask() -> None:
    summed, full = SHAPES["text"](SQUATS), IN_FULL["text"](SQUATS)
    assert summed.startswith(SUMMARIES["text"](SQUATS))
    assert full.startswith(SUMMARIES["text"](SQUATS))
    assert [line for line in summed.splitlines() if " 7." in line] == []
    assert len([line for line in full.splitlines() if line.endswith(" 7.")]) == 1
    assert "(reps 1 to 9, 4 s each)" in summed


def test_a_page_is_the_summary_and_the_script() -> None:
    assert SHAPES["markdown"](SQUATS).startswith(SUMMARIES["markdown"](SQUATS) + "\n## Squat\n\n- **0:00.0")


def test_the_full_script_is_the_same_lines() -> None:
    script = as_text(SQUATS).partition("\n== ")[2]
    assert IN_FULL["text"](SQUATS).partition("\n== ")[2] == script
