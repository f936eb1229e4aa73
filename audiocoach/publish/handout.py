"""What a listener is handed: one page with everything in it, and its exercise sheet alone, to be printed.

In: a timeline with its outline, its MP3, and what else is told of the session. Out: the bytes of HTML files.
They ask for nothing: style, script and sound are inside, and a policy names the first two by their digests.
The same input gives the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
import io
from math import ceil
from typing import TYPE_CHECKING

from audiocoach import assets
from audiocoach.coaching.steps import EXERCISES
from audiocoach.coaching.timeline import Speech
from audiocoach.publish import cuesheet, key_list, palette, player_data, templates
from audiocoach.publish.chapters import chapters
from audiocoach.publish.labels import kind_name, side_label
from audiocoach.publish.templates import Markup, fill, joined
from audiocoach.publish.transcript import lines
from audiocoach.records import dataclass
from audiocoach.routine import wordings
from audiocoach.sound.tags import clean
from audiocoach.units import MS_PER_MINUTE, MS_PER_SECOND, ms_to_clock

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from audiocoach.coaching.outline import Exercise
    from audiocoach.coaching.timeline import Timeline
    from audiocoach.language.language import Language

_LINE = '<a href="#t=$seconds">$time <span dir="auto">$text</span></a>'
_ENTRY = "<li>$link</li>"
_STEP = '<li dir="auto">$text</li>'
_VARIANT = '<li class="variant" dir="auto">$text</li>'
_SECTION = '<p class="section" dir="auto">$name</p>'
_STEPS = '<ol class="how">\n$steps\n</ol>'
_CARE = '<div class="care">\n<p><b>$head</b></p>\n$said\n</div>'
_SAID = '<p dir="auto">$text</p>'
_BETWEEN = " · "
_CODE = '<div class="code">\n$picture\n<a href="$link">$told</a>\n</div>'

# On paper: a letter sheet is the shorter one, A4 the narrower. What is known of a sheet before it is set: its
# height less its margins, the widths of its head and columns, of a letter and the height of a line in ems;
# and the room between rows, for the boxes, for the code, and above and below the rows.
_ROOM_MM = 250
_HEAD_MM, _COLUMNS_MM = 150, (46, 83, 43)
_LETTER_EM, _LINE_EM = 0.51, 1.29
_BESIDE_MM, _TICKS_MM, _CODE_MM, _AROUND_MM = 3.8, 6.8, 34, 12
# Between a section's name and its first row.
_BETWEEN_MM = 0.8
_TITLE_PT = 17
_MM_PER_PT = 0.3528
_SIZES_PT = (12, 11.5, 11, 10.5, 10, 9.5, 9, 8.5, 8, 7.5, 7)

_BYTES_PER_MB = 1_000_000
# What the servers of many a clinic and of the large providers take in one mail.
_MOST_BY_MAIL_MB = 20


@dataclass(frozen=True, slots=True)
class Handout:
    """One session as it is handed over.

    `timeline` has its outline, `link` is where it is on the web, or empty.
    """

    timeline: Timeline
    level: str = "standard"
    safety: str = ""
    link: str = ""


def page(one: Handout, mp3: bytes) -> bytes:
    """The page that plays: player, chapters, sheet and words, with the MP3 inside."""
    timeline, language = one.timeline, _language(one)
    script = _joined(assets.site("stage.js"), assets.handout("handout.js"))
    body = _part(
        "player.html",
        language,
        language=timeline.language,
        title=_title(timeline),
        facts=_facts(one),
        did=player_data.did(timeline, language),
        sound=Markup(base64.b64encode(mp3).decode("ascii")),
        seconds=timeline.duration_ms // MS_PER_SECOND,
        clock=ms_to_clock(timeline.duration_ms),
        chapters=joined(fill(_ENTRY, link=_link(at.start_ms, at.title)) for at in chapters(timeline)),
        sheet=_sheet(one, heading=2),
        words=_words(timeline),
        keys=key_list.dialog(language),
        timeline=templates.json_block(player_data.data(timeline)),
        script=Markup(script),
    )
    return _document(one, "with-player", body, script)


def too_large(name: str, size: int) -> str:
    """What is told of a page of so many bytes, where most mail servers would not take it; or nothing."""
    is_large = name.endswith(".html") and size > _MOST_BY_MAIL_MB * _BYTES_PER_MB
    return f"{name} is larger than most mails may be: hand it over as a file" if is_large else ""


def sheet(one: Handout) -> bytes:
    """The exercise sheet alone: on one page of A4 or letter paper for up to eight exercises."""
    return _document(one, "alone", fill("<main>\n$sheet</main>", sheet=_sheet(one, heading=1)), "")


# -- the document -------------------------------------------------------------------------------


def _document(one: Handout, kind: str, body: Markup, script: str) -> bytes:
    size = f"{_size_pt(one):g}pt"
    own = _joined(assets.site("stage.css"), assets.handout("handout.css"))
    style = palette.variables() + "\n" + own.replace("$size", size)
    document = _part(
        "handout.html",
        _language(one),
        policy=_policy(style, script),
        title=_title(one.timeline),
        style=Markup(style),
        kind=kind,
        body=body,
    )
    return document.encode("utf-8")


def _joined(*files: bytes) -> str:
    """The stage that the pages have as well, and then what is this page's own."""
    return b"\n".join(files).decode("utf-8")


def _policy(style: str, script: str) -> str:
    """What the page may do (W3C, Content Security Policy 3): its own style and script, and its own sound."""
    scripts = f"script-src {_digest(script)}; media-src data: blob:; " if script else ""
    return f"default-src 'none'; {scripts}style-src {_digest(style)}; base-uri 'none'; form-action 'none'"


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"


def _part(name: str, language: Language, /, **values: str | int) -> Markup:
    return templates.labelled(assets.handout(name).decode("utf-8"), language, **values)


def _link(start_ms: int, text: str) -> Markup:
    """A line or a chapter that is jumped to."""
    return fill(_LINE, seconds=start_ms // MS_PER_SECOND, time=cuesheet.time_tag(start_ms), text=text)


def _words(timeline: Timeline) -> Markup:
    """All that is said, folded as on the pages."""
    said = ((line.start_ms, _link(line.start_ms, line.text)) for line in lines(timeline))
    return cuesheet.folded(timeline, said, lambda group: group)


def _title(timeline: Timeline) -> str:
    return clean(timeline.title) or ms_to_clock(timeline.duration_ms)


def _facts(one: Handout) -> str:
    """`16 min · gentle · You need: a mat.`: length, level, equipment."""
    language, timeline = _language(one), one.timeline
    length = language.label("minutes_long", count=max(round(timeline.duration_ms / MS_PER_MINUTE), 1))
    things = language.traits.lists.join(timeline.equipment)
    needs = language.label("you_need", things=things) if things else ""
    return _BETWEEN.join(filter(None, (length, language.named("level", one.level), needs)))


def _language(one: Handout) -> Language:
    return wordings.nearest(one.timeline.language)


# -- the sheet ----------------------------------------------------------------------------------


def _sheet(one: Handout, heading: int) -> Markup:
    language = _language(one)
    return _part(
        "sheet.html",
        language,
        level=heading,
        language=one.timeline.language,
        title=_title(one.timeline),
        facts=_facts(one),
        safety=one.safety,
        code=_code(one.link, language) if one.link else Markup(),
        rows=joined(_row(exercise, name, heading + 1, language) for name, exercise in _in_sections(one)),
        closing=_closing(one.timeline, language),
    )


def _in_sections(one: Handout) -> Iterator[tuple[str, Exercise]]:
    """Each exercise with the name of the section that begins with it, or nothing."""
    before = ""
    for exercise in one.timeline.outline:
        name = exercise.section or ""
        yield "" if name in (before, exercise.name) else name, exercise
        before = name


def _closing(timeline: Timeline, language: Language) -> str:
    """The coach's own words after the last exercise, such as how often it is done."""
    last_ms = max((one.end_ms for one in timeline.intervals if one.kind in EXERCISES), default=0)
    said = (one for one in timeline.events if isinstance(one, Speech) and one.cue == "say")
    return language.traits.at_tone.read(" ".join(one.text for one in said if one.start_ms >= last_ms))


def _row(exercise: Exercise, section: str, level: int, language: Language) -> Markup:
    row = _part(
        "row.html",
        language,
        level=level,
        section=fill(_SECTION, name=section) if section else Markup(),
        name=exercise.name,
        dose=_BETWEEN.join(exercise.doses),
        terms=_terms(exercise, language),
        how=_how(exercise.how, _variant(exercise, language)),
        care=_care(exercise.care, language),
    )
    return Markup(row.rstrip())


def _variant(exercise: Exercise, language: Language) -> tuple[str, ...]:
    """`Easier: Hold behind your thigh`, where that is what is done."""
    told = (("told_easier", exercise.easier), ("told_harder", exercise.harder))
    return tuple(language.label(key, text=text) for key, text in told if text)


def _how(steps: Iterable[str], variant: Iterable[str]) -> Markup:
    shown = joined(
        (*(fill(_STEP, text=text) for text in steps), *(fill(_VARIANT, text=text) for text in variant))
    )
    return fill(_STEPS, steps=shown) if shown else Markup()


def _care(said: Iterable[str], language: Language) -> Markup:
    shown = joined(fill(_SAID, text=text) for text in said)
    return fill(_CARE, head=language.label("take_care"), said=shown) if shown else Markup()


def _terms(exercise: Exercise, language: Language) -> str:
    """`Sets: 3 · Sides: left, right · Rest: 0:40`."""
    between, repeats = language.traits.lists.between, max(exercise.sets, exercise.rounds) > 1
    sides = between.join(side_label(side, language) for side in exercise.sides)
    rows = (
        (language.label("sets"), str(exercise.sets) if exercise.sets > 1 else ""),
        (language.label("rounds"), str(exercise.rounds) if exercise.rounds > 1 else ""),
        (language.label("sides"), language.label("in_turn", sides=sides) if exercise.in_turn else sides),
        (language.label("ways"), between.join(exercise.ways)),
        (kind_name("rest", language), between.join(map(ms_to_clock, exercise.rests_ms)) if repeats else ""),
        (language.label("afterwards"), language.label("rest_until_ready") if exercise.waits else ""),
    )
    return _BETWEEN.join(language.label("labelled", name=name, value=value) for name, value in rows if value)


def _code(link: str, language: Language) -> Markup:
    """The address as a picture for cameras, and to be tapped. Black on white, also in the dark."""
    import segno  # 60 ms, and only with an address

    out = io.BytesIO()
    segno.make(link, micro=False).save(
        out, kind="svg", xmldecl=False, svgns=False, light="#fff", omitsize=True
    )
    told = language.label("listen_here")
    return fill(_CODE, picture=Markup(out.getvalue().decode("ascii").strip()), link=link, told=told)


def _size_pt(one: Handout) -> float:
    """The largest letters with which a sheet fits on a page, or the smallest there are."""
    language = _language(one)
    rows = [_columns(exercise, language) for exercise in one.timeline.outline]
    apart = [name for name, _ in _in_sections(one) if name] + [_closing(one.timeline, language)]

    def height_mm(size_pt: float) -> float:
        told_mm = _head_mm(one, size_pt) + _set_mm(apart, _HEAD_MM, size_pt) + len(apart) * _BETWEEN_MM
        return told_mm + sum(_row_mm(row, size_pt) for row in rows)

    return next((size for size in _SIZES_PT if height_mm(size) <= _ROOM_MM), _SIZES_PT[-1])


def _columns(exercise: Exercise, language: Language) -> tuple[tuple[str, ...], ...]:
    """The texts of a row, each of which begins a line."""
    head = (exercise.name, _BETWEEN.join(exercise.doses), _terms(exercise, language))
    return head, (*exercise.how, *_variant(exercise, language)), (language.label("take_care"), *exercise.care)


def _head_mm(one: Handout, size_pt: float) -> float:
    """What stands above the rows and below them."""
    told_mm = _set_mm((_title(one.timeline),), _HEAD_MM, _TITLE_PT)
    told_mm += _set_mm((_facts(one), one.safety), _HEAD_MM, size_pt)
    blanks_and_foot_mm = _set_mm((" ", " "), _HEAD_MM, size_pt)
    return max(told_mm, _CODE_MM if one.link else 0) + blanks_and_foot_mm + _AROUND_MM


def _row_mm(columns: tuple[tuple[str, ...], ...], size_pt: float) -> float:
    set_mm = (_set_mm(texts, wide_mm, size_pt) for texts, wide_mm in zip(columns, _COLUMNS_MM, strict=True))
    first_mm, *others_mm = set_mm
    return max(first_mm + _TICKS_MM, *others_mm) + _BESIDE_MM


def _set_mm(texts: Iterable[str], wide_mm: float, size_pt: float) -> float:
    """How high texts are in a column, each from a new line on."""
    em_mm = size_pt * _MM_PER_PT
    return sum(ceil(len(text) * _LETTER_EM * em_mm / wide_mm) for text in texts) * _LINE_EM * em_mm
