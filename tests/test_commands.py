"""The commands without a shell: they open the cache where they are told."""

from __future__ import annotations

import signal
import urllib.request
from typing import TYPE_CHECKING

import pytest

from audiocoach.commands.build import Shown, build_all
from audiocoach.commands.check import check_all
from audiocoach.commands.preview import View, preview_one
from audiocoach.commands.report import REPORT
from audiocoach.errors import InputError, SeveralError
from audiocoach.serve.hosted import EVENTS
from audiocoach.store.options import BuildOptions, Overrides
from audiocoach.store.place import MANIFEST
from tests.builds import squats
from tests.hosting import PATIENCE_S, line, program, write_site
from tests.publishing import Workplace
from tests.shows import BASE_URL
from tests.voices import nothing_is_left

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path


def test_build_and_preview_share_the_cache(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, cache = squats(tmp_path), tmp_path / "cache"
    build_all(BuildOptions((path,), tmp_path / "out", Overrides(), 1), cache, Shown())
    capsys.readouterr()
    preview_one(path, View("text"), Overrides(), cache, estimate=False)
    assert capsys.readouterr().err == ""


def test_an_empty_folder_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no routine in this folder"):
        check_all((tmp_path,), Overrides(), tmp_path)


def test_everything_that_failed_is_raised_together(tmp_path: Path) -> None:
    squats(tmp_path, "a", setup="<sid>")
    squats(tmp_path, "b", setup="<nex>")
    with pytest.raises(SeveralError) as caught:
        check_all((tmp_path,), Overrides(), tmp_path / "cache")
    assert [str(error).partition(": ")[2][:30] for error in caught.value.errors] == [
        "unknown placeholder <sid>; did",
        "unknown placeholder <nex>; did",
    ]


@pytest.mark.parametrize("name", [REPORT, MANIFEST])
def test_what_failed_is_raised_even_where_the_folders_own_files_cannot_be_written(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / "out" / name / "in the way").mkdir(parents=True)
    squats(tmp_path, "a", setup="<sid>")
    squats(tmp_path, "b")
    with pytest.raises(SeveralError) as caught:
        build_all(BuildOptions((tmp_path,), tmp_path / "out", Overrides(), 1), tmp_path / "cache", Shown())
    first, last = map(str, caught.value.errors)
    assert first.startswith(f"{tmp_path}/a.yaml:4:31: unknown placeholder <sid>")
    way_out = "there is a folder of this name: move it away"
    assert last == f"{tmp_path}/out/{name} could not be written: {way_out}"
    assert (tmp_path / "out" / "b.mp3").is_file()


# -- routines that are served while they are written ----------------------------------------------

ANY = ("--port", "0", "--cache", "cache")


def got(url: str) -> str:
    with urllib.request.urlopen(url, timeout=PATIENCE_S) as answer:  # noqa: S310 - our own
        return str(answer.read().decode("utf-8"))


def ended(process: subprocess.Popen[str]) -> list[str]:
    """What is said at the end, after Ctrl-C."""
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 130
    return err.split()


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_serve_shows_routines_while_they_are_written(tmp_path: Path) -> None:
    path = Workplace.of(tmp_path, "squats").routine("squats")
    with program(tmp_path, *ANY) as process:
        url = line(process.stdout).strip()
        feed = got(f"{url}feed.xml")
        assert (f"<link>{url}</link>" in feed, f'url="{url}squats-' in feed) == (True, True)
        assert BASE_URL not in feed
        assert f"{url}feed.xml" in got(url)

        with urllib.request.urlopen(f"{url}{EVENTS}", timeout=PATIENCE_S) as news:  # noqa: S310 - our own
            first = news.readline()
            squats(path.parent, setup="Stand tall and breathe.")
            assert line(process.stderr, "routines/") == "routines/squats.yaml changed\n"
            assert line(process.stderr, "the ") == "the new site is served\n"
            # The version is also said again, to notice who has gone.
            assert next(said for said in news if said not in {first, b"\n"}).startswith(b"data: ")
        page = got(f"{url}squats.html")
        assert "Stand tall and breathe." in page

        path.write_text(path.read_text("utf-8").replace("reps: 3", "reps: three"), "utf-8")
        assert line(process.stderr, "routines/") == "routines/squats.yaml changed\n"
        assert line(process.stderr, "routines/").startswith("routines/squats.yaml:6:23: expected a whole")
        assert got(f"{url}squats.html") == page
        assert ended(process) == ["interrupted"]
    assert nothing_is_left(tmp_path)
    assert names(tmp_path) == {"cache", "out", "routines"}
    assert names(tmp_path / "routines") == {"audiocoach.yaml", "squats.yaml"}
    assert list(tmp_path.rglob("*.part")) == []


def test_serve_leaves_what_was_published_and_promised_as_it_is(tmp_path: Path) -> None:
    place = Workplace.of(tmp_path, "squats")
    place.published()
    site, state = place.tree(), place.state.read_bytes()
    squats(tmp_path / "routines", setup="Stand tall and breathe.")
    with program(tmp_path, *ANY) as process:
        assert "Stand tall and breathe." in got(f"{line(process.stdout).strip()}squats.html")
        ended(process)
    assert (place.tree(), place.state.read_bytes()) == (site, state)


def test_serve_serves_a_finished_site_that_is_named_as_it_is(tmp_path: Path) -> None:
    Workplace.of(tmp_path, "squats")
    write_site(tmp_path / "site")
    with program(tmp_path, "site", *ANY) as process:
        assert "Hello." in got(line(process.stdout).strip())
        ended(process)
    assert names(tmp_path) == {"routines", "site"}


def test_serve_ends_where_there_is_nothing_to_show_yet(tmp_path: Path) -> None:
    squats(Workplace.of(tmp_path).folder / "routines", setup="<sid>")
    with program(tmp_path, *ANY) as process:
        out, err = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, out) == (2, "")
    assert "\nroutines/squats.yaml:4:31: unknown placeholder <sid>" in err
    assert list(tmp_path.rglob("*.part")) == []


NOTHING = "expected routines such as my-routine.yaml, or a site that feed has published"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("empty", f"empty: there is nothing to serve in this folder: {NOTHING}\n"),
        ("nowhere", f"nowhere: there is nothing of this name: {NOTHING}\n"),
    ],
)
def test_serve_says_in_a_users_words_what_it_needs(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "empty").mkdir()
    with program(tmp_path, name, *ANY) as process:
        assert process.communicate(timeout=PATIENCE_S) == ("", said)
    assert process.returncode == 2


@pytest.mark.parametrize("with_show", [True, False])
def test_serve_of_one_routine_shows_that_one(tmp_path: Path, *, with_show: bool) -> None:
    place = Workplace.of(tmp_path, "squats", "more")
    if not with_show:
        (tmp_path / "routines" / "audiocoach.yaml").unlink()
    with program(tmp_path, "routines/squats.yaml", *ANY) as process:
        url = line(process.stdout).strip()
        assert "Stand tall." in got(f"{url}squats.html")
        assert "more.html" not in got(url)
        squats(place.folder / "routines", setup="Stand tall and breathe.")
        assert line(process.stderr, "routines/") == "routines/squats.yaml changed\n"
        assert line(process.stderr, "the ") == "the new site is served\n"
        assert "Stand tall and breathe." in got(f"{url}squats.html")
        ended(process)
    assert names(tmp_path / "out") >= {"squats.mp3"}
    assert "more.mp3" not in names(tmp_path / "out")


def test_serve_says_what_a_show_needs(tmp_path: Path) -> None:
    squats(tmp_path)
    with program(tmp_path, ".", *ANY) as process:
        _, err = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, err[:21]) == (2, "audiocoach.yaml:1:1: ")
    assert names(tmp_path) == {"squats.yaml"}
