"""What was promised is kept: GUIDs and dates, whatever comes, goes, and comes back."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiocoach.publish import state
from audiocoach.publish.state import (
    STAYS_S,
    DamagedError,
    Promise,
    State,
    Superseded,
    as_text,
    feed_guid,
    parse,
    with_sessions,
    with_superseded,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

URL = "https://example.org/back/feed.xml"
NOW_S = 1_800_000_000
HOUR_S = 3600

# The examples of the podcast namespace's own page on `guid`.
GUIDS = {
    "podnews.net/rss": "9b024349-ccf0-5f69-a609-6b82873eab3c",
    "mp3s.nashownotes.com/pc20rss.xml": "917393e3-1b1e-5cef-ace4-edaa54e1f810",
}


@pytest.mark.parametrize(("address", "guid"), GUIDS.items())
@pytest.mark.parametrize("written", ["https://{}", "http://{}", "HTTPS://{}", "{}", "https://{}/", "{}//"])
def test_the_guid_of_a_feed_is_that_of_its_address_alone(address: str, guid: str, written: str) -> None:
    assert feed_guid(written.format(address)) == guid


def dates(found: State, *names: str) -> list[int]:
    return [found.sessions[name].published_s - NOW_S for name in names]


def test_sessions_that_are_new_together_are_an_hour_apart_in_play_order() -> None:
    found = with_sessions(state.new(URL), ["b", "a", "c"], NOW_S)
    assert dates(found, "b", "a", "c") == [-3 * HOUR_S, -2 * HOUR_S, -HOUR_S]


def test_a_session_that_is_put_between_two_later_is_dated_between_them() -> None:
    first = with_sessions(state.new(URL), ["a", "c"], NOW_S)
    later = with_sessions(first, ["a", "b", "c"], NOW_S + 90 * 24 * HOUR_S)
    assert dates(later, "a", "b", "c") == [-2 * HOUR_S, -1.5 * HOUR_S, -HOUR_S]


def test_a_session_that_is_put_before_all_is_dated_before_them() -> None:
    later = with_sessions(with_sessions(state.new(URL), ["b"], NOW_S), ["a", "b"], NOW_S)
    assert dates(later, "a", "b") == [-2 * HOUR_S, -HOUR_S]


def test_37_dates_in_the_future_are_mended_and_guids_stay() -> None:
    ahead_s = NOW_S + 160 * 365 * 24 * HOUR_S
    first = with_sessions(state.new(URL), ["a", "d"], NOW_S)
    wrong = with_sessions(first, ["a", "b", "c", "d", "e"], ahead_s)
    wrong = with_sessions(wrong, ["f"], ahead_s)
    assert dates(wrong, "a", "b", "c") == [-2 * HOUR_S, -100 * 60, -80 * 60]
    mended, late = state.redated(wrong, ["a", "b", "c", "e", "d"], NOW_S + HOUR_S)
    assert late == ("e", "f")
    assert dates(mended, "a", "b", "c", "d") == dates(wrong, "a", "b", "c", "d")
    assert dates(mended, "c", "e", "d") == sorted(dates(mended, "c", "e", "d"))
    assert max(one.published_s for one in mended.sessions.values()) <= NOW_S + HOUR_S
    assert {name: one.guid for name, one in mended.sessions.items()} == {
        name: one.guid for name, one in wrong.sessions.items()
    }
    assert state.redated(mended, ["a", "b", "c", "e", "d"], NOW_S + HOUR_S) == (mended, ())


def test_37_clocks_that_differ_by_less_than_a_day_change_no_date() -> None:
    found = with_sessions(state.new(URL), ["a"], NOW_S + 24 * HOUR_S)
    assert state.redated(found, ["a"], NOW_S) == (found, ())


def test_a_session_that_takes_the_place_of_another_is_new() -> None:
    later = with_sessions(with_sessions(state.new(URL), ["a"], NOW_S), ["b"], NOW_S)
    assert dates(later, "a", "b") == [-HOUR_S, -HOUR_S / 2]


def test_a_session_that_comes_last_is_new() -> None:
    day_s = 24 * HOUR_S
    later = with_sessions(with_sessions(state.new(URL), ["a"], NOW_S), ["a", "b"], NOW_S + day_s)
    assert dates(later, "b") == [day_s - HOUR_S]


def test_one_after_another_within_a_minute_none_is_in_the_future() -> None:
    found, names = state.new(URL), [f"day-{number}" for number in range(12)]
    for many in range(1, 13):
        found = with_sessions(found, names[:many], NOW_S + many)
    assert apart(found) >= 60
    assert max(dates(found, *names)) <= 0
    # Six hourly halves, then there is no minute left before now: numbers tell the order.
    assert sorted(names[:6], key=lambda name: found.sessions[name].published_s) == names[:6]


def test_where_neighbours_leave_no_minute_the_latest_before_them_is_taken() -> None:
    tight = State(feed_guid(URL), {"a": Promise("1", NOW_S - 90), "c": Promise("2", NOW_S)})
    assert dates(with_sessions(tight, ["a", "b", "c"], NOW_S), "b") == [-90 - HOUR_S]


def test_a_clock_that_runs_behind_moves_nothing() -> None:
    known = with_sessions(state.new(URL), ["a", "b"], NOW_S)
    found = with_sessions(known, ["a", "b", "c"], NOW_S - 1000 * HOUR_S)
    assert {name: found.sessions[name] for name in "ab"} == known.sessions
    assert dates(found, "c")[0] < -1000 * HOUR_S


def test_a_session_that_takes_the_name_of_one_that_was_renamed_has_a_guid_of_its_own() -> None:
    known = with_sessions(state.new(URL), ["a"], NOW_S)
    renamed = State(known.guid, {"b": known.sessions["a"]})
    found = with_sessions(renamed, ["a", "b"], NOW_S)
    assert found.sessions["b"] == known.sessions["a"]
    assert found.sessions["a"].guid != known.sessions["a"].guid
    assert parse(as_text(found)) == found


# -- the laws -----------------------------------------------------------------------------------

NAMES = st.sampled_from("abcdefghijkl")
RUNS = st.lists(
    st.tuples(st.lists(NAMES, unique=True, max_size=12), st.integers(-100_000, 1_000_000)), max_size=8
)


def apart(found: State) -> int:
    times = sorted(one.published_s for one in found.sessions.values())
    return min((later - one for one, later in pairwise(times)), default=60)


def free_minutes(low_s: int, high_s: int, taken: Sequence[int]) -> bool:
    """Whether there is room for a date a minute away from all others, and from the ends."""
    walls = sorted({low_s, high_s, *(time_s for time_s in taken if low_s < time_s < high_s)})
    return low_s < high_s and any(later - one >= 120 for one, later in pairwise(walls))


@given(RUNS)
@settings(deadline=None)
def test_dates_and_guids_never_change_and_none_is_in_the_future(runs: list[tuple[list[str], int]]) -> None:
    found, now_s = state.new(URL), NOW_S
    for order, passed_s in runs:
        now_s += passed_s
        before, found = found, with_sessions(found, order, now_s)
        new = set(found.sessions) - set(before.sessions)
        assert new == set(order) - set(before.sessions)
        assert before.sessions.items() <= found.sessions.items()
        assert all(found.sessions[name].published_s <= now_s for name in new)
        assert apart(found) >= 60
        assert len({one.guid for one in found.sessions.values()}) == len(found.sessions)
        assert parse(as_text(found)) == found


@given(RUNS)
@settings(deadline=None)
def test_new_sessions_are_in_play_order_where_there_is_room(runs: list[tuple[list[str], int]]) -> None:
    found, now_s = state.new(URL), NOW_S
    for order, passed_s in runs:
        now_s += abs(passed_s)
        before, found = found, with_sessions(found, order, now_s)
        for low, name, high in zip((None, *order), order, (*order[1:], None), strict=False):
            alone = name not in before.sessions and {low, high} - {None} <= set(before.sessions)
            if not alone:
                continue
            low_s = found.sessions[low].published_s if low else 0
            high_s = found.sessions[high].published_s if high else now_s
            is_between = low_s < found.sessions[name].published_s < high_s
            others = [one.published_s for other, one in found.sessions.items() if other != name]
            assert is_between or (low and not free_minutes(low_s, high_s, others))


@given(st.lists(NAMES, unique=True))
def test_what_comes_out_at_once_is_in_play_order(order: list[str]) -> None:
    times = dates(with_sessions(state.new(URL), order, NOW_S), *order)
    assert times == sorted(times)


# -- the file -----------------------------------------------------------------------------------


def test_the_file_has_a_session_a_line() -> None:
    found = State(feed_guid(URL), {"b": Promise("b" * 8 + "-0000" * 3 + "-" + "0" * 12, NOW_S)})
    assert as_text(found) == (
        '{\n "format": 1,\n "guid": "05aa0755-e3ad-527a-8b19-94815be36bf9",\n "sessions": {\n'
        '  "b": {"guid": "bbbbbbbb-0000-0000-0000-000000000000", "published": "2027-01-15T08:00:00Z"}\n'
        " }\n}\n"
    )
    assert parse(as_text(found)) == found
    assert parse(as_text(state.new(URL))) == state.new(URL)


def test_since_when_a_file_is_superseded_stands_behind_the_sessions() -> None:
    one = with_superseded(state.new(URL), ["b.vtt", "a.mp3"], NOW_S, STAYS_S)
    assert as_text(one).endswith(
        ' "sessions": {},\n "superseded": {\n'
        '  "a.mp3": "2027-01-15T08:00:00Z",\n  "b.vtt": "2027-01-15T08:00:00Z"\n }\n}\n'
    )
    assert parse(as_text(one)) == one


def test_a_superseded_file_keeps_its_date_until_it_goes() -> None:
    one = with_superseded(state.new(URL), ["a"], NOW_S, STAYS_S)
    later = with_superseded(one, ["a", "b"], NOW_S + STAYS_S - 1, STAYS_S)
    assert later.superseded == (Superseded("a", NOW_S), Superseded("b", NOW_S + STAYS_S - 1))
    assert with_superseded(later, ["a", "b"], NOW_S + STAYS_S, STAYS_S).superseded == later.superseded[1:]
    # A clock that runs behind lets nothing go.
    assert with_superseded(later, ["a"], NOW_S - STAYS_S, STAYS_S).superseded == later.superseded[:1]
    assert with_sessions(later, ["x"], NOW_S).superseded == later.superseded


def test_a_state_of_before_has_no_superseded_files() -> None:
    assert parse(written()).superseded == ()


@pytest.mark.parametrize("name", ["Rücken", "a\udcff", 'a"b', "\u202e", "日本語"])
def test_any_name_comes_back(name: str) -> None:
    found = with_sessions(state.new(URL), [name], NOW_S)
    assert parse(as_text(found).encode("utf-8").decode()) == found


GUID = feed_guid(URL)
ROW = {"guid": GUID, "published": "2026-03-01T09:00:00Z"}


def written(**changes: object) -> str:
    return json.dumps({"format": 1, "guid": GUID, "sessions": {"a": ROW}} | changes)


DAMAGED = {
    "": "this is no JSON",
    '{"format": 1': "this is no JSON",
    "<<<<<<< HEAD\n{}": "this is no JSON",
    "[" * 100_000: "this is no",
    "[]": "this is no state",
    "{}": 'this is no state of a feed: expected "format", "guid", and',
    "1" * 5000: "this is no state",
    written(format=2): "expected format 1, found 2",
    written(guid="x"): "expected a GUID such as",
    written(guid=7): "this is no state",
    written(sessions=[]): "this is no state",
    written(sessions={"a": ROW | {"guid": GUID.upper()}}): "expected a GUID",
    written(sessions={"a": ROW | {"published": "yesterday"}}): "expected a date such as",
    written(sessions={"a": ROW | {"published": "1901-03-01T09:00:00Z"}}): "expected a date such as",
    written(sessions={"a": ROW | {"published": 7}}): "this is no state",
    written(superseded=[]): "this is no state",
    written(superseded={"a": "yesterday"}): "expected a date such as",
    written(superseded={"a": 7}): "this is no state",
    written(sessions={"a": ROW, "b": ROW}): "two sessions have the same GUID",
    written().replace('"a":', '"a": {}, "a":'): "'a' stands twice",
}


@pytest.mark.parametrize(("text", "message"), DAMAGED.items(), ids=[text[:30] for text in DAMAGED])
def test_a_damaged_file_is_none(text: str, message: str) -> None:
    with pytest.raises(DamagedError) as caught:
        parse(text)
    assert str(caught.value).startswith(message)


def test_it_is_said_where_json_ends() -> None:
    with pytest.raises(DamagedError) as caught:
        parse('{\n "format": 1,\n<<<<<<< HEAD\n}')
    assert (caught.value.line, caught.value.column) == (3, 1)
