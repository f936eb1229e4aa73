"""A voice as it is listed."""

from __future__ import annotations

from audiocoach.voice.listing import Listed


def test_a_voice_is_installed_where_nothing_has_to_be_done() -> None:
    assert Listed("heart", ("en",), "Apache-2.0").is_installed
    assert not Listed("emma", ("en",), "Apache-2.0", "run hibari").is_installed
