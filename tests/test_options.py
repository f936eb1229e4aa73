"""What is asked for."""

from __future__ import annotations

from pathlib import Path

from audiocoach.store.options import BuildOptions, Overrides
from audiocoach.store.place import Place


def test_an_order_is_for_this_machine_unless_it_says_otherwise() -> None:
    options = BuildOptions((Path("a.yaml"),), Path("out"), Overrides(), 2)
    assert (options.force, options.cluster, Place(Path("cache")).spare) == (False, None, None)
