"""What is kept has one kind of name, and the same one as ever."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from audiocoach.keys import key
from audiocoach.routine.voice import Voice
from tests.hostile import texts
from tests.test_layers import modules, name_of


def test_a_name_is_the_kind_and_a_digest_that_never_changes() -> None:
    # Caches on every machine hold these: another digest would make everything anew.
    assert key("clip", "gain-1", "Stand tall.") == "clip-c96995c233257b7136ed318d3ada6f4b0568ec1c"
    assert key("cover", "versions", 1000, "sketch") == "cover-ffe252d18a3950176c1580c271bf8847fded8798"
    assert key("silence", "1", ["av 17"]) == "silence-75ca2a93ab19ccc1863d211d9a1868a7f1ee5a26"


def test_whatever_was_written_has_a_name() -> None:
    name = key("session", "\ud800.yaml", Voice("silent"), None)
    assert re.fullmatch(r"session-[0-9a-f]{40}", name)


@given(st.lists(texts(), max_size=3), st.lists(texts(), max_size=3))
def test_other_parts_have_another_name(one: list[str], other: list[str]) -> None:
    assert (key("a", *one) == key("a", *other)) is (one == other)


def test_one_part_is_not_its_letters_nor_two_parts_one() -> None:
    assert (
        len({key("a", "bc"), key("a", "b", "c"), key("a", ("b", "c")), key("ab", "c"), key("a", "bc", "")})
        == 5
    )


def test_nobody_else_makes_such_names() -> None:
    made = re.compile(r"hexdigest\(\)\[:(39|40)\]|\"(clip|gain|region|cover|session|silence)-")
    assert {name_of(path) for path in modules() if made.search(path.read_text("utf-8"))} == set()
