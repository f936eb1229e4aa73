from audiocoach.coaching.steps import Delivery, Effort, FixedDose, Nesting
from audiocoach.routine.model import Move
from audiocoach.routine.voice import Voice
from tests.test_diagnostics import HERE


def effort(name: str | None, dose: FixedDose | None) -> Effort:
    delivery = Delivery("full", "full", Voice())
    move = Move(HERE, "bear-plank", name=name)
    return Effort(HERE, "reps", 40_000, move, 1, Nesting(), delivery, dose, set=1, sets=1, opens=True)


def test_a_move_without_a_name_is_called_by_its_key() -> None:
    assert effort("Bear plank", None).name == "Bear plank"
    assert effort(None, None).name == "bear-plank"


def test_repetitions_are_none_where_none_are_counted() -> None:
    assert effort(None, FixedDose("reps", reps=10)).reps == 10
    assert effort(None, None).reps == 0
