"""The list of keys: one for the pages and for what is handed over."""

from __future__ import annotations

import re

from audiocoach import assets
from audiocoach.publish import handout, key_list, site
from audiocoach.publish.handout import Handout
from audiocoach.routine import wordings
from tests.hostile import session
from tests.sites import COVER, episode, show

NAMED = {"Space": " ", "←": "ArrowLeft", "→": "ArrowRight"}
# What is done among the words is the words' own.
AMONG_WORDS = {"↑", "↓", "Enter"}


def test_pages_and_handouts_have_the_same_list() -> None:
    timeline, dialog = session("Hello."), key_list.dialog(wordings.language("en"))
    pages = dict(site.pages(show(), COVER, (episode(timeline),), None))
    assert dialog in pages["short.html"].decode("utf-8")
    assert dialog in handout.page(Handout(timeline), b"1").decode("utf-8")


def test_what_it_lists_is_what_there_is() -> None:
    listed = set(re.findall("<kbd>(.*?)</kbd>", key_list.dialog(wordings.language("en")))) - AMONG_WORDS
    script = assets.site("stage.js").decode("utf-8")
    keys = script.split("function listenToKeys")[1].split("};")[0]
    table = re.findall(r'(?m)^    "?(.+?)"?: \(\) =>', keys)
    assert {NAMED.get(one, one.lower()) for one in listed} == set(table)
