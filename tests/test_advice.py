"""Advice in `check`: each code has what it is said of, what is near to it, and can be ignored."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, get_args

import pytest
from hypothesis import given

from audiocoach.coaching import advice as heard
from audiocoach.coaching.estimate import estimate_ms
from audiocoach.errors import AdviceCode
from audiocoach.making.sessions import open_session, timeline_of
from audiocoach.routine import advice as written
from audiocoach.store.options import Overrides
from tests.conftest import ROOT, run_audiocoach
from tests.generate import routines
from tests.test_docs import examples

if TYPE_CHECKING:
    from audiocoach.errors import Problem

# A session of which nothing is to be said.
SOUND = """\
title: Two moves
safety: Stop at once if anything feels sharp.
moves:
  squat:
    name: Squat
    posture: standing
    setup: Stand with your feet apart.
  plank:
    name: Plank
    posture: prone
    setup: Lie on your belly.
    at_go: Lift your hips.
    finish: Lower your hips.
session:
  - say: You need nothing.
  - {do: squat, for: 30s, rest: 12s}
  - {do: plank, hold: 20s}
"""
TALK = "  - say: Move well.\n"
HELLO = "  - say: You need nothing.\n"
DO = "  - {do: squat, for: 30s, rest: 12s}\n"
LONG = "Stand with your feet apart and your arms beside you and your eyes straight ahead."
# What is changed in it, and what is advised then.
MISSING: dict[str, tuple[str, str, str]] = {
    "no safety line": ("safety: Stop at once if anything feels sharp.\n", "", "missing-safety"),
    "a title that is not true": ("title: Two moves", "title: Ten minutes", "untrue-length"),
    "one side": ("for: 30s,", "for: 30s, sides: left,", "single-side"),
    "one of two sides, twice": (
        DO,
        "  - {do: squat, for: 30s, sides: left, rest: 12s}\n" * 2,
        "single-side",
    ),
    "no way out of a hold": ("    finish: Lower your hips.\n", "", "missing-finish"),
    "no way out of what cost strength": (
        f"    finish: Lower your hips.\nsession:\n{HELLO}{DO}  - {{do: plank, hold: 20s}}\n",
        f"session:\n{HELLO}{DO}  - {{do: plank, for: 20s}}\n",
        "missing-finish",
    ),
    "no way in": (
        "    posture: standing\n    setup: Stand with your feet apart.\n",
        "",
        "unreachable-posture",
    ),
    "no time to lie down": ("rest: 12s", "rest: 0s", "unreachable-posture"),
    "a long sentence": ("Stand with your feet apart.", LONG, "long-sentence"),
    "a long sentence of the safety line": ("Stop at once", f"{LONG[:-1]} and stop at once", "long-sentence"),
    "a long sentence of the session": ("You need nothing.", LONG, "long-sentence"),
    "like this": ("Stand with your feet apart.", "Stand like this.", "pointing-words"),
    "as shown": ("Lower your hips.", "Come down as shown.", "pointing-words"),
    "here": ("Lift your hips.", "Lift it here.", "pointing-words"),
    "this way": ("You need nothing.", "Turn this way.", "pointing-words"),
    "a band for nothing": ("You need nothing.", "You need a band.", "unneeded-equipment"),
    "talk without end": ("  - {do: squat", TALK * 120 + "  - {do: squat", "endless-talk"),
    "a start out of silence": (
        "for: 30s, rest: 12s",
        "for: 30s, sets: 2, rest: 60s, announce: {rest: false}",
        "silent-start",
    ),
    "no warm-up": ("for: 30s,", "for: 15m,", "missing-warm-up"),
    "no cool-down": ("hold: 20s", "hold: 15m", "missing-cool-down"),
    "a text without end": (
        DO,
        "  - {repeat: 13, items: [{say: Onward., pause: 1s}, {do: squat, for: 5s}]}\n  - rest: 12s\n",
        "repeated-words",
    ),
}
WARMED = (
    f"{DO}  - {{do: plank, hold: 20s}}\n",
    """\
  - {section: Warm-up, items: [{do: squat, for: 15m}]}
  - {section: Cool-down, items: [{do: plank, hold: 20s}]}
""",
)
# What is near to it, and nothing is said of.
FINE = {
    "nothing": ("", ""),
    "both sides, one after the other": (
        DO,
        "".join(f"  - {{do: squat, for: 30s, sides: {side}, rest: 12s}}\n" for side in ("left", "right")),
    ),
    "from here on": ("You need nothing.", "From here on you need nothing."),
    "a band for a move": (
        "You need nothing.\n",
        "You need a band.\n  - {do: pull, reps: 6, rest: 12s}\n",
    ),
    "a warm-up and a cool-down": WARMED,
    "time to get into position": ("for: 30s, rest: 12s", "for: 30s, rest: 30s"),
    "sets without a gap, in silence": (
        "rest: 12s}",
        "sets: 2, rest: 0s, cues: tones, ready: 9s}\n  - {rest: 12s}",
    ),
    "a move that is left by itself": (
        f"    finish: Lower your hips.\nsession:\n{HELLO}{DO}  - {{do: plank, hold: 20s}}\n",
        f"session:\n{HELLO}{DO}  - {{do: squat, reps: 6}}\n",
    ),
    "a pause in the talk": (
        "  - {do: squat",
        (TALK * 60 + "  - pause: 5s\n") * 2 + "  - {do: squat",
    ),
}
PULL = "  pull: {name: Pull, posture: standing, setup: Stand on it., equipment: [a light band]}\nsession:"


def advised(path: Path, text: str) -> list[Problem]:
    """What `check` advises of a routine, with an estimate of its words."""
    path.write_text(text, "utf-8")
    session = open_session(path, Overrides())
    timeline = timeline_of(session, estimate_ms)
    noted = [note for note in timeline.notes if note.code == "untrue-length"]
    return [*written.advise(session.routine), *heard.advise(session.routine, timeline), *noted]


def changed(right: str, wrong: str) -> str:
    assert right in SOUND
    return SOUND.replace(right, wrong, 1) if right else SOUND


@pytest.mark.parametrize(("right", "wrong", "code"), MISSING.values(), ids=MISSING)
def test_what_a_listener_will_miss_is_told_once_and_can_be_ignored(
    right: str, wrong: str, code: str, tmp_path: Path
) -> None:
    text = changed(right, wrong)
    told = [one for one in advised(tmp_path / "a.yaml", text) if one.code == code]
    assert told
    assert {one.kind for one in told} == {"note"}
    ignoring = advised(tmp_path / "a.yaml", f"ignore: [{code}]\n{text}")
    assert [one for one in ignoring if one.code == code] == []


@pytest.mark.parametrize(("right", "wrong"), FINE.values(), ids=FINE)
def test_of_what_is_sound_nothing_is_said(right: str, wrong: str, tmp_path: Path) -> None:
    text = changed(right, wrong).replace("session:", PULL, 1)
    repeated = [one for one in advised(tmp_path / "a.yaml", text) if one.code != "repeated-words"]
    assert repeated == []


def test_every_code_of_advice_is_tried() -> None:
    assert {code for _, _, code in MISSING.values()} == set(get_args(AdviceCode))


@given(routines())
def test_any_routine_can_be_advised_and_can_ignore_all_of_it(text: str) -> None:
    every = f"ignore: [{', '.join(get_args(AdviceCode))}]\n"
    for whole, most in ((text, None), (f"{every}{text}", 0)):
        session = open_session(Path("any.yaml"), Overrides(), whole)
        timeline = timeline_of(session, estimate_ms)
        told = (*written.advise(session.routine), *heard.advise(session.routine, timeline))
        assert most is None or len(told) == most
        assert {one.kind for one in told} <= {"note"}


def test_advice_stands_where_it_is_to_be_followed(tmp_path: Path) -> None:
    (one,) = advised(tmp_path / "a.yaml", changed("Stand with your feet apart.", LONG))
    assert str(one).endswith(
        f'a.yaml:7:12: note: a sentence of 15 words: nobody keeps more than 12 in mind: make it two: "{LONG}"'
    )


def test_an_unknown_code_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(f"ignore: [missing-finnish]\n{SOUND}", "utf-8")
    done = run_audiocoach("check", path)
    assert done.returncode == 2
    assert 'did you mean "missing-finish"?' in done.stderr


def test_only_check_advises(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(f"voice: {{engine: silent}}\n{changed(*MISSING['no safety line'][:2])}", "utf-8")
    cache = ("--cache", tmp_path / "cache")
    checked = run_audiocoach("check", path, *cache, check=True)
    assert "nobody says when to stop" in checked.stdout
    assert "missing-safety" in run_audiocoach("check", path, "--json", *cache, check=True).stdout
    built = run_audiocoach("build", path, "-o", tmp_path / "out", *cache, check=True)
    assert "nobody says" not in built.stdout + built.stderr


OURS = sorted(
    path for path in (ROOT / "routines").rglob("*.yaml") if path.parent.name in {"routines", "ready"}
)


@pytest.mark.parametrize(
    "path", [path for path in OURS if path.stem != "audiocoach"], ids=lambda path: path.stem
)
def test_our_own_routines_need_no_advice_but_what_they_ignore(path: Path) -> None:
    session = open_session(path, Overrides())
    routine, timeline = session.routine, timeline_of(session, estimate_ms)
    advice = (*written.advise(routine), *heard.advise(routine, timeline))
    assert [str(one) for one in advice] == []
    if routine.ignore:
        line = next(row for row in path.read_text("utf-8").splitlines() if row.startswith("ignore:"))
        assert "#" in line, "say why"


@pytest.mark.parametrize(
    ("page", "title"), [("README.md", "Two minutes"), ("docs/routine-format.md", "Spine flow")]
)
def test_what_the_pages_show_first_needs_no_advice(page: str, title: str, tmp_path: Path) -> None:
    *_, example = (one.text for one in examples(ROOT / page) if one.text.startswith(f"title: {title}"))
    assert [str(one) for one in advised(tmp_path / "a.yaml", example)] == []
