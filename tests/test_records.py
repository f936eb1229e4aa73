"""Records beside the standard library's dataclasses, which say what is right."""

from __future__ import annotations

import copy
import dataclasses
import operator
import pickle
from typing import TYPE_CHECKING, Any

import pytest

from audiocoach import records

if TYPE_CHECKING:
    from collections.abc import Callable


class Cue:
    """Its text, when it begins, and what is found when it is made."""

    text: str
    start_ms: int = 0
    length: int = dataclasses.field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "length", len(self.text))


class Beat:
    """One field."""

    at_ms: int


class Silence:
    """No field."""


class Named:
    """Its own words for itself."""

    name: str

    def __repr__(self) -> str:
        return f"<{self.name}>"


OURS: dict[str, Any] = {}
THEIRS: dict[str, Any] = {}
for body in (Cue, Beat, Silence, Named):
    for table, make in ((OURS, records.dataclass), (THEIRS, dataclasses.dataclass)):
        # Both decorators write to what they are given: each gets a class of its own.
        twin = type(body.__name__, (), dict(vars(body)))
        table[body.__name__] = make(frozen=True, slots=True, order=True)(twin)
SAMPLES = [
    ("Cue", ("hold",)),
    ("Cue", ("hold", 5)),
    ("Cue", ("rest", 0)),
    ("Beat", (3,)),
    ("Beat", (4,)),
    ("Silence", ()),
    ("Named", ("bed",)),
]


def both(name: str, given: tuple[Any, ...]) -> tuple[Any, Any]:
    return OURS[name](*given), THEIRS[name](*given)


@pytest.mark.parametrize(("name", "given"), SAMPLES)
def test_a_record_says_and_holds_what_a_dataclass_does(name: str, given: tuple[Any, ...]) -> None:
    ours, theirs = both(name, given)
    assert repr(ours) == repr(theirs)
    assert dataclasses.asdict(ours) == dataclasses.asdict(theirs)
    assert [one.name for one in dataclasses.fields(ours)] == [one.name for one in dataclasses.fields(theirs)]
    assert ours.__match_args__ == theirs.__match_args__
    assert ours.__slots__ == theirs.__slots__
    assert not hasattr(ours, "__dict__")


@pytest.mark.parametrize(("name", "given"), SAMPLES)
@pytest.mark.parametrize(("other_name", "other_given"), SAMPLES)
def test_records_compare_as_dataclasses_do(
    name: str, given: tuple[Any, ...], other_name: str, other_given: tuple[Any, ...]
) -> None:
    ours, theirs = both(name, given)
    our_other, their_other = both(other_name, other_given)
    assert (ours == our_other) == (theirs == their_other)
    assert (hash(ours) == hash(our_other)) >= (ours == our_other)
    for by in (operator.lt, operator.le, operator.gt, operator.ge):
        assert outcome(by, ours, our_other) == outcome(by, theirs, their_other)


@pytest.mark.parametrize(
    "misuse",
    [
        lambda one: setattr(one, "text", "go"),
        lambda one: setattr(one, "other", "go"),
        lambda one: delattr(one, "text"),
        lambda one: type(one)(),
        lambda one: type(one)("hold", 1, 2),
        lambda one: type(one)("hold", length=2),
        lambda one: dataclasses.replace(one, length=2),
    ],
)
def test_what_a_dataclass_refuses_a_record_refuses(misuse: Callable[[Any], object]) -> None:
    ours, theirs = both("Cue", ("hold",))
    refused, expected = outcome(misuse, ours), outcome(misuse, theirs)
    assert expected[0] is not None
    # Python 3.10 lets a frozen class with slots fail with a TypeError where it has no such field.
    assert refused[0] in {expected[0], dataclasses.FrozenInstanceError}


def outcome(call: Callable[..., object], *given: object) -> tuple[type[Exception] | None, object]:
    """What was raised, and what came back."""
    try:
        return None, call(*given)
    except Exception as error:  # noqa: BLE001 - whatever a dataclass raises
        return type(error), None


@pytest.mark.parametrize("replace", [dataclasses.replace, records.replace])
def test_a_record_changes_into_another_and_stays_as_it_was(replace: Callable[..., Any]) -> None:
    ours, _ = both("Cue", ("hold",))
    changed = replace(ours, text="release")
    assert (changed.text, changed.length, ours.text) == ("release", 7, "hold")
    with pytest.raises(TypeError):
        replace(ours, words="release")


@dataclasses.dataclass(frozen=True, slots=True)
class TheirPair:
    left: str
    right: tuple[int, ...]


@records.dataclass(frozen=True, slots=True)
class OurPair:
    left: str
    right: tuple[int, ...]


PIPED = [lambda one: pickle.loads(pickle.dumps(one)), copy.copy, copy.deepcopy]  # noqa: S301 - from ourselves


@pytest.mark.parametrize("again", PIPED)
def test_a_record_survives_a_pipe(again: Callable[[object], object]) -> None:
    ours = OurPair("a", (1, 2))
    assert again(ours) == ours
    assert repr(ours) == repr(TheirPair("a", (1, 2))).replace("Their", "Our")


def test_a_record_is_frozen_and_has_slots() -> None:
    with pytest.raises(TypeError, match="a record is frozen and has slots"):
        records.dataclass(frozen=True, slots=False)
