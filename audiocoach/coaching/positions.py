"""In and out of a position: how one comes out of it, what leads from posture to posture, and the way in.

In: an effort, the gap beside it, and the postures of moves. Out: cues. A rest, a switch or a change never
begins while the listener still holds what she is to leave: the words of coming out come first.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from audiocoach.coaching.cues import Cue, Line, Weight
from audiocoach.coaching.memory import Advised, way_in
from audiocoach.coaching.slots import names_side, values_of
from audiocoach.coaching.steps import Effort, Gap, SayStep
from audiocoach.records import dataclass, replace
from audiocoach.units import MS_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from audiocoach.coaching.pen import Pen
    from audiocoach.coaching.speaker import Speaker
    from audiocoach.coaching.steps import Step
    from audiocoach.language.phrases import Pack
    from audiocoach.routine.model import Move, Posture, Words

# How a session finds the listener, and leaves her.
UPRIGHT: Posture = "standing"

# What is said from one posture to another: an entry of the phrases for each pair.
TRANSITIONS: Mapping[tuple[Posture, Posture], str] = {
    ("standing", "supine"): "come_down",
    ("standing", "prone"): "come_down",
    ("standing", "side"): "come_down",
    ("standing", "all fours"): "come_down",
    ("standing", "kneeling"): "come_to_knees",
    ("standing", "sitting"): "sit_down",
    ("sitting", "supine"): "lie_on_back",
    ("sitting", "prone"): "lie_on_front",
    ("sitting", "side"): "lie_on_side",
    ("sitting", "all fours"): "come_to_all_fours",
    ("sitting", "kneeling"): "come_to_knees",
    ("sitting", "standing"): "stand_up",
    ("kneeling", "supine"): "lie_on_back",
    ("kneeling", "prone"): "lie_on_front",
    ("kneeling", "side"): "lie_on_side",
    ("kneeling", "all fours"): "hands_down",
    ("kneeling", "sitting"): "sit_down",
    ("kneeling", "standing"): "stand_up",
    ("all fours", "supine"): "lie_on_back",
    ("all fours", "prone"): "lie_on_front",
    ("all fours", "side"): "lie_on_side",
    ("all fours", "kneeling"): "kneel_up",
    ("all fours", "sitting"): "sit_down",
    ("all fours", "standing"): "stand_up",
    ("supine", "prone"): "turn_to_front",
    ("supine", "side"): "roll_to_side",
    ("supine", "all fours"): "roll_to_all_fours",
    ("supine", "kneeling"): "roll_to_knees",
    ("supine", "sitting"): "roll_to_sitting",
    ("supine", "standing"): "roll_to_standing",
    ("prone", "supine"): "turn_to_back",
    ("prone", "side"): "roll_to_side",
    ("prone", "all fours"): "press_to_all_fours",
    ("prone", "kneeling"): "press_to_knees",
    ("prone", "sitting"): "press_to_sitting",
    ("prone", "standing"): "press_to_standing",
    ("side", "supine"): "turn_to_back",
    ("side", "prone"): "turn_to_front",
    ("side", "all fours"): "press_to_all_fours",
    ("side", "kneeling"): "press_to_knees",
    ("side", "sitting"): "sit_up",
    ("side", "standing"): "sit_up_to_standing",
}

# Where there is no time to take.
IN_A_HURRY: Mapping[str, str] = {
    "stand_up": "stand_up_short",
    "roll_to_standing": "roll_to_standing_short",
    "press_to_standing": "press_to_standing_short",
    "sit_up_to_standing": "sit_up_to_standing_short",
}
# From so long a gap on one may take one's time.
TIME_TO_TAKE_MS = 20 * MS_PER_SECOND

# What is said in its place where a setup follows, which tells how one lies: nothing that it tells as well.
BESIDE_A_SETUP: Mapping[str, str | None] = {
    **dict.fromkeys(("turn_to_front", "turn_to_back"), "turn_over"),
    **dict.fromkeys(("roll_to_all_fours", "roll_to_knees", "roll_to_sitting"), "roll_first"),
    **dict.fromkeys(("lie_on_back", "lie_on_front", "lie_on_side", "roll_to_side", "sit_down", "sit_up")),
    **dict.fromkeys(("come_to_knees", "come_to_all_fours", "hands_down", "kneel_up")),
    **dict.fromkeys(("press_to_all_fours", "press_to_knees", "press_to_sitting")),
}
# What `come_down` leads to, where neither a setup nor how to get ready tells it.
ONCE_DOWN: Mapping[Posture, str] = {
    "supine": "lie_on_back",
    "prone": "lie_on_front",
    "side": "lie_on_side",
    "all fours": "come_to_all_fours",
}
# Where a setup is trusted to tell how one gets there only if it does.
_TOLD_BY_A_SETUP: frozenset[Posture] = frozenset({"supine", "prone", "side", "sitting"})
# What a setup tells of them begins like these.
_DOWN = ("lie_on_back", "sit_down")
# What leads nowhere without the setup that follows.
_INTO_A_SETUP = frozenset({"turn_over", "roll_first"})


@dataclass(frozen=True, slots=True)
class Arrival:
    """How the listener comes to a step: what she still holds, and the posture that she has to be led from.

    `held` is the effort that ends where the step begins. `posture` is None where nobody has to lead her: it
    is not known, or the coach's own words stand in between.
    """

    held: Effort | None = None
    posture: Posture | None = None


def arrival_at(steps: Sequence[Step], index: int) -> Arrival:
    """How the listener comes to the step at `index`, or with the number of steps to the end of all."""
    step = steps[index] if index < len(steps) else None
    spoken = isinstance(step, Gap) and bool(step.says)
    # By places, not by a slice: it is asked at every gap of a long session.
    for place in range(index - 1, -1, -1):
        before = steps[place]
        if isinstance(before, Effort):
            held = before if place == index - 1 else None
            return Arrival(held, None if spoken else before.move.posture)
        spoken = spoken or isinstance(before, SayStep) or (isinstance(before, Gap) and bool(before.says))
    return Arrival(posture=None if spoken else UPRIGHT)


def is_left(held: Effort, gap: Gap, *, rests: bool) -> bool:
    """Whether the position is left in the gap after it; `rests` is whether that is long enough to rest in."""
    ahead = gap.ahead
    if ahead is None or ahead.move.key != held.move.key:
        return True
    if (ahead.rep or 1) > 1:
        return False
    return rests or ahead.side != held.side or (ahead.opens and gap.length_ms > 0)


def finish_cue(held: Effort, speaker: Speaker, gap: Gap | None = None) -> Cue | None:
    """How one comes out of what was held: in the gap after it, or by itself where none follows.

    Between two sets of a side it gives way where there is no time for it. Where the gap has no length it is
    told ahead, in words that nobody can obey too early.
    """
    words = held.move.finish
    if words is None:
        return None
    line = speaker.fill(words, _values_at_the_end(held, speaker))
    ahead = gap.ahead if gap else None
    goes_on = ahead is not None and not ahead.opens and ahead.side == held.side
    weight = Weight.POSITION if goes_on else Weight.ANCHORED
    cue = Cue("finish", line, words.position, held.delivery, weight=weight)
    if gap is None or gap.length_ms or gap.grows not in ("fixed", "grid"):
        return cue
    return replace(cue, line=speaker.phrase("finish_ahead", {}, within=line), arrived=line)


def finish_alone(steps: Sequence[Step], index: int, speaker: Speaker) -> Iterator[Cue]:
    """How one comes out of the effort at `index`, where no gap follows in which it would be said."""
    step, after = steps[index], steps[index + 1] if index + 1 < len(steps) else None
    if not isinstance(step, Effort) or isinstance(after, Gap) or step.delivery.cues == "tones":
        return
    cue = finish_cue(step, speaker)
    if cue is not None:
        yield cue


def _values_at_the_end(effort: Effort, speaker: Speaker) -> Mapping[str, str]:
    """The values of the last repetition: where sides take turns, the other one may have begun."""
    if effort.rep is not None:
        return values_of(effort, speaker.pack, effort.rep - 1)
    return values_of(effort, speaker.pack, max(effort.whole_reps - 1, 0))


def transition(posture: Posture | None, wanted: Posture | None, *, is_set_up: bool) -> str | None:
    """The phrase that leads from a posture to the one that is `wanted`, where both are known and differ.

    Beside a setup only what it cannot know is said.
    """
    if not posture or not wanted or wanted == posture:
        return None
    entry = TRANSITIONS[posture, wanted]
    return BESIDE_A_SETUP.get(entry, entry) if is_set_up else entry


def is_led_by_setup(move: Move, posture: Posture | None, pack: Pack) -> bool:
    """Whether the setup of a move tells how one comes down: who kneels cannot draw up her knees."""
    if move.setup is None or posture is None or move.posture not in _TOLD_BY_A_SETUP:
        return move.setup is not None
    entry = TRANSITIONS.get((posture, move.posture))
    if entry is None or BESIDE_A_SETUP.get(entry):
        return True
    # An author may have silenced one of them.
    words = {word for down in _DOWN for text in pack.entries[down] for word in _words(text)[:1]}
    words |= {word for text in pack.entries[entry] for word in _words(text)[-1:]}
    return bool(words.intersection(_words(move.setup.text)))


def _words(text: str) -> list[str]:
    return _WORD.findall(_SLOT.sub(" ", text).lower())


_SLOT, _WORD = re.compile("<[^>]*>"), re.compile(r"[^\W\d_]+")


def transition_cue(pen: Pen, posture: Posture | None, move: Move, gap: Gap) -> Iterator[Cue]:
    """What leads from a posture to that of a move, where both are known and differ, and no setup does.

    It takes time, so it is told as the gap begins; what is nothing without a setup is told with that.
    """
    follows = bool(move.setup) and not pen.told.knows(way_in(move))
    is_set_up = follows and is_led_by_setup(move, posture, pen.speaker.pack)
    entry = transition(posture, move.posture, is_set_up=is_set_up)
    if not entry:
        return
    short = IN_A_HURRY.get(entry, "")
    # A gap that grows to a setup is as long as both take.
    grows = follows and gap.grows not in ("fixed", "grid")
    if short and gap.length_ms < TIME_TO_TAKE_MS and not grows:
        entry, short = short, ""
    cue = pen.own(entry, "posture", {}, short=short, late=entry in _INTO_A_SETUP)
    if entry == "come_down" and move.posture and not (is_set_up or move.get_ready):
        cue = replace(cue, line=_both(cue.line, pen.phrase(ONCE_DOWN[move.posture], {})))
    yield cue


def _both(first: Line, then: Line) -> Line:
    """Two lines as one way."""
    text = " ".join(filter(None, (first.text, then.text)))
    return Line(text, first.slots | then.slots)


def help_up(steps: Sequence[Step], pen: Pen) -> Iterator[Cue]:
    """What leads up from the last posture of a session, where nobody says how it ends."""
    posture = arrival_at(steps, len(steps)).posture
    if posture and posture != UPRIGHT and pen.delivery.cues != "tones":
        yield pen.own(TRANSITIONS[posture, UPRIGHT], "posture", {})


def caution_cues(pen: Pen, effort: Effort) -> Iterator[Cue]:
    """What to look out for, before the first go: once a move, and for each side where it names the side."""
    words = effort.move.caution
    if words is None:
        return
    for rep in range(len(effort.rep_sides) or 1):
        values = values_of(effort, pen.speaker.pack, rep)
        if rep == 0 or names_side(words):
            yield from caution_cue(pen, words, values, _side_of(effort, words, rep))


def caution_cue(pen: Pen, words: Words, values: Mapping[str, str], side: str | None = None) -> Iterator[Cue]:
    """One caution, unless it was heard."""
    fact = Advised(words, side)
    if not pen.told.knows(fact):
        yield Cue(
            "caution",
            pen.speaker.fill(words, values),
            words.position,
            pen.delivery,
            late=True,
            facts=(fact,),
        )


def _side_of(effort: Effort, words: Words, rep: int) -> str | None:
    if not names_side(words):
        return None
    return effort.rep_sides[rep] if effort.rep_sides else effort.side


def at_go_cue(pen: Pen, effort: Effort, *, at_once: bool) -> Iterator[Cue]:
    """The loading part of the setup: the last words before the count, wherever the position is entered.

    A gap grows to it; where one effort meets the next `at_once`, it gives way once the move was led.
    """
    words = effort.move.at_go
    if words is None:
        return
    line = pen.speaker.fill(words, values_of(effort, pen.speaker.pack))
    weight = Weight.POSITION if at_once and not pen.told.is_new(effort) else Weight.ANCHORED
    yield Cue("at_go", line, words.position, pen.delivery, weight=weight, late=True)


def station_cues(pen: Pen, move: Move, values: Mapping[str, str]) -> Iterator[Cue]:
    """What is said of one of the moves of as many rounds as one can: its way in, and what to look out for."""
    if move.caution:
        yield from caution_cue(pen, move.caution, values)
    if move.at_go and not pen.told.knows(Advised(move.at_go)):
        line: Line = pen.speaker.fill(move.at_go, values)
        facts = (Advised(move.at_go),)
        yield Cue("setup", line, move.at_go.position, pen.delivery, facts=facts)
