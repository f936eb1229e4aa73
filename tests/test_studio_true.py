"""A page says what is so: of the file, the studio, what others wrote; and loses nothing that was typed."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.studios import ROUTINE, Studio, Tab, opened, studio, tabs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page, Route

    from tests.studios import Tabs

ALIKE = """\
title: Mini
session:
  - section: One
    items:
      - do: alpha
        hold: 20s
  - do: bravo
    hold: 20s
  - do: charlie
    hold: 20s
    sets: 2
    rest: 20s
  - do: delta
    hold: 20s
    sets: 2
    rest: 20s
moves:
  alpha: {name: Alpha}
  bravo: {name: Bravo}
  charlie: {name: Charlie}
  delta: {name: Delta}
"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with studio(tmp_path_factory.mktemp("true") / "mine") as one:
        yield one


@pytest.fixture
def tab(running: Studio) -> Iterator[Tabs]:
    with tabs(running, "400", "ERR_CONNECTION_REFUSED", "ERR_FAILED") as make:
        yield make


def drag_into_the_section(page: Page) -> None:
    grip = page.locator(".card", has_text="Bravo").last.locator(".grip").bounding_box()
    goal = page.locator(".card", has_text="Alpha").last.bounding_box()
    assert grip is not None
    assert goal is not None
    page.mouse.move(grip["x"] + 8, grip["y"] + 8)
    page.mouse.down()
    page.mouse.move(grip["x"] + 8, goal["y"] + goal["height"] * 0.8, steps=4)
    page.locator(".drop").wait_for()
    page.mouse.up()
    page.locator("#told", has_text="has moved").wait_for()


def test_after_a_card_was_dragged_the_strip_edits_the_exercise_that_it_names(tab: Tabs) -> None:
    found, page, path = opened(tab, "alike.yaml", ALIKE)
    drag_into_the_section(page)
    found.until(path, "      - do: bravo")
    page.get_by_role("slider", name="Rest: Charlie 2/2").focus()
    page.keyboard.press("ArrowRight")
    text = found.until(path, "rest: 21s")
    assert text.index("do: charlie") < text.index("rest: 21s") < text.index("do: delta")


def test_the_strip_of_a_text_that_cannot_be_played_edits_no_other_exercise(tab: Tabs) -> None:
    found, page, path = opened(tab, "broken.yaml", ALIKE)
    fill(found, "Delta", "sets", "many")
    found.until(path, "sets: many")
    assert page.get_by_role("slider", name="Rest: Charlie 2/2").count() == 1
    drag_into_the_section(page)
    found.until(path, "      - do: bravo")
    assert page.get_by_role("slider", name="Rest: Charlie 2/2").count() == 0
    fill(found, "Delta", "sets", "2")
    page.get_by_role("slider", name="Rest: Charlie 2/2").wait_for()


def fill(found: Tab, card: str, field: str, value: str) -> None:
    if not found.page.locator(f".is-open .name:text-is('{card}')").count():
        found.head(card).click()
    found.page.locator(f".is-open [data-field={field}]").fill(value)
    found.page.keyboard.press("Enter")


def test_a_wrong_value_is_not_called_saved_alone_and_leaves_no_quotes(tab: Tabs) -> None:
    found, page, path = opened(tab, "wrong.yaml")
    fill(found, "Bridge", "sets", "abc")
    found.until(path, "sets: abc")
    page.locator("#state", has_text="Saved, cannot be played yet").wait_for()
    fill(found, "Bridge", "sets", "3")
    assert found.until(path, "sets: 3") == ROUTINE.replace("sets: 2", "sets: 3")
    page.locator("#state", has_text=re.compile("^Saved$")).wait_for()


def test_who_fills_in_a_field_that_another_page_changed_is_told(tab: Tabs) -> None:
    found, page, path = opened(tab, "both.yaml")
    found.head("Plank").click()
    field = page.locator(".is-open [data-field=hold]")
    field.fill("35")
    found.write("both.yaml", ROUTINE.replace("hold: 20s", "hold: 40s"))
    page.locator("#told", has_text="somebody else wrote “40s” here while you wrote “35s”").wait_for()
    assert "hold: 40s" in path.read_text("utf-8")
    fill(found, "Plank", "hold", "35")
    found.until(path, "hold: 35s")


def test_a_file_that_is_gone_is_told_at_once_and_written_again(tab: Tabs) -> None:
    found, page, path = opened(tab, "gone.yaml")
    lose(found, path)
    type_behind_the_title(page, " of mine")
    page.get_by_role("button", name="Write it again").click()
    assert found.until(path, "of mine") == ROUTINE.replace("Two moves", "Two moves of mine") + "# Ours.\n"
    assert page.get_by_role("button", name="Write it again").count() == 0


def test_what_was_typed_while_a_file_was_gone_is_saved_when_it_is_there_again(tab: Tabs) -> None:
    found, page, path = opened(tab, "again.yaml")
    lose(found, path)
    type_behind_the_title(page, " of mine")
    theirs = ROUTINE.replace("rest: 10s", "rest: 15s") + "# Ours.\n"
    found.write("again.yaml", theirs)
    assert found.until(path, "of mine") == theirs.replace("Two moves", "Two moves of mine")


def lose(found: Tab, path: Path) -> None:
    """A file that the studio has seen since it was written: one that comes and goes at once is no news."""
    found.write(path.name, f"{ROUTINE}# Ours.\n")
    found.page.locator("#editor .cm-line", has_text="# Ours.").wait_for()
    path.unlink()
    found.page.locator("#state", has_text="Not saved: the file is gone").wait_for()


def type_behind_the_title(page: Page, words: str) -> None:
    page.locator("#editor .cm-line", has_text="Two moves").click()
    page.keyboard.press("End")
    page.keyboard.type(words)


def test_what_is_typed_in_a_field_is_kept_when_one_goes_back(tab: Tabs) -> None:
    found, page, path = opened(tab, "back.yaml")
    found.head("Plank").click()
    page.locator(".is-open [data-field=hold]").fill("35")
    page.evaluate("location.hash = ''")
    page.locator("#start").wait_for()
    assert "hold: 35s" in found.until(path, "hold: 35s", is_open=False)


def test_words_whose_writing_was_left_are_not_written(tab: Tabs) -> None:
    found, page, path = opened(tab, "left.yaml")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/api/reword", hold)
    found.head("That was it").click()
    page.get_by_role("button", name="That was it. Well done.").last.click()
    page.locator("#reword").fill("Over.")
    page.get_by_role("button", name="Write it", exact=True).click()
    page.locator("#reword-do:disabled", has_text="Writing …").wait_for()
    page.keyboard.press("Escape")
    page.locator("#reword-do:enabled").wait_for(state="attached")
    assert len(held) == 1
    fill(found, "Plank", "hold", "35")
    assert found.until(path, "hold: 35s") == ROUTINE.replace("hold: 20s", "hold: 35s")


def test_a_hold_by_level_that_is_dragged_says_that_it_is_for_all_levels(tab: Tabs) -> None:
    found, page, path = opened(tab, "levels.yaml", ROUTINE.replace("hold: 20s", "hold: 10-20s"))
    found.head("Plank").click()
    page.get_by_role("slider", name="Hold: Plank").focus()
    page.keyboard.press("ArrowRight")
    page.locator("#told", has_text=re.compile("^Plank, hold: .* It was 10-20s, by level: now")).wait_for()
    assert "hold: 10-20s" not in found.until(path, "hold: 10-20s", gone=True)


def test_a_move_without_a_name_is_refused_and_stays(tab: Tabs) -> None:
    found, page, path = opened(tab, "named.yaml")
    fill(found, "Plank", "do", "")
    page.locator("#told", has_text="Move cannot be empty").wait_for()
    assert page.locator(".is-open [data-field=do]").input_value() == "plank"
    fill(found, "Plank", "hold", "35")
    assert found.until(path, "hold: 35s") == ROUTINE.replace("hold: 20s", "hold: 35s")


def test_a_move_goes_into_the_last_section_and_none_has_the_name_of_another(tab: Tabs) -> None:
    found, page, path = opened(tab, "last.yaml", ROUTINE.replace("  - rest: 10s\n", ""))
    page.get_by_role("button", name="Move", exact=True).click()
    page.get_by_label("Search").fill("plank")
    # The session's own alone, not that of the library beside it.
    assert page.locator("#bank-found b").all_inner_texts().count("Plank") == 1
    page.get_by_label("Search").fill("Bridge")
    page.get_by_role("button", name="Make one of your own").click()
    page.get_by_role("button", name="Make it").last.click()
    assert page.locator("#own-name").evaluate("(one) => one.validationMessage").startswith("There is a move")
    page.locator("#own-name").fill("My squat")
    page.locator("#own-first").get_by_label("Repetitions").fill("8")
    page.get_by_role("button", name="Make it").last.click()
    text = found.until(path, "      - do: my-squat\n")
    assert text.index("do: plank") < text.index("do: my-squat") < text.index("say: That was it")
    assert "reps: 8" in text


def test_a_studio_that_has_stopped_is_told_before_an_edit(running: Studio, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    command = [sys.executable, "-m", "audiocoach", "studio", str(folder), "--port", "0", "--no-open"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        page = running.context.new_page()
        page.goto(other.stdout.readline().strip())
        page.locator("#routines button").first.click()
        page.locator("#state", has_text=re.compile("^Saved$")).wait_for()
        other.send_signal(signal.SIGTERM)
        other.wait(30)
    page.locator("#state", has_text="The studio has stopped").wait_for()
    page.close()
