import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiocoach.publish.templates import Markup, fill, joined, json_block
from tests.hostile import TEXTS, texts


def test_text_is_escaped_and_markup_is_not() -> None:
    assert fill("<p>$a $b $c</p>", a="<b>", b=Markup("<b>"), c=3) == "<p>&lt;b&gt; <b> 3</p>"


def test_what_was_filled_is_markup_and_goes_in_as_it_is() -> None:
    assert (
        fill("<p>$a</p>", a=joined([fill("<b>$a</b>", a="&"), Markup("<hr>")])) == "<p><b>&amp;</b>\n<hr></p>"
    )


def test_a_template_that_lacks_something_fails() -> None:
    with pytest.raises(KeyError):
        fill("$a")


def test_dollars_in_text_are_dollars() -> None:
    assert fill("$a", a="$b $$") == "$b $$"


@given(st.recursive(texts(), lambda inside: st.lists(inside) | st.dictionaries(texts(), inside)))
def test_json_is_the_same_again_and_cannot_end_its_element(value: object) -> None:
    block = json_block(value)
    assert json.loads(block) == value
    assert block.isascii()
    assert not set(block) & set("<>&")


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_hostile_text_survives_in_json(text: str) -> None:
    assert json.loads(json_block(text)) == text
