"""A sentence that was recorded on the page: kept in a voice of recordings, which the routine then has."""

from __future__ import annotations

import base64
import binascii
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiocoach.coaching.sentences import sentences
from audiocoach.errors import InputError, Problem, SoundError, whole
from audiocoach.making.recording import keep_one
from audiocoach.records import dataclass
from audiocoach.studio.desk.requests import edit_record, required, wrong
from audiocoach.studio.edits.document import applied
from audiocoach.studio.edits.edit import Set, edit
from audiocoach.voice import recordings
from audiocoach.voice.recordings import ENGINE, Beside

if TYPE_CHECKING:
    from audiocoach.coaching.timeline import Speech
    from audiocoach.studio.origins import Laid, Reader

    Json = dict[str, Any]

_NOT_HEARD = "these words are not heard any more: choose them again"


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Which sentence of which words, in whose voice."""

    words: str
    at_ms: int
    part: int
    voice: str


def voices_of(laid: Laid, words: str, at_ms: int) -> Json:
    """What a page must know to record words: their sentences, and the recorded voices that there are."""
    speech = laid.said(words, at_ms)
    if speech is None:
        return {"sentences": [], "voice": None, "voices": []}
    voice = speech.utterance.voice
    return {
        "sentences": [one.text for one in sentences(speech.utterance)],
        "voice": voice.name if voice.engine == ENGINE else None,
        "voices": list(recordings.names()),
    }


def taken(reader: Reader, body: Json) -> Json:
    """Keep a recording; the answer has the edits with which the routine speaks in that voice.

    Raises:
        InputError: nobody speaks in it, it cannot be read, or its words are not heard.
        RefusedError: no voice can have this name.
        StorageError: it cannot be kept.
    """
    text = required(body, "text", str)
    wanted = _Wanted(
        *(required(body, "words", str), required(body, "at_ms", int), required(body, "part", int)),
        required(body, "voice", str).strip(),
    )
    laid = reader.lay(text)
    before = _said(laid, wanted)
    edits = _edits(before, wanted)
    after = _said(reader.lay(applied(text, edit(text, edits))), wanted) if edits else before
    if after.utterance.voice.engine != ENGINE:
        at = after.position
        message = f"another voice is named for the part with line {at.line}: change that one in the text"
        raise InputError(Problem(at, message))
    name = after.utterance.voice.name
    sentence = _sentence(after, wanted.part)
    _keep(required(body, "sound", str), sentence, name, _beside(laid, before))
    return {"voice": name, "sentence": sentence, "edits": [edit_record(one) for one in edits]}


def _said(laid: Laid, wanted: _Wanted) -> Speech:
    speech = laid.said(wanted.words, wanted.at_ms)
    if speech is None:
        raise InputError(Problem(whole("request"), _NOT_HEARD))
    return speech


def _edits(before: Speech, wanted: _Wanted) -> tuple[Set, ...]:
    if before.utterance.voice.engine == ENGINE:
        return ()
    recordings.folder_of(wanted.voice)
    return Set(("voice", "engine"), ENGINE), Set(("voice", "name"), wanted.voice)


def _sentence(speech: Speech, part: int) -> str:
    parts = sentences(speech.utterance)
    if not 0 <= part < len(parts):
        raise wrong(f"part to be below {len(parts)}")
    return parts[part].text


def _beside(laid: Laid, before: Speech) -> Beside:
    """Who was named until now speaks on what is not recorded; else the usual voice of the language does."""
    voice = before.utterance.voice
    is_named = laid.session.routine.settings.voice is not None and voice.engine != ENGINE
    return Beside(voice.engine, voice.name) if is_named else Beside()


def _keep(sound: str, sentence: str, name: str, beside: Beside) -> None:
    try:
        data = base64.b64decode(sound, validate=True)
    except binascii.Error as error:
        raise wrong("sound in base64") from error
    with tempfile.TemporaryDirectory(prefix="audiocoach-take-") as folder:
        path = Path(folder, "take")
        path.write_bytes(data)
        try:
            keep_one(path, sentence, recordings.folder_of(name), beside)
        except SoundError as error:
            message = "this recording cannot be read: record it once more"
            raise InputError(Problem(whole("request"), message)) from error
