"""The timeline as text and Markdown."""

from __future__ import annotations

from audiocoach.coaching.timeline import Chapter, Interval, Speech, Timeline, Tone, Utterance
from audiocoach.errors import Position, Problem
from audiocoach.publish.preview import as_markdown, as_text
from audiocoach.routine.voice import Voice

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
