"""docs/feed.md is true: its example is a show, its table has every field, its files are published."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from audiocoach.making.beside import sound_beside
from audiocoach.routine.show import DEFAULT_CATEGORY, MAX_DESCRIPTION_BYTES, SHOW_FIELDS, read_show
from audiocoach.routine.show_sound import ShowSound
from tests.conftest import ROOT
from tests.publishing import Workplace

if TYPE_CHECKING:
    from pathlib import Path

GUIDE = (ROOT / "docs" / "feed.md").read_text(encoding="utf-8")
ROUTINES = ("warm-up", "first-steps", "long-bridge")


def example() -> str:
    (only,) = re.findall(r"^```yaml\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
    return str(only)


def rows(head: str) -> list[list[str]]:
    (found,) = re.findall(rf"^\| {head} .*\n\|[-|]+\n((?:\|.*\n)+)", GUIDE, re.MULTILINE)
    return [[cell.strip() for cell in row.split("|")[1:-1]] for row in found.splitlines()]


def test_the_example_is_a_show_with_every_field(tmp_path: Path) -> None:
    path = tmp_path / "audiocoach.yaml"
    path.write_text(example(), "utf-8")
    (tmp_path / "cover.jpg").touch()
    show, warnings = read_show(path, ROUTINES)
    assert warnings == ()
    assert show.order == ROUTINES
    assert set(re.findall(r"^(\w+):", example(), re.MULTILINE)) == {field.name for field in SHOW_FIELDS}


def test_the_lines_of_sound_alone_are_enough_for_a_build(tmp_path: Path) -> None:
    (lines,) = re.findall(r"^```yaml show\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
    (tmp_path / "audiocoach.yaml").write_text(lines, "utf-8")
    assert sound_beside(tmp_path / "legs.yaml") == ShowSound(("opus",), stereo=False)


def test_the_table_has_every_field_and_its_default() -> None:
    table = {name.strip("`"): default for name, _, default in rows("field of a show")}
    assert set(table) == {field.name for field in SHOW_FIELDS}
    required = {name for name, default in table.items() if default == "has to be there"}
    assert required == {"title", "author", "description"}
    assert table["category"] == f"`{' > '.join(DEFAULT_CATEGORY)}`"
    assert f"{MAX_DESCRIPTION_BYTES:,} bytes" in GUIDE


def test_the_files_that_are_listed_are_published(tmp_path: Path) -> None:
    place = Workplace.of(tmp_path, "legs")
    place.published()
    told = {name for cell, *_ in rows("file") for name in re.findall(r"`([^`]+)`", cell)}
    found = {re.sub(r"-[0-9a-f]{8}", "-1a2b3c4d", name.replace("legs", "NAME")) for name in place.tree()}
    assert told == found - {"index.html", "NAME.html"}


def test_the_routines_that_come_along_have_a_show() -> None:
    names = [path.stem for path in (ROOT / "routines").glob("*.yaml") if path.stem != "audiocoach"]
    show, warnings = read_show(ROOT / "routines" / "audiocoach.yaml", names)
    assert (sorted(show.order), warnings) == (sorted(names), ())
