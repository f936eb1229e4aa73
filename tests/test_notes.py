"""What was decided for the author: one note for each line and kind."""

from audiocoach.coaching.notes import Note, gather_notes
from audiocoach.coaching.schedule import schedule
from audiocoach.errors import Position
from tests.generate import constant, planned

HERE, THERE = Position("r.yaml", 3, 1), Position("r.yaml", 4, 1)


def left(time_ms: int, text: str, position: Position = HERE) -> Note:
    return Note(position, "left out", "for want of time", time_ms, text)


def told(*notes: Note) -> list[str]:
    return [str(note) for note in gather_notes(notes)]


def test_one_is_told_with_its_time() -> None:
    assert told(left(39_000, "Rest.")) == ['r.yaml:3:1: note: left out at 0:39, for want of time: "Rest."']


def test_several_of_a_line_and_kind_are_one_with_their_count_and_the_first_time() -> None:
    notes = (
        left(760_000, "Rest."),
        left(39_000, "Rest."),
        left(90_000, "Take a rest."),
        left(5000, "A.", THERE),
    )
    assert told(*notes) == [
        'r.yaml:3:1: note: left out 3 times, first at 0:39, for want of time: "Rest.", "Take a rest."',
        'r.yaml:4:1: note: left out at 0:05, for want of time: "A."',
    ]


def test_of_many_words_the_first_are_shown() -> None:
    words = [left(1000 * number, f"A{number}.") for number in range(1, 8)]
    assert told(*reversed(words)) == [
        'r.yaml:3:1: note: left out 7 times, first at 0:01, for want of time: "A1.", "A2.", "A3." and 4 more'
    ]


def test_lengthened_gaps_are_told_by_the_longest() -> None:
    def longer(time_ms: int, length_ms: int) -> Note:
        return Note(HERE, "the rest of 0:10 became", "so be it", time_ms, length_ms=length_ms)

    assert told(longer(33_000, 13_000)) == [
        "r.yaml:3:1: note: the rest of 0:10 became 0:13 at 0:33: so be it"
    ]
    assert told(longer(33_000, 12_500), longer(93_000, 14_100)) == [
        "r.yaml:3:1: note: the rest of 0:10 became 0:15 at most, 2 times, first at 0:33: so be it"
    ]


def test_a_session_with_little_time_has_few_notes() -> None:
    text = (
        "title: T\nmoves: {bend: {name: Bend, reps: 5, tempo: 1s, reminders: [Chin in., Look up.]}}\n"
        "session:\n  - {do: bend, sets: 8, rest: 4s}\n"
    )
    assert [str(note) for note in schedule(planned(text), constant).notes] == [
        'routine.yaml:2:60: note: 2 reminders found no silence to be said in: "Chin in.", "Look up."',
        (
            "routine.yaml:4:5: note: left out 7 times, first at 0:21, for want of silence: "
            '"Set 2 of 8.", "Set 3 of 8.", "Set 4 of 8." and 4 more'
        ),
    ]
