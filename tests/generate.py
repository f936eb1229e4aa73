"""Strategies for whole routines, as YAML text, and for how long a voice takes to say something.

The routines are valid by construction and use everything the language has; the speech lengths are
fixed by the text, from a tenth of a second to 12 s, on no grid at all.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml
from hypothesis import strategies as st

from audiocoach.coaching.plan import plan
from audiocoach.errors import InputError
from audiocoach.routine import checks
from audiocoach.routine.diagnostics import Diagnostics
from audiocoach.routine.library import load
from audiocoach.routine.parser import parse_routine
from audiocoach.routine.source import compose
from audiocoach.routine.values import PLACEHOLDERS
from audiocoach.routine.voice import Voice
from audiocoach.sound.mp3.frame import FRAME_MS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from audiocoach.coaching.steps import Plan
    from audiocoach.coaching.timeline import Utterance
    from audiocoach.errors import Problem
    from audiocoach.routine.model import Routine

Fields = dict[str, Any]
Draw = Any

NAMES = ("Bear plank", "Bird dog", "Bridge", "Cat cow", "Dead bug", "Hip hinge", "Knee circles", "Side bend")
SIDES = ("left, right", "right, left", "each", "alternate", "alternate, right first", "left", "right")
WAYS = (["clockwise", "anticlockwise"], ["up", "down"], ["forwards"])
TEMPI = {1: ("4s", "2-0", "0-3"), 2: ("2-2", "3-0-1", "4s"), 3: ("2-1-3", "3-1-2-0", "1-1-1", "5s")}
BREATHS = ("4-6", "3-4", "4-7-8", "4-4-4-4", "1-1", "2.5-3.5")


@dataclass(frozen=True)
class Speed:
    """How long words take: from `low_ms` to `high_ms`, settled by the text alone."""

    low_ms: int
    high_ms: int
    seed: int

    def __call__(self, utterance: Utterance) -> int:
        number = zlib.crc32(f"{self.seed} {utterance.text}".encode())
        return self.low_ms + number % (self.high_ms - self.low_ms + 1)


def speeds() -> st.SearchStrategy[Speed]:
    """Quick voices, ordinary ones, and voices whose shortest word may take 12 s."""
    spans = st.sampled_from(((100, 400), (300, 2500), (100, 12_000), (1000, 1000), (4000, 12_000)))
    return st.builds(lambda span, seed: Speed(span[0], span[1], seed), spans, st.integers(0, 99))


def constant(utterance: Utterance) -> int:
    """60 ms a character and 300 ms, on the 24 ms grid: the voice of the golden files."""
    return -(-(300 + 60 * len(utterance.text)) // 24) * 24


def planned(text: str, diagnostics: Diagnostics | None = None) -> Plan:
    """The plan of a routine given as text; what is noticed is told to `diagnostics`.

    Raises:
        InputError: it is no good routine.
    """
    diagnostics = diagnostics or Diagnostics()
    routine = parsed(text, diagnostics)
    found = plan(routine, Voice(language=routine.language), diagnostics, FRAME_MS)
    diagnostics.close()
    return found


def parsed(text: str, diagnostics: Diagnostics | None = None) -> Routine:
    """The author's tree of a routine given as text; what is noticed is told to `diagnostics`.

    Raises:
        InputError: it is no good routine.
    """
    diagnostics = diagnostics or Diagnostics()
    node = compose(text, "routine.yaml", diagnostics)
    assert node is not None
    found = parse_routine(node, diagnostics)
    diagnostics.close()
    assert found is not None
    checks.run(found[0], diagnostics)
    diagnostics.close()
    return found[0]


HEAD = "title: T\nmoves:\n  plank: {name: Plank, for: 40s}\nsession:\n"


def problems(text: str | bytes, folder: Path) -> list[str]:
    """What loading and planning a routine file says: `line:column: message`, in order."""
    path = folder / "routine.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    diagnostics = Diagnostics()
    try:
        loaded = load(path)
        found: tuple[Problem, ...] = loaded.warnings
        plan(loaded.routine, Voice(), diagnostics, FRAME_MS)
        found += diagnostics.problems
    except InputError as error:
        found = (*error.problems, *diagnostics.problems)
    return [str(one).removeprefix(f"{path}:") for one in found]


def _seconds(low: int, high: int) -> st.SearchStrategy[str]:
    whole = st.integers(low, high).map(lambda number: f"{number}s")
    parts = st.integers(low * 10 + 1, high * 10).map(lambda tenths: f"{tenths / 10}s")
    spans = st.tuples(st.integers(low, high), st.integers(0, 9)).map(
        lambda pair: f"{pair[0]}-{pair[0] + pair[1]}s"
    )
    return st.one_of(whole, whole, spans, parts)


def _by_set(draw: Draw, fields: Fields, name: str, of_a_set: st.SearchStrategy[Any]) -> Fields:
    """The fields, at times with a value for each set in place of one."""
    if draw(st.integers(1, 4)) == 1:
        return fields | {name: draw(st.lists(of_a_set, min_size=2, max_size=3))}
    return fields


def has_ladder(fields: Fields) -> bool:
    """Whether each set has a dose of its own."""
    return any(isinstance(fields.get(name), list) for name in ("for", "hold", "reps", "breaths", "distance"))


def _maybe(draw: Draw, fields: Fields, name: str, strategy: st.SearchStrategy[Any], *, odds: int = 3) -> None:
    """The field, one time in `odds`."""
    if draw(st.integers(1, odds)) == odds:
        fields[name] = draw(strategy)


def _counts(most: int) -> st.SearchStrategy[str]:
    return st.one_of(
        st.integers(1, most).map(str),
        st.tuples(st.integers(1, most), st.integers(0, 2)).map(lambda pair: f"{pair[0]}-{sum(pair)}"),
    )


def _steps(draw: Draw, key: str, count: int, *, sided: bool) -> list[Any]:
    side = " to the <side>" if sided else ""
    steps: list[Any] = []
    for number in range(1, count + 1):
        text = f"Do part {number} of {key}{side}."
        short = draw(st.booleans())
        steps.append({"say": text, "short": f"Part {number}"} if short else text)
    return steps


def _timed_steps(draw: Draw, key: str, *, sided: bool) -> list[Fields]:
    whens = ["first set", "last set", "first round", "last round"]
    whens += ["first side", "last side"] if sided else []
    steps: list[Fields] = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        step: Fields = {"say": f"Guide {number} of {key}{', <side>' if sided else ''}."}
        name = draw(st.sampled_from(("for", "hold", "hold breaths", "breaths", "pause")))
        if name == "hold breaths":
            step["hold"] = f"{draw(st.integers(1, 4))} breaths"
        elif name == "breaths":
            step["breaths"] = draw(_counts(4))
        else:
            step[name] = draw(_seconds(1, 20))
        _maybe(draw, step, "short", st.just(f"Again {number} of {key}."))
        if number > 1:
            _maybe(draw, step, "when", st.sampled_from(whens))
        if step.keys() & {"for", "hold"}:
            timed = {"at": "0.5s", "say": f"Mind guide {number} of {key}."}
            _maybe(draw, step, "at", st.just([timed]), odds=4)
        steps.append(step)
    return steps


def _distance(draw: Draw) -> Fields:
    far = st.sampled_from(("400m", "0.2 km", "100 yd"))
    about = st.sampled_from(({"pace": "2:00/km"}, {"about": "30s"}))
    return _by_set(draw, {"distance": draw(far), **draw(about)}, "distance", far)


def _dose(draw: Draw, *, every: bool = False) -> Fields:
    """A dose, at times with what belongs to it: a `release` between holds, a `breath` that leads."""
    return _distance(draw) if draw(st.integers(1, 10)) == 1 else _common_dose(draw, every=every)


def _common_dose(draw: Draw, *, every: bool) -> Fields:
    kinds = ("for", "hold", "reps", "breaths") + (() if every else ("holds",))
    match draw(st.sampled_from(kinds)):
        case "for":
            fields: Fields = {"for": draw(st.one_of(_seconds(1, 45), _seconds(30, 200)))}
            if draw(st.integers(1, 4)) == 1:
                fields |= {"for": draw(_seconds(19, 60)), "breath": draw(st.sampled_from(BREATHS))}
                return _by_set(draw, fields, "for", _seconds(19, 60))
            return _by_set(draw, fields, "for", _seconds(1, 45))
        case "hold":
            return _by_set(draw, {"hold": draw(_seconds(1, 45))}, "hold", _seconds(1, 45))
        case "reps":
            reps = draw(st.one_of(_counts(6), st.just("8")))
            return _by_set(draw, {"reps": reps}, "reps", _counts(6))
        case "breaths":
            fields = {"breaths": draw(st.one_of(_counts(5), st.just("9")))}
            _maybe(draw, fields, "breath", st.sampled_from(BREATHS))
            return _by_set(draw, fields, "breaths", _counts(4))
        case _:
            held = st.one_of(_seconds(1, 15), st.just("2 breaths"))
            fields = {"hold": draw(held), "reps": draw(_counts(4))}
            fields = _by_set(draw, fields, draw(st.sampled_from(("hold", "reps"))), st.just("2"))
            fields |= {"hold": ["3s", "2 breaths"]} if isinstance(fields["hold"], list) else {}
            _maybe(draw, fields, "release", st.one_of(st.just("0s"), _seconds(0, 5)))
            return fields


def _other_dose(draw: Draw, move: Fields) -> Fields:
    """What a `do` says of the dose: nothing, another one, a count for holds or a length for several."""
    match draw(st.sampled_from(("own", "other", "count", "length"))):
        case "other" if "hold" not in move or not has_ladder(move):
            return _long_enough(_dose(draw), move)
        case "count" if "hold" in move:
            return {"reps": draw(_counts(4))}
        case "length" if "hold" in move and "reps" in move:
            return {"hold": draw(_seconds(1, 15))}
        case _:
            return {}


def _long_enough(dose: Fields, move: Fields) -> Fields:
    """The breath of a move leads the time of a `do`: one whole breath at least."""
    if "bpm" in move and "reps" in dose and "hold" not in dose:
        return {"reps": "24"}
    leads = "breath" in move and "breath" not in dose
    return dose | {"for": "40s"} if leads and "for" in dose else dose


def _terms(draw: Draw, *, changes: bool) -> Fields:
    """What surrounds a dose; a `switch` only where the move `changes` sides or ways."""
    fields: Fields = {}
    _maybe(draw, fields, "sets", _counts(3), odds=2)
    _maybe(draw, fields, "rest", st.one_of(st.just("0s"), _seconds(0, 30)), odds=2)
    if changes:
        _maybe(draw, fields, "switch", st.one_of(st.just("0s"), _seconds(0, 8)))
    _maybe(draw, fields, "ready", st.one_of(st.just("0s"), _seconds(0, 12)), odds=2)
    return fields


def _variant(draw: Draw, key: str, word: str) -> Fields:
    fields: Fields = {"say": f"Do {key} {word}."}
    _maybe(draw, fields, "name", st.just(f"{word.capitalize()} {key}"), odds=4)
    _maybe(draw, fields, "reminders", st.just([f"Think {word} of {key}."]), odds=4)
    return fields


def _move(draw: Draw, key: str) -> Fields:
    fields: Fields = {"name": key.replace("-", " ").capitalize()}
    _maybe(draw, fields, "sides", st.sampled_from(SIDES), odds=2)
    _maybe(draw, fields, "ways", st.sampled_from(WAYS))
    sided = "sides" in fields
    setup = st.sampled_from((f"Get ready for {key}.", f"Stand for {key}. Take <name> to the <side>."))
    if draw(st.booleans()):
        text = draw(setup) if sided else f"Get ready for {key}."
        fields["setup"] = text
    _maybe(draw, fields, "say", st.just(f"Mind this in {key}."), odds=4)
    fields |= _body(draw, key, sided=sided) if draw(st.booleans()) else {}
    changes = bool(fields.keys() & {"sides", "ways"})
    kind = draw(st.sampled_from(("plain", "phases", "phases", "tempo", "timed")))
    if kind == "timed":
        fields["steps"] = _timed_steps(draw, key, sided=sided)
    elif kind != "plain":
        count = draw(st.integers(1, 3))
        fields["steps"] = _steps(draw, key, count, sided=sided)
        if kind == "tempo":
            fields["tempo"] = draw(st.sampled_from(TEMPI[count]))
            fields |= draw(st.sampled_from(({"reps": "4"}, {"for": "40s"})))
    reminders = st.lists(st.sampled_from(("Breathe", "Relax", "Stay tall")), min_size=1, unique=True)
    _maybe(
        draw,
        fields,
        "reminders",
        reminders.map(lambda words: [f"{word} in {key}." for word in words]),
        odds=2,
    )
    _maybe(draw, fields, "weight", st.sampled_from(("60 kg", "a light weight")), odds=4)
    _maybe(draw, fields, "equipment", st.just(["strap", "mat"]), odds=5)
    _maybe(draw, fields, "why", st.just(f"It is good for {key}."), odds=4)
    _maybe(draw, fields, "easier", st.just(0))
    _maybe(draw, fields, "harder", st.just(0))
    for name, word in (("easier", "gently"), ("harder", "firmly")):
        if name in fields:
            fields[name] = _variant(draw, key, word)
    _maybe(draw, fields, "count", st.sampled_from(("up", "down", "last-three", "none")))
    if kind not in {"timed", "tempo"}:
        fields |= _dose(draw)
    if kind == "plain" and {"for", "reps"} & fields.keys() and not {"hold", "breath"} & fields.keys():
        _maybe(draw, fields, "bpm", st.sampled_from((30, 60, 61, 97, 180)))
    if "bpm" in fields and "reps" in fields:
        fields["reps"] = "12-30"
    return _agreeing(fields | _terms(draw, changes=changes), fields)


def _agreeing(fields: Fields, dosed: Fields) -> Fields:
    """The fields without `sets` where the dose has a value for each."""
    return {name: value for name, value in fields.items() if name != "sets" or not has_ladder(dosed)}


POSTURES = ("supine", "prone", "side", "all fours", "kneeling", "sitting", "standing")


def _body(draw: Draw, key: str, *, sided: bool) -> Fields:
    """How one gets into the position of a move, and out of it."""
    side = st.sampled_from(("", ", <side> side")) if sided else st.just("")
    fields: Fields = {}
    _maybe(draw, fields, "posture", st.sampled_from(POSTURES), odds=2)
    _maybe(draw, fields, "at_go", side.map(lambda text: f"Now into {key}{text}."), odds=2)
    _maybe(draw, fields, "caution", side.map(lambda text: f"Take care in {key}{text}."), odds=2)
    _maybe(draw, fields, "finish", side.map(lambda text: f"Come out of {key}{text}."), odds=2)
    _maybe(draw, fields, "get_ready", st.just(f"Back to {key}."), odds=4)
    return fields


def _several(fields: Fields) -> bool:
    return fields.get("sides") in ("each", "left, right", "right, left") or "ways" in fields


def _do(draw: Draw, moves: dict[str, Fields]) -> Fields:
    key = draw(st.sampled_from(sorted(moves)))
    move = moves[key]
    timed = any(isinstance(step, dict) and len(step.keys() & _TIMES) for step in move.get("steps", ()))
    fields: Fields = {"do": key}
    # A count on a move that holds would be several exercises on one grid.
    if not timed and draw(st.integers(1, 4)) == 1 and not _several(move) and "hold" not in move:
        sets = {"sets": draw(_counts(3))} if draw(st.booleans()) else {}
        dose = _long_enough(_dose(draw, every=True), move)
        return _agreeing(fields | {"every": draw(st.sampled_from(("240s",))), **dose, **sets}, dose)
    if not timed:
        fields |= _at_times(draw, key) if draw(st.integers(1, 5)) == 1 else _other_dose(draw, move)
    changes = bool(move.keys() & {"sides", "ways"})
    dosed = fields if {"for", "hold", "reps", "breaths", "distance"} & fields.keys() else move
    # A hold of its own takes the place of each value that the move has for a set.
    laddered = move if has_ladder(move) else {**move, **dosed}
    fields |= _agreeing(_terms(draw, changes=changes), laddered) if draw(st.booleans()) else {}
    return fields | _manner(draw)


def _at_times(draw: Draw, key: str) -> Fields:
    """A time in which one moves, and words at times of it, also where only whole breaths of it are led."""
    length_s = draw(st.integers(30, 60))
    times = st.integers(1, length_s - 20).flatmap(lambda second: st.sampled_from((second, -second)))
    rows = draw(st.lists(times, min_size=1, max_size=3))
    return {
        "for": f"{length_s}s",
        "at": [{"at": f"{second}s", "say": f"Words {index} of {key}."} for index, second in enumerate(rows)],
    }


_TIMES = {"for", "hold", "breaths", "pause"}


def _announce(draw: Draw) -> Fields:
    fields: Fields = {}
    for name in ("halfway", "set", "move", "rest", "count"):
        _maybe(draw, fields, name, st.booleans())
    _maybe(draw, fields, "last", st.sampled_from(("5s", "20s", True, False)))
    _maybe(draw, fields, "every", st.sampled_from(("15s", "1m", True, False)))
    return fields


def _manner(draw: Draw) -> Fields:
    fields: Fields = {}
    if draw(st.integers(1, 6)) == 6:
        fields["announce"] = _announce(draw)
    _maybe(draw, fields, "level", st.sampled_from(("gentle", "standard", "strong")), odds=6)
    _maybe(draw, fields, "cues", st.sampled_from(("full", "brief", "tones")), odds=6)
    _maybe(draw, fields, "tones", st.sampled_from(("full", "soft", "none")), odds=6)
    counts = ("ticks", "voice", "both", "0s", "5s", "voice 5s", "both 10s", "2s voice")
    _maybe(draw, fields, "count_in", st.sampled_from(counts), odds=6)
    return fields


def _defaults(draw: Draw) -> Fields:
    fields: Fields = {}
    _maybe(draw, fields, "rest", st.one_of(st.just("0s"), _seconds(0, 20)))
    _maybe(draw, fields, "switch", _seconds(0, 6))
    _maybe(draw, fields, "sets", _counts(2), odds=6)
    return {"defaults": fields} if fields else {}


def _circuit(draw: Draw, moves: dict[str, Fields]) -> Fields:
    keys = draw(st.lists(st.sampled_from(sorted(moves)), min_size=1, max_size=3))
    fields: Fields = {
        "for": draw(st.one_of(_seconds(30, 60), st.just("4m"))),
        "items": [{"do": key} for key in keys],
    }
    _maybe(draw, fields, "section", st.just("As you can"), odds=2)
    _maybe(draw, fields, "at", st.just([{"at": "20s", "say": "On."}, {"at": "-9.5s", "say": "Soon."}]))
    if draw(st.integers(1, 3)) == 1:
        fields = {"repeat": draw(_counts(3)), "cap": fields.pop("for"), **fields}
    return fields


def _said_in_a_circuit(move: Fields) -> str:
    timed = (step["say"] for step in move.get("steps", ()) if isinstance(step, dict) and _TIMES & step.keys())
    own = (move.get(name, "") for name in ("setup", "at_go", "caution", "finish"))
    return " ".join((*own, *timed))


def _grid(draw: Draw, moves: dict[str, Fields]) -> Fields:
    """Exercises on one grid, that of a block: each is one of a set."""
    keys = draw(st.lists(st.sampled_from(sorted(moves)), min_size=1, max_size=3))
    items = [{"do": key} | _long_enough(_dose(draw, every=True), moves[key]) for key in keys]
    fields: Fields = {"every": "250s", "items": items}
    _maybe(draw, fields, "repeat", _counts(3), odds=2)
    _maybe(draw, fields, "section", st.just("On the grid"), odds=2)
    return fields


def _is_single(move: Fields) -> bool:
    """Whether a set of it is one exercise, whatever dose a `do` may have."""
    timed = any(isinstance(step, dict) and _TIMES & step.keys() for step in move.get("steps", ()))
    return not (timed or _several(move) or "hold" in move or has_ladder(move))


def _block(draw: Draw, moves: dict[str, Fields], depth: int) -> Fields:
    # As many rounds as one can have no sides to name.
    plain = {
        key: move
        for key, move in moves.items()
        if "<side>" not in _said_in_a_circuit(move) and not has_ladder(move)
    }
    if plain and draw(st.integers(1, 4)) == 1:
        return _circuit(draw, plain)
    single = {key: move for key, move in moves.items() if _is_single(move)}
    if single and draw(st.integers(1, 4)) == 1:
        return _grid(draw, single)
    fields: Fields = {}
    _maybe(draw, fields, "section", st.sampled_from(("Warm-up", "Strength", "Cool-down")), odds=2)
    fields["repeat"] = draw(st.sampled_from(("1", "2", "2-3")))
    _maybe(draw, fields, "rest", st.one_of(st.just("0s"), _seconds(0, 30)), odds=2)
    fields |= _manner(draw)
    fields |= _defaults(draw) if draw(st.booleans()) else {}
    fields["items"] = _items(draw, moves, depth + 1)
    if "section" in fields and fields["repeat"] == "1":
        del fields["repeat"]
    if all({"do", "items"} & item.keys() for item in fields["items"]):
        _maybe(draw, fields, "choose", st.just("1"), odds=4)
        _maybe(draw, fields, "shuffle", st.just("true"), odds=4)
    return fields


def _item(draw: Draw, moves: dict[str, Fields], depth: int) -> Fields:
    kinds = ["do"] * 5 + ["say", "say", "rest", "pause", "tone"] + ["block"] * (2 if depth < 2 else 0)
    match draw(st.sampled_from(kinds)):
        case "do":
            return _do(draw, moves)
        case "say":
            text = draw(
                st.sampled_from(
                    *[
                        (
                            "Well done.",
                            "This is <title>.",
                            "It takes <duration>.",
                            "Listen first. <pause 2s> Now.",
                        )
                    ]
                )
            )
            pause = {"pause": draw(_seconds(1, 9))} if draw(st.integers(1, 4)) == 1 else {}
            return {"say": text, **pause}
        case "rest":
            return {"rest": draw(_seconds(1, 40))}
        case "pause":
            return {"pause": draw(_seconds(1, 9))}
        case "tone":
            return {"tone": draw(st.sampled_from(("go", "done", "bell")))}
        case _:
            return _block(draw, moves, depth)


def _items(draw: Draw, moves: dict[str, Fields], depth: int) -> list[Fields]:
    return [_item(draw, moves, depth) for _ in range(draw(st.integers(1, 4 if depth == 0 else 2)))]


@st.composite
def routines(draw: Callable[[st.SearchStrategy[Any]], Any]) -> str:
    """A valid routine as a coach could have written it."""
    chosen = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True))
    moves = {name.lower().replace(" ", "-"): Fields() for name in chosen}
    for key in moves:
        moves[key] = _move(draw, key)
    routine: Fields = {"title": "Any session", **_manner(draw)}
    _maybe(draw, routine, "safety", st.just("Stop if it hurts."), odds=2)
    _maybe(draw, routine, "breath", st.sampled_from(BREATHS), odds=5)
    _maybe(draw, routine, "tone", st.sampled_from(("warm", "neutral")), odds=4)
    _maybe(draw, routine, "chapters", st.sampled_from(("moves", "sections", "sets")), odds=5)
    routine |= _defaults(draw) if draw(st.booleans()) else {}
    session = _items(draw, moves, 0)
    routine |= {"moves": moves, "session": session}
    return yaml.dump(routine, Dumper=_Plain, sort_keys=False, width=1000)


class _Plain(yaml.SafeDumper):
    """Writes everything out: the language has no aliases."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - PyYAML asks it so
        return True


def texts() -> st.SearchStrategy[str]:
    """Text of every kind: words, placeholders known and unknown, letters of any script, nothing."""
    slots = [f"<{name}>" for name in (*PLACEHOLDERS, "weight", "")]
    return st.lists(st.one_of(st.text(max_size=8), st.sampled_from(slots))).map("".join)
