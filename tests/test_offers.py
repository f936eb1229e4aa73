"""Which easier versions are offered at standard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach import api
from audiocoach.coaching.timeline import Speech

if TYPE_CHECKING:
    from pathlib import Path

LIBRARY = "".join(
    f"  move-{n}: {{name: Move {n}, for: 30s, easier: {{say: Half of {n}.}}}}\n" for n in range(6)
)


def offered(folder: Path, session: str, own: str = "") -> list[str]:
    (folder / "library.yaml").write_text(f"moves:\n{LIBRARY}")
    path = folder / "routine.yaml"
    path.write_text(f"title: T\ninclude: [library.yaml]\n{own}session: [{session}]\n")
    made = api.preview(path, estimate=True, engine="silent")
    said = [event.text for event in made.events if isinstance(event, Speech) and event.cue == "variant"]
    return [text.removeprefix("Easier: ") for text in said]


def test_a_library_offers_in_the_last_third_of_the_moves(tmp_path: Path) -> None:
    every = ", ".join(f"do: move-{number}" for number in range(6))
    assert offered(tmp_path, every) == ["Half of 4.", "Half of 5."]
    assert offered(tmp_path, "do: move-0, do: move-1") == ["Half of 1."]
    assert offered(tmp_path, "do: move-0") == ["Half of 0."]


def test_a_move_that_was_there_before_is_offered_where_it_is_new_and_late_or_never(tmp_path: Path) -> None:
    assert offered(tmp_path, "do: move-0, do: move-1, do: move-0") == []


def test_what_the_coach_wrote_is_offered_wherever_it_stands(tmp_path: Path) -> None:
    own = "moves: {own: {name: Own, for: 30s, easier: {say: Half of it.}}}\n"
    session = ", ".join(["do: own", *(f"do: move-{number}" for number in range(5))])
    assert offered(tmp_path, session, own) == ["Half of it.", "Half of 3.", "Half of 4."]
