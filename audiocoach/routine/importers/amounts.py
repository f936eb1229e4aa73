"""Amounts in a phrase: `3 x 10`, `hold for 20-30 seconds`, `45s each side`, `40s on, 20 off`.

In: a phrase of a source. Out: the fields that it states, what is left of it, and what was odd. Nothing is
guessed: a number without a unit is asked for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from audiocoach.records import dataclass
from audiocoach.routine import distances, paper
from audiocoach.routine.importers import asking

if TYPE_CHECKING:
    from collections.abc import Callable

    Pairs = tuple[tuple[str, str], ...]

_SIGNS = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
        **dict.fromkeys("\u00d7\u2715", "x"),
        **dict.fromkeys("\u2032\u2019\u2018", "'"),
        **dict.fromkeys("\u2033\u201d\u201c", '"'),
        "\u00a0": " ",
    }
)
_LETTERS = str.maketrans("oOlI", "0011")
# A letter o behind or between figures, a letter l before or between them: `4o`, `l0`; ten litres are no
# figure.
_ODD_FIGURE = re.compile(
    r"(?<![A-WYZa-wyz\d.])(?:[lI](?=\d)[\doOlI]*|\d+(?:[oO]|[lI](?=[\doO]))[\doOlI]*)"
    r"(?=(?:s|secs?|seconds?|m|mins?|minutes?|x|reps?|sets?)?(?![A-Za-z\d]))"
)
_WORDS = {
    word: str(number)
    for number, word in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
        start=1,
    )
} | {"fifteen": "15", "twenty": "20", "thirty": "30", "forty": "40", "forty-five": "45", "sixty": "60"}
_COUNTED = (
    r"(?:sets?|reps?|repetitions?|times|rounds?|seconds?|secs?|minutes?|mins?|"
    r"(?:(?:long|deep|slow|big|full|more) )*breaths?)"
)
_NUMBER_WORD = re.compile(
    rf"\b({'|'.join(_WORDS)})(?= {_COUNTED}\b|-minute)|(?<=sets of )({'|'.join(_WORDS)})\b", re.IGNORECASE
)
_A_MINUTE = re.compile(r"\b(?:a|one)(?= minute\b)", re.IGNORECASE)

# Pieces of the patterns: a count or a range of one, a unit of time, a time or a range of one.
_R = r"(\d{1,4}(?:\s?(?:-|to)\s?\d{1,4})?)"
_SECOND = r"(?:seconds?|secs?|s|\")"
_UNIT = rf"(?:{_SECOND}|minutes?|mins?|m|hours?|hrs?|h|''|')"
_ONE = (
    rf"(?:\d{{1,2}}:[0-5]\d|\d{{1,4}}(?:[.,]\d)?[\s-]?{_UNIT}(?:\s?(?:and\s)?\d{{1,2}}\s?{_SECOND})?)"
    r"(?![A-Za-z\d])"
)
_T = rf"((?:\d{{1,4}}\s?(?:-|to)\s?)?{_ONE})"
_REPS = r"(?:reps?|repetitions?)\b"
_LIMB = r"(?:sides?|legs?|arms?|knees?|hips?|foot|feet|hands?|direction)\b"
_A_SIDE = rf"(?:on |for |with )?(?:each|per|every|ea\.?)\s?{_LIMB}|/\s?{_LIMB}"
_EACH = rf"(?:\(?(?:{_A_SIDE})\)?|(?:on |for )?\b(?:both|either) sides?\b|\be/s\b)"
# What does not follow a bare count: then it is a part of something else.
_ALONE = rf"(?![\d:]|\s?(?:-|to)\s?\d|\s?(?:{_UNIT}|breaths?|kg|lbs?)(?![A-Za-z]))"
_BETWEEN = r"(?: (?:between|after)(?: each)? (?:sets?|sides|rounds?))"
_DEEP = r"(?:(?:long|deep|slow|big|full|more) )*"
_STAY = r"\b(?:hold|stay)(?:ing)?\b(?: (?:each )?(?:stretch|position|it|this|here))?(?: for)? "
_WHAT = r"(?: (?:each|the|this) \w+| it| there| here)?(?: at the \w+)?(?: for)?(?: about)? ?"
_BARE = rf"(\d{{1,3}}(?:\s?{_UNIT})?)"
_SO_OFTEN = rf"(?:\b{_R} ?(?:x|(?:sets?|rounds?) (?:of|x)) ?)"
_BEFORE = r" (?:side|leg|arm) (?:first|,? ?then)"
_ALL_OF_IT = r"(?:(?:this|the) )?(?:circuit |sequence |block |whole thing )?"
_OFTEN = (
    r"\b(?:\d+(?:-\d+)? (?:times|days|x)|once|twice|daily) ?"
    r"(?:(?:a|per|each|every) )?(?:day|week|month)\b"
    r"|\b(?:\d+(?:-\d+)? ?(?:times|x) )?(?:daily|weekly)\b"
)
_NO_DOSE = (
    r"\b\d+(?:\.\d+)?(?:[- ]?degrees?|[- ](?:years?|weeks?|days?|inch(?:es)?)| ?calories)\b"
    r"|\b\d{1,4} ?[%\u00b0]"
)
_AS_MANY = r"\b(?:amrap|amap|as many (?:reps|repetitions|rounds) as possible|to failure|max(?:imum)? reps?)\b"
_OTHER_SIDE = (
    r"\brepeat (?:it |this |the \w+ )?(?:on|with|to|for) (?:the |your )?"
    r"(?:other|opposite|second|left|right)(?: (?:side|leg|arm|foot|hand))?"
)
# One figure for each set: `12/10/8`, and no name such as 90/90, no angles, no breaths.
_LADDER = (
    rf"(?<![\d/@.:-])(\d{{1,2}}(?:/\d{{1,2}}){{2,}}|\d{{1,2}}(?:/\d{{1,2}})+(?= ?{_REPS}))"
    rf"(?![\d/]|\s?(?:{_UNIT}|breath\w*|kgs?|lbs?)(?![A-Za-z]))(?: ?{_REPS})?"
)
_HIGHEST_STEP = 50
_KILOS = r"(kgs?|kilos?|lbs?|pounds?)\b"
_LENGTHS = r"km|kilomet(?:er|re)s?|met(?:er|re)s?|mtr|miles?|mi|yards?"
_MOST_MINUTES, _FEW_MINUTES = 60, 10
_MOST_LAYERS = 8


_MANY = ("as many", "")
_EACH_SIDE = ("sides", "each")
_LEFT_FIRST, _RIGHT_FIRST = ("sides", "[left, right]"), ("sides", "[right, left]")


def _plain_range(text: str) -> str:
    """`8-12` of `8 to 12` and of `12 - 8`."""
    return "-".join(sorted(re.findall(r"\d+", text), key=int))


def _time(text: str) -> Pairs:
    """A time by its value; metres where nobody can mean minutes."""
    words = re.sub(r"(?<=\d)-(?=[a-z])", " ", text.strip())
    many = re.fullmatch(r"(\d+)\s?m", words)
    if many and int(many[1]) > _MOST_MINUTES:
        return (("distance", f"{many[1]}m"),)
    proposal = paper.time(words)
    return (("time", proposal.value),) if proposal else ()


def _timed(name: str) -> Callable[[re.Match[str]], Pairs]:
    def read(match: re.Match[str]) -> Pairs:
        return tuple((name, value) for _, value in _time(match[1]))

    return read


def _sets_of(match: re.Match[str]) -> Pairs:
    return ("sets", _plain_range(match[1])), ("reps", _plain_range(match[2]))


def _sets_of_time(match: re.Match[str]) -> Pairs:
    return ("sets", _plain_range(match[1])), *_time_of_a_set(match[2])


def _time_by_sets(match: re.Match[str]) -> Pairs:
    return ("sets", _plain_range(match[2])), *_time_of_a_set(match[1])


def _time_of_a_set(text: str) -> Pairs:
    """As `_time`; 20m of several sets may be metres, and nobody can know."""
    many = re.fullmatch(r"(\d+)\s?m", text.strip())
    return (
        (("unclear", text.strip()),)
        if many and _FEW_MINUTES <= int(many[1]) <= _MOST_MINUTES
        else _time(text)
    )


def _sets_of_distance(match: re.Match[str]) -> Pairs:
    return ("sets", _plain_range(match[1])), *_distance(match[2], match[3])


def _distance_by_sets(match: re.Match[str]) -> Pairs:
    return ("sets", _plain_range(match[3])), *_distance(match[1], match[2])


def _sets_of_many(match: re.Match[str]) -> Pairs:
    return ("sets", _plain_range(match[1])), _MANY


def _ladder(match: re.Match[str]) -> Pairs:
    steps = match[1].split("/")
    return (("reps", f"[{', '.join(steps)}]"),) if max(map(int, steps)) <= _HIGHEST_STEP else ()


def _pace(match: re.Match[str]) -> Pairs:
    return (("pace", f"{match[1]}/{'km' if match[2].lower().startswith('k') else 'mi'}"),)


def _one_side(match: re.Match[str]) -> Pairs:
    side = next(filter(None, match.groups())).lower()
    return (("sides", "left" if side.startswith("l") else "right"),)


def _on_and_off(match: re.Match[str]) -> Pairs:
    sets, *both = match.groups()
    on, off = (text if re.search(r"[a-z:]", text) else f"{text}s" for text in both)
    return (
        *((("sets", _plain_range(sets)),) if sets else ()),
        *(("for", value) for _, value in _time(on)),
        *(("rest", value) for _, value in _time(off)),
    )


def _weight(match: re.Match[str]) -> Pairs:
    unit = "kg" if match[2].lower().startswith("k") else "lb"
    steps = [f"{step} {unit}" for step in match[1].split("/")]
    return (("weight", steps[0] if len(steps) == 1 else f"[{', '.join(steps)}]"),)


def _tempo(match: re.Match[str]) -> Pairs:
    phases = paper.phases(match[1])
    return (("tempo", phases),) if phases else ()


def _far(match: re.Match[str]) -> Pairs:
    return _distance(match[1], match[2])


def _distance(figure: str, unit: str) -> Pairs:
    written = f"{figure} {'m' if unit.lower() == 'mtr' else unit.lower()}"
    return (("distance", written),) if distances.read_distance(written) else ()


def _sided(match: re.Match[str]) -> Pairs:
    return ("reps", _plain_range(match[1])), ("sides", "each")


def _both(*pairs: tuple[str, str]) -> Callable[[re.Match[str]], Pairs]:
    return lambda _: pairs


def _first(name: str) -> Callable[[re.Match[str]], Pairs]:
    """A count by whichever part of a pattern has it."""
    return lambda match: ((name, _plain_range(next(filter(None, match.groups())))),)


def _breaths(match: re.Match[str]) -> Pairs:
    return (("hold", f"{_plain_range(match[1])} breaths"),)


# The first that fits takes its words, so what is longer stands before what is a part of it.
_ROWS: tuple[tuple[str, Callable[[re.Match[str]], Pairs]], ...] = (
    # How often a week, angles, ages and the like are no doses.
    (_OFTEN, _both()),
    (r"\b(?:\d+(?:-\d+)? )?(?:days?|weeks?|months?) (?:a|per|each|every) (?:week|month)\b", _both()),
    (_NO_DOSE, _both()),
    (rf"\b{_R} ?(?:sets? (?:of|x)|x) ?(?:{_AS_MANY})", _sets_of_many),
    (_AS_MANY, _both(_MANY)),
    (r"(?:@|\bat\b)?\s?\b(\d{1,2}:[0-5]\d) ?(?:min)? ?(?:/|per) ?(km|mi|mile)\b", _pace),
    (rf"{_SO_OFTEN}?{_BARE}\s?(?:on|work)\b[\s,/]+{_BARE}\s?(?:off|rest)\b", _on_and_off),
    (rf"\brest(?:ing)?(?: for| of|{_BETWEEN})*[\s:-]*(?:about )?{_T}{_BETWEEN}?", _timed("rest")),
    (rf"{_T}(?: of)? (?:rest|recovery|pause|break|off)\b{_BETWEEN}?", _timed("rest")),
    (rf"@?\s?\b(\d{{1,3}}(?:\.\d{{1,2}})?(?:/\d{{1,3}}(?:\.\d{{1,2}})?)+) ?{_KILOS}", _weight),
    (r"(?:\btempo:?|@)\s?(\d{1,2}(?:[-/]\d{1,2}){1,3}|\d{3,4})\b(?! ?(?:kg|lb))", _tempo),
    (rf"@?\s?\b(\d{{1,3}}(?:\.\d{{1,2}})?) ?{_KILOS}", _weight),
    (rf"(?:{_STAY})?\b{_R} {_DEEP}breaths?\b", _breaths),
    (rf"\b{_R} ?(?:sets? (?:of|x)|x) ?{_T}", _sets_of_time),
    (rf"{_T} ?x ?{_R}{_ALONE}", _time_by_sets),
    (rf"\b{_R} ?(?:sets? (?:of|x)|x) ?(\d{{1,3}}(?:\.\d{{1,2}})?) ?({_LENGTHS})\b", _sets_of_distance),
    (rf"\b(\d{{1,3}}(?:\.\d{{1,2}})?) ?({_LENGTHS}) ?x ?{_R}{_ALONE}", _distance_by_sets),
    (_LADDER, _ladder),
    (rf"\b{_R} ?(?:sets?|rounds?) (?:of|x) ?{_R}{_ALONE}(?: ?{_REPS})?", _sets_of),
    (rf"\b{_R} ?x ?{_R}{_ALONE}(?: ?{_REPS})?", _sets_of),
    (rf"\b{_R} ?sets?\b(?: of\b|,)?|\bsets?: ?{_R}", _first("sets")),
    (rf"\b{_R} ?rounds?\b(?: of\b)?", _first("rounds")),
    (rf"\brepeat {_ALL_OF_IT}{_R} (?:times|x)\b", _first("rounds")),
    (rf"\bhold(?:s|ing)?\b:?{_WHAT}{_T}", _timed("hold")),
    (rf"{_T} (?:isometric )?holds?\b", _timed("hold")),
    (rf"\b{_R} ?{_REPS}|\b(?:reps|repetitions): ?{_R}{_ALONE}", _first("reps")),
    (rf"\b{_R} ?{_EACH}", _sided),
    (rf"\b{_R} ?times\b|(?<![\w/-])x ?{_R}{_ALONE}|\b{_R} ?x(?![\w/-])", _first("reps")),
    (rf"\b(\d{{1,3}}(?:\.\d{{1,2}})?) ?({_LENGTHS})\b", _far),
    (_T, lambda match: _time(match[1])),
    (rf"\bright{_BEFORE}(?: (?:the )?left)?|\bright,? then left\b", _both(_RIGHT_FIRST)),
    (rf"\bleft{_BEFORE}(?: (?:the )?right)?|\bleft,? then right\b", _both(_LEFT_FIRST)),
    (rf"\ball (?:the )?(?:reps|repetitions|sets) on one {_LIMB}", _both(_LEFT_FIRST)),
    (_EACH, _both(_EACH_SIDE)),
    (_OTHER_SIDE, _both(_EACH_SIDE)),
    (r"\b(?:alternat(?:e|ing)|alt\.)(?: (?:sides|legs|arms|left and right))?", _both(("sides", "alternate"))),
)
_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), read) for pattern, read in _ROWS)
# What is said of sides beside a dose; in a sentence both legs are lifted, and one looks left and right.
_OF_A_ROW = tuple(
    (re.compile(pattern, re.IGNORECASE), read)
    for pattern, read in (
        (rf"\b(left|right|l|r)(?: {_LIMB})? only\b|\bonly (?:the )?(left|right)\b(?: {_LIMB})?", _one_side),
        (
            r"\bl ?[/&+] ?r\b|\bleft ?(?:&|\+|/|and) ?right\b|\bright ?(?:&|\+|/|and) ?left\b",
            _both(_EACH_SIDE),
        ),
        (rf"(?:[,(]\s*|\b(?:on|for) )both {_LIMB}\)?", _both(_EACH_SIDE)),
    )
)
_ZERO = re.compile(r"0+(?:[.,]0+)?[a-z]*|0?0:00")
# What says how often a day or a week.
OFTEN = re.compile(_OFTEN, re.IGNORECASE)
_DOSES = frozenset({"time", "for", "hold", "reps", "distance"})
# One field of a sort: the first that is stated counts, another is told.
_SORTS = {"time": "time", "hold": "time", "for": "time"}
_LEADING = re.compile(r"^\d{1,3}(?= [A-Za-z][a-z]+)")
_TRAILING = re.compile(r"(?<=[a-z)]) (\d{1,4}(?:-\d{1,4})?)$")
_EDGES = re.compile(
    r"^[\s\-:|,.;@x/+*_#\u2022=]+(?=\W|[A-Z]|\s|$)|^(?:of|for|with|and|then|about|approximately|on"
    r"|at|do)\b|[\s\-:|,;@/+*_=(]+$|\b(?:of|for|with|and|about|approximately|at|on|x|to)$"
    r"|\([\s,;/-]*\)",
    re.IGNORECASE,
)
# Commas between which an amount stood.
_STRAY = re.compile(r"\s*,(?:\s*,)*")


@dataclass(frozen=True, slots=True)
class Amounts:
    """What a phrase states, by field: `time` is one that `hold` or `for` takes.

    `left` is the phrase without it, `odd` the figures with letters in them and how they were read,
    `other` what is stated beside a dose that stands already, `asked` what nobody can know.
    """

    fields: tuple[tuple[str, str], ...]
    left: str
    odd: tuple[tuple[str, str], ...] = ()
    other: tuple[tuple[str, str], ...] = ()
    asked: tuple[str, ...] = ()

    @property
    def has_dose(self) -> bool:
        """Whether it says how much."""
        return any(name in _DOSES or name == "sets" for name, _ in self.fields)


def mended(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The text with figures for the letters among figures, and each of those with how it was read."""
    odd = tuple((match[0], match[0].translate(_LETTERS)) for match in _ODD_FIGURE.finditer(text))
    return _ODD_FIGURE.sub(lambda match: match[0].translate(_LETTERS), text), odd


def read(phrase: str, *, is_row: bool = False) -> Amounts:
    """The amounts of a phrase; `is_row` where it is an exercise of a list, in which `10 squats` is a dose."""
    text, odd = mended(phrase.translate(_SIGNS))
    text = _NUMBER_WORD.sub(lambda match: _WORDS[match[0].lower()], text)
    text = _A_MINUTE.sub("1", text)
    found: list[tuple[str, str]] = []
    for pattern, reader in (*_PATTERNS, *(_OF_A_ROW if is_row else ())):
        text = pattern.sub(lambda match, reader=reader: found.extend(reader(match)) or " ", text)  # type: ignore[misc]
    left = cleaned(text)
    asked = [asking.AS_MANY] if ("as many", "") in found else []
    asked += [asking.METRES.format(value) for name, value in found if name == "unclear"]
    found = [
        (name, value)
        for name, value in found
        if name != "unclear" and value and (name == "rest" or not _ZERO.fullmatch(value))
    ]
    has_dose = any(name in _DOSES for name, _ in found)
    if is_row and not has_dose and not asked:
        left, more, question = _bare(left)
        found += more
        asked += question
    fields, other = _sorted(found)
    return Amounts(fields, left, odd, other, tuple(asked))


def _bare(left: str) -> tuple[str, list[tuple[str, str]], list[str]]:
    """`10 squats` is ten of them; what `squats 10` is nobody can know."""
    leading, trailing = _LEADING.match(left), _TRAILING.search(left)
    if leading:
        return left[leading.end() :].strip(), [("reps", leading[0])], []
    if trailing:
        return cleaned(left[: trailing.start()]), [], [asking.NO_UNIT.format(trailing[1])]
    return left, [], []


def _sorted(found: list[tuple[str, str]]) -> tuple[Pairs, Pairs]:
    """The first of each sort, and the others; repetitions beside a movement for time are another dose."""
    fields: dict[str, tuple[str, str]] = {}
    other = []
    for name, value in found:
        sort = _SORTS.get(name, name)
        if sort not in fields:
            fields[sort] = (name, value)
        elif fields[sort] != (name, value) and fields[sort][1] != value:
            other.append((name, value))
        elif name != "time":
            fields[sort] = (name, value)
    if fields.get("time", ("hold",))[0] != "hold" and "reps" in fields:
        other.append(fields.pop("reps"))
    return tuple(fields.values()), tuple(other)


def cleaned(text: str) -> str:
    """What is left of a phrase as a name, without what joined it to its amounts."""
    for _ in range(_MOST_LAYERS):
        spaced = _STRAY.sub(",", " ".join(text.split()))
        before, text = text, _EDGES.sub("", spaced).strip()
        if text == before:
            break
    return text
