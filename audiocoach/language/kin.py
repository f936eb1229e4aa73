"""Which phrases are the same one in another place: an author who has worded or silenced one meant both.

An entry that is split from another belongs into one of these tables, so that what authors wrote of the one
before still holds. `tests/test_kin.py` asks it of every entry that is named after another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# Whoever has worded the one on the right and not the one on the left is heard in both. What fills the one on
# the right has a value in the other as well.
FALLS_BACK_TO: Mapping[str, str] = {
    "section_first": "section",
    "rounds_to_go": "round",
    "rounds_to_go_ahead": "round_ahead",
    "part_first": "inner_first",
    "part": "inner",
    "part_last": "inner_last",
    "part_ahead": "inner_ahead",
    "part_last_ahead": "inner_last_ahead",
    "move_first": "move",
    "side_for_sets": "side_first",
    "side_for_both_sets": "side_for_sets",
    "hold": "rep",
    "hold_side": "rep_side",
    "lesson_hold": "lesson",
    "lesson_holds": "lesson_hold",
    "lesson_breaths": "lesson",
    "dose_shared": "dose_alternate",
    "dose_of_set_weight": "dose_weight",
    "stand_up_short": "stand_up",
    "roll_to_standing_short": "roll_to_standing",
    "press_to_standing_short": "press_to_standing",
    "sit_up_to_standing_short": "sit_up_to_standing",
}

# The words of one would be untrue, or too early, in the place of the other: only their silence is shared.
SILENT_WITH: Mapping[str, str] = {
    "half_more": "half",
    "side_again": "side",
    "round_ahead": "round",
    "round_last_ahead": "round_last",
    "inner_ahead": "inner",
    "inner_last_ahead": "inner_last",
    "set_ahead": "set",
    "set_last_ahead": "set_last",
    "set_dose_ahead": "set_dose",
    "set_last_dose_ahead": "set_last_dose",
    "minute_turn_ahead": "minute_turn",
    "minute_turn_last_ahead": "minute_turn_last",
    "turn_ahead": "turn",
    "turn_last_ahead": "turn_last",
    "breathe_in_short": "breathe_in",
    "breathe_out_short": "breathe_out",
}
_SILENCE = ("",)


def with_kin(own: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """An author's wordings by entry, and the same for those entries that mean the same and have none."""
    kept = dict(own)
    for entry, other in SILENT_WITH.items():
        if own.get(other) == _SILENCE:
            kept.setdefault(entry, _SILENCE)
    # An entry stands behind the one that it falls back to where that falls back as well.
    for entry, other in FALLS_BACK_TO.items():
        if other in kept:
            kept.setdefault(entry, kept[other])
    return kept
