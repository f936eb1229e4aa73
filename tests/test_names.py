"""Fault 27: names that collide, that a system keeps for itself, that nobody can write."""

from __future__ import annotations

import re
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiocoach.publish.names import safe_name

SLUGS = {
    "knee-to-chest": "knee-to-chest",
    "day-2": "day-2",
    "Legs": r"legs-.{12}",
    "legs day": r"legs-day-.{12}",
    "Rücken": r"rucken-.{12}",
    "Straße": r"strasse-.{12}",
    "CON": r"con-.{12}",
    "con": r"con-.{12}",
    "lpt1": r"lpt1-.{12}",
    "index": r"index-.{12}",
    "cover": r"cover-.{12}",
    "..": r"session-.{12}",
    "../../etc/passwd": r"etc-passwd-.{12}",
    "a.transcript": r"a-transcript-.{12}",
    "a--b": r"a-b-.{12}",
    "-a": r"a-.{12}",
    "🏋🏽‍♀️🏋🏽‍♀️": r"session-.{12}",
    "日本語": r"session-.{12}",
    "a" * 300: r"a{60}-.{12}",
    "a\udcff": r"a-.{12}",
    "legs-0123456789ab": r"legs-0123456789ab-.{12}",
    "": r"session-.{12}",
}


@pytest.mark.parametrize(("slug", "wanted"), SLUGS.items())
def test_a_name_can_be_read_and_is_safe(slug: str, wanted: str) -> None:
    assert re.fullmatch(wanted, safe_name(slug))


ALIKE = {
    "composed and decomposed": ("Rücken", normalize("NFD", "Rücken")),
    "upper and lower case": ("Legs", "legs"),
    "ß and ss": ("straße", "strasse"),
    "a device's and its own": ("con", safe_name("con")),
    "one that looks as if it had a digest": ("Legs", safe_name("Legs")),
    "long ones that end otherwise": ("a" * 250 + "b", "a" * 250 + "c"),
}


@pytest.mark.parametrize("pair", ALIKE.values(), ids=ALIKE)
def test_names_that_look_alike_stay_apart(pair: tuple[str, str]) -> None:
    assert safe_name(pair[0]) != safe_name(pair[1])


SAFE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
DEVICES = {"con", "prn", "aux", "nul", *(f"com{number}" for number in range(10))}


@given(st.text(st.characters(exclude_categories=()), max_size=300), st.text("aAßsS-.0", max_size=6))
def test_any_two_slugs_have_safe_and_different_names(first: str, second: str) -> None:
    names = [safe_name(slug) for slug in (first, second)]
    assert all(SAFE.fullmatch(name) and len(name) <= 73 and name not in DEVICES for name in names)
    assert (names[0] == names[1]) == (first == second)


def test_a_name_does_not_change_with_time() -> None:
    # Addresses that listeners know: who changes this breaks them.
    assert safe_name("Knee to chest") == "knee-to-chest-9152a2f5da15"
