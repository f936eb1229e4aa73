"""What is asked for."""

from __future__ import annotations

from pathlib import Path

from audiocoach.build.order import Order, Place, Wanted


def test_an_order_is_for_this_machine_unless_it_says_otherwise() -> None:
    order = Order((Path("a.yaml"),), Path("out"), Wanted(), 2)
    assert (order.force, order.cluster, Place(Path("cache")).spare) == (False, None, None)
