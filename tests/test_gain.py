"""`--loudness`: the same words, louder for outdoors or quieter for an evening."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audiocoach.making import gain
from audiocoach.sound import tones
from audiocoach.store.options import Overrides
from audiocoach.workers.run import Inline
from audiocoach.workers.verify import verify
from tests.builds import Heard, built, squats
from tests.levels import measure_loudness

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    Program = Callable[..., subprocess.CompletedProcess[str]]


def outdoors(lufs: float) -> Overrides:
    return Overrides(loudness_lufs=lufs)


def test_as_usual_nothing_is_touched() -> None:
    go = tones.render("go")
    assert gain.amplified(go, gain.gain_db(Overrides())) is go
    assert gain.gain_db(outdoors(-16)) == 0


def test_louder_sounds_keep_their_length() -> None:
    go = tones.render("go")
    for lufs in (-14, -15, -24):
        louder = gain.amplified(go, gain.gain_db(outdoors(lufs)))
        assert len(louder) == len(go)
        assert louder != go


def test_it_is_as_loud_as_was_asked_and_no_word_is_spoken_again(tmp_path: Path) -> None:
    path = squats(tmp_path, engine="pyttsx3", setup="Stand tall and look far ahead.")
    (usual,), _ = built(tmp_path, path)
    as_usual = usual.path.read_bytes()
    for lufs in (-14, -20):
        heard = Heard()
        (one,), _ = built(tmp_path, path, overrides=outdoors(lufs), progress=heard)
        measured = measure_loudness(one.path)
        assert "speech" not in heard.stages
        assert one.level
        assert one.level.lufs == pytest.approx(lufs, abs=1)
        assert measured.integrated_lufs + 3 == pytest.approx(one.level.lufs, abs=0.2)
        assert measured.true_peak_db == pytest.approx(one.level.peak_db, abs=0.2)
        assert measured.true_peak_db <= -1
        (found,) = verify(tmp_path / "out", Inline(), Heard())
        assert (found.levels, found.findings) == ((("squats.mp3", one.level),), ())
    (again,), _ = built(tmp_path, path)
    assert again.path.read_bytes() == as_usual
    assert again.level == usual.level
    (standing,), _ = built(tmp_path, path)
    assert (standing.reason, standing.level) == (None, usual.level)


def test_the_table_and_verify_tell_how_loud_a_file_is(tmp_path: Path, audiocoach: Program) -> None:
    squats(tmp_path)
    done = audiocoach("build", "squats.yaml", "--loudness", "-14")
    head, row, _ = done.stdout.splitlines()
    told = dict(zip(head.split(), row.replace(" MB", "").replace(" s ", " ").split(), strict=True))
    assert f"{told['LUFS']} LUFS, {told['dBTP']} dBTP, whole" in audiocoach("verify").stdout


@pytest.mark.parametrize("said", ["14", "-13", "loud", "nan"])
def test_what_is_no_loudness_is_told_with_an_example(said: str, audiocoach: Program) -> None:
    done = audiocoach("build", "squats.yaml", "--loudness", said)
    assert done.returncode == 2
    assert f"expected from -24 to -14 LUFS, such as -14 for outdoors, found '{said}'" in done.stderr
