"""Exercises and sections while a page is read: what is said of them is gathered until they are made."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from audiocoach.records import replace
from audiocoach.routine.importers import asking
from audiocoach.routine.importers.amounts import Amounts
from audiocoach.routine.importers.records import Exercise, Field, LeftOut, Part, Pause

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audiocoach.routine.importers.bank import Known

_STAYS = re.compile(r"plank|\bhold|stretch|\bpose\b|\bwall sit|\bhang\b|isometric|static", re.IGNORECASE)
_DOSES = ("for", "hold", "reps", "distance")
_ORDER = (*_DOSES, "pace", "sets", "rest", "sides", "tempo", "weight", "caution")
# So many holds of so long.
_HOLDS = {"hold", "reps"}
# `Hold for 5 seconds and repeat 10 times` is ten holds, and no set of one.
_REPEATED = re.compile(r"\brepeat\b", re.IGNORECASE)
_SHORT = re.compile(r"(?:\d|1[0-5])(?:-(?:\d|1[0-5]))?s")
_LIBRARYS_SIDES = "the library's move has its sides"
_LIBRARYS_DOSE = "the library's move has its dose"
_OTHER = "the source gives another value as well"


class Found:
    """One exercise, and what was said of it so far."""

    def __init__(self, name: str, source: str, known: Known | None) -> None:
        self.name = name
        self.known = known
        self.is_unnamed = False
        self.fields: dict[str, Field] = {}
        self._source = source
        self._kept: dict[str, Field] = {}
        self._how: list[str] = []
        self._asked: list[str] = []

    def ask_near(self, near: Iterable[str]) -> None:
        """Ask whether a move of the bank is meant that is only like it."""
        if proposed := " or ".join(near):
            self._asked.append(f'the library has no "{self.name}": is {proposed} meant?')

    def ask_name(self, begun: str, near: Iterable[str]) -> None:
        """Ask what an exercise is called that has steps and a dose, and no name."""
        stands = f'; "{begun}" stands in it, and the library has {", ".join(near)}' if begun else ""
        self._asked.append(f"the source does not name the move{stands}")

    def tell(self, sentence: str, most: int) -> bool:
        """Keep a sentence on how it is done, where so many letters are not yet full."""
        fits = sum(map(len, (*self._how, sentence))) <= most
        if fits:
            self._how.append(sentence)
        return fits

    def may_take(self, stated: Amounts) -> bool:
        """Whether a sentence says how much of it, or on which sides."""
        return any(name in (*_ORDER, "time") for name, _ in stated.fields)

    def has_dose_against(self, stated: Amounts) -> bool:
        """Whether it has a dose of its own beside which this one cannot stand: it is of another exercise."""
        return self._dose_against(stated) is not None

    def _dose_against(self, stated: Amounts) -> Field | None:
        named = ((self._resolved(name), value) for name, value in stated.fields)
        found = (self._against(name, value) for name, value in named if name in _DOSES)
        return next((field for field in found if field), None)

    def take(self, stated: Amounts, source: str) -> list[LeftOut]:
        """Take what is stated; what cannot be taken is handed back: all of it where its dose cannot."""
        if stands := self._dose_against(stated):
            return [LeftOut(source, f"{_OTHER}: {asking.in_words(stands.name, stands.value)} stands")]
        left = []
        for name, value in stated.fields:
            named = self._resolved(name)
            if named == "rounds":
                named = "reps" if self._is_held(stated) and _REPEATED.search(source) else "sets"
            if named == "reps":
                self._hold_a_short_time()
            if not self._fits(named, value, stated) or named not in _ORDER:
                left += self._same(named, value, source)
            elif stands := self._against(named, value):
                left.append(LeftOut(source, f"{_OTHER}: {asking.in_words(stands.name, stands.value)} stands"))
            else:
                self.fields.setdefault(named, Field(named, value, source))
        self._asked += stated.asked
        self._asked += [
            f"{asking.ALSO}{asking.in_words(self._resolved(name), value)}" for name, value in stated.other
        ]
        return left

    @property
    def sources(self) -> set[str]:
        """What its fields came from."""
        return {field.source for field in self.fields.values()}

    def _is_held(self, stated: Amounts) -> bool:
        return "hold" in self.fields or "hold" in dict(stated.fields)

    def _hold_a_short_time(self) -> None:
        """A few seconds beside repetitions are how long each of them is held."""
        time = self.fields.get("for")
        if time and _is_short(time):
            del self.fields["for"]
            self.fields["hold"] = replace(time, name="hold")

    def _against(self, name: str, value: str) -> Field | None:
        """The field that stands in the way of another: of its name, or another dose."""
        if name in self.fields:
            return self.fields[name] if self.fields[name].value != value else None
        doses = [self.fields[dose] for dose in _DOSES if dose in self.fields]
        return next((dose for dose in doses if name in _DOSES and not _stand_together(name, dose)), None)

    def take_general(self, stated: Amounts | None, source: str) -> list[LeftOut]:
        """Take the dose that the source gives each exercise, where this has none of its own."""
        is_dosed = any(name in self.fields for name in _DOSES) or (self.known and self.known.is_guided)
        return self.take(stated, source) if stated and not is_dosed else []

    def take_rest(self, stated: Amounts | None, source: str) -> list[LeftOut]:
        """Take the rest that the source gives between sets, where this has none of its own."""
        return self.take(stated, source) if stated and "rest" not in self.fields else []

    def _resolved(self, name: str) -> str:
        """A time is held where the move is one that stays."""
        if name != "time":
            return name
        stays = self.known.stays if self.known else bool(_STAYS.search(self.name))
        return "hold" if stays else "for"

    def _fits(self, name: str, value: str, stated: Amounts) -> bool:
        """Whether the move can have it; sides that only follow from its description are the library's."""
        if self.known is None:
            return True
        if self.known.is_guided and name in _DOSES:
            return False
        return name != "sides" or self.known.sides in ("", value) or len(stated.fields) > 1

    def _same(self, name: str, value: str, source: str) -> list[LeftOut]:
        """What the library's move has by itself: as the source wants it, or it is asked for."""
        if name == "sides":
            return [LeftOut(source, _LIBRARYS_SIDES)]
        if self.known and value in self.known.text:
            is_new = name not in self._kept
            self._kept.setdefault(name, Field(name, value, source))
            return [] if is_new else [LeftOut(source, _LIBRARYS_DOSE)]
        self._asked.append(f"the source says {value}, and the steps of this move have times of their own")
        return []

    def made(self) -> Exercise:
        """The exercise with all that was said of it."""
        return Exercise(
            name=self.name,
            source=self._source,
            key=self.known.key if self.known else "",
            fields=tuple(self.fields[name] for name in _ORDER if name in self.fields),
            how=() if self.known else tuple(self._how),
            same=tuple(self._kept.values()),
            asked=tuple(dict.fromkeys(self._asked)),
        )


def _is_short(time: Field) -> bool:
    return bool(_SHORT.fullmatch(time.value))


def _stand_together(name: str, dose: Field) -> bool:
    """So many holds of so long; a few seconds beside repetitions are how long each of them is held."""
    return {name, dose.name} == _HOLDS or (name == "reps" and dose.name == "for" and _is_short(dose))


class Section:
    """A part of the session; the one before the first heading has no title."""

    def __init__(self, title: Field | None) -> None:
        self.title = title
        self.items: list[Found | Pause] = []
        self.asked: list[str] = []
        # The dose of each of its exercises that has none of its own.
        self.general: Amounts | None = None
        self.general_source = ""
        self._fields: dict[str, Field] = {}

    @property
    def name(self) -> str:
        """Its title, `""` without one."""
        return self.title.value if self.title else ""

    def take(self, stated: Amounts, source: str) -> list[LeftOut]:
        """How many rounds there are, and the rest between them; what cannot be taken is handed back."""
        names = {"rounds": "repeat", "sets": "repeat", "rest": "rest"}
        left = []
        if any(name in ("time", *_DOSES) for name, _ in stated.fields):
            # What is done and its rest are those of each exercise.
            names = {"rounds": "repeat"}
            fields = tuple(pair for pair in stated.fields if pair[0] != "rounds")
            if self.general:
                return [LeftOut(source, f"{_OTHER}: that of {self.general_source} stands")]
            self.general = Amounts(fields, stated.left, (), stated.other, stated.asked)
            self.general_source = source
        for name, value in stated.fields:
            field = Field(names.get(name, ""), value, source)
            stands = self._fields.setdefault(field.name, field) if field.name else field
            if stands.value != value:
                left.append(LeftOut(source, f"{_OTHER}: {asking.in_words(stands.name, stands.value)} stands"))
        return left

    @property
    def found(self) -> list[Found]:
        """Its exercises."""
        return [item for item in self.items if isinstance(item, Found)]

    @property
    def sources(self) -> list[str]:
        """What its title and its fields came from."""
        general = [self.general_source] if self.general_source else []
        return [*general, *(field.source for field in (self.title, *self._fields.values()) if field)]

    def made(self) -> list[Exercise | Pause | Part]:
        """It as a part of a draft; without title and rounds its items alone."""
        items = tuple(item.made() if isinstance(item, Found) else item for item in self.items)
        fields = tuple(self._fields[name] for name in ("repeat", "rest") if name in self._fields)
        if not items:
            return []
        if self.title is None and "repeat" not in self._fields:
            return list(items)
        return [Part(self.title, items, fields, tuple(self.asked))]
