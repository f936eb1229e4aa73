"""Frames between this program's processes."""

from __future__ import annotations

import io

import pytest

from audiocoach import pipe


def test_messages_come_out_in_turn_and_as_they_went_in() -> None:
    wire = io.BytesIO()
    messages = [{"a": (1, b"2")}, None, "ünïcode"]
    for message in messages:
        pipe.send(wire, message)
    wire.seek(0)
    assert [pipe.receive(wire) for _ in messages] == messages


@pytest.mark.parametrize("kept", [0, 4, 8, -1])
def test_a_torn_frame_is_the_end(kept: int) -> None:
    wire = io.BytesIO()
    pipe.send(wire, "go")
    with pytest.raises(EOFError):
        pipe.receive(io.BytesIO(wire.getvalue()[:kept]))
