"""How a move is introduced: its name and dose, what is needed, how to get there, which side begins.

In: a pen, the effort that opens the move, and what it has no room for. Out: cues in order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.cues import Cue, Weight
from audiocoach.coaching.memory import Advised, Equipped, Foretold, Gridded, Offered, way_in
from audiocoach.coaching.positions import station_cues
from audiocoach.coaching.slots import in_blocks, plain_dose, station_values, tells_side, values_of
from audiocoach.records import replace
from audiocoach.units import MS_PER_MINUTE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from audiocoach.coaching.lookahead import Lookahead
    from audiocoach.coaching.pen import Pen
    from audiocoach.coaching.steps import Effort, Station
    from audiocoach.routine.model import Move

_BOTH = 2


def introduce(
    pen: Pen, effort: Effort, before: Effort | None, lookahead: Lookahead, way: Iterable[Cue] = ()
) -> Iterator[Cue]:
    """A move that begins; `before` is the effort that was done last, `way` what leads on from its posture."""
    values = values_of(effort, pen.speaker.pack)
    yield from _announcement(pen, effort, values, is_first=before is None)
    yield from _grid(pen, effort)
    yield from _circuit(pen, effort)
    known = tells_side(effort.move.setup) and _is_unknown(pen, effort.move)
    yield from _equipment(pen, effort.move)
    yield from way
    yield from _setup(pen, effort.move, values, effort.side)
    yield from _first_side(pen, effort, values, lookahead, known=known)
    if effort.way:
        foretold = (Foretold(effort.number, "way"),) if "way" in lookahead.changes else ()
        others = {"text": pen.speaker.pack.listed(effort.ways[1:])}
        entry = "ways_first" if foretold else "way"
        yield pen.own(entry, "way", {**values, **others}, late=True, facts=foretold)


def advise(pen: Pen, effort: Effort, lookahead: Lookahead) -> Iterator[Cue]:
    """What the author says of a move, and what is easier: behind the steps that it is about."""
    if effort.move.say is None and effort.easier is None:
        return
    values = values_of(effort, pen.speaker.pack)
    yield from _advice(pen, effort.move, values)
    if effort.delivery.cues == "full" and lookahead.offer and effort.easier and pen.told.is_new(effort):
        yield offer_cue(pen, effort, values, weight=Weight.OFFER)


def offer_later(pen: Pen, effort: Effort) -> Iterator[Cue]:
    """What is easier than steps, in a rest of a move that is known, where it had no room behind them."""
    if effort.easier is None or not effort.phases or effort.delivery.cues != "full":
        return
    if not (pen.told.is_new(effort) or pen.told.knows(Offered(effort.easier))):
        yield offer_cue(pen, effort, values_of(effort, pen.speaker.pack), weight=Weight.REMINDER)


def offer_cue(pen: Pen, effort: Effort, values: Mapping[str, str], *, weight: Weight) -> Cue:
    """What is easier, as an offer.

    Raises:
        ValueError: the effort has no easier version.
    """
    if effort.easier is None:
        raise ValueError("nothing easier to offer")
    line = pen.speaker.phrase("easier", values, within=pen.speaker.fill(effort.easier, values))
    facts = (Offered(effort.easier),)
    return Cue(
        "variant", line, effort.easier.position, effort.delivery, weight=weight, late=True, facts=facts
    )


def _announcement(pen: Pen, effort: Effort, values: Mapping[str, str], *, is_first: bool) -> Iterator[Cue]:
    if _tells_its_name(pen, effort):
        return
    plain = effort.dose is None or bool(effort.guide) or bool(effort.circuit)
    entry = "next_plain" if plain else "first" if is_first else "next"
    if effort.delivery.cues == "tones" or (plain and is_first):
        entry = "named"
    yield pen.own(entry, "announce", values, short="named")


def _first_side(
    pen: Pen, effort: Effort, values: Mapping[str, str], lookahead: Lookahead, *, known: bool
) -> Iterator[Cue]:
    """The side with which a move begins, unless it is `known` or told as one goes."""
    if "side" in lookahead.changes:
        yield pen.own("sides_first", "side", values, facts=(Foretold(effort.number, "side"),))
    elif effort.rep_sides and effort.rep is None:
        if lookahead.side:
            yield pen.own("side_first", "side", values, short="side")
    elif effort.side and in_blocks(effort):
        weight = Weight.TIME if known else Weight.ANCHORED
        entry = "side_for_both_sets" if effort.sets == _BOTH else "side_for_sets"
        yield pen.own(entry, "side", values, weight=weight, short="side")
    elif effort.side and not known:
        several = effort.sides is not None and effort.sides.sharing != "one"
        yield pen.own("side_first" if several else "side", "side", values, short="side" if several else "")


def _tells_its_name(pen: Pen, effort: Effort) -> bool:
    """Whether a circuit is called what its own sentence calls it: `As many rounds as you can`."""
    if not effort.circuit or effort.dose is None or effort.delivery.cues == "tones":
        return False
    return effort.name in pen.speaker.pack.entries["circuit_name"]


def _grid(pen: Pen, effort: Effort) -> Iterator[Cue]:
    """That the sets of an `every` start on a grid, told once."""
    is_shared = effort.turn is not None
    several = effort.sets > 1 or (effort.turn is not None and effort.turn[1] > 1)
    # The grid of a block is the same for all of its moves.
    fact = Gridded("" if is_shared else effort.move.key, effort.every_ms, several)
    # Where the set takes all of it, nothing is left that could be rest.
    is_full = not several and effort.length_ms >= effort.every_ms
    if not effort.every_ms or is_full or pen.told.knows(fact):
        return
    pack = pen.speaker.pack
    text = pack.time(effort.every_ms)
    if effort.every_ms == MS_PER_MINUTE:
        text = pack.part("each_minute" if several else "the_minute", {})
    brief = several and effort.delivery.cues == "brief"
    entry = "every_brief" if brief else "every" if several else "every_once"
    short = "every_brief" if several else ""
    yield pen.own(entry, "every", {"text": text}, weight=Weight.GRID, short=short, facts=(fact,))


def _circuit(pen: Pen, effort: Effort) -> Iterator[Cue]:
    if not effort.circuit or effort.dose is None:
        return
    if effort.delivery.cues != "tones":
        values = {"text": pen.speaker.pack.time(effort.dose.time_ms), "rounds": str(effort.rounds)}
        entry = {0: "circuit", 1: "circuit_round"}.get(effort.rounds, "circuit_rounds")
        yield pen.own(entry, "announce", values)
    for station in effort.circuit:
        cues = tuple(_station(pen, effort, station))
        yield from cues
        pen = replace(pen, told=pen.told.heard(cues))
    yield from _for_time(pen, effort)


def _for_time(pen: Pen, effort: Effort) -> Iterator[Cue]:
    """With what rounds for time begin, and what to do when one is done before their cap."""
    if not effort.rounds or effort.delivery.cues != "full":
        return
    if len(effort.circuit) > 1:
        first = {"name": effort.circuit[0].name}
        yield pen.own("circuit_start", "circuit", first, weight=Weight.OFFER)
    if effort.delivery.tones != "none":
        yield pen.own("circuit_done", "circuit", {}, weight=Weight.OFFER)


def _station(pen: Pen, effort: Effort, station: Station) -> Iterator[Cue]:
    names_alone = effort.delivery.cues == "tones"
    values = station_values(effort, station, pen.speaker.pack)
    entry = "circuit_move" if station.dose and not names_alone else "named"
    if not names_alone or station.steps or not effort.is_list:
        yield pen.own(entry, "announce", values, short="named")
    # How to do it follows its name, not the names of all.
    yield from _equipment(pen, station.move)
    yield from (replace(cue, late=False) for cue in _setup(pen, station.move, values, effort.side))
    yield from (replace(cue, late=False) for cue in _advice(pen, station.move, values))
    yield from (replace(cue, late=False) for cue in station_cues(pen, station.move, values))
    for words, dose in station.steps:
        yield Cue("guide", pen.speaker.fill(words, values), words.position, effort.delivery)
        yield pen.own("circuit_step", "guide", {"dose": plain_dose(dose, pen.speaker.pack)})


def _is_unknown(pen: Pen, move: Move) -> bool:
    """Whether the way into the move was not told yet, and is told here."""
    return not pen.told.knows(way_in(move)) and pen.delivery.cues != "tones"


def _setup(pen: Pen, move: Move, values: Mapping[str, str], side: str | None) -> Iterator[Cue]:
    """How to get there, the first time."""
    if move.setup and _is_unknown(pen, move):
        facts = (way_in(move), way_in(move, side))
        line = pen.speaker.fill(move.setup, values)
        yield Cue("setup", line, move.setup.position, pen.delivery, late=True, facts=facts)


def _advice(pen: Pen, move: Move, values: Mapping[str, str]) -> Iterator[Cue]:
    """What the author says of a move: always, once."""
    if move.say and not pen.told.knows(Advised(move.say)):
        line = pen.speaker.fill(move.say, values)
        yield Cue("advice", line, move.say.position, pen.delivery, late=True, facts=(Advised(move.say),))


def _equipment(pen: Pen, move: Move) -> Iterator[Cue]:
    """What is needed, where it was not told before."""
    needed = [thing for thing in move.equipment or () if not pen.told.knows(Equipped(thing))]
    if needed and pen.delivery.cues != "tones":
        facts = tuple(map(Equipped, needed))
        things = {"text": pen.speaker.pack.listed(needed)}
        yield pen.own("equipment", "equipment", things, weight=Weight.POSITION, facts=facts)
