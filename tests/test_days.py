"""Freshness: each day has its own wordings, whenever it is asked for; what matters for safety stays."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise, product
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from audiocoach import api
from audiocoach.coaching.timeline import Speech
from audiocoach.language.phrases import Pack, slots_in
from audiocoach.routine import wordings

if TYPE_CHECKING:
    from audiocoach.coaching.timeline import Timeline

ROUTINES = sorted(path for path in Path("routines").glob("*.yaml") if path.stem != "audiocoach")
DAYS = range(1, 11)
# What is said in the same words on every day: it is about safety, or one listens for it.
STEADY = frozenset(
    {"safety", "caution", "setup", "side", "way", "last", "finish", "step", "guide", "say", "count"}
)
LEAST_SHARE = 0.3
READY = sorted(Path("routines/ready").glob("*.yaml"))
_TOTAL = re.compile(r"about \d+ minutes")


def said(timeline: Timeline) -> dict[str, str]:
    return {event.text: event.cue for event in timeline.events if isinstance(event, Speech)}


@cache
def on(path: Path, day: int) -> dict[str, str]:
    return said(api.preview(path, estimate=True, engine="silent", day=day))


def steady(texts: dict[str, str]) -> list[str]:
    # A total is true on every day, and so not always the same.
    return [_TOTAL.sub("about so long", text) for text, cue in texts.items() if cue in STEADY]


@pytest.mark.parametrize("path", ROUTINES, ids=lambda path: path.stem)
def test_of_all_that_is_said_in_ten_days_three_tenths_are_not_said_every_day(path: Path) -> None:
    days = [on(path, day) for day in DAYS]
    every, always = set().union(*days), set.intersection(*map(set, days))
    assert len(every - always) >= LEAST_SHARE * len(every)


@pytest.mark.parametrize("path", [*ROUTINES, *READY], ids=lambda path: path.stem)
def test_three_tenths_of_what_is_said_on_a_day_are_not_said_on_the_next(path: Path) -> None:
    days = [on(path, day) for day in DAYS]
    again = [len(today.keys() & tomorrow.keys()) / len(today) for today, tomorrow in pairwise(days)]
    assert max(again) <= 1 - LEAST_SHARE


@pytest.mark.parametrize("path", ROUTINES, ids=lambda path: path.stem)
def test_what_matters_for_safety_is_said_in_the_same_words_every_day(path: Path) -> None:
    first = steady(on(path, 1))
    for day in DAYS:
        assert steady(on(path, day)) == first


def test_the_first_day_is_what_is_said_where_no_day_is_named() -> None:
    path = ROUTINES[0]
    plain = api.preview(path, estimate=True, engine="silent")
    assert api.preview(path, estimate=True, engine="silent", day=1) == plain
    assert api.preview(path, estimate=True, engine="silent", day=2) != plain
    again = api.preview(path, estimate=True, engine="silent", day=2)
    assert api.preview(path, estimate=True, engine="silent", day=2) == again


def test_the_first_day_knows_no_wordings_of_other_days() -> None:
    others = {text for more in wordings.other_days("en").values() for text in more}
    pack = Pack.of(wordings.language("en"))
    for key, own in wordings.load("en").items():
        values = [{name: f"{name} {number}" for name in slots_in(own[0])} for number in range(20)]
        heard = {pack.wording(key, filled, turn) for turn, filled in enumerate(values)}
        assert heard <= set(own)
        assert not heard & others


def test_days_go_through_all_wordings_and_none_comes_on_two_days_in_a_row() -> None:
    pack = Pack.of(wordings.language("en"))
    for entry, others in wordings.other_days("en").items():
        own = wordings.load("en")[entry]
        every = {*own, *others}
        days = [
            {pack.on_day(day).wording_where(entry, lambda _: True, turn) for turn in range(len(own))}
            for day in range(1, len(every) + 1)
        ]
        assert set().union(*days) == every
        if len(every) >= 2 * len(own):
            assert not any(today & tomorrow for today, tomorrow in pairwise(days)), entry


def test_an_authors_own_wordings_turn_by_themselves() -> None:
    pack = Pack.of(wordings.language("en")).with_wordings({"halfway": ("Half.", "Keep going.")})
    heard = [pack.on_day(day).wording("halfway", {}, turn) for day in (1, 2, 3) for turn in (0, 1)]
    assert heard == ["Half.", "Keep going.", "Keep going.", "Half.", "Half.", "Keep going."]


def test_things_of_a_day_begin_with_another_one() -> None:
    pack = Pack.of(wordings.language("en"))
    orders = [pack.on_day(day).of_day("abc") for day in (1, 2, 3, 4)]
    assert ["".join(order) for order in orders] == ["abc", "bca", "cab", "abc"]
    assert pack.of_day("") == ()


def test_of_six_things_and_more_a_day_has_half_and_the_next_day_the_others() -> None:
    pack = Pack.of(wordings.language("en"))
    orders = ["".join(pack.on_day(day).of_day("abcdefg")) for day in range(1, 6)]
    assert orders == ["abcd", "efg", "bcda", "fge", "cdab"]
    assert pack.on_day(1).of_day("abcde") == ("a", "b", "c", "d", "e")


def test_wordings_of_other_days_are_filled_by_what_fills_the_first() -> None:
    for key, more in wordings.other_days("en").items():
        own = wordings.load("en")[key]
        for text in more:
            assert slots_in(text) in set(map(slots_in, own)), text
            assert text not in own
        assert len(set(more)) == len(more)


def test_the_length_of_a_rest_is_told_on_every_day() -> None:
    pack = Pack.of(wordings.language("en"))
    for day, turn in product(range(1, 30), range(5)):
        of_day = pack.on_day(day)
        assert "<text>" in of_day.wording_where("rest", _has_length, turn)
        assert "<text>" not in of_day.wording_where("rest", lambda text: not _has_length(text), turn)


def _has_length(text: str) -> bool:
    return "<text>" in text


def test_no_word_that_matters_for_safety_turns() -> None:
    never = {"side", "side_first", "sides_first", "switch_sides", "switch_ways", "set_last", "round_last"}
    never |= {"rep_last", "rep_side_last", "breath_last", "rep", "rep_side", "lesson", "lesson_sides"}
    assert not never & set(wordings.other_days("en"))


def test_reminders_begin_with_another_one_each_day(tmp_path: Path) -> None:
    path = tmp_path / "routine.yaml"
    path.write_text(
        "title: T\nmoves:\n  plank: {for: 20s, reminders: [Breathe., Push the floor away., Ribs down.]}\n"
        "session: [{do: plank}]\n"
    )
    reminded = [[text for text, cue in on(path, day).items() if cue == "reminder"] for day in (1, 2, 3, 4)]
    assert reminded == [["Breathe."], ["Push the floor away."], ["Ribs down."], ["Breathe."]]
