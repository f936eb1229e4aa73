"""A song of three minutes to measure with. Usage: python -m tests.bench.song OUT.wav.

In a process of its own: a child's memory counts from that of the process that started it.
"""

from __future__ import annotations

import sys
import wave

import numpy as np

_RATE_HZ = 48_000
_SECONDS = 180


def main() -> None:
    """Slow overtones and a little noise, left and right."""
    dice = np.random.default_rng(1)
    at = np.arange(_SECONDS * _RATE_HZ) / _RATE_HZ
    sides = np.zeros((len(at), 2))
    for over in range(1, 7):
        swell = 0.6 + 0.4 * np.sin(2 * np.pi * at / (3 + over))
        for side in (0, 1):
            sides[:, side] += 0.05 * np.sin(2 * np.pi * 110 * over * (1 + 0.001 * side) * at) * swell
    sides += dice.normal(0, 0.02, sides.shape)
    with wave.open(sys.argv[1], "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(_RATE_HZ)
        file.writeframes((sides.clip(-1, 1) * 32_767).astype("<i2").tobytes())


if __name__ == "__main__":
    main()
