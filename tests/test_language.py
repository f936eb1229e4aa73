"""Plural forms, numbers and lists, of English and of languages that have other rules."""

import pytest

from audiocoach import assets
from audiocoach.language.language import Join, PluralRule, traits
from audiocoach.records import replace
from audiocoach.routine import wordings

ENGLISH = traits("en")
# Integers of Russian and Ukrainian (CLDR, Language Plural Rules): 21 has the form of 1, 11 has not.
SLAVIC = replace(
    ENGLISH,
    plural=(
        PluralRule("one", 1, 1, 10, 100, 11, 11),
        PluralRule("few", 2, 4, 10, 100, 12, 14),
        PluralRule("many", 0, 1_000_000),
    ),
)

FORMS = {"one": (1, 21, 101), "few": (2, 4, 22, 104), "many": (0, 5, 11, 12, 14, 111, 112)}


@pytest.mark.parametrize("form", FORMS)
def test_a_number_has_the_form_of_its_rule(form: str) -> None:
    assert {SLAVIC.form(count) for count in FORMS[form]} == {form}


def test_english_knows_one_from_all_others() -> None:
    assert [ENGLISH.form(count) for count in (0, 1, 2, 11, 21)] == ["other", "one", "other", "other", "other"]


@pytest.mark.parametrize(("things", "text"), [("", ""), ("a", "a"), ("ab", "a and b"), ("abc", "a, b and c")])
def test_a_list_has_its_own_sign_before_the_last(things: str, text: str) -> None:
    assert Join(", ", " and ").join(tuple(things)) == text


def test_a_number_is_written_with_the_sign_of_its_language() -> None:
    comma = replace(ENGLISH, decimal_sign=",")
    assert (ENGLISH.decimal(2.5), comma.decimal(2.5), comma.decimal(2.0, places=1)) == ("2.5", "2,5", "2,0")


def test_sentences_keep_their_ends() -> None:
    assert ENGLISH.sentences("Lie down. Ready? Go!") == ["Lie down.", "Ready?", "Go!"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("At the tone, lift your hips.", "Now lift your hips."),
        ("Foot down at the low tone.", "Foot down now."),
        ("At each high tone, draw the knee in. At the low tone, foot down.", "Now draw the knee in."),
        ("At the low tone, foot down.", "Now foot down."),
        ("Keep your muscle tone.", "Keep your muscle tone."),
    ],
)
def test_where_no_tone_sounds_one_moves_now(text: str, told: str) -> None:
    assert ENGLISH.at_tone.without_tone(text) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("At the tone, lift your hips.", "Lift your hips."),
        ("Sit tall. At the high tone, head up. At the low tone, rest.", "Sit tall. Head up. Then rest."),
        (
            "At each high tone, draw the knee in. At the low tone, foot down.",
            "Draw the knee in. Then foot down.",
        ),
        ("Foot down at the low tone.", "Foot down."),
        ("Then, at the tone, lift.", "Then, lift."),
        ("Keep your muscle tone.", "Keep your muscle tone."),
    ],
)
def test_whoever_reads_is_told_of_no_tone(text: str, told: str) -> None:
    assert ENGLISH.at_tone.read(text) == told


def test_a_label_has_its_values_and_the_form_of_its_count() -> None:
    language = wordings.language("en")
    assert language.label("set_of", set=1, sets=3) == "set 1 of 3"
    assert [language.counted_label("sessions", count) for count in (1, 2)] == ["1 session", "2 sessions"]
    assert (language.named("side", "left"), language.named("side", "up")) == ("left", "up")


@pytest.mark.parametrize("code", assets.languages())
def test_every_language_has_the_entries_and_labels_of_the_default_one(code: str) -> None:
    language, default = wordings.language(code), wordings.language(assets.DEFAULT_LANGUAGE)
    assert set(language.labels) >= set(default.labels)
    assert set(language.phrases) >= set(default.phrases)
    forms = {rule.form for rule in language.traits.plural}
    assert {key for key in language.labels if key.startswith("sessions_")} >= {
        f"sessions_{form}" for form in forms
    }


@pytest.mark.parametrize(("tag", "code"), [("en", "en"), ("en-gb", "en"), ("de", "en"), ("", "en")])
def test_a_show_without_a_language_that_ships_has_the_default_one_around_it(tag: str, code: str) -> None:
    assert wordings.nearest(tag).traits.code == code


@pytest.mark.parametrize(
    ("text", "joined"),
    [("Reach", "reach"), ("I lift", "I lift"), ("TRX row", "TRX row"), ("", ""), ("reach", "reach")],
)
def test_what_follows_a_comma_goes_on_in_lower_case(text: str, joined: str) -> None:
    assert traits("en").joined(text) == joined


def test_a_number_that_begins_a_sentence_is_a_word() -> None:
    assert [ENGLISH.in_words(number) for number in (5, 25, 21)] == ["five", "twenty-five", "21"]
