import pytest

from audiocoach.errors import (
    AddressError,
    AudiocoachError,
    BuildError,
    EngineError,
    InputError,
    Position,
    Problem,
    RefusedError,
    SoundError,
    StorageError,
    told,
    whole,
)

HERE = Position("routines/a.yaml", 3, 14)


def test_a_problem_begins_with_its_place() -> None:
    assert str(Problem(HERE, "expected a duration")) == "routines/a.yaml:3:14: expected a duration"
    assert str(Problem(HERE, "look here", "warning")) == "routines/a.yaml:3:14: warning: look here"


@pytest.mark.parametrize(
    ("name", "shown"),
    [("Übung.yaml", "Übung.yaml"), ("a\x1b[31m\nb", r"a\x1b[31m\nb"), ("\udcff.yaml", r"\udcff.yaml")],
)
def test_no_name_of_a_file_can_play_tricks_on_a_terminal(name: str, shown: str) -> None:
    assert str(Position(name, 1, 2)) == f"{shown}:1:2"


def test_a_problem_of_a_whole_folder_has_no_line() -> None:
    assert str(Problem(whole("routines"), "there is no routine")) == "routines: there is no routine"


def test_no_message_can_either() -> None:
    said, shown = 'unknown move "\x1b[31mred\x07"', r'unknown move "\x1b[31mred\x07"'
    assert str(Problem(HERE, said)) == f"{HERE}: {shown}"
    assert str(Problem(HERE, "two\nlines", "note")) == rf"{HERE}: note: two\nlines"
    # Several failures of one voice are one error, a line for each.
    assert str(BuildError(f"{said}\nno sound", HERE)) == f"{HERE}: {shown}\nno sound"
    assert str(EngineError(said)) == shown


def test_input_errors_hold_every_problem_once_sorted_by_place() -> None:
    early, late = Problem(Position("a", 1, 9), "x"), Problem(Position("a", 10, 1), "y")
    error = InputError(late, early, late)
    assert error.problems == (early, late)
    assert str(error) == "a:1:9: x\na:10:1: y"


def test_a_build_error_has_the_line_where_there_is_one() -> None:
    assert str(BuildError("no sound", HERE)) == "routines/a.yaml:3:14: no sound"
    assert str(BuildError("no sound")) == "no sound"


STATUSES = {
    InputError: 2,
    EngineError: 2,
    RefusedError: 2,
    AddressError: 2,
    BuildError: 1,
    SoundError: 1,
    StorageError: 1,
}


@pytest.mark.parametrize("kind", STATUSES)
def test_exit_statuses(kind: type[AudiocoachError]) -> None:
    assert kind.exit_status == STATUSES[kind]
    assert issubclass(kind, AudiocoachError)


def problem(line: int, kind: str = "error", path: str = "a.yaml") -> Problem:
    return Problem(Position(path, line, 1), f"problem {line}", kind)


def test_35_a_hundred_problems_of_a_file_are_told_and_how_many_more_there_are() -> None:
    error = InputError(*(problem(line) for line in range(1, 1001)), problem(7, path="b.yaml"))
    lines = str(error).splitlines()
    assert len(error.problems) == 1001
    assert lines[:100] == [f"a.yaml:{line}:1: problem {line}" for line in range(1, 101)]
    assert lines[100:] == [
        "a.yaml:101:1: 900 more problems from here on: mend these first, then check again",
        "b.yaml:7:1: problem 7",
    ]


def test_a_hundred_are_all_told() -> None:
    assert len(told([problem(line) for line in range(100)])) == 100


def test_an_error_is_told_before_warnings_crowd_it_out() -> None:
    found = told([*(problem(line, "warning") for line in range(1, 201)), problem(201)])
    assert found[98:] == [
        problem(99, "warning"),
        problem(201),
        Problem(
            Position("a.yaml", 100, 1),
            "101 more problems from here on: mend these first, then check again",
            "warning",
        ),
    ]
