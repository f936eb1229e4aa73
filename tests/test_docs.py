"""What the documentation shows is true: its examples work, its links lead somewhere, nothing is left out."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from audiocoach import assets
from audiocoach.cli import cli
from audiocoach.coaching import unroll
from audiocoach.coaching.estimate import estimate_ms
from audiocoach.errors import InputError
from audiocoach.making.sessions import open_session, timeline_of
from audiocoach.publish.preview import as_text
from audiocoach.routine import parser, source, values, wordings
from audiocoach.store.options import Overrides
from tests.every import every

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from audiocoach.coaching.timeline import Utterance
    from audiocoach.routine.form import Field
    from audiocoach.routine.model import LevelName

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "routine-format.md"
TEXT = PAGE.read_text(encoding="utf-8")
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
LEVELS: tuple[LevelName, ...] = ("gentle", "standard", "strong")
MEASURES: dict[str, Callable[[Utterance], int]] = {"a second": lambda _: 1000, "an estimate": estimate_ms}
COMMANDS: dict[str, Any] = dict(cli.commands)  # as `Any`: click has two classes of parameters

every_page = every(PAGES)


@dataclass(frozen=True, slots=True)
class Fence:
    """A fenced block: what stands after its three backticks, its text, and the line it begins in."""

    info: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Example:
    """A block of YAML, and what the page says that it leads to (`""`: nothing is shown).

    The word after `yaml` says what the block is: nothing for a whole routine, `fields` or `items` for
    some of one, `wrong` for what must fail and `noted` for what works with the notes shown,
    `library PATH` for a file that the others include.
    """

    kind: str
    text: str
    line: int
    shown: str

    def __repr__(self) -> str:
        return f"line {self.line}"

    @property
    def whole(self) -> str:
        """The block as a routine; what it lacks comes after it, so that its lines keep their numbers."""
        text = self.text
        if self.kind == "items":
            text = "session:\n" + re.sub(r"^(?=.)", "  ", text, flags=re.MULTILINE)
        if self.kind:
            text += "" if has(text, "title") else "title: Example\n"
            text += "" if has(text, "session") else "session: [{say: Hello.}]\n"
            text += "" if has(text, "moves") else stubs(text)
        return text


def has(text: str, field: str) -> bool:
    return re.search(rf"^{field}:", text, re.MULTILINE) is not None


def stubs(text: str) -> str:
    """Moves without a word, for every key that is done."""
    keys = dict.fromkeys(re.findall(r"\bdo: ([\w-]+)", text))
    return f"moves: {{{', '.join(f'{key}: {{}}' for key in keys)}}}\n"


def fences(page: Path) -> Iterator[Fence]:
    text = page.read_text(encoding="utf-8")
    for found in re.finditer(r"^```(.*)\n((?:.*\n)*?)^```$", text, re.MULTILINE):
        yield Fence(found[1].strip(), found[2], text[: found.start()].count("\n") + 1)


def examples(page: Path) -> Iterator[Example]:
    blocks = list(fences(page))
    for block, after in zip(blocks, (*blocks[1:], None), strict=True):
        language, _, kind = block.info.partition(" ")
        if language == "yaml":
            shown = after.text if after and after.info == "text" else ""
            yield Example(kind, block.text, block.line, shown)


ALL = tuple(examples(PAGE))
LIBRARIES = {
    example.kind.removeprefix("library "): example.text
    for example in ALL
    if example.kind.startswith("library ")
}


def of(*kinds: str) -> tuple[Example, ...]:
    return tuple(one for one in ALL if one.kind in kinds)


@pytest.fixture(autouse=True)
def _in_a_folder_with_the_libraries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in LIBRARIES.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")


def told(text: str, measure: Callable[[Utterance], int], level: LevelName | None = None) -> tuple[str, str]:
    """The script of a routine, and all that `check` has to say of it."""
    path = Path("routine.yaml")
    path.write_text(text, encoding="utf-8")
    try:
        timeline = timeline_of(open_session(path, Overrides(level)), measure)
    except InputError as error:
        return "", f"{error}\n"
    return as_text(timeline), "".join(f"{note}\n" for note in timeline.notes)


# -- the examples -------------------------------------------------------------------------------


def test_every_block_is_of_a_kind_that_is_tested() -> None:
    kinds = {one.kind for one in ALL} - {f"library {name}" for name in LIBRARIES}
    assert kinds == {"", "items", "fields", "wrong", "noted"}
    assert {block.info.split()[0] for block in fences(PAGE)} == {"yaml", "text", "sh"}
    outputs = [block for block in fences(PAGE) if block.info == "text"]
    assert [block.text for block in outputs] == [one.shown for one in ALL if one.shown]


@every(product(of("", "items", "fields"), LEVELS, MEASURES))
def test_an_example_works(case: tuple[Example, LevelName, str]) -> None:
    example, level, measure = case
    script, problems = told(example.whole, MEASURES[measure], level)
    assert script
    assert not problems


@every(one for one in of("") if one.shown)
def test_what_the_coach_says_is_what_is_shown(example: Example) -> None:
    script, _ = told(example.whole, estimate_ms)
    assert example.shown in script


@every(of("wrong"))
def test_a_mistake_is_told_as_shown(example: Example) -> None:
    script, problems = told(example.whole, estimate_ms)
    assert not script
    assert problems == example.shown


@every(of("noted"))
def test_a_note_is_told_as_shown(example: Example) -> None:
    script, problems = told(example.whole, estimate_ms)
    assert script
    assert problems == example.shown


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_library_is_included_by_an_example(library: str) -> None:
    assert any(f"include: [{library}]" in one.text for one in ALL)


def test_the_examples_of_the_readme_work() -> None:
    for example in examples(ROOT / "README.md"):
        if has(example.text, "title") and has(example.text, "session"):
            script, problems = told(example.text, estimate_ms)
            assert script, problems


# -- nothing is left out, nothing is made up ----------------------------------------------------


def tables(first: str) -> Iterator[set[str]]:
    """What the first column of each table names in backticks, where its head begins like this."""
    for found in re.finditer(rf"^\| {first}.*\n\|[-|]+\n((?:\|.*\n)+)", TEXT, re.MULTILINE):
        cells = [row.split("|")[1] for row in found[1].splitlines()]
        yield {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


def names(fields: tuple[Field[Any], ...]) -> set[str]:
    return {field.name for field in fields}


@pytest.mark.parametrize(
    ("head", "fields"),
    [
        ("field of a `do`", parser.DO_FIELDS),
        ("field of a block", parser.BLOCK_FIELDS),
        ("field of a step", parser.STEP_FIELDS),
        ("field of a routine", parser.ROUTINE_FIELDS),
        ("field of a move", parser.MOVE_FIELDS),
        ("field of a voice", parser.VOICE_FIELDS),
        ("field of `voices`", parser.VOICES_FIELDS),
    ],
)
def test_a_table_of_fields_is_the_parsers(head: str, fields: tuple[Field[Any], ...]) -> None:
    assert list(tables(re.escape(head))) == [names(fields)]


def test_every_field_is_mentioned() -> None:
    every = [value for name, value in vars(parser).items() if name.endswith("_FIELDS")]
    wanted = {name for fields in every for name in names(fields)} | names(parser.TERMS)
    assert {name for name in wanted if not re.search(rf"`{name}\b", TEXT)} == set()


def test_every_placeholder_is_explained() -> None:
    assert list(tables("placeholder")) == [{f"<{name}>" for name in values.PLACEHOLDERS}]
    assert all(f"`<{name}>`" in TEXT for name in values.PHRASE_PLACEHOLDERS)


def test_every_phrase_is_explained() -> None:
    assert list(tables("entry")) == [set(wordings.load("en"))]


def test_every_tone_is_named() -> None:
    assert all(f"`{name}`" in TEXT for name in assets.tones())


@pytest.mark.parametrize(
    "limit",
    [
        *(values.MAX_SPOKEN, values.MAX_LABEL, values.MAX_TIME_MS // 3_600_000),
        *(source.MAX_BYTES, source.MAX_DEPTH, unroll.MAX_STEPS),
    ],
)
def test_the_limits_are_those_of_the_code(limit: int) -> None:
    section = TEXT.partition("\n## Limits\n")[2].partition("\n## ")[0]
    assert re.search(rf"\b{limit:,}\b", section)


# -- links and commands -------------------------------------------------------------------------


@every_page
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        # A code host hands out a file as it is where it is asked for so.
        path, _, anchor = target.removesuffix("?raw=true").partition("#")
        file = (page.parent / path) if path else page
        assert file.exists(), target
        assert not anchor or anchor in anchors(file), target


def anchors(page: Path) -> set[str]:
    """The headings, as a code host makes anchors of them."""
    heads = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


@every_page
def test_scripts_that_are_named_can_be_run(page: Path) -> None:
    for name in set(re.findall(r"\bscripts/[\w.-]*\w", page.read_text(encoding="utf-8"))):
        file = ROOT / name
        assert file.is_file(), name
        assert file.suffix or file.stat().st_mode & 0o111, f"{name} cannot be executed"


@every_page
def test_commands_that_are_shown_exist(page: Path) -> None:
    for block in fences(page):
        if block.info in {"sh", "bash", "shell", "console"}:
            for line in block.text.splitlines():
                check_command(shlex.split(line.removeprefix("$ "), comments=True))


def check_command(words: list[str]) -> None:
    """Each `audiocoach` in a line has a command that exists, with options that it has."""
    name = next((word for word in words if Path(word).name == "audiocoach"), None)
    if name is None:
        return
    wanted = words[words.index(name) + 1 :]
    if not wanted or wanted[0].startswith("-"):
        return
    assert wanted[0] in COMMANDS, words
    known = {flag for option in COMMANDS[wanted[0]].params for flag in option.opts} | {"--help", "-h"}
    options = {word.partition("=")[0] for word in wanted if word.startswith("-")}
    assert options <= known, words
