"""What to say to a chat model so that it writes a routine: the format in short, the bank, and the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audiocoach.routine.importers.bank import Bank, Known

_FORMAT = """\
Turn the text that I give you into a workout routine for audiocoach. Answer with one block of YAML in a fence,
and as little as you like around it.

The format, by an example:

```yaml
title: Back in the morning # from: "Back in the morning"
safety: Stop if anything hurts. # from: "Stop at once if it hurts."
moves: # only what the list below does not have
  wall-sit:
    name: Wall sit # from: "Wall sit, 45 s"
    setup: Lean against a wall, knees bent. # in your own words
session:
  - section: Strength # from: "Strength, three rounds"
    repeat: 3 # from: "Strength, three rounds"
    rest: 60s # from: "A minute between rounds."
    items:
      - do: bridge # from: "Bridge, 12 times"
        reps: 12 # from: "Bridge, 12 times"
      - do: side-plank # from: "Side plank 2 x 30 s each side"
        hold: 30s # from: "Side plank 2 x 30 s each side"
        sets: 2 # from: "Side plank 2 x 30 s each side"
        sides: each # from: "Side plank 2 x 30 s each side"
      # gap: the source gives no dose for the wall sit
      - do: wall-sit # from: "Wall sit"
```

Fields of a `do`: one dose, `for: 40s` (keep moving), `hold: 30s` or `hold: 10 breaths` (stay), `reps: 10`, or
`hold` beside `reps` for several holds; then `sets`, `rest: 30s`, `sides` (`each`, `[left, right]`,
`alternate`), `tempo: 3-1-2` (seconds of each phase), `caution: Do not bounce.` Times have units: `45s`,
`1m30s`. A range is `8-12` or `20-30s`. Between exercises `- rest: 60s` may stand. A text with a colon or a
`#` in it is quoted.

Rules:
1. One field a line, and beside it `# from: "…"` with the sentence of the text that says it, word for word.
2. Never invent a dose. What the text does not say stays away, with a line `# gap: …` above that asks for it.
3. A figure with a letter in it, such as 4o, is read as meant, and told in a `# gap:` line.
4. Advertisements, menus, bylines and stories are no part of it.
5. Use a move of this list where it is the same exercise, by what stands before the colon. Where you are not
   sure, define a move of your own under `moves:` and ask with `# gap:`. Write no `include:`.
6. What is spoken (`setup`, `caution`, `safety`) is short, in the second person, and in your own words.

The moves:
"""


def prompt(bank: Bank) -> str:
    """The format, the rules and the moves of a bank, as text."""
    return _FORMAT + "".join(f"- {known.key}: {known.name}{_about(known)}\n" for known in bank.moves)


def _about(known: Known) -> str:
    """What a model has to know of a move beside its name."""
    if known.is_guided:
        return " (takes no dose: its steps have their own)"
    return " (is held)" if known.stays else ""
