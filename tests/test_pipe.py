"""Frames between this program's processes."""

from __future__ import annotations

import io
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


@given(
    st.recursive(st.none() | st.integers() | st.text(alphabet=st.characters(codec=None)), st.lists).filter(
        lambda message: message is not None
    )
)
def test_a_frame_comes_out_as_it_went_in(message: object) -> None:
    source, target = os.pipe()
    pipe.send_json(target, message)
    os.close(target)
    assert pipe.receive_json(source) == message
    assert pipe.receive_json(source) is None
    os.close(source)


def test_a_frame_cut_short_is_the_end() -> None:
    source, target = os.pipe()
    os.write(target, b"\0\0\0\0\0\0\0\x10half")
    os.close(target)
    assert pipe.receive_json(source) is None
    os.close(source)
