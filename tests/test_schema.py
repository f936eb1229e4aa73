"""The schema for editors: what it refuses the parser refuses, and it says what the pages say."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from audiocoach.errors import InputError
from audiocoach.routine import parser, show, values
from audiocoach.routine.diagnostics import Diagnostics
from audiocoach.routine.parser import parse_library, parse_routine
from audiocoach.routine.schema import schema_of
from audiocoach.routine.source import Mapping, Scalar, Sequence, compose
from tests.conftest import ROOT
from tests.generate import routines
from tests.test_docs import ALL, Example

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from audiocoach.routine.source import Node

KINDS = ("routine", "library", "show")
VALIDATORS = {kind: Draft202012Validator(schema_of(kind)) for kind in KINDS}
WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}
NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:e[-+]?[0-9]+)?", re.IGNORECASE)
ROUTINES = [path for path in sorted((ROOT / "routines").glob("*.yaml")) if path.name != show.NAME]
GOLDEN = sorted((ROOT / "tests" / "golden").glob("*.yaml"))


def as_editors_read(node: Node | None) -> object:
    """The values of a document in YAML 1.2, core schema."""
    match node:
        case Mapping(entries=entries):
            return {entry.key.text: as_editors_read(entry.value) for entry in entries}
        case Sequence(items=items):
            return [as_editors_read(item) for item in items]
        case Scalar(text=text, quoted=quoted):
            return text if quoted else plain_value(text)
    return None


def plain_value(text: str) -> object:
    if text.lower() in WORDS:
        return WORDS[text.lower()]
    if re.fullmatch(r"[-+]?[0-9]{1,400}", text):
        return int(text)
    if re.fullmatch(r"0x[0-9a-fA-F]{1,400}|0o[0-7]{1,400}", text):
        return int(text, 0)
    return float(text) if NUMBER.fullmatch(text) else text


def refusals(text: str, kind: str = "routine") -> list[str]:
    """What the schema has against a text."""
    node = compose(text, "routine.yaml", Diagnostics())
    return [error.message for error in VALIDATORS[kind].iter_errors(as_editors_read(node))]


def is_refused(text: str) -> bool:
    """Whether the parser alone refuses a routine; what is wrong with its moves is not asked."""
    diagnostics = Diagnostics()
    try:
        node = compose(text, "routine.yaml", diagnostics)
        if node is not None:
            parse_routine(node, diagnostics)
        diagnostics.close()
    except InputError:
        return True
    return False


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_a_schema(kind: str) -> None:
    Draft202012Validator.check_schema(schema_of(kind))


@pytest.mark.parametrize("path", [*ROUTINES, *GOLDEN], ids=lambda path: path.stem)
def test_routines_are_accepted(path: Path) -> None:
    assert refusals(path.read_text("utf-8")) == []


@pytest.mark.parametrize("example", [one for one in ALL if one.kind != "wrong"], ids=str)
def test_the_examples_of_the_page_are_accepted(example: Example) -> None:
    is_library = example.kind.startswith("library ")
    text, kind = (example.text, "library") if is_library else (example.whole, "routine")
    assert refusals(text, kind) == []


def test_a_show_and_libraries_are_accepted() -> None:
    assert refusals((ROOT / "routines" / show.NAME).read_text("utf-8"), "show") == []
    libraries = sorted((ROOT / "routines").glob("moves/*.yaml"))
    assert libraries
    for path in libraries:
        assert refusals(path.read_text("utf-8"), "library") == []


@pytest.mark.parametrize(
    "item",
    [
        "{do: squat, rep: 3}",
        "{do: squat, reps: 0x}",
        "{do: squat, for: 30}",
        "{do: squat, hold: [10s, long]}",
        "{do: squat, hold: []}",
        "{do: squat, sides: both}",
        "{do: squat, level: hard}",
        "{rest: a while}",
        "{tone: gong}",
        "{items: []}",
        "{repeat: 3}",
        "{}",
        "squat",
        "{section: A, items: [{do: squat, tempo: fast}]}",
    ],
)
def test_an_editor_marks_what_is_wrong(item: str) -> None:
    text = f"title: T\nsession: [{item}]\n"
    assert refusals(text)
    assert is_refused(text)


@given(routines())
def test_what_a_coach_could_have_written_is_accepted(text: str) -> None:
    assert refusals(text) == []


JUNK: tuple[Any, ...] = (
    *(None, True, 0, 7, 3120, 101, 2.5, "", " ", "no", "~", "x", "30", "30s", "1:30", "1m30s", "20-30s"),
    *("30s-1m", "3-2", "010", "0x10", "4-6", "4-7-8", "3-1-X-0", "30X0", "10 breaths", " 10s ", " each "),
    *("left,right", "left, , right", ",each", "first  side", " first side ", " full", "1e2", "5.", "٣"),
    *([], [1], ["left", "right"], ["each"], [" left "], [None], {}, {"say": "Hello."}, {"do": 1}, [{}]),
)


@given(routines(), st.data())
def test_what_it_refuses_the_parser_refuses(text: str, data: st.DataObject) -> None:
    tree = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - texts alone
    for _ in range(data.draw(st.integers(1, 2))):
        places = list(places_in(tree))
        holder, key = data.draw(st.sampled_from(places))
        match data.draw(st.sampled_from(("other", "other", "gone", "renamed"))):
            case "other":
                holder[key] = data.draw(st.sampled_from(JUNK))
            case "gone":
                del holder[key]
            case _ if isinstance(holder, dict):
                name = st.sampled_from([*sorted({field.name for field in parser.DO_FIELDS}), "items", "odd"])
                holder[data.draw(name)] = holder.pop(key)
    changed = yaml.dump(tree, sort_keys=False, allow_unicode=True)
    if refusals(changed):
        assert is_refused(changed)


def places_in(tree: object) -> Iterator[tuple[Any, Any]]:
    """Every place in it that holds a value."""
    pairs = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in pairs:
        yield tree, key
        yield from places_in(value)


def test_libraries_too() -> None:
    for text in ("moves: 3", "title: T", "include: [{a: b}]", "moves: {a: {reps: x}}"):
        diagnostics = Diagnostics()
        node = compose(text, "moves.yaml", diagnostics)
        assert node is not None
        parse_library(node, diagnostics)
        assert refusals(text, "library")
        assert diagnostics.failed


def test_every_field_says_what_the_page_says() -> None:
    sets = schema_of("routine")["$defs"]["item"]["anyOf"][0]["properties"]["sets"]
    assert sets["description"] == "how often the dose is done"
    assert schema_of("show")["properties"]["order"]["description"].startswith("the routines (their files'")
    for kind in KINDS:
        for properties in objects_in(schema_of(kind)):
            assert all("description" in body for body in properties.values())


def objects_in(schema: object) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        if isinstance(schema.get("properties"), dict):
            yield schema["properties"]
        for body in schema.values():
            yield from objects_in(body)
    elif isinstance(schema, list):
        for body in schema:
            yield from objects_in(body)


def test_words_to_choose_from_are_the_parsers() -> None:
    level = schema_of("routine")["properties"]["level"]
    assert isinstance(parser.LEVEL.read, values.Choice)
    assert level["anyOf"][0]["enum"] == list(parser.LEVEL.read.allowed)
    assert json.dumps(schema_of("routine")) == json.dumps(schema_of("routine"))
