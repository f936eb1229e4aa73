"""Who needs what, and who is doing it: with workers that do what a test tells them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from audiocoach.coaching.timeline import Utterance
from audiocoach.errors import BuildError, ClusterError, EngineError, RefusedError, SoundError
from audiocoach.making.work import Compose, Composed, Encode, Lacking, Made, Speak
from audiocoach.routine.voice import Voice
from audiocoach.sound.mixer import Region
from audiocoach.store.options import Overrides
from audiocoach.store.place import Place
from audiocoach.voice.clips import Failure
from audiocoach.workers.run import Inline, Over, Run
from audiocoach.workers.stop import Stop
from tests.builds import Heard

if TYPE_CHECKING:
    from concurrent.futures import Future

    from audiocoach.making.work import Job, Result

HELLO, BYE = (Speak(f"clip-{text}", Utterance(text, Voice("silent"))) for text in ("hello", "bye"))
REGION = Encode("region-1", Region(8, ()), ())
DONE = Composed(None, ())  # type: ignore[arg-type]


class Scripted(Inline):
    """Answers each job with the next of the answers that are written down for it, the last for ever."""

    def __init__(self, **answers: list[Any]) -> None:
        self.answers = answers
        self.asked: list[str] = []
        self.jobs: list[Job] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ANN401
        del fn, kwargs
        return super().submit(self._answer, args[1])

    def _answer(self, job: Job) -> Result:
        name = job.path.stem if isinstance(job, Compose) else job.key.replace("-", "_")  # type: ignore[union-attr]
        self.asked.append(name)
        self.jobs.append(job)
        answers = self.answers.get(name, [Made()])
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer  # type: ignore[no-any-return]


def went(workers: Scripted, *names: str, heard: Heard | None = None) -> list[Over]:
    run = Run(Place(Path("cache")), workers, heard or Heard(), Stop(), None)
    return list(run.sessions([Compose(Path(f"{name}.yaml"), Overrides(), Path("out")) for name in names]))


def test_what_two_sessions_lack_is_made_once() -> None:
    heard = Heard()
    workers = Scripted(a=[Lacking((HELLO, BYE)), DONE], b=[Lacking((BYE,)), Lacking((REGION,)), DONE])
    ends = went(workers, "a", "b", heard=heard)
    assert sorted(end.job.path.stem for end in ends) == ["a", "b"]
    assert sorted(workers.asked) == sorted([*"aa", *"bbb", "clip_hello", "clip_bye", "region_1"])
    assert heard.stages == {"files": (2, 2), "speech": (2, 2), "sound": (1, 1)}


@pytest.mark.parametrize(
    ("error", "refused"), [(EngineError("the voice hung"), False), (RefusedError("the voice hung"), True)]
)
def test_a_phrase_that_fails_goes_back_to_the_session_which_knows_its_line(
    error: BuildError,
    refused: bool,  # noqa: FBT001 - a case of the table
) -> None:
    workers = Scripted(a=[Lacking((HELLO, BYE)), BuildError("a.yaml:3:1: no")], clip_hello=[error])
    (end,) = went(workers, "a")
    assert str(end.outcome) == "a.yaml:1:1: a.yaml:3:1: no"
    last = workers.jobs[-1]
    assert isinstance(last, Compose)
    assert last.failures == (Failure(HELLO.utterance, "the voice hung", refused=refused),)


def test_each_session_hears_of_the_words_that_it_asked_for() -> None:
    same = Speak(HELLO.key, Utterance("hello ", Voice("silent")))
    refused = [BuildError("a.yaml:3:1: no")]
    workers = Scripted(
        a=[Lacking((HELLO,)), *refused], b=[Lacking((same,)), *refused], clip_hello=[EngineError("it hung")]
    )
    went(workers, "a", "b")
    composed = {job.path.stem: job for job in workers.jobs if isinstance(job, Compose) and job.failures}
    assert composed["a"].failures == (Failure(HELLO.utterance, "it hung"),)
    assert composed["b"].failures == (Failure(same.utterance, "it hung"),)


def test_a_region_that_fails_ends_the_sessions_that_need_it_and_no_other() -> None:
    workers = Scripted(
        a=[Lacking((REGION,))], b=[Lacking((REGION,))], c=[DONE], region_1=[SoundError("not what went in")]
    )
    ends = {end.job.path.stem: str(end.outcome) for end in went(workers, "a", "b", "c")}
    assert ends == {"a": "a.yaml:1:1: not what went in", "b": "b.yaml:1:1: not what went in", "c": str(DONE)}
    assert workers.asked.count("region_1") == 1


def test_what_the_cache_does_not_keep_is_not_made_for_ever() -> None:
    workers = Scripted(a=[Lacking((HELLO,))])
    (end,) = went(workers, "a")
    assert str(end.outcome).startswith("a.yaml:1:1: cache does not keep what is made")
    assert workers.asked.count("clip_hello") == 2


def test_a_defect_is_no_failure_of_a_routine() -> None:
    with pytest.raises(ZeroDivisionError):
        went(Scripted(a=[ZeroDivisionError()]), "a")


def test_where_nobody_is_left_to_do_anything_the_build_ends_and_no_routine_is_blamed() -> None:
    with pytest.raises(ClusterError, match="no worker is left"):
        went(Scripted(a=[Lacking((HELLO,))], clip_hello=[ClusterError("no worker is left")]), "a")


CLINIC = Voice("http", "clinic")
TEXTS = tuple(Speak(f"clip-{number}", Utterance(str(number), CLINIC)) for number in range(9))


@pytest.fixture
def clinic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A configuration that knows a server, which nobody asks here."""
    path = tmp_path / "config.toml"
    path.write_text('[http.clinic]\naddress = "http://h/v1"\nmodel = "m"\nvoice = "a"\n', "utf-8")
    monkeypatch.setenv("AUDIOCOACH_CONFIG", str(path))


@pytest.mark.usefixtures("clinic")
def test_a_server_that_fails_three_texts_in_a_row_is_waited_for_no_more() -> None:
    hangs = {f"clip_{number}": [EngineError("it took too long")] for number in range(9)}
    workers = Scripted(
        a=[Lacking(TEXTS[:5]), BuildError("no")], b=[Lacking(TEXTS[5:]), BuildError("no")], **hangs
    )
    went(workers, "a", "b")
    # Four at a time, after the first: what was asked before the third had failed was asked.
    assert [name for name in workers.asked if "clip" in name] == [f"clip_{number}" for number in range(5)]
    last = {job.path.stem: job for job in workers.jobs if isinstance(job, Compose) and job.failures}
    why = "it took too long (3 texts in a row: it was asked for no more)"
    assert [failure.message for failure in last["b"].failures] == [why] * 4


@pytest.mark.usefixtures("clinic")
def test_a_text_that_is_spoken_shows_that_the_server_is_there() -> None:
    faulty = {f"clip_{number}": [EngineError("no")] for number in (0, 1, 3, 4, 6, 7)}
    workers = Scripted(a=[Lacking(TEXTS), BuildError("no")], **faulty)
    went(workers, "a")
    assert sum("clip" in name for name in workers.asked) == len(TEXTS)


def test_a_voice_of_this_machine_is_asked_for_every_text() -> None:
    texts = tuple(Speak(f"clip-{number}", Utterance(str(number), Voice("silent"))) for number in range(6))
    workers = Scripted(
        a=[Lacking(texts), BuildError("no")], **{f"clip_{number}": [EngineError("no")] for number in range(6)}
    )
    went(workers, "a")
    assert sum("clip" in name for name in workers.asked) == len(texts)
