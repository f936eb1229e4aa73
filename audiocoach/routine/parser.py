"""From nodes to the author's tree: one table of fields for every kind of map.

In: the nodes of `source`. Out: the records of `model`; all that does not fit is told to the diagnostics.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, get_args

from audiocoach import assets
from audiocoach.errors import AdviceCode, quote
from audiocoach.language import pronounce
from audiocoach.records import dataclass
from audiocoach.routine import music, slips, tones, values, variants
from audiocoach.routine.diagnostics import did_you_mean
from audiocoach.routine.form import Field, Form, meant
from audiocoach.routine.formats import FORMATS, STEREO
from audiocoach.routine.model import (
    Announce,
    Block,
    ChapterName,
    CountName,
    Do,
    Dose,
    Item,
    Move,
    MoveStep,
    Pause,
    Posture,
    Range,
    Rest,
    Ring,
    Routine,
    Say,
    Settings,
    Terms,
    TimedWords,
    ToneName,
    VoiceChange,
    Words,
    in_sets,
    paired,
)
from audiocoach.routine.source import Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from audiocoach.errors import Position
    from audiocoach.routine.diagnostics import Diagnostics
    from audiocoach.routine.source import Entry

DoseFields = tuple[
    Field[tuple[Range, ...]], Field[tuple[Dose, ...]], Field[tuple[Range, ...]], Field[tuple[Range, ...]]
]

# -- the tables: what each kind of map may hold -------------------------------------------------


def _ways(node: Node, diagnostics: Diagnostics) -> tuple[str, ...] | None:
    if isinstance(node, Sequence) and not node.items:
        example = "a list of ways such as [clockwise, anticlockwise]"
        diagnostics.error(node.position, f"expected {example}, found {values.shown(node)}")
        return None
    ways = values.texts(node, diagnostics)
    return None if ways and _names_no_way(node, ways, diagnostics) else ways


def _names_no_way(node: Node, ways: tuple[str, ...], diagnostics: Diagnostics) -> bool:
    """Whether it is `both`: the coach says the ways by their names."""
    if len(ways) > 1 or ways[0].lower() not in _BOTH_WAYS:
        return False
    example = "the names of the ways, such as [clockwise, anticlockwise]"
    diagnostics.error(node.position, f"expected {example}, found {values.shown(node)}")
    return True


_BOTH_WAYS = frozenset({"both", "both ways", "each", "each way", "either", "all", "2", "two", "alternate"})

SETS = Field("sets", values.sets_range)
REST = Field("rest", values.gap_range_ms)
SIDES = Field("sides", values.sides)
SWITCH = Field("switch", values.gap_range_ms)
WAYS = Field("ways", _ways)
READY = Field("ready", values.gap_range_ms)
RELEASE = Field("release", values.gap_range_ms)
TEMPO = Field("tempo", values.tempo)
BREATH = Field("breath", values.breath)
BPM = Field("bpm", values.bpm)
TERMS = (SETS, REST, SIDES, SWITCH, WAYS, READY, RELEASE, TEMPO, BPM, BREATH)

FOR = Field("for", values.work_by_set_ms)
HOLD = Field("hold", values.hold_by_set)
REPS = Field("reps", values.reps_by_set)
BREATHS = Field("breaths", values.breaths_by_set)
DOSE = (FOR, HOLD, REPS, BREATHS)
DISTANCE = Field("distance", values.distance_by_set)
PACE = Field("pace", values.pace)
ABOUT = Field("about", values.about_by_set_ms)
# A distance, and what says how long it takes.
FAR = (DISTANCE, PACE, ABOUT)
# Without sets and sides of its own, which a hint could lead to.
FOR_ALONE = Field("for", values.time_range_ms)
CAP = Field("cap", values.time_range_ms)
STEP_TIMES = (
    Field("for", values.step_time_ms),
    Field("hold", values.step_hold),
    Field("breaths", values.step_breaths),
)
STEP_DOSE = (*STEP_TIMES[:2], REPS, STEP_TIMES[2])

LEVEL = variants.LEVEL
EDITION = variants.EDITION
FIT = variants.FIT
VARIANTS = variants.VARIANTS
VARIANT_FIELDS = variants.VARIANT_FIELDS
CUES = Field("cues", values.choice("full", "brief", "tones"))
TONES = Field("tones", tones.read)
COUNT_IN = Field("count_in", values.count_in)
EVERY = Field("every", values.duration_ms)
HALFWAY = Field("halfway", values.flag)
LAST_CALL = Field("last", values.last_call_ms)
MINUTE_CALLS = Field("every", values.minute_call_ms)
SET_CALLS = Field("set", values.flag)
MOVE_CALLS = Field("move", values.flag)
REST_CALLS = Field("rest", values.flag)
COUNT_CALLS = Field("count", values.flag)
ANNOUNCE_FIELDS = (HALFWAY, LAST_CALL, MINUTE_CALLS, SET_CALLS, MOVE_CALLS, REST_CALLS, COUNT_CALLS)
REPEAT = Field("repeat", values.rounds_range)
CHOOSE = Field("choose", values.steps_range)
SHUFFLE = Field("shuffle", values.flag)
SECTION = Field("section", values.label)
SAY = Field("say", values.words)
PAUSE = Field("pause", values.time_range_ms)

ENGINE = Field("engine", values.label)
VOICE_NAME = Field("name", values.label)
RATE = Field("rate", values.rate_wpm)
GAIN = Field("gain", values.gain_db)
PITCH = Field("pitch", values.pitch)
VOICE_FIELDS = (ENGINE, VOICE_NAME, RATE, GAIN, PITCH)

SHORT = Field("short", values.words)
WHEN = Field("when", values.when)
AT_TIME = Field("at", values.at_ms)
TIMED_FIELDS = (AT_TIME, SAY)

NAME = Field("name", values.label)
SETUP = Field("setup", values.words)
REMINDERS = Field("reminders", values.reminders)
EQUIPMENT = Field("equipment", values.texts)
GET_READY = Field("get_ready", values.words)
AT_GO = Field("at_go", values.words)
CAUTION = Field("caution", values.words)
FINISH = Field("finish", values.words)
WHY = Field("why", values.words)
AVOID_IF = Field("avoid_if", values.words)
POSTURE = Field("posture", values.choice(*get_args(Posture)))
WORKS = Field("works", values.texts)
UNIT = Field("unit", values.unit)
COUNT = Field("count", values.choice(*get_args(CountName)))
WEIGHT = Field("weight", values.weight_by_set)
# What a `do` may have of a move.
OWN = (GET_READY, AT_GO, CAUTION, FINISH, WHY, AVOID_IF, POSTURE, WORKS, UNIT, COUNT, WEIGHT)

TITLE = Field("title", values.label)
DESCRIPTION = Field("description", values.paragraph)
LANGUAGE = Field("language", values.label)
TAGS = Field("tags", values.texts)
INCLUDE = Field("include", values.texts)
SAFETY = Field("safety", values.words)
WARMTH = Field("tone", values.choice(*get_args(ToneName)))
CHAPTERS = Field("chapters", values.choice(*get_args(ChapterName)))
KEEP_AWAKE = Field("keep_awake", values.on_off)
IGNORE = Field("ignore", values.sequence(values.choice(*get_args(AdviceCode)), "a list of codes of advice"))


def _list_of(kind: str) -> Callable[[Node, Diagnostics], Sequence | None]:
    def read(node: Node, diagnostics: Diagnostics) -> Sequence | None:
        if isinstance(node, Sequence) and node.items:
            return node
        hint = _in_a_list(node) if kind == "session steps" else ""
        diagnostics.error(node.position, f"expected a list of {kind}, found {values.shown(node)}{hint}")
        return None

    return read


def _plain_fields(entries: Iterable[Entry]) -> list[str]:
    """Fields as they are written, less those that hold a list or a map."""
    return [f"{entry.key.raw}: {entry.value.raw}" for entry in entries if isinstance(entry.value, Scalar)]


def _in_a_list(node: Node) -> str:
    """What to write where one step stands for the list of them."""
    match node:
        case Scalar() if node.text.strip():
            return f": write {slips.step(node.text)} below it, behind a dash and a space"
        case Mapping(entries=entries) if node.flow and entries:
            return f": put it between brackets, such as [{{{', '.join(_plain_fields(entries))}}}]"
        case Mapping(entries=(entry, *_)) if entry.key.text.startswith("-"):
            return ": a space is missing behind its first dash"
        case Mapping(entries=(entry, *_)):
            return (
                f": begin each step with a dash, its other lines with two spaces more: - {entry.key.raw}: …"
            )
        case _:
            return ""


def _map_of(expected: str, name: str = "") -> Callable[[Node, Diagnostics], Mapping | None]:
    """A reader of a map; `name` is the field of it that a text alone stands for."""

    def read(node: Node, diagnostics: Diagnostics) -> Mapping | None:
        if isinstance(node, Mapping):
            return node
        hint = f": write {{{name}: {node.raw}}}" if name and isinstance(node, Scalar) else ""
        return diagnostics.error(node.position, f"expected {expected}, found {values.shown(node)}{hint}")

    return read


_one_move = _map_of("the fields of a move such as {name: Squat}", "name")
_change_of = _map_of("what is other in it, such as {name: Half squat, reps: 8}")


def _move_map(node: Node, diagnostics: Diagnostics) -> Mapping | Sequence | None:
    """Moves by their names, or (told) a list of them."""
    if isinstance(node, Mapping):
        return node
    items = node.items if isinstance(node, Sequence) else (node,)
    first = items[0] if items else None
    match first:
        case Scalar(text=text):
            hint = f": write {text}: {{name: {text.capitalize()}}}"
        case Mapping(entries=(entry, *_)):
            hint = f": write {entry.key.text}: and its fields, without a dash"
        case _:
            hint = ""
    example = "moves by their names, such as squat: {name: Squat}"
    diagnostics.error(node.position, f"expected {example}, found {values.shown(node)}{hint}")
    return Sequence(items, node.position, flow=False)


def _voice_map(expected: str, meant: str) -> Callable[[Node, Diagnostics], Mapping | None]:
    """A reader of fields of a voice, or of voices; `meant` is what a name alone is written as, as `{}`."""

    def read(node: Node, diagnostics: Diagnostics) -> Mapping | None:
        if isinstance(node, Mapping):
            return node
        hint = f": write {meant.replace('{}', node.text.strip())}" if isinstance(node, Scalar) else ""
        return diagnostics.error(node.position, f"expected {expected}, found {values.shown(node)}{hint}")

    return read


def _name_or_map(node: Node, diagnostics: Diagnostics) -> Node | None:
    if isinstance(node, Sequence):
        expected = "the name of a voice such as Anna, or its fields such as {engine: pyttsx3, gain: -6}"
        return diagnostics.error(node.position, f"expected {expected}, found {values.shown(node)}")
    return node if isinstance(node, Mapping) or values.label(node, diagnostics) else None


AT = Field("at", _list_of("words at a time, such as [{at: 20s, say: Look ahead.}]"))
STEP_FIELDS = (SAY, SHORT, *STEP_TIMES, PAUSE, WHEN, BREATH, AT)
ITEMS = Field("items", _list_of("session steps"))
STEPS = Field("steps", _list_of("steps"))
SESSION = Field("session", _list_of("session steps"))
VOICE = Field(
    "voice", _voice_map("a voice such as {engine: pyttsx3, name: en-gb}", "{engine: {}} or {name: {}}")
)
VOICES = Field(
    "voices", _voice_map("who counts, such as {count: Anna} or {count: {gain: -6}}", "{count: {}}")
)
COUNTER = Field("count", _name_or_map)
VOICES_FIELDS = (COUNTER,)
DEFAULTS = Field("defaults", _map_of("what holds for every move, such as {rest: 20s, ready: 10s}"))
CREDIT = Field("credit", _map_of("who is to be named, such as {coach: Anna}", "coach"))
PRONOUNCE = Field("pronounce", _map_of("words and how to say them, such as {Pilates: puh LAH teez}"))
PHRASES = Field("phrases", _map_of("phrases by name, such as {opening: Hello.}", "opening"))
MOVES: Field[Mapping | Sequence] = Field("moves", _move_map)
EASIER = Field("easier", _change_of)
HARDER = Field("harder", _change_of)
ANNOUNCE = Field("announce", _map_of("what is announced, such as {halfway: off, last: 10s}"))
MUSIC = Field("music", music.read)
SETTINGS = (LEVEL, CUES, TONES, VOICE, VOICES, BREATH, DEFAULTS, ANNOUNCE, COUNT_IN, MUSIC)

DO = Field("do", values.label)
DO_FIELDS = (DO, *DOSE, *FAR, *TERMS, *OWN, EVERY, LEVEL, CUES, TONES, VOICE, VOICES, ANNOUNCE, AT, COUNT_IN)
_FIELDS_OF_DO = frozenset(field.name for field in DO_FIELDS)
SAY_FIELDS = (SAY, PAUSE)
UNTIL = Field("until", values.choice("ready"))
REST_FIELDS = (REST, UNTIL)
PAUSE_FIELDS = (PAUSE,)
TONE = Field("tone", values.label)
TONE_FIELDS = (TONE,)
BLOCK_FIELDS = (SECTION, REPEAT, FOR_ALONE, CAP, EVERY, CHOOSE, SHUFFLE, REST, ITEMS, *SETTINGS, AT)
CHANGE_FIELDS = (NAME, SETUP, SAY, STEPS, REMINDERS, EQUIPMENT, *OWN, *DOSE, *FAR, *TERMS)
MOVE_FIELDS = (*CHANGE_FIELDS, EASIER, HARDER)
ROUTINE_FIELDS = (
    *(TITLE, DESCRIPTION, LANGUAGE, TAGS, CREDIT, SAFETY, FIT, CHAPTERS, VARIANTS),
    *(PRONOUNCE, PHRASES, INCLUDE, MOVES, SESSION, IGNORE, WARMTH, FORMATS, STEREO, KEEP_AWAKE),
    *(EDITION if field is CUES else field for field in SETTINGS),
)
LIBRARY_FIELDS = (MOVES, PRONOUNCE, INCLUDE)


# -- what the tables become ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Include:
    """A library's path as written, and where."""

    path: str
    position: Position


@dataclass(frozen=True, slots=True)
class Library:
    """What a library file, or the library part of a routine, holds."""

    moves: tuple[Move, ...]
    pronounce: tuple[tuple[str, str], ...]
    include: tuple[Include, ...]


def parse_library(node: Node, diagnostics: Diagnostics) -> Library | None:
    """The moves, pronunciations and includes of a library file."""
    form = _form(node, "a library", LIBRARY_FIELDS, diagnostics)
    return None if form is None else _library(form, diagnostics)


def parse_routine(node: Node, diagnostics: Diagnostics) -> tuple[Routine, Library] | None:
    """A routine's own tree, and the library part of it; `library` joins the two."""
    form = _form(node, "a routine", ROUTINE_FIELDS, diagnostics)
    if form is None:
        return None
    session = form.take(SESSION)
    if form.has("moves") and not form.has("title") and not form.has("session"):
        diagnostics.error(
            form.position, "this is a library of moves: expected a routine, which may `include:` it"
        )
        return None
    form.require("title", "title: Spine flow")
    form.require("session", "session: [{do: bird-dog, for: 40s}]")
    library, phrases = _library(form, diagnostics), form.take(PHRASES)
    routine = Routine(
        position=form.position,
        title=form.take(TITLE) or "",
        description=form.take(DESCRIPTION) or "",
        language=_language(form, diagnostics),
        tags=form.take(TAGS) or (),
        credit=_pairs(form.take(CREDIT), diagnostics),
        safety=form.take(SAFETY),
        settings=_settings(form, diagnostics, EDITION),
        pronounce=library.pronounce,
        phrases=read_phrases(phrases, diagnostics) if phrases else (),
        moves=library.moves,
        session=_items(session, diagnostics),
        chapters=form.take(CHAPTERS),  # type: ignore[arg-type]
        fit_ms=form.take(FIT),
        ignore=form.take(IGNORE) or (),  # type: ignore[arg-type]
        variants=variants.read(form.take(VARIANTS), diagnostics),
        formats=form.take(FORMATS) or (),  # type: ignore[arg-type]
        stereo=form.take(STEREO),
        keep_awake=form.take(KEEP_AWAKE),
    )
    return routine, library


def _form(node: Node, what: str, fields: tuple[Field[Any], ...], diagnostics: Diagnostics) -> Form | None:
    if isinstance(node, Mapping):
        return Form(node, what, fields, diagnostics)
    diagnostics.error(
        node.position, f"expected {what} with fields such as {fields[0].name}, found {values.shown(node)}"
    )
    return None


def _language(form: Form, diagnostics: Diagnostics) -> str:
    language = form.take(LANGUAGE) or assets.DEFAULT_LANGUAGE
    known = assets.languages()
    if language not in known:
        node = form.node("language")
        position = node.position if node else form.position
        diagnostics.error(
            position,
            f"there is no phrase pack for the language {quote(language)}; known: {', '.join(known)}: "
            "leave language out, and what the coach says by itself is English",
        )
    return language


def _library(form: Form, diagnostics: Diagnostics) -> Library:
    include = form.node("include")
    paths = form.take(INCLUDE) or ()
    places = [item.position for item in include.items] if isinstance(include, Sequence) else []
    return Library(
        moves=_moves(form.take(MOVES), diagnostics),
        pronounce=_pronounce(form.take(PRONOUNCE), diagnostics),
        include=tuple(
            Include(path, places[index] if index < len(places) else form.key_position("include"))
            for index, path in enumerate(paths)
        ),
    )


def _pronounce(node: Mapping | None, diagnostics: Diagnostics) -> tuple[tuple[str, str], ...]:
    refused = {entry.key.text for entry in node.entries if not _is_usable(entry, diagnostics)} if node else ()
    return tuple(pair for pair in _pairs(node, diagnostics) if pair[0] not in refused)


def _is_usable(entry: Entry, diagnostics: Diagnostics) -> bool:
    """Whether a key of `pronounce` is a word, or a pattern with what is said in its place."""
    key, said = entry.key, entry.value
    if not key.text.strip():
        example = "a word and how to say it, such as Pilates: puh LAH teez"
        diagnostics.error(key.position, f"expected {example}, found {values.shown(key)}")
        return False
    if not pronounce.is_pattern(key.text):
        return True
    try:
        pronounce.compiled(key.text)
    except ValueError as error:
        diagnostics.error(key.position, f"{error}, found {values.shown(key)}", "bad-pattern")
        return False
    try:
        pronounce.check(key.text, said.text if isinstance(said, Scalar) else "")
    except ValueError as error:
        diagnostics.error(said.position, f"{error}, found {values.shown(said)}", "bad-pattern")
        return False
    return True


def _pairs(node: Mapping | None, diagnostics: Diagnostics) -> tuple[tuple[str, str], ...]:
    if node is None:
        return ()
    fields = tuple(Field(entry.key.text, values.label) for entry in node.entries)
    form = Form(node, "this map", fields, diagnostics)
    found = [(field.name, form.take(field)) for field in dict.fromkeys(fields)]
    return tuple((key, value) for key, value in found if value is not None)


def read_phrases(node: Node, diagnostics: Diagnostics) -> tuple[tuple[str, tuple[Words, ...]], ...]:
    """The wordings of a phrase pack, or of a routine's `phrases`, by entry."""
    if not isinstance(node, Mapping):
        diagnostics.error(node.position, f"expected phrases by name, found {values.shown(node)}")
        return ()
    read = values.sequence(values.phrase, "one wording or a list of them")
    fields = tuple(Field(entry.key.text, read) for entry in node.entries)
    form = Form(node, "phrases", fields, diagnostics)
    found = [(field.name, form.take(field)) for field in dict.fromkeys(fields)]
    return tuple((key, value) for key, value in found if value)


def _voice(node: Mapping | None, diagnostics: Diagnostics) -> VoiceChange | None:
    if node is None:
        return None
    form = Form(node, "a voice", VOICE_FIELDS, diagnostics)
    return VoiceChange(
        form.position,
        form.take(ENGINE),
        form.take(VOICE_NAME),
        form.take(RATE),
        form.take(GAIN),
        form.take(PITCH),
    )


def _counter(node: Mapping | None, diagnostics: Diagnostics) -> VoiceChange | None:
    """Who counts: by the name of a voice, or by fields."""
    if node is None:
        return None
    who = Form(node, "voices", VOICES_FIELDS, diagnostics).take(COUNTER)
    if isinstance(who, Mapping):
        return _voice(who, diagnostics)
    return VoiceChange(who.position, name=who.text.strip()) if isinstance(who, Scalar) else None


def _announce(node: Mapping | None, diagnostics: Diagnostics) -> Announce:
    if node is None:
        return Announce()
    form = Form(node, "announce", ANNOUNCE_FIELDS, diagnostics)
    return Announce(
        halfway=form.take(HALFWAY),
        last_ms=form.take(LAST_CALL),
        every_ms=form.take(MINUTE_CALLS),
        set=form.take(SET_CALLS),
        move=form.take(MOVE_CALLS),
        rest=form.take(REST_CALLS),
        count=form.take(COUNT_CALLS),
    )


def _terms(form: Form, diagnostics: Diagnostics) -> Terms:
    tempo, beats = form.take(TEMPO), form.take(BPM)
    if form.has("tempo") and form.has("bpm"):
        message = "expected tempo or bpm, found both: keep one"
        diagnostics.error(form.key_position("bpm"), message, "conflicting-fields")
    return Terms(
        sets=form.take(SETS),
        rest_ms=form.take(REST),
        sides=form.take(SIDES),
        switch_ms=form.take(SWITCH),
        ways=form.take(WAYS),
        ready_ms=form.take(READY),
        release_ms=form.take(RELEASE),
        tempo=tempo or beats,
        breath=form.take(BREATH),
        places=tuple((field.name, form.key_position(field.name)) for field in TERMS if form.has(field.name)),
    )


def _settings(form: Form, diagnostics: Diagnostics, cues: Field[str] = CUES) -> Settings:
    defaults, breath = form.take(DEFAULTS), form.take(BREATH)
    terms = _terms(Form(defaults, "defaults", TERMS, diagnostics), diagnostics) if defaults else Terms()
    terms = replace(terms, places=())
    amount, sounds = tones.parts(form.take(TONES))
    return Settings(
        level=form.take(LEVEL),  # type: ignore[arg-type]
        cues=form.take(cues),  # type: ignore[arg-type]
        tones=amount,
        voice=_voice(form.take(VOICE), diagnostics),
        counter=_counter(form.take(VOICES), diagnostics),
        defaults=replace(terms, breath=breath or terms.breath),
        announce=_announce(form.take(ANNOUNCE), diagnostics),
        count_in=form.take(COUNT_IN),
        tone=form.take(WARMTH),  # type: ignore[arg-type]
        music=form.take(MUSIC),
        sounds=sounds,
    )


def _dose(form: Form, diagnostics: Diagnostics, fields: DoseFields = DOSE) -> Dose | None:
    """Exactly one of `for`, `hold`, `reps`, `breaths`, or `hold` beside `reps`."""
    written = [field.name for field in (*DOSE, DISTANCE) if form.has(field.name)]
    is_meant = any(form.means(field.name) for field in (*DOSE, DISTANCE))
    _refuse_time_of_nothing(form, diagnostics)
    is_far = written == ["distance"]
    found = _distance(form, diagnostics) if is_far else _readable_dose(form, written, diagnostics, fields)
    # What was written and could not be read has been told; it is not told as missing as well.
    return found or (Dose("for", form.position) if is_meant else None)


def _readable_dose(
    form: Form, written: list[str], diagnostics: Diagnostics, fields: DoseFields
) -> Dose | None:
    for_field, hold_field, reps_field, breaths_field = fields
    moving, held = form.take(for_field), form.take(hold_field)
    reps, breaths = form.take(reps_field), form.take(breaths_field)
    if written == ["hold", "reps"]:
        return _several_holds(held, reps, form, diagnostics) if held and reps else None
    if len(written) > 1:
        in_order = sorted(written, key=form.key_position)
        diagnostics.error(
            form.key_position(in_order[-1]),
            f"expected one dose, found {' and '.join(in_order)}: keep one (or hold beside reps)",
            "conflicting-fields",
        )
        return None
    if moving:
        return in_sets([Dose("for", form.key_position("for"), time_ms=time_ms) for time_ms in moving])
    if reps:
        return in_sets([Dose("reps", form.key_position("reps"), reps=count) for count in reps])
    if breaths:
        return in_sets([Dose("breaths", form.key_position("breaths"), breaths=count) for count in breaths])
    return in_sets(held) if held else None


def _distance(form: Form, diagnostics: Diagnostics) -> Dose | None:
    """So far, and how long it takes: by its pace, or as the author says."""
    far, pace, about_ms = form.take(DISTANCE), form.take(PACE), form.take(ABOUT)
    if form.has("pace") and form.has("about"):
        message = "expected pace or about, found both: keep one"
        diagnostics.error(form.key_position("about"), message, "conflicting-fields")
    if far and about_ms and len(about_ms) > 1 and len(far) > 1 and len(about_ms) != len(far):
        found = f"found {len(far)} of distance and {len(about_ms)} of about"
        message = f"expected as many values of the one as of the other, {found}"
        diagnostics.error(form.key_position("about"), message, "conflicting-fields")
    if far is None or (form.has("pace") and pace is None) or (form.has("about") and about_ms is None):
        return None
    position = form.key_position("distance")
    times_ms = about_ms or (tuple(map(pace.over_ms, far)) if pace else (None,))
    return in_sets(
        [
            Dose("distance", position, time_ms=Range(time_ms, time_ms) if time_ms else None, distance=length)
            for length, time_ms in paired(far, times_ms)
        ]
    )


def _refuse_time_of_nothing(form: Form, diagnostics: Diagnostics) -> None:
    for name in ("pace", "about"):
        if form.has(name) and not form.has("distance"):
            message = f"{name} has nothing to do here: it stands beside distance, such as distance: 400m"
            diagnostics.error(form.key_position(name), message, "misplaced-field")


def _several_holds(
    held: tuple[Dose, ...], reps: tuple[Range, ...], form: Form, diagnostics: Diagnostics
) -> Dose:
    """So many holds of that length, set by set where one of the two has a value for each."""
    if len(held) > 1 and len(reps) > 1 and len(held) != len(reps):
        counts = f"found {len(held)} of hold and {len(reps)} of reps"
        message = f"expected a value for each set of both, as many of the one as of the other, {counts}"
        diagnostics.error(form.key_position("reps"), message, "conflicting-fields")
    return in_sets(
        [
            Dose("holds", form.position, time_ms=hold.time_ms, reps=count, breaths=hold.breaths)
            for hold, count in paired(held, reps)
        ]
    )


def _moves(node: Mapping | Sequence | None, diagnostics: Diagnostics) -> tuple[Move, ...]:
    if node is None:
        return ()
    if isinstance(node, Sequence):
        return tuple(_unread_move(item) for item in node.items)
    form = Form(node, "moves", tuple(Field(entry.key.text, _one_move) for entry in node.entries), diagnostics)
    keys = dict.fromkeys(entry.key.text for entry in node.entries)
    found = [(key, form.take(Field(key, _one_move))) for key in keys]
    return tuple(
        _move(key, form.key_position(key), body, diagnostics)
        if body
        else _unread(key, form.key_position(key))
        for key, body in found
    )


def _unread_move(node: Node) -> Move:
    """The move of a list: it was told that there is none, and is not told as missing as well."""
    key = node.entries[0].key if isinstance(node, Mapping) and node.entries else node
    return _unread(key.text if isinstance(key, Scalar) else "", node.position)


def _unread(key: str, position: Position) -> Move:
    return Move(position, key, dose=Dose("for", position))


def _move(key: str, position: Position, node: Mapping, diagnostics: Diagnostics) -> Move:
    form = Form(node, f'the move "{key}"', MOVE_FIELDS, diagnostics)
    easier, harder = form.take(EASIER), form.take(HARDER)
    move = _move_fields(form, key, position, diagnostics)
    return replace(
        move,
        easier=_change(key, easier, "easier", diagnostics),
        harder=_change(key, harder, "harder", diagnostics),
    )


def _change(key: str, node: Mapping | None, what: str, diagnostics: Diagnostics) -> Move | None:
    if node is None:
        return None
    return _move_fields(Form(node, what, CHANGE_FIELDS, diagnostics), key, node.position, diagnostics)


def _move_fields(form: Form, key: str, position: Position, diagnostics: Diagnostics) -> Move:
    return Move(
        position=position,
        key=key,
        name=form.take(NAME),
        setup=form.take(SETUP),
        say=form.take(SAY),
        steps=_steps(form.take(STEPS), diagnostics),
        reminders=form.take(REMINDERS),
        equipment=form.take(EQUIPMENT),
        dose=_dose(form, diagnostics),
        terms=_terms(form, diagnostics),
        **_own(form),
    )


def _own(form: Form) -> dict[str, Any]:
    """What a move, a variant of one, or a `do` may have."""
    return {field.name: form.take(field) for field in OWN}


def _steps(node: Sequence | None, diagnostics: Diagnostics) -> tuple[MoveStep, ...] | None:
    if node is None:
        return None
    for before, item in zip((None, *node.items), node.items, strict=False):
        values.warn_lower(item, before if node.flow else None, diagnostics)
    found = [_step(item, diagnostics) for item in node.items]
    steps = tuple(step for step in found if step is not None)
    timed = [step for step in steps if step.timed]
    if timed and len(timed) < len(steps):
        odd = next(step for step in steps if not step.timed)
        diagnostics.error(
            odd.position,
            "this step has no time of its own, others here have one: expected all or none, such as hold: 10s",
        )
    return steps


def _step(node: Node, diagnostics: Diagnostics) -> MoveStep | None:
    if isinstance(node, Mapping):
        return (
            None
            if _is_cut_text(node, diagnostics)
            else _step_map(Form(node, "a step", STEP_FIELDS, diagnostics), diagnostics)
        )
    spoken = values.words(node, diagnostics)
    return None if spoken is None else MoveStep(spoken.position, spoken)


def _is_cut_text(node: Mapping, diagnostics: Diagnostics) -> bool:
    """Whether it is a text with a colon in it, `- Knees down: arch`, rather than a map with one field."""
    hint, key = values.colon_hint(node), node.entries[0].key if node.entries else None
    if not hint or key is None or "mean" in did_you_mean(key.text, {field.name for field in STEP_FIELDS}):
        return False
    diagnostics.error(key.position, f"unknown field {values.shown(key)} in a step{hint}", "cut-field")
    return True


def _step_map(form: Form, diagnostics: Diagnostics) -> MoveStep:
    form.require("say", "{say: Round your back., hold: 10s}")
    said = form.node("say")
    if said is not None:
        values.warn_lower(said, None, diagnostics)
    spoken, dose, pause_ms = form.take(SAY), _dose(form, diagnostics, STEP_DOSE), form.take(PAUSE)
    if dose and pause_ms:
        diagnostics.error(
            form.key_position("pause"),
            "expected one time for a step, found a dose and a pause: keep one",
            "conflicting-fields",
        )
    if form.has("when") and not (dose or pause_ms):
        diagnostics.error(
            form.key_position("when"),
            "when needs a step with a time of its own, such as pause: 8s",
            "misplaced-field",
        )
    if form.has("breath") and not _may_breathe(dose):
        belongs = "breath has nothing to do here: it belongs to breaths or for, such as hold: 10 breaths"
        message = f"{belongs}; found {dose.kind if dose else 'neither'}"
        diagnostics.error(form.key_position("breath"), message, "misplaced-field")
    if form.has("at") and dose is None:
        _refuse_at(form, diagnostics, is_silent=form.has("pause"))
    step_when, short, breath = form.take(WHEN), form.take(SHORT), form.take(BREATH)
    # A step without words was told to the diagnostics; its time still counts for the checks.
    words = spoken or Words("", form.position)
    at = _timed_words(form.take(AT), diagnostics)
    return MoveStep(form.position, words, short, dose, pause_ms, breath, step_when, at)


def _refuse_at(form: Form, diagnostics: Diagnostics, *, is_silent: bool) -> None:
    why = "a pause is silence: write for: in its place" if is_silent else "the step has no time of its own"
    message = f"at needs a step that lasts, such as hold: 30s: {why}"
    diagnostics.error(form.key_position("at"), message, "misplaced-field")


def _timed_words(node: Sequence | None, diagnostics: Diagnostics) -> tuple[TimedWords, ...]:
    """What is said at times of an interval."""
    found = [_words_at(item, diagnostics) for item in (node.items if node else ())]
    return tuple(timed for timed in found if timed is not None)


def _words_at(node: Node, diagnostics: Diagnostics) -> TimedWords | None:
    if not isinstance(node, Mapping):
        example = "expected words at a time, such as {at: 20s, say: Look ahead.}"
        diagnostics.error(node.position, f"{example}, found {values.shown(node)}")
        return None
    form = Form(node, "words at a time", TIMED_FIELDS, diagnostics)
    form.require("at", "{at: 20s, say: Look ahead.}")
    form.require("say", "{at: 20s, say: Look ahead.}")
    at_ms, spoken = form.take(AT_TIME), form.take(SAY)
    return None if at_ms is None or spoken is None else TimedWords(form.position, at_ms, spoken)


def _may_breathe(dose: Dose | None) -> bool:
    """Whether it lasts breaths, or a time that they can lead, or could not be read: that was told."""
    return dose is not None and (dose.traits.may_breathe or dose.time_ms is None)


def _items(node: Sequence | None, diagnostics: Diagnostics) -> tuple[Item, ...]:
    if node is None:
        return ()
    found = [_item(item, diagnostics) for item in node.items]
    return tuple(item for item in found if item is not None)


def _item(node: Node, diagnostics: Diagnostics) -> Item | None:
    if not isinstance(node, Mapping):
        example = "expected a step such as {do: bird-dog, for: 40s} or {say: Well done.}"
        hint = f": write {slips.step(node.text)}" if isinstance(node, Scalar) and node.text.strip() else ""
        diagnostics.error(node.position, f"{example}, found {values.shown(node)}{hint}")
        return None
    keys = {entry.key.text for entry in node.entries}
    kind = next((key for key, _ in _ITEM_READERS if key in keys), None)
    if kind is not None:
        return dict(_ITEM_READERS)[kind](_named(node, kind), diagnostics)
    if not node.entries:
        diagnostics.error(node.position, f"expected a step such as {{rest: 20s}}, found {values.shown(node)}")
        return None
    first = node.entries[0].key
    glued = next((key for key, _ in _ITEM_READERS if first.text.startswith(f"{key}:")), None)
    if glued:
        mended = f"{glued}: {first.text[len(glued) + 1 :]}"
        diagnostics.error(first.position, f"expected a space after the colon: {mended}", "missing-colon")
    else:
        known = tuple(key for key, _ in _ITEM_READERS)
        near, fix = meant(first.text, set(known), "the session", diagnostics)
        near = near if fix else _done(node) or near
        message = f"expected a session step, found {values.shown(first)}{near}"
        diagnostics.error(first.position, message, "unknown-field", fix)
    return None


def _done(node: Mapping) -> str:
    """What to write for `squat: 10 reps`, `squat: {reps: 10}` and `{squat, for: 30s}`: the move's step."""
    first, *others = node.entries
    fields = first.value.entries if isinstance(first.value, Mapping) else others
    parts = _plain_fields(fields)
    if isinstance(first.value, Scalar) and first.value.text:
        parts = [slips.of_dose(first.value.text), *parts]
    if not parts or not parts[0] or {entry.key.text for entry in fields} - _FIELDS_OF_DO:
        return ""
    return f": write {slips.do(first.key.text, ', '.join(parts))}"


def _named(item: Mapping, kind: str) -> Mapping:
    """A step of the session by what it is: `session/3/do`."""
    at = item.position
    return replace(item, position=replace(at, node=at.node.under(kind)))


def _do(node: Mapping, diagnostics: Diagnostics) -> Do | None:
    form = Form(node, "do", DO_FIELDS, diagnostics)
    move, own = form.take(DO), _own(form)
    target, (amount, sounds) = form.node("do"), tones.parts(form.take(TONES))
    dose, terms, every_ms = _dose(form, diagnostics), _terms(form, diagnostics), form.take(EVERY)
    settings = Settings(
        level=form.take(LEVEL),  # type: ignore[arg-type]
        cues=form.take(CUES),  # type: ignore[arg-type]
        tones=amount,
        voice=_voice(form.take(VOICE), diagnostics),
        counter=_counter(form.take(VOICES), diagnostics),
        announce=_announce(form.take(ANNOUNCE), diagnostics),
        count_in=form.take(COUNT_IN),
        sounds=sounds,
    )
    at = _timed_words(form.take(AT), diagnostics)
    if move is None or target is None:
        return None
    changed = Move(form.position, move, **own) if any(own.values()) else None
    return Do(form.position, move, target.position, dose, terms, every_ms, settings, changed, at)


def _say(node: Mapping, diagnostics: Diagnostics) -> Say | None:
    form = Form(node, "say", SAY_FIELDS, diagnostics)
    spoken, pause_ms = form.take(SAY), form.take(PAUSE)
    return None if spoken is None else Say(form.position, spoken, pause_ms)


def _rest(node: Mapping, diagnostics: Diagnostics) -> Rest | None:
    form = Form(node, "rest", REST_FIELDS, diagnostics)
    time_ms, until = form.take(Field("rest", values.time_range_ms)), form.take(UNTIL)
    return None if time_ms is None else Rest(form.position, time_ms, waits=until is not None)


def _pause(node: Mapping, diagnostics: Diagnostics) -> Pause | None:
    form = Form(node, "pause", PAUSE_FIELDS, diagnostics)
    time_ms = form.take(PAUSE)
    return None if time_ms is None else Pause(form.position, time_ms)


def _tone(node: Mapping, diagnostics: Diagnostics) -> Ring | None:
    tone = Form(node, "tone", TONE_FIELDS, diagnostics).take(
        Field("tone", values.choice(*sorted(tones.MEANINGS)))
    )
    return None if tone is None else Ring(node.position, tone)


def _block(node: Mapping, diagnostics: Diagnostics) -> Block | None:
    form = Form(node, "a block", BLOCK_FIELDS, diagnostics)
    form.require("items", "items: [{do: bird-dog, for: 40s}]")
    repeat, for_ms, every_ms = form.take(REPEAT), form.take(FOR_ALONE), form.take(EVERY)
    if form.has("every"):
        _refuse_on_grid(form, diagnostics)
    elif form.has("repeat") and form.has("for"):
        diagnostics.error(
            form.key_position("for"), "expected repeat or for, found both: keep one", "conflicting-fields"
        )
    elif form.has("for"):
        _refuse_in_circuit(form, _CIRCUIT, diagnostics)
    elif form.has("cap") and form.has("repeat"):
        _refuse_in_circuit(form, _FOR_TIME, diagnostics)
    cap_ms = form.take(CAP)
    if form.has("cap") and (not form.has("repeat") or form.has("every") or form.has("for")):
        belongs = "cap has nothing to do here: it belongs to repeat without every, such as repeat: 3"
        belongs += "; add repeat" if not form.has("repeat") else ""
        diagnostics.error(form.key_position("cap"), belongs, "misplaced-field")
    if form.has("rest") and not any(map(form.has, ("repeat", "for", "every"))):
        belongs = "rest has nothing to do here: it lies between rounds, such as repeat: 3"
        message = f"{belongs}; for every move in it write defaults: {{rest: …}}"
        diagnostics.note(form.key_position("rest"), message, "misplaced-field")
    choose, shuffles = form.take(CHOOSE), form.take(SHUFFLE)
    _check_choice(form, choose, diagnostics)
    section, rest_ms = form.take(SECTION), form.take(REST)
    if form.has("at") and not (form.has("for") or form.has("cap")):
        message = "at needs a block with for: or cap:, which lasts; else write it on a do"
        diagnostics.error(form.key_position("at"), message, "misplaced-field")
    settings, items = _settings(form, diagnostics), _items(form.take(ITEMS), diagnostics)
    at = _timed_words(form.take(AT), diagnostics)
    return Block(
        position=form.position,
        section=section,
        repeat=repeat,
        for_ms=for_ms,
        rest_ms=rest_ms,
        settings=settings,
        items=items,
        at=at,
        every_ms=every_ms,
        cap_ms=cap_ms,
        choose=choose,
        shuffles=bool(shuffles),
    )


def _check_choice(form: Form, choose: Range | None, diagnostics: Diagnostics) -> None:
    """What a day may choose from, and put into another order."""
    node = form.node("items")
    items = node.items if isinstance(node, Sequence) else ()
    if choose and items and choose.high > len(items):
        message = f"expected at most {len(items)}, as many as the block has steps, found {choose.high}"
        diagnostics.error(form.key_position("choose"), message)
    if not (form.has("choose") or form.has("shuffle")):
        return
    movable = {"do", "items", "section", "repeat"}
    for item in items:
        keys = {entry.key.text for entry in item.entries} if isinstance(item, Mapping) else movable
        if not keys & movable:
            what = "moves and blocks alone are chosen and shuffled"
            instead = "put this before or after the block, or the rest under its defaults"
            diagnostics.error(item.position, f"{what}: {instead}", "misplaced-field")


_GRID = "a block with every: starts its exercises one after the other on that grid"


def _refuse_on_grid(form: Form, diagnostics: Diagnostics) -> None:
    """What would say when things come, in a block where the grid does."""
    if form.has("for"):
        position, instead = (
            form.key_position("for"),
            "write repeat, how often all of them come, instead of for",
        )
        diagnostics.error(position, f"{_GRID}: {instead}", "conflicting-fields")
    if form.has("rest"):
        position = form.key_position("rest")
        diagnostics.error(position, "every already says the rest: remove rest", "conflicting-fields")
    items = form.node("items")
    for item in items.items if isinstance(items, Sequence) else ():
        keys = [entry.key for entry in item.entries] if isinstance(item, Mapping) else []
        names = {key.text for key in keys}
        if "do" not in names and any(name in names for name, _ in _ITEM_READERS):
            message = f"{_GRID}: it holds only do steps, put this before or after it"
            diagnostics.error(item.position, message, "misplaced-field")
        for key in keys if "do" in names else ():
            if key.text in _TOLD_BY_GRID:
                message = f"{_GRID}: what is left of it is rest, remove {key.text}"
                diagnostics.error(key.position, message, "conflicting-fields")


_TOLD_BY_GRID = frozenset({"ready", "every"})


_CIRCUIT = "a block with for: is as many rounds as one can"
_FOR_TIME = "a block with cap: is rounds in a time of one's own"


def _refuse_in_circuit(form: Form, what: str, diagnostics: Diagnostics) -> None:
    """What would say when things come, in a block where that is up to the listener."""
    if form.has("rest"):
        diagnostics.error(form.key_position("rest"), f"{what}: one rests when one wants, remove rest")
    items = form.node("items")
    for item in items.items if isinstance(items, Sequence) else ():
        keys = [entry.key for entry in item.entries] if isinstance(item, Mapping) else []
        if "do" in {key.text for key in keys}:
            known = {field.name for field in DO_FIELDS} - {
                "do",
                WEIGHT.name,
                *(field.name for field in (*DOSE, *FAR)),
            }
            for key in keys:
                if key.text in known:
                    diagnostics.error(
                        key.position, f"{what}: a do in it has only its dose, remove {key.text}"
                    )
        elif any(key.text == name for key in keys for name, _ in _ITEM_READERS):
            diagnostics.error(item.position, f"{what}: it holds only do steps, put this before or after it")


# The first key found decides: a block may carry `rest`, a `say` may carry `pause`.
_ITEM_READERS = (
    ("section", _block),
    ("items", _block),
    ("repeat", _block),
    ("do", _do),
    ("say", _say),
    ("tone", _tone),
    ("pause", _pause),
    ("rest", _rest),
)
