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
from audiocoach.publish import cuesheet, palette, player_data, templates
from audiocoach.publish.chapters import chapters
from audiocoach.publish.labels import kind_name, side_label
from audiocoach.publish.templates import Markup, fill, joined
from audiocoach.publish.transcript import lines
from audiocoach.records import dataclass
from audiocoach.routine import wordings
from audiocoach.sound.tags import clean
from audiocoach.units import MS_PER_MINUTE, MS_PER_SECOND, ms_to_clock

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audiocoach.coaching.outline import Exercise
    from audiocoach.coaching.timeline import Timeline
    from audiocoach.language.language import Language

_LINE = '<a href="#t=$seconds">$time <span dir="auto">$text</span></a>'
_ENTRY = "<li>$link</li>"
_STEP = '<li dir="auto">$text</li>'
_STEPS = '<ol class="how">\n$steps\n</ol>'
_CARE = '<div class="care">\n<p><b>$head</b></p>\n$said\n</div>'
_SAID = '<p dir="auto">$text</p>'
_CODE = '<div class="code">\n$picture\n<a href="$link">$told</a>\n</div>'

# On paper: a letter sheet is the shorter one, A4 the narrower. What is known of a sheet before it is set: how
# high it is less its head, how wide its columns are, and how wide a letter and how high a line is, in ems.
_ROOM_MM = 205
_COLUMNS_MM = (46, 82, 43)
_LETTER_EM, _LINE_EM = 0.52, 1.3
_BESIDE_MM, _TICKS_MM = 4, 8
_MM_PER_PT = 0.3528
_SIZES_PT = (12, 11.5, 11, 10.5, 10, 9.5, 9, 8.5, 8, 7.5, 7)


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
    script = assets.handout("handout.js").decode("utf-8")
    body = _part(
        "player.html",
        language,
        language=timeline.language,
        title=_title(timeline),
        facts=_facts(one),
        sound=Markup(base64.b64encode(mp3).decode("ascii")),
        seconds=timeline.duration_ms // MS_PER_SECOND,
        clock=ms_to_clock(timeline.duration_ms),
        chapters=joined(fill(_ENTRY, link=_link(at.start_ms, at.title)) for at in chapters(timeline)),
        sheet=_sheet(one, heading=2),
        words=joined(_link(line.start_ms, line.text) for line in lines(timeline)),
        timeline=templates.json_block(player_data.data(timeline)),
        script=Markup(script),
    )
    return _document(one, "with-player", body, script)


def sheet(one: Handout) -> bytes:
    """The exercise sheet alone: on one page of A4 or letter paper for up to eight exercises."""
    return _document(one, "alone", fill("<main>\n$sheet</main>", sheet=_sheet(one, heading=1)), "")


# -- the document -------------------------------------------------------------------------------


def _document(one: Handout, kind: str, body: Markup, script: str) -> bytes:
    size = f"{_size_pt(one.timeline.outline):g}pt"
    style = palette.variables() + "\n" + assets.handout("handout.css").decode("utf-8").replace("$size", size)
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


def _title(timeline: Timeline) -> str:
    return clean(timeline.title) or ms_to_clock(timeline.duration_ms)


def _facts(one: Handout) -> str:
    """`16 min · gentle · You need: a mat.`: length, level, equipment."""
    language, timeline = _language(one), one.timeline
    length = language.label("minutes_long", count=max(round(timeline.duration_ms / MS_PER_MINUTE), 1))
    things = language.traits.lists.join(timeline.equipment)
    needs = language.label("you_need", things=things) if things else ""
    return " · ".join(filter(None, (length, language.named("level", one.level), needs)))


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
        rows=joined(_row(exercise, heading + 1, language) for exercise in one.timeline.outline),
    )


def _row(exercise: Exercise, level: int, language: Language) -> Markup:
    row = _part(
        "row.html",
        language,
        level=level,
        name=exercise.name,
        dose=", ".join(exercise.doses),
        terms=_terms(exercise, language),
        how=_how(exercise.how),
        care=_care(exercise.care, language),
    )
    return Markup(row.rstrip())


def _how(steps: Iterable[str]) -> Markup:
    shown = joined(fill(_STEP, text=text) for text in steps)
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
    )
    return " · ".join(language.label("labelled", name=name, value=value) for name, value in rows if value)


def _code(link: str, language: Language) -> Markup:
    """The address as a picture for cameras, and to be tapped. Black on white, also in the dark."""
    import segno  # 60 ms, and only with an address

    out = io.BytesIO()
    segno.make(link, micro=False).save(
        out, kind="svg", xmldecl=False, svgns=False, light="#fff", omitsize=True
    )
    told = language.label("listen_here")
    return fill(_CODE, picture=Markup(out.getvalue().decode("ascii").strip()), link=link, told=told)


def _size_pt(exercises: Iterable[Exercise]) -> float:
    """The largest letters with which the rows fit on a page, or the smallest there are."""
    rows = [(_head_of(one), " ".join(one.how), " ".join(one.care)) for one in exercises]
    fitting = (size for size in _SIZES_PT if sum(_height_mm(row, size) for row in rows) <= _ROOM_MM)
    return next(fitting, _SIZES_PT[-1])


def _head_of(one: Exercise) -> str:
    return " ".join((one.name, *one.doses))


def _height_mm(row: tuple[str, str, str], size_pt: float) -> float:
    em_mm = size_pt * _MM_PER_PT
    spare = (1, 2, 2)  # lines that are begun, or stand by themselves
    rows = [
        ceil(len(text) * _LETTER_EM * em_mm / wide) + more
        for text, wide, more in zip(row, _COLUMNS_MM, spare, strict=True)
    ]
    first, *others = (count * _LINE_EM * em_mm for count in rows)
    return max(first + _TICKS_MM, *others) + _BESIDE_MM
