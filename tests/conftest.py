"""Fixtures that several test files share, one profile for hypothesis, and what `--quick` leaves out."""

from __future__ import annotations

import fcntl
import gc
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

if TYPE_CHECKING:
    from collections.abc import Callable

# The same examples at every run: nothing is kept from one run to the next, and no clock decides.
settings.register_profile("whole", max_examples=100, derandomize=True, database=None, deadline=None)
settings.register_profile("quick", settings.get_profile("whole"), max_examples=3)
# Hypothesis mixes in constants of whatever modules happen to be loaded, unless a folder above them is called
# `tests`, and no setting turns it off. With none of them what is drawn depends on the test alone.
NO_CONSTANTS = Constants()
providers._get_local_constants = lambda: NO_CONSTANTS  # noqa: SLF001 - held by test_company

# What is compiled is kept, also where the system keeps nothing: the program is started a thousand times.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# A product of two sounds on two threads, which wait for each other, takes 35 times as long as on one.
os.environ["OPENBLAS_NUM_THREADS"] = "1"
ROOT = Path(__file__).parents[1]
# Not the configuration of whoever runs them.
os.environ["AUDIOCOACH_CONFIG"] = str(ROOT / "tests" / "config.toml")
# Nets listen there for minutes: it is collected where it is asked for by name, as `scripts/nightly` does.
collect_ignore = ["nightly"]
ROUTINES = ("bear-plank-flow", "five-moves", "four-moves", "knee-to-chest", "sixteen-minutes")


# What `--quick` leaves out: files, a test of one, and all that asks for the `five` sessions. Marked `slow`.
SLOW = {
    # Clusters, crews, and what lets their workers in.
    *("test_admission", "test_cluster", "test_crew", "test_loopback", "test_starting", "test_worker"),
    # Browsers, and the checkers and installers of others.
    *(
        "test_handout",
        "test_lock",
        "test_player",
        "test_quickstart",
        "test_studio_hands",
        "test_studio_keys",
        "test_studio_page",
        "test_studio_true",
        "test_site.test_the_checker_of_the_w3c_finds_nothing",
    ),
    # Faults of disks and feeds, and programs that are killed.
    *("test_faults_cache", "test_faults_disk", "test_faults_feed", "test_faults_kill", "test_faults_planner"),
    # The program, started anew for each test, and servers.
    *("test_cli", "test_commands", "test_desk", "test_main", "test_play", "test_server", "test_serving"),
    "test_verify",
    "test_nightly.test_it_runs_where_it_is_asked_for_by_name",
    *("test_engine_guides", "test_forecast"),
    # What builds and publishes whole sessions, or encodes for others to decode.
    *("test_api", "test_artwork", "test_jobs", "test_manifest", "test_mp3", "test_opus", "test_podcast"),
    *("test_bed", "test_cover", "test_editions", "test_gain", "test_generated", "test_hearing"),
    *("test_listen", "test_meter", "test_others", "test_renderers", "test_schema", "test_second_language"),
    "test_splice",
    "test_music.test_a_file_of_any_kind_is_decoded_measured_and_kept",
    "test_music.test_a_file_that_cannot_be_played_is_told_at_its_line",
    "test_music.test_any_rate_and_number_of_channels_becomes_stereo",
    "test_timeline_json",
    "test_timeline_schema",
    # Real voices, and processes that speak.
    *("test_command", "test_hibari", "test_kokoro", "test_choice", "test_privacy", "test_takes"),
    *("test_record_import", "test_record_sheet", "test_recorded", "test_recorded_guide", "test_recording"),
    *("test_child", "test_direct", "test_doctor", "test_engines", "test_episode"),
    *("test_espeak_driver", "test_host", "test_loudness", "test_piper", "test_recorder", "test_studio"),
    *("test_networks", "test_samples", "test_voices_guide"),
    "test_lexicons.test_every_word_of_a_list_is_as_when_it_is_read_whole",
    "test_lexicons.test_every_weight_is_as_when_it_is_read_whole",
    "test_estimate.test_it_is_near_what_the_natural_voice_takes_as_well",
    "test_get.test_a_real_voice_that_was_fetched_speaks",
    # Every routine, move and example of the page, at every level and length, ten days of them, and every
    # sentence in turn.
    "test_advice.test_only_check_advises",
    "test_docs.test_an_example_works",
    "test_fit.test_each_bound_that_is_named_can_be_reached_and_nothing_beyond_it",
    "test_fit_hint.test_what_is_told_is_enough",
    "test_fit.test_it_lands_within_two_in_a_hundred_and_never_above",
    "test_moves.test_alone_it_is_a_session_without_a_note",
    "test_moves.test_what_is_easier_and_harder_is_heard",
    "test_new.test_a_template_has_nothing_that_check_would_tell",
    "test_routines.test_a_ready_made_routine_begins_softly_and_closes_with_thanks",
    "test_routines.test_a_ready_made_routine_has_time_for_all_its_words",
    "test_routines.test_a_ready_made_routine_lasts_a_break_and_differs_by_level",
    "test_routines.test_a_title_that_names_minutes_is_true_at_every_level",
    "test_routines.test_everything_finds_its_place_at_every_level",
    "test_routines.test_everything_finds_its_place_in_the_real_voice",
    "test_routines.test_sixteen_minutes_last_sixteen_minutes_in_the_real_voice",
    "test_days.test_what_matters_for_safety_is_said_in_the_same_words_every_day",
    "test_days.test_of_all_that_is_said_in_ten_days_three_tenths_are_not_said_every_day",
    "test_days.test_three_tenths_of_what_is_said_on_a_day_are_not_said_on_the_next",
    "test_wordings.test_any_sentence_may_be_silenced_and_nothing_else_changes_its_length",
    # What is large, so that it would show if its time grew with its square, and programs of others.
    "test_checks.test_35_many_unknown_moves_are_held_against_few",
    "test_diagnostics.test_35_one_unknown_word_has_a_hint_among_however_many",
    "test_feed.test_feedsmith_agrees_with_the_timelines",
    "test_feed.test_hostile_texts_are_read_by_parsers_from_npm",
    "test_feed.test_hostile_texts_parse_again_and_are_no_markup[20,000 letters without a blank]",
    "test_feed.test_partytime_agrees_with_the_timelines",
    "test_files.test_34_a_folder_as_deep_as_names_may_be_is_made",
    "test_library.test_34_a_chain_of_2000_libraries_is_read",
    "test_listeners",
    "test_source.test_35_the_nodes_of_one_long_line_hold_no_more_than_it_does",
    "test_trace.test_an_hour_edited_is_an_hour_made_anew",
    "test_transcript.test_the_strict_parser_in_javascript_finds_no_error",
    # Other interpreters, for the examples that they draw.
    "test_company",
}

# Files that take long, the longest first: where several run at a time these begin, so that none is left
# for the end, when one processor would be busy with it and the others idle.
LONGEST = (
    *("test_five", "test_faults_kill", "test_faults_disk", "test_schedule", "test_player"),
    *("test_cluster", "test_faults_feed", "test_kokoro", "test_studio_page", "test_studio_hands"),
    *("test_studio_true", "test_studio_keys", "test_handout", "test_piper"),
)


def examples(whole: int) -> int:
    """How many are drawn: so many of a run of the whole, their share with `--quick`."""
    return max(1, whole * settings().max_examples // settings.get_profile("whole").max_examples)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quick", action="store_true", help="leave out what is slow, and draw fewer examples")


def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile("quick" if config.getoption("--quick") else "whole")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """With `--quick` a file that is left out is not even read."""
    return True if config.getoption("--quick") and collection_path.stem in SLOW else None


def rank(item: pytest.Item) -> int:
    """When the file of a test begins, where several run at a time: files of one rank in their usual order."""
    file = item.path.stem
    return LONGEST.index(file) if file in LONGEST else len(LONGEST) + (file not in SLOW)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    items.sort(key=rank)
    for item in items:
        file, name = item.path.stem, item.name
        names = {file, f"{file}.{name}", f"{file}.{name.partition('[')[0]}"}
        if names & SLOW or "five" in getattr(item, "fixturenames", ()):
            item.add_marker("slow")
    if config.getoption("--quick"):
        slow = {item for item in items if item.get_closest_marker("slow")}
        config.hook.pytest_deselected(items=[item for item in items if item in slow])
        items[:] = [item for item in items if item not in slow]


def pytest_collectstart() -> None:
    # Of what is collected nothing becomes waste: to look for it took a fifth of the time.
    gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


@dataclass(frozen=True, slots=True)
class Finished:
    """One MP3 of a real build with its timeline."""

    slug: str
    mp3: Path
    timeline: dict[str, Any]
    cache: Path


@pytest.fixture(scope="session")
def five(tmp_path_factory: pytest.TempPathFactory) -> tuple[Finished, ...]:
    """The five routines, built from the shell with the real voice into an empty cache, once for a run."""
    base = tmp_path_factory.getbasetemp()
    # Where several processes run the tests, the folders of all lie side by side.
    place = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "five"
    out, cache = place / "out", place / "cache"
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.exists():
            unfinished = Path(tempfile.mkdtemp(dir=place.parent))
            made = ("-o", unfinished / "out", "--cache", unfinished / "cache")
            run_audiocoach("build", ROOT / "routines", *made, check=True)
            unfinished.rename(place)
    return tuple(
        Finished(
            slug, out / f"{slug}.mp3", json.loads((out / f"{slug}.timeline.json").read_text("utf-8")), cache
        )
        for slug in ROUTINES
    )


def run_audiocoach(
    *arguments: object, check: bool = False, cwd: Path = ROOT, timeout: int = 300, text: str | None = None
) -> subprocess.CompletedProcess[str]:
    """The program, as a user's shell starts it; `text` is its standard input."""
    command = [sys.executable, "-m", "audiocoach", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    how: dict[str, Any] = {"cwd": cwd, "timeout": timeout, "env": environment, "input": text}
    done = subprocess.run(command, capture_output=True, text=True, check=False, **how)
    if check:
        assert done.returncode == 0, done.stderr
    return done


@pytest.fixture
def audiocoach(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """The program in an empty folder, with a cache of its own and the silent engine."""

    def run(*arguments: object, **more: Any) -> subprocess.CompletedProcess[str]:  # noqa: ANN401
        return run_audiocoach(*arguments, cwd=tmp_path, **more)

    return run
