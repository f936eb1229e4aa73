"""The tones that open and close an effort."""

from dataclasses import replace

import pytest

from audiocoach.coaching.effort.bounds import Edge, edge
from audiocoach.coaching.steps import Effort, FixedDose
from audiocoach.routine.model import TonesName
from tests.test_steps import effort


def with_tones(tones: TonesName) -> Effort:
    plain = effort("Bend", FixedDose("reps", reps=10))
    return replace(plain, delivery=replace(plain.delivery, tones=tones))


MET: list[tuple[TonesName, TonesName, str]] = [
    ("full", "none", "switch"),
    ("soft", "full", "switch"),
    ("soft", "none", "bell"),
    ("none", "none", ""),
]


@pytest.mark.parametrize(("before", "after", "tone"), MET)
def test_where_two_meet_the_tone_is_as_loud_as_either_wants_it(
    before: TonesName, after: TonesName, tone: str
) -> None:
    assert edge("switch", with_tones(before), with_tones(after)) == Edge("switch", tone)


def test_a_pause_wants_no_tone() -> None:
    assert edge("go", replace(with_tones("full"), kind="pause")).tone == ""


def test_no_tone_takes_no_time() -> None:
    assert Edge("go", "").length_ms == 0
    assert edge("go", with_tones("full")).length_ms > 0
