"""The library: every move is complete, says what a listener can follow, and is a session of its own."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from itertools import product
from typing import TYPE_CHECKING

from audiocoach.coaching.estimate import estimate_ms
from audiocoach.coaching.plan import plan
from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.timeline import Speech
from audiocoach.language.language import traits
from audiocoach.routine.diagnostics import Diagnostics
from audiocoach.routine.library import load
from audiocoach.routine.model import varied
from audiocoach.routine.voice import Voice
from audiocoach.sound.mp3.frame import FRAME_MS
from tests.every import every
from tests.moves_page import FILES, FOLDER, PAGE, moves_of, page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiocoach.coaching.timeline import Timeline
    from audiocoach.routine.model import LevelName, Move, Words

LEVELS: tuple[LevelName, ...] = ("gentle", "standard", "strong")
# How a move is done decides what it has to say. `any` are fields of which one is needed.
EVERY = (
    *("name", "posture", "setup", "get_ready", "caution", "reminders", "finish", "why", "avoid_if", "works"),
    *("easier", "harder"),
)
REQUIRED: dict[str, tuple[str, ...]] = {
    "reps": (*EVERY, "steps", "dose", "sets", "tempo"),
    "for": (*EVERY, "steps or reminders", "dose", "sets"),
    "hold": (*EVERY, "at_go or steps", "dose", "sets"),
    "holds": (*EVERY, "at_go", "dose"),
    "breaths": (*EVERY, "at_go", "dose", "sets", "breath"),
    # A guided sequence leads out with its last step.
    "guided": (*(field for field in EVERY if field != "finish"), "steps", "sides"),
}
# Where a listener already holds her weight when the time begins, the last thing said takes her there.
LOADED = {
    *("plank", "bear-hold", "side-plank", "plank-to-pike", "plank-to-bear", "toe-tap", "dead-bug"),
    *("marching-bridge", "pelvis-stability-bridge", "glute-hip-thrust", "thirty-sixty-ninety"),
    *("reverse-ab-curl", "single-leg-bridge", "suitcase-march"),
}
# What costs strength to keep up while the coach still talks.
LOADING = re.compile(
    r"\b(lift|float|to the ceiling|legs? up|hips up|weight in|step your feet back)\b", re.IGNORECASE
)
# Words of a move that are wrong in its easier or its harder version.
WRONG: dict[tuple[str, LevelName], tuple[str, ...]] = {
    ("bear-plank-flow", "gentle"): ("Float", "float", "Knees down"),
    ("bear-hold", "gentle"): ("float your knees",),
    ("plank", "gentle"): ("hips and knees", "toes tucked"),
    ("plank-to-pike", "gentle"): ("plank",),
    ("plank-to-bear", "gentle"): ("off the floor",),
    ("dead-bug", "gentle"): ("arm down", "arm,", "Arms to the ceiling"),
    ("curl-up", "gentle"): ("shoulders up", "Head down"),
    ("toe-tap", "gentle"): ("Tap", "toes tap"),
    ("bird-dog", "gentle"): ("arm out", "arm,"),
    ("pelvis-stability-bridge", "gentle"): ("arm up",),
    ("prone-hip-extension", "gentle"): ("foot up", "hand's width"),
    ("prone-hip-extension", "strong"): ("Bend your", "knee bent"),
    ("marching-bridge", "gentle"): ("foot up", "leg up"),
    ("single-leg-bridge", "gentle"): ("to the ceiling", "Arms heavy"),
    ("glute-hip-thrust", "gentle"): ("barbell",),
    ("glute-hip-thrust", "strong"): ("If you", "any"),
    ("fire-hydrant", "strong"): ("Knee stays bent", "Stay."),
    ("knee-to-chest", "gentle"): ("around your",),
    ("knee-circles", "gentle"): ("big", "wide", "Wide"),
    ("figure-four", "gentle"): ("draw it in",),
    ("three-way-leg-stretch", "gentle"): ("Both legs work", "look up", "lies long"),
    ("hip-flexor-wall-stretch", "gentle"): ("sink", "against the wall"),
    ("press-up", "gentle"): ("hands beside", "hands by"),
    ("ninety-ninety-switch", "gentle"): ("Sit tall",),
    ("ninety-ninety-switch", "strong"): ("hands behind",),
    ("quad-pull", "gentle"): ("Catch", "one hand", "you pull"),
    ("hip-hinge", "gentle"): ("to your knees",),
    ("hip-hinge", "strong"): ("hands to", "Hands on"),
    ("good-morning", "gentle"): ("behind your head",),
    ("sit-to-stand", "strong"): ("sit slowly", "Sit without"),
    ("suitcase-march", "gentle"): ("Knees up",),
}
# Their articles say how long.
ARTICLES_REST = {"bear-plank-flow", "hip-flexor-wall-stretch"}
# What it takes beyond a floor, and nothing else does.
NEEDS = {
    "reverse-ab-curl": ("a mat",),
    "glute-hip-thrust": ("a bench", "perhaps a barbell"),
    "banded-hamstring-curl": ("a resistance band",),
    "three-way-leg-stretch": ("a belt or a strap",),
    "hip-flexor-wall-stretch": ("a mat", "a wall"),
    "quad-pull": ("a wall",),
    "sit-to-stand": ("a firm chair",),
    "suitcase-march": ("a weight or a heavy bag",),
    "calf-raise": ("a wall",),
}
SPOKEN = ("setup", "say", "get_ready", "at_go", "caution", "finish", "why", "avoid_if")
POINTING = re.compile(r"\b(like this|like that|as shown|this way|see here|here)\b", re.IGNORECASE)
MOST_WORDS = 12

MOVES = {move.key: move for name in FILES for move in moves_of(name)}
every_move = every(MOVES.values())


def kind(move: Move) -> str:
    return move.dose.kind if move.dose else "guided"


def value(move: Move, field: str) -> object:
    """What a move has in a field, its own or one of its terms."""
    return next(
        (
            found
            for name in (field, f"{field}_ms")
            for of in (move, move.terms)
            if (found := getattr(of, name, None))
        ),
        None,
    )


def texts(move: Move) -> Iterator[Words]:
    """All that is ever said of a move."""
    yield from (words for name in SPOKEN if (words := getattr(move, name)))
    yield from move.reminders or ()
    for step in move.steps or ():
        yield from filter(None, (step.words, step.short))
    for change in filter(None, (move.easier, move.harder)):
        yield from texts(change)


@cache
def alone(key: str, level: LevelName) -> Timeline:
    """A session of this move and nothing else, as it is after reading `title` and `session`."""
    file = next(name for name in FILES if key in {move.key for move in moves_of(name)})
    text = f"title: Alone\ninclude: [moves/{file}.yaml]\nsession: [{{do: {key}}}]\n"
    loaded = load(FOLDER / "alone.yaml", text)
    assert loaded.warnings == ()
    routine = replace(loaded.routine, settings=replace(loaded.routine.settings, level=level))
    diagnostics = Diagnostics()
    planned = plan(routine, Voice(), diagnostics, FRAME_MS)
    assert diagnostics.close() == ()
    return schedule(planned, estimate_ms)


def heard(key: str, level: LevelName) -> tuple[str, ...]:
    return tuple(event.text for event in alone(key, level).events if isinstance(event, Speech))


def test_there_are_forty_moves_and_more() -> None:
    assert len(MOVES) >= 40


@every_move
def test_it_has_every_field_of_its_kind(move: Move) -> None:
    missing = [
        field for field in REQUIRED[kind(move)] if not any(value(move, one) for one in field.split(" or "))
    ]
    assert missing == []


@every_move
def test_sets_have_a_rest_between_them_with_room_for_words(move: Move) -> None:
    """What comes after a move of one set has a get-ready time that grows to its words."""
    sets, rest_ms = move.terms.sets, move.terms.rest_ms
    if sets is None or sets.high == 1:
        assert rest_ms is None or kind(move) == "holds"
    elif move.key not in ARTICLES_REST:
        assert rest_ms is not None
        assert rest_ms.low >= 30_000


@every_move
def test_it_has_three_reminders_for_each_of_two_days_and_each_phase_a_call(move: Move) -> None:
    reminders = [words.text for words in move.reminders or ()]
    assert len(reminders) >= 6
    assert len(set(reminders)) == len(reminders)
    if move.dose and move.dose.traits.moves:
        assert [step.words.text for step in move.steps or () if step.short is None] == []


@every_move
def test_the_call_of_a_limb_says_which(move: Move) -> None:
    """Where sides take turns, `left` alone may be an arm or a leg."""
    sides = move.terms.sides
    if not sides or sides.sharing != "alternate":
        return
    calls = [step.short.text for step in move.steps or () if step.short]
    assert any("side>" in call and call not in {"<side>", "<side> side"} for call in calls)


@every_move
def test_a_position_that_costs_strength_is_taken_last(move: Move) -> None:
    assert move.at_go is not None or move.key not in LOADED


@every_move
def test_the_setup_leads_into_nothing_that_costs_strength(move: Move) -> None:
    """What does is said right before the count, in `at_go`."""
    versions = [varied(move, change) for change in (None, move.easier, move.harder)]
    said = [words.text for one in versions for words in (one.setup, one.get_ready) if words]
    assert [text for text in said if LOADING.search(text)] == []


@every(WRONG)
def test_no_words_of_the_move_contradict_its_easier_or_harder_version(case: tuple[str, LevelName]) -> None:
    (key, level), words = case, WRONG[case]
    move = MOVES[key]
    version = varied(move, move.easier if level == "gentle" else move.harder)
    said = [*heard(key, level)[1:], *(one.text for one in version.reminders or ())]
    own = str(version.say and version.say.text)
    assert [
        text
        for text in said
        if text not in (own, version.why and version.why.text) and any(wrong in text for wrong in words)
    ] == []


@every_move
def test_it_tells_when_to_breathe(move: Move) -> None:
    # Led breaths say it all the time.
    assert kind(move) == "breaths" or any("reath" in words.text for words in texts(move))


@every_move
def test_it_asks_for_what_it_needs(move: Move) -> None:
    assert (move.equipment or ()) == NEEDS.get(move.key, ())


@every_move
def test_no_sentence_is_longer_than_twelve_words(move: Move) -> None:
    every = [part for words in texts(move) for part in traits("en").sentences(words.text)]
    assert [part for part in every if len(part.split()) > MOST_WORDS] == []


@every_move
def test_nothing_points_at_a_picture(move: Move) -> None:
    assert [words.text for words in texts(move) if POINTING.search(words.text)] == []


@every(product(MOVES, LEVELS))
def test_alone_it_is_a_session_without_a_note(case: tuple[str, LevelName]) -> None:
    assert alone(*case).notes == ()


@every_move
def test_what_is_easier_and_harder_is_heard(move: Move) -> None:
    gentle, standard, strong = (heard(move.key, level) for level in LEVELS)
    assert len({gentle, standard, strong}) == len(LEVELS)
    easier, harder = (change.say.text for change in (move.easier, move.harder) if change and change.say)
    assert easier in gentle
    assert harder in strong
    assert harder not in gentle
    assert easier not in strong
    # At standard it is offered, within a sentence of the coach's own.
    assert any(easier in text for text in standard)


def test_the_page_of_moves_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == page()
