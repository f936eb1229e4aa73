"""What is known of an episode by its other facts."""

from __future__ import annotations

from tests.shows import episode
from tests.test_preview import TIMELINE


def test_an_episode_has_its_timelines_title_and_a_page_of_its_name() -> None:
    one = episode("Ten squats", TIMELINE)
    assert one.title == TIMELINE.title == "Squats"
    assert one.page == f"{one.name}.html" != "Ten squats.html"
