"""A session in short: what it is, how long, what it needs, and its exercises as a table.

In: a timeline. Out: lines of text or Markdown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.publish.labels import kind_label, kind_name, side_label
from audiocoach.routine import wordings
from audiocoach.units import ms_to_clock

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiocoach.coaching.outline import Exercise
    from audiocoach.coaching.timeline import Timeline
    from audiocoach.language.language import Language

Table = tuple[tuple[str, ...], ...]


def as_text(timeline: Timeline) -> str:
    """For a terminal: the title with the length, what is needed, the table in columns."""
    head = f"{timeline.title}  {ms_to_clock(timeline.duration_ms)}"
    return "\n".join((head, *_needs(timeline), *_after_blank(_columns(table(timeline))))) + "\n"


def as_markdown(timeline: Timeline) -> str:
    """As the beginning of a Markdown page."""
    length = _language(timeline).label("in_all", clock=ms_to_clock(timeline.duration_ms))
    head = (f"# {timeline.title}", "", f"{length}.", *_after_blank(_needs(timeline)))
    return "\n".join((*head, *_after_blank(_piped(table(timeline))))) + "\n"


def table(timeline: Timeline) -> Table:
    """A head, and a row for each exercise, without columns that are empty in all; nothing for no exercise."""
    language = _language(timeline)
    rows = [_row(exercise, language) for exercise in timeline.outline]
    if not rows:
        return ()
    head = ("move", "dose", "sets", "rounds", "rest", "sides", "ways")
    names = [kind_name("rest", language) if key == "rest" else language.label(key) for key in head]
    kept = [place for place in range(len(names)) if any(row[place] for row in rows)]
    return tuple(tuple(row[place] for place in kept) for row in (names, *rows))


def _row(exercise: Exercise, language: Language) -> tuple[str, ...]:
    between = language.traits.lists.between
    sides = between.join(side_label(side, language) for side in exercise.sides)
    rests = between.join(map(ms_to_clock, exercise.rests_ms))
    stands_alone = exercise.section in {None, exercise.name}
    return (
        exercise.name if stands_alone else f"{exercise.section}: {exercise.name}",
        between.join(exercise.doses),
        # Told with what they count: a figure alone is heard without its column.
        language.counted_label("told_sets", exercise.sets) if exercise.sets > 1 else "",
        language.counted_label("told_rounds", exercise.rounds) if exercise.rounds > 1 else "",
        f"{kind_label('rest', language)} {rests}" if rests else "",
        language.label("in_turn", sides=sides) if exercise.in_turn else sides,
        between.join(exercise.ways),
    )


def _needs(timeline: Timeline) -> tuple[str, ...]:
    language = _language(timeline)
    things = language.traits.lists.join(timeline.equipment)
    return (language.label("you_need", things=things),) if things else ()


def _columns(rows: Table) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def _piped(rows: Table) -> Iterator[str]:
    for number, row in enumerate(rows):
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"
        if number == 0:
            yield f"|{'---|' * len(row)}"


def _after_blank(lines: Sequence[str] | Iterator[str]) -> tuple[str, ...]:
    rows = tuple(lines)
    return ("", *rows) if rows else ()


def _language(timeline: Timeline) -> Language:
    return wordings.nearest(timeline.language)
