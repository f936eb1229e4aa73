"""Recordings of a sheet for tests: another engine reads, with breaths, slips, repeats and a room's noise."""

from __future__ import annotations

import random
import sys
import wave
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest

from audiocoach.coaching.timeline import Utterance
from audiocoach.making.reading import Line
from audiocoach.routine.voice import Voice
from audiocoach.voice.studio import Studio
from tests.voices import DictStore

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Sound = NDArray[np.float64]

RATE_HZ = 48_000
READER = Voice("pyttsx3", "en-gb+f3")

LINES = tuple(
    Line(number, text)
    for number, text in enumerate(
        (
            *("Last one.", "Rest.", "3.", "4.", "Switch sides.", "Set 2 of 3.", "Set 3 of 3.", "Hold."),
            *(
                "Stand tall, feet under your hips.",
                "Squeeze your shoulder blades.",
                "Right side.",
                "Left side.",
            ),
            *("Breathe in through your nose, and out through your mouth.", "Slowly back.", "Well done."),
            *(
                "Next: Dead bug. 8 repetitions, alternating sides.",
                "Knees down.",
                "Bear plank.",
                "Ten seconds.",
            ),
            *(
                "Press your low back flat into the floor.",
                "Let your shoulders go.",
                "Down.",
                "Lift.",
                "Halfway.",
            ),
        ),
        start=1,
    )
)


@dataclass(frozen=True, slots=True)
class Read:
    """A recording, and where in it the last take of each line is, by its number, in ms."""

    path: Path
    takes: dict[int, tuple[float, float]]
    slips: int
    repeats: int


class Reader:
    """Reads lines into a recording, at a speed and a level that are never quite the same."""

    def __init__(self, seed: int) -> None:
        if sys.platform != "linux":
            pytest.skip("the reader is espeak-ng, and espeakng-loader is for Linux")
        self._chance = random.Random(seed)  # noqa: S311 - a test, not a secret
        self._noise = np.random.default_rng(seed)
        self._studio = Studio(DictStore())
        self._sound: list[Sound] = []
        self._takes: dict[int, tuple[float, float]] = {}
        self.slips = self.repeats = 0
        self.quiet(1500)

    @property
    def _now_ms(self) -> float:
        return sum(map(len, self._sound)) * 1000 / RATE_HZ

    def quiet(self, least_ms: int, most_ms: int | None = None) -> None:
        """A pause, in which four times of ten somebody breathes."""
        length = round(self._chance.uniform(least_ms, most_ms or least_ms) * RATE_HZ / 1000)
        pause = np.zeros(length)
        if self._chance.random() < 0.4 and length > RATE_HZ:
            size = round(self._chance.uniform(0.2, 0.42) * RATE_HZ)
            breath = np.convolve(self._noise.normal(size=size), np.ones(6) / 6, "same") * np.hanning(size)
            start = length - size - round(self._chance.uniform(0.02, 0.5) * RATE_HZ)
            pause[start : start + size] = breath / np.abs(breath).max() * self._chance.uniform(150, 500)
        self._sound.append(pause)

    def say(self, line: Line) -> None:
        """A take of a line: so far, the last."""
        start_ms = self._now_ms
        self._sound.append(self._spoken(line))
        self._takes[line.number] = (start_ms, self._now_ms)

    def slip(self, line: Line, pause_ms: int) -> None:
        """Break a line off, and be quiet."""
        sound = self._spoken(line)
        self._sound.append(sound[: round(len(sound) * self._chance.uniform(0.35, 0.75))])
        self.quiet(pause_ms)
        self.slips += 1

    def repeat(self, line: Line, pause_ms: int) -> None:
        self.quiet(pause_ms)
        self.say(line)
        self.repeats += 1

    def _spoken(self, line: Line) -> Sound:
        rate_wpm = self._chance.choice((145, 155, 160, 165, 175))
        voice = Voice(READER.engine, READER.name, rate_wpm)
        samples = np.frombuffer(self._studio.clip(Utterance(line.text, voice)).samples, "<i2")
        return samples * 0.6 * 10 ** (self._chance.uniform(-3, 3) / 20)

    def write(self, path: Path) -> Read:
        """The recording as WAV, with the noise of a room."""
        self.quiet(800)
        sound = np.concatenate(self._sound)
        sound += self._noise.normal(size=len(sound)) * 30
        with wave.open(str(path), "wb") as file:
            file.setparams((1, 2, RATE_HZ, 0, "NONE", ""))
            file.writeframes(np.clip(sound, -32768, 32767).astype("<i2").tobytes())
        self._studio.close()
        return Read(path, dict(self._takes), self.slips, self.repeats)


def read_aloud(path: Path, seed: int, lines: tuple[Line, ...] = LINES) -> Read:
    """All lines; one in eight is broken off first, one in eight is said twice, pauses are as they come."""
    reader, chance = Reader(seed), random.Random(seed)  # noqa: S311 - a test, not a secret
    for line in lines:
        if chance.random() < 1 / 8 and len(line.text) > 10:
            reader.slip(line, chance.choice((800, 1500, 3000)))
        reader.say(line)
        if chance.random() < 1 / 8:
            reader.repeat(line, chance.choice((900, 1500, 3000)))
        reader.quiet(900, 1800)
    return reader.write(path)
