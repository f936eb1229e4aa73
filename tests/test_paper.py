"""What stands on paper programmes: whoever follows the hint writes what was meant."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiocoach.errors import InputError
from audiocoach.routine.library import load
from audiocoach.routine.model import Do
from tests.conftest import examples

Fields = dict[str, str]

_HINT = re.compile(
    r": write (?:(?P<field>for|reps|breaths|distance): )?"
    r"(?P<value>\[[^]]*\]|[^\s,]+(?: breaths)?)(?: instead)?"
    r"(?:, and give the move (?P<beside>.*))?"
)


def routine(fields: Fields) -> str:
    written = ", ".join(f"{name}: {value}" for name, value in fields.items())
    return f"title: T\nmoves: {{curl: {{name: Curl}}}}\nsession:\n  - {{do: curl, {written}}}\n"


def read(fields: Fields, folder: Path) -> tuple[Do | None, list[str]]:
    """The `do` with these fields, and what is wrong with it."""
    path = folder / "routine.yaml"
    path.write_text(routine(fields), encoding="utf-8")
    try:
        (item,) = load(path).routine.session
    except InputError as error:
        return None, [problem.message for problem in error.problems]
    assert isinstance(item, Do)
    return item, []


def followed(fields: Fields, name: str, message: str) -> Fields:
    """The fields when the hint of one of them is followed."""
    hint = _HINT.search(message)
    assert hint is not None, message
    beside = dict(part.split(": ") for part in (hint["beside"] or "").split(" and ") if part)
    others = {key: value for key, value in fields.items() if key != name}
    return {hint["field"] or name: hint["value"], **others, **beside}


def meaning(do: Do | None) -> object:
    """A `do` less its places."""
    return re.sub(r"Position\([^)]*\)", "", repr(do))


TEN = {"reps": "10"}
# What is written, in the first field of a row; what it means.
ON_PAPER: list[tuple[Fields, Fields]] = [
    *(({"reps": text}, {**TEN, "sets": "3"}) for text in ("3x10", "3 x 10", "3\u00d710", "3*10", "3 X 10")),
    *(({"reps": text}, {**TEN, "sets": "3"}) for text in ("3 sets of 10", "3 sets x 10 reps", "10 x 3 sets")),
    *(
        ({"reps": text}, {**TEN, "sets": "3"})
        for text in ("'10 reps, 3 sets'", "10 reps 3 sets", "3x10 reps")
    ),
    *(
        ({"reps": text}, TEN)
        for text in ("10 reps", "10 repetitions", "10 times", "10x", "x10", "ten", "10+")
    ),
    ({"reps": "8 to 12"}, {"reps": "8-12"}),
    ({"reps": "12 \u2013 8 reps"}, {"reps": "8-12"}),
    ({"reps": "2-3 x 8-12"}, {"reps": "8-12", "sets": "2-3"}),
    ({"reps": "'1,000'"}, {"reps": "1000"}),
    *(({"reps": text}, {**TEN, "sides": "each"}) for text in ("10 each side", "10/side", "10 per side")),
    *(
        ({"reps": text}, {**TEN, "sides": "each"})
        for text in ("10 each", "10 each leg", "10 ea.", "10 l/r", "10 both sides")
    ),
    *(({"reps": text}, {**TEN, "sides": "each"}) for text in ("10 reps per arm", "10 e/s", "10/10")),
    ({"reps": "3x10/side"}, {**TEN, "sets": "3", "sides": "each"}),
    *(({"reps": text}, {"for": "40s"}) for text in ("max", "AMRAP", "to failure", "as many as possible")),
    ({"reps": "3 x max"}, {"for": "40s", "sets": "3"}),
    ({"reps": "30s"}, {"for": "30s"}),
    ({"reps": "30 sec each side"}, {"for": "30s", "sides": "each"}),
    *(({"reps": text}, {"reps": "5", "sets": "3"}) for text in ("5-5-5", "'5, 5, 5'", "5/5/5")),
    *(({"reps": text}, {"reps": "[12, 10, 8]"}) for text in ("12/10/8", "12-10-8", "'12, 10, 8'")),
    ({"sets": "[12, 10, 8]"}, {"reps": "[12, 10, 8]"}),
    ({"breaths": "8-6-4"}, {"breaths": "[8, 6, 4]"}),
    *(({name: "'60s, 45 sec'"}, {name: "[60s, 45s]"}) for name in ("for", "hold")),
    ({"sets": "3 sets", "for": "9s"}, {"sets": "3", "for": "9s"}),
    ({"sets": "3x10"}, {"sets": "3", "reps": "10"}),
    ({"sets": "2 rounds", "for": "9s"}, {"sets": "2", "for": "9s"}),
    ({"breaths": "5 breaths"}, {"breaths": "5"}),
    ({"breaths": "2 x 5"}, {"breaths": "5", "sets": "2"}),
    *(
        ({"for": text}, {"for": "30s"})
        for text in ("30 s", "30 sec", "30secs.", "30S", '30"', "30''", "30 seconds")
    ),
    *(
        ({"for": text}, {"for": "30s"})
        for text in ("30", "0.5 min", ".5m", "30s hold", "0:30 hold", "30s work")
    ),
    *(({"for": text}, {"for": "1m"}) for text in ("1 min", "1 minute", "1'", "1m.", "one minute", "1.0m")),
    *(
        ({"for": text}, {"for": "1m30s"})
        for text in ("1'30\"", "1'30", "1\u201930\u201d", "1.5m", "1.5 min", "'1,5 min'")
    ),
    *(
        ({"for": text}, {"for": "1m30s"})
        for text in ("1m 30s", "1 min 30 sec", "1 minute and 30 seconds", "1m30")
    ),
    *(({"for": text}, {"for": "2m30s"}) for text in ("2.5min", "2.5 minutes")),
    *(({"for": text}, {"for": "1h30m"}) for text in ("1.5h", "1.5 hours", "1h30", "1 hr 30 min")),
    *(({"for": text}, {"for": "6h40m"}) for text in ("400m", "400 m", "400 min", "400M")),
    ({"for": "100 m"}, {"for": "1h40m"}),
    ({"for": "100-400m"}, {"for": "1h40m-6h40m"}),
    ({"for": "121m"}, {"for": "2h1m"}),
    ({"for": "120m30s"}, {"for": "2h30s"}),
    *(
        ({"for": text}, {"for": "20-30s"})
        for text in ("20 - 30s", "20\u201330 sec", "20 to 30s", "30-20 sec", "20-30")
    ),
    ({"for": "1-1.5 min"}, {"for": "1m-1m30s"}),
    ({"for": "90-120 min"}, {"for": "1h30m-2h"}),
    *(
        ({"for": text}, {"for": "30s", "sides": "each"})
        for text in ("30s each", "30s/side", "30 sec per leg")
    ),
    *(
        ({"for": text}, {"for": "30s", "sets": "3"})
        for text in ("3x30s", "3 x 30 sec", "30s x 3", "'30s, 3 sets'")
    ),
    *(({"for": text}, {"for": "40s", "rest": "20s"}) for text in ("40/20", "40s on 20s off", "40s/20s")),
    ({"for": "'0:40 on, 0:20 off'"}, {"for": "0:40", "rest": "0:20"}),
    ({"for": "0:40/0:20"}, {"for": "0:40", "rest": "0:20"}),
    *(({"reps": text}, {**TEN, "tempo": "3-1-1"}) for text in ("10 @ 3-1-1", "10 @ 311", "10 reps @ 3/1/1")),
    ({"reps": "3 x 10 @ 3-1-1"}, {**TEN, "sets": "3", "tempo": "3-1-1"}),
    ({"reps": "10 @ 60 kg"}, {**TEN, "weight": "60 kg"}),
    ({"reps": "5x5 @ 80%"}, {"reps": "5", "sets": "5", "weight": "80%"}),
    *(({"sets": text}, {"sets": "3", "for": "30s"}) for text in ("3 x 30s", "3 sets of 30 sec")),
    ({"every": "EMOM", "for": "9s"}, {"every": "1m", "for": "9s"}),
    ({"every": "E2MOM", "for": "9s"}, {"every": "2m", "for": "9s"}),
    ({"for": "10 reps"}, {"reps": "10"}),
    ({"for": "3 x 10 reps each side"}, {"reps": "10", "sets": "3", "sides": "each"}),
    ({"for": "5 breaths"}, {"breaths": "5"}),
    *(({"for": text}, {"distance": "400m", "about": "2m30s"}) for text in ("400 metres", "400 meters")),
    ({"for": "1.5 km"}, {"distance": "1.5km", "about": "9m"}),
    ({"hold": "1 mile"}, {"distance": "1mi", "about": "9m30s"}),
    ({"hold": "ten breaths"}, {"hold": "10 breaths"}),
    ({"hold": "5 breaths each side"}, {"breaths": "5", "sides": "each"}),
    *(({"hold": text}, {"hold": "10s", "reps": "5"}) for text in ("5 x 10s", "10s x 5", "5x10 sec hold")),
    ({"hold": "3 sets of 30s"}, {"hold": "30s", "sets": "3"}),
    ({"hold": "30s each side"}, {"hold": "30s", "sides": "each"}),
    ({"rest": "2 min", "for": "9s"}, {"rest": "2m", "for": "9s"}),
    ({"rest": "1-2 minutes", "for": "9s"}, {"rest": "1-2m", "for": "9s"}),
    ({"rest": "60s rest", "for": "9s"}, {"rest": "60s", "for": "9s"}),
    ({"rest": "none", "for": "9s"}, {"rest": "0s", "for": "9s"}),
    ({"rest": "0", "for": "9s"}, {"rest": "0s", "for": "9s"}),
    ({"every": "1 min", "for": "9s"}, {"every": "1m", "for": "9s"}),
    *(
        ({"sides": text, **TEN}, {"sides": "each", **TEN})
        for text in ("both", "both sides", "L/R", "left and right")
    ),
    *(
        ({"sides": text, **TEN}, {"sides": "each", **TEN})
        for text in ("each side", "per leg", "left & right", "2")
    ),
    *(({"sides": text, **TEN}, {"sides": "left", **TEN}) for text in ("Left", "L", "left only", "left leg")),
    ({"sides": "left then right", **TEN}, {"sides": "[left, right]", **TEN}),
    ({"sides": "R/L", **TEN}, {"sides": "[right, left]", **TEN}),
    *(
        ({"sides": text, **TEN}, {"sides": "alternate", **TEN})
        for text in ("alternating", "alternate legs", "alt.")
    ),
    *(
        ({"sides": text, **TEN}, {"sides": "[alternate, right first]", **TEN})
        for text in ("'alternating, starting on the right'", "alt. right first", "'alternate, right'")
    ),
    ({"sides": "no", **TEN}, {"sides": "none", **TEN}),
    *(({"tempo": text, **TEN}, {"tempo": "3-1-2", **TEN}) for text in ("3/1/2", "3 1 2", "312", "'3, 1, 2'")),
    *(
        ({"tempo": text, **TEN}, {"tempo": "3-1-2", **TEN})
        for text in ("[3, 1, 2]", "3s-1s-2s", "3 \u2013 1 \u2013 2", "3:1:2")
    ),
    *(({"tempo": text, **TEN}, {"tempo": "4s", **TEN}) for text in ("4", "4 s", "4 sec", "4 seconds")),
    ({"tempo": "20", **TEN}, {"tempo": "2-0", **TEN}),
    ({"breath": "478", "breaths": "5"}, {"breath": "4-7-8", "breaths": "5"}),
    *(
        ({"breath": text, "breaths": "5"}, {"breath": "4-6", "breaths": "5"})
        for text in ("4/6", "4:6", "4s-6s", "[4, 6]")
    ),
    ({"breath": "box breathing", "breaths": "5"}, {"breath": "4-4-4-4", "breaths": "5"}),
]


@pytest.mark.parametrize(("written", "meant"), ON_PAPER, ids=lambda fields: str(next(iter(fields.values()))))
def test_a_hint_that_is_followed_leads_to_what_was_meant(
    written: Fields, meant: Fields, tmp_path: Path
) -> None:
    name = next(iter(written))
    value, messages = read(written, tmp_path)
    assert value is None
    message = next(message for message in messages if ": write " in message)
    mended, problems = read(followed(written, name, message), tmp_path)
    assert problems == []
    assert meaning(mended) == meaning(read(meant, tmp_path)[0])


TEMPI = {
    "4210": "4-2-1-0",
    "3010": "3-0-1-0",
    "30X0": "3-0-1-0",
    "20x1": "2-0-1-1",
    "31X": "3-1-1",
    "3-1-X-0": "3-1-1-0",
}


@pytest.mark.parametrize("text", TEMPI)
def test_a_tempo_is_written_as_in_a_gym(text: str, tmp_path: Path) -> None:
    found, problems = read({"reps": "5", "tempo": text}, tmp_path)
    assert problems == []
    assert meaning(found) == meaning(read({"reps": "5", "tempo": TEMPI[text]}, tmp_path)[0])


TOLD = {
    ("rest", "[30s, 20s]"): ": write one for each: 30s, then 20s",
    (
        "for",
        "400m",
    ): ": m is minutes: write 6h40m, or for a distance write distance: 400m and about: 2m30s",
    ("reps", "2 sets"): ": write how many there are in a set, and give the move sets: 2",
    ("for", "30 feet"): ": a distance takes a time: write it, such as 2m",
    ("for", "5 km"): ": write distance: 5km instead, and give the move about: 30m",
    ("hold", "max"): ": write the longest that it may take, such as 60s",
    ("for", "5"): ": write 5s, or 5m for minutes",
    ("for", "1.5"): ": write 1.5s, or 1m30s for minutes",
    ("for", "1.30"): ": write 1.3s, or 1m18s for minutes, or 1:30 for minutes and seconds",
    ("for", "EMOM"): ": write what is done each time, such as 40s, and give the move every: 1m",
    ("level", "easy"): '; did you mean "gentle"?',
    ("level", "Advanced"): '; did you mean "strong"?',
    ("posture", "lying"): '; did you mean "supine"?',
    ("posture", "Hands and knees"): '; did you mean "all fours"?',
    ("load", "60 kg"): '; did you mean "weight"?',
    ("emom", "60s"): '; did you mean "every"?',
    ("tempo", "20"): ": write 2-0 (seconds of each phase) or 20s (a repetition)",
}


@pytest.mark.parametrize(("name", "text"), TOLD)
def test_what_needs_more_than_a_word_is_told_in_a_sentence(name: str, text: str, tmp_path: Path) -> None:
    messages = read({name: text}, tmp_path)[1]
    assert any(message.endswith(TOLD[name, text]) for message in messages), messages


@pytest.mark.parametrize(
    ("item", "meant"),
    [
        ("{circuit: 3, items: [{do: curl, for: 9s}]}", "repeat"),
        ("{emom: 60s, items: [{do: curl, for: 9s}]}", "every"),
        ("{repeat: 3, time_cap: 10m, items: [{do: curl, for: 9s}]}", "cap"),
        ("{superset: 3}", "repeat"),
    ],
)
def test_a_block_by_another_name_is_told_its_own(item: str, meant: str, tmp_path: Path) -> None:
    path = tmp_path / "routine.yaml"
    path.write_text(f"title: T\nmoves: {{curl: {{name: Curl}}}}\nsession:\n  - {item}\n", encoding="utf-8")
    with pytest.raises(InputError) as told:
        load(path)
    assert any(f'did you mean "{meant}"?' in problem.message for problem in told.value.problems)


NOTHING = {
    "reps": ("body weight", "some", "0 reps", "2000 reps", "-5", "x"),
    "for": ("0", "0 min", "1:60", "1:5", "30 hours", "99999", "a while", "x", "999999m"),
    "tempo": ("0", "0000", "slow", "12345", "x-y", "4210s rest"),
    "sets": ("101 sets", "3x2000"),
    "breath": ("4", "10", "0-4", "slow"),
}


@pytest.mark.parametrize(
    ("name", "text"), [(name, text) for name, texts in NOTHING.items() for text in texts]
)
def test_nothing_is_proposed_that_would_be_refused_or_is_not_known(
    name: str, text: str, tmp_path: Path
) -> None:
    messages = read({name: f'"{text}"'}, tmp_path)[1]
    assert messages
    assert not [message for message in messages if ": write" in message]


NUMBERS = ("3", "10", "0", "30", "400", "1.5", "2000")
SIGNS = ("x", "X", "\u00d7", "-", "\u2013", "/", ":", " ", "'", '"')
WORDS = ("s", "m", "min", "sec", "h", "reps", "sets", "of", "each", "side", "to", "max", "breaths", "hold")
FIELDS = tuple(dict.fromkeys(next(iter(written)) for written, _ in ON_PAPER))


@settings(derandomize=True, deadline=None, max_examples=examples(300))
@given(st.sampled_from(FIELDS), st.lists(st.sampled_from((*NUMBERS, *SIGNS, *WORDS)), min_size=1, max_size=7))
def test_whatever_is_written_a_hint_can_be_followed(
    tmp_path_factory: pytest.TempPathFactory, name: str, parts: list[str]
) -> None:
    folder = tmp_path_factory.getbasetemp()
    text = "'" + "".join(parts).replace("'", "''") + "'"
    messages = read({name: text}, folder)[1]
    for message in messages:
        if _HINT.search(message) and "write a do" not in message and "write the" not in message:
            fields = followed({name: text}, name, message)
            problems = read(fields, folder)[1]
            assert not [
                problem for problem in problems if problem.startswith("expected") and "found" in problem
            ]
