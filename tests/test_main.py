"""`python -m audiocoach`."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.conftest import run_audiocoach

if TYPE_CHECKING:
    from pathlib import Path


def test_it_is_the_program() -> None:
    assert re.fullmatch(
        r"audiocoach, version \d+\.\d+\.\d+\n", run_audiocoach("--version", check=True).stdout
    )


def test_ctrl_c_while_it_is_loaded_is_no_traceback(tmp_path: Path) -> None:
    # A click that is interrupted as it is imported stands in front of the real one.
    (tmp_path / "click.py").write_text("raise KeyboardInterrupt", encoding="utf-8")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from audiocoach.__main__ import main; main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (130, "interrupted\n")
