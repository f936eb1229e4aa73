"""A finished session as the cache keeps it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from audiocoach.errors import Position, Problem
from audiocoach.routine.voice import Voice
from audiocoach.sound.tags import tag
from audiocoach.store.options import Overrides
from audiocoach.store.recipe import Listing, Recipe, Source, recipe_key

SOURCE = Source((("/r/a.yaml", "aa"), ("/r/moves/b.yaml", "bb")), (Voice("silent"),), "setting")
RECIPE = Recipe(
    source=SOURCE,
    listing=Listing("Für die Beine.", "Jo", "gentle", ("legs",), ("a chair", "a step")),
    duration_ms=60_000,
    clips=("clip-1",),
    regions=((8, "region-1"), (90, "region-2")),
    notes=(Problem(Position("a.yaml", 3, 1), "eine Übung", "note"),),
    tag=tag("A", "B", "C", 60_000),
    companions=((".timeline.json", "{\n}"), (".vtt", "Größe\n")),
)


def test_a_recipe_comes_back_from_its_bytes() -> None:
    assert Recipe.from_bytes(RECIPE.to_bytes()) == RECIPE
    assert Recipe.from_bytes(replace(RECIPE, companions=()).to_bytes()).companions == ()


def test_a_voice_keeps_its_language_unless_that_is_the_default_one() -> None:
    foreign = replace(RECIPE, source=replace(SOURCE, voices=(Voice("silent", language="qaa"),)))
    assert Recipe.from_bytes(foreign.to_bytes()) == foreign
    assert b"qaa" in foreign.to_bytes()
    assert b"language" not in RECIPE.to_bytes()


@pytest.mark.parametrize("data", [b"", b"{}", b"[]\n", b'{"inputs": []}\n'])
def test_other_bytes_are_none(data: bytes) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        Recipe.from_bytes(data)


def test_it_names_the_first_input_that_is_another_now() -> None:
    known = dict(SOURCE.inputs)
    assert SOURCE.changed(lambda path: known[path]) is None
    assert SOURCE.changed(lambda path: known[path] if path.endswith("a.yaml") else "") == "/r/moves/b.yaml"
    assert SOURCE.routine == "/r/a.yaml"


def test_a_key_knows_the_path_the_content_and_the_options() -> None:
    keys = {
        recipe_key(Path("a.yaml"), "aa", Overrides()),
        recipe_key(Path("a.yaml").absolute(), "aa", Overrides()),
        recipe_key(Path("a.yaml"), "ab", Overrides()),
        recipe_key(Path("a.yaml"), "aa", Overrides(fit_ms=1)),
    }
    assert len(keys) == 4
    assert all(len(key) <= 48 for key in keys)
