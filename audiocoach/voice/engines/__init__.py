"""Engines: what turns words into a WAV file, and the door through which they are found.

An engine is one class in the entry-point group `audiocoach.engines`, the built-in ones too. It
never caches, retries or resamples: `voice.studio` does, and runs every engine in a guarded
child process. `docs/voices.md` shows how to write one.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Literal, Protocol, cast

from audiocoach import installed
from audiocoach.errors import EngineError, RefusedError
from audiocoach.voice.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from audiocoach.routine.voice import Voice
    from audiocoach.voice.clips import Store
    from audiocoach.voice.listing import Listed
    from audiocoach.voice.terms import Terms

GROUP = "audiocoach.engines"
_NEAR = 5
_MOST_TOLD = 20

Runs = Literal["fork", "stay", "once"]
_RUNS: tuple[Runs, ...] = ("fork", "stay", "once")


class Engine(Protocol):
    """One voice, ready to speak. Built with the `Voice` it is to be; building it may be slow.

    An engine may also have on its class:

    - `runs: Runs`, how it speaks: each text in a fork of the engine that is set up (`"fork"`, where it says
      nothing), text after text in one process that stays (`"stay"`), each in a process of its own (`"once"`);
    - `limits: Limits`, where the usual ones do not fit;
    - `gain_db: float`, if its level is known: the studio then leaves calibration out and applies that gain;
          or a static method `gain_db(voice) -> float | None`, where it is known of some voices;
    - a static method `machine() -> str`, what of the machine shapes its bytes beside the fingerprint: a cache
      shares clips whoever made them first, but a cluster takes no worker that differs;
    - a static method `voices() -> tuple[Listed, ...]`, the voices that it has and could have: quick, and
      without importing the speech library;
    - a static method `terms(voice) -> Terms`, where takes are paid for: each is kept for good, and asked for
      once;
    - a static method `prepare()`, which loads its library and sets nothing up: what it loads is shared by
      several speech processes;
    - a static method `prepare_with(store: Store)` instead, where it makes something that is worth keeping for
      the next time: the store has bytes by name, and may forget anything;
    - a static method `fingerprint_of(voice: Voice, text: str) -> str | None`, where texts change one by one,
      as recordings do: this text's own fingerprint, None where the voice does not have it. It is asked for
      every sentence that is laid out;
    - a static method `unreadable(voice: Voice, text: str) -> str`, where there are texts in which it finds
          nothing to say: why this one is such, `""` where it is not. It is told before anything is spoken;
    - a static method `has_pitch() -> bool`, where it can speak higher or lower as the voice's `pitch` asks;
    - a static method `stand_in(voice: Voice) -> Voice | None`, beside it: who speaks what the voice does not
      have. Without one the engine is asked all the same, and says itself what is missing.
    """

    def __init__(self, voice: Voice) -> None:
        """Set the engine up.

        Raises:
            EngineError: the library is missing (the message has the command that installs it), or
                there is no such voice (the message lists near names).
        """

    @staticmethod
    def fingerprint(voice: Voice) -> str:
        """Changes whenever the same words would sound different: versions, model, never a time.

        It is asked in every build, also in one with nothing to do: a few milliseconds, and no
        import of the speech library.
        """

    def speak(self, text: str, path: Path) -> None:
        """Write `text` as a PCM WAV file (8 to 192 kHz, 16 bit, mono or stereo) to `path`.

        `text` has no control characters and no lone surrogates, but it may hold anything else:
        markup, options and placeholders are words.
        """


def names() -> tuple[str, ...]:
    """The names of all engines that are installed, sorted."""
    return tuple(sorted(installed.entry_points(GROUP)))


def engine_class(name: str) -> type[Engine]:
    """The class of the engine called `name`, imported now.

    Raises:
        EngineError: there is no such engine, or its module cannot be imported.
    """
    table = installed.entry_points(GROUP)
    if name not in table:
        table = installed.all_entry_points(GROUP)
    if name not in table:
        raise unknown("engine", name, table)
    module, _, attribute = table[name].partition(":")
    try:
        return cast("type[Engine]", getattr(import_module(module), attribute))
    except (ImportError, AttributeError) as error:
        raise RefusedError(f"the engine {name!r} cannot be loaded: {error}") from error


def prepare(name: str, store: Store | None = None) -> None:
    """Load what the engine called `name` needs, as far as it can without setting anything up.

    What takes long to make is kept in the `store`, where there is one and the engine knows how.

    Raises:
        EngineError: as `engine_class`, or its library is missing.
    """
    engine = engine_class(name)
    if store and hasattr(engine, "prepare_with"):
        engine.prepare_with(store)
    else:
        getattr(engine, "prepare", lambda: None)()


def load(voice: Voice) -> Engine:
    """The engine of this voice, set up and ready to speak.

    Raises:
        EngineError: as `engine_class` and the engine's own set-up do.
    """
    return engine_class(voice.engine)(voice)


def voices_of(name: str) -> tuple[Listed, ...]:
    """The voices that the engine called `name` lists; none where it lists nothing.

    Raises:
        EngineError: as `engine_class`.
    """
    listed: tuple[Listed, ...] = getattr(engine_class(name), "voices", tuple)()
    return listed


def machine_of(name: str) -> str:
    """What of this machine shapes the bytes of the engine called `name`, `""` where nothing does.

    Raises:
        EngineError: as `engine_class`.
    """
    described: str = getattr(engine_class(name), "machine", str)()
    return described


def terms_of(voice: Voice) -> Terms | None:
    """On what terms a voice speaks that is paid; None for one that is free and here.

    Raises:
        EngineError: as `engine_class`, or there is no such voice.
    """
    terms: Callable[[Voice], Terms] | None = getattr(engine_class(voice.engine), "terms", None)
    return terms(voice) if terms else None


def fingerprint_of(voice: Voice, text: str) -> str | None:
    """What changes when this text would sound different; None where the voice does not have it.

    Raises:
        EngineError: as `engine_class` and the engine's own do.
    """
    engine = engine_class(voice.engine)
    of_text: Callable[[Voice, str], str | None] | None = getattr(engine, "fingerprint_of", None)
    return engine.fingerprint(voice) if of_text is None else of_text(voice, text)


def unreadable(voice: Voice, text: str) -> str:
    """Why this voice finds nothing to say in a text, `""` where it does, or has to try.

    Raises:
        EngineError: as `engine_class`.
    """
    told: Callable[[Voice, str], str] | None = getattr(engine_class(voice.engine), "unreadable", None)
    return told(voice, text) if told else ""


def has_texts_of_its_own(name: str) -> bool:
    """Whether the engine called `name` has a fingerprint for each text.

    Raises:
        EngineError: as `engine_class`.
    """
    return hasattr(engine_class(name), "fingerprint_of")


def stand_in(voice: Voice) -> Voice | None:
    """Who speaks what this voice does not have, if there is anybody.

    Raises:
        EngineError: as `engine_class` and the engine's own do.
    """
    of_voice: Callable[[Voice], Voice | None] | None
    of_voice = getattr(engine_class(voice.engine), "stand_in", None)
    return None if of_voice is None else of_voice(voice)


def check_pitch(voice: Voice) -> None:
    """Whether the voice can have the pitch that is asked for.

    Raises:
        EngineError: as `engine_class`, or its engine has no pitch to set; it says which have.
    """
    if voice.pitch is None or _has_pitch(engine_class(voice.engine)):
        return
    able = ", ".join(name for name in names() if _lends_pitch(name)) or "none that is installed"
    way_out = f"leave pitch out, or write an engine that has one: {able}"
    raise RefusedError(f"the engine {voice.engine!r} has no pitch to set: {way_out}")


def _has_pitch(engine: type[Engine]) -> bool:
    told: Callable[[], bool] = getattr(engine, "has_pitch", bool)
    return told()


def _lends_pitch(name: str) -> bool:
    """Whether an engine has a pitch; one that cannot be loaded has none."""
    try:
        return _has_pitch(engine_class(name))
    except EngineError:
        return False


def declared_runs(engine: Engine | type[Engine]) -> Runs:
    """How the engine says that it runs: on its class or, once it is set up, itself.

    Raises:
        EngineError: it says something else.
    """
    runs: Runs = getattr(engine, "runs", "fork")
    if runs not in _RUNS:
        raise RefusedError(f"the engine says runs = {runs!r}: there are: {', '.join(_RUNS)}")
    return runs


def limits_of(voice: Voice) -> Limits:
    """What the engine of this voice may take.

    Raises:
        EngineError: as `engine_class`, or it declares something else.
    """
    limits = getattr(engine_class(voice.engine), "limits", Limits())
    if not isinstance(limits, Limits):
        raise RefusedError(
            f"the engine {voice.engine!r} says limits = {limits!r}: write Limits(set_up_ms=60_000), say"
        )
    return limits


def known_gain_db(voice: Voice) -> float | None:
    """The gain of this voice, where its engine knows it.

    Raises:
        EngineError: as `engine_class`.
    """
    gain_db = getattr(engine_class(voice.engine), "gain_db", None)
    known_db: float | None = gain_db(voice) if callable(gain_db) else gain_db
    return known_db


def elsewhere(engine: str, name: str) -> RefusedError | None:
    """The error for a name that only other engines have, which says how each is written; None without any."""
    others = (other for other in names() if other != engine and _lists(other, name))
    ways = [f"{{engine: {other}, name: {name}}}" for other in others]
    if not ways:
        return None
    return RefusedError(f"{engine} has no voice {name!r}: write voice: {' or '.join(ways)}")


def _lists(engine: str, name: str) -> bool:
    """Whether an engine has a voice of this name; one that cannot be loaded has none."""
    try:
        return any(listed.name == name for listed in voices_of(engine))
    except EngineError:
        return False


def unknown(kind: str, name: str, known: Iterable[str]) -> RefusedError:
    """The error for a name that nothing has: near names if there are any, else all of them."""
    from difflib import get_close_matches

    there = sorted(set(known))
    near = get_close_matches(name.lower(), there, n=_NEAR, cutoff=0.5)
    hint = f"did you mean {', '.join(near)}?" if near else _told(there)
    return RefusedError(f"there is no {kind} {name!r}: {hint}")


def _told(names: Sequence[str]) -> str:
    """What there is, in a line: of many the first few."""
    if len(names) > _MOST_TOLD:
        return f"there are {len(names)}, such as {', '.join(names[:_NEAR])}"
    return f"there are: {', '.join(names) or 'none'}"
