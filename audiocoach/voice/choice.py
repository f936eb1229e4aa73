"""Who speaks where a routine names nobody: for each language the best voice that is installed.

In: what the user has set, and what is installed. Out: one `Voice` a language, and a sentence about it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach import assets, installed
from audiocoach.errors import EngineError
from audiocoach.language.language import traits
from audiocoach.routine.voice import Voice
from audiocoach.voice.engines import engine_class

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from audiocoach.configuration import DefaultVoice

# What people call an engine, where it is not its name.
_CALLED = {assets.USUAL_ENGINE: "espeak-ng (pyttsx3)"}
# What has an engine installed that comes with the package.
_EXTRAS = {"hibari": "natural"}


def default_voices(configured: Mapping[str, DefaultVoice]) -> tuple[Voice, ...]:
    """The default voice of every language that ships; `configured` are those that the user has set."""
    return tuple(
        Voice(own.engine, own.name, language=code)
        if (own := configured.get(code))
        else Voice(best_engine(code), language=code)
        for code in sorted({*assets.languages(), *configured})
    )


def best_engine(code: str, without: Collection[str] = ()) -> str:
    """The first engine of a language's list that is installed; the one that is always there stands last."""
    known = traits(code).engines if code in assets.languages() else ()
    candidates = (engine for engine in known if engine not in without)
    return next(
        (engine for engine in candidates if is_installed(Voice(engine, language=code))), assets.USUAL_ENGINE
    )


def is_installed(voice: Voice) -> bool:
    """Whether an engine has what it needs, as far as can be told without loading it."""
    try:
        engine_class(voice.engine).fingerprint(voice)
    except EngineError:
        return False
    return True


def voices_without(voices: Iterable[Voice], refused: Collection[str]) -> tuple[Voice, ...]:
    """Default voices, with the next best in place of those of these engines."""
    return tuple(
        Voice(best_engine(voice.language, refused), language=voice.language)
        if voice.engine in refused
        else voice
        for voice in voices
    )


def replaceable(voices: Iterable[Voice]) -> Iterator[Voice]:
    """Those of the default voices that are not the last choice."""
    return (voice for voice in voices if voice.name or voice.engine != assets.USUAL_ENGINE)


def missing_default(voices: Iterable[Voice], refusal: Callable[[Voice], str], message: str) -> Voice | None:
    """The default voice that cannot be had, for the reason that has ended a session; None if none."""
    return next((voice for voice in replaceable(voices) if refusal(voice) == message), None)


def describe(spoken: Iterable[Voice], refused: Mapping[str, str]) -> str:
    """Who has spoken, in a line, and how to have a better voice where there is one; `""` where nobody has.

    `refused` says why an engine that was to speak did not, by its name.
    """
    voices = sorted({(voice.engine, voice.name, voice.language) for voice in spoken})
    if not voices:
        return ""
    called = list(dict.fromkeys(_called(engine, name) for engine, name, _ in voices))
    sentences = [f"spoken by {' and '.join(called)}"]
    sentences += [f"{engine} would not load: {reason}" for engine, reason in sorted(refused.items())]
    if not refused:
        sentences += dict.fromkeys(filter(None, (_better(engine, code) for engine, _, code in voices)))
    return "; ".join(sentences)


def _called(engine: str, name: str) -> str:
    return f"{_CALLED.get(engine, engine)}{f' ({name})' if name else ''}"


def _better(engine: str, code: str) -> str:
    """How to have the voice that would have been chosen, had it been installed."""
    if engine != assets.USUAL_ENGINE or code not in assets.languages():
        return ""
    for better in traits(code).engines:
        if better in _EXTRAS and not is_installed(Voice(better, language=code)):
            command = installed.pip_install(f'"audiocoach[{_EXTRAS[better]}]"')
            return f"a natural voice is one command away: {command}"
    return ""
