"""Whether an output folder holds what its manifest says: each file whole, each sound in its place.

Nothing is believed that can be looked at: files are digested again, the sound is walked and decoded
to its end, and what is heard is held against the timeline that stands beside it.
"""

from __future__ import annotations

import hashlib
import json
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from audiocoach import regular
from audiocoach.coaching.schedule import FIRST_WORD_MS
from audiocoach.coaching.timeline import Speech, Tone
from audiocoach.errors import MALFORMED, BuildError, SoundError, printable, records
from audiocoach.making.both_sides import StereoMeter
from audiocoach.making.meter import Meter
from audiocoach.publish import timeline_json
from audiocoach.records import dataclass
from audiocoach.sound import awake, hearing, lean
from audiocoach.sound.containers import container_of, is_sound, with_sides_of
from audiocoach.sound.hearing import Heard, Stretch
from audiocoach.store.manifest import known
from audiocoach.store.place import MANIFEST
from audiocoach.units import (
    MS_PER_MINUTE,
    MS_PER_SECOND,
    SAMPLES_PER_MS,
    ms_to_clock,
    ms_to_samples,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from concurrent.futures import Executor
    from pathlib import Path

    from audiocoach.coaching.timeline import Event, Timeline
    from audiocoach.errors import AudiocoachError
    from audiocoach.sound.container import AnyContainer
    from audiocoach.store.manifest import File, ManifestEntry
    from audiocoach.store.recipe import Level
    from audiocoach.workers.progress import Progress

_CHUNK_BYTES = 1 << 20
_STAGE = "files"
# Of full scale: higher ones are cut off by what plays them.
_HIGHEST_DB = -1.0
_PLACES = {"": "in the middle", "left": "on the left", "right": "on the right"}


class NothingBuiltError(BuildError):
    """There is no manifest: this is no output folder."""

    exit_status = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a file; `at_ms` says where in the sound, where it has a place there."""

    file: str
    message: str
    at_ms: int | None = None

    def __str__(self) -> str:
        place = "" if self.at_ms is None else f" at {_exact(self.at_ms)}"
        return f"{self.file}: {self.message}{place}"


@dataclass(frozen=True, slots=True)
class Verified:
    """One session, how loud each of its sounds is, its MP3 first, and all that is wrong with it."""

    file: str
    duration_ms: int
    findings: tuple[Finding, ...]
    levels: tuple[tuple[str, Level], ...] = ()


def verify(folder: Path, makers: Executor, progress: Progress) -> list[Verified]:
    """Prove every session that the folder's manifest names.

    Raises:
        NothingBuiltError: it has no manifest.
        StorageError: its manifest cannot be read.
    """
    entries = _entries(folder)
    progress.expect(_STAGE, len(entries))
    futures = [makers.submit(prove, folder, entry) for entry in entries]
    found = []
    for future in futures:
        future.exception()
        progress.advance(_STAGE)
        found.append(future.result())
    return found


def _entries(folder: Path) -> list[ManifestEntry]:
    entries = known(folder)
    if entries is None:
        raise NothingBuiltError(f"{folder}: nothing was built here: there is no {MANIFEST}")
    return [entry for _, entry in sorted(entries.items())]


def prove(folder: Path, entry: ManifestEntry) -> Verified:
    """Look at the files of one session."""
    levels: dict[str, Level] = {}
    findings = (*_files(folder, entry.files), *_sounds(folder, entry, levels))
    return Verified(entry.files[0].name, entry.duration_ms, findings, tuple(levels.items()))


def _files(folder: Path, files: Sequence[File]) -> Iterator[Finding]:
    for file in files:
        problem = _problem(folder / file.name, file)
        if problem:
            yield Finding(file.name, problem)


def _problem(path: Path, file: File) -> str:
    """What is wrong with a file's content, nothing where it is whole."""
    try:
        size_bytes, digest = _digested(path)
    except regular.IrregularError:
        return "it is no file"
    except FileNotFoundError:
        return "it is missing"
    except OSError as error:
        return f"it cannot be read: {error.strerror}"
    if size_bytes != file.size_bytes:
        return f"it has {size_bytes:,} bytes instead of {file.size_bytes:,}"
    return "" if digest == file.digest else "it is not what was built: its SHA-256 is another"


def _digested(path: Path) -> tuple[int, str]:
    digest = hashlib.sha256()
    size_bytes = 0
    with regular.open_regular(path) as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
            size_bytes += len(chunk)
    return size_bytes, digest.hexdigest()


def _sounds(folder: Path, entry: ManifestEntry, levels: dict[str, Level]) -> Iterator[Finding]:
    """What is wrong with the sounds and with their timeline; what cannot be read was found before.

    How loud each of them is, as far as it is decoded, is added to `levels`.
    """
    timeline = None
    for file in entry.files:
        if file.name.endswith(".timeline.json"):
            timeline = _timeline(folder / file.name)
            yield from _length_findings(file.name, timeline, entry)
            yield from _overlaps(file.name, timeline.events if timeline else ())
            yield from _too_early(file.name, timeline.events if timeline else ())
    meter_of = StereoMeter if timeline and (timeline.music or timeline.has_sides) else Meter
    for name in (file.name for file in entry.files if is_sound(file.name)):
        meter = meter_of()
        yield from _sound(folder / name, entry, timeline, meter)
        levels[name] = meter.level()


def _sound(
    path: Path, entry: ManifestEntry, timeline: Timeline | None, meter: Meter | StereoMeter
) -> Iterator[Finding]:
    container = container_of(path.name)
    if not path.is_file():
        return
    try:
        with path.open("rb") as stream:
            container.prove(stream)
        events = timeline.events if timeline else ()
        if isinstance(meter, Meter):
            listen = partial(hearing.listen, path, demuxer=container.demuxer, also=meter.hear)
            yield from _heard(path.name, container, entry, events, listen)
        elif timeline and timeline.music:
            yield from _played(path, container, entry, meter)
        else:
            yield from _heard_on_sides(path, container, entry, events, meter)
    except SoundError as error:
        yield Finding(path.name, error.message)
    except OSError:
        return


def _timeline(path: Path) -> Timeline | None:
    """What a timeline says, None where it is none."""
    try:
        return timeline_json.read(path, "")
    except (OSError, *MALFORMED):
        return None


def _length_findings(name: str, timeline: Timeline | None, entry: ManifestEntry) -> Iterator[Finding]:
    if timeline is None:
        yield Finding(name, "it is no timeline")
    elif timeline.duration_ms != entry.duration_ms:
        told, meant = _exact(timeline.duration_ms), _exact(entry.duration_ms)
        yield Finding(name, f"it lasts {told} instead of {meant}")


def _overlaps(name: str, events: Sequence[Event]) -> Iterator[Finding]:
    """Words that are spoken over others: nobody understands either."""
    spoken = sorted((event for event in events if isinstance(event, Speech)), key=lambda one: one.start_ms)
    for before, after in pairwise(spoken):
        if after.start_ms < before.end_ms:
            yield Finding(name, f"{_what(after)} is spoken over {_what(before)}", after.start_ms)


def _too_early(name: str, events: Sequence[Event]) -> Iterator[Finding]:
    """A first word that earphones swallow while they wake."""
    first = next((event for event in events if isinstance(event, Speech)), None)
    if first and first.start_ms < FIRST_WORD_MS:
        yield Finding(
            name, f"{_what(first)}, its first words, begin before {_exact(FIRST_WORD_MS)}", first.start_ms
        )


def _what(event: Event) -> str:
    match event:
        case Speech():
            return repr(event.text)
        case Tone():
            return f"the tone {event.tone}"


def _heard(
    name: str,
    container: AnyContainer,
    entry: ManifestEntry,
    events: Sequence[Event],
    listen: Callable[..., Heard],
) -> Iterator[Finding]:
    """Decode the sound and hold it against its events: all of them sound, and nothing else is heard."""
    spans = {_stretch(event.start_ms, event.end_ms): event for event in events}
    quiet = _quiet(events, entry.duration_ms, container.reach_ms) if events else []
    heard = listen((*spans, *quiet), over_noise=spans if entry.is_awake else None)
    wanted = ms_to_samples(entry.duration_ms)
    if not 0 <= heard.samples - wanted <= container.tail_samples:
        yield Finding(name, f"it has {heard.samples:,} samples instead of {wanted:,}")
    for span, event in spans.items():
        if span not in heard.first:
            yield Finding(name, f"nothing is heard of {_what(event)}", event.start_ms)
    for stretch in quiet:
        if stretch in heard.first:
            at_ms = heard.first[stretch] // SAMPLES_PER_MS
            yield Finding(name, "something sounds where there should be silence", at_ms)
    if entry.is_awake:
        yield from _asleep(name, heard.silence)


def _asleep(name: str, silence: Stretch) -> Iterator[Finding]:
    """Zeros for so long that a device may go to sleep, where noise was to keep it awake."""
    length_ms = (silence.end - silence.begin) // SAMPLES_PER_MS
    if length_ms > awake.MOST_SILENCE_MS:
        message = f"devices may sleep on {length_ms} ms of digital silence"
        yield Finding(name, message, silence.begin // SAMPLES_PER_MS)


def _heard_on_sides(
    path: Path, container: AnyContainer, entry: ManifestEntry, events: Sequence[Event], meter: StereoMeter
) -> Iterator[Finding]:
    """The same of a sound that is more than one channel, with what does not lie on its side."""
    spans = {_stretch(event.start_ms, event.end_ms): event for event in _alone(events)}
    ears = lean.Ears(spans)

    def hear(both: bytes) -> None:
        meter.hear(both)
        ears.hear(both)

    listen = partial(hearing.listen_to_sides, path, demuxer=container.demuxer, also=hear)
    yield from _heard(path.name, container, entry, events, listen)
    yield from _astray(path, container, spans, ears.leans)


def _alone(events: Sequence[Event]) -> list[Event]:
    """Of sounds at once nobody can tell where each lies."""
    return [
        event
        for before, event, after in zip((None, *events), events, (*events[1:], None), strict=False)
        if (before is None or before.end_ms <= event.start_ms)
        and (after is None or event.end_ms <= after.start_ms)
    ]


def _astray(
    path: Path, container: AnyContainer, spans: Mapping[Stretch, Event], found: Mapping[Stretch, float]
) -> Iterator[Finding]:
    """What does not lie on its side, or in the middle."""
    if not any(found.values()):
        if with_sides_of(container.suffix).channels > 1:
            yield Finding(path.name, "both channels are alike, and nothing lies to a side")
        return
    for span, lean_db in found.items():
        event, side = spans[span], lean.side_of(lean_db)
        if side != event.side:
            message = f"{_what(event)} lies {_PLACES[side]} instead of {_PLACES[event.side]}"
            yield Finding(path.name, message, event.start_ms)


def _played(
    path: Path, container: AnyContainer, entry: ManifestEntry, meter: StereoMeter
) -> Iterator[Finding]:
    """Decode a sound with music in it: words cannot be told by silence, but it has a length and a peak."""
    heard = hearing.listen_to_sides(path, (), container.demuxer, meter.hear)
    wanted = ms_to_samples(entry.duration_ms)
    if not 0 <= heard.samples - wanted <= container.tail_samples:
        yield Finding(path.name, f"it has {heard.samples:,} samples instead of {wanted:,}")
    if entry.is_awake:
        yield from _asleep(path.name, heard.silence)
    peak_db = meter.level().peak_db
    if peak_db is None:
        yield Finding(path.name, "nothing is heard of it")
    elif peak_db > _HIGHEST_DB:
        yield Finding(path.name, f"its true peak is at {peak_db:.1f} dB, over {_HIGHEST_DB:g}")


def _quiet(events: Sequence[Event], duration_ms: int, reach_ms: int) -> list[Stretch]:
    """Where nothing may sound: the time that lies further from every event than a sound reaches."""
    loud = sorted((event.start_ms - reach_ms, event.end_ms + reach_ms) for event in events)
    gaps = []
    silent_from_ms = 0
    for begin_ms, end_ms in (*loud, (duration_ms, duration_ms)):
        if begin_ms > silent_from_ms:
            gaps.append(_stretch(silent_from_ms, begin_ms))
        silent_from_ms = max(silent_from_ms, end_ms)
    return gaps


def _stretch(start_ms: int, end_ms: int) -> Stretch:
    return Stretch(ms_to_samples(start_ms), ms_to_samples(end_ms))


def _exact(time_ms: int) -> str:
    """`12:05.040`: minutes, seconds and milliseconds."""
    minutes, rest_ms = divmod(time_ms, MS_PER_MINUTE)
    return f"{minutes:02}:{rest_ms // MS_PER_SECOND:02}.{rest_ms % MS_PER_SECOND:03}"


def as_text(found: Sequence[Verified]) -> str:
    """A line a session, and the sum."""
    lines = [line for one in found for line in _lines(one)]
    whole_ms = sum(one.duration_ms for one in found)
    return "\n".join(
        [*lines, f"{_count(len(found), 'routine')}, {ms_to_clock(whole_ms)} in all: {_sum(found)}", ""]
    )


def _lines(one: Verified) -> Iterator[str]:
    """The session, and a line for each of its other sounds."""
    (_, level), *others = one.levels or ((one.file, None),)
    yield f"{printable(one.file)}: {ms_to_clock(one.duration_ms)}, {_loudness(level)}{_state(one)}"
    yield from (f"{printable(name)}: {_loudness(level)}{_state_of(one, name)}" for name, level in others)


def _state_of(one: Verified, name: str) -> str:
    wrong = sum(finding.file == name for finding in one.findings)
    return _count(wrong, "problem") if wrong else "whole"


def _loudness(level: Level | None) -> str:
    """Nothing where nothing sounds."""
    if level is None or level.lufs is None:
        return ""
    return f"{level.lufs:.1f} LUFS, {level.peak_db:.1f} dBTP, "


def _state(one: Verified) -> str:
    return _count(len(one.findings), "problem") if one.findings else "whole"


def _sum(found: Sequence[Verified]) -> str:
    broken = sum(bool(one.findings) for one in found)
    return f"{broken} not whole" if broken else "whole"


def _count(number: int, thing: str) -> str:
    return f"1 {thing}" if number == 1 else f"{number} {thing}s"


def as_json(found: Sequence[Verified], errors: Sequence[AudiocoachError] = ()) -> str:
    """The same for programs; `errors` are why nothing could be looked at."""
    rows = [
        {
            "file": one.file,
            "duration_ms": one.duration_ms,
            "sounds": [
                {"file": name, "lufs": level.lufs, "true_peak_db": level.peak_db}
                for name, level in one.levels
            ],
            "problems": [
                {"file": each.file, "message": each.message, "at_ms": each.at_ms} for each in one.findings
            ],
        }
        for one in found
    ]
    problems = records(problem for error in errors for problem in error.problems)
    return json.dumps({"routines": rows, "problems": problems}, indent=1, ensure_ascii=False) + "\n"
