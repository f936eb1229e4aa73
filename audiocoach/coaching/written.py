"""What is done in a set, as it is written: every kind of dose in one style. Pure.

In: an effort and the phrase pack. Out: `10 repetitions`, `3 holds of 18 seconds, each side`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.slots import in_turn, plain_dose, stay, weighted
from audiocoach.routine.wordings import nearest

if TYPE_CHECKING:
    from audiocoach.coaching.steps import Effort, FixedDose
    from audiocoach.language.phrases import Pack


def written_dose(effort: Effort, pack: Pack) -> str:
    """The dose of one set of an effort, with its weight and then the ways and sides; or nothing."""
    if effort.dose is None:
        return ""
    text = weighted("dose_weight", _amount(effort, effort.dose, pack), effort.weight, pack)
    label = nearest(pack.traits.code).label
    apart = effort.sides is not None and effort.sides.sharing in ("each", "blocks")
    if len(effort.ways) > 1:
        text = label("written_each_way", dose=text)
    if apart:
        return label("written_each_side", dose=text)
    return in_turn(effort, effort.dose, text, pack)


def _amount(effort: Effort, dose: FixedDose, pack: Pack) -> str:
    if not dose.traits.stays:
        return plain_dose(dose, pack, effort.move.unit)
    language, count = nearest(pack.traits.code), dose.reps or 1
    form = language.traits.form(count)
    return language.label(f"written_holds_{form}", count=count, time=stay(dose, pack))
