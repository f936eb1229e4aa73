"""What others wrote becomes a routine: each field with its sentence, gaps asked for, the rest listed."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from audiocoach.errors import InputError
from audiocoach.routine import library
from audiocoach.routine.importers import KINDS, amounts, answer, bring_in, lines
from audiocoach.routine.importers.asking import HOW_MUCH
from audiocoach.routine.importers.prompt import prompt
from audiocoach.routine.importers.shelf import bank_of, shipped
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from audiocoach.routine.importers import Imported
    from audiocoach.routine.importers.bank import Bank
    from audiocoach.routine.model import Do, Routine

# The folder beside the project, or beside those that this one is a work tree of.
SOURCES = next((found for up in ROOT.parents if (found := up / "shared" / "sources").is_dir()), ROOT / "none")
BANK = shipped()


@cache
def included() -> Bank:
    return bank_of(ROOT / "routines")


LIST = """\
Monday workout
Plank | 45s
Squat 3x10
Side plank 2 x 30s each side
Rest 60s
Glute bridges: 3 sets of 12, rest 30 seconds
"""


def routine(imported: Imported) -> Routine:
    return library.load(ROOT / "routines" / "<imported>", imported.routine_yaml).routine


def body(imported: Imported) -> list[str]:
    """The session without its comments, a line a field."""
    rows = imported.routine_yaml.partition("session:\n")[2].splitlines()
    return [row.partition(" # from:")[0].strip() for row in rows]


def session(text: str) -> list[str]:
    return body(bring_in(text, BANK))


def why(imported: Imported) -> dict[str, str]:
    return {left.text: left.why for left in imported.left_out}


# -- lists ------------------------------------------------------------------------------------------


NUMBERED = """\
Five-Minute Neck Relief

By A. Writer | 3 May 2024 | 5 min read

SPECIAL OFFER: Buy the pillow today and save 30%! Click here to order.

1. Chin tucks
Sit tall and draw your chin straight back. Hold for 5 seconds and repeat 10 times.

2. Upper trapezius stretch
Tilt your ear towards your shoulder. Hold 30 seconds on each side, 2 sets.

3. Shoulder blade squeezes
Squeeze your shoulder blades together for 3 seconds. Do 2 sets of 12 repetitions, resting 30 s between sets.
"""


def test_numbered_names_with_sentences_below_them_are_exercises() -> None:
    """Whether or not the bank knows them; a byline between lines is no table."""
    imported = bring_in(NUMBERED, BANK)
    assert body(imported) == [
        *("- do: chin-tucks", "hold: 5s", "reps: 10"),
        *("- do: upper-trapezius-stretch", "hold: 30s", "sets: 2", "sides: each"),
        *("- do: shoulder-blade-squeezes", "hold: 3s", "reps: 12", "sets: 2", "rest: 30s"),
    ]
    assert not imported.gaps
    assert why(imported) == {
        "By A. Writer | 3 May 2024 | 5 min read": "a byline or a date",
        "SPECIAL OFFER: Buy the pillow today and save 30%!": "an advertisement",
        "Click here to order.": "an advertisement",
    }
    assert "setup: Sit tall and draw your chin straight back." in imported.routine_yaml


def test_a_list_becomes_a_routine_that_passes_check() -> None:
    imported = bring_in(LIST, BANK)
    assert body(imported) == [
        *("- do: plank", "hold: 45s", "sets: 1"),
        *("- do: squat", "reps: 10", "sets: 3"),
        *("- do: side-plank", "hold: 30s", "sets: 2", "sides: each"),
        "- rest: 60s",
        *("- do: bridge", "reps: 12", "sets: 3", "rest: 30s"),
    ]
    assert not imported.gaps
    assert not imported.left_out
    assert routine(imported).title == "Monday workout"


def test_every_field_has_its_sentence_beside_it_and_in_the_record() -> None:
    imported = bring_in(LIST, BANK)
    rows = imported.routine_yaml.splitlines()
    for line in imported.lines:
        assert rows[line.line - 1].endswith(f'# from: "{line.from_source}"')
    fields = [number for number, row in enumerate(rows, 1) if row.partition("#")[0].strip().endswith("45s")]
    assert [line.from_source for line in imported.lines if line.line in fields] == ["Plank | 45s"]


def test_a_bank_that_can_be_included_is_not_copied() -> None:
    assert "include: [moves/all.yaml]" in bring_in(LIST, included()).routine_yaml
    assert "moves:\n  plank:" in bring_in(LIST, BANK).routine_yaml
    assert routine(bring_in(LIST, included())).session == routine(bring_in(LIST, included())).session


@pytest.mark.parametrize(
    ("row", "fields"),
    [
        ("• 10 squats", ["- do: squat", "reps: 10", "sets: 1"]),
        (
            "3) Bird dog \u2013 2 \u00d7 8 per side (tempo 2-1-2)",
            ["- do: bird-dog", "reps: 8", "sets: 2", "sides: each", "tempo: 2-1-2"],
        ),
        ("1 minute plank", ["- do: plank", "hold: 1m", "sets: 1"]),
        ("- [ ] Clamshells 3x15 each side", ["- do: clam-shell", "reps: 15", "sets: 3", "sides: each"]),
        ("**Dead bug**: three sets of eight reps", ["- do: dead-bug", "reps: 8", "sets: 3"]),
        ("Figure 4 stretch: hold 20-30 seconds", ["- do: figure-four", "hold: 20-30s", "sets: 1"]),
        ("Child's pose, hold for 10 deep breaths", ["- do: childs-pose", "hold: 10 breaths"]),
        ("Squats 40s on, 20s off, 3 sets", ["- do: squat", "for: 40s", "sets: 3", "rest: 20s"]),
        ("Squat 5x5 @ 60kg rest 2 min", ["- do: squat", "reps: 5", "sets: 5", "rest: 2m", "weight: 60 kg"]),
        ("| Side plank | 30s | each side |", ["- do: side-plank", "hold: 30s", "sides: each", "sets: 1"]),
        ("A skips 2 x 20m", [f"# gap: 20m may be metres or minutes: {HOW_MUCH}", "- do: a-skips", "sets: 2"]),
        ("| Side plank | 2 | 30s |", [f"# gap: 2 has no unit: {HOW_MUCH}", "- do: side-plank", "hold: 30s"]),
        (
            "Bench press 12/10/8 @ 50/55/60 kg",
            ["- do: bench-press", "reps: [12, 10, 8]", "weight: [50 kg, 55 kg, 60 kg]"],
        ),
        (
            "Run 400m x 4 @ 5:00/km, 90 sec rest",
            ["- do: run", "distance: 400m", "pace: 5:00/km", "sets: 4", "rest: 90s"],
        ),
        ("Run 4 x 1 km", ["- do: run", "distance: 1 km", "sets: 4"]),
        (
            "Push ups 3 x AMRAP",
            [f"# gap: the source says as many as possible: {HOW_MUCH}", "- do: push-ups", "sets: 3"],
        ),
        (
            "Ankle rolls at wall - 30 sec x 3, both legs",
            ["- do: ankle-rolls-at-wall", "for: 30s", "sets: 3", "sides: each"],
        ),
        (
            "Rows with red band, 3 sets of 15, R only",
            ["- do: rows-with-red-band", "reps: 15", "sets: 3", "sides: right"],
        ),
        ("SLR 3 x 10 L/R, 5 sec hold", ["- do: slr", "hold: 5s", "reps: 10", "sets: 3", "sides: each"]),
        ("Tabata squats 8 x 20s on / 10s off", ["- do: squat", "for: 20s", "sets: 8", "rest: 10s"]),
        ("Warm-up: easy jog 5 min", ["- section: Warm-up", "items:", "- do: easy-jog", "for: 5m"]),
    ],
)  # fmt: skip
def test_rows_are_read_as_people_write_them(row: str, fields: list[str]) -> None:
    assert session(f"{row}\n") == fields


def test_a_table_has_its_columns_from_its_heads() -> None:
    imported = bring_in(
        "| Exercise | Sets | Reps | Rest | Notes |\n|---|---|---|---|---|\n"
        "| Dead bug | 3 | 8-12 | 45s | Ribs down, slowly |\n| Wall sit | 2 | 45 sec | 30 | |\n",
        BANK,
    )
    assert [row for row in body(imported) if not row.startswith("#")] == [
        *("- do: dead-bug", "reps: 8-12", "sets: 3", "rest: 45s"),
        *("- do: wall-sit", "hold: 45s", "sets: 2"),
    ]
    assert [gap.asked for gap in imported.gaps][1:] == ["rest 30 has no unit: seconds or minutes?"]
    assert why(imported)["Ribs down, slowly"].startswith("how it is done")


def test_rounds_are_those_of_their_part() -> None:
    assert session("## Circuit (3 rounds, rest 60s between rounds)\n- Squat: 12 reps\n- Plank: 30 s\n") == [
        *("- section: Circuit", "repeat: 3", "rest: 60s", "items:"),
        *("- do: squat", "reps: 12", "sets: 1", "- do: plank", "hold: 30s", "sets: 1"),
    ]
    assert session("10 squats\n30s plank\nRepeat 3 times\n")[:2] == ["- repeat: 3", "items:"]


def test_a_dose_or_a_rest_for_all_is_that_of_each() -> None:
    assert session("Tabata Tuesday\n20 sec work / 10 sec rest, 8 rounds\nSquats\nPlank\n") == [
        *("- repeat: 8", "items:"),
        *("- do: squat", "for: 20s", "rest: 10s", "sets: 1"),
        *("- do: plank", "for: 20s", "rest: 10s", "sets: 1"),
    ]
    assert session("- Squat 3x10\n- Plank 30s, rest 1 min\n\nRest 45 seconds between sets.\n") == [
        *("- do: squat", "reps: 10", "sets: 3", "rest: 45s"),
        *("- do: plank", "hold: 30s", "rest: 1m", "sets: 1"),
    ]


def test_a_row_without_a_name_is_an_exercise_of_its_own_and_none_of_it_goes_to_the_one_above() -> None:
    imported = bring_in(
        "Track day\n\n10 min easy jog\n5 x 200m, 60s rest\n6 x (1 min hard / 1 min easy)\n", BANK
    )
    assert body(imported) == [
        *("- do: easy-jog", "for: 10m"),
        *("# gap: the source does not name the move", "- do: move"),
        *("distance: 200m", "sets: 5", "rest: 60s"),
    ]
    assert list(why(imported)) == ["6 x (1 min hard / 1 min easy)"]


def test_what_is_said_to_the_reader_is_no_way_to_do_it() -> None:
    plan = "Push ups 3x10, slow\nDrink water.\nStairs: 5 times daily\nWalk daily\nHave fun!\n"
    imported = bring_in(plan, BANK)
    assert body(imported) == ["- do: push-ups", "reps: 10", "sets: 3"]
    assert "setup" not in imported.routine_yaml
    assert list(why(imported)) == ["slow", "Drink water.", "Stairs: 5 times daily", "Walk daily", "Have fun!"]


def test_of_two_doses_the_first_stands_and_the_other_is_told() -> None:
    imported = bring_in("Squat 3x10\nHold for 20 seconds.\nWork for 40s.\nPlank 0s, 30 s\n", BANK)
    assert body(imported) == [
        "- do: squat",
        "hold: 20s",
        "reps: 10",
        "sets: 3",
        "- do: plank",
        "hold: 30s",
        "sets: 1",
    ]
    assert why(imported)["Work for 40s."].endswith("hold 20s stands")


# -- gaps -------------------------------------------------------------------------------------------


def test_a_dose_that_is_not_stated_is_asked_for_and_never_invented() -> None:
    imported = bring_in("Squat 3x10\nJumping jacks\nLunges 12\nBird dog\n", BANK)
    assert [row for row in body(imported) if not row.startswith("#")] == [
        *("- do: squat", "reps: 10", "sets: 3"),
        *("- do: jumping-jacks", "- do: lunges", "- do: bird-dog"),
    ]
    asked = [gap.asked for gap in imported.gaps]
    assert asked[1:] == [
        "how long, or how often? The source does not say",
        "12 has no unit: how long, or how often?",
        "how long, or how often? The source does not say, so it is as in the library",
    ]
    rows = imported.routine_yaml.splitlines()
    assert [rows[gap.line - 1].strip() for gap in imported.gaps] == [
        f"# gap: {gap.asked}" for gap in imported.gaps
    ]
    with pytest.raises(InputError, match="has no dose"):
        routine(imported)


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("Plnk", "plank (Plank)"),
        ("Bear plank", "bear-plank-flow (Bear plank flow)"),
        ("Leg raises", "side-leg-raise (Side leg raise)"),
        ("Press-ups", "press-up (Press-up of the back, lying on the belly, and no push-up)"),
    ],
)
def test_a_name_that_is_only_near_is_proposed_and_never_taken(name: str, near: str) -> None:
    imported = bring_in(f"{name} 3x10\n", BANK)
    assert f"name: {name}" in imported.routine_yaml
    assert any(near in gap.asked for gap in imported.gaps)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Knee-to-Chest Stretch", "knee-to-chest"),
        ("REVERSE AB CURLS", "reverse-ab-curl"),
        ("30/60/90 legs", "thirty-sixty-ninety"),
        ("cat cow", "cat-cow"),
        ("Plank hold", "plank"),
        ("Sit-to-stands", "sit-to-stand"),
        ("Squat hold", None),
        ("Copenhagen plank", None),
        ("Squat jumps", None),
        ("Bench press", None),
    ],
)
def test_the_bank_knows_names_plurals_and_other_usual_names(name: str, key: str | None) -> None:
    known = BANK.find(name)
    assert (known.key if known else None) == key


def test_every_move_of_the_bank_is_found_by_its_name_and_takes_any_dose() -> None:
    rows = [
        f"- {known.name}: 2 x 20s each side, rest 30s\n"
        for known in included().moves
        if known.key != "press-up"
    ]
    imported = bring_in("# All of them\n" + "".join(rows), included())
    done: list[Do] = list(routine(imported).session)  # type: ignore[arg-type]
    assert [do.move for do in done] == [known.key for known in included().moves if known.key != "press-up"]


def test_figures_with_letters_are_read_and_told() -> None:
    imported = bring_in("Plank 3x3Os\nSquats 1o reps\nWater 2l\n", BANK)
    assert body(imported)[:5] == ["- do: plank", "hold: 30s", "sets: 3", "- do: squat", "reps: 10"]
    assert why(imported)["3O"] == "a letter among figures: read as 30"
    assert why(imported)["1o"] == "a letter among figures: read as 10"


# -- articles ---------------------------------------------------------------------------------------

ARTICLE = """\
Three easy moves for a stiff neck and back

By Jo Somebody
March 3, 2021

SHARE THIS

Our club likes these. Talk to your doctor first if you are unsure. Spend about a minute with each one.

#1 Cat-cow
On hands and knees, arch and round. Never force it. Repeat 3 times a week.

#2 Side plank
Lie on one side and lift your hips. Hold it for 2o seconds, then repeat on the other side.

#3 Wall angels
Stand with your back to a wall.
- Slide your arms up the wall.
- Acme Deluxe Foam Roller.
- Slide them down again, slowly.

Subscribe to our newsletter!
"""


def test_an_article_has_its_exercises_under_its_headings() -> None:
    imported = bring_in(ARTICLE, BANK)
    assert body(imported) == [
        *("- do: cat-cow", "for: 1m", "caution: Never force it.", "sets: 1"),
        *("- do: side-plank", "hold: 20s", "sides: each", "sets: 1"),
        *("- do: wall-angels", "for: 1m"),
    ]
    assert routine(imported).title == "Three easy moves for a stiff neck and back"
    assert "safety: Talk to your doctor first if you are unsure." in imported.routine_yaml
    left = why(imported)
    assert left["- Acme Deluxe Foam Roller."] == "an advertisement: the others of its list are sentences"
    assert left["2o"] == "a letter among figures: read as 20"
    assert left["By Jo Somebody"] == left["March 3, 2021"] == "a byline or a date"
    assert left["Subscribe to our newsletter!"] == "an invitation to subscribe"
    assert left["SHARE THIS"] == "buttons to share"


def test_exercises_that_stand_in_sentences_alone_are_found_and_asked_for() -> None:
    imported = bring_in(
        "This 12-minute workout is short. Good morning to all of you! It begins with a warm-up of hamstring"
        " scoops, quad pulls and a kneeling hinge. A few rounds of strength follow, with the plank to bear.",
        BANK,
    )
    assert [row for row in body(imported) if row.startswith("-")] == [
        *("- section: Warm-up", "- do: hamstring-scoop", "- do: quad-pull", "- do: kneeling-hinge"),
        *("- section: Strength", "- do: plank-to-bear"),
    ]
    assert "fit: 12m" in imported.routine_yaml
    assert any("a few rounds: how many rounds?" in gap.asked for gap in imported.gaps)


ROWS = (
    *(
        "Plank 45s",
        "Squat 3x10",
        "Rest 30s",
        "# Warm-up",
        "Keep your back flat.",
        "Subscribe now!",
        "| a | b |",
    ),
    *("Hold for 20 seconds.", "Foo bar", "1. Step one", "- Lift your leg up high.", "3 rounds", ""),
    *(
        "20s on, 10s off, 8 rounds",
        "Rest 40 seconds between sets.",
        "Take a minute for each move.",
        "Bird dog",
    ),
    *(
        "Stop if it hurts.",
        "Consult your doctor first.",
        "A 16-minute workout.",
        "Lunges | 12 | each leg",
        "- 5 reps",
    ),
    *("By Ann Other", "4 rounds", "Avoid any bouncing.", "## Cool-down (2 minutes)"),
)


@given(
    st.lists(
        st.sampled_from(ROWS),
        min_size=1,
        max_size=9,
    )
)
@example(["Plank 45s", "Keep your back flat.", "Hold for 20 seconds."])
def test_no_line_is_lost(rows: list[str]) -> None:
    try:
        imported = bring_in("\n".join(["Squat 3x10", *rows]), BANK)
    except InputError:
        return
    told = " ".join([*(line.from_source for line in imported.lines), *why(imported)])
    for row in filter(None, rows):
        assert lines.rows(row)[0].text in lines.plain(told), row


# -- the five articles ------------------------------------------------------------------------------

needs_sources = pytest.mark.skipif(
    not SOURCES.is_dir(), reason="the source articles are not beside this folder"
)


@needs_sources
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("000_bear_plank_flow", [["bear-plank", "for: 40s", "sets: 2-3", "rest: 20s"]]),
        (
            "001_knee_to_chest",
            [
                ["knee-to-chest", "hold: 20-30s", "reps: 3-5", "sides: each", "caution: "],
                *(["pelvic-tilt"], ["cat-cow"], ["bird-dog"], ["superman"], ["bridge"]),
            ],
        ),
        (
            "002_sixteen_minutes",
            [
                *(["hamstring-scoop"], ["quad-pull"], ["plank-to-pike"], ["kneeling-hinge"]),
                *(["plank-to-bear"], ["good-morning"]),
            ],
        ),
        (
            "003_four_moves",
            [
                ["hip-flexor-wall-stretch", "hold: 30s", "sets: 3", "sides: each"],
                ["reverse-ab-curl", "reps: 10", "sets: 3", "caution: "],
                ["glute-hip-thrust", "reps: 10", "sets: 3"],
                ["banded-hamstring-curl", "reps: 10", "sets: 3", "sides: [left, right]"],
            ],
        ),
        (
            "004_five_moves",
            [
                ["knee-circles", "for: 1m"],
                ["three-way-leg-stretch", "# the library's own hold: 10 breaths"],
                *(["around-the-world", "for: 1m"], ["pelvis-stability-bridge", "for: 1m"]),
                ["thirty-sixty-ninety", "for: 1m"],
            ],
        ),
    ],
)  # fmt: skip
def test_an_article_gives_its_moves_with_their_doses(name: str, expected: list[list[str]]) -> None:
    imported = bring_in((SOURCES / f"{name}.txt").read_text("utf-8"), included())
    found: list[list[str]] = []
    for row in body(imported):
        if row.startswith("- do: "):
            found.append([row.removeprefix("- do: ")])
        elif found and not row.startswith(("# gap", "- section", "items:", "repeat")):
            found[-1].append("caution: " if row.startswith("caution: ") else row)
    assert found == expected
    routine(imported)


@needs_sources
def test_the_traps_of_the_articles_are_listed() -> None:
    first, last = (
        why(bring_in((SOURCES / f"{name}.txt").read_text("utf-8"), included()))
        for name in ("000_bear_plank_flow", "004_five_moves")
    )
    assert first["4o"] == "a letter among figures: read as 40"
    assert [text for text, said in first.items() if said.startswith("an advertisement:")] == [
        next(text for text in first if "Yoga Block" in text)
    ]
    assert sum(said == "an advertisement" for said in last.values()) >= 3


# -- other forms ------------------------------------------------------------------------------------

ZWO = """\
<?xml version="1.0"?>
<workout_file><name>Over and under</name><workout>
<Warmup Duration="600" PowerLow="0.5" PowerHigh="0.75"><textevent timeoffset="10" message="Spin easy"/>
</Warmup>
<IntervalsT Repeat="4" OnDuration="60" OffDuration="120" OnPower="1.1" OffPower="0.5"/>
<SteadyState Power="0.65"/>
</workout></workout_file>
"""
INTERVALS = """\
Warmup
- 15m ramp 50-75%
- Spin up 30s 110% 100rpm

Main set 4x
- 4m 100%
- 2m30s Z2 HR

- 1km Z1 pace
"""
HEVY = """\
"title","start_time","exercise_title","notes","set_index","weight_kg","reps","distance_km","duration_seconds"
"Legs","28 Mar 2024, 17:29","Squat (Barbell)","",0,60,12,,
"Legs","28 Mar 2024, 17:29","Squat (Barbell)","",1,70,10,,
"Legs","28 Mar 2024, 17:29","Plank","knees down",0,,,,45
"Legs","28 Mar 2024, 17:29","Plank","knees down",1,,,,45
"Push","26 Mar 2024, 17:29","Bench Press (Barbell)","",0,60,8,,
"""
STRONG = """\
Date;Workout Name;Exercise Name;Set Order;Weight;Reps;Distance;Seconds
2024-03-01;Old;Deadlift (Barbell);1;100;5;0;0
2024-03-08;Back day;Glute Bridge;1;0;12;0;0
2024-03-08;Back day;Glute Bridge;2;0;12;0;0
2024-03-08;Back day;Glute Bridge;Rest Timer;0;0;0;60
2024-03-08;Back day;Deadlift (Barbell);1;100;5;0;0
"""
EXERCISES = """\
[{"name": "3/4 Sit-Up", "equipment": "body only", "primaryMuscles": ["abdominals"], "secondaryMuscles": [],
  "instructions": ["Lie down on the floor.", "Lift your chest."], "id": "3_4_Sit-Up"},
 {"name": "Ab Roller", "equipment": "ab wheel", "primaryMuscles": ["abdominals"], "instructions": ["Kneel."]}]
"""


@pytest.mark.parametrize(
    ("text", "kind", "fields"),
    [
        (
            ZWO,
            "zwo",
            [
                *("- do: warm-up-from-50-to-75-percent", "for: 10m", 'at: [{at: 10s, say: "Spin easy"}]'),
                *("- repeat: 4", "items:", "- do: interval-110-percent", "for: 1m"),
                *("- do: recovery-50-percent", "for: 2m"),
            ],
        ),
        (
            HEVY,
            "hevy",
            [
                *("- do: barbell-squat", "reps: [12, 10]", "weight: [60 kg, 70 kg]"),
                *("- do: plank", "hold: 45s", "sets: 2"),
            ],
        ),
        (
            STRONG,
            "strong",
            [
                *("- do: bridge", "reps: 12", "sets: 2", "rest: 60s"),
                "# gap: the weights have no unit: kg or lb?",
                *("- do: barbell-deadlift", "reps: 5"),
            ],
        ),
    ],
)  # fmt: skip
def test_an_export_becomes_a_routine(text: str, kind: str, fields: list[str]) -> None:
    imported = bring_in(text, BANK)
    assert imported.kind == kind
    assert body(imported) == fields
    routine(imported)
    assert len(imported.left_out) == {"zwo": 1, "hevy": 2, "strong": 1}[kind]


def test_lines_of_intervals_icu_are_intervals_without_gaps() -> None:
    imported = bring_in(INTERVALS, BANK)
    assert (imported.kind, "defaults: {ready: 0s}" in imported.routine_yaml) == ("intervals", True)
    assert [row for row in body(imported) if not row.startswith("#")] == [
        *("- section: Warmup", "items:", "- do: from-50-to-75-percent", "for: 15m"),
        *("- do: spin-up-110-percent-100-turns-a-minute", "for: 30s"),
        *("- section: Main set", "repeat: 4", "items:", "- do: 100-percent", "for: 4m"),
        *("- do: zone-2-of-heart-rate", "for: 2m30s", "- do: zone-1-of-threshold-pace", "distance: 1km"),
    ]
    assert "how long does it take?" in imported.gaps[-1].asked


def test_exercises_of_a_database_become_a_library(tmp_path: Path) -> None:
    imported = bring_in(EXERCISES, BANK)
    (tmp_path / "moves.yaml").write_text(imported.routine_yaml, "utf-8")
    loaded = library.load(
        tmp_path / "<a>", "title: A b\ninclude: [moves.yaml]\nsession: [{do: ab-roller, reps: 5}]\n"
    )
    sit_up, roller = loaded.routine.moves
    assert (sit_up.name, sit_up.works, sit_up.equipment) == ("3/4 Sit-Up", ("abdominals",), None)
    assert sit_up.setup is not None
    assert sit_up.setup.text == "Lie down on the floor. Lift your chest."
    assert roller.equipment == ("ab wheel",)
    assert imported.gaps[0].asked.startswith("the data does not say how long or how often")


# -- answers of models ------------------------------------------------------------------------------

ANSWER = """\
Sure, here it is!

```yaml
title: Back # from: "Back"
session:
  - do: plank # from: "Plank, 45 seconds"
    hold: 45s # from: "Plank, 45 seconds"
  # gap: how many squats?
  - do: squat # from: "Squats"
    reps: 12
    sets: 4 # from: "Plank, 45 seconds"
    rest: 30s # from: "Rest well."
```

Enjoy.
"""


def test_the_answer_of_a_model_is_taken_with_the_moves_that_it_does() -> None:
    imported = bring_in(ANSWER, BANK)
    assert imported.kind == "answer"
    assert "moves:\n  plank:\n    name: Plank\n" in imported.routine_yaml
    assert why(imported) == dict.fromkeys(["Sure, here it is!", "Enjoy."], "talk around the answer")
    assert [gap.asked for gap in imported.gaps] == ["how many squats?"]
    routine(imported)


@pytest.mark.parametrize("indent", ["  ", "    "])
def test_moves_are_added_to_those_of_an_answer(indent: str) -> None:
    own = f"moves: # mine\n{indent}wall-sit: {{name: Wall sit, hold: 30s}}\n"
    text = f"~~~\ntitle: A b\n{own}session:\n- {{do: wall-sit}}\n- {{do: bird-dog}}\n~~~\nBye."
    loaded = routine(bring_in(text, BANK))
    assert [move.key for move in loaded.moves] == ["bird-dog", "wall-sit"]


def test_what_is_not_in_the_source_is_marked() -> None:
    held = answer.held_against(bring_in(ANSWER, included()), "Back. Plank, 45 seconds. Squats.")
    assert [gap.asked for gap in held.gaps] == [
        "how many squats?",
        "no sentence of the source stands beside this: is it in it?",
        "the sentence beside this does not say it",
        "this sentence is not in the source",
    ]
    routine(held)


def test_the_prompt_has_the_bank_and_an_example_that_is_a_routine() -> None:
    text = prompt(included())
    assert all(f"- {known.key}: {known.name}" in text for known in included().moves)
    assert "- plank: Plank (is held)\n" in text
    with pytest.raises(InputError, match="wall-sit"):
        # The one dose that the example asks for.
        routine(bring_in(text, included()))


# -- hostile texts ----------------------------------------------------------------------------------

BOMB = '<!DOCTYPE a [<!ENTITY b "c">]><workout_file><name>&b;</name></workout_file>'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no exercise was found"),
        ("a\0b", "a NUL character"),
        ("Plank 45s \u202e", "U\\+202E"),
        ("\u05e9\u05dc\u05d5\u05dd", "no exercise was found"),
        ("x" * 300_001, "too large"),
        ("1" * 30_000, "no exercise was found"),
        ("Plank 45s\n" * 250_000, "too large"),
        ("\ud800", "UTF-8"),
        (BOMB, "document types and entities of XML are refused"),
        ("<!DOCTYPE a SYSTEM 'b'><workout_file/>", "document types and entities of XML are refused"),
        ("<workout_file>" * 30, "too many elements"),
        ("<?xml version='1.0'?><a/>", "expected a workout of Zwift"),
        ("<workout_file>", "this is no XML"),
        (HEVY.replace("Plank", "=HYPERLINK(1)"), "found the formula"),
        (STRONG.replace("Glute Bridge", "@SUM(1)"), "found the formula"),
        (HEVY + '"a', "this is no CSV"),
        (HEVY.replace('"reps"', '"re"ps"'), "this is no CSV"),
        ('[{"name": ' + "[" * 5000, "this is no JSON"),
        ('[{"name": ""}]', "expected exercises"),
        ("```yaml\nsession: &a [*a]\n```", "aliases are not supported"),
    ],
    ids=lambda text: repr(text[:20]),
)
def test_a_hostile_text_is_refused_in_one_sentence(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        bring_in(text, BANK)
    assert "Traceback" not in str(caught.value)


@given(st.text(max_size=200))
@example('- do: {say: <side>}\n# from: "\nPlank 3x10 <b> # x: y')
def test_any_text_becomes_yaml_or_a_sentence(text: str) -> None:
    try:
        imported = bring_in(f"Plank 45s\nFoo {text} 3x10\nSquat 3x10\n", BANK)
    except InputError:
        return
    assert "- do: squat" in imported.routine_yaml
    try:
        routine(imported)
    except InputError as error:
        codes = {problem.code for problem in error.problems if problem.kind == "error"}
        # What the source does not say.
        if codes != {"missing-dose"}:
            raise


def test_a_kind_that_there_is_not_is_refused() -> None:
    assert KINDS == ("answer", "zwo", "hevy", "strong", "exercises", "intervals", "page")
    with pytest.raises(InputError, match="expected one of answer, zwo"):
        bring_in("Plank 45s", BANK, "pdf")
    assert bring_in("Plank 45s", BANK, "page").kind == "page"


@pytest.mark.parametrize(
    ("phrase", "fields"),
    [
        ("2-3 times a week", {}),
        ("at 90 degrees", {}),
        ("10 years of experience", {}),
        ("rest for 1 min 30 sec between sets", {"rest": "1m30s"}),
        ("12 to 8 reps", {"reps": "8-12"}),
        ("run 400m", {"distance": "400m"}),
        ("hold 3 seconds, 5 reps", {"hold": "3s", "reps": "5"}),
        ("left leg first, 30s", {"time": "30s", "sides": "[left, right]"}),
    ],
)
def test_amounts_are_what_is_stated(phrase: str, fields: dict[str, str]) -> None:
    assert dict(amounts.read(phrase).fields) == fields
