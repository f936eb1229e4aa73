from audiocoach.errors import Position
from audiocoach.routine.model import (
    Dose,
    Move,
    MoveStep,
    Range,
    Tempo,
    Terms,
    Words,
    dosed,
    is_led,
    overlay,
    varied,
)

HERE = Position("r.yaml", 1, 1)


def test_terms_keep_what_a_change_does_not_say() -> None:
    base = Terms(sets=Range(3, 3), rest_ms=Range(20_000, 20_000))
    assert overlay(Terms(sets=Range(2, 2)), base) == Terms(sets=Range(2, 2), rest_ms=Range(20_000, 20_000))


def test_a_rest_of_nothing_is_said() -> None:
    assert overlay(Terms(rest_ms=Range(0, 0)), Terms(rest_ms=Range(9, 9))).rest_ms == Range(0, 0)


def test_an_easier_move_replaces_the_fields_that_it_holds() -> None:
    move = Move(HERE, "plank", name="Plank", setup=Words("Down.", HERE), terms=Terms(sets=Range(3, 3)))
    easier = Move(HERE, "plank", setup=Words("Knees down.", HERE), terms=Terms(rest_ms=Range(1, 1)))
    found = varied(move, easier)
    assert (found.name, found.setup) == ("Plank", Words("Knees down.", HERE))
    assert found.terms == Terms(sets=Range(3, 3), rest_ms=Range(1, 1))
    assert varied(move, None) is move


def test_a_step_with_a_pause_is_timed() -> None:
    words = Words("Rest.", HERE)
    assert MoveStep(HERE, words, pause_ms=Range(8000, 8000)).timed
    assert not MoveStep(HERE, words).timed


HOLD = Dose("hold", HERE, time_ms=Range(10_000, 10_000))
BREATHS = Dose("breaths", HERE, breaths=Range(4, 4))
REPS = Dose("reps", HERE, reps=Range(8, 8))


def test_repetitions_of_a_hold_are_holds() -> None:
    assert dosed(REPS, HOLD) == Dose("holds", HERE, time_ms=HOLD.time_ms, reps=REPS.reps)
    assert dosed(REPS, BREATHS) is REPS
    assert dosed(None, HOLD) is HOLD
    assert dosed(REPS, None) is REPS


def test_breaths_that_were_written_as_a_hold_stay() -> None:
    held = Dose("breaths", HERE, breaths=Range(4, 4), held=True)
    assert held.stays
    assert not BREATHS.stays
    assert dosed(REPS, held) == Dose("holds", HERE, reps=REPS.reps, breaths=held.breaths, held=True)


def test_the_nearer_of_breath_and_tempo_leads() -> None:
    dose, breath = Dose("for", HERE, time_ms=Range(60_000, 60_000)), Terms(breath=(4000, 6000))
    tempo = Terms(tempo=Tempo(HERE, rep_ms=3000))
    assert is_led(dose, Terms(), breath)
    assert is_led(dose, breath, tempo)
    assert not is_led(dose, tempo, breath)
    assert not is_led(dose, Terms())
    assert not is_led(HOLD, breath)


def test_a_change_keeps_the_places_of_what_it_does_not_say() -> None:
    there = Position("r.yaml", 2, 2)
    base = Terms(places=(("sets", HERE), ("rest", HERE)))
    assert dict(overlay(Terms(places=(("rest", there),)), base).places) == {"sets": HERE, "rest": there}
