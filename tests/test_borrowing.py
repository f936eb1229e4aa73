"""Words of a library are said otherwise in one session, and the library stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.store.options import Overrides
from audiocoach.studio.origins import Reader
from tests.test_origins import ROUTINE, of, reader
from tests.test_rewording import otherwise

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["reader"]

LIBRARY = """\
moves:
    step-up:
        steps: [Up, Down]
        # As in the clinic.
        setup: >-
            Stand before the step, and look
            ahead.
        reminders:
          - Push the heel. # mine
"""


def test_words_of_a_library_become_the_sessions_own_and_the_library_stays(
    reader: Reader, tmp_path: Path
) -> None:
    otherwise_said = otherwise(reader, "Stand tall.", "Stand, tall as a tree.")
    own = '  my-lunge:\n    name: Lunge\n    setup: "Stand, tall as a tree."\n'
    assert otherwise_said == ROUTINE.replace("do: lunge", "do: my-lunge") + own
    # Once it is the session's own it stays that one.
    again = otherwise(reader, "Stand, tall as a tree.", "Stand tall.", otherwise_said)
    assert again == ROUTINE.replace("do: lunge", "do: my-lunge") + own.replace(", tall as a tree", " tall")

    # Wherever it is done, under its name, with its comments; what has the new key already keeps it.
    library = tmp_path / "step.yaml"
    library.write_text(LIBRARY, "utf-8")
    text = """\
title: Stairs
include: step.yaml
session:
  - {do: step-up, reps: 4}
  - section: Again
    items: [{do: step-up, reps: 6}, {do: my-step-up, reps: 2}]
moves:
  my-step-up: {setup: Mine.}
"""
    there = Reader(tmp_path / "stairs.yaml", Overrides(), lambda _: None)
    found = of(there, "Push the heel.", text).rewording
    assert found is not None
    assert found.written == "Push the heel."
    said = otherwise(there, "Push the heel.", "Push through the heel.", text)
    assert (
        said
        == text.replace("do: step-up", "do: my-step-up-2")
        + """\
  my-step-up-2:
    steps: [Up, Down]
    # As in the clinic.
    setup: >-
        Stand before the step, and look
        ahead.
    reminders:
      - Push through the heel. # mine
    name: step-up
"""
    )
    assert library.read_text("utf-8") == LIBRARY
