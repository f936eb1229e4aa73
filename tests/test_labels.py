from dataclasses import replace

import pytest

from audiocoach.coaching.timeline import Interval
from audiocoach.publish.labels import interval_label
from audiocoach.routine import wordings
from tests.hostile import AT

PLAIN = Interval(0, 40_000, "work", AT, move="Bear plank")
LABELS = {
    "work 0:40  Bear plank": PLAIN,
    "work 0:40  Bear plank, set 1 of 3": replace(PLAIN, set=1, sets=3),
    "work 0:40  Bear plank, hold 2, left, clockwise": replace(
        PLAIN, set=1, sets=1, rep=2, side="left", way="clockwise"
    ),
    "rest 0:40  Bear plank, waits until you are ready": replace(PLAIN, kind="rest", until="ready"),
    "talk 0:40": replace(PLAIN, kind="talk", move=None),
}


@pytest.mark.parametrize("label", LABELS)
def test_an_interval_is_named_by_all_that_tells_it_apart(label: str) -> None:
    assert interval_label(LABELS[label], wordings.language("en")) == label
