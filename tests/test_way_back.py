"""The way from one position to the next, as somebody with closed eyes hears it."""

from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.timeline import Speech
from tests.generate import constant, planned

MOVES = """
moves:
  lunge:
    name: Lunge
    posture: standing
    setup: Step your <side> foot forward.
    at_go: Lower your back knee.
    finish: Bring your feet together.
"""


def heard(session: str, moves: str = MOVES) -> list[str]:
    """What is said, in order."""
    found = schedule(planned(f"title: T\nsession: [{session}]\n{moves}"), constant)
    return [event.text for event in found.events if isinstance(event, Speech)]


def between(said: list[str], first: str, last: str) -> list[str]:
    """What is said after the last time that `first` is heard, and before `last`."""
    start = len(said) - said[::-1].index(first)
    return said[start : said.index(last, start)]


def test_who_came_out_of_a_position_hears_the_way_back_into_it() -> None:
    said = heard("{do: lunge, hold: 20s, sets: 2, rest: 40s, sides: left}")
    back = between(said, "Last set.", "Lower your back knee.")
    # It is too long for the time between the call and the way in.
    assert back == ["Step your left foot forward.", "Ten seconds."]


def test_the_way_back_is_told_once_where_a_change_of_sides_tells_it() -> None:
    said = heard("{do: lunge, hold: 20s, sets: 2, rest: 40s, sides: each}")
    assert said.count("Step your left foot forward.") == 2


def test_words_to_come_back_by_go_before_the_setup() -> None:
    moves = f"{MOVES}    get_ready: Left foot in front.\n"
    said = heard("{do: lunge, hold: 20s, sets: 2, rest: 40s, sides: left}", moves)
    assert between(said, "Last set.", "Lower your back knee.") == ["Ten seconds.", "Left foot in front."]


STEPS = """
moves:
  salute:
    name: Salute
    posture: all fours
    steps:
      - {say: Hips up and back., short: Downward dog, hold: 10s}
      - {say: Knees down., hold: 10s}
    get_ready: Onto your hands and knees.
  childs-pose:
    name: Child's pose
    posture: kneeling
    setup: Kneel, knees apart.
    at_go: Sit back on your heels.
    get_ready: Onto your knees, please.
    finish: Sit up.
  twist:
    name: Lying twist
    posture: supine
    setup: Draw your knees up, and let them sink.
"""


def test_the_way_into_a_posture_goes_before_what_is_done_in_it() -> None:
    said = heard("{do: salute, sets: 2, rest: 20s}", STEPS)
    ready = said.index("Onto your hands and knees.")
    assert said[ready + 1] == "Downward dog"


def test_words_to_get_ready_lead_from_another_posture() -> None:
    said = heard(
        "{do: childs-pose, hold: 20s}, {do: salute}, {rest: 20s}, {do: childs-pose, hold: 20s}", STEPS
    )
    again = between(said, "Coming up: Child's pose. Hold for 20 seconds.", "That is the end. Well done.")
    assert again == ["Onto your knees, please.", "Ten seconds.", "Sit back on your heels.", "Sit up."]


def test_a_setup_that_does_not_tell_how_one_lies_down_is_led_to() -> None:
    said = heard("{do: childs-pose, hold: 20s}, {rest: 20s}, {do: twist, hold: 20s}", STEPS)
    assert said[said.index("Draw your knees up, and let them sink.") - 1] == "Lie down on your back."
