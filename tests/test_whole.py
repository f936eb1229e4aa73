"""Stretches of samples laid end to end."""

from __future__ import annotations

from audiocoach.sound.whole import Samples, blocks, laid


def test_stretches_lie_at_their_milliseconds_with_silence_between() -> None:
    placed = [(1, Samples(b"\1\1" * 48)), (3, Samples(b"\2\2" * 96))]
    whole = b"".join(laid(placed, 48 * 4))
    assert whole == bytes(96) + b"\1\1" * 48 + bytes(96) + b"\2\2" * 48


def test_an_encoder_gets_pieces_of_its_own_size_and_what_is_left() -> None:
    assert list(blocks([b"", b"aabbcc", b"ddee"], 2)) == [b"aabb", b"ccdd", b"ee"]
    assert list(blocks([], 2)) == []
