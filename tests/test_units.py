import pytest

from audiocoach import units


def test_samples_and_milliseconds() -> None:
    assert units.ms_to_samples(24) == 1152


def test_decibels() -> None:
    assert units.db_to_gain(0) == 1
    assert units.db_to_gain(-20) == pytest.approx(0.1)


def test_rounding_up() -> None:
    assert [units.ceil_to(time_ms, 24) for time_ms in (0, 1, 24, 25)] == [0, 24, 24, 48]


CLOCKS = {0: "0:00", 5999: "0:05", 60_000: "1:00", 760_000: "12:40", 3_723_000: "1:02:03"}


def test_stamps() -> None:
    assert [units.ms_to_stamp(time_ms) for time_ms in (0, 65_250, 3_723_005)] == [
        *("00:00:00.000", "00:01:05.250", "01:02:03.005"),
    ]


@pytest.mark.parametrize("time_ms", CLOCKS)
def test_clocks(time_ms: int) -> None:
    assert units.ms_to_clock(time_ms) == CLOCKS[time_ms]
