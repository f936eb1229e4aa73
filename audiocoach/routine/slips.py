"""What somebody means who does not know the language yet: a text to what has to be written. Pure."""

from __future__ import annotations

import re

from audiocoach.errors import quote
from audiocoach.routine import paper

# Each opens with one of these, and closes with one; between them there is no other.
_CURLY = re.compile(r"""[“”„‟«»]([^“”„‟«»]*)[“”‟«»]|[\u2018-\u201b]([^\u2018\u201a\u201b]*)[\u2019\u201b]""")
_TIME = re.compile(r"""(?:for |of )?(\d\S*(?: ?(?:s|sec\w*|m|min\w*))?)""", re.IGNORECASE)
_WAITS = re.compile(r""",?\s*\buntil:?\s+ready\W*$""", re.IGNORECASE)
_COUNT = re.compile(
    r"""(?:x ?)?(\d+(?:-\d+)?)(?: ?x)?(?: ?(?P<unit>reps?|repetitions|times|breaths?))?""", re.IGNORECASE
)
_DOSED = re.compile(r"""([^\d:]*[^\d:\s]):?\s+((?:for |x ?)?\d.*)""", re.IGNORECASE)
_SENTENCE = re.compile(r""".*[.!?]""", re.DOTALL)
_MOST_WORDS = 4


def straight(text: str) -> str:
    """The text without the curly quotes around all of it; as it is where there are none."""
    match = _CURLY.fullmatch(text)
    return (match[1] or match[2] or "") if match else text


def _gap(kind: str, text: str) -> str:
    """`rest: 20s` of `20s, then on`; one that waits of `20s until ready`."""
    waits = _WAITS.search(text) if kind == "rest" else None
    length = text[: waits.start()] if waits else text.partition(",")[0]
    found = _TIME.fullmatch(length.strip())
    time = paper.time(found[1]) if found else None
    value = time.value if time else "30s"
    return f"{{rest: {value}, until: ready}}" if waits else f"{kind}: {value}"


def step(text: str) -> str:
    """What to write for a text that stands where a step of the session does: `rest 30s` is `rest: 30s`."""
    kind, _, rest = text.strip().partition(" ")
    match kind.lower():
        case "rest" | "pause" as gap:
            return _gap(gap, rest)
        case "say" if rest.strip():
            return f"say: {_spoken(rest.strip())}"
        case "do" if rest.strip():
            return _do_or_say(rest.strip())
        case _:
            return _do_or_say(text.strip())


def _do_or_say(text: str) -> str:
    dosed = _DOSED.fullmatch(text)
    dose = of_dose(dosed[2]) if dosed else ""
    if dosed and dose:
        return do(dosed[1], dose)
    if _SENTENCE.fullmatch(text) or len(text.split()) > _MOST_WORDS:
        return f"say: {_spoken(text)}"
    return do(text, "for: 40s")


def do(move: str, fields: str) -> str:
    """A step that does a move."""
    name = move if re.fullmatch(r"[\w -]+", move) else quote(move)
    return f"{{do: {name}, {fields}}}"


def of_dose(text: str) -> str:
    """`reps: 10` of `10 reps` and `10`, `for: 30s` of `30s` and `30 sec`; empty where it is neither."""
    count = _COUNT.fullmatch(text.strip())
    if count:
        return f"{'breaths' if (count['unit'] or '').startswith('breath') else 'reps'}: {count[1]}"
    found = _TIME.fullmatch(text.strip())
    time = paper.time(found[1]) if found else None
    return f"for: {time.value}" if time else ""


def _spoken(text: str) -> str:
    return text if re.fullmatch(r"[A-Za-z][^:#{}\[\]\"]*", text) else quote(straight(text))
