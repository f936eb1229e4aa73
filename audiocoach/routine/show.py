"""The show: what `audiocoach.yaml` beside the routines says of the feed that they make together.

In: a path, and the names of the routines beside it. Out: a `Show`; all that does not fit is told in one run.
"""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import normalize
from urllib.parse import urlsplit

from audiocoach import assets
from audiocoach.errors import InputError, Position, Problem, quote, whole
from audiocoach.records import dataclass
from audiocoach.routine import values
from audiocoach.routine.diagnostics import Diagnostics, did_you_mean
from audiocoach.routine.form import Field, Form
from audiocoach.routine.formats import FORMATS, STEREO
from audiocoach.routine.show_sound import FILE, ShowSound
from audiocoach.routine.source import Mapping, Scalar, Sequence, compose, is_empty, read_text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from audiocoach.routine.model import FormatName
    from audiocoach.routine.source import Node

NAME = FILE
# What Apple takes of a channel's description.
MAX_DESCRIPTION_BYTES = 4000
DEFAULT_CATEGORY = ("Health & Fitness", "Fitness")
# iCalendar's letters (RFC 5545 §3.3.10), in the order of a week.
DAYS = {
    "monday": "MO",
    "tuesday": "TU",
    "wednesday": "WE",
    "thursday": "TH",
    "friday": "FR",
    "saturday": "SA",
    "sunday": "SU",
}

_PICTURES = frozenset({".jpg", ".jpeg", ".png"})
_LETTER = r"(?:[\w.~!$&'()*+,;=:@-]|%[0-9a-f]{2})"
_ADDRESS = re.compile(
    rf"https?://(?:[a-z0-9][a-z0-9.-]*|\[[0-9a-f:.]+\])(?::\d{{1,5}})?(?:/{_LETTER}*)*",
    re.ASCII | re.IGNORECASE,
)
# What a page's address may have behind its path, and a folder's may not (RFC 3986, 3.4 and 3.5).
_QUERY = rf"(?:\?(?:{_LETTER}|[/?])*)?(?:#(?:{_LETTER}|[/?])*)?"
_EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.ASCII | re.IGNORECASE)
_LICENSE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,127}", re.IGNORECASE)
_SHORT_DAY = 3


@dataclass(frozen=True, slots=True)
class Show:
    """A feed's own words.

    `base_url` ends with a slash, None where nobody has said yet. `order` names routines (their files'
    names without `.yaml`) that come first, in play order; the others follow by name. `cover` is the
    path of the author's own picture, from this file's folder. `days` are iCalendar's letters, in the
    order of a week. `license` is a name such as `cc-by-4.0`, or the address of its text. `formats` are the
    files that sessions come in whose routines do not say, `stereo` whether sides are heard in them, and
    `keep_awake` whether noise that nobody hears lies in their silence.
    """

    position: Position
    title: str
    author: str
    description: str
    language: str
    category: tuple[str, ...]
    base_url: str | None
    is_private: bool
    is_serial: bool
    order: tuple[str, ...]
    email: str | None
    cover: str | None
    days: tuple[str, ...] = ()
    is_complete: bool = False
    license: str | None = None
    formats: tuple[FormatName, ...] = ()
    stereo: bool | None = None
    keep_awake: bool = True


def read_show(path: Path, routines: Collection[str]) -> tuple[Show, tuple[Problem, ...]]:
    """The show, and what was noticed on the way. `routines` are the names that `order` may hold.

    Raises:
        InputError: every problem of the file, sorted by place; or there is none.
    """
    shown = str(path)
    if not os.path.lexists(path):
        raise InputError(Problem(Position(shown, 1, 1), _how_to_make(path), code="missing-show"))
    diagnostics = Diagnostics()
    try:
        node = compose(read_text(path, shown)[0], shown, diagnostics, "a show")
    except InputError as error:
        raise InputError(*error.problems, *diagnostics.problems) from error
    show = _show(node, diagnostics, path.parent, routines)
    warnings = diagnostics.close()
    if show is None:
        raise InputError(Problem(Position(shown, 1, 1), "expected a show, found nothing", code="empty-file"))
    return show, warnings


def read_sound(path: Path, given: str | None = None) -> ShowSound:
    """What it says of sound and of files, or a text in its place; what a feed needs beside may be missing.

    Raises:
        InputError: its YAML cannot be read, it has a field that there is not, or one of these does not fit.
    """
    shown, diagnostics = str(path), Diagnostics()
    try:
        node = compose(read_text(path, shown, given)[0], shown, diagnostics, "a show")
    except InputError as error:
        if {problem.code for problem in error.problems} == {"empty-file"}:
            # It only marks the folder of a project, with a comment perhaps.
            return ShowSound()
        raise InputError(*error.problems, *diagnostics.problems) from error
    form = _form(node, diagnostics)
    found = ShowSound() if form is None else _sound(form)
    diagnostics.close()
    return found


def stand_in(routine: Path) -> Show:
    """The show of one routine that is looked at by itself, under its file's name."""
    return Show(
        position=whole(routine),
        title=routine.stem,
        author="",
        description="",
        language=assets.DEFAULT_LANGUAGE,
        category=DEFAULT_CATEGORY,
        base_url=None,
        is_private=True,
        is_serial=False,
        order=(),
        email=None,
        cover=None,
    )


def base_address(text: str) -> str | None:
    """The address of a folder on the web, with a slash at its end; None where the text is none."""
    if not _ADDRESS.fullmatch(text) or text.endswith(".xml"):
        return None
    try:
        urlsplit(text).port  # noqa: B018 - it is looked at here, and nowhere else
    except ValueError:
        return None
    return text if text.endswith("/") else f"{text}/"


def page_address(text: str) -> str | None:
    """The address of a page on the web, as it is; None where the text is none."""
    is_one = re.fullmatch(f"{_ADDRESS.pattern}{_QUERY}", text, re.ASCII | re.IGNORECASE)
    return text if is_one and base_address(re.split("[?#]", text)[0]) else None


def _how_to_make(path: Path) -> str:
    lines = (r"title: Ten minutes for your back\n", r"author: Your Name\n", r"description: At home.\n")
    command = f"printf '{''.join(lines)}' > {shlex.quote(str(path))}"
    return f"there is no such file: a feed needs its title, author and description there: {command}"


# -- the readers of single fields ---------------------------------------------------------------


def _description(node: Node, diagnostics: Diagnostics) -> str | None:
    text = values.paragraph(node, diagnostics)
    size_bytes = len(text.encode("utf-8")) if text else 0
    if size_bytes <= MAX_DESCRIPTION_BYTES and text != "":
        return text
    expected = f"from 1 to {MAX_DESCRIPTION_BYTES:,} bytes of text"
    return diagnostics.error(node.position, f"expected {expected}, found {size_bytes:,}")


def _matching(pattern: re.Pattern[str], what: str) -> Callable[[Node, Diagnostics], str | None]:
    def read(node: Node, diagnostics: Diagnostics) -> str | None:
        text = node.text.strip() if isinstance(node, Scalar) else ""
        if pattern.fullmatch(text):
            return text
        return diagnostics.error(node.position, f"expected {what}, found {values.shown(node)}")

    return read


def _base_url(node: Node, diagnostics: Diagnostics) -> str | None:
    address = base_address(node.text.strip()) if isinstance(node, Scalar) else None
    if address is None:
        what = "the address of the folder that the site will stand in, such as https://example.org/back/"
        diagnostics.error(node.position, f"expected {what}, found {values.shown(node)}")
    return address


def _language(node: Node, diagnostics: Diagnostics) -> str | None:
    """Two letters, and two more for the region: what Apple takes; or a language that we have."""
    terms = assets.podcast_terms()
    text = node.text.strip().lower() if isinstance(node, Scalar) else ""
    language, dash, region = text.partition("-")
    is_known = language in terms.languages or language in assets.languages()
    if is_known and (region in terms.regions if dash else not region):
        return text
    what = "the code of a language such as en, or of one in a region such as en-gb"
    return diagnostics.error(node.position, f"expected {what}, found {values.shown(node)}")


def _category(node: Node, diagnostics: Diagnostics) -> tuple[str, ...] | None:
    table = assets.podcast_terms().categories
    text = values.label(node, diagnostics)
    if text is None:
        return None
    found = tuple(part.strip() for part in text.split(">"))
    if found[0] in table and (len(found) == 1 or found[1:] in {(one,) for one in table[found[0]]}):
        return found
    message = f"there is no category {values.shown(node)} in Apple's list"
    return diagnostics.error(node.position, message + _near_category(text, *found), "unknown-category")


def _near_category(text: str, *parts: str) -> str:
    """A category whose narrower name is this one, else one that is written like it, else what there is."""
    table = assets.podcast_terms().categories
    whole = [f"{wide} > {one}" for wide in table for one in table[wide]]
    same = [name for name in whole if name.lower().endswith(f"> {parts[-1].lower()}")]
    hint = f'; did you mean "{same[0]}"?' if same else did_you_mean(text, (*whole, *table))
    return hint if "mean" in hint else f"; known: {', '.join(table)}"


def _days(node: Node, diagnostics: Diagnostics) -> tuple[str, ...] | None:
    words = values.texts(node, diagnostics)
    if words is None:
        return None
    if words == ("daily",):
        return tuple(DAYS.values())
    named = {day: code for day, code in DAYS.items() if {day, day[:_SHORT_DAY]} & _lower(words)}
    if len(named) == len(words) > 0:
        return tuple(named.values())
    what = "different days of the week, such as [mon, wed, fri], or daily"
    return diagnostics.error(node.position, f"expected {what}, found {quote(', '.join(words))}")


def _lower(words: tuple[str, ...]) -> set[str]:
    return {word.lower() for word in words}


def _names(node: Node, diagnostics: Diagnostics) -> tuple[Scalar, ...] | None:
    """Routines in a list, or with commas between them on one line; each keeps its place."""
    if isinstance(node, Scalar):
        parts = [part.strip() for part in node.text.split(",") if part.strip()]
        return tuple(Scalar(part, node.place(part), part, quoted=True, tail="") for part in parts)
    what = "a list of routines such as [day-1, day-2]"
    if not isinstance(node, Sequence):
        return diagnostics.error(node.position, f"expected {what}, found {values.shown(node)}")
    names = [item for item in node.items if isinstance(item, Scalar) and not is_empty(item)]
    for item in node.items:
        if item not in names:
            diagnostics.error(item.position, f"expected the name of a routine, found {values.shown(item)}")
    return tuple(names)


TITLE = Field("title", values.label)
AUTHOR = Field("author", values.label)
DESCRIPTION = Field("description", _description)
LANGUAGE = Field("language", _language)
CATEGORY = Field("category", _category)
BASE_URL = Field("base_url", _base_url)
ACCESS = Field("access", values.choice("public", "private"))
SESSIONS = Field("sessions", values.choice("single", "serial"))
ORDER = Field("order", _names)
DAYS_FIELD = Field("days", _days)
COMPLETE = Field("complete", values.choice("yes", "no"))
EMAIL = Field("email", _matching(_EMAIL, "an address such as coach@example.org"))
COVER = Field("cover", values.label)
LICENSE = Field(
    "license",
    _matching(
        re.compile(f"{_LICENSE.pattern}|{_ADDRESS.pattern}{_QUERY}", re.ASCII | re.IGNORECASE),
        "a name such as cc-by-4.0, or the address of your own terms",
    ),
)
KEEP_AWAKE = Field("keep_awake", values.on_off)
SHOW_FIELDS: tuple[Field[Any], ...] = (
    *(TITLE, AUTHOR, DESCRIPTION, LANGUAGE, CATEGORY, BASE_URL, ACCESS),
    *(SESSIONS, ORDER, DAYS_FIELD, COMPLETE, EMAIL, COVER, LICENSE, FORMATS, STEREO, KEEP_AWAKE),
)


# -- what they become ---------------------------------------------------------------------------


def _show(
    node: Node | None, diagnostics: Diagnostics, folder: Path, routines: Collection[str]
) -> Show | None:
    form = _form(node, diagnostics)
    if form is None:
        return None
    sound = _sound(form)
    form.require("title", "title: Ten minutes for your back")
    form.require("author", "author: Your Name")
    form.require("description", "description: Short sessions at home.")
    return Show(
        position=form.position,
        title=form.take(TITLE) or "",
        author=form.take(AUTHOR) or "",
        description=form.take(DESCRIPTION) or "",
        language=form.take(LANGUAGE) or assets.DEFAULT_LANGUAGE,
        category=form.take(CATEGORY) or DEFAULT_CATEGORY,
        base_url=form.take(BASE_URL),
        is_private=form.take(ACCESS) == "private",
        is_serial=form.take(SESSIONS) == "serial",
        order=tuple(_order(form.take(ORDER) or (), diagnostics, routines)),
        email=form.take(EMAIL),
        cover=_cover(form, diagnostics, folder),
        days=form.take(DAYS_FIELD) or (),
        is_complete=form.take(COMPLETE) == "yes",
        license=form.take(LICENSE),
        formats=sound.formats,
        stereo=sound.stereo,
        keep_awake=sound.keep_awake,
    )


def _form(node: Node | None, diagnostics: Diagnostics) -> Form | None:
    """The fields of a show; None where there are none, which is told where something else stands there."""
    if node is None:
        return None
    if not isinstance(node, Mapping):
        return diagnostics.error(
            node.position, f"expected a show with fields such as title, found {values.shown(node)}"
        )
    return Form(node, "a show", SHOW_FIELDS, diagnostics)


def _sound(form: Form) -> ShowSound:
    return ShowSound(
        formats=form.take(FORMATS) or (),  # type: ignore[arg-type]
        stereo=form.take(STEREO),
        keep_awake=form.take(KEEP_AWAKE) is not False,
    )


def _order(names: tuple[Scalar, ...], diagnostics: Diagnostics, routines: Collection[str]) -> list[str]:
    """The routines that are named, each once; a file's name may be composed otherwise than it is typed."""
    composed = {normalize("NFC", name): name for name in routines}
    seen: dict[str, Scalar] = {}
    for name in names:
        found = name.text if name.text in routines else composed.get(normalize("NFC", name.text))
        if found is None:
            near, fix = diagnostics.did_you_mean(name.text, routines)
            diagnostics.error(
                name.position, f"unknown routine {values.shown(name)}{near}", "unknown-routine", fix
            )
        elif found in seen:
            first = seen[found].position.line
            diagnostics.error(
                name.position, f"{values.shown(name)} stands twice: first in line {first}", "doubled-routine"
            )
        else:
            seen[found] = name
    return list(seen)


def _cover(form: Form, diagnostics: Diagnostics, folder: Path) -> str | None:
    written, node = form.take(COVER), form.node("cover")
    if written is None or node is None:
        return None
    path = folder / written
    inside = Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))
    if path.suffix.lower() not in _PICTURES or ":" in written or not inside:
        what = f"a picture beside {NAME}, such as cover.jpg or cover.png"
        return diagnostics.error(node.position, f"expected {what}, found {quote(written)}")
    if not path.is_file():
        return diagnostics.error(
            node.position, f"there is no file {quote(written)} beside {NAME}", "unusable-picture"
        )
    return written
