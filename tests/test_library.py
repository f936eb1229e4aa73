"""Fault 13: libraries, and paths that lead astray."""

import os
from pathlib import Path

import pytest

from audiocoach.errors import InputError
from audiocoach.routine.library import load

ROUTINE = "title: T\ninclude: [{}]\nsession: [do: plank]\n"
PLANK = "moves:\n  plank: {name: Plank, for: 40s}\n"


def refused(path: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        load(path)
    folder = f"{path.parent}{os.sep}"
    return [str(one).replace(folder, "") for one in caught.value.problems]


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / "routine.yaml"


def test_a_library_gives_its_moves_and_pronunciations(tmp_path: Path) -> None:
    library = PLANK + "pronounce: {Plank: plangk}\n"
    path = write(tmp_path, routine=ROUTINE.format("moves/core.yaml"), moves__core=library)
    loaded = load(path)
    assert [move.key for move in loaded.routine.moves] == ["plank"]
    assert loaded.routine.pronounce == (("Plank", "plangk"),)
    assert [path.name for path, _ in loaded.inputs] == ["routine.yaml", "core.yaml"]


def test_a_path_starts_at_the_file_that_includes(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        routine=ROUTINE.format("moves/all.yaml"),
        moves__all="include: [core.yaml]\n",
        moves__core=PLANK,
    )
    assert load(path).routine.moves[0].key == "plank"


def test_a_library_included_twice_is_read_once(tmp_path: Path) -> None:
    path = write(tmp_path, routine=ROUTINE.format("a.yaml, b.yaml, a.yaml"), a="include: [b.yaml]\n", b=PLANK)
    assert len(load(path).inputs) == 3


LED_ASTRAY = {
    "../core.yaml": '"../core.yaml" leads out of the project',
    "/etc/passwd": 'expected a path inside the project, such as moves/lower-back.yaml, found "/etc/passwd"',
    "http://a.b/c.yaml": "expected a path inside the project, such as moves/lower-back.yaml, "
    'found "http://a.b/c.yaml"',
    "concat:a|b": 'expected a path inside the project, such as moves/lower-back.yaml, found "concat:a|b"',
    "none.yaml": 'there is no file "none.yaml" beside routine.yaml',
    "outs.yaml": 'there is no file "outs.yaml" beside routine.yaml; did you mean "out.yaml"?',
    "out.yaml": '"out.yaml" leads out of the project',
}


@pytest.mark.parametrize("written", LED_ASTRAY)
def test_13_a_path_that_leads_astray(written: str, tmp_path: Path) -> None:
    write(tmp_path, core=PLANK)
    inside = tmp_path / "project"
    path = write(inside, routine=ROUTINE.format(f'"{written}"'))
    (inside / "out.yaml").symlink_to(tmp_path / "core.yaml")
    assert refused(path)[0] == f"routine.yaml:2:11: {LED_ASTRAY[written]}"


def test_13_a_project_file_widens_the_project(tmp_path: Path) -> None:
    (tmp_path / "audiocoach.yaml").write_text("", encoding="utf-8")
    write(tmp_path, core=PLANK)
    path = write(tmp_path / "programme", routine=ROUTINE.format("../core.yaml"))
    assert load(path).routine.moves[0].key == "plank"


def test_13_a_loop_of_includes(tmp_path: Path) -> None:
    path = write(
        tmp_path, routine=ROUTINE.format("a.yaml"), a=PLANK + "include: [b.yaml]\n", b="include: [a.yaml]\n"
    )
    assert refused(path) == ['b.yaml:1:11: "a.yaml" includes itself, directly or through others']


def test_13_a_directory_for_a_library(tmp_path: Path) -> None:
    path = write(tmp_path, routine=ROUTINE.format("moves"), moves__core=PLANK)
    assert refused(path) == [
        'routine.yaml:2:11: "moves" is no file: expected a library such as moves/lower-back.yaml'
    ]


FAILING = {
    "none.yaml": ['routine.yaml:2:11: there is no file "none.yaml" beside routine.yaml'],
    "list.yaml": ["list.yaml:1:1: expected a library with fields such as moves, found a list"],
    "open.yaml": ["open.yaml:1:1: a quote or bracket opens here and is never closed"],
    "binary.yaml": ["binary.yaml:1:1: a NUL character (invisible) is not allowed: remove it"],
    "all.yaml": ['all.yaml:1:11: there is no file "none.yaml" beside all.yaml'],
}


@pytest.mark.parametrize("written", FAILING)
def test_a_move_that_a_failing_library_may_hold_is_not_called_unknown(written: str, tmp_path: Path) -> None:
    files = {"list": "[a]", "open": "[a\n", "binary": "\0", "all": "include: [none.yaml]\n"}
    path = write(tmp_path, routine=ROUTINE.format(written), **files)
    assert refused(path) == FAILING[written]


def test_a_move_is_unknown_where_its_library_could_be_read(tmp_path: Path) -> None:
    routine = ROUTINE.format("core.yaml").replace("do: plank", "do: blank")
    path = write(tmp_path, routine=routine, core=PLANK.replace("40s", "40"))
    assert refused(path)[1] == 'routine.yaml:3:15: unknown move "blank"; did you mean "plank"?'


def test_a_move_defined_twice_names_both_places(tmp_path: Path) -> None:
    text = "title: T\ninclude: [core.yaml]\nmoves:\n  plank: {for: 9s}\nsession: [do: plank]\n"
    path = write(tmp_path, routine=text, core=PLANK)
    assert refused(path) == ['core.yaml:2:3: the move "plank" is defined twice: first at routine.yaml:4']


def test_problems_of_a_library_carry_its_name(tmp_path: Path) -> None:
    path = write(tmp_path, routine=ROUTINE.format("core.yaml"), core=PLANK.replace("40s", "40"))
    assert refused(path)[0] == (
        "core.yaml:2:29: expected a duration such as 30s, 1m30s or 1:30, found the bare number 40: write 40s"
    )


def test_a_library_is_no_routine(tmp_path: Path) -> None:
    path = write(tmp_path, routine=ROUTINE.format("core.yaml"), core="title: A\n" + PLANK)
    assert refused(path) == [
        'core.yaml:1:1: unknown field "title" in a library; known: include, moves, pronounce'
    ]


@pytest.mark.parametrize("name", ["a" * 300, f"{'a' * 260}/b", "\u00e9" * 200])
def test_34_a_name_that_no_file_can_have_is_told(name: str, tmp_path: Path) -> None:
    written = f"{name[:295]}.yaml"
    path = write(tmp_path, routine=ROUTINE.format(written))
    assert refused(path) == [f'routine.yaml:2:11: there is no file "{written}" beside routine.yaml']


def test_34_a_chain_of_2000_libraries_is_read(tmp_path: Path) -> None:
    for number in range(2000):
        write(tmp_path, **{f"l{number}": f"include: [l{number + 1}.yaml]\n"})
    path = write(tmp_path, routine=ROUTINE.format("l0.yaml"), l2000=PLANK)
    assert len(load(path).inputs) == 2002


def test_the_moves_of_libraries_come_in_the_order_in_which_they_are_included(tmp_path: Path) -> None:
    files = {"a": "include: [c.yaml]\nmoves: {a: {}}\n", "b": "moves: {b: {}}\n", "c": "moves: {c: {}}\n"}
    path = write(tmp_path, routine=ROUTINE.format("a.yaml, b.yaml, d.yaml"), d=PLANK, **files)
    assert [move.key for move in load(path).routine.moves] == ["a", "c", "b", "plank"]


OUT = "this is a link that leads out of its folder: put the file itself there"


def test_48_a_routine_that_is_a_link_out_of_its_folder_is_refused_unread(tmp_path: Path) -> None:
    write(tmp_path, plan="private: [\n")
    path = write(tmp_path / "project", other=PLANK)
    path.symlink_to(tmp_path / "plan.yaml")
    assert refused(path) == [f"routine.yaml:1:1: {OUT}"]


@pytest.mark.parametrize("target", ["/dev/zero", "../nowhere.yaml", "/etc/passwd", "../project2/a.yaml"])
def test_48_wherever_it_leads(target: str, tmp_path: Path) -> None:
    path = write(tmp_path / "project", other=PLANK)
    path.symlink_to(target)
    assert refused(path) == [f"routine.yaml:1:1: {OUT}"]


def test_48_a_link_inside_the_folder_or_the_project_is_a_routine(tmp_path: Path) -> None:
    write(tmp_path, day=ROUTINE.format("core.yaml"), core=PLANK)
    (tmp_path / "routine.yaml").symlink_to("day.yaml")
    assert load(tmp_path / "routine.yaml").routine.title == "T"
    inner = write(tmp_path / "week", core=PLANK)
    inner.symlink_to("../day.yaml")
    assert refused(inner) == [f"routine.yaml:1:1: {OUT}"]
    (tmp_path / "audiocoach.yaml").touch()
    assert load(inner).routine.title == "T"


def test_48_a_folder_may_be_a_link_itself(tmp_path: Path) -> None:
    write(tmp_path / "real", routine=ROUTINE.format("core.yaml"), core=PLANK)
    (tmp_path / "linked").symlink_to("real")
    assert load(tmp_path / "linked" / "routine.yaml").routine.title == "T"
