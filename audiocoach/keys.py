"""Names for what is kept: its kind, and a digest of all that shapes it.

In: what shapes a clip, a gain, a region, a cover, a recipe. Out: the name that the cache has it under.
Where a name is made in another way, everything is made anew, on every machine.
"""

from __future__ import annotations

import hashlib

_DIGITS = 40


def key(kind: str, *parts: object) -> str:
    """`clip-0f1e…`: the kind and 160 bits of SHA-256, for parts whose `repr` tells all that is in them.

    No two different tuples of parts share a name.
    """
    text = repr(parts).encode("utf-8", "backslashreplace")
    return f"{kind}-{hashlib.sha256(text).hexdigest()[:_DIGITS]}"
