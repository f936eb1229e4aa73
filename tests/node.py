"""Judges from npm: parsers that others wrote in JavaScript, run by Node on what we wrote.

`tests/node/package.json` lists them, and `.ci/run` installs them into `PACKAGES`. For each package
`tests/node/<package>.mjs` says what is asked of it: arguments in, one JSON value out.
"""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

from tests.conftest import ROOT
from tests.decoders import lacks, need

if TYPE_CHECKING:
    from pathlib import Path

PACKAGES = ROOT / ".venv" / "node"


def installed(package: str) -> Path:
    """Where a package lies; without it the test is skipped, and fails where `CI` is set."""
    folder = PACKAGES / "node_modules" / package
    if not (folder / "package.json").is_file():
        lacks(f"the npm package {package} is not installed")
    return folder


def told(package: str, *arguments: str | Path) -> Any:  # noqa: ANN401 - whatever JSON holds
    """What a package's script says of its arguments; the test fails where the script does."""
    node = need("node")
    installed(package)
    script = (ROOT / "tests" / "node" / f"{package}.mjs").read_text("utf-8")
    # A script that is read from standard input finds packages from the folder it runs in.
    done = subprocess.run(
        [node, "--input-type=module", "-", *(str(one) for one in arguments)],
        input=script,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        cwd=PACKAGES,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
