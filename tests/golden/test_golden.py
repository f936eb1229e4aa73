"""One routine for each feature of the language, and the script that a listener hears.

Every word takes 60 ms a character and 300 ms. After a change of wording, read what changed:

    AUDIOCOACH_REFRESH=1 python -m pytest tests/golden && git diff tests/golden
"""

import os
from pathlib import Path

import pytest

from audiocoach.coaching.schedule import schedule
from audiocoach.publish.preview import as_text
from audiocoach.routine.desk import Desk
from tests.generate import constant, planned

HERE = Path(__file__).parent


def script(path: Path) -> str:
    desk = Desk()
    timeline = schedule(planned(path.read_text(encoding="utf-8"), desk), constant)
    notes = "".join(f"{problem}\n" for problem in desk.problems)
    return as_text(timeline) + (f"\n{notes}" if notes else "")


@pytest.mark.parametrize("path", sorted(HERE.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_script_is_as_it_was_read_and_accepted(path: Path) -> None:
    expected = path.with_suffix(".expected")
    if os.environ.get("AUDIOCOACH_REFRESH"):
        expected.write_text(script(path), encoding="utf-8")
    assert script(path) == expected.read_text(encoding="utf-8")


def test_every_script_has_its_routine() -> None:
    scripts = {path.stem for path in HERE.glob("*.expected")}
    assert scripts == {path.stem for path in HERE.glob("*.yaml")}
