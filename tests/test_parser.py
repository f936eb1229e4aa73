"""From nodes to the author's tree."""

from pathlib import Path

import pytest

from audiocoach.routine.diagnostics import Diagnostics
from audiocoach.routine.model import Block, Do, Pause, Range, Rest, Ring, Routine, Say
from audiocoach.routine.parser import parse_routine
from audiocoach.routine.source import compose
from tests.generate import HEAD, problems


def routine(text: str) -> Routine:
    diagnostics = Diagnostics()
    node = compose(text, "r.yaml", diagnostics)
    assert node is not None
    parsed = parse_routine(node, diagnostics)
    assert diagnostics.problems == ()
    assert parsed is not None
    return parsed[0]


def test_a_routine_is_read_with_all_that_stands_before_the_session() -> None:
    found = routine(
        "title: Spine flow\ndescription: One move.\nlanguage: en\ntags: [lower back, core]\n"
        "credit: {coach: Ebenezer Samuel, publisher: Men's Health}\nsafety: Stop if it hurts.\n"
        "level: gentle\ncues: brief\ntones: soft\nbreath: 4-6\n"
        "voice: {engine: silent, name: en-us, rate: 150}\npronounce: {Pilates: puh LAH teez}\n"
        "defaults: {rest: 20s, switch: 5s}\nsession: [{say: Hello.}]\n"
    )
    assert (found.title, found.tags) == ("Spine flow", ("lower back", "core"))
    assert found.credit == (("coach", "Ebenezer Samuel"), ("publisher", "Men's Health"))
    assert found.pronounce == (("Pilates", "puh LAH teez"),)
    settings = found.settings
    assert (settings.level, settings.cues, settings.tones) == ("gentle", "brief", "soft")
    assert settings.defaults.breath == (4000, 6000)
    assert settings.voice is not None
    assert (settings.voice.engine, settings.voice.name, settings.voice.rate_wpm) == ("silent", "en-us", 150)
    assert settings.defaults.rest_ms == Range(20_000, 20_000)


def test_a_session_is_read_step_by_step() -> None:
    session = routine(
        "title: T\nmoves: {plank: {for: 40s}}\nsession:\n"
        "  - do: plank\n  - {say: Hello., pause: 5s}\n  - rest: 30s\n  - pause: 3s\n  - tone: bell\n"
        "  - {section: A, repeat: 2-3, rest: 60s, items: [do: plank]}\n  - {for: 8m, items: [do: plank]}\n"
    ).session
    kinds = [type(item) for item in session]
    assert kinds == [Do, Say, Rest, Pause, Ring, Block, Block]
    section, circuit = session[5], session[6]
    assert isinstance(section, Block)
    assert isinstance(circuit, Block)
    assert (section.section, section.repeat, section.rest_ms) == ("A", Range(2, 3), Range(60_000, 60_000))
    assert (circuit.repeat, circuit.for_ms) == (None, Range(480_000, 480_000))


DOSES = {
    "for: 40s": ("for", Range(40_000, 40_000), None, None),
    "hold: 20-30s": ("hold", Range(20_000, 30_000), None, None),
    "reps: 8-12": ("reps", None, Range(8, 12), None),
    "breaths: 10": ("breaths", None, None, Range(10, 10)),
    "hold: 10 breaths": ("breaths", None, None, Range(10, 10)),
    "hold: 5s, reps: 10": ("holds", Range(5000, 5000), Range(10, 10), None),
    "reps: 3, hold: 2 breaths": ("holds", None, Range(3, 3), Range(2, 2)),
}


@pytest.mark.parametrize("fields", DOSES)
def test_a_dose_is_one_of_five(fields: str) -> None:
    (move,) = routine(f"title: T\nmoves: {{plank: {{{fields}}}}}\nsession: [do: plank]\n").moves
    assert move.dose is not None
    found = (move.dose.kind, move.dose.time_ms, move.dose.reps, move.dose.breaths)
    assert found == DOSES[fields]


def test_two_doses_are_one_too_many(tmp_path: Path) -> None:
    assert problems(HEAD + "  - {do: plank, for: 40s, reps: 3}\n", tmp_path) == [
        "5:27: expected one dose, found for and reps: keep one (or hold beside reps)"
    ]
    assert problems(HEAD + "  - {do: plank, reps: 3, hold: 9s, for: 40s}\n", tmp_path) == [
        "5:36: expected one dose, found reps and hold and for: keep one (or hold beside reps)"
    ]


def test_steps_are_text_or_maps() -> None:
    (move,) = routine(
        "title: T\nmoves:\n  curl:\n    reps: 3\n    steps:\n      - Curl up.\n"
        "      - {say: Hold it., short: Hold}\nsession: [do: curl]\n"
    ).moves
    assert move.steps is not None
    words = [(step.words.text, step.short.text if step.short else None) for step in move.steps]
    assert words == [("Curl up.", None), ("Hold it.", "Hold")]


def test_a_timed_step_may_be_kept_for_one_side() -> None:
    (move,) = routine(
        "title: T\nmoves:\n  stretch:\n    sides: each\n    steps:\n"
        "      - {say: Reach., hold: 10 breaths}\n"
        "      - {say: Feel it., pause: 8s, when: first side}\nsession: [do: stretch]\n"
    ).moves
    reach, feel = move.steps or ()
    assert reach.timed
    assert feel.pause_ms == Range(8000, 8000)
    assert feel.when is not None
    assert (feel.when.end, feel.when.of) == ("first", "side")


BREATH = "breath has nothing to do here: it belongs to breaths or for, such as hold: 10 breaths"
MOVES = {
    "steps: [{say: A., hold: 10s, breath: 3-4}]": [
        f"3:40: {BREATH}; found hold",
    ],
    "for: 9s, steps: [{say: A., breath: 3-4}]": [
        f"3:38: {BREATH}; found neither",
    ],
    "steps: [{say: A., breaths: 3, breath: 3-4}]": [],
    "steps: [{say: A., for: 21s, breath: 3-4}]": [],
    "steps: [{say: A., short: B., hold: 9s}]": [],
    "\n    for: 9s\n    steps:\n      - Knees down: arch\n      - Up.\n    ": [
        '6:9: unknown field "Knees down" in a step: if this is one text, quote it: "Knees down: arch"',
    ],
    "\n    for: 9s\n    reminders:\n      - Knees down: arch\n    ": [
        (
            '6:9: expected text to be spoken, such as "Round your back.", found a map: '
            'if this is one text, quote it: "Knees down: arch"'
        ),
    ],
    "steps: [{say: A., hold: 10s}, B.]": [
        (
            "3:41: this step has no time of its own, others here have one: "
            "expected all or none, such as hold: 10s"
        ),
    ],
    "steps: [{say: A., hold: 10s, pause: 3s}]": [
        "3:40: expected one time for a step, found a dose and a pause: keep one",
    ],
    "for: 9s, steps: [{say: A., when: last set}]": [
        "3:38: when needs a step with a time of its own, such as pause: 8s",
    ],
    "for: 9s, steps: [{short: A}]": [
        '3:28: "say" is missing: expected, for example, {say: Round your back., hold: 10s}'
    ],
    "for: 9s, steps: []": ["3:27: expected a list of steps, found an empty list"],
    "for: 9s, easier: {easier: {say: A.}}": [
        '3:29: unknown field "easier" in easier; did you mean "release"?'
    ],
    "for: 9s, easier: nothing": [
        '3:28: expected what is other in it, such as {name: Half squat, reps: 8}, found "nothing"'
    ],
    "for: 9s, ways: []": [
        "3:26: expected a list of ways such as [clockwise, anticlockwise], found an empty list"
    ],
    "for: 9s, ways: [clockwise]": [],
    "for: 9s, name: '!'": ['3:26: expected text with a letter or a number in it, found "!"'],
}


@pytest.mark.parametrize("fields", MOVES)
def test_a_move_that_cannot_be_read_is_told_once(fields: str, tmp_path: Path) -> None:
    body = fields if fields.startswith("\n") else f"{{{fields}}}"
    text = f"title: T\nmoves:\n  plank: {body}\nsession: [do: plank]\n"
    assert problems(text, tmp_path) == MOVES[fields]


SESSIONS = {
    "hello": (
        '5:5: expected a step such as {do: bird-dog, for: 40s} or {say: Well done.}, found "hello": '
        "write {do: hello, for: 40s}"
    ),
    "[a]": "5:5: expected a step such as {do: bird-dog, for: 40s} or {say: Well done.}, found a list",
    "{}": "5:5: expected a step such as {rest: 20s}, found an empty map",
    "{sya: Hi.}": '5:6: expected a session step, found "sya"; did you mean "say"?',
    "{tone: gone}": (
        "5:12: expected one of beat, bell, count, count_out, done, exhale, go, halfway, inhale, last, phase, "
        'rest, section, stop, switch, tick, found "gone"; did you mean "done"?'
    ),
    "{rest: 0s}": '5:12: expected a duration above zero, such as 30s, found "0s"',
    "{repeat: 2}": '5:5: "items" is missing: expected, for example, items: [{do: bird-dog, for: 40s}]',
    "{repeat: 0, items: [do: plank]}": "5:14: expected a whole number from 1 to 1,000 of rounds, "
    'or a range such as 2-3, found "0"',
    "{repeat: 2, for: 3m, items: [do: plank]}": "5:17: expected repeat or for, found both: keep one",
    "{section: A, items: []}": "5:25: expected a list of session steps, found an empty list",
    "{do: plank, sets: 1000000}": "5:23: expected a whole number from 1 to 100 of sets, "
    'or a range such as 2-3, found "1000000"',
    "{do: plank, level: hard}": (
        '5:24: expected one of gentle, standard, strong, found "hard"; did you mean "strong"?'
    ),
    "{do: plank, cues: breif}": (
        '5:23: expected one of full, brief, tones, found "breif"; did you mean "brief"?'
    ),
    "{do: plank, voice: {rate: 9}}": '5:31: expected words a minute from 80 to 400, such as 165, found "9"',
}


@pytest.mark.parametrize("item", SESSIONS)
def test_11_a_step_that_cannot_be_read_is_told_once(item: str, tmp_path: Path) -> None:
    assert problems(f"{HEAD}  - {item}\n", tmp_path) == [SESSIONS[item]]


WHOLE = {
    "title: A\n": '1:1: "session" is missing: expected, for example, session: [{do: bird-dog, for: 40s}]',
    "session: [{say: A.}]\n": '1:1: "title" is missing: expected, for example, title: Spine flow',
    "title: A\nsession: []\n": "2:10: expected a list of session steps, found an empty list",
    "title: A\nsession:\n": (
        '2:1: "session" has no value: expected one behind the colon or, indented, below it'
    ),
    "language: xx\ntitle: A\nsession: [{say: A.}]\n": (
        '1:11: there is no phrase pack for the language "xx"; known: en: '
        "leave language out, and what the coach says by itself is English"
    ),
    "titel: B\ntitle: A\nsession: [{say: A.}]\n": (
        '1:1: unknown field "titel" in a routine; did you mean "title"?'
    ),
    "pronounce: {'': b, c: d}\ntitle: A\nsession: [{say: A.}]\n": (
        '1:13: expected a word and how to say it, such as Pilates: puh LAH teez, found ""'
    ),
    "pronounce: {/(KB/: b}\ntitle: A\nsession: [{say: A.}]\n": (
        "1:13: expected a pattern such as /\\bKB\\b/: missing ), unterminated subpattern at position 0, "
        'found "/(KB/"'
    ),
    "pronounce: {/(a+)+b/: b}\ntitle: A\nsession: [{say: A.}]\n": (
        '1:13: expected a pattern such as /\\bKB\\b/: a group cannot be repeated, found "/(a+)+b/"'
    ),
    "pronounce: {/KB/: '\\1 bell'}\ntitle: A\nsession: [{say: A.}]\n": (
        "1:19: expected words, with \\1 for the first group of the pattern: "
        'invalid group reference 1 at position 1, found "\\\\1 bell"'
    ),
    "phrases: {openning: Hi.}\ntitle: A\nsession: [{say: A.}]\n": (
        '1:21: unknown phrase "openning"; did you mean "opening"?'
    ),
}


@pytest.mark.parametrize("text", WHOLE)
def test_11_a_routine_that_cannot_be_read_is_told_once(text: str, tmp_path: Path) -> None:
    assert problems(text, tmp_path) == [WHOLE[text]]
