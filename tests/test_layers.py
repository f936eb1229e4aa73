"""Claims about the house, executed: who may import whom, and a test file for every module."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PACKAGE = ROOT / "audiocoach"

# A room may import from itself and from what is named here. `voice` and `sound` do not know each other.
GROUND = ("errors", "units", "assets", "regular", "records", "unions")
ALLOWED = {
    "errors": ("records",),
    "units": (),
    "assets": ("records",),
    "records": (),
    "unions": (),
    "regular": (),
    "routine": GROUND,
    "coaching": (*GROUND, "routine"),
    "voice": (*GROUND, "routine", "coaching"),
    "sound": (*GROUND, "routine", "coaching"),
    "publish": (*GROUND, "routine", "coaching", "sound"),
    "build": (*GROUND, "routine", "coaching", "voice", "sound", "publish"),
    "cli": ("errors", "build", "routine"),
    "__main__": ("cli",),
}
# Heavy libraries, and the modules that may import them at their top: the others do it where they need them.
HEAVY = {
    *("asyncio", "audioop", "av", "dask", "distributed", "h11", "lameenc"),
    *("PIL", "mutagen", "numpy", "pydub", "pyttsx3", "rich", "segno"),
}
HEAVY_AT_TOP = {
    "build/admission.py",
    "publish/server.py",
    "voice/engines/espeak_driver.py",
    "voice/filters.py",
    "voice/loudness.py",
}


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py")


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path, *, top_only: bool = False) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body if top_only else ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_from_its_own_room_and_those_to_its_left(path: Path) -> None:
    room = room_of(path)
    rooms = {name.split(".")[1] for name in imported(path) if name.startswith("audiocoach.")}
    # `from audiocoach import __version__` names no room.
    assert rooms - {room, "__version__"} <= set(ALLOWED[room])


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_heavy_libraries_are_imported_where_they_are_needed(path: Path) -> None:
    if str(path.relative_to(PACKAGE)) not in HEAVY_AT_TOP:
        assert {name.split(".")[0] for name in imported(path, top_only=True)} & HEAVY == set()


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_classes_of_values_are_records(path: Path) -> None:
    assert "dataclasses.dataclass" not in set(imported(path)) or path.name == "records.py"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_module_has_a_test_file(path: Path) -> None:
    # The engines are all one seam, and are tested side by side.
    name = "engines" if path.parent.name == "engines" else path.stem.strip("_")
    assert (ROOT / "tests" / f"test_{name}.py").is_file()


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_function_is_longer_than_50_lines(path: Path) -> None:
    long = {
        node.name: node.end_lineno - node.lineno + 1
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.end_lineno and node.end_lineno - node.lineno >= 50
    }
    assert long == {}


def test_functions_are_small() -> None:
    lengths = sorted(
        node.end_lineno - node.lineno + 1
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.end_lineno
    )
    assert lengths[len(lengths) // 2] <= 8
    assert lengths[len(lengths) * 9 // 10] <= 25
