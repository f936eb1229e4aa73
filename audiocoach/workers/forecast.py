"""What a build would have spoken, told before: nothing is made, no folder is touched, nobody is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.errors import foreseen, within
from audiocoach.making.editions import editions_of
from audiocoach.making.speech import draft, open_drafted
from audiocoach.records import dataclass
from audiocoach.store.cache import Cache
from audiocoach.store.manifest import Manifest
from audiocoach.store.takes import open_takes
from audiocoach.voice.purchases import Purchases
from audiocoach.voice.studio import Studio
from audiocoach.voice.words import clean
from audiocoach.workers.jobs import Failed, asked_for, each_once, reasons_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audiocoach.coaching.timeline import Utterance
    from audiocoach.routine.voice import Voice
    from audiocoach.store.editions import Edition
    from audiocoach.store.options import BuildOptions
    from audiocoach.store.place import Place
    from audiocoach.voice.purchases import Bought


@dataclass(frozen=True, slots=True)
class Words:
    """What one voice would speak, each text once, in the order in which it is first wanted."""

    engine: str
    name: str
    texts: tuple[str, ...]

    @property
    def characters(self) -> int:
        """How many they are together."""
        return sum(map(len, self.texts))


@dataclass(frozen=True, slots=True)
class Forecast:
    """What would be spoken by voice; what of it would be paid for, with the passages for levels; what fails.

    Where a length decides between two wordings, a voice may be asked for another one as well.
    """

    words: tuple[Words, ...] = ()
    bought: tuple[Bought, ...] = ()
    failed: tuple[Failed, ...] = ()


def look_ahead(options: BuildOptions, place: Place) -> Forecast:
    """Lay out what would be built, with an estimate for what nobody has spoken yet."""
    studio = Studio(Cache(place.cache), takes=open_takes)
    purchases = Purchases(studio, open_takes, options.budget)
    texts = dict(options.texts)
    editions = [one for path in options.paths for one in editions_of(path, texts.get(path)).editions]
    reasons = reasons_of(options, editions, Manifest(options.folder), place)
    failed: list[Failed] = []
    unheard: dict[str, Utterance] = {}

    def look_at(edition: Edition) -> None:
        try:
            unheard.update(_unheard(edition, options, studio, purchases))
        except Exception as error:  # noqa: BLE001 - one routine's failure, whatever it is
            failed.append(Failed(edition.path, within(str(edition.path), foreseen(error))))

    for edition in reasons:
        look_at(edition)
    spoken = ((purchases.speaker(one), one.text) for one in unheard.values())
    return Forecast(_by_voice(spoken), purchases.bought(), tuple(each_once(failed)))


def _unheard(
    edition: Edition, options: BuildOptions, studio: Studio, purchases: Purchases
) -> dict[str, Utterance]:
    """What a session would have spoken, by the names of its clips.

    Raises:
        AudiocoachError: it cannot be built, or there is no budget for it.
    """
    text = dict(options.texts).get(edition.path)
    session, drafted = open_drafted(edition.path, asked_for(options, edition), studio, text)
    unheard = drafted.unheard
    refused = purchases.buy(unheard)
    if refused:
        # They are told at their lines.
        draft(session, studio, refused)
    return {studio.key(utterance): utterance for utterance in unheard}


def _by_voice(spoken: Iterable[tuple[Voice, str]]) -> tuple[Words, ...]:
    voices: dict[tuple[str, str], dict[str, None]] = {}
    for voice, text in spoken:
        voices.setdefault((voice.engine, voice.name), {})[clean(text)] = None
    return tuple(Words(*entry, tuple(texts)) for entry, texts in sorted(voices.items()))
