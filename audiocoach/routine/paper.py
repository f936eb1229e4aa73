"""What stands on paper programmes, read for what it means: `3 x 10`, `12 reps`, `1'30"`, `30s each side`.

Nothing here becomes a value. A text that a reader of `values` refused is read once more, with more patience;
what it means is proposed in the words of this language.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from audiocoach.records import dataclass
from audiocoach.units import MS_PER_HOUR, MS_PER_MINUTE, MS_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Sequence

Fields = tuple[tuple[str, str], ...]

_MOST_LETTERS = 60
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("\u2013\u2014\u2212", "-"),
        **dict.fromkeys("\u00d7*", "x"),
        **dict.fromkeys("\u2032\u2019\u2018\u00b4", "'"),
        **dict.fromkeys("\u2033\u201d\u201c", '"'),
    }
)
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBER_WORD = re.compile(rf"\b(?:{'|'.join(_NUMBERS)})\b")
_UNITS_MS = {"h": MS_PER_HOUR, "m": MS_PER_MINUTE, "s": MS_PER_SECOND}
_AMOUNT = r"(\d{1,6}(?:[.,]\d{1,3})?|\.\d{1,3})"
_TIME = re.compile(
    rf"(?:{_AMOUNT} ?(?:hours?|hrs?|h)\.?)?(?: ?(?:and )?{_AMOUNT} ?(?:minutes?|mins?|m|')\.?)?"
    rf"(?: ?(?:and )?{_AMOUNT} ?(seconds?|secs?|s|\")?\.?)?",
    re.ASCII,
)
_CLOCK = re.compile(r"\d{1,3}:[0-5]\d", re.ASCII)
_BARE = re.compile(r"\d{1,6}(?:\.\d{1,3})?", re.ASCII)
_TO = r" ?(?:-|to|\.\.\.?|~|or) ?"
_RANGE = re.compile(rf"(.+?){_TO}(.+)")
_BEHIND_A_TIME = re.compile(r" ?(?:holds?|rest|work|break|pause|stretch)$")
_BEHIND_A_CLOCK = re.compile(r"^(\d+:\d\d) ?(?:m|mins?|minutes?)$", re.ASCII)
_SIDED = re.compile(
    r",? ?(?:(?:(?:on |for )?(?:each|every|both|either|per|ea\.?)|[ep]?/) ?"
    r"(?:side|leg|arm|foot|hand|knee|hip|s)s?|each|ea\.?|l ?[/&+] ?r)$"
)
_TIMES = re.compile(r"(\d{1,3}(?:-\d{1,3})?) ?(?:(?:sets?|rounds?|times) ?(?:of|x|,)?|x) ?(\S.*)", re.ASCII)
_TIMES_BEHIND = re.compile(r"(.+?) ?(?:x|times|/) ?(\d{1,3})(?: ?times)?", re.ASCII)
_SETS_BEHIND = re.compile(r"(.+?) ?(?:x|for|times|,|/)? ?(\d{1,3}(?:-\d{1,3})?) ?sets?", re.ASCII)
_ON_AND_OFF = re.compile(
    r"(\d{1,2}:\d\d|\d{1,3})(?:s| sec)? ?(?:/|(?:on|work)[ ,/]+) ?(\d{1,2}:\d\d|\d{1,3})(?:s| sec)?"
    r"(?: (?:off|rest))?",
    re.ASCII,
)
# What stands behind an `@`: a tempo, else a weight.
_AT = re.compile(r"(\S.*?) ?@ ?(\S.*)")
_WEIGHT = re.compile(r"\d{1,4}(?:\.\d)? ?(?:kg|kgs|kilos?|lbs?|pounds?|%)(?: .*)?", re.ASCII)
_EMOM = re.compile(r"e(\d{0,2})mom(?: .*)?", re.ASCII)
# As many on the one side as on the other.
_ALIKE = re.compile(r"(\d{1,3}) ?/ ?\1", re.ASCII)
_COUNT = re.compile(rf"(?:x ?)?(\d{{1,4}})(?:{_TO}(\d{{1,4}}))? ?([a-z]*)\.?\+?", re.ASCII)
_THOUSANDS = re.compile(r"(\d),(\d{3})(?!\d)", re.ASCII)
_LADDER = re.compile(r"\d{1,4}(?:(?: ?[-,/] ?| )\d{1,4})+", re.ASCII)
_AS_MANY = re.compile(r"(?:max|maximum|amrap|amap|as many as .*|(?:to |until )?failure)(?: .*)?")
_IN_M = re.compile(r"[\d.,]+(?: ?m?(?:-|to) ?[\d.,]+)? ?m", re.ASCII)
_DISTANCE = re.compile(
    r"[\d.,]+ ?-?(?:km|kilomet(?:er|re)s?|met(?:er|re)s?|mi|miles?|yards?|yds?|feet|ft|laps?)\.?", re.ASCII
)
_COUNTED = {
    "reps": ("", "x", "rep", "reps", "repetition", "repetitions", "time", "times", "hold", "holds"),
    "sets": ("", "x", "set", "sets", "round", "rounds", "time", "times"),
    "rounds": ("", "x", "round", "rounds", "set", "sets", "time", "times"),
    "breaths": ("", "x", "breath", "breaths", "time", "times"),
    "steps": ("", "x", "step", "steps", "move", "moves", "exercise", "exercises"),
}
_L, _R = r"l(?:eft)?(?: side| leg| arm)?", r"r(?:ight)?(?: side| leg| arm)?"
_AND = r"(?: ?[/&+] ?| and | )"
_BEGIN = r"(?:[, ]+(?:starting|beginning|start|begin|first)?(?: (?:on|with))?(?: the)?) ?"
_SIDES = tuple(
    (re.compile(pattern), mended)
    for pattern, mended in (
        (r"(?:both|each|every|per|either)(?: sides?| legs?| arms?)?|2(?: sides)?", "write each"),
        (rf"{_L}{_AND}{_R}", "write each"),
        (rf"{_L},? (?:then|first,? then) {_R}|{_L} first", "write [left, right]"),
        (rf"{_R}(?:,? (?:then|first,? then) |{_AND}){_L}|{_R} first", "write [right, left]"),
        (r"alt(?:\.|ern\w+)?(?: sides?| legs?| arms?)?", "write alternate"),
        (
            rf"alt(?:\.|ern\w+)?(?: sides?)?{_BEGIN}l(?:eft)?(?: side| leg| arm)?(?: first)?",
            "write alternate",
        ),
        (
            rf"alt(?:\.|ern\w+)?(?: sides?)?{_BEGIN}r(?:ight)?(?: side| leg| arm)?(?: first)?",
            "write [alternate, right first]",
        ),
        (_L, "write left"),
        (_R, "write right"),
        (r"no|0|-|off|no sides?", "write none"),
    )
)
_MOST_SETS = 12
_DIGITS = re.compile(r"[0-9x]{2,4}", re.ASCII)
_PHASE_BREAK = re.compile(r" ?[-,/:] ?| ", re.ASCII)
_PHASES = re.compile(r"(?:\d{1,3}(?:\.\d)?|x)(?:(?: ?[-,/:] ?| )(?:\d{1,3}(?:\.\d)?|x))+", re.ASCII)
_MOST_SECONDS_MS = 1_000_000


@dataclass(frozen=True, slots=True)
class Proposal:
    """What to write in place of what was written, and which fields the move is to have `beside` it.

    `instead` is another field, in whose place the author's own goes: `for` of `{for: 40s}`.
    """

    value: str
    beside: Fields = ()
    instead: str = ""

    @property
    def values(self) -> tuple[str, ...]:
        """Each of its values: those of a list, or the one."""
        is_list = self.value.startswith("[")
        return tuple(self.value.strip("[]").split(", ")) if is_list else (self.value,)

    def __str__(self) -> str:
        value = f"{self.instead}: {self.value} instead" if self.instead else self.value
        fields = " and ".join(f"{name}: {written}" for name, written in self.beside)
        return f": write {value}" + (f", and give the move {fields}" if fields else "")


@dataclass(frozen=True, slots=True)
class _Time:
    """A time in ms, how it is written here, and its unit where it has one alone."""

    ms: int
    text: str
    unit: str = ""


def plain(text: str) -> str:
    """Small letters, single spaces, figures for numbers, one sign each for dashes, times and primes."""
    if len(text) > _MOST_LETTERS:
        return ""
    words = " ".join(text.translate(_SIGNS).lower().split()).replace("''", '"')
    return _NUMBER_WORD.sub(lambda match: str(_NUMBERS.index(match[0]) + 1), words)


def written(time_ms: int) -> str:
    """`1h40m`, `1m30s`, `2.5s`."""
    hours, rest_ms = divmod(time_ms, MS_PER_HOUR)
    minutes, rest_ms = divmod(rest_ms, MS_PER_MINUTE)
    parts = ((hours, f"{hours}h"), (minutes, f"{minutes}m"), (rest_ms, f"{rest_ms / MS_PER_SECOND:g}s"))
    return "".join(text for amount, text in parts if amount) or "0s"


def is_distance(text: str) -> bool:
    """Whether it is `5 km`, `400 metres`, `30 feet`."""
    return bool(_DISTANCE.fullmatch(plain(text)))


def is_in_m(text: str) -> bool:
    """Whether its unit is an `m` alone, which stands for metres as well: `400m`, `100 - 400 m`."""
    return bool(_IN_M.fullmatch(plain(text)))


def is_as_many(text: str) -> bool:
    """Whether it is `max`, `AMRAP`, `to failure`."""
    return bool(_AS_MANY.fullmatch(plain(text)))


def time(text: str) -> Proposal | None:
    """`30s` of `30 sec`, `1m30s` of `1'30"`, `20-30s` of `20 to 30 secs`, `30s` of `30s hold`."""
    words = _BEHIND_A_CLOCK.sub(r"\1", _BEHIND_A_TIME.sub("", plain(text)))
    one = _time(words)
    value = one.text if one else _times(words)
    return Proposal(value) if value else None


def work(text: str, counted: str) -> Proposal | None:
    """A time with what else it says: `30s each side`, `40/20`, `3 x 30s` where `counted` names the 3."""
    words = plain(text)
    on_off = _ON_AND_OFF.fullmatch(words)
    if on_off:
        work_time, rest = (text if ":" in text else f"{text}s" for text in on_off.groups())
        return Proposal(work_time, (("rest", rest),))
    one_go, sides = _less_sides(words)
    row_of_times = [_time(part) for part in re.split(r" ?, ?", one_go)]
    if 1 < len(row_of_times) <= _MOST_SETS and all(row_of_times):
        return Proposal(f"[{', '.join(part.text for part in row_of_times if part)}]", sides)
    often, one_time = _less_times(one_go)
    known = time(one_time)
    name = "reps" if known and counted == "reps" and "set" not in one_go else "sets"
    beside = (*(((name, often),) if often else ()), *sides)
    if known:
        return Proposal(known.value, beside)
    counts = ((name, *_number(one_time, name)) for name in ("reps", "breaths"))
    return next((Proposal(number, beside, name) for name, number, said in counts if number and said), None)


def is_clock_with_a_point(text: str) -> bool:
    """Whether `1.30` may mean 1:30: on paper a point stands for a colon as well."""
    return re.fullmatch(r"\d{1,2}\.[0-5]\d", text, re.ASCII) is not None


def count(text: str, own: str) -> Proposal | None:
    """A count of the field `own` with what else it says: `12 reps`, `3 x 10`, `10/side`, `AMRAP`."""
    words = _THOUSANDS.sub(r"\1\2", plain(text))
    with_more = _AT.fullmatch(words)
    if with_more:
        return _counted_at(with_more[1], with_more[2], own)
    one_go, sides = _less_sides(words)
    number, _ = _number(one_go, own)
    if number:
        return Proposal(number, sides)
    each_side = _ALIKE.fullmatch(one_go)
    if each_side:
        return Proposal(each_side[1], (("sides", "each"),))
    return _counted_in_sets(one_go, own, sides)


def _counted_in_sets(one_go: str, own: str, sides: Fields) -> Proposal | None:
    """`3 x 10`; a time in place of a count, `30s` and `3 x 30s`; `3 x max`."""
    often, what = _less_times(one_go)
    number, _ = _number(what, own)
    if number and often:
        return _several(own, often, number, sides)
    known = time(what) if own == "sets" and often else time(one_go) if own == "reps" else None
    if own == "sets":
        return Proposal(often, (("for", known.value), *sides)) if known else None
    if own == "reps" and is_as_many(what):
        return Proposal("40s", (*((("sets", often),) if often else ()), *sides), "for")
    return Proposal(known.value, sides, "for") if known else None


def _counted_at(counted: str, at: str, own: str) -> Proposal | None:
    """`10 @ 3-1-1` and `3 x 10 @ 60 kg`: a count with the tempo or the weight that it has."""
    proposal = count(counted, own) if "@" not in counted else None
    tempo = phases(at)
    more = ("tempo", tempo) if tempo else ("weight", at) if _WEIGHT.fullmatch(at) else None
    return Proposal(proposal.value, (*proposal.beside, more), proposal.instead) if proposal and more else None


def grid(text: str) -> str:
    """`1m` of `EMOM`, `2m` of `E2MOM`: how often something starts; empty where it says no such thing."""
    match = _EMOM.fullmatch(plain(text))
    return f"{int(match[1] or 1)}m" if match and match[1] != "0" else ""


def ladder(parts: Sequence[str], own: str) -> Proposal | None:
    """Sets that differ, such as 12, 10 and 8 repetitions, as a list; equal ones by their number."""
    if not 1 < len(parts) <= _MOST_SETS or own == "rounds":
        return None
    instead = "reps" if own == "sets" else ""
    if len(set(parts)) == 1:
        return None if instead else Proposal(parts[0], (("sets", str(len(parts))),))
    return Proposal(f"[{', '.join(parts)}]", instead=instead)


def one_for_each(parts: Sequence[str]) -> str:
    """What to write for a list where each step, and each `do`, has one value."""
    return f": write one for each: {', then '.join(parts)}" if 1 < len(parts) <= _MOST_SETS else ""


def sets_alone(text: str, own: str) -> str:
    """What to write for `2 sets`, where a set's own count is expected."""
    often, said = _number(plain(text), "sets")
    if not often or "set" not in said or own not in ("reps", "breaths"):
        return ""
    return f": write how many there are in a set, and give the move sets: {often}"


def row(text: str) -> tuple[str, ...]:
    """The parts of `12, 10, 8`, `12/10/8`, `5-5-5`; nothing where it is no such row of counts."""
    words = plain(text)
    return tuple(re.findall(r"\d+", words)) if _LADDER.fullmatch(words) else ()


def _several(own: str, often: str, number: str, sides: Fields) -> Proposal | None:
    """`3 x 10` under `reps` and `breaths`, and under `sets`."""
    if own == "sets":
        return Proposal(often, (("reps", number), *sides))
    return Proposal(number, (("sets", often), *sides)) if own != "rounds" else None


def _less_sides(words: str) -> tuple[str, Fields]:
    rest = _SIDED.sub("", words)
    return (rest, (("sides", "each"),)) if rest != words else (words, ())


def _less_times(words: str) -> tuple[str, str]:
    """How often, and what is done so often; the first is empty where there is no such thing."""
    sets, before = _SETS_BEHIND.fullmatch(words), _TIMES.fullmatch(words)
    behind = _TIMES_BEHIND.fullmatch(words)
    if sets or (behind and not before):
        what, often = (sets or behind).groups()  # type: ignore[union-attr]
        return often, what
    return (before[1], before[2]) if before else ("", words)


def _number(words: str, own: str) -> tuple[str, str]:
    """`8-12` of `8 to 12 reps`, and the word behind it; both empty where another thing is counted."""
    match = _COUNT.fullmatch(words)
    if not match or match[3] not in _COUNTED[own]:
        return "", ""
    low, high = match[1], match[2]
    if high and int(high) < int(low):
        low, high = high, low
    return (f"{int(low)}-{int(high)}" if high else str(int(low))), match[3]


def _time(words: str) -> _Time | None:
    if _CLOCK.fullmatch(words):
        minutes, seconds = words.split(":")
        return _Time(int(minutes) * MS_PER_MINUTE + int(seconds) * MS_PER_SECOND, words)
    match = _TIME.fullmatch(words)
    if not match or not words or _BARE.fullmatch(words):
        return None
    amounts = [float((part or "0").replace(",", ".")) for part in match.groups()[:3]]
    given = "".join(unit for unit, part in zip("hms", match.groups()[:3], strict=True) if part)
    if given == "hs" and not match[4]:
        # `1h30`: without a unit, the minutes.
        amounts = [amounts[0], amounts[2], 0.0]
    time_ms = round(sum(amount * ms for amount, ms in zip(amounts, _UNITS_MS.values(), strict=True)))
    text = (
        f"{time_ms / MS_PER_SECOND:g}s" if given == "s" and time_ms < _MOST_SECONDS_MS else written(time_ms)
    )
    return _Time(time_ms, text, given if len(given) == 1 else "")


def _times(words: str) -> str:
    """`20-30s` of `20 to 30 sec`: the unit is written once where both have the same."""
    match = _RANGE.fullmatch(words)
    high = _time(match[2]) if match else None
    if not match or high is None:
        return ""
    bare = _BARE.fullmatch(match[1]) and high.unit
    low = _time(f"{match[1]}{high.unit}") if bare else _time(match[1])
    if low is None:
        return ""
    low, high = sorted((low, high), key=lambda one: one.ms)
    shared = bare and low.text[-1] == high.text[-1] and low.text[:-1].isdigit() and high.text[:-1].isdigit()
    return f"{low.text[:-1] if shared else low.text}-{high.text}"


_BEATS = re.compile(
    r"(\d{2,3}) ?(?:bpm|b\.?p\.?m\.?|spm|(?:beats|steps|jumps)(?: ?(?:/|a|per) ?min(?:ute)?)?)", re.ASCII
)


def beats(text: str) -> str:
    """`180` of `180 bpm` and `180 steps a minute`; empty where it says no such thing."""
    match = _BEATS.fullmatch(plain(text))
    return match[1] if match else ""


def phases(text: str) -> str:
    """`3-1-2` of `3/1/2`, `3 1 2`, `3s-1s-2s` and `312`; empty where it is no row of seconds."""
    words = re.sub(r"(?<=\d) ?s(?:ec)?\b", "", plain(text))
    if _DIGITS.fullmatch(words):
        return "-".join(words)
    return "-".join(_PHASE_BREAK.split(words)) if _PHASES.fullmatch(words) else ""


def sides(text: str) -> str:
    """What to write for `both`, `L/R`, `left then right`, `alternating`; empty where it says no side."""
    words = plain(text).removesuffix(" only")
    mended = next((mended for pattern, mended in _SIDES if pattern.fullmatch(words)), "")
    return f": {mended}" if mended else ""
