"""What YAML stumbled over, in the words of whoever wrote it.

YAML says where it could not go on; the slip is often before that. Each hint looks for one kind of slip
near that place, and the first that finds its own says where it is and how it is mended.
"""

from __future__ import annotations

import contextlib
import re
from itertools import islice
from typing import TYPE_CHECKING

import yaml

from audiocoach.errors import Position, Problem, quote
from audiocoach.records import dataclass
from audiocoach.routine.slips import straight
from audiocoach.routine.source import LOADER, TOO_DEEP

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Hint = tuple[int, int, str]

_MOST_SHOWN = 60
# Their values are names and numbers, so that a colon in one is the next field's.
_TERSE = frozenset(
    {"do", "for", "reps", "hold", "breaths", "sets", "rest", "switch", "ready", "tempo", "breath", "sides"}
    | {"ways", "level", "cues", "tones", "every", "pause", "repeat"}
)
_LISTS = frozenset({"session", "items", "steps", "reminders", "include", "tags", "equipment"})
_TWO_FIELDS = re.compile(r"(.+?)[,;]? ([a-z_]+): (.+)")
_LIST_BESIDE_ITS_FIELD = re.compile(r"""^\s*(?:- )?([a-z_]+): +(- .*|-)$""")
_QUOTED_VALUE = re.compile(r"""^\s*(?:- )?([\w-]+): +((["']).*?)\s*$""")
_WHOLE_QUOTE = re.compile(r"""(?:'(?:[^']|'')*'|"(?:[^"\\]|\\.)*")(?:\s+#.*)?""")
_FLOW_VALUE = re.compile(r"""[{,] *([\w-]+): +([^"'\[{,}][^,}\]]*)""")
_COMMENT = re.compile(r"""[{,] *([\w-]+): +([^"'\[{,}\]#]+ #[^,}\]]*)""")
_PLAIN_VALUE = re.compile(r"""^(\s*(?:- )?)([\w-]+): +([^"'\[{|>#\n].*?)\s*$""")
_APOSTROPHE = re.compile(
    r"""([\w-]+): +'((?:[^'{}\[\]]|(?<=\w)'(?=\w))*(?<=\w)'\w[^'{}\[\]]*)'(?=\s*(?:[,}\]#]|$))"""
)
_NO_SPACE_BEHIND_COLON = re.compile(r"""^(\s*(?:- )?)([a-z_]+):([^\s:/][^:]*)$""")
_NO_SPACE_BEHIND_DASH = re.compile(r"""^(\s*)-([a-z_]+: .*|[a-z_]+:)$""")
_NO_COLON = re.compile(r"""^(\s*(?:- )?)([a-z_][\w-]*)(?: +([^:]+))?$""")
_FIELD = re.compile(r"""^\s*(?:- )?[\w-]+:(?: +(.*))?$""")
_DASHED = re.compile(
    r"""^( *)(?:-(?=[{\["'A-Za-z])|[\u2010-\u2015\u2212] *(?=[^\s\u2010-\u2015\u2212]))(.*)$"""
)
_BEHIND_A_QUOTE = re.compile(r"""(["'])(?:(?!\1).)*\1\s+$""")
_NEXT_FIELD = re.compile(r"""[a-z_]+: """)
_QUOTE_AND_FIELD = re.compile(r"""((["'])(?:(?!\2).)*\2)[,;]? +([a-z_]+: .+)""")
_VALUED = re.compile(r"""^( *)([a-z_]+): +(.+)$""")
_NO_BREAK_SPACE = "\u00a0"
_NEW_LINE_OF_ITS_OWN = re.compile(r"""^\s*(?:- |-$|["']?[\w-]+["']?:(?: |$))""")
_CLOSES = {"{": "}", "[": "]"}
_OPENS = ("[", "{", "'", '"')
_OPENING = (yaml.FlowSequenceStartToken, yaml.FlowMappingStartToken)
_ENDING = (yaml.FlowSequenceEndToken, yaml.FlowMappingEndToken)
_CLOSING = frozenset(_CLOSES.values())


@dataclass(frozen=True, slots=True)
class _Stop:
    """Where YAML could not go on, and what it was reading there; lines and columns count from 0."""

    lines: tuple[str, ...]
    line: int
    column: int
    opened: tuple[int, int] | None
    found: str
    context: str

    @property
    def here(self) -> str:
        """The line."""
        return self.text(self.line)

    def text(self, number: int) -> str:
        """A line, empty where there is none."""
        return self.lines[number] if 0 <= number < len(self.lines) else ""

    def before(self) -> Iterator[tuple[int, str]]:
        """The lines before it from the nearest on, less empty ones and comments."""
        for number in range(min(self.line, len(self.lines)) - 1, -1, -1):
            if self.lines[number].strip() and not self.lines[number].lstrip().startswith("#"):
                yield number, self.lines[number]


def syntax_problem(text: str, shown: str, error: yaml.MarkedYAMLError) -> Problem:
    """What to tell of a text that is no YAML, at the place that has to be mended."""
    stop = _stop(text, error)
    line, column, message = next(
        (hint for find in _HINTS if (hint := find(stop))), (stop.line, stop.column, _plain(stop))
    )
    line, column = _inside(stop.lines, line, column)
    return Problem(Position(shown, line + 1, column + 1), message, code="bad-yaml")


def _inside(lines: tuple[str, ...], line: int, column: int) -> tuple[int, int]:
    """The place, or the last that holds anything where it lies behind that."""
    last = max((number for number, text in enumerate(lines) if text.strip()), default=0)
    if line > last:
        return last, max(0, len(lines[last].rstrip()) - 1)
    return line, min(column, len(lines[line]))


def _stop(text: str, error: yaml.MarkedYAMLError) -> _Stop:
    mark, opened = error.problem_mark or error.context_mark, error.context_mark
    return _Stop(
        tuple(text.split("\n")),
        mark.line if mark else 0,
        mark.column if mark else 0,
        (opened.line, opened.column) if opened else None,
        error.problem or "it cannot be read",
        error.context or "",
    )


def _plain(stop: _Stop) -> str:
    """What YAML itself says."""
    where = stop.here.strip()
    where = where if len(where) <= _MOST_SHOWN else f"{where[:_MOST_SHOWN]}…"
    context = f" {stop.context}" if stop.context else ""
    return f"this is no YAML: {stop.found}{context}" + (f", at `{where}`" if where else "")


def _too_deep(stop: _Stop) -> Hint | None:
    # Newer versions of libyaml read ahead, and have a limit of their own.
    return (stop.line, stop.column, TOO_DEEP) if "nesting depth" in stop.found else None


def _list_beside_its_field(stop: _Stop) -> Hint | None:
    """`session: - do: bridge`."""
    match = _LIST_BESIDE_ITS_FIELD.match(stop.here)
    if not match or match[1] not in _LISTS:
        return None
    message = f"a list begins on a line of its own: write `{match[1]}:` and below it `  {match[2]}`"
    return stop.line, match.start(2), message


def _wrong_bracket(stop: _Stop) -> Hint | None:
    """A bracket that closes another one than was opened, or none."""
    bracket = stop.here[stop.column : stop.column + 1]
    if bracket not in _CLOSING:
        return None
    if "flow" not in stop.context:
        return stop.line, stop.column, f"`{bracket}` closes nothing here: leave it out"
    opened = stop.text(stop.opened[0])[stop.opened[1]] if stop.opened else ""
    if _CLOSES.get(opened, bracket) == bracket:
        return None
    where = f"line {stop.opened[0] + 1}, column {stop.opened[1] + 1}" if stop.opened else ""
    message = f"expected `{_CLOSES[opened]}`, which closes the `{opened}` of {where}, found `{bracket}`"
    return stop.line, stop.column, message


def _to_be_quoted(stop: _Stop) -> Hint | None:
    for number in dict.fromkeys((stop.line, stop.opened[0] if stop.opened else stop.line)):
        hint = _quoting_hint(stop.text(number), stop.column)
        if hint:
            return stop.line, stop.column, f"YAML cannot read this line: {hint}"
    return None


def _quoting_hint(line: str, column: int) -> str:
    inside = _hint_in_braces(line, column)
    if inside:
        return inside
    match = _PLAIN_VALUE.match(line)
    if match:
        _, key, value = match.groups()
        if key in _TERSE and (two := _TWO_FIELDS.fullmatch(value)):
            return f"several fields on one line need braces: {{{key}: {two[1]}, {two[2]}: {two[3]}}}"
        if ": " in value or value.endswith(":") or value[0] in "%@`&*!?-":
            return f"quote the text: {key}: {quote(straight(value))}"
    return _hint_behind_a_quote(line)


def _hint_behind_a_quote(line: str) -> str:
    """A quoted text that goes on behind its closing quote."""
    match = _QUOTED_VALUE.match(line)
    if (
        not match
        or len(match[2]) > _MOST_SHOWN
        or _WHOLE_QUOTE.fullmatch(match[2])
        or match[2].count(match[3]) == 1
    ):
        return ""
    key, value, mark = match.groups()
    two = _QUOTE_AND_FIELD.fullmatch(value)
    if two:
        return f"several fields on one line need braces: {{{key}: {two[1]}, {two[3]}}}"
    text = value[1:-1] if value.endswith(mark) else value.replace(mark, "")
    return f"the text goes on behind its closing quote: quote all of it: {key}: {quote(text)}"


def _hint_in_braces(line: str, column: int) -> str:
    """Inside `{…}`: the value that holds the colon at which YAML stopped."""
    for match in _FLOW_VALUE.finditer(line):
        key, value = match.groups()
        if not (match.start(2) <= column <= match.end(2) and ": " in value):
            continue
        two = _TWO_FIELDS.fullmatch(value.strip())
        if key in _TERSE and two:
            return f"a comma is missing: {key}: {two[1]}, {two[2]}: {two[3]}"
        return f"quote the text: {key}: {quote(straight(value.strip()))}"
    return ""


def _tab(stop: _Stop) -> Hint | None:
    if "\t" not in stop.here[: stop.column + 1]:
        return None
    return stop.line, stop.column, "expected spaces, found a tab at the start of the line"


def _comment_in_brackets(stop: _Stop) -> Hint | None:
    """`{name: T-spine #2, setup: Lie down.}`, where the comment takes the closing bracket along."""
    if not stop.opened:
        return None
    line, column = stop.opened
    text = stop.text(line)
    bracket = _CLOSES.get(text[column : column + 1])
    match = next(_COMMENT.finditer(text, column), None)
    if bracket is None or match is None or bracket not in text[match.end(2) :]:
        return None
    field = f"{match[1]}: {quote(match[2].strip())}"
    message = f"` #` begins a comment, which takes the `{bracket}` along: quote it: {field}"
    return line, match.start(2), message


def _open_to_the_end(stop: _Stop) -> Hint | None:
    rest = "".join(stop.lines[stop.line :])[stop.column :].strip()
    at_the_end = "flow" in stop.context and not rest
    if not stop.opened or not ("end of stream" in stop.found or at_the_end):
        return None
    line, column = stop.opened
    is_one = stop.text(line)[column : column + 1] in _OPENS
    return *(stop.opened if is_one else _last_open(stop)), "a quote or bracket opens here and is never closed"


def _last_open(stop: _Stop) -> tuple[int, int]:
    """The last bracket that is open at the end: behind it there is nothing, and YAML names the end."""
    open_ones: list[tuple[int, int]] = []
    with contextlib.suppress(yaml.MarkedYAMLError):
        for token in yaml.scan("\n".join(stop.lines), Loader=LOADER):
            if isinstance(token, _OPENING):
                open_ones.append((token.start_mark.line, token.start_mark.column))
            elif isinstance(token, _ENDING) and open_ones:
                open_ones.pop()
    return open_ones[-1] if open_ones else (stop.line, stop.column)


def _apostrophe(stop: _Stop) -> Hint | None:
    """`'Don't lift'`."""
    match = _APOSTROPHE.search(stop.here)
    if not match:
        return None
    mended = f"{match[1]}: {quote(match[2])}"
    message = f"an apostrophe ends this text: put it between double quotes: {mended}"
    return stop.line, match.start(2) - 1, message


def _no_comma(stop: _Stop) -> Hint | None:
    """`{say: "Lie down." pause: 5s}`."""
    before, behind = stop.here[: stop.column], stop.here[stop.column :]
    quoted = _BEHIND_A_QUOTE.search(before)
    if "flow" not in stop.context or not quoted or not _NEXT_FIELD.match(behind):
        return None
    field = re.split(r"[,}]", behind)[0].strip()
    return stop.line, stop.column, f"a comma is missing: {quoted[0].strip()}, {field}"


def _dash(stop: _Stop) -> Hint | None:
    """`-{do: bridge}`, or the long dash that a word processor makes of a plain one."""
    for number, line in ((stop.line, stop.here), *islice(stop.before(), 1)):
        match = _DASHED.match(line)
        if match and not _NO_SPACE_BEHIND_DASH.match(line):
            sign, mended = line.lstrip()[0], f"- {match[2].strip()}"
            long = f"expected a plain dash and a space, found `{sign}`: write `{mended}`"
            return number, len(match[1]), f"a space is missing: {mended}" if sign == "-" else long
    return None


def _beside_its_item(stop: _Stop) -> Hint | None:
    """Fields of an item that begin no further in than its dash: `- do: bridge` and below the dash `for: 30s`.

    YAML stops there, or at the next item.
    """
    run = [(stop.line, stop.here)] if _VALUED.match(stop.here) else []
    item: tuple[int, str] | None = None
    for number, line in stop.before():
        if not _VALUED.match(line):
            item = (number, line) if line.lstrip().startswith("- ") else None
            break
        run.append((number, line))
    dash, is_item = _margin(item[1]) if item else -1, stop.here.lstrip().startswith("- ")
    number, line = next(((at, line) for at, line in reversed(run) if _margin(line) <= dash), (0, ""))
    if item is None or not line or (is_item and _margin(stop.here) != dash):
        return None
    return number, _margin(line), _further(line.strip(), _margin(line), *item)


def _margin(line: str) -> int:
    return len(line) - len(line.lstrip())


def _further(field: str, spaces: int, number: int, item: str) -> str:
    """Where a field has to stand that belongs to an item."""
    body = item.lstrip(" -")
    if body.startswith("{"):
        return f"the braces of line {number + 1} close before this: expected it inside them, or `- {field}`"
    wanted = f"{len(item) - len(body)}, as `{body.split(':')[0]}` in line {number + 1}"
    return f"this line begins with {_spaces(spaces)}: expected {wanted}"


def _open_past_its_line(stop: _Stop) -> Hint | None:
    """A bracket of an earlier line, where the next field or item has a line of its own."""
    if not stop.opened or "flow" not in stop.context or stop.opened[0] >= stop.line:
        return None
    bracket = stop.text(stop.opened[0])[stop.opened[1] : stop.opened[1] + 1]
    if bracket not in _CLOSES or not _NEW_LINE_OF_ITS_OWN.match(stop.here):
        return None
    missing = f"expected `{_CLOSES[bracket]}` or a comma before line {stop.line + 1}"
    return *stop.opened, f"`{bracket}` opens here and is not closed: {missing}"


def _no_space(stop: _Stop) -> Hint | None:
    """`do:bridge` or `-do: bridge`, which YAML takes for one word until it meets the next line's colon."""
    for number, line in ((stop.line, stop.here), *islice(stop.before(), 1)):
        for pattern, written in ((_NO_SPACE_BEHIND_COLON, "{1}: {2}"), (_NO_SPACE_BEHIND_DASH, "- {1}")):
            match = pattern.match(line)
            if match:
                mended = written.format(*(part.strip() for part in match.groups()))
                return number, len(match[1]), f"a space is missing: {mended}"
    return None


def _no_break_space(stop: _Stop) -> Hint | None:
    """It looks like a space, and YAML takes it for a letter."""
    for number, line in ((stop.line, stop.here), *islice(stop.before(), 1)):
        if _NO_BREAK_SPACE in line:
            return number, line.index(_NO_BREAK_SPACE), "a no-break space stands here: write a plain one"
    return None


def _no_colon(stop: _Stop) -> Hint | None:
    """`title T`, which YAML takes for a text until it meets the next line's colon."""
    if "mapping values" in stop.found:
        number, line, *_ = next(stop.before(), (0, ""))
    elif "expected ':'" in stop.found and stop.opened:
        number, line = stop.opened[0], stop.text(stop.opened[0])
    else:
        return None
    match = _NO_COLON.match(line)
    if not match or _goes_on(stop, number):
        return None
    space, key, value = match.groups()
    return number, len(space), f"a colon is missing: {key}: {value or ''}".rstrip()


def _goes_on(stop: _Stop, number: int) -> bool:
    """Whether a line goes on with the text of the field before it."""
    earlier = next((line for at, line in stop.before() if at < number), "")
    field, line = _FIELD.match(earlier), stop.text(number)
    is_further_in = len(line) - len(line.lstrip()) > len(earlier) - len(earlier.lstrip(" -"))
    return bool(field and field[1]) and is_further_in


def _further_in(stop: _Stop) -> Hint | None:
    """A field that stands further in than the one before it, which has a value already."""
    number, line, *_ = next(stop.before(), (0, ""))
    field, spaces = _FIELD.match(line), len(stop.here) - len(stop.here.lstrip())
    wanted = len(line) - len(line.lstrip(" -"))
    if "mapping values" not in stop.found or not _FIELD.match(stop.here) or not field or spaces <= wanted:
        return None
    message = f"this line begins with {_spaces(spaces)}: expected {wanted}, as line {number + 1}"
    return stop.line, spaces, message


def _list_among_fields(stop: _Stop) -> Hint | None:
    """Items where a field is expected: `items:` was left out, or they stand too far in."""
    if "expected key" not in stop.found or not stop.here.lstrip().startswith("- "):
        return None
    message = "a list begins here, among fields: expected a field such as `items:` before it, or fewer spaces"
    return stop.line, stop.column, message


def _indented(stop: _Stop) -> Hint | None:
    """A line that stands neither below the one before nor below one that this belongs to."""
    if "block" not in stop.context:
        return None
    spaces = len(stop.here) - len(stop.here.lstrip())
    open_ones = set(_indents(stop))
    if not open_ones or spaces in open_ones:
        return None
    nearest = min(abs(one - spaces) for one in open_ones)
    wanted = " or ".join(str(one) for one in sorted(open_ones) if abs(one - spaces) == nearest)
    message = f"this line begins with {_spaces(spaces)}: expected {wanted}, as lines before it"
    return stop.line, stop.column, message


def _spaces(count: int) -> str:
    return "1 space" if count == 1 else f"{count} spaces"


def _indents(stop: _Stop) -> Iterator[int]:
    """How far in the fields stand that are open before this line, from the innermost on."""
    least = len(stop.here) + len(stop.text(stop.line - 1)) + 1
    for _, line in stop.before():
        dash = len(line) - len(line.lstrip())
        field = len(line) - len(line.lstrip(" -"))
        for indent in dict.fromkeys((field, dash)):
            if indent < least:
                least = indent
                yield indent


_HINTS: tuple[Callable[[_Stop], Hint | None], ...] = (
    _too_deep,
    _no_break_space,
    _list_beside_its_field,
    _wrong_bracket,
    _to_be_quoted,
    _tab,
    _comment_in_brackets,
    _open_to_the_end,
    _apostrophe,
    _no_comma,
    _dash,
    _beside_its_item,
    _open_past_its_line,
    _no_space,
    _no_colon,
    _further_in,
    _list_among_fields,
    _indented,
)
