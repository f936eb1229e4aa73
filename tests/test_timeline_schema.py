"""Timelines as they are written are what the schema says."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from audiocoach.coaching.estimate import estimate_ms
from audiocoach.coaching.schedule import schedule
from audiocoach.making.sessions import open_session, timeline_of
from audiocoach.publish.timeline_json import as_json
from audiocoach.publish.timeline_schema import schema
from audiocoach.store.options import Overrides
from tests.conftest import ROOT, ROUTINES, examples
from tests.generate import planned, routines
from tests.test_preview import TIMELINE

VALIDATOR = Draft202012Validator(schema())


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("slug", ROUTINES)
def test_timelines_are_as_it_says(slug: str) -> None:
    timeline = timeline_of(open_session(ROOT / "routines" / f"{slug}.yaml", Overrides()), estimate_ms)
    VALIDATOR.validate(json.loads(as_json(timeline)))


@given(routines())
@settings(deadline=None, max_examples=examples(25))
def test_any_timeline_is_as_it_says(text: str) -> None:
    VALIDATOR.validate(json.loads(as_json(schedule(planned(text), estimate_ms))))


@pytest.mark.parametrize("name", ["version", "events", "title"])
def test_what_lacks_something_is_none(name: str) -> None:
    data = json.loads(as_json(TIMELINE))
    VALIDATOR.validate(data)
    del data[name]
    assert not VALIDATOR.is_valid(data)
