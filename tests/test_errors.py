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
