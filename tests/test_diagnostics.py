import pytest

from audiocoach.errors import InputError, Position
from audiocoach.routine.diagnostics import Diagnostics, did_you_mean

HERE, THERE = Position("r.yaml", 3, 1), Position("r.yaml", 2, 5)


def test_problems_are_sorted_by_place_and_told_once() -> None:
    diagnostics = Diagnostics()
    for _ in range(2):
        diagnostics.error(HERE, "late")
        diagnostics.warning(THERE, "early")
    assert [str(one) for one in diagnostics.problems] == ["r.yaml:2:5: warning: early", "r.yaml:3:1: late"]


def test_closing_raises_everything_if_anything_is_an_error() -> None:
    diagnostics = Diagnostics()
    diagnostics.note(THERE, "rounded")
    diagnostics.error(HERE, "wrong")
    with pytest.raises(InputError) as caught:
        diagnostics.close()
    assert [one.kind for one in caught.value.problems] == ["note", "error"]


def test_closing_hands_out_warnings_and_notes() -> None:
    diagnostics = Diagnostics()
    diagnostics.warning(HERE, "look")
    assert [one.message for one in diagnostics.close()] == ["look"]
    assert not diagnostics.failed


def test_nothing_more_is_said_of_what_was_refused() -> None:
    diagnostics = Diagnostics()
    diagnostics.refuse(HERE, "aliases are not supported")
    diagnostics.error(HERE, "expected a number")
    diagnostics.error(THERE, "expected a number")
    assert [one.message for one in diagnostics.problems] == ["expected a number", "aliases are not supported"]


NEAR = {
    "setz": '; did you mean "sets"?',
    "resst": '; did you mean "rest"?',
    "Sets": '; did you mean "sets"?',
    "bananas": "; known: reps, rest, sets",
    "s" * 100_000: "; known: reps, rest, sets",
}


@pytest.mark.parametrize("word", NEAR, ids=lambda word: word[:8])
def test_did_you_mean(word: str) -> None:
    assert did_you_mean(word, ["sets", "rest", "reps"]) == NEAR[word]


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("move 7", '; did you mean "move-7"?'),
        ("emo", "; known: more, move-6, move-7, move-8, move-9 and 67 more"),
        ("###", "; known: me, more, move-0, move-1, move-10 and 67 more"),
    ],
)
def test_of_many_known_words_only_those_near_are_told(word: str, said: str) -> None:
    assert did_you_mean(word, ["me", "more", *(f"move-{number}" for number in range(70))]) == said


def test_did_you_mean_without_anything_known() -> None:
    assert did_you_mean("a", []) == "; there are none"


def test_35_words_are_compared_until_nobody_would_read_on() -> None:
    known = [f"w{number:04}" for number in range(1000)]
    diagnostics = Diagnostics()
    hints = [diagnostics.did_you_mean(f"w{number:04}x", known) for number in range(300)]
    assert hints[:50] == [(f'; did you mean "w{number:04}"?', f"w{number:04}") for number in range(50)]
    assert set(hints[50:]) == {("", None)}


def test_35_one_unknown_word_has_a_hint_among_however_many() -> None:
    known = [f"w{number}" for number in range(200_000)]
    hint, fix = Diagnostics().did_you_mean("nothing like it", known)
    assert (hint, fix) == ("; known: w0, w1, w10, w100, w1000 and 199,995 more", None)
