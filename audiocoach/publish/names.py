"""What a session's files are called in the site's folder.

In: the name of a routine's file, which may hold anything. Out: a name that is safe on every file
system and in every URL, and that another routine cannot take away: it depends on nothing else.
"""

from __future__ import annotations

import hashlib
import re
from unicodedata import normalize

# The site's own files, and what Windows keeps for devices, whatever follows their dot.
_TAKEN = frozenset(
    {"cover", "feed", "icon", "index", "manifest", "player", "site", "style", "sw"}
) | frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}
)
_DIGEST_LETTERS = 12
_MOST_LETTERS = 60
_PLAIN = re.compile(rf"[a-z0-9]+(?:-[a-z0-9]+)*(?<!-[0-9a-f]{{{_DIGEST_LETTERS}}})")
_OTHERS = re.compile(r"[^a-z0-9]+")


def safe_name(slug: str) -> str:
    """Letters from a to z, digits and single hyphens; up to 73 of them.

    A slug that is such a name already is kept as it is, the others get a digest of the slug behind
    them, so that names that a file system or a listener would take for the same stay apart.
    """
    if len(slug) <= _MOST_LETTERS and _PLAIN.fullmatch(slug) and slug not in _TAKEN:
        return slug
    letters = normalize("NFKD", slug.casefold()).encode("ascii", "ignore").decode()
    readable = _OTHERS.sub("-", letters)[:_MOST_LETTERS].strip("-") or "session"
    digest = hashlib.sha256(slug.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{readable}-{digest[:_DIGEST_LETTERS]}"
