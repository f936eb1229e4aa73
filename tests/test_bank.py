"""The moves of libraries, as a form shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.studio.bank import moves_in
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path


def test_moves_of_our_libraries_say_what_they_are() -> None:
    path = ROOT / "routines" / "moves" / "hips-and-legs.yaml"
    moves = {one["id"]: one for one in moves_in([("hips", path)])}
    assert moves["bridge"] == {
        "id": "bridge",
        "name": "Bridge",
        "library": "hips",
        "posture": "supine",
        "equipment": [],
        "works": ["glutes", "hamstrings", "low back"],
        "steps": ["Breathe out, hips up.", "Squeeze your glutes.", "Lower slowly."],
        "dose": "reps: 8-12, sets: 2-3, rest: 30-40s",
    }


def test_what_is_no_library_has_no_moves(tmp_path: Path) -> None:
    for name, text in {"a": "title: a\nsession: []\nmoves: {}", "b": "[", "c": ""}.items():
        (tmp_path / name).write_text(text, "utf-8")
    assert moves_in((name, tmp_path / name) for name in ("a", "b", "c", "d")) == []
