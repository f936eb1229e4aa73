"""What fills the silence that is left: the easier version, and the reminders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.narration import reminders_of
from audiocoach.units import MS_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiocoach.coaching.table import Table

REMINDER_EVERY_MS = 12 * MS_PER_SECOND
CIRCUIT_REMINDER_EVERY_MS = 20 * MS_PER_SECOND
# An effort that is shorter than one such time has room for one reminder from here on.
_ONE_FROM_MS = 8 * MS_PER_SECOND
REMINDER_MARGIN_MS = 500
# However long a reminder is, so much silence follows it.
REMINDER_REST_MS = 3 * MS_PER_SECOND


def lay_offer(table: Table) -> bool:
    """At standard, the easier version is offered in the first set; before it, where phases speak.

    False where it has no room: the author's words alone would be an order.
    """
    effort = table.effort
    if effort.easier is None or effort.phases or not (table.full and table.new):
        return True
    if table.coach.has_said(effort.easier):
        return True
    text = table.coach.offer(effort.easier, table.coach.values(effort))
    if table.within("variant", text, table.open_ms + 2 * MS_PER_SECOND, table.bounds.end_ms):
        return True
    table.left_out(effort.easier.position, text)
    return False


def lay_reminders(table: Table) -> None:
    """Spread through the silence that is left, never two in a row, never one twice running."""
    if not table.full:
        return
    first_ms = table.open_ms + 2 * MS_PER_SECOND
    every_ms = CIRCUIT_REMINDER_EVERY_MS if table.effort.circuit else REMINDER_EVERY_MS
    for target_ms in _reminder_times(table, every_ms):
        for words in table.coach.reminders_in_turn(table.effort):
            text = table.coach.reminder(table.effort, words)
            length_ms = table.length_ms(text)
            place = _silence_near(table, target_ms, first_ms, every_ms, length_ms)
            if table.say(table.cue("reminder", text, words.position), text, place):
                table.coach.reminded(table.effort, words)
                first_ms = (place or 0) + max(every_ms, length_ms + REMINDER_REST_MS)
                break


def _silence_near(table: Table, target_ms: int, first_ms: int, every_ms: int, length_ms: int) -> int | None:
    """A place around the target, from it on where there is one, else before it, else as long as it lasts.

    In as many rounds as one can there are targets enough.
    """
    middle_ms = max(first_ms, target_ms - length_ms // 2)
    windows = [(middle_ms, target_ms + every_ms // 2), (first_ms, target_ms)]
    if not table.effort.circuit:
        windows.append((middle_ms, table.bounds.end_ms))
    places = (table.space.first(*window, length_ms, REMINDER_MARGIN_MS) for window in windows)
    return next((place for place in places if place is not None), None)


def _reminder_times(table: Table, every_ms: int) -> Iterator[int]:
    known = len(reminders_of(table.effort))
    most = table.effort.length_ms // every_ms or int(table.effort.length_ms >= _ONE_FROM_MS)
    # One reminder alone would be the same one twice running.
    wanted = min(most, known if table.new else 1) if not table.effort.circuit or known == 1 else most
    for index in range(wanted):
        yield table.bounds.start_ms + table.effort.length_ms * (index + 1) // (wanted + 1)
