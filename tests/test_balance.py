"""How loud a session with music is as a whole: known before anything sounds."""

from __future__ import annotations

import pytest

from audiocoach.coaching.schedule import schedule
from audiocoach.sound.bed.balance import whole_gain_db
from tests.generate import constant, planned


def gain_db(pause: str, level: int = -8) -> float:
    music = f"{{play: rain, level: {level}}}"
    say = f"{{say: Lie down on your back., pause: {pause}}}"
    text = f"title: T\nmusic: {music}\ntones: none\nsession: [{say}, say: Sit up.]\n"
    timeline = schedule(planned(text), constant)
    return whole_gain_db(timeline.events, timeline.music, timeline.duration_ms)


def test_the_less_is_said_the_louder_it_all_is() -> None:
    found = [gain_db(pause) for pause in ("1s", "4s", "10s", "20s", "10m")]
    assert found == sorted(found)
    assert found[0] < 4 < found[3]
    assert found[-1] == 8


@pytest.mark.parametrize("pause", ["7s", "7.3s", "8s"])
def test_a_little_more_or_less_changes_nothing_in_most_cases(pause: str) -> None:
    assert gain_db(pause) % 0.5 == 0
    assert abs(gain_db(pause) - gain_db("7s")) <= 0.5


def test_music_that_is_far_below_counts_for_nothing_beside_words() -> None:
    assert gain_db("10s", level=-24) < gain_db("10s") - 2


def test_where_nothing_sounds_nothing_is_louder() -> None:
    assert whole_gain_db([], [], 5000) == 0
