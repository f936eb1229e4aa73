"""`site.json`: written and read by one module."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiocoach.errors import MALFORMED
from audiocoach.publish.episode import Asset
from audiocoach.publish.site_manifest import NAME, SiteManifest
from tests.test_layers import modules, name_of

SOUND = Asset("squats-0a1b2c3d.mp3", "audio/mpeg", 1234, "ab" * 32)
PAGE = Asset("squats.html", "text/html; charset=utf-8", 0, "cd" * 32)
TEXT = f"""\
{{
 "files": {{
  "squats-0a1b2c3d.mp3": {{
   "type": "audio/mpeg",
   "size": 1234,
   "sha256": "{SOUND.digest}"
  }},
  "squats.html": {{
   "type": "text/html; charset=utf-8",
   "size": 0,
   "sha256": "{PAGE.digest}"
  }}
 }}
}}
"""


def test_it_names_files_in_order_with_their_types_sizes_and_digests() -> None:
    assert SiteManifest((PAGE, SOUND)).to_bytes().decode() == TEXT
    assert SiteManifest.from_bytes(TEXT.encode()) == SiteManifest((SOUND, PAGE))
    assert SiteManifest.from_bytes(SiteManifest(()).to_bytes()) == SiteManifest(())


names = st.from_regex(r"[a-zé0-9][a-z0-9.é-]{0,12}", fullmatch=True)


@given(st.dictionaries(names, st.integers(0, 2**40)))
def test_whatever_is_written_is_read_again(sizes: dict[str, int]) -> None:
    files = tuple(Asset(name, "image/svg+xml", size, "ef" * 32) for name, size in sorted(sizes.items()))
    assert SiteManifest.from_bytes(SiteManifest(files).to_bytes()).files == files


@pytest.mark.parametrize("gone", ["type", "size", "sha256"])
def test_a_row_is_whole_or_all_is_damaged(gone: str) -> None:
    data = json.loads(TEXT)
    del data["files"][SOUND.name][gone]
    with pytest.raises(MALFORMED):
        SiteManifest.from_bytes(json.dumps(data).encode())


@pytest.mark.parametrize(
    "name", ["", ".", "..", ".env", "../a.mp3", "a/b.mp3", "/etc/passwd", "a\\b", "C:a", "a\n"]
)
def test_a_name_leads_nowhere_else(name: str) -> None:
    data = json.loads(TEXT)
    data["files"][name] = data["files"].pop(SOUND.name)
    with pytest.raises(ValueError, match=f"^{re.escape(name)}$"):
        SiteManifest.from_bytes(json.dumps(data).encode())


def test_nobody_else_knows_its_name() -> None:
    assert [name_of(path) for path in modules() if f'"{NAME}"' in path.read_text("utf-8")] == [
        "publish/site_manifest.py"
    ]
