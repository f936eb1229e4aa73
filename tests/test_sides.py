"""What is of a side lies there: tones by their interval, words by what they name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.timeline import Speech
from audiocoach.publish import timeline_json
from tests.generate import constant, planned

if TYPE_CHECKING:
    from audiocoach.coaching.timeline import Timeline

HEAD = """title: T
moves:
  bridge: {name: Bridge, sides: none}
  lunge: {name: Lunge, sides: each, setup: "The <side> foot in front, the <other_side> knee down."}
  raise: {name: Raise, sides: each, reminders: ["Reach with the <side> hand."]}
session:
"""


def timeline(item: str, more: str = "") -> Timeline:
    return schedule(planned(f"{more}{HEAD}  - {{{item}}}\n"), constant)


def heard(found: Timeline) -> list[tuple[str, str]]:
    return [
        (event.side, event.text if isinstance(event, Speech) else event.cue)
        for event in found.events
        if event.side
    ]


def test_a_side_has_its_call_its_count_and_the_tones_that_open_and_close_it() -> None:
    on_left = [("left", cue) for cue in ("count", "count", "count", "go", "stop")]
    on_right = [("right", cue) for cue in ("count", "count", "count", "go", "stop")]
    call = [("right", "Switch sides. Right side.")]
    assert heard(timeline("do: lunge, for: 9s")) == [*on_left, *call, *on_right]


def test_where_two_sides_meet_the_switch_tone_is_of_the_one_that_begins() -> None:
    found = heard(timeline("do: lunge, for: 20s, switch: 0s"))
    assert ("right", "switch") in found
    assert ("left", "switch") not in found
    assert found.index(("right", "At the tone: right side.")) < found.index(("right", "switch"))


def test_where_tones_tell_the_change_its_sound_is_of_the_side_that_comes() -> None:
    found = timeline("do: lunge, for: 9s, cues: tones, switch: 5s")
    (change,) = [event for event in found.events if getattr(event, "tone", "") == "switch"]
    assert (change.cue, change.side) == ("stop", "right")


def test_words_that_name_a_side_lie_there_and_words_that_name_both_in_the_middle() -> None:
    found = timeline("do: raise, for: 60s")
    assert ("left", "Reach with the left hand.") in heard(found)
    both = [event for event in timeline("do: lunge, for: 9s").events if "foot in front" in str(event)]
    assert both
    assert {event.side for event in both} == {""}


def test_sides_that_take_turns_are_called_on_their_sides() -> None:
    found = heard(timeline("do: bridge, reps: 4, sides: [alternate, right first]"))
    assert found[0] == ("right", "Right.")
    assert ("left", "Left.") in found


@pytest.mark.parametrize(
    ("item", "more"),
    [
        ("do: bridge, for: 9s", ""),
        ("do: lunge, for: 9s", "stereo: off\n"),
        ("do: lunge, for: 9s", "stereo: no\n"),
    ],
)
def test_without_sides_or_where_it_is_off_all_is_in_the_middle(item: str, more: str) -> None:
    found = timeline(item, more)
    assert heard(found) == []
    assert not found.has_sides
    assert '"side": "' not in timeline_json.as_json(found).split('"intervals"')[0]


def test_it_is_on_unless_said() -> None:
    assert heard(timeline("do: lunge, for: 9s", "stereo: on\n")) == heard(timeline("do: lunge, for: 9s"))


def test_a_timeline_that_is_read_again_has_its_sides() -> None:
    found = timeline("do: lunge, for: 9s")
    again = timeline_json.from_json(timeline_json.as_json(found), "")
    assert heard(again) == heard(found)
