"""What every container says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audiocoach.sound.containers import CONTAINERS
from audiocoach.sound.mixer import Part, Placement, Region
from audiocoach.sound.mp3.container import MP3
from audiocoach.sound.opus import OPUS

if TYPE_CHECKING:
    from audiocoach.sound.container import AnyContainer

every_container = pytest.mark.parametrize("container", CONTAINERS, ids=lambda one: one.suffix)


@every_container
def test_sounds_share_a_region_where_too_few_frames_lie_between_them(container: AnyContainer) -> None:
    frame = container.grid_ms * 48

    def count(gap_frames: int) -> int:
        second = 10 + container.apart_frames + gap_frames
        return len(
            container.regions([Placement(0, 10 * frame, "a"), Placement(second * frame, frame, "b")]),
        )

    assert [count(-1), count(0)] == [1, 2]


def test_a_region_is_counted_in_the_frames_of_its_container() -> None:
    spot = Placement(1152 + 48, 100, "a")
    assert MP3.regions([spot]) == (Region(1, (Part(48, 100, "a"),)),)
    assert OPUS.regions([spot]) == (Region(25, (Part(0, 100, "a"),)),)


def test_silence_before_a_region_shapes_it_where_frames_are_joined() -> None:
    part = Part(0, 100, "a")
    assert [MP3.head_of(Region(frame, (part,))) for frame in (0, 3, 8, 900)] == [0, 3, 8, 8]
    assert OPUS.head_of(Region(3, (part,))) == 0
