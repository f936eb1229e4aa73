"""Other words are written where those stand that are heard."""

from __future__ import annotations

import pytest

from audiocoach.errors import InputError
from audiocoach.studio.edits.document import applied
from audiocoach.studio.edits.edit import edit
from audiocoach.studio.origins import Reader, reworded
from tests.test_origins import ROUTINE, of, reader

__all__ = ["reader"]


@pytest.mark.parametrize(
    ("words", "written", "said", "after"),
    [
        ("Forearms down.", "Forearms down.", "Elbows down.", "setup: Elbows down. # mine"),
        # Of a field with silences that part alone; where it is heard within more words, the field.
        ("Well done.", "Well done.", "Good work.", "That was it. <pause 1s> Good work. <pause 2s> Bye."),
        ("Easier: Knees down.", "Knees down.", "Knees on the mat.", "easier: {say: Knees on the mat.}"),
        ("Ribs soft.", "Ribs soft.", "Ribs, down", 'reminders: ["Ribs, down"]'),
        ("Lift", "Lift", "Up", "steps: [Up, Lower]"),
    ],
)
def test_other_words_are_written_where_these_stand(
    reader: Reader, words: str, written: str, said: str, after: str
) -> None:
    found = of(reader, words).rewording
    assert found is not None
    assert found.written == written
    before, changed = ROUTINE.splitlines(), otherwise(reader, words, said).splitlines()
    assert len(before) == len(changed)
    (line,) = (one for one, other in zip(changed, before, strict=True) if one != other)
    assert line.strip().endswith(after)


def test_a_phrase_of_the_coach_gets_a_wording_of_ones_own(reader: Reader) -> None:
    # Beside those that take turns with it.
    said = otherwise(reader, "Halfway.", "Half of it.")
    assert said.startswith(ROUTINE + "phrases:\n  halfway:\n")
    assert '- "Half of it."\n' in said
    assert "Halfway.\n" not in said
    # What it is filled with stays marked, and a wording of one's own is written in its place.
    text = ROUTINE + "phrases:\n  halfway: [Half of it., The middle.]\n  rep: <count>!\n"
    found = of(reader, "1!", text).rewording
    assert found is not None
    assert found.written == "<count>!"
    assert otherwise(reader, "1!", "<count>,", text) == text.replace("<count>!", "<count>,")
    assert "[Half way there., The middle.]" in otherwise(reader, "Half of it.", "Half way there.", text)


def test_what_cannot_be_said_is_refused(reader: Reader) -> None:
    with pytest.raises(InputError, match="expected words"):
        otherwise(reader, "Bye.", " ")
    with pytest.raises(InputError, match="<nobody>"):
        otherwise(reader, "Halfway.", "Half, <nobody>.")


def otherwise(reader: Reader, words: str, said: str, text: str = ROUTINE) -> str:
    return applied(text, edit(text, reworded(reader, text, words, 0, said)))
