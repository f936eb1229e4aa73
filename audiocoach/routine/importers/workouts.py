"""Workouts of cyclists and runners: intervals.icu's lines, and Zwift's `.zwo`.

Each interval becomes a move of the routine's own, called by its intensity, for its time. Entities and
document types of XML are refused: no workout has them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.parsers import expat

from audiocoach.errors import InputError, Position, Problem, quote
from audiocoach.records import dataclass
from audiocoach.routine import paper
from audiocoach.routine.importers import asking
from audiocoach.routine.importers.records import (
    Draft,
    Exercise,
    Field,
    LeftOut,
    Part,
    label_value,
    one_line,
    text_value,
)
from audiocoach.units import MS_PER_HOUR, MS_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from audiocoach.routine.importers.bank import Bank

_ONE_AFTER_THE_OTHER = Field("defaults", "{ready: 0s} # one interval follows the other", "")
_MOST_MS = 24 * MS_PER_HOUR
_MOST_ROUNDS = 1000
_MOST_SHOWN, _MOST_SAID = 2000, 500
_MOST_ELEMENTS, _MOST_DEPTH = 20_000, 16

# -- intervals.icu ----------------------------------------------------------------------------------

_TIME = (
    r"(?:\d{1,2}h)?(?:\d{1,3}m(?![a-z])(?:\d{1,2}s?)?|\d{1,4}s\b)|\d{1,2}h\b|\d{1,3}'(?:\d{1,2}\")?|\d{1,4}\""
)
_FAR = r"\d{1,5}(?:\.\d{1,3})? ?(?:km|mtr|mi)\b"
_STEP = re.compile(rf"^\s*-\s*(?P<cue>[^\d\n][^\n]*?)??\s*(?P<length>{_TIME}|{_FAR})(?P<how>\b.*|[\s].*)?$")
_INTENSITY = re.compile(
    r"(?P<ramp>ramp\s+)?(?:(?P<low>\d{1,4})(?:%|w)?\s*-\s*)?(?P<high>\d{1,4})\s*(?P<unit>%|w\b)"
    r"|\bZ(?P<zone>\d)(?:-Z?(?P<to>\d))?\b|"
    r"\b(?P<free>freeride|rest|easy)\b", re.IGNORECASE,
)  # fmt: skip
_OF = (
    (r"\bLTHR\b", " of threshold heart rate"),
    (r"\bHR\b", " of heart rate"),
    (r"\bpace\b", " of threshold pace"),
)
_CADENCE = re.compile(r"\b(\d{2,3})(?:-(\d{2,3}))?\s*rpm\b", re.IGNORECASE)
_ROUNDS = re.compile(r"^(?P<title>.*?)\s*\b(?P<rounds>\d{1,3})x\s*$", re.IGNORECASE)


def is_intervals(text: str) -> bool:
    """Whether most lines with a dash are steps with an intensity."""
    dashed = [line for line in text.split("\n") if line.lstrip().startswith("-")]
    steps = [line for line in dashed if (match := _STEP.match(line)) and _has_effort(match["how"] or "")]
    return bool(steps) and 2 * len(steps) > len(dashed)


def _has_effort(how: str) -> bool:
    match = _INTENSITY.search(how)
    return bool(match and (match["unit"] or match["zone"]))


def read_intervals(text: str, _: Bank) -> Draft:
    """The draft of a workout in intervals.icu's own lines."""
    title: Field | None = None
    parts: list[Part] = [Part(None, ())]
    left_out: list[LeftOut] = []
    for line in text.split("\n"):
        step, rounds = _STEP.match(line), _ROUNDS.match(line.strip())
        if not line.strip():
            # A blank line ends a repeat.
            parts += [Part(None, ())] if parts[-1].fields and parts[-1].items else []
        elif step and not re.search(r"[1-9]", step["length"]):
            left_out.append(LeftOut(line.strip(), _NO_TIME))
        elif step:
            parts[-1] = Part(
                parts[-1].title, (*parts[-1].items, _interval(step, line.strip())), parts[-1].fields
            )
        elif rounds:
            parts.append(_rounds(rounds, line.strip()))
        elif line.lstrip().startswith("-"):
            left_out.append(LeftOut(line.strip(), _NO_TIME))
        elif title is None and not parts[-1].items and _is_before_a_heading(text, line):
            title = Field("title", label_value(line), line.strip())
        else:
            parts.append(Part(Field("section", label_value(line.strip().rstrip(":")), line.strip()), ()))
    left_out += [
        LeftOut(part.title.source, "a heading without an interval under it")
        for part in parts
        if part.title and not part.items
    ]
    return Draft(title, _flat(part for part in parts if part.items), (_ONE_AFTER_THE_OTHER,), tuple(left_out))


def _is_before_a_heading(text: str, line: str) -> bool:
    """Whether the next line that says something is no step: then this one is the title."""
    after = [other for other in text.partition(line)[2].split("\n") if other.strip()]
    return bool(after) and not after[0].lstrip().startswith("-")


def _flat(parts: Iterator[Part]) -> tuple[Exercise | Part, ...]:
    items: list[Exercise | Part] = []
    for part in parts:
        items += (
            [part]
            if part.title or part.fields
            else [item for item in part.items if isinstance(item, Exercise)]
        )
    return tuple(items)


def _rounds(match: re.Match[str], line: str) -> Part:
    title = (
        Field("section", label_value(match["title"].strip(": ")), line) if match["title"].strip() else None
    )
    return Part(title, (), (Field("repeat", str(int(match["rounds"])), line),))


def _interval(match: re.Match[str], line: str) -> Exercise:
    how, cue = match["how"] or "", (match["cue"] or "").strip()
    effort = _effort(how)
    name = ", ".join(part for part in (cue[:1].upper() + cue[1:], effort) if part) or "Ride or run"
    length = match["length"]
    if re.fullmatch(_FAR, length):
        far = Field("distance", re.sub(r" ?mtr$", " m", length), line)
        return Exercise(name[:1].upper() + name[1:], line, fields=(far,), asked=(asking.HOW_FAST,))
    time = paper.time(re.sub(r"(?<=m)(\d+)$", r"\1s", length.replace("'", "m").replace('"', "s")))
    return Exercise(
        name[:1].upper() + name[1:], line, fields=(Field("for", time.value if time else length, line),)
    )


def _effort(how: str) -> str:
    """`50 to 75 percent` of `ramp 50-75%`, `zone 2 of heart rate` of `Z2 HR`."""
    match = _INTENSITY.search(how)
    if match is None:
        return ""
    of = next((words for pattern, words in _OF if re.search(pattern, how, re.IGNORECASE)), "")
    cadence = _CADENCE.search(how)
    turns = f", {' to '.join(filter(None, cadence.groups()))} turns a minute" if cadence else ""
    if match["zone"]:
        return f"zone {match['zone']}{' to ' + match['to'] if match['to'] else ''}{of}{turns}"
    if match["free"]:
        return f"{match['free'].lower()}{turns}"
    unit = "watts" if match["unit"].lower() == "w" else "percent"
    low = f"{'from ' if match['ramp'] else ''}{match['low']} to " if match["low"] else ""
    return f"{low}{match['high']} {unit}{of}{turns}"


# -- .zwo -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Element:
    """An element of XML: its name, its attributes, how deep it lies, and the text right in it."""

    name: str
    attributes: Mapping[str, str]
    depth: int
    line: int
    text: list[str]

    @property
    def shown(self) -> str:
        """The tag, as it may stand in a comment."""
        written = " ".join(f'{name}="{value}"' for name, value in self.attributes.items())
        return one_line(f"<{self.name} {written}/>")


def is_zwo(text: str) -> bool:
    """Whether it is XML: no other is brought in."""
    return text.lstrip().startswith("<") and bool(re.match(r"\s*(?:<\?xml|<!|<workout_file)", text))


def read_zwo(text: str, _: Bank) -> Draft:
    """The draft of a workout of Zwift.

    Raises:
        InputError: it is no XML, has entities or a document type, or is no workout.
    """
    elements = _elements(text)
    if not elements or elements[0].name != "workout_file":
        raise _refusal(1, "expected a workout of Zwift, <workout_file>, found another XML file")
    items: list[Exercise | Part] = []
    left_out: list[LeftOut] = []
    for at, element in enumerate(elements):
        if element.name in _READERS:
            events = [other for other in _inside(elements, at) if other.name.lower() == "textevent"]
            made, left = _READERS[element.name](element, events)
            items += made
            left_out += left
    named = {one.name: one for one in elements if "".join(one.text).strip()}
    title = (
        Field("title", label_value(_text(named["name"])), _text(named["name"])) if "name" in named else None
    )
    fields = (
        [Field("description", text_value(_text(named["description"])), _text(named["description"]))]
        if "description" in named
        else []
    )
    return Draft(title, tuple(items), (*fields, _ONE_AFTER_THE_OTHER), tuple(left_out))


def _text(element: _Element) -> str:
    return one_line("".join(element.text))[:_MOST_SHOWN]


def _refusal(line: int, message: str) -> InputError:
    return InputError(Problem(Position("the text", line, 1), message))


def _elements(text: str) -> list[_Element]:
    """All elements, in turn.

    Raises:
        InputError: it is no XML, or has what no workout has.
    """
    found: list[_Element] = []
    open_: list[_Element] = []
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise _refusal(
            parser.CurrentLineNumber, "document types and entities of XML are refused: remove <!DOCTYPE …>"
        )

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(found) >= _MOST_ELEMENTS or len(open_) >= _MOST_DEPTH:
            raise _refusal(
                parser.CurrentLineNumber, "this is no workout: too many elements, or too deep in one another"
            )
        found.append(_Element(name, attributes, len(open_), parser.CurrentLineNumber, []))
        open_.append(found[-1])

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: open_.pop()
    parser.CharacterDataHandler = lambda data: open_[-1].text.append(data) if open_ else None
    try:
        parser.Parse(text.lstrip(), _IS_ALL)
    except expat.ExpatError as error:
        raise _refusal(error.lineno, f"this is no XML: {expat.ErrorString(error.code)}") from error
    return found


def _inside(elements: list[_Element], at: int) -> Iterator[_Element]:
    for element in elements[at + 1 :]:
        if element.depth <= elements[at].depth:
            return
        yield element


def _number(element: _Element, name: str) -> float | None:
    """An attribute as a number, whatever the case of its name."""
    value = {key.lower(): value for key, value in element.attributes.items()}.get(name.lower(), "")
    return float(value) if re.fullmatch(r"\d{1,9}(?:\.\d{1,9})?", value) else None


def _time_ms(element: _Element, name: str) -> int:
    seconds = _number(element, name)
    time_ms = round((seconds or 0) * MS_PER_SECOND)
    return time_ms if 0 < time_ms <= _MOST_MS else 0


def _percent(element: _Element, *names: str) -> str:
    """`from 50 to 75 percent` of PowerLow and PowerHigh; empty where nothing is said."""
    powers = [power for name in names if (power := _number(element, name)) is not None]
    figures = list(dict.fromkeys(f"{100 * power:.0f}" for power in powers))
    return f"{'from ' if len(figures) > 1 else ''}{' to '.join(figures)} percent" if figures else ""


_Items = list[Exercise | Part]
_Made = tuple[_Items, list[LeftOut]]
_IS_ALL = True
_NO_TIME = "an interval without a time"
_EVENTS_OF_ROUNDS = "words in rounds: write them as at: of what is done"


def _one(name: str, *powers: str) -> Callable[[_Element, list[_Element]], _Made]:
    def read(element: _Element, events: list[_Element]) -> _Made:
        time_ms = _time_ms(element, "Duration")
        if not time_ms:
            return [], [LeftOut(element.shown, _NO_TIME)]
        at, left = _words(events, time_ms)
        called = ", ".join(part for part in (name, _percent(element, *powers)) if part)
        fields = (Field("for", paper.written(time_ms), element.shown), *at)
        return [Exercise(called, element.shown, fields=fields)], left

    return read


def _words(events: list[_Element], time_ms: int) -> tuple[list[Field], list[LeftOut]]:
    """Words at times of an interval, as `at:` has them."""
    said, left, sources = [], [], []
    for event in events:
        at_ms = round((_number(event, "timeoffset") or 0) * MS_PER_SECOND)
        message = {key.lower(): value for key, value in event.attributes.items()}.get("message", "")
        if at_ms < time_ms and len(message) <= _MOST_SAID and any(map(str.isalnum, message)):
            words = re.sub(r"[<>]", " ", one_line(message))
            said.append(f"{{at: {paper.written(at_ms)}, say: {quote(words)}}}")
            sources.append(event.shown)
        else:
            left.append(
                LeftOut(event.shown, "words that are empty, too long, or behind the end of their interval")
            )
    return ([Field("at", f"[{', '.join(said)}]", " ".join(sources))] if said else []), left


def _rounds_of(element: _Element, events: list[_Element]) -> _Made:
    rounds = round(_number(element, "Repeat") or 0)
    on_ms, off_ms = _time_ms(element, "OnDuration"), _time_ms(element, "OffDuration")
    if not on_ms or not 0 < rounds <= _MOST_ROUNDS:
        return [], [LeftOut(element.shown, _NO_TIME)]
    turns = (
        ("Interval", on_ms, ("OnPower", "PowerOnLow", "PowerOnHigh")),
        ("Recovery", off_ms, ("OffPower", "PowerOffLow", "PowerOffHigh")),
    )
    items = tuple(
        Exercise(
            ", ".join(part for part in (name, _percent(element, *powers)) if part),
            element.shown,
            fields=(Field("for", paper.written(time_ms), element.shown),),
        )
        for name, time_ms, powers in turns
        if time_ms
    )
    repeat = Field("repeat", str(rounds), element.shown)
    return [Part(None, items, (repeat,))], [LeftOut(event.shown, _EVENTS_OF_ROUNDS) for event in events]


_READERS: Mapping[str, Callable[[_Element, list[_Element]], _Made]] = {
    "Warmup": _one("Warm-up", "PowerLow", "PowerHigh", "Power"),
    "Cooldown": _one("Cool-down", "PowerLow", "PowerHigh", "Power"),
    "Ramp": _one("Ramp", "PowerLow", "PowerHigh"),
    "SteadyState": _one("Steady", "Power", "PowerLow", "PowerHigh"),
    "SolidState": _one("Steady", "Power"),
    "FreeRide": _one("Free ride"),
    "Freeride": _one("Free ride"),
    "MaxEffort": _one("As hard as you can"),
    "IntervalsT": _rounds_of,
}
