"""Claims about the house, executed: who may import whom, who sees what, a test file for every module."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from mypy.config_parser import parse_config_file
from mypy.fscache import FileSystemCache
from mypy.modulefinder import FindModuleCache, SearchPaths
from mypy.options import Options

from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = ROOT / "audiocoach"
TOOLS = Path(sys.executable).parent

# What lies under all rooms; each of it may import what stands before it.
GROUND = (
    *("units", "records", "unions", "regular", "installed", "pipe", "start", "keys"),
    *("errors", "assets", "encoder", "configuration", "decoding"),
)
# The rooms from the top down. A room may import from itself, from the ground, and from what is named here:
# from rooms above it, never from one below. `voice` and `sound` do not know each other.
ROOMS: dict[str, tuple[str, ...]] = {
    "language": (),
    "routine": ("language",),
    "coaching": ("language", "routine"),
    "store": ("routine",),
    "voice": ("language", "routine", "coaching"),
    "sound": ("routine", "coaching"),
    "publish": ("language", "routine", "coaching", "store", "sound"),
    "making": ("language", "routine", "coaching", "store", "voice", "sound", "publish"),
    "workers": ("routine", "coaching", "store", "voice", "sound", "publish", "making"),
    "api": ("routine", "coaching", "store", "voice", "publish", "making", "workers"),
    "serve": ("store", "publish", "workers", "api"),
    "studio": (
        *("language", "routine", "coaching", "store", "voice", "publish"),
        *("making", "workers", "api", "serve"),
    ),
    "commands": (
        *("routine", "coaching", "store", "voice", "publish"),
        *("making", "workers", "api", "serve", "studio"),
    ),
    "cli": ("routine", "store", "workers", "api", "commands"),
    "__main__": ("cli",),
}
# Heavy libraries, and the modules that may import them at their top: the others do it where they need them.
HEAVY = {
    *("asyncio", "audioop", "av", "dask", "distributed", "h11", "lameenc"),
    *("PIL", "hibari", "mutagen", "numpy", "onnxruntime", "pydub", "pyttsx3", "rich", "segno"),
    *("starlette", "tomlkit", "tomllib", "uvicorn"),
}
HEAVY_AT_TOP = {
    "workers/admission.py",
    "serve/server.py",
    "studio/desk/app.py",
    "studio/desk/events.py",
    "studio/desk/gate.py",
    "studio/desk/handing.py",
    "studio/desk/running.py",
    "voice/decode.py",
    "voice/engines/espeak_driver.py",
    "voice/filters.py",
    "voice/loudness.py",
}
# Modules that are tested side by side, as they are one seam.
SIDE_BY_SIDE = {"engines", "commands", "mp3", "edits", "desk", "importers"}


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py")


def name_of(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(tree_of(path)))


def imported(path: Path, *, top_only: bool = False) -> Iterator[str]:
    for node in tree_of(path).body if top_only else nodes_of(path):
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def allowed(room: str) -> set[str]:
    if room in GROUND:
        return set(GROUND[: GROUND.index(room)])
    return {*GROUND, *ROOMS[room]}


def test_a_module_imports_only_from_its_own_room_and_those_above_it() -> None:
    found: dict[str, set[str]] = {}
    for path in modules():
        room = room_of(path)
        rooms = {name.split(".")[1] for name in imported(path) if name.startswith("audiocoach.")}
        # `from audiocoach import __version__` names no room.
        found[name_of(path)] = rooms - {room, "__version__"} - allowed(room)
    assert {name: rooms for name, rooms in found.items() if rooms} == {}


def test_rooms_stand_in_the_order_in_which_data_flows() -> None:
    order = list(ROOMS)
    for room, above in ROOMS.items():
        assert set(above) <= set(order[: order.index(room)])


def listed(*command: str | Path) -> set[Path]:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return {(ROOT / line).resolve() for line in done.stdout.splitlines() if line.endswith(".py")}


def test_ruff_sees_every_module() -> None:
    assert set(PACKAGE.rglob("*.py")) <= listed(TOOLS / "ruff", "check", "--show-files", ".")


def test_mypy_sees_every_module() -> None:
    options = Options()
    parse_config_file(options, lambda: None, str(ROOT / "pyproject.toml"))
    finder = FindModuleCache(SearchPaths((str(ROOT),), (), (), ()), FileSystemCache(), options)
    seen = [source for package in options.packages or () for source in finder.find_modules_recursive(package)]
    assert set(PACKAGE.rglob("*.py")) <= {Path(source.path).resolve() for source in seen if source.path}


def test_git_ignores_no_module() -> None:
    names = "\n".join(str(path.relative_to(ROOT)) for path in sorted(PACKAGE.rglob("*.py")))
    done = subprocess.run(
        ["git", "check-ignore", "--no-index", "--stdin"],
        cwd=ROOT,
        input=names,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")


def test_no_folder_has_a_name_that_tools_take_for_output() -> None:
    output = {"build", "dist", "out", "site", "site-packages", "node_modules", "venv", "_build", "buck-out"}
    assert {path.parent.name for path in PACKAGE.rglob("*.py")} & output == set()


def test_heavy_libraries_are_imported_where_they_are_needed() -> None:
    at_top = {
        name_of(path): {name.split(".")[0] for name in imported(path, top_only=True)} & HEAVY
        for path in modules()
        if name_of(path) not in HEAVY_AT_TOP
    }
    assert {name: heavy for name, heavy in at_top.items() if heavy} == {}


def test_classes_of_values_are_records() -> None:
    own = [name_of(path) for path in modules() if "dataclasses.dataclass" in set(imported(path))]
    assert own == ["records.py"]


def has_a_test_file(path: Path) -> bool:
    names = {path.stem.strip("_"), *({path.parent.name} & SIDE_BY_SIDE)}
    return any((ROOT / "tests" / f"test_{name}.py").is_file() for name in names)


def test_every_module_has_a_test_file() -> None:
    assert [name_of(path) for path in modules() if not has_a_test_file(path)] == []


def lengths_of(path: Path) -> dict[str, int]:
    """How many lines each function has, by where it begins."""
    return {
        f"{name_of(path)}:{node.lineno}: {node.name}": node.end_lineno - node.lineno + 1
        for node in nodes_of(path)
        if isinstance(node, ast.FunctionDef) and node.end_lineno
    }


def test_no_function_is_longer_than_50_lines() -> None:
    lengths = [found for path in modules() for found in lengths_of(path).items()]
    assert [found for found in lengths if found[1] > 50] == []


def test_functions_are_small() -> None:
    lengths = sorted(length for path in modules() for length in lengths_of(path).values())
    assert lengths[len(lengths) // 2] <= 8
    assert lengths[len(lengths) * 9 // 10] <= 25


def test_every_exemption_from_a_rule_has_a_reason_of_its_own() -> None:
    above = [f"{word} {where}" for word in ("as", "see") for where in ("above", "below")]
    assert [
        f"{path.relative_to(ROOT)}:{number}"
        for path in (*modules(), *(ROOT / "tests").rglob("*.py"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if "noqa" in line and any(words in line.partition("noqa")[2] for words in above)
    ] == []
