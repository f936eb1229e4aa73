"""What an importer asks, in the words of whoever reads plans and no YAML; and those words read back.

Questions stand in the file, on standard error and on a page: the field that an answer belongs to is found by
its words, so that none of them has to name it.
"""

from __future__ import annotations

import re

HOW_MUCH = "how long, or how often?"
NOT_SAID = f"{HOW_MUCH} The source does not say"
AS_USUAL = f"{HOW_MUCH} The source does not say, so it is as in the library"
AS_MANY = f"the source says as many as possible: {HOW_MUCH}"
NO_UNIT = f"{{}} has no unit: {HOW_MUCH}"
METRES = f"{{}} may be metres or minutes: {HOW_MUCH}"
ROUNDS = "the source says a few rounds: how many rounds?"
WEIGHT_UNIT = "the weights have no unit: kg or lb?"
HOW_FAST = "the source gives a distance: how long does it take?"
# What stands before a second amount.
ALSO = "the source also gives "
_SIDES = {
    "each": "each side",
    "alternate": "sides in turns",
    "[left, right]": "the left side first",
    "[right, left]": "the right side first",
}
# Those that begin with a word of their own first: `hold 5 breaths` is a hold.
_FORMS = {
    **{name: f"{name} {{}}" for name in ("for", "hold", "rest", "tempo", "weight", "distance")},
    "reps": "{} repetitions",
    "sets": "{} sets",
    "breaths": "{} breaths",
}


def is_of_dose(question: str) -> bool:
    """Whether a question asks how much there is of an exercise."""
    return HOW_MUCH in question


def in_words(field: str, value: str) -> str:
    """An amount as people write it: `reps`, `12` is `12 repetitions`."""
    if field == "sides":
        return _SIDES.get(value, f"sides {value}")
    return _FORMS.get(field, f"{field} {{}}").format(value)


def amount_of(words: str) -> tuple[str, str] | None:
    """The field and the value that `in_words` made these words of."""
    if side := next((value for value, told in _SIDES.items() if told == words), None):
        return "sides", side
    for field, form in _FORMS.items():
        if match := re.fullmatch(re.escape(form).replace(r"\{\}", "(.+)"), words):
            return field, match[1]
    return None
