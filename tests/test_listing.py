"""A voice as it is listed."""

from __future__ import annotations

from audiocoach.voice.listing import Listed


def test_what_has_a_remedy_is_not_installed() -> None:
    assert Listed("heart", ("en",), "Apache-2.0").is_installed
    assert not Listed("heart", ("en",), "Apache-2.0", "python -m pip install hibari-tts").is_installed
