"""The bank: moves that are known, found by what others call them.

What is found is sure: by name, by another usual name, in the plural. What is only near is proposed, and never
taken: a wrong exercise in silence is worse than a question.
"""

from __future__ import annotations

import difflib
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from audiocoach.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_ALIKE = 0.84
# Between the exercises of a sentence.
_JOINT = re.compile(r"[,;:()\u2013\u2014]| and | or ")
_FEW = 3
_SHORT_WORD = 2
_NUMBERS = "one two three four five six seven eight nine ten thirty sixty ninety"
_FIGURES = dict(
    zip(("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "30", "60", "90"), _NUMBERS.split(), strict=True)
)
# Words that make no other move of it. One stays for a move that stays: `plank hold`, and not `squat hold`.
_FILLERS = frozenset({"stretch", "exercise", "pose", "move", "drill"})
_HOLD = "hold"
_ARTICLES = frozenset({"a", "an", "the", "your"})
# Words behind which a part of a name is no name: `knee to`.
_OPEN = frozenset({"to", "and", "of", "with", "on", "three", "thirty", "sixty"})
# What says how a move is done, and makes no other of it.
_MANNERS = frozenset(
    {"with", "holding", "side", "on", "from", "at", "in", "using", "against", "over", "without"}
)
# Other usual names, by the key of the move.
_ALIASES: Mapping[str, tuple[str, ...]] = {
    "bird-dog": ("birddog", "quadruped bird dog", "opposite arm and leg raise"),
    "bridge": ("glute bridge", "hip bridge", "two leg bridge", "back bridge", "bridging"),
    "calf-raise": ("standing calf raise", "heel raise"),
    "cat-cow": ("cat camel", "cat and cow", "cat and camel", "cat cow pose"),
    "childs-pose": ("child pose", "balasana"),
    "clam-shell": ("clamshell", "clam"),
    "curl-up": ("mcgill curl up",),
    "dead-bug": ("deadbug",),
    "double-knee-to-chest": ("both knees to chest", "knees to chest"),
    "figure-four": ("figure four stretch", "supine figure four", "lying figure four"),
    "good-morning": ("standing good morning", "bodyweight good morning"),
    "hip-hinge": ("standing hip hinge",),
    "knee-to-chest": ("single knee to chest", "knee hug", "knee to chest hug"),
    "knee-rolls": ("lumbar rotation", "lumbar roll", "knee roll", "lower trunk rotation"),
    "marching-bridge": ("bridge march", "glute bridge march", "bridge with march"),
    "ninety-ninety-switch": ("ninety ninety hip switch", "ninety ninety", "hip switch"),
    "pelvic-tilt": ("supine pelvic tilt", "lying pelvic tilt"),
    "plank": ("front plank", "forearm plank", "elbow plank", "low plank"),
    "press-up": ("mckenzie press up", "prone press up"),
    "side-leg-raise": ("side lying leg raise", "lying side leg raise"),
    "single-leg-bridge": ("single leg glute bridge", "one leg bridge", "single leg hip bridge"),
    "sit-to-stand": ("chair stand", "sit to stand from a chair"),
    "squat": ("bodyweight squat", "air squat", "body weight squat"),
    "thirty-sixty-ninety": ("thirty sixty ninety", "thirty sixty ninety leg"),
}
# Names that others give to another move than the bank does.
_TWO_THINGS: Mapping[str, str] = {"press-up": "Press-up of the back, lying on the belly, and no push-up"}


@dataclass(frozen=True, slots=True)
class Known:
    """A move of the bank. `text` are its lines in the library.

    `stays` where it is held, `has_dose` where it brings one; `is_guided` where its steps have times of
    their own, and it takes no other. `sides` is how it takes them, as a `do` has it.
    """

    key: str
    name: str
    text: str
    stays: bool = False
    has_dose: bool = False
    is_guided: bool = False
    sides: str = ""


@dataclass(frozen=True, slots=True)
class Bank:
    """Moves that are known. `include` are the libraries that a routine includes to have them.

    Without any, a routine that does a move has the text of it.
    """

    moves: tuple[Known, ...]
    include: tuple[str, ...] = ()

    def of(self, key: str) -> Known | None:
        """The move of this key."""
        return next((known for known in self.moves if known.key == key), None)

    def find(self, name: str) -> Known | None:
        """The move that surely has this name."""
        words = normal(name)
        for named in (words, _without_fillers(words)):
            known = _index(self).get(named)
            if known is not None:
                return None if _means_two_things(named, known) else known
        bare = words.removesuffix(f" {_HOLD}")
        known = _index(self).get(bare) if bare != words else None
        return known if known is not None and known.stays else None

    def near(self, name: str) -> tuple[str, ...]:
        """What may be meant, as `side-leg-raise (Side leg raise)`; a few at most, the likeliest first."""
        words = normal(name)
        index = _index(self)
        same = [index[words]] if words in index else []
        parts = [known for named, known in index.items() if _is_part(words, named) or _is_more(words, named)]
        alike = difflib.get_close_matches(words, sorted(index), n=_FEW, cutoff=_ALIKE)
        found = {known.key: known for known in (*same, *parts, *(index[one] for one in alike))}
        return tuple(f"{key} ({_TWO_THINGS.get(key, known.name)})" for key, known in found.items())[:_FEW]

    def mentions(self, text: str) -> Iterator[Known]:
        """The moves that a running text names, in its order; names of one word are no names there."""
        for part in _JOINT.split(text):
            yield from self._first_mention(normal(part).split())

    def _first_mention(self, words: list[str]) -> Iterator[Known]:
        """The first move that is named: another right behind belongs to it."""
        index = _index(self)
        longest = max((len(named.split()) for named in index), default=0)
        for at in range(len(words)):
            ends = (at + length for length in range(longest, 1, -1) if at + length <= len(words))
            named = next((named for end in ends if (named := " ".join(words[at:end])) in index), "")
            known = index.get(named)
            if known and not _means_two_things(named, known):
                # `good morning standing hip hinges` are good mornings.
                yield known
                return

    def begun(self, text: str) -> str:
        """The beginning of a name of several words that the text has most often, such as `bear plank`."""
        words = f" {normal(text)} "
        begun = {" ".join(parts[:n]) for parts in map(str.split, _index(self)) for n in range(2, len(parts))}
        counted = {part: words.count(f" {part} ") for part in begun if part.split()[-1] not in _OPEN}
        most = max(counted.values(), default=0)
        return min((part for part, count in counted.items() if count == most), default="") if most else ""


@lru_cache(maxsize=8)
def _index(bank: Bank) -> Mapping[str, Known]:
    """The moves by all names that are surely theirs, as `normal` has them."""
    index: dict[str, Known] = {}
    for known in bank.moves:
        for name in (known.name, known.key, *_ALIASES.get(known.key, ())):
            index.setdefault(normal(name), known)
    for known in bank.moves:
        index.setdefault(_without_fillers(normal(known.name)), known)
    return {name: known for name, known in index.items() if name}


def _means_two_things(named: str, known: Known) -> bool:
    """Whether others call another move by the name that the bank has for this one."""
    return known.key in _TWO_THINGS and named == normal(known.name)


def _without_fillers(words: str) -> str:
    """The name without what makes no other move of it, where anything is left."""
    kept = [word for word in words.split() if word not in _FILLERS]
    return " ".join(kept) if kept else words


def _is_part(words: str, named: str) -> bool:
    """Whether it is the beginning or the end of a name, of two words at least."""
    several = " " in words and words.rsplit(maxsplit=1)[-1] not in _OPEN
    return several and words != named and (named.startswith(f"{words} ") or named.endswith(f" {words}"))


def _is_more(words: str, named: str) -> bool:
    """Whether it is a name with something of how it is done: `calf raise holding worktop`."""
    more = words.removeprefix(f"{named} ").split()
    return len(more) < len(words.split()) and more[0] in _MANNERS


def normal(name: str) -> str:
    """A name as names are compared: small letters, figures as words, one and several alike."""
    letters = re.sub(r"['\u2019]", "", name.lower())
    words = re.sub(r"[^\w]+|_", " ", letters).split()
    return " ".join(_singular(_FIGURES.get(word, word)) for word in words if word not in _ARTICLES)


def _singular(word: str) -> str:
    """`crunch` of `crunches`, `raise` of `raises`, `press` of `press`."""
    if re.search(r"(?:sh|ch|ss|x)es$", word):
        return word[:-2]
    return word[:-1] if len(word) > _SHORT_WORD and word.endswith("s") and not word.endswith("ss") else word
