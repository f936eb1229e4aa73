"""Engines: what turns words into a WAV file, and the door through which they are found.

An engine is one class in the entry-point group `audiocoach.engines`. It never caches, retries or
resamples: `voice.studio` does, and runs every engine in a guarded child process.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    from audiocoach.routine.model import Voice


class Engine(Protocol):
    """One voice, ready to speak. Built with the `Voice` it is to be; building it may be slow."""

    def __init__(self, voice: Voice) -> None:
        """Set the engine up.

        Raises:
            EngineError: the library is missing (the message has the command that installs it), or
                there is no such voice (the message lists near names).
        """

    @property
    def fingerprint(self) -> str:
        """Changes whenever the same words would sound different: versions, voice, rate, model."""

    def speak(self, text: str, path: Path) -> None:
        """Write `text` as a PCM WAV file (any rate, 16 bit, mono or stereo) to `path`."""
