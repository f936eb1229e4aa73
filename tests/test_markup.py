from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given

from audiocoach.publish.markup import plain, xml_text
from audiocoach.sound.tags import clean
from tests.hostile import TEXTS, texts


def check(text: str) -> None:
    wanted = clean(text).replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")
    found = fromstring(f'<a b="{xml_text(text)}">{xml_text(text)}</a>')  # noqa: S314 - our own text
    assert (found.text or "", found.attrib["b"], len(found)) == (wanted, wanted, 0)
    assert plain(text) == wanted


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_hostile_text_is_text(text: str) -> None:
    check(text)


@given(texts())
def test_any_text_is_text(text: str) -> None:
    check(text)


def test_markup_is_escaped() -> None:
    assert xml_text("<a b='c'>&\"]]>") == "&lt;a b=&#x27;c&#x27;&gt;&amp;&quot;]]&gt;"
