import math
import random
from array import array

import pytest

from audiocoach.encoder import PEAK_CEILING
from audiocoach.making import panning
from audiocoach.making.gain import amplified
from audiocoach.sound import mixer, pan
from audiocoach.sound.mixer import Part, Region
from tests.test_mp3 import phrase


def rms(pcm: bytes) -> int:
    return int(mixer.load("audioop").rms(pcm, 2))


def with_peaks(above: float) -> bytes:
    """Words with some peaks so far above the rest, up to the ceiling, as a voice has them."""
    dice, words = random.Random(2), array("h", phrase(1, 900))  # noqa: S311
    for at in range(0, len(words), 2_000):
        words[at + dice.randrange(500)] = int(PEAK_CEILING * 32_767)
    return amplified(words.tobytes(), above)


@pytest.mark.parametrize("above_db", [0.0, 4.0, 8.0])
def test_what_the_limiter_takes_is_made_up_for(above_db: float) -> None:
    pcm = with_peaks(above_db)
    louder = panning.nearer(pcm)
    assert 20 * math.log10(rms(louder) / rms(pcm)) == pytest.approx(pan.NEAR_DB, abs=0.1)
    assert max(map(abs, array("h", louder))) <= PEAK_CEILING * 32_768 + 1
    assert len(louder) == len(pcm)


def test_a_sound_that_can_be_no_louder_comes_to_an_end() -> None:
    square = array("h", [26_000, -26_000] * 5_000).tobytes()
    assert len(panning.nearer(square)) == len(square)
    assert panning.nearer(bytes(960)) == bytes(960)


def test_a_region_of_one_channel_is_as_it_was_and_knows_no_side() -> None:
    words = phrase(1, 300)
    plain, sided = (Region(0, (Part(40, len(words) // 2, "words", side),)) for side in ("", "left"))
    assert panning.mixed(plain, lambda _: words) == panning.mixed(sided, lambda _: words) == bytes(80) + words


def test_what_is_in_the_middle_is_alike_in_both_channels() -> None:
    words = phrase(1, 300)
    mixed = panning.mixed(Region(0, (Part(40, len(words) // 2, "words"),)), lambda _: words, 2)
    assert mixer.channel(mixed, 0) == mixer.channel(mixed, 1) == bytes(80) + words


def test_sounds_on_two_sides_that_overlap_are_turned_down_alike() -> None:
    loud = array("h", [26_000] * 480).tobytes()
    region = Region(0, (Part(0, 480, "loud", "left"), Part(0, 480, "loud", "right")))
    mixed = panning.mixed(region, lambda _: loud, 2)
    left, right = (array("h", mixer.channel(mixed, side)) for side in (0, 1))
    assert left == right
    assert max(left) <= PEAK_CEILING * 32_768 + 1


def test_a_louder_session_keeps_its_sides() -> None:
    words = amplified(phrase(1, 900), 3.0)
    region = Region(0, (Part(0, len(words) // 2, "words", "right"),))
    usual, louder = (panning.mixed(region, lambda _: words, 2, gain_db) for gain_db in (0.0, 3.0))
    apart = [rms(mixer.channel(pcm, 1)) / rms(mixer.channel(pcm, 0)) for pcm in (usual, louder)]
    assert apart == pytest.approx([2, 2], abs=0.01)
    assert rms(louder) > 1.2 * rms(usual)
