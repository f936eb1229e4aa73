"""What a session says of its own length, where it was made to last another one."""

from __future__ import annotations

import pytest

from audiocoach.coaching.claims import with_true_claims, with_true_title
from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.timeline import Speech
from audiocoach.language.language import traits
from tests.generate import constant, planned

TWENTY_MS = 20 * 60_000
TOLD = {
    "Sixteen minutes for your back": [("Sixteen minutes", 16)],
    "20 min core": [("20 min", 20)],
    "A five-minute stretch, or 10 mins of it": [("five-minute", 5), ("10 mins", 10)],
    "Forty-five minutes": [("Forty-five minutes", 45)],
    "Five moves for your back": [],
    "A minute of calm": [],
    "Minutes of five": [],
}


@pytest.mark.parametrize("text", TOLD)
def test_minutes_are_read_in_digits_and_in_words(text: str) -> None:
    assert list(traits("en").minutes.told(text)) == TOLD[text]


def said(title: str, session: str, length_ms: int = TWENTY_MS, more: str = "") -> tuple[list[str], list[str]]:
    head = f"title: {title}\n{more}moves: {{squat: {{name: Squat}}}}\nsession:\n"
    text = f"{head}{session}  - {{do: squat, for: 9s}}\n"
    plan, notes = with_true_claims(planned(text), length_ms)
    events = schedule(plan, constant).events
    return [event.text for event in events if isinstance(event, Speech)], [str(note) for note in notes]


OPENS = "  - say: This is <title>. It takes some time.\n"


@pytest.mark.parametrize("title", ["Sixteen minutes of squats", "16 min squats", "A 16-minute flow"])
def test_a_title_that_names_other_minutes_is_not_spoken(title: str) -> None:
    words, (note,) = said(title, OPENS)
    assert words[0] == "This takes some time."
    assert "minutes of" not in " ".join(words)
    assert note.startswith("routine.yaml:1:1: note: the title says ")
    assert note.endswith("and the session is made to last 20:00: the title is not spoken")


@pytest.mark.parametrize("title", ["Twenty minutes of squats", "Squats", "Five squats a minute"])
def test_a_title_that_is_true_is_spoken(title: str) -> None:
    assert said(title, OPENS) == ([f"This is {title}. It takes some time.", *said(title, OPENS)[0][1:]], [])


def test_the_pack_opens_without_it() -> None:
    words, _ = said("Sixteen minutes", "")
    assert words[0] == "This takes less than a minute."


def test_an_opening_of_nothing_else_is_left_out() -> None:
    words, _ = said("Sixteen minutes", "  - say: <title>!\n")
    assert words[0] == "This takes less than a minute."


def test_a_pause_behind_it_stays() -> None:
    words, _ = said("Sixteen minutes", "  - {say: <title>!, pause: 5s}\n")
    assert words[0] == "This takes less than a minute."


def test_a_routine_whose_opening_is_the_title_alone_opens_in_the_usual_words() -> None:
    words, _ = said("Sixteen minutes", "", more='phrases: {opening: "<title>."}\n')
    assert words[0] == "This takes less than a minute."


def test_minutes_in_the_authors_own_opening_are_noted() -> None:
    words, (note,) = said("Squats", "  - say: Welcome to sixteen minutes of squats.\n")
    assert words[0] == "Welcome to sixteen minutes of squats."
    assert note == (
        'routine.yaml:4:10: note: these words say "sixteen minutes", '
        "and the session is made to last 20:00: write <duration>"
    )


LASTS = "and the session lasts 8:15"


def of_its_own_length(title: str, session: str) -> tuple[str, list[str]]:
    head = f"title: {title}\nmoves: {{squat: {{name: Squat}}}}\nsession:\n{session}"
    plan, notes = with_true_title(planned(f"{head}  - {{do: squat, for: 8m}}\n"), 495_000)
    first = next(event.text for event in schedule(plan, constant).events if isinstance(event, Speech))
    return first, [note.message for note in notes]


@pytest.mark.parametrize("session", ["", OPENS.replace("some time", "<duration>")])
def test_a_title_and_a_length_that_do_not_agree_are_not_both_spoken(session: str) -> None:
    first, (note,) = of_its_own_length("Twelve minutes", session)
    assert first == "This takes about 8 minutes."
    assert note == f'the title says "Twelve minutes", {LASTS}: the title is not spoken'


def test_a_title_that_is_spoken_alone_is_noted() -> None:
    assert of_its_own_length("Twelve minutes", OPENS) == (
        "This is Twelve minutes. It takes some time.",
        [f'the title says "Twelve minutes", {LASTS}'],
    )
    assert of_its_own_length("Eight minutes", "") == ("Eight minutes. This takes about 8 minutes.", [])
