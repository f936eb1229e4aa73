"""Turns at services that are not ours: so many texts are asked for at a time, and the first one alone.

The first has its voice's level found as well, by a passage that is paid for: two at once would pay twice.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiocoach.coaching.timeline import Utterance
    from audiocoach.making.work import Speak
    from audiocoach.routine.voice import Voice
    from audiocoach.voice.terms import Terms


class Turns:
    """Who is served, and who waits, by the voice that speaks; a voice without terms has no turns."""

    def __init__(
        self,
        terms: Callable[[Voice], Terms | None],
        speaker: Callable[[Utterance], Voice] = lambda utterance: utterance.voice,
    ) -> None:
        self._terms = terms
        self._speaker = speaker
        self._waiting: dict[Voice, deque[Speak]] = {}
        self._served: dict[Voice, int] = {}
        self._met: set[Voice] = set()

    def come(self, job: Speak) -> tuple[Speak, ...]:
        """What is to be given out now that this is wanted: it, or nothing."""
        voice = self._speaker(job.utterance)
        if not self._terms(voice):
            return (job,)
        self._waiting.setdefault(voice, deque()).append(job)
        return self._next(voice)

    def leave(self, job: Speak) -> tuple[Speak, ...]:
        """What is to be given out now that this is done, well or not."""
        voice = self._speaker(job.utterance)
        if voice not in self._served:
            return ()
        self._served[voice] -= 1
        self._met.add(voice)
        return self._next(voice)

    def _next(self, voice: Voice) -> tuple[Speak, ...]:
        terms, waiting = self._terms(voice), self._waiting[voice]
        most = terms.at_once if terms and voice in self._met else 1
        count = min(len(waiting), max(0, most - self._served.get(voice, 0)))
        self._served[voice] = self._served.get(voice, 0) + count
        return tuple(waiting.popleft() for _ in range(count))
