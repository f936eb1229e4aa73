"""The containers there are."""

from __future__ import annotations

from audiocoach.sound.containers import CONTAINERS, container_of
from audiocoach.sound.mp3.container import MP3
from audiocoach.sound.opus import OPUS


def test_a_file_is_known_by_the_end_of_its_name() -> None:
    assert [container_of(name) for name in ("a.mp3", "a.opus", "a")] == [MP3, OPUS, MP3]


def test_no_two_containers_share_a_suffix_or_a_key() -> None:
    suffixes, keys = ({one.suffix for one in CONTAINERS}, {one.key_parts for one in CONTAINERS})
    assert len(suffixes) == len(keys) == len(CONTAINERS) == 5
