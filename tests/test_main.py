"""`python -m audiocoach`."""

from __future__ import annotations

import re

from tests.conftest import run_audiocoach


def test_it_is_the_program() -> None:
    assert re.fullmatch(
        r"audiocoach, version \d+\.\d+\.\d+\n", run_audiocoach("--version", check=True).stdout
    )
