"""Text that breaks formats, and sessions that are full of it."""

from __future__ import annotations

from hypothesis import strategies as st

from audiocoach.coaching.timeline import Chapter, Interval, Speech, Timeline, Tone, Utterance
from audiocoach.errors import Position
from audiocoach.routine.voice import Voice

TEXTS = {
    "nothing": "",
    "blanks": " \t\n",
    "markup": '</title><script>alert("1")</script>]]>&amp;<!--',
    "the end of a cue": "one\n\n2\n00:00:01.000 --> 00:00:02.000\ntwo",
    "an arrow": "-->",
    "a time of lyrics": "[00:01.00]<00:02.00>{\\an8}",
    "a formula": '=HYPERLINK("http://a.b")',
    "quotes and commas": 'a,"b";c',
    "control characters": "a\x00b\x1b[2Jc\x85d\x0ce\u2028f\u2029g",
    "no characters": "a\ufffe\uffffb\ud800c",
    "bidi marks": "\u202eleft\u2066 to\u2069 right",
    "a byte order mark": "\ufeffa",
    "20,000 letters without a blank": "x" * 20_000,
    "emoji": "🏋🏽‍♀️" * 40,
    "digits": "12",
    "a name before a colon": "Next: squats",
}
AT = Position("a.yaml", 7, 5)


def texts() -> st.SearchStrategy[str]:
    """Any characters at all, and pieces that mean something in some format."""
    pieces = st.sampled_from(
        ("-->", "\n\n", "<", ">", "&", "]]>", "[00:01.00]", '"', "'", "=", ",", "\ufffe", "\u202e")
    )
    any_text = st.text(st.characters(exclude_categories=()), max_size=90)
    return st.one_of(any_text, st.lists(pieces | any_text, max_size=8).map("".join))


def session(*said: str) -> Timeline:
    """Every text once wherever text may stand, a phrase every 4 s of which it lasts one."""
    starts_ms = [4000 * at for at in range(len(said))]
    spoken = [
        Speech(at, 1000, "say", text, Utterance(text, Voice()), AT)
        for at, text in zip(starts_ms, said, strict=True)
    ]
    return Timeline(
        title=said[0],
        language=said[0],
        duration_ms=4000 * len(said),
        events=tuple(event for one in spoken for event in (one, Tone(one.end_ms, 90, "count", "count", AT))),
        intervals=tuple(
            Interval(at, 4000, "work", AT, move=text, set=1, sets=2, side=text, way=text, section=text)
            for at, text in zip(starts_ms, said, strict=True)
        ),
        chapters=tuple(Chapter(at, text) for at, text in zip(starts_ms, said, strict=True)),
        notes=(),
    )


def letters(text: str) -> str:
    """The text without blanks: where a format may break lines."""
    return "".join(text.split())
