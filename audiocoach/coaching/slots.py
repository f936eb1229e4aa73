"""What the placeholders stand for in an effort: its side, its set, its dose in words. Pure.

In: an effort and the phrase pack. Out: values by the placeholders' names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.unions import assert_never

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from audiocoach.coaching.steps import Effort, FixedDose, Nesting, Station
    from audiocoach.language.phrases import Pack
    from audiocoach.routine.model import Words

# What a repetition is called: one of them, and several.
Unit = tuple[str, str]
_SIDE_SLOTS = frozenset({"side", "other_side"})
# Under this name, which no placeholder has, values tell which side `<side>` is.
_SIDE_ITSELF = "side itself"


def values_of(effort: Effort, pack: Pack, rep: int = 0) -> Mapping[str, str]:
    """The values at the effort's `rep`th repetition, from 0."""
    side = effort.rep_sides[rep % 2] if effort.rep_sides else effort.side
    values = {
        "name": effort.name,
        "set": str(effort.set),
        "sets": str(effort.sets),
        **round_values(effort.place),
    }
    if side:
        other = "right" if side == "left" else "left"
        values |= {"side": pack.part(side, {}), "other_side": pack.part(other, {}), _SIDE_ITSELF: side}
    if effort.way:
        values["way"] = effort.way
    if effort.next_name:
        values["next"] = effort.next_name
    if effort.dose:
        values |= _dose_values(effort, effort.dose, pack)
    return values


def round_values(place: Nesting) -> dict[str, str]:
    """Which round it is, of how many."""
    if place.round is None:
        return {}
    return {"round": str(place.round), "rounds": str(place.rounds)}


def station_values(effort: Effort, station: Station, pack: Pack) -> dict[str, str]:
    """The values of one of the moves of as many rounds as one can."""
    values = {"name": station.name}
    if station.dose:
        weight = next(iter(station.move.weight or ()), "")
        text = plain_dose(station.dose, pack, station.move.unit)
        values["dose"] = weighted("dose_weight", text, weight, pack)
    return values | ({"next": effort.next_name} if effort.next_name else {})


def side_in(slots: frozenset[str], values: Mapping[str, str]) -> str:
    """The side that words with these placeholders name: of both neither."""
    return values.get(_SIDE_ITSELF, "") if slots & _SIDE_SLOTS == {"side"} else ""


def tells_side(words: Words | None) -> bool:
    """Whether the words say which side it is, and not the other one alone."""
    return words is not None and any(name == "side" for name, _ in words.places)


def in_blocks(effort: Effort) -> bool:
    """Whether all of several sets are done on one side, and then all on the other."""
    return effort.sides is not None and effort.sides.sharing == "blocks" and effort.sets > 1


def names_side(words: Words | None) -> bool:
    """Whether the words are others on the other side."""
    return words is not None and any(name in _SIDE_SLOTS for name, _ in words.places)


def reminders_of(effort: Effort) -> tuple[Words, ...]:
    """The reminders of an effort's move, or of all moves of its circuit, each once."""
    if effort.circuit:
        every = (words for station in effort.circuit for words in station.move.reminders or ())
        return tuple(dict.fromkeys(every))
    return effort.move.reminders or ()


def _dose_values(effort: Effort, dose: FixedDose, pack: Pack) -> dict[str, str]:
    values = {"dose": _dose(effort, dose, pack)}
    if dose.reps:
        values["reps"] = str(dose.reps)
    if dose.traits.tells_hold:
        values["hold"] = stay(dose, pack)
    return values


def stay(dose: FixedDose, pack: Pack) -> str:
    """How long one stays: `18 seconds`, `3 breaths`."""
    return pack.counted("breath", dose.breaths) if dose.breaths else pack.time(dose.time_ms)


def _dose(effort: Effort, dose: FixedDose, pack: Pack) -> str:
    text = _sided(effort, dose, _in_sets(effort, dose, pack), pack)
    if not effort.weights:
        text = weighted("dose_weight", text, effort.weight, pack)
    if effort.sets > 1 and not (effort.ladder or effort.weights):
        text = pack.part("dose_sets", {"text": text, "sets": str(effort.sets)})
    return text


def _sided(effort: Effort, dose: FixedDose, text: str, pack: Pack) -> str:
    """A dose as it is done in each way and on each side: `8 repetitions each side`."""
    each_side = effort.sides is not None and effort.sides.sharing in ("each", "blocks")
    if len(effort.ways) > 1:
        text = pack.part("dose_each_way_and_side" if each_side else "dose_each_way", {"text": text})
    elif each_side:
        text = pack.part("dose_each_side", {"text": text})
    return in_turn(effort, dose, text, pack)


def in_turn(effort: Effort, dose: FixedDose, text: str, pack: Pack) -> str:
    """A dose whose sides take turns, with that told: `8 repetitions, 4 each side`."""
    if effort.sides is None or effort.sides.sharing != "alternate":
        return text
    is_shared = bool(dose.reps and effort.rep_sides)
    values = {"text": text, "count": str(dose.reps // 2)}
    return pack.part("dose_shared" if is_shared else "dose_alternate", values)


def _in_sets(effort: Effort, dose: FixedDose, pack: Pack) -> str:
    """The dose of one side: `12, then 10, then 8 repetitions`, `10 repetitions at 50 kg, then at 60 kg`."""
    unit = effort.move.unit
    if effort.weights:
        return _then(tuple(_with_weights(effort, dose, pack)), pack)
    return _then(_ladder(effort.ladder, pack, unit), pack) if effort.ladder else plain_dose(dose, pack, unit)


def _ladder(doses: Sequence[FixedDose], pack: Pack, unit: Unit | None) -> tuple[str, ...]:
    """What is counted is named with the last, all else with the first."""
    first, *others = doses
    if first.traits.stays:
        return plain_dose(first, pack, unit), *(_amount(dose, pack) for dose in others)
    # How long a distance takes is told where there is one.
    last = _amount(doses[-1], pack) if doses[-1].distance else plain_dose(doses[-1], pack, unit)
    return *(_amount(dose, pack) for dose in doses[:-1]), last


def _with_weights(effort: Effort, dose: FixedDose, pack: Pack) -> Iterator[str]:
    """`12 repetitions at 50 kg`, `10 at 60 kg`; where only the weight changes, `at 60 kg`."""
    doses = effort.ladder or (dose,) * len(effort.weights)
    for number, (of_set, weight) in enumerate(zip(doses, effort.weights, strict=True)):
        if number == 0:
            text = plain_dose(of_set, pack, effort.move.unit)
            yield weighted("dose_weight", text, weight, pack)
        elif effort.ladder:
            yield weighted("dose_weight", _amount(of_set, pack), weight, pack)
        else:
            yield pack.part("dose_weight_alone", {"weight": weight})


def _then(parts: Sequence[str], pack: Pack) -> str:
    """`12, then 10, then 8 repetitions`."""
    text = parts[-1]
    for part in reversed(parts[:-1]):
        text = pack.part("dose_then", {"count": part, "text": text})
    return text


def weighted(entry: str, text: str, weight: str, pack: Pack) -> str:
    """A dose with its weight, in the words of an entry; as it is without one."""
    return pack.part(entry, {"text": text, "weight": weight}) if weight else text


def set_values(effort: Effort, pack: Pack) -> Mapping[str, str]:
    """What a later set is announced with: its own dose and weight, where those of the sets differ."""
    amount = _named_amount(effort.dose, pack, effort.move.unit) if effort.ladder and effort.dose else ""
    if not effort.weights:
        return {"text": amount} if amount else {}
    if not amount:
        return {"text": pack.part("dose_weight_alone", {"weight": effort.weight})}
    return {"text": weighted("dose_of_set_weight", amount, effort.weight, pack)}


def _named_amount(dose: FixedDose, pack: Pack, unit: Unit | None) -> str:
    """`6 repetitions`, `30 seconds`: a number alone would be taken for one with that before it."""
    return plain_dose(dose, pack, unit) if dose.kind in ("reps", "breaths") else _amount(dose, pack)


def _amount(dose: FixedDose, pack: Pack) -> str:
    """`12`, `30 seconds`: a dose by its figure, where it is known what is done."""
    match dose.kind:
        case "for" | "hold":
            return pack.time(dose.time_ms)
        case "reps":
            return str(dose.reps)
        case "breaths":
            return str(dose.breaths)
        case "holds":
            return plain_dose(dose, pack)
        case "distance":
            return _far(dose, pack)
        case _:
            assert_never(dose.kind)


def _far(dose: FixedDose, pack: Pack) -> str:
    return pack.measured(dose.distance.unit, dose.distance.amount) if dose.distance else ""


def _far_and_about(dose: FixedDose, pack: Pack) -> str:
    """`400 meters, about 2 minutes`; where one goes on in a time of one's own, how far alone."""
    if not dose.time_ms:
        return _far(dose, pack)
    about = pack.part("about", {"text": pack.time(dose.time_ms)})
    return pack.part("dose_distance", {"text": _far(dose, pack), "count": about})


def plain_dose(dose: FixedDose, pack: Pack, unit: Unit | None = None) -> str:
    """`10 repetitions`, `hold for 30 seconds`: the dose of one set of one side.

    A repetition is called by its `unit`, one of them and several: `3 circles`.
    """
    match dose.kind:
        case "for":
            return pack.part("dose_for", {"text": pack.time(dose.time_ms)})
        case "hold":
            return pack.part("dose_hold", {"text": stay(dose, pack)})
        case "reps":
            return pack.part("dose_reps", {"text": _repetitions(dose.reps, pack, unit)})
        case "breaths":
            return pack.part("dose_breaths", {"text": pack.counted("breath", dose.breaths)})
        case "holds":
            entry = "dose_one_hold" if dose.reps == 1 else "dose_holds"
            return pack.part(entry, {"text": stay(dose, pack), "count": str(dose.reps)})
        case "distance":
            return _far_and_about(dose, pack)
        case _:
            assert_never(dose.kind)


def _repetitions(reps: int, pack: Pack, unit: tuple[str, str] | None) -> str:
    if unit is None:
        return pack.counted("repetition", reps)
    one, several = unit
    return pack.part("dose_unit", {"count": str(reps), "text": one if reps == 1 else several})
