"""What a build buys, counted before it is asked for: characters, prices, budgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audiocoach.coaching.timeline import Utterance
from audiocoach.language.language import traits
from audiocoach.routine.voice import Voice
from audiocoach.voice.engines.http import HttpEngine
from audiocoach.voice.purchases import Bought, Purchases, amount
from audiocoach.voice.studio import Studio
from tests.recorded import by_anna, write_voice
from tests.voices import DictStore

if TYPE_CHECKING:
    from pathlib import Path

PAID, FREE = Voice("http", "paid"), Voice("http", "free")
PASSAGE = traits("en").passage
# A hundred a character: prices that can be read.
PRICE = "price_per_million_characters = 1_000_000\n"


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "config.toml"
    monkeypatch.setenv("AUDIOCOACH_CONFIG", str(path))
    return path


def configured(path: Path, budget: str = "") -> None:
    service = 'address = "https://h/v1"\nmodel = "m"\n'
    path.write_text(
        f'[http.paid]\n{service}voice = "a"\n{PRICE}{budget}[http.free]\n{service}voice = "b"\n', "utf-8"
    )


def purchases(store: DictStore, budget: float | None = None, *, tuned: bool = True) -> Purchases:
    studio = Studio(store)
    if tuned:
        for voice in (PAID, FREE):
            store.put(studio.voice_key(voice), b"0.0")
    return Purchases(studio, lambda: store, budget)


def said(text: str, voice: Voice = PAID) -> Utterance:
    return Utterance(text, voice)


def test_each_text_is_counted_once_and_priced(config: Path) -> None:
    configured(config)
    bill = purchases(DictStore())
    assert bill.buy([said("Four"), said(" Four\n"), said("Seven!!"), said("Free", FREE)]) == ()
    assert bill.buy([said("Four"), said("x", Voice("silent"))]) == ()
    assert bill.bought() == (Bought("http", "free", 1, 4, 0.0), Bought("http", "paid", 2, 11, 11.0))


def test_a_paid_voice_that_stands_in_for_recordings_is_counted(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configured(config, "budget = 5.0\n")
    monkeypatch.setenv("AUDIOCOACH_DATA", str(tmp_path))
    write_voice(tmp_path, {"Go.": 500}, beside={"engine": "http", "name": "paid"})
    bill = purchases(DictStore())
    assert bill.buy([by_anna("Go."), by_anna("Four")]) == ()
    assert bill.bought() == (Bought("http", "paid", 1, 4, 4.0),)
    (refused,) = bill.buy([by_anna("Go."), by_anna("Seven!!")])
    assert refused.utterance == by_anna("Seven!!")
    assert refused.message.startswith("the budget of 5.00 for [http.paid] is too small")


def test_what_was_paid_for_before_costs_nothing(config: Path) -> None:
    configured(config)
    store = DictStore()
    terms = HttpEngine.terms(PAID)
    store.put(terms.take_key(PAID, "Four"), b"a take")
    # What was not believed was forgotten in this way.
    store.put(terms.take_key(PAID, "Seven!!"), b"")
    bill = purchases(store)
    bill.buy([said("Four"), said("Seven!!")])
    assert [one.characters for one in bill.bought()] == [7]


def test_the_passage_for_a_voices_level_is_counted_with_its_first_words(config: Path) -> None:
    configured(config)
    bill = purchases(DictStore(), tuned=False)
    bill.buy([said("Four"), said("Five!")])
    bill.buy([said("Six")])
    assert bill.bought() == (Bought("http", "paid", 4, 12 + len(PASSAGE), 12.0 + len(PASSAGE)),)


def test_a_session_that_costs_more_than_is_left_is_refused_whole(config: Path) -> None:
    configured(config, "budget = 10\n")
    bill = purchases(DictStore())
    assert bill.buy([said("Seven!!")]) == ()
    refused = bill.buy([said("Four"), said("Free", FREE), said("Five!")])
    assert [failure.utterance.text for failure in refused] == ["Four", "Free", "Five!"]
    assert {failure.message for failure in refused} == {
        (
            "the budget of 10.00 for [http.paid] is too small: 9 more characters would cost 9.00,"
            " and 3.00 is left: raise it to at least 16.00"
        )
    }
    assert [one.characters for one in bill.bought()] == [7]
    (last,) = purchases(DictStore(), 0.0).buy([said("Seven!!")])
    assert last.message.endswith("is too small: 7 more characters would cost 7.00: raise it to at least 7.00")
    # What there is money for, is bought; to the last of it.
    assert bill.buy([said("Two"), said("Free", FREE)]) == ()


def test_what_was_refused_before_anything_came_is_given_back(config: Path) -> None:
    configured(config, "budget = 100\n")
    store = DictStore()
    bill = purchases(store, tuned=False)
    bill.buy([said("Four"), said("Five!"), said("Free", FREE)])
    store.put(HttpEngine.terms(PAID).take_key(PAID, "Four"), b"a take")
    bill.give_back(said("Five!"))
    assert bill.bought()[1] == Bought("http", "paid", 1, 4, 4.0)
    # Its take came, and the voice's passage was refused.
    bill.give_back(said("Four"))
    assert bill.bought()[1] == Bought("http", "paid", 1, 4, 4.0)


def test_a_budget_of_the_build_is_for_all_and_takes_the_place_of_others(config: Path) -> None:
    configured(config, "budget = 1\n")
    assert purchases(DictStore(), 5.0).buy([said("Five!"), said("Free of charge", FREE)]) == ()
    (refused,) = purchases(DictStore(), 4.0).buy([said("Five!")])
    assert refused.refused
    assert refused.message.startswith("the budget of 4.00 for this build is too small: 5 more characters")


def test_nothing_is_left_of_a_budget_of_nothing_but_what_is_free(config: Path) -> None:
    configured(config)
    assert purchases(DictStore(), 0.0).buy([said("Free", FREE)]) == ()
    assert len(purchases(DictStore(), 0.0).buy([said("x")])) == 1


@pytest.mark.parametrize(
    ("cost", "told"), [(0, "0.00"), (0.0018, "0.0018"), (0.05, "0.05"), (0.054, "0.0540"), (12.345, "12.35")]
)
def test_an_amount_is_told_so_that_it_can_be_seen(cost: float, told: str) -> None:
    assert amount(cost) == told
