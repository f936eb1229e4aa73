"""The studio's bundle is what its source makes, and no more than it may be."""

from __future__ import annotations

import json
import os
import re
import subprocess
from typing import TYPE_CHECKING

from audiocoach.publish import palette
from tests.conftest import ROOT
from tests.decoders import lacks, need

if TYPE_CHECKING:
    from pathlib import Path

STUDIO = ROOT / "assets" / "studio"
PACKAGES = ROOT / ".venv" / "studio" / "node_modules"


def test_building_it_again_gives_the_same_bytes(tmp_path: Path) -> None:
    need("node")
    if not (PACKAGES / "esbuild" / "package.json").is_file():
        lacks("the packages of the studio are not installed: scripts/studio-bundle does that")
    # Whatever the machine is set to, nothing but the lock and the source counts.
    script, built = ROOT / "scripts" / "studio-bundle", tmp_path / "studio.js"
    subprocess.run([script, built], check=True, timeout=120, env=os.environ | {"NODE_ENV": "development"})
    assert built.read_bytes() == (STUDIO / "studio.js").read_bytes()


def test_all_that_a_browser_loads_is_less_than_700_kb() -> None:
    sizes = {path.name: path.stat().st_size for path in STUDIO.iterdir() if path.is_file()}
    assert set(sizes) == {"LICENSES.txt", "closed.html", "icon.svg", "index.html", "studio.css", "studio.js"}
    assert sum(sizes.values()) < 700_000


def test_its_packages_are_pinned_and_their_licences_come_along() -> None:
    wanted = json.loads((STUDIO / "source" / "package.json").read_text("utf-8"))["dependencies"]
    locked = json.loads((STUDIO / "source" / "package-lock.json").read_text("utf-8"))["packages"]
    licences = (STUDIO / "LICENSES.txt").read_text("utf-8")
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    for way, package in locked.items():
        name = way.removeprefix("node_modules/")
        assert "resolved" not in package
        assert not way or package["integrity"].startswith("sha512-")
        # What builds it is not in it.
        assert not way or "esbuild" in name or f"{name} {package['version']}" in licences


def test_the_page_has_no_markup_from_texts_and_no_script_or_style_of_its_own() -> None:
    page = (STUDIO / "index.html").read_text("utf-8")
    source = "".join(path.read_text("utf-8") for path in (STUDIO / "source").glob("*.js"))
    assert not re.search(r"<script(?! type=\"module\" src=)|<style|\bstyle=|\bon\w+=|https?://", page)
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\(|new Function", source)


def test_its_colours_are_those_of_the_palette() -> None:
    style = (STUDIO / "studio.css").read_text("utf-8")
    light, dark = (block.split("}")[0] for block in style.split(":root {")[1:3])
    for block, colours in ((light, palette.light()), (dark, palette.dark())):
        found = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", block))
        assert len(found) == 15
        assert found == {name: colours[name] for name in found}
    closed = (STUDIO / "closed.html").read_text("utf-8")
    told = re.findall(r"--(paper|ink|faint): (#[0-9a-f]{6});", closed)
    assert told == [
        (name, of()[name]) for of in (palette.light, palette.dark) for name in ("paper", "ink", "faint")
    ]
