"""A cluster worker's side: what it compares, and where it works. `test_cluster` asks real workers."""

from __future__ import annotations

import asyncio
import hashlib
import os
import pickle
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from distributed import Status

from audiocoach.errors import BuildError
from audiocoach.store import fingerprint
from audiocoach.store.place import Place
from audiocoach.voice.engines import onnx
from audiocoach.workers import admission
from audiocoach.workers.admission import Admission, AdmissionTerms, carry_out, find_refusals, identify, voices

if TYPE_CHECKING:
    from collections.abc import Callable

ENGINES = ("fake", "silent")
NATURAL = ("hibari",)


class Asked:
    """A worker that notes what it is given."""

    def __init__(self) -> None:
        self.given: dict[str, float] = {}
        self.status = Status.running

    async def set_resources(self, **resources: float) -> None:
        self.given |= resources


@pytest.fixture
def terms(tmp_path: Path) -> AdmissionTerms:
    token = tmp_path / "token"
    token.write_bytes(b"seen")
    seen = ((str(token), hashlib.sha256(b"seen").hexdigest()),)
    kept = (str(tmp_path),)
    return AdmissionTerms(
        "all", Place(tmp_path / "cache"), str(tmp_path), identify(ENGINES), ENGINES, seen, kept
    )


def test_a_worker_that_differs_in_nothing_may_work(terms: AdmissionTerms) -> None:
    assert find_refusals(terms) == []


def another_program(patch: pytest.MonkeyPatch, _: AdmissionTerms) -> None:
    patch.setattr(fingerprint, "__version__", "0.0.9")


def another_library(patch: pytest.MonkeyPatch, _: AdmissionTerms) -> None:
    patch.setattr(fingerprint, "libraries", lambda: ["av 1.0"])


def other_phrases(patch: pytest.MonkeyPatch, _: AdmissionTerms) -> None:
    patch.setattr(fingerprint, "shipped", lambda: ["other"])


def another_dask(patch: pytest.MonkeyPatch, _: AdmissionTerms) -> None:
    patch.setattr("distributed.__version__", "2025.0.1")


def no_engine(patch: pytest.MonkeyPatch, _: AdmissionTerms) -> None:
    patch.setattr(admission, "_voice", lambda name: "" if name == "fake" else "x")


def another_token(_: pytest.MonkeyPatch, terms: AdmissionTerms) -> None:
    Path(terms.seen[0][0]).write_bytes(b"another folder of this name")


def no_token(_: pytest.MonkeyPatch, terms: AdmissionTerms) -> None:
    Path(terms.seen[0][0]).unlink()


@pytest.mark.parametrize(
    ("differ", "said"),
    [
        (another_program, "it has audiocoach 0.0.9/"),
        (another_library, " av 1.0 pillow "),
        (other_phrases, "it has assets "),
        (another_dask, "it has distributed 2025.0.1, not distributed "),
        (no_engine, "it has voice fake missing, not voice fake "),
        (another_token, "it does not see "),
        (no_token, "it does not see "),
    ],
)
def test_what_differs_is_named(
    terms: AdmissionTerms,
    monkeypatch: pytest.MonkeyPatch,
    differ: Callable[[Any, AdmissionTerms], None],
    said: str,
) -> None:
    differ(monkeypatch, terms)
    assert said in find_refusals(terms)[0]


def test_folders_that_are_not_there_are_named(terms: AdmissionTerms, tmp_path: Path) -> None:
    gone = str(tmp_path / "gone")
    assert find_refusals(replace(terms, kept=(gone,))) == [f"it cannot write to {gone}"]
    assert find_refusals(replace(terms, folder=gone)) == [f"it does not see {gone}"]


def test_only_who_may_work_is_given_the_resource(terms: AdmissionTerms) -> None:
    asked = Asked()
    asyncio.run(Admission(terms).setup(asked))
    assert asked.given["all"] > 0
    asyncio.run(Admission(replace(terms, identity=terms.identity[::-1])).setup(asked))
    assert asked.given["all"] == 0


def test_only_engines_that_can_be_had_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(ENGINES) <= set(voices())
    monkeypatch.setattr("audiocoach.voice.engines.names", lambda: ("fake", "nobody"))
    assert voices() == ("fake",)


def outcome(answer: bytes) -> tuple[bool, Any]:
    well, what = pickle.loads(answer)  # noqa: S301 - from ourselves
    return well, what


def fail() -> None:
    raise BuildError("no")


@pytest.fixture
def _elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("_elsewhere")
def test_a_call_is_made_in_its_folder_and_says_whether_it_went_well(tmp_path: Path) -> None:
    assert outcome(carry_out("/", os.getcwd)) == (True, "/")
    assert outcome(carry_out(str(tmp_path), os.getcwd)) == (True, str(tmp_path))
    well, error = outcome(carry_out("/", fail))
    assert (well, str(error)) == (False, "no")


@pytest.mark.usefixtures("_elsewhere")
def test_a_call_from_another_folder_waits_for_those_that_are_under_way(tmp_path: Path) -> None:
    seen: list[str] = []
    inside, go = threading.Event(), threading.Event()

    def hold() -> None:
        inside.set()
        go.wait()
        seen.append(os.getcwd())  # noqa: PTH109 - compared as text

    threads = [threading.Thread(target=carry_out, args=(str(tmp_path), hold))]
    threads[0].start()
    inside.wait()
    assert outcome(carry_out(str(tmp_path), os.getcwd)) == (True, str(tmp_path))
    threads.append(threading.Thread(target=carry_out, args=("/", lambda: seen.append("/"))))
    threads[1].start()
    threads[1].join(0.1)
    go.set()
    for thread in threads:
        thread.join()
    assert seen == [str(tmp_path), "/"]


def test_a_worker_with_another_kind_of_processor_is_refused_for_a_neural_voice(
    terms: AdmissionTerms, monkeypatch: pytest.MonkeyPatch
) -> None:
    terms = replace(terms, identity=identify(NATURAL), voices=NATURAL)
    assert find_refusals(terms) == []
    monkeypatch.setattr(onnx, "kernel_family", lambda: "x86_64 sse4_1")
    (refusal,) = find_refusals(terms)
    assert refusal.startswith("it has voice hibari ")
