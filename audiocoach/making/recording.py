"""One long recording of a sheet becomes a recorded voice: listen, cut, and keep what was cut."""

from __future__ import annotations

import math
import re
import statistics
import wave
from functools import lru_cache
from typing import TYPE_CHECKING

from audiocoach.coaching.estimate import estimate_ms
from audiocoach.coaching.timeline import Utterance
from audiocoach.errors import InputError, Problem, whole
from audiocoach.making.cut_list import Cut, CutList, Unused
from audiocoach.making.reading import Line
from audiocoach.records import dataclass, replace
from audiocoach.routine.voice import Voice
from audiocoach.store.files import prepare_folder, replacing
from audiocoach.units import SAMPLE_BYTES, SAMPLE_RATE_HZ, SAMPLES_PER_MS
from audiocoach.voice import decode, recordings
from audiocoach.voice.cutting import alike, passages
from audiocoach.voice.cutting.align import Expected, align
from audiocoach.voice.recordings import INDEX, Recordings, file_name, normal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from audiocoach.voice.cutting.align import Aligned, Step
    from audiocoach.voice.cutting.passages import Passage
    from audiocoach.voice.recordings import Beside

_PAUSE = re.compile(r"[,;:.!?\u2013\u2014] ")
_RUMBLE = ("highpass", {"frequency": "70"})
_SURE = 0.85
_SHORT, _LONG, _SLACK_MS = 0.6, 1.7, 150
_QUIET_DB = 12.0
_CLIPPED_PEAK = 32_000
_GUARD_MS = 40
_SILENT_DB = -50.0
_BYTES_PER_MS = SAMPLES_PER_MS * SAMPLE_BYTES
_WHY = {"line": "an earlier take", "again": "an earlier take", "slip": "broken off", "noise": "no line"}


@dataclass(frozen=True, slots=True)
class _Heard:
    """What an alignment found: a step, time, level and peak of its passages, and how sure it is."""

    step: Step
    start_ms: int
    end_ms: int
    level_db: float
    peak: int
    share: float


def find_cuts(path: Path, lines: Sequence[Line]) -> CutList:
    """Listen to a recording of these lines, read in their order: the last take of each counts.

    Raises:
        SoundError: the recording cannot be read.
        InputError: nobody speaks in it.
    """
    samples = b"".join(decode.blocks(path, passages.RATE_HZ, (_RUMBLE,)))
    spoken = passages.passages(passages.levels_db(samples))
    if not spoken:
        raise InputError(Problem(whole(path), "expected somebody who reads the sheet, found no voice"))
    aligned = _aligned(samples, spoken, lines)
    peaks = [passages.peak(samples, one) for one in spoken]
    heard = [_heard(spoken, peaks, step, share) for step, share in aligned.steps if step.last > step.first]
    return _list(heard, lines, aligned.tempo)


def _aligned(samples: bytes, spoken: Sequence[Passage], lines: Sequence[Line]) -> Aligned:
    bands = passages.bands_db(samples)
    beginnings = [alike.beginning(bands, one, passages.STEP_MS) for one in spoken]
    expected = [Expected(line.text, _read_ms(line), len(_PAUSE.findall(line.text))) for line in lines]
    distance = lru_cache(None)(lambda one, other: alike.distance(beginnings[one], beginnings[other]))
    return align(spoken, expected, distance)


def _read_ms(line: Line) -> int:
    return estimate_ms(Utterance(line.text, Voice()))


def _heard(spoken: Sequence[Passage], peaks: Sequence[int], step: Step, share: float) -> _Heard:
    of_step = slice(step.first, step.last)
    own = spoken[of_step]
    level_db = max(one.peak_db for one in own)
    return _Heard(step, own[0].start_ms, own[-1].end_ms, level_db, max(peaks[of_step]), share)


def _list(heard: Sequence[_Heard], lines: Sequence[Line], tempo: float) -> CutList:
    takes = {one.step.line: one for one in heard if one.step.kind in {"line", "again"}}
    usual_db = statistics.median([one.level_db for one in takes.values()] or [0.0])
    cuts = [
        Cut(
            lines[line - 1],
            one.start_ms,
            one.end_ms,
            tuple(_doubts(one, tempo * _read_ms(lines[line - 1]), usual_db)),
        )
        for line, one in takes.items()
    ]
    missing = tuple(line for at, line in enumerate(lines, start=1) if at not in takes)
    return CutList(
        tuple(sorted(cuts, key=lambda cut: cut.start_ms)),
        tuple(_unused(one, lines) for one in heard if one not in takes.values()),
        missing,
    )


def _doubts(one: _Heard, expected_ms: float, usual_db: float) -> Iterator[str]:
    lasts_ms = one.end_ms - one.start_ms
    if one.share < _SURE:
        yield f"it may be another line ({math.floor(one.share * 10)} in 10 that it is this one)"
    if lasts_ms < _SHORT * expected_ms - _SLACK_MS:
        yield "it is short for the line: is it whole?"
    if lasts_ms > _LONG * expected_ms + _SLACK_MS:
        yield "it is long for the line: is more in it?"
    if one.level_db < usual_db - _QUIET_DB:
        yield "it is far quieter than the rest"
    if one.peak >= _CLIPPED_PEAK:
        yield "it is too loud and clipped"


def _unused(one: _Heard, lines: Sequence[Line]) -> Unused:
    kind = one.step.kind
    # A line that was broken off was not done yet.
    line = one.step.line + 1 if kind == "slip" else one.step.line
    number = lines[line - 1].number if kind != "noise" and 0 < line <= len(lines) else 0
    return Unused(number, one.start_ms, one.end_ms, _WHY[kind])


def keep(path: Path, listed: CutList, folder: Path) -> Recordings:
    """Cut the recording, and put what was cut into a voice's folder; the index is written last.

    A sentence that was recorded before is replaced, all others stay.

    Raises:
        SoundError: the recording cannot be read, or ends before a cut does.
        StorageError: the folder cannot be written.
        EngineError: there is an index in it that cannot be read.
    """
    try:
        before = recordings.read(folder)
    except FileNotFoundError:
        before = Recordings(folder)
    prepare_folder(folder)
    for cut, samples in _pieces(path, listed.cuts):
        _write(folder / file_name(cut.line.text), samples)
    new = {normal(cut.line.text): (cut.line.text, file_name(cut.line.text)) for cut in listed.cuts}
    old = {normal(text): (text, file) for text, file in before.sentences}
    after = replace(before, sentences=tuple({**old, **new}.values()))
    with replacing(folder / INDEX) as (file,):
        file.write(recordings.index_of(after))
    return after


def keep_one(path: Path, text: str, folder: Path, beside: Beside) -> None:
    """Put a recording of one sentence into a voice's folder, without what is quiet before it and after it.

    `beside` speaks what is missing where there is no such voice yet.

    Raises:
        InputError: nobody speaks in it.
        SoundError: the recording cannot be read.
        StorageError: the folder cannot be written.
        EngineError: there is an index in it that cannot be read.
    """
    levels = passages.levels_db(b"".join(decode.blocks(path, passages.RATE_HZ, (_RUMBLE,))))
    spoken = passages.passages(levels)
    if not spoken and max(levels, default=_SILENT_DB) <= _SILENT_DB:
        raise InputError(
            Problem(whole(path), "expected somebody who speaks, heard nothing: is the microphone on?")
        )
    # Who speaks from end to end leaves no silence to be told from.
    whole_ms = len(levels) * passages.STEP_MS
    start_ms, end_ms = (spoken[0].start_ms, spoken[-1].end_ms) if spoken else (0, whole_ms)
    if not (folder / INDEX).exists():
        prepare_folder(folder)
        with replacing(folder / INDEX) as (file,):
            file.write(recordings.index_of(Recordings(folder, beside=beside)))
    keep(path, CutList((Cut(Line(1, text), start_ms, end_ms),)), folder)


def _pieces(path: Path, cuts: Sequence[Cut]) -> Iterator[tuple[Cut, bytes]]:
    """Each cut with its sound and a little of what is around it. Cuts come by their start."""
    buffer, offset, waiting = bytearray(), 0, list(cuts)
    for block in decode.blocks(path):
        buffer += block
        while waiting and _span(waiting[0])[1] <= offset + len(buffer):
            cut = waiting.pop(0)
            start, end = _span(cut)
            yield cut, bytes(buffer[max(0, start - offset) : end - offset])
        # Cuts that overlap may need what was needed before.
        unneeded = _span(waiting[0])[0] - offset if waiting else len(buffer)
        unneeded = max(0, min(unneeded, len(buffer)))
        del buffer[:unneeded]
        offset += unneeded
    for cut in waiting:
        start, _ = _span(cut)
        piece = bytes(buffer[max(0, start - offset) :])
        if not piece:
            message = (
                f"it ends before {cut.start_ms / 1000:.3f} s, where line {cut.line.number} is said to be"
            )
            raise InputError(Problem(whole(path), message))
        yield cut, piece


def _span(cut: Cut) -> tuple[int, int]:
    """Where its bytes lie."""
    return max(0, cut.start_ms - _GUARD_MS) * _BYTES_PER_MS, (cut.end_ms + _GUARD_MS) * _BYTES_PER_MS


def _write(path: Path, samples: bytes) -> None:
    with replacing(path) as (file,), wave.open(file, "wb") as wav:
        wav.setparams((1, SAMPLE_BYTES, SAMPLE_RATE_HZ, 0, "NONE", ""))
        wav.writeframes(samples)
