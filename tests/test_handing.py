"""Where a session that is handed over is on the web."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.making.handing import address_of

if TYPE_CHECKING:
    from pathlib import Path


def test_a_link_to_a_folder_has_the_sessions_page_in_it(tmp_path: Path) -> None:
    routine = tmp_path / "legs.yaml"
    assert address_of(routine, "legs", "https://example.org/a/") == "https://example.org/a/legs.html"
    assert address_of(routine, "legs", "https://example.org/a") == "https://example.org/a"
    assert address_of(routine, "legs") == ""


def test_without_a_link_it_is_where_the_show_is(tmp_path: Path) -> None:
    (tmp_path / "legs.yaml").write_text("title: Legs\nsession: [rest: 5s]\n", "utf-8")
    (tmp_path / "audiocoach.yaml").write_text(
        "title: Ours\nauthor: Us\ndescription: Short.\nbase_url: https://example.org/\n", "utf-8"
    )
    assert address_of(tmp_path / "legs.yaml", "legs") == "https://example.org/legs.html"
