from audiocoach.errors import Position
from audiocoach.routine.model import Move, MoveStep, Range, Terms, Words, overlay, varied

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
