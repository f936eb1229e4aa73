"""`variants:` names editions of a routine: how they are read, what they are called, what they change."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from audiocoach.errors import InputError
from audiocoach.making.sessions import open_session
from audiocoach.records import replace
from audiocoach.routine.variants import name_of, written
from audiocoach.store.options import Overrides
from tests.generate import problems

BODY = """\
title: Spine
level: gentle
fit: 20m
moves: {plank: {name: Plank, hold: 20-40s}}
session: [{do: plank}]
variants:
"""


def wrong(folder: Path, *rows: str) -> list[str]:
    return problems(BODY + "".join(f"  - {row}\n" for row in rows), folder)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Gentle", "gentle"),
        ("10 minutes!", "10-minutes"),
        ("Für Zuhause", "fur-zuhause"),
        ("x" * 60, "x" * 40),
    ],
)
def test_a_name_is_made_of_the_title_alone(title: str, name: str) -> None:
    assert name_of(title) == name


def test_a_title_without_such_letters_has_a_name_as_well() -> None:
    assert name_of("朝") == name_of("朝") != name_of("夜")
    assert name_of("朝").isalnum()


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        (["{level: gentle}"], '7:5: "title" is missing: expected, for example, title: Gentle'),
        (
            ["{title: Same}"],
            "7:5: this variant is the routine itself: expected level, fit, cues or day, such as",
        ),
        (
            ["{title: Ten, day: 2}", "{title: ten!, day: 3}"],
            "8:6: the files of both this variant and that of line 7 would be called …-ten: give one of them",
        ),
        (
            ["{title: Learn, cues: learn, fit: 9m}"],
            "7:33: a lesson takes the time that it takes: remove fit",
        ),
        (["{title: A, day: 0}"], '7:21: expected the number of a day from 1 to 9999, such as 2, found "0"'),
        (["Gentle"], '7:5: expected a variant such as {title: Gentle, level: gentle}, found "Gentle"'),
        (["{title: A, cues: learm}"], 'did you mean "learn"?'),
        (["{title: A, voice: b}"], "unknown field"),
    ],
)
def test_what_is_wrong_is_told_at_its_line(tmp_path: Path, rows: list[str], problem: str) -> None:
    assert [one for one in wrong(tmp_path, *rows) if problem in one], wrong(tmp_path, *rows)


def test_something_else_than_a_list_is_told(tmp_path: Path) -> None:
    (found,) = problems(BODY.rstrip() + " gentle\n", tmp_path)
    assert "expected a list of variants such as [{title: Gentle, level: gentle}]" in found


def routine(folder: Path) -> Path:
    path = folder / "spine.yaml"
    rows = ("{title: Strong, level: strong, fit: 9m}", "{title: Lesson, cues: learn}", "{title: Two, day: 2}")
    path.write_text(BODY + "".join(f"  - {row}\n" for row in rows))
    return path


def test_what_a_variant_says_goes_before_the_command_line(tmp_path: Path) -> None:
    path = routine(tmp_path)
    asked = Overrides(level="standard", fit_ms=60_000, day=7)
    strong = open_session(path, replace(asked, variant="strong"))
    assert (strong.level, strong.fit_ms, strong.routine.day) == ("strong", 540_000, 7)
    own = open_session(path, asked)
    assert (own.level, own.fit_ms, own.routine.day) == ("standard", 60_000, 7)


def test_what_a_variant_does_not_say_is_the_routines(tmp_path: Path) -> None:
    two = open_session(routine(tmp_path), Overrides(variant="two"))
    assert (two.level, two.fit_ms, two.routine.day) == ("gentle", 1_200_000, 2)
    assert two.plan.title == "Spine: Two"


@pytest.mark.parametrize(("fit", "hint"), [("20", "write 20m"), ("1200", "write 1200s")])
def test_a_bare_number_that_a_session_is_to_last_is_one_of_minutes(
    fit: str, hint: str, tmp_path: Path
) -> None:
    (problem,) = problems(f"title: T\nfit: {fit}\nsession: [{{say: Hello.}}]\n", tmp_path)
    assert problem.endswith(f"found the bare number {fit}: {hint}")


def test_a_lesson_is_fitted_to_nothing(tmp_path: Path) -> None:
    assert open_session(routine(tmp_path), Overrides(variant="lesson")).fit_ms is None


def test_a_variant_is_found_by_its_title_as_well(tmp_path: Path) -> None:
    assert open_session(routine(tmp_path), Overrides(variant="Lesson")).plan.title == "Spine: Lesson"


def test_a_variant_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r'there is no variant "strng"; did you mean "strong"\?'):
        open_session(routine(tmp_path), Overrides(variant="strng"))


def test_variants_are_known_without_the_rest(tmp_path: Path) -> None:
    path = routine(tmp_path)
    assert [variant.name for variant in written(path) or ()] == ["strong", "lesson", "two"]
    path.write_text("title: T\nsession: [\n")
    assert written(path) == ()
    path.write_text("variants: [\n")
    assert written(path) is None
    assert written(Path(os.devnull)) is None
