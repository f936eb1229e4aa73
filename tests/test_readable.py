"""Words in a script that the voice cannot read are told with their lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audiocoach.routine.library import load

if TYPE_CHECKING:
    from pathlib import Path

ROUTINE = """\
title: Calm
moves:
  plié:
    name: Плие
    setup: Bend your knees, naïve as it looks. 💪
    reminders: [Breathe., 吸う, Stand tall.]
    steps: [Down., {say: Up., short: あ}]
    easier: {setup: Έλα down.}
session:
  - section: 休息
    items: [{say: Say 你好 to all.}, {do: plié, reps: 4, tempo: 2-2, ways: [out, в]}]
"""


def warnings(text: str, path: Path) -> list[str]:
    path.write_text(text, "utf-8")
    return [str(problem).removeprefix(str(path)) for problem in load(path).warnings]


def told(place: str, letters: str) -> str:
    hint = "write it in letters that it reads, or how it sounds under pronounce:"
    return f'{place}: warning: the voice cannot read "{letters}": {hint} {{{letters}: …}}'


def test_each_text_in_another_script_is_told_at_its_line(tmp_path: Path) -> None:
    assert warnings(ROUTINE, tmp_path / "a.yaml") == [
        told(":3:3", "Плие"),
        told(":6:27", "吸う"),
        told(":7:38", "あ"),
        told(":8:21", "Έλα"),
        told(":10:5", "休息"),
        told(":11:19", "你好"),
        told(":11:36", "в"),
    ]


def test_what_is_pronounced_can_be_read(tmp_path: Path) -> None:
    own = "pronounce: {你好: nee how, '/пли./i': plee-ay}\n"
    text = f"title: Calm\n{own}session: [{{say: 你好 and Плие.}}]\n"
    assert warnings(text, tmp_path / "a.yaml") == []


@pytest.mark.parametrize(
    ("voice", "count"),
    [
        ("{engine: pyttsx3}", 1),
        ("{name: en-us+f3}", 1),
        ("{name: gmw/en-US}", 1),
        ("{engine: hibari, name: heart}", 1),
        ("{name: ru}", 0),
        ("{name: sit/cmn}", 0),
        ("{engine: piper, name: ru_RU-irina-medium}", 0),
    ],
)
def test_a_voice_of_another_language_may_read_it(voice: str, count: int, tmp_path: Path) -> None:
    text = f"title: Calm\nsession: [{{repeat: 2, voice: {voice}, items: [{{say: Плие.}}, {{rest: 5s}}]}}]\n"
    assert len(warnings(text, tmp_path / "a.yaml")) == count
