"""Everything that shapes a byte beside the routine's own files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.build import setting
from audiocoach.build.order import Wanted
from audiocoach.build.setting import Setting, fingerprint
from audiocoach.errors import RefusedError
from audiocoach.routine.voice import Voice

if TYPE_CHECKING:
    import pytest


def test_it_changes_with_the_options_the_voices_and_the_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    def of(wanted: Wanted, *voices: Voice) -> str:
        return Setting(wanted, repr).of(voices)

    seen = [of(Wanted(), Voice()), of(Wanted(level="gentle"), Voice()), of(Wanted(), Voice("silent"))]
    assert of(Wanted(), Voice()) == seen[0]
    monkeypatch.setattr(setting, "libraries", lambda: ["lameenc 3"])
    seen.append(of(Wanted(), Voice()))
    assert len(set(seen)) == 4


def test_a_voice_that_cannot_be_had_matches_nothing() -> None:
    def gone(_: Voice) -> str:
        raise RefusedError("there is no such engine")

    assert Setting(Wanted(), gone).of([Voice()]) == ""


def test_two_machines_compare_what_makes_their_bytes() -> None:
    assert {"audiocoach", "av", "lameenc", "pydub", "pillow"} <= set(fingerprint().split())
