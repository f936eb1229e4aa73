"""Where a session with music is cut: all of it once, and music that comes again is made once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from audiocoach.sound.bed.cuts import BLOCK_FRAMES, cuts
from audiocoach.sound.mp3.block import JOINT_FRAMES

if TYPE_CHECKING:
    from collections.abc import Callable

LOOP = 5 * BLOCK_FRAMES


def looped(start: int) -> str:
    """The music of a track that comes again after a minute."""
    return f"loop {start % LOOP}"


def endless(start: int) -> str:
    return f"song {start}"


def test_words_over_a_loop_stand_in_blocks_of_their_own_and_the_loop_is_made_once() -> None:
    busy = [(at, at + 60) for at in range(400, 24_000, 1000)]
    found = cuts(busy, 24_000, looped)
    quiet = [cut for cut in found if cut.quiet]
    assert {looped(cut.start) for cut in quiet} == {looped(at) for at in range(0, LOOP, BLOCK_FRAMES)}
    assert sum(cut.end - cut.first for cut in quiet) > 24_000 * 0.8
    spoken = [cut for cut in found if not cut.quiet]
    assert len(spoken) <= len(busy) + 2
    assert sum(cut.end - cut.first for cut in spoken) < len(busy) * (60 + JOINT_FRAMES) + 2 * BLOCK_FRAMES


def test_music_that_comes_once_is_not_made_beside_the_words() -> None:
    found = cuts([(at, at + 60) for at in range(400, 24_000, 1000)], 24_000, endless)
    assert not any(cut.quiet for cut in found)
    # No second is encoded twice but at the ends of blocks, which are no shorter than they have to be.
    assert all(BLOCK_FRAMES // 2 <= cut.end - cut.first < 2 * BLOCK_FRAMES for cut in found)


def test_a_word_more_leaves_the_blocks_of_others_where_they_are() -> None:
    busy = [(at, at + 60) for at in range(400, 24_000, 1000)]
    for name in (looped, endless):
        before, after = (set(cuts(spans, 24_000, name)) for spans in (busy, [*busy, (10_700, 10_720)]))
        assert len(after - before) <= 4


@given(
    st.lists(st.tuples(st.integers(0, 9000), st.integers(1, 700)), max_size=20),
    st.integers(1, 9000),
    st.sampled_from([looped, endless]),
)
def test_every_frame_is_there_once_and_joints_lie_where_both_have_the_same(
    found: list[tuple[int, int]], total: int, name: Callable[[int], str]
) -> None:
    busy = [(first, min(total, first + length)) for first, length in found if first < total]
    made = cuts(busy, total, name)
    assert [cut.first for cut in made] == [0, *(cut.end for cut in made[:-1])]
    assert made[-1].end == total
    for cut in made:
        assert cut.start <= cut.first < cut.end <= cut.stop <= total
        if cut.quiet:
            reach = min(total, cut.end + JOINT_FRAMES)
            assert all(end <= cut.first or first >= reach for first, end in busy)
