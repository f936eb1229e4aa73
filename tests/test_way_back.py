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
