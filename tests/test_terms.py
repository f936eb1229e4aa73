"""On what terms a paid voice speaks."""

from __future__ import annotations

from audiocoach.records import replace
from audiocoach.routine.voice import Voice
from audiocoach.voice.terms import Terms

TERMS = Terms("http clinic", price_per_million_characters=15.0)


def test_a_price_is_for_a_million_characters() -> None:
    assert TERMS.cost(2_000) == 0.03
    assert Terms("free").cost(2_000) == 0


def test_a_take_is_named_by_service_rate_and_text_and_by_nothing_of_ours() -> None:
    voice = Voice("http", "clinic")
    key = TERMS.take_key(voice, "Go.")
    assert key == TERMS.take_key(Voice("http", "the same under another name"), "Go.")
    assert replace(TERMS, price_per_million_characters=1.0).take_key(voice, "Go.") == key
    others = {
        replace(TERMS, kept_as="another").take_key(voice, "Go."),
        TERMS.take_key(Voice("http", "clinic", 200), "Go."),
        TERMS.take_key(voice, "Go!"),
    }
    assert len({key, *others}) == 4
    # Written out: another name would buy everything anew.
    assert key == "take-cff6f917a3f9ec932b2af6837220eed4d4c40e52"
