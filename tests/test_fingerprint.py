"""Everything that shapes a byte beside the routine's own files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.errors import RefusedError
from audiocoach.routine.voice import Voice
from audiocoach.store import fingerprint
from audiocoach.store.fingerprint import Fingerprint, describe_versions
from audiocoach.store.options import Overrides

if TYPE_CHECKING:
    import pytest


def test_it_changes_with_the_options_the_voices_and_the_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    def of(overrides: Overrides, *voices: Voice) -> str:
        return Fingerprint(overrides, repr).of(voices)

    seen = [
        of(Overrides(), Voice()),
        of(Overrides(level="gentle"), Voice()),
        of(Overrides(), Voice("silent")),
    ]
    assert of(Overrides(), Voice()) == seen[0]
    monkeypatch.setattr(fingerprint, "libraries", lambda: ["lameenc 3"])
    seen.append(of(Overrides(), Voice()))
    assert len(set(seen)) == 4


def test_a_voice_that_cannot_be_had_matches_nothing() -> None:
    def gone(_: Voice) -> str:
        raise RefusedError("there is no such engine")

    assert Fingerprint(Overrides(), gone).of([Voice()]) == ""


def test_two_machines_compare_what_makes_their_bytes() -> None:
    assert {"audiocoach", "av", "lameenc", "pydub", "pillow"} <= set(describe_versions().split())
