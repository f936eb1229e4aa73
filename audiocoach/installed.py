"""What is installed, read from the names of the `*.dist-info` folders on the import path.

`importlib.metadata` says the same and is asked where this finds nothing; but importing it costs
30 ms, a third of what a build with nothing to do may take, and this costs one.
"""

from __future__ import annotations

import os
import sys
from functools import lru_cache

_SUFFIX = ".dist-info"


def version(name: str) -> str:
    """The version of an installed distribution, `""` where there is none."""
    found = _distributions(tuple(sys.path)).get(_normal(name))
    return found[0] if found else _slow_version(name)


def python() -> str:
    """How a shell calls the interpreter that runs this: `python` may be another, which has other packages."""
    return called(sys.executable) if sys.executable else "python"


def called(program: str) -> str:
    """How a shell calls a program: by its path from here or from anywhere, whichever is shorter."""
    whole = os.path.abspath(program)
    try:
        near = os.path.relpath(whole)
    except (OSError, ValueError):
        near = whole
    shorter = near if os.sep in near and len(near) < len(whole) else whole
    return f'"{shorter}"' if " " in shorter else shorter


def pip_install(what: str) -> str:
    """The command that installs this for the interpreter that runs."""
    return f"{python()} -m pip install {what}"


def entry_points(group: str) -> dict[str, str]:
    """Name to `module:attribute` for one group, from every distribution that says so in a folder."""
    return dict(_entry_points(tuple(sys.path), group))


@lru_cache(maxsize=4)
def _entry_points(path: tuple[str, ...], group: str) -> dict[str, str]:
    folders = [folder for _, folder in _distributions(path).values()]
    found: dict[str, str] = {}
    for folder in reversed(folders):
        found |= _group(_read(os.path.join(folder, "entry_points.txt")), group)
    return found


def all_entry_points(group: str) -> dict[str, str]:
    """The same from `importlib.metadata`, which also knows eggs and zip files."""
    from importlib import metadata  # 30 ms

    return {point.name: point.value for point in metadata.entry_points(group=group)}


def _slow_version(name: str) -> str:
    from importlib import metadata

    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


@lru_cache(maxsize=1)
def _distributions(path: tuple[str, ...]) -> dict[str, tuple[str, str]]:
    """Normal name to version and folder; as on import, the first place on the path wins."""
    found: dict[str, tuple[str, str]] = {}
    for place in path:
        for entry in _listing(place):
            name, _, number = entry.removesuffix(_SUFFIX).partition("-")
            found.setdefault(_normal(name), (number, os.path.join(place, entry)))
    return found


def _listing(place: str) -> list[str]:
    try:
        return sorted(entry for entry in os.listdir(place or ".") if entry.endswith(_SUFFIX))
    except OSError:
        return []


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError:
        return ""


def _group(text: str, group: str) -> dict[str, str]:
    """One section of an `entry_points.txt`: lines of `name = module:attribute`."""
    _, _, rest = text.partition(f"[{group}]\n")
    section = rest.partition("\n[")[0]
    pairs = (line.partition("=") for line in section.splitlines() if "=" in line)
    return {name.strip(): value.strip() for name, _, value in pairs}


def _normal(name: str) -> str:
    return name.lower().replace("-", "_").replace(".", "_")
