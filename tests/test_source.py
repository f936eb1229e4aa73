"""Hostile files: one clear sentence with its place, and never a crash or a wait."""

import os
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from audiocoach.errors import InputError, Position, Way, quote
from audiocoach.routine.diagnostics import Diagnostics
from audiocoach.routine.source import Mapping, Node, Scalar, Sequence, compose, is_empty, read_text
from tests.generate import HEAD, problems

DEEP = "nested too deeply: expected at most 64 levels"


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("- " * 25_000, {"1:129"}),
        # From 0.2.6 on libyaml reads ahead, and stops at a limit of its own.
        ("[" * 1_000_000, {"1:65", "1:1001"}),
        ("{a: " * 20_000, {"1:254"}),
        ("? " * 30_000, {"1:129"}),
    ],
    ids=["50 KB of dashes", "1 MB of brackets", "maps in maps", "keys in keys"],
)
def test_1_nesting_bombs_stop_at_the_first_node_too_deep(text: str, places: set[str], tmp_path: Path) -> None:
    (problem,) = problems(text, tmp_path)
    assert problem in {f"{place}: {DEEP}" for place in places}


def test_1_a_line_that_is_no_yaml_is_not_repeated_whole(tmp_path: Path) -> None:
    (problem,) = problems(f"a: 'b' {'c' * 1000}", tmp_path)
    assert problem.endswith("…`")
    assert len(problem) < 200


def test_1_sixty_four_levels_are_read() -> None:
    diagnostics = Diagnostics()
    assert compose("[" * 64 + "]" * 64, "r.yaml", diagnostics) is not None
    assert diagnostics.problems == ()


ALIASES = {
    "- {do: *plank}": ["5:10: aliases are not supported: write the text of *plank again"],
    "- &plank {do: plank}": ["5:5: anchors are not supported: remove &plank"],
    "- {do: plank, <<: {for: 3s}}": ["5:17: merge keys are not supported: write the fields out"],
}


@pytest.mark.parametrize("item", ALIASES)
def test_2_anchors_aliases_and_merge_keys_are_refused(item: str, tmp_path: Path) -> None:
    assert problems(f"{HEAD}  {item}\n", tmp_path) == ALIASES[item]


def test_2_an_alias_bomb_is_told_at_its_first_line(tmp_path: Path) -> None:
    rows = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40)]
    assert "1:5: anchors are not supported: remove &a0" in problems("\n".join(rows), tmp_path)


def test_2_a_node_that_holds_itself_ends(tmp_path: Path) -> None:
    found = problems(HEAD + "  - &me [*me]\n", tmp_path)
    assert found == [
        "5:5: anchors are not supported: remove &me",
        "5:10: aliases are not supported: write the text of *me again",
    ]


TAGS = {
    "- !!python/object:os.system {}": "5:5: tags are not supported: remove !!python/object:os.system",
    "- {do: plank, reps: !!int abc}": "5:23: tags are not supported: remove !!int",
    "- !mine {do: plank}": "5:5: tags are not supported: remove !mine",
}


@pytest.mark.parametrize("item", TAGS)
def test_6_tags_are_refused(item: str, tmp_path: Path) -> None:
    assert problems(f"{HEAD}  {item}\n", tmp_path) == [TAGS[item]]


BYTES = {
    "Latin-1": (b"title: caf\xe9\n", "1:11: expected UTF-8 text, found byte 0xe9: save the file as UTF-8"),
    "UTF-16": (
        "title: A\n".encode("utf-16"),
        "1:1: expected UTF-8 text, found UTF-16: save the file as UTF-8",
    ),
    "UTF-32": (
        "title: A\n".encode("utf-32"),
        "1:1: expected UTF-8 text, found UTF-32: save the file as UTF-8",
    ),
    "a lone surrogate": (
        b"title: \xed\xa0\x80\n",
        "1:8: expected UTF-8 text, found byte 0xed: save the file as UTF-8",
    ),
    "NUL": (b"title: A\x00\n", "1:9: a NUL character (invisible) is not allowed: remove it"),
    "a control character": (
        b"title: A\n# \x07\n",
        "2:3: the character U+0007 (invisible) is not allowed: remove it",
    ),
    "a mark that turns the text": (
        "title: A\u202eB\n".encode(),
        "1:9: the character U+202E (invisible) is not allowed: remove it",
    ),
}


@pytest.mark.parametrize("title", BYTES)
def test_7_bytes_that_are_no_text_are_told_with_their_place(title: str, tmp_path: Path) -> None:
    data, message = BYTES[title]
    assert problems(data, tmp_path) == [message]


def test_7_an_escape_hides_no_forbidden_character(tmp_path: Path) -> None:
    found = problems(HEAD + '  - say: "Turn \\u202e here"\n', tmp_path)
    assert found == ["5:10: the character U+202E (invisible) is not allowed: remove it"]


def test_7_a_byte_order_mark_and_windows_line_ends_are_accepted(tmp_path: Path) -> None:
    text = "\ufeff" + (HEAD + "  - {do: plank}\n").replace("\n", "\r\n")
    assert problems(text, tmp_path) == []


SYNTAX = {
    "": "1:1: the file is empty: expected a routine",
    "# nothing but this\n": "1:1: the file is empty: expected a routine",
    "hello\n": '1:1: expected a routine with fields such as title, found "hello"',
    "- a\n- b\n": "1:1: expected a routine with fields such as title, found a list",
    "title: A\n---\ntitle: B\n": "2:1: expected one document, found a second after `---`",
    "title: A\n\tmoves: b\n": "2:1: expected spaces, found a tab at the start of the line",
    'title: "A\nmoves: b\n': "1:8: a quote or bracket opens here and is never closed",
    "title: [A, B\n": "1:8: a quote or bracket opens here and is never closed",
    "title: A: B\n": '1:9: YAML cannot read this line: quote the text: title: "A: B"',
    "title: A\nsession:\n[a]\n": (
        "3:3: this is no YAML: could not find expected ':' while scanning a simple key"
    ),
    "title: @home\n": '1:8: YAML cannot read this line: quote the text: title: "@home"',
}


@pytest.mark.parametrize("text", SYNTAX)
def test_8_what_is_no_yaml_is_told_once(text: str, tmp_path: Path) -> None:
    assert problems(text, tmp_path) == [SYNTAX[text]]


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read_text(path, "routine.yaml")
    return str(caught.value)


IRREGULAR = "routine.yaml:1:1: expected a YAML file, found something that is no regular file"


def test_9_a_directory(tmp_path: Path) -> None:
    assert refusal(tmp_path) == "routine.yaml: expected a YAML file, found a folder"


def test_9_a_fifo_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    assert refusal(tmp_path / "fifo") == IRREGULAR


def test_9_a_device_without_end() -> None:
    assert refusal(Path("/dev/zero")) == IRREGULAR


def test_9_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.yaml") == "routine.yaml:1:1: cannot be read: No such file or directory"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_9_an_unreadable_file(tmp_path: Path) -> None:
    path = tmp_path / "r.yaml"
    path.touch(mode=0)
    assert refusal(path) == "routine.yaml:1:1: cannot be read: Permission denied"


def test_9_a_link_loop(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert refusal(tmp_path / "a").startswith("routine.yaml:1:1: cannot be read: Too many levels")


def test_9_ten_megabytes(tmp_path: Path) -> None:
    path = tmp_path / "r.yaml"
    path.write_bytes(b"a" * 10_000_000)
    assert refusal(path) == "routine.yaml:1:1: the file is too large: expected at most 2,000,000 bytes"


# -- what is read --------------------------------------------------------------------------------


def root(text: str) -> Mapping:
    node = compose(text, "r.yaml", Diagnostics())
    assert isinstance(node, Mapping)
    return node


def test_scalars_stay_the_text_that_was_written() -> None:
    node = root("a: no\nb: 010\nc: 1:30\non: '~'\n")
    pairs = [(entry.key.text, entry.value.text) for entry in node.entries if isinstance(entry.value, Scalar)]
    assert pairs == [("a", "no"), ("b", "010"), ("c", "1:30"), ("on", "~")]


def test_every_node_knows_its_place_and_style() -> None:
    outer = root("a:\n  - [b, c]\n  - d\n").entries[0].value
    assert isinstance(outer, Sequence)
    assert not outer.flow
    inner = outer.items[0]
    assert isinstance(inner, Sequence)
    assert inner.flow
    assert inner.items[1].position == Position("r.yaml", 2, 9)


def test_a_fragment_is_found_where_it_stands_on_any_line() -> None:
    text = "say: >\n  To the <side>,\n  then the <side>.\n"
    value = root(text).entries[0].value
    assert isinstance(value, Scalar)
    assert value.place("<side>") == Position("r.yaml", 2, 10)
    assert value.place("<side>", 1) == Position("r.yaml", 3, 12)
    assert value.place("<way>") == value.position


def test_nothing_written_is_told_apart_from_an_empty_text() -> None:
    nothing, empty = (entry.value for entry in root("a:\nb: ''\n").entries)
    assert (is_empty(nothing), is_empty(empty)) == (True, False)


def test_a_quoted_text_reads_back_as_itself() -> None:
    text = 'Say "up", then \\ down.'
    value = root(f"say: {quote(text)}").entries[0].value
    assert isinstance(value, Scalar)
    assert value.text == text


# -- lines, and their ends -----------------------------------------------------------------------

BREAKS = ["\u2028", "\u2029", "\x85"]


@pytest.mark.parametrize("mark", BREAKS, ids=ascii)
@pytest.mark.parametrize("line", ["- say: a{}b", '- say: "a{}b"', "- say: a # b{}c", "# a{}b: c"])
def test_33_what_no_editor_takes_for_a_line_end_is_none(line: str, mark: str, tmp_path: Path) -> None:
    text = f"{HEAD}  {line.format(mark)}\n  - {{do: plonk}}\n"
    assert problems(text, tmp_path) == ['6:10: unknown move "plonk"; did you mean "plank"?']


@pytest.mark.parametrize("mark", BREAKS, ids=ascii)
def test_33_a_text_with_such_a_mark_is_whole_and_its_places_are_right(mark: str, tmp_path: Path) -> None:
    value = root(f"say: a{mark}b {mark} <side>").entries[0].value
    assert isinstance(value, Scalar)
    assert value.text == "a b   <side>"
    assert value.place("<side>") == Position("r.yaml", 1, 12)
    assert problems(f"{HEAD}  - say: a{mark}b <foo>\n", tmp_path)[0].startswith("5:14: unknown placeholder")


def test_33_the_line_end_of_old_is_one_for_every_place(tmp_path: Path) -> None:
    text = HEAD + "  - {do: plonk}\n"
    told = problems(text, tmp_path)
    assert problems(text.replace("\n", "\r"), tmp_path) == told
    assert problems(text.replace("\n", "\r") + "\r\x07", tmp_path)[0].startswith("7:1: ")


OPEN = {
    "title: T\nsession: [": "2:10",
    "title: T\nsession: [\n\n": "2:10",
    "{": "1:1",
    "title: T\nsession:\n  - {do: plank, for: [\n": "3:22",
    "title: T\nsession:\n  - {do: plank, for: 3s,\n": "3:5",
    "title: [[a], [b]\n": "1:8",
    'title: "T\n': "1:8",
    "title: 'T": "1:8",
}


@pytest.mark.parametrize("text", OPEN)
def test_33_what_never_closes_is_told_where_it_opens(text: str, tmp_path: Path) -> None:
    assert problems(text, tmp_path) == [f"{OPEN[text]}: a quote or bracket opens here and is never closed"]


# -- as large as it is ---------------------------------------------------------------------------


def kept(node: Node | None) -> int:
    """Characters that the nodes hold."""
    match node:
        case Scalar():
            return len(node.text) + len(node.raw) + len(node.tail)
        case Sequence():
            return sum(map(kept, node.items))
        case Mapping():
            return sum(kept(entry.key) + kept(entry.value) for entry in node.entries)
        case None:
            return 0


@pytest.mark.parametrize("form", ["{{{}}}", "[{}]"])
def test_35_the_nodes_of_one_long_line_hold_no_more_than_it_does(form: str) -> None:
    text = "pronounce: " + form.format(", ".join(f"w{number}: x{number}" for number in range(20_000)))
    assert kept(compose(text, "r.yaml", Diagnostics())) <= 3 * len(text)


def test_every_node_is_named_by_its_way_from_the_top() -> None:
    node = compose("a:\n  - b/c: 1\n    ~d: [x, {e: y}]\n", "a.yaml", Diagnostics())

    def ways(node: Node | None) -> Iterator[str]:
        match node:
            case Mapping(entries=entries):
                for entry in entries:
                    assert entry.key.position.node == entry.value.position.node
                    yield from ways(entry.value)
            case Sequence(items=items):
                for item in items:
                    yield from ways(item)
        assert node is not None
        yield str(node.position.node)

    assert list(ways(node)) == [
        "a/0/b~1c",
        "a/0/~0d/0",
        "a/0/~0d/1/e",
        "a/0/~0d/1",
        "a/0/~0d",
        "a/0",
        "a",
        "",
    ]
    # It makes no other place of it.
    assert Position("a.yaml", 1, 1, None, Way("a")) == Position("a.yaml", 1, 1)


def test_names_of_nodes_cost_nothing_where_a_key_is_long() -> None:
    tracemalloc.start()
    compose(f"? {'k' * 100_000}\n: [{', '.join('x' * 2000)}]\n", "a.yaml", Diagnostics())
    _, most_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most_bytes < 20_000_000
