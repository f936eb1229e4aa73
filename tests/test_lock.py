"""The lock beside the ranges: what can be told of it without a network."""

from __future__ import annotations

import re
from importlib import metadata
from itertools import product

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT

TEXT = (ROOT / "scripts" / "requirements.lock").read_text("utf-8")
PINS = [Requirement(head) for head in re.findall(r"^(\S[^\\\n]*?) *\\$", TEXT, re.MULTILINE)]
SYSTEMS = {
    "linux": ("Linux", "posix", "6.1"),
    "darwin": ("Darwin", "posix", "24.4.0"),
    "win32": ("Windows", "nt", "11"),
}
# What is needed to install it, beside what it needs to run.
BUILD = ("hatchling>=1.25", "editables>=0.5")


def environment(python: str, system: str) -> dict[str, str]:
    known = {name: str(value) for name, value in default_environment().items()}
    known["python_version"], known["python_full_version"] = python, f"{python}.1"
    known["sys_platform"] = system
    known["platform_system"], known["os_name"], known["platform_release"] = SYSTEMS[system]
    return known


ENVIRONMENTS = {
    f"{python} on {system}": environment(python, system)
    for python, system in product(("3.10", "3.11", "3.12", "3.13"), SYSTEMS)
}


def holds(requirement: Requirement, where: dict[str, str]) -> bool:
    return requirement.marker is None or requirement.marker.evaluate(where)


def needs(name: str, where: dict[str, str]) -> list[Requirement]:
    """What an installed package needs there."""
    return [one for one in map(Requirement, metadata.requires(name) or []) if holds(one, where)]


def pinned(where: dict[str, str]) -> dict[str, str]:
    """Each package's version there."""
    found: dict[str, str] = {}
    for pin in PINS:
        if holds(pin, where):
            name = canonicalize_name(pin.name)
            assert name not in found
            ((operator, version),) = ((one.operator, one.version) for one in pin.specifier)
            assert operator == "=="
            found[name] = version
    return found


@pytest.mark.parametrize("where", ENVIRONMENTS.values(), ids=ENVIRONMENTS)
def test_49_every_range_has_one_version_in_it_on_every_python_and_system(where: dict[str, str]) -> None:
    found = pinned(where)
    for requirement in (*needs("audiocoach", where), *map(Requirement, BUILD)):
        assert requirement.specifier.contains(found[canonicalize_name(requirement.name)]), requirement


@pytest.mark.parametrize("where", ENVIRONMENTS.values(), ids=ENVIRONMENTS)
def test_49_so_has_whatever_these_need_as_far_as_it_is_installed_here(where: dict[str, str]) -> None:
    found = pinned(where)
    for name, version in found.items():
        try:
            same = metadata.version(name) == version
        except metadata.PackageNotFoundError:
            continue
        for requirement in needs(name, where) if same else ():
            assert requirement.specifier.contains(found[canonicalize_name(requirement.name)]), requirement


def test_49_each_is_held_against_digests_and_comes_from_wherever_its_reader_has_it_from() -> None:
    entries = re.split(r"\n(?=\S)", TEXT.strip())
    assert len(entries) == len(PINS) > 20
    for entry in entries:
        head, *digests = entry.split(" \\\n")
        assert "@" not in head
        assert digests
        assert all(re.fullmatch(r" {4}--hash=sha256:[0-9a-f]{64}", digest) for digest in digests)
    assert "://" not in TEXT


def test_49_the_scripts_take_it() -> None:
    setup = (ROOT / "scripts" / "setup.sh").read_text("utf-8")
    assert "--require-hashes --requirement scripts/requirements.lock" in setup
    assert "--require-hashes" in (ROOT / ".ci" / "run").read_text("utf-8")
