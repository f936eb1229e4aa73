"""The sounds of an author's own that stand for tones: decoded, brought to the level of a set, and kept.

In: a `SoundFile` as the routine's reader found it. Out: PCM of exactly its length under a name in the store,
which all workers share: the one that lays out the session has the file, the others need none.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from audiocoach import decoding, regular
from audiocoach.coaching.timeline import Tone
from audiocoach.encoder import PEAK_CEILING
from audiocoach.errors import BuildError, SoundError, quote
from audiocoach.keys import key
from audiocoach.making.gain import USUAL_LUFS
from audiocoach.making.meter import measure
from audiocoach.routine.sounds import demuxer_of
from audiocoach.routine.tone_files import MOST_MS
from audiocoach.routine.tones import SoundFile
from audiocoach.sound import mixer, tones
from audiocoach.store.fingerprint import libraries
from audiocoach.units import SAMPLE_BYTES, db_to_gain, ms_to_samples

if TYPE_CHECKING:
    from array import array

    from audiocoach.coaching.timeline import Timeline
    from audiocoach.voice.clips import Store

# Part of every key: raise it when the same file would become other samples.
_FORMAT = "2"
_FULL_SCALE = 32_768
# Half of what a session may be louder than it should: what sounds all the time is all of it.
_MOST_LUFS = USUAL_LUFS + 0.5
_WINDOW = ms_to_samples(100)
_EDGE = ms_to_samples(tones.EDGE_MS)
_HEAD_BYTES = 16


class ToneFileError(BuildError):
    """A file that stands for a tone can no longer be read; it has a line of the routine."""

    code = "unusable-tone"
    exit_status = 2


def sound_key(tone: Tone) -> str:
    """What a tone sounds like is called so: by its notes where it is drawn, else by its file's content."""
    if isinstance(tone.sound, SoundFile):
        return key(
            "chime", _FORMAT, *libraries(), tone.sound.digest, tone.sound.length_ms, tone.sound.level_db
        )
    return tones.key(tone.sound or tone.tone)


def keep(timeline: Timeline, store: Store) -> None:
    """Have what stands for tones of a session in the store.

    Raises:
        ToneFileError: a file is not what it was when the routine was read.
    """
    own = {
        sound_key(event): event.sound
        for event in timeline.events
        if isinstance(event, Tone) and isinstance(event.sound, SoundFile)
    }
    for name, sound in own.items():
        if store.size_bytes(name) is None:
            store.put(name, _levelled(_samples(sound), sound.level_db))


def fetched(sound: str, store: Store) -> bytes:
    """PCM of what is no sentence, by its key.

    Raises:
        BuildError: it has gone from the store since.
    """
    if sound.startswith("tone:"):
        return tones.of_key(sound)
    pcm = store.get(sound)
    if pcm is None:
        raise BuildError(f"the sound {sound} went while a file was being made of it: build once more")
    return pcm


def _samples(sound: SoundFile) -> array[int]:
    try:
        with regular.open_regular(sound.path) as file:
            demuxer = demuxer_of(file.read(_HEAD_BYTES))
        found = decoding.short_sound(sound.path, demuxer, MOST_MS)
    except (OSError, SoundError) as error:
        raise _changed(sound) from error
    if len(found) != ms_to_samples(sound.length_ms):
        raise _changed(sound)
    return found


def _changed(sound: SoundFile) -> ToneFileError:
    message = f"the sound {quote(sound.name)} changed while it was being used: build once more"
    return ToneFileError(message, sound.position)


def _levelled(samples: array[int], level_db: float) -> bytes:
    """With soft edges, and its loudest tenth of a second at this level.

    Or softer: no peak passes the ceiling, and no 400 ms are louder than a voice may be. What lasts, or lies
    where ears hear best, would otherwise make the whole session louder.
    """
    for at in range(min(_EDGE, len(samples) // 2)):
        samples[at] = samples[at] * at // _EDGE
        samples[-1 - at] = samples[-1 - at] * at // _EDGE
    if sys.byteorder == "big":
        samples.byteswap()
    audioop, pcm = mixer.load("audioop"), samples.tobytes()
    wanted = db_to_gain(level_db) * _FULL_SCALE / max(1, _loudest(pcm))
    ceiling = PEAK_CEILING * _FULL_SCALE / max(1, audioop.max(pcm, SAMPLE_BYTES))
    as_a_voice = db_to_gain(_MOST_LUFS - measure(pcm).loudest_lufs)
    louder: bytes = audioop.mul(pcm, SAMPLE_BYTES, round(min(wanted, ceiling, as_a_voice), 6))
    return louder


def _loudest(pcm: bytes) -> int:
    """The root mean square of the loudest tenth of a second."""
    audioop, size = mixer.load("audioop"), _WINDOW * SAMPLE_BYTES
    windows = (pcm[at : at + size].ljust(size, b"\0") for at in range(0, len(pcm), size // 2))
    return max(int(audioop.rms(window, SAMPLE_BYTES)) for window in windows)
