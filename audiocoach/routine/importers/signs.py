"""Words by which a page shows what a row or a sentence is: a part, a label, a caution, a dose for all."""

from __future__ import annotations

import re


def _words(*patterns: str, whole: bool = False) -> re.Pattern[str]:
    """Any of these words, as words of their own; or nothing but one of them."""
    joined = "|".join(patterns)
    return re.compile(rf"^(?:{joined})$" if whole else rf"\b(?:{joined})\b", re.IGNORECASE)


SECTION = re.compile(
    r"^(?:the |part \w+:? |phase \w+:? |\d+\. )?"
    r"(?:warm|cool|main|circuit|block|round|superset|finisher|part|phase|day|week|strength|mobility|core|section"
    r"|stretch(?:es|ing)?$|exercises?$|workout|lower body|upper body|cardio|tabata|emom)",
    re.IGNORECASE,
)
# Forms of a session that stand before the name of an exercise: `tabata squats`.
FORMAT = re.compile(r"^(?:tabata|emom|amrap|hiit) (?=[A-Za-z]{3})", re.IGNORECASE)
TITLED = _words(
    *(
        r"\w*workout",
        r"sessions?",
        r"routine",
        "plan",
        "day",
        r"program\w*",
        "circuit",
        r"weeks?",
        "training",
    ),
    *("flow", "exercises", "yoga", "stretching", "tabata", "rehab"),
)
FIT = re.compile(
    r"\b(\d{1,3})[- ]min(?:ute)?s? (?:\w+ ){0,2}?(?:workout|exercise|session|routine|circuit|class|flow)\b",
    re.IGNORECASE,
)
SITE_TITLE = re.compile(r"^([^|<>.]{8,90}?) \| ")
# What begins a sentence to somebody, and no name of an exercise.
_VERBS = (
    "work|repeat|perform|aim|complete|total|return|begin|start|slowly|then|try|if|when|you|this|these|make|gently"
    "|next|now|finally|as|remember|always|focus|switch|spend|use|take|add|keep|go|come|let|move|that"
)
_OBJECTS = "your|the|yourself|on the|down|it|them|up and|into|onto|from|as|until|back and"
INSTRUCTION = re.compile(rf"^(?:(?:{_VERBS})\b|\w+(?:ing)? (?:{_OBJECTS})\b)", re.IGNORECASE)
# Labels of what is said of an exercise.
ATTRIBUTE = _words(
    *("holds?", "reps?", "repetitions?", "sets?", "rest", "tempo", "duration", "time", "sides?", "frequency"),
    *("breath(?:ing|e)?", "tips?", "notes?", "caution", "warning", "how(?: to)?", "instructions?", "form"),
    *("cues?", "focus", "benefits?", "avoid", "muscles?(?: worked)?", "equipment", "gentle movement", "dose"),
    whole=True,
)
# Headings under which the exercise before goes on.
KEEPS = _words("tips?", "steps?", "how", r"instructions?", r"perform\w*", "form", "cues?", "do it")
CAUTION = _words(
    "avoid", "never", "don(?:'|\u2019)t", "do not", "careful", "caution", "stop (?:before|as soon|if)"
)
SAFETY = _words(
    *(
        r"consult\w*",
        "your doctor",
        "physician",
        "physical therapist before",
        r"healthcare prof\w+",
        r"medical\w*",
    ),
    *(
        "stop (?:immediately|at once)",
        r"stop if .{0,40}(?:pain|hurts?|worse)",
        r"(?:any|sharp|increasing|feel) (?:\w+ ){0,3}pain",
    ),
)
LABEL = re.compile(r"^(?:[\w'-]+ ){0,3}[\w'-]+: (?=[A-Z])")
EACH_ONE = _words("(?:each|every|per) (?:one|move|exercise|stretch|pose|position|movement)")
SOME_ROUNDS = _words("(?:a few|several|a couple of|some|a couple) rounds?")
REPEAT = re.compile(r"\brepeat\b.{0,20}\b(left|right)\b", re.IGNORECASE)
IN_PROSE = (
    (_words(r"warm-?\s?ups?"), "Warm-up"),
    (_words(r"cool-?\s?downs?"), "Cool-down"),
    (_words(r"strength\w*"), "Strength"),
)
GREETING = re.compile(r"^good (?:morning|evening)\b", re.IGNORECASE)
_NAMES = ("exercises?", "moves?", "movements?", "names?", "activity", "drills?", "stretch(?:es)?", "poses?")
_TIMES = ("time", "duration", "hold", "length", "work", "dose", r"sets (?:x|\u00d7|and|&) reps", "volume")
# Heads of the columns of a table, by what stands below them.
HEADS = {
    "name": _words(*_NAMES, whole=True),
    "sets": re.compile(r"^(?:sets?|series|rounds?)$", re.IGNORECASE),
    "reps": re.compile(r"^(?:reps?|repetitions?)\b", re.IGNORECASE),
    "rest": re.compile(r"^(?:rest|break|recovery)\b", re.IGNORECASE),
    "tempo": re.compile(r"^tempo\b", re.IGNORECASE),
    "time": _words(*_TIMES, whole=True),
    "weight": re.compile(r"^(?:weight|load)\b", re.IGNORECASE),
    "number": _words("#", r"no\.?", "order", "step", whole=True),
}
