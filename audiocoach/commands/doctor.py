"""`audiocoach doctor`: what is there, what is missing, and what to do."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from audiocoach.api import dumped
from audiocoach.commands.checkup import look
from audiocoach.errors import BuildError, printable
from audiocoach.store.cache import default_folder

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from audiocoach.commands.checkup import Finding

_STATE_WIDTH = len("problem")


def examine(cache: Path | None, *, json: bool) -> None:
    """Print each finding as it is found, and whether a build works.

    Raises:
        BuildError: none works.
    """
    findings: list[Finding] = []
    for finding in look(cache or default_folder()):
        findings.append(finding)
        if not json:
            sys.stdout.write(_as_text(finding))
            sys.stdout.flush()
    if json:
        sys.stdout.write(_as_json(findings))
    problems = [finding for finding in findings if finding.state == "problem"]
    if problems:
        topics = ", ".join(dict.fromkeys(finding.topic for finding in problems))
        raise BuildError(f"no build works: see {topics}")
    if not json:
        sys.stdout.write("A build works.\n")


def _as_text(finding: Finding) -> str:
    """A line, and another with what to do."""
    first = f"{finding.state:<{_STATE_WIDTH}}  {finding.topic}: {finding.message}"
    todo = [f"{'':<{_STATE_WIDTH}}  to do: {finding.remedy}"] if finding.remedy else []
    return "".join(f"{printable(line)}\n" for line in (*first.splitlines(), *todo))


def _as_json(findings: Iterable[Finding]) -> str:
    records = [_record(finding) for finding in findings]
    works = all(record["state"] != "problem" for record in records)
    return dumped({"works": works, "findings": records})


def _record(finding: Finding) -> dict[str, Any]:
    return {
        "topic": finding.topic,
        "state": finding.state,
        "message": finding.message,
        "remedy": finding.remedy or None,
    }
