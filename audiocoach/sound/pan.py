"""Left is left: how a sound lies to a side of two speakers.

In: mono PCM and its side. Out: what each of the two channels plays of it. A pan of constant power by 60 % has
the power as 8 to 2 (the square-root law): the far channel is 6 dB lower than the near one. It is as loud as
what lies in the middle (`(L^2 + R^2) / 2`), and 0.46 dB lower where one speaker plays both (`(L + R) / 2`). A
third of that is added: both stay within 0.5 dB after encoding.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from audiocoach.sound import mixer
from audiocoach.units import SAMPLE_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable

# Of the near channel: sqrt(0.2 / 0.8).
FAR = 0.5
# Of what lies in the middle: sqrt(2 * 0.8), and 0.15 dB.
NEAR = 1.287
NEAR_DB = 20 * math.log10(NEAR)


def placed(pcm: bytes, side: str, nearer: Callable[[bytes], bytes]) -> tuple[bytes, bytes]:
    """What is left and what is right of a sound; `nearer` makes it `NEAR` times as loud."""
    if not side:
        return pcm, pcm
    near = nearer(pcm)
    far = mixer.load("audioop").mul(near, SAMPLE_BYTES, FAR)
    return (near, far) if side == "left" else (far, near)
