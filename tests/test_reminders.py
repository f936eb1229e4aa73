"""What fills the silence that is left."""

from tests.test_efforts import inside, timeline


def test_reminders_spread_through_the_silence() -> None:
    words = inside(timeline("for: 60s, reminders: [Breathe., Relax.]"), "work")
    assert [text for _, text in words if text in {"Breathe.", "Relax."}] == ["Breathe.", "Relax."]


def test_a_reminder_without_silence_is_a_note() -> None:
    reminder = "Breathe through your nose and keep your shoulders down."
    found = timeline(f"for: 9s, reminders: [{reminder}]")
    assert [note.message for note in found.notes] == [
        f'this reminder found no silence to be said in: "{reminder}"'
    ]


def test_the_easier_version_without_silence_is_a_note() -> None:
    found = timeline("for: 4s, easier: {say: Keep both of your knees on the floor.}")
    assert [note.message for note in found.notes] == [
        'left out at 0:10, for want of silence: "Keep both of your knees on the floor."'
    ]
