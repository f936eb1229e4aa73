"""Authors' text inside XML: whatever it holds, the document can be read and nothing becomes markup."""

from __future__ import annotations

from html import escape

from audiocoach.sound.tags import clean

# XML 1.0 §2.2: no document may hold them, written out or as a reference.
_NO_CHARACTERS = str.maketrans("\ufffe\uffff", "\ufffd\ufffd")


def plain(text: str) -> str:
    """The text on one line, of characters that XML knows; nothing is escaped yet."""
    return clean(text).translate(_NO_CHARACTERS)


def xml_text(text: str) -> str:
    """The text on one line, to stand in an element or between the quotes of an attribute."""
    return escape(plain(text))
