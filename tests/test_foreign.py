"""Signs of other languages in a text: each a warning, with what is to be written in its place."""

from pathlib import Path

import pytest

from audiocoach.routine import foreign
from audiocoach.routine.values import PLACEHOLDERS
from tests.generate import HEAD, problems

SILENCE = "write <pause {}>"
SIGNS = {
    "Wait <break/> now": [("<break/>", SILENCE.format("3s"))],
    'Wait <break time="2s"/> now': [('<break time="2s"/>', SILENCE.format("2s"))],
    "Wait <break time='1500ms'/> now": [("<break time='1500ms'/>", SILENCE.format("1.5s"))],
    "Wait [pause 3s] now": [("[pause 3s]", SILENCE.format("3s"))],
    "Wait [pause: 10 seconds] now": [("[pause: 10 seconds]", SILENCE.format("10s"))],
    "Wait [pause 5] now": [("[pause 5]", SILENCE.format("5s"))],
    "Wait (pause) now": [("(pause)", SILENCE.format("3s"))],
    "Wait {pause: 3s} now": [("{pause: 3s}", SILENCE.format("3s"))],
    "Wait [2s pause] now": [("[2s pause]", SILENCE.format("2s"))],
    "Wait *pause* now": [("*pause*", SILENCE.format("3s"))],
    "Wait [pause 2 min] now": [
        ("[pause 2 min]", "a silence as long as that is a step of the session: write {pause: 2m} there")
    ],
    "Wait <pause 0:03> now": [("<pause 0:03>", SILENCE.format("3s"))],
    "Wait [pause 1:30] now": [
        ("[pause 1:30]", "a silence as long as that is a step of the session: write {pause: 1m30s} there")
    ],
    "Wait [pause 0s] now": [("[pause 0s]", "leave it out")],
    "Wait <pause 3s> now": [],
    "The {side} foot": [("{side}", "write <side>")],
    "The {{ side }} foot": [("{{ side }}", "write <side>")],
    "The ${other_side} foot": [("${other_side}", "write <other_side>")],
    "The %side% foot": [("%side%", "write <side>")],
    "The < side > foot": [("< side >", "write <side>")],
    "The <other side> foot": [("<other side>", "write <other_side>")],
    "The <side> foot": [],
    'Go <emphasis level="strong">up': [
        ('<emphasis level="strong">', "there is no markup here: leave it out")
    ],
    "Up&nbsp;and down": [("&nbsp;", "write a space")],
    "Up &amp; down &#39;so&#39;": [("&amp;", "write &"), ("&#39;", "write '"), ("&#39;", "write '")],
    "AT&T; and R&D": [],
    "[[foo]] $(rm) %s {x} 3 < 4 > 2": [],
    "Pause (briefly) and breathe. [Hold] it, 3s pause.": [],
}


@pytest.mark.parametrize("text", SIGNS)
def test_each_sign_is_known_with_what_to_write(text: str) -> None:
    assert list(foreign.signs(text, PLACEHOLDERS)) == SIGNS[text]


def test_a_sign_is_a_warning_at_its_place(tmp_path: Path) -> None:
    text = HEAD + '  - say: "Up&nbsp;{title} [pause 3s] {title}"\n'
    assert problems(text, tmp_path) == [
        "5:13: warning: &nbsp; is no more than words here: write a space",
        "5:19: warning: {title} is no more than words here: write <title>",
        f"5:27: warning: [pause 3s] is no more than words here: {SILENCE.format('3s')}",
        "5:38: warning: {title} is no more than words here: write <title>",
    ]


def test_a_name_is_literal_and_no_html(tmp_path: Path) -> None:
    text = "title: T\nmoves:\n  plank: {name: Plank &amp; hold, for: 40s}\nsession: [{do: plank}]\n"
    assert problems(text, tmp_path) == ["3:23: warning: &amp; is no more than words here: write &"]


def test_a_tag_like_a_placeholder_is_told_as_the_silence_that_it_means(tmp_path: Path) -> None:
    text = HEAD + "  - say: Now <break> go.\n"
    assert problems(text, tmp_path) == [f"5:14: unknown placeholder <break>: {SILENCE.format('3s')}"]


FOLLOWED = (
    "- say: Wait <pause 3s> now",
    "- say: Up and <title>",
    "- {say: One., pause: 3s}\n  - {pause: 1.5s}\n  - say: Up & down",
)


@pytest.mark.parametrize("steps", FOLLOWED)
def test_whoever_writes_what_is_told_is_told_nothing_more(steps: str, tmp_path: Path) -> None:
    assert problems(f"{HEAD}  {steps}\n", tmp_path) == []
