"""The studio in a real browser, on its real server: cards, text and strip are one, heard as it is shown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

import pytest

from tests import node
from tests.studios import ROUTINE, judge, opened, studio, tabs, when

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Response, Route

    from tests.studios import Studio, Tabs

HOSTILE = """</b><img src=x onerror="document.title='bad'"><script>document.title='bad'</script>"""
# Where the first piece that was laid stands in the whole file, in milliseconds: sample by sample.
COMPARED = """async () => {
  const context = new AudioContext({ sampleRate: 48000 });
  const sound = await context.decodeAudioData(await (await fetch(heard)).arrayBuffer());
  const { skip, channels } = laid[0];
  if (sound.numberOfChannels !== channels.length) return null;
  const wholes = channels.map((_, channel) => sound.getChannelData(channel));
  const same = (samples, whole, at) => samples.every((one, i) => one === (whole[at + i] ?? 0));
  const isAt = (at) => channels.every((samples, channel) => same(samples, wholes[channel], at));
  for (let frame = 1; frame * 1152 < sound.length; frame++) {
    const at = frame * 1152 - 1105;
    if (isAt(at)) return (at + skip * 48000) / 48;
  }
  return null;
}"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with studio(tmp_path_factory.mktemp("studio")) as started:
        yield started


@pytest.fixture
def tab(running: Studio) -> Iterator[Tabs]:
    with tabs(running) as make:
        yield make


def test_a_newcomers_way_from_a_template_to_its_sound(tab: Tabs) -> None:
    found = tab()
    page = found.page
    page.get_by_role("radio").first.check()
    page.get_by_label("Its name").fill("Monday, legs")
    page.get_by_role("button", name="Make it").click()
    found.saved()
    path = found.folder / "monday-legs.yaml"
    before = found.until(path, "title:")

    page.locator(".card.is-do .head").first.click()
    page.locator(".is-open [data-field=sets]").fill("3")
    page.keyboard.press("Enter")
    by_card = found.until(path, "sets: 3")
    page.get_by_role("button", name="Undo").click()
    assert found.until(path, "sets: 3", gone=True) == before
    page.get_by_role("button", name="Redo").click()
    assert found.until(path, "sets: 3") == by_card

    page.locator("#editor .cm-line", has_text="title:").click()
    page.keyboard.press("End")
    page.keyboard.type(" and arms")
    found.until(path, "title: Monday, legs and arms")
    page.locator("#title", has_text="Monday, legs and arms").wait_for()

    page.locator("#play").click()
    page.locator("#play[aria-label=Pause]").wait_for()
    page.locator(".card.is-heard").first.wait_for()
    page.locator("#part .is-heard").first.wait_for()
    page.locator("#now:not(:empty)").wait_for()
    assert "about" not in page.locator("#total").inner_text()
    page.locator("#play").click()
    page.locator("#play[aria-label=Play]").wait_for()


@pytest.mark.parametrize(("sides", "channels"), [("", 1), ("    sides: each\n", 2)])
def test_what_is_played_are_the_samples_of_the_mp3_from_the_card_on(
    tab: Tabs, sides: str, channels: int
) -> None:
    found = tab()
    found.write("sound.yaml", ROUTINE.replace("    posture: prone\n", f"    posture: prone\n{sides}"))
    found.open("sound.yaml")
    found.head("Plank").focus()
    found.page.keyboard.press("Space")
    found.page.locator("#play[aria-label=Pause]").wait_for()
    shown = found.page.locator(".interval.is-picked").get_attribute("title")
    began = found.page.evaluate(COMPARED)
    assert found.page.evaluate("laid[0].channels.length") == channels
    found.page.keyboard.press("Space")
    assert began is not None
    assert shown is not None
    # It begins on a millisecond, to the sample.
    assert began == pytest.approx(round(began), abs=0.001)
    # To the whole second, as it is shown; with lengths that were guessed when it was chosen.
    minutes, seconds = shown.rpartition("at ")[2].split(":")
    assert abs(began / 1000 - (int(minutes) * 60 + int(seconds))) < 5


def test_cards_are_added_moved_and_removed_and_comments_stay(tab: Tabs) -> None:
    found = tab()
    path = found.write("cards.yaml")
    found.open("cards.yaml")
    page = found.page
    found.head("Bridge").click()
    page.get_by_role("button", name="Rest", exact=True).click()
    text = found.until(path, "- rest: 30s")
    assert "# the main part" in text
    assert "# slowly" in text
    page.locator(".head:focus", has_text="30s").wait_for()
    page.keyboard.press("Alt+ArrowUp")
    page.locator("#told", has_text="number 1 of 3").wait_for()
    text = found.until(path, "# slowly")
    assert text.index("rest: 30s") < text.index("do: bridge") < text.index("do: plank")
    page.get_by_role("button", name="Remove").click()
    assert found.until(path, "rest: 30s", gone=True) == ROUTINE

    page.get_by_role("button", name="Move", exact=True).click()
    page.get_by_label("Search").fill("plank")
    page.locator("#bank-found .found", has_text="Plank").first.wait_for()
    page.keyboard.press("Enter")
    assert found.until(path, "for: 40s").count("do: plank") == 2


def test_a_card_is_dragged_and_a_word_is_said_another_way(tab: Tabs) -> None:
    found = tab()
    path = found.write("drag.yaml")
    found.open("drag.yaml")
    page = found.page
    grips = page.locator(".card.is-do .grip")
    start, end = grips.nth(1).bounding_box(), grips.nth(0).bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 8, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(end["x"] + 8, end["y"] - 8, steps=4)
    page.locator(".drop").wait_for()
    page.mouse.up()
    page.locator("#told", has_text="Plank: number 1 of 2").wait_for()
    text = found.until(path, "do: plank")
    assert text.index("do: plank") < text.index("do: bridge")

    found.head("That was it").click()
    page.locator(".is-open .sentence").click()
    page.get_by_label("Word", exact=True).select_option("done")
    page.get_by_label("is said").fill("dunn")
    page.keyboard.press("Enter")
    found.until(path, "done: dunn")
    page.locator(".is-open .sentence").click()
    page.get_by_role("button", name="Leave it out").click()
    assert "That was it" not in found.until(path, "That was it", gone=True)


def test_a_move_of_the_bank_brings_its_library(tab: Tabs) -> None:
    found = tab()
    (found.folder / "moves").mkdir()
    found.write(
        "moves/legs.yaml", "moves:\n  lunge: {name: Lunge, posture: standing, reps: 8, setup: Stand.}\n"
    )
    path = found.write("bank.yaml")
    found.open("bank.yaml")
    page = found.page
    page.get_by_role("button", name="Move", exact=True).click()
    page.get_by_label("Search").fill("lunge")
    page.get_by_role("button", name="Lunge").click()
    assert "include: moves/legs.yaml" in found.until(path, "do: lunge")
    assert page.locator("#problems.is-grave").is_hidden()


def test_a_move_that_ships_becomes_one_of_the_routines_own(tab: Tabs) -> None:
    found = tab()
    path = found.write("shipped.yaml")
    found.open("shipped.yaml")
    page = found.page
    page.get_by_role("button", name="Move", exact=True).click()
    page.get_by_label("Search").fill("superman")
    page.get_by_role("button", name="Superman").click()
    text = found.until(path, "do: superman")
    assert "\n  superman:\n    name: Superman\n" in text
    assert "include" not in text
    assert page.locator("#problems.is-grave").is_hidden()
    # From then on it is the one of this name, found as the other one was.
    page.get_by_role("button", name="Move", exact=True).click()
    page.get_by_label("Posture").select_option("prone")
    only = page.locator("#bank-found .found", has_text="Superman")
    assert [one.split("\n")[-1] for one in only.all_inner_texts()] == ["of this session"]


def test_who_waits_for_a_voice_or_an_origin_is_told_and_sees_no_empty_fields(tab: Tabs) -> None:
    _, page, _ = opened(tab, "waits.yaml", ROUTINE.replace("Two moves", "Waiting"))
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile("/api/(speak|origin)"), hold)
    page.get_by_role("button", name="Play").click()
    page.locator("#now", has_text="Speaking…").wait_for()
    page.locator(".head", has_text="That was it").click()
    page.locator(".is-open .sentence").click()
    page.get_by_text("Looking where it comes from").wait_for()
    assert page.get_by_label("Which sentence").is_hidden()
    assert page.get_by_label("Whose voice it is").is_hidden()
    while len(held) < 2:
        page.wait_for_timeout(20)
    for one in held:
        one.continue_()
    page.get_by_label("Whose voice it is").wait_for()
    when(page, "!document.getElementById('now').textContent.startsWith('Speaking')")


def test_the_end_of_an_interval_is_dragged_by_whole_seconds(tab: Tabs) -> None:
    found = tab()
    path = found.write("strip.yaml")
    found.open("strip.yaml")
    page = found.page
    found.head("Plank").click()
    handle = page.get_by_role("slider", name="Hold: Plank")
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y, steps=3)
    assert page.locator(".bubble").inner_text() == "20 seconds → 25 seconds"
    page.mouse.up()
    assert "hold: 25s" in found.until(path, "hold: 25s")
    handle.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert found.until(path, "hold: 23s") == ROUTINE.replace("hold: 20s", "hold: 23s")
    # No time at all is no hold: it stays, and is said why.
    box = handle.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, y)
    page.mouse.down()
    page.mouse.move(box["x"] - 600, y, steps=3)
    page.mouse.up()
    page.locator("#told.is-grave", has_text="It stays at 23 seconds").wait_for()
    found.until(path, "hold: 23s")


def test_two_tabs_and_an_editor_lose_nothing(tab: Tabs) -> None:
    one, two = tab(), tab()
    path = one.write("shared.yaml")
    one.open("shared.yaml")
    two.open("shared.yaml")
    one.head("Plank").click()
    one.page.locator(".is-open [data-field=hold]").fill("35")
    one.page.keyboard.press("Enter")
    two.head("hold 35s").wait_for()
    two.page.locator("#editor .cm-line", has_text="safety:").click()
    two.page.keyboard.press("End")
    two.page.keyboard.type(" Breathe.")
    one.page.locator("#editor .cm-line", has_text="Breathe.").wait_for()
    text = one.until(path, "Breathe.")
    assert "hold: 35s" in text

    path.write_text(text.replace("rest: 10s", "rest: 15s"), encoding="utf-8")
    one.page.locator("#editor .cm-line", has_text="rest: 15s").wait_for()
    two.head("15s").wait_for()


def test_the_same_line_changed_twice_is_a_choice(tab: Tabs) -> None:
    found = tab()
    path = found.write("choice.yaml")
    found.open("choice.yaml")
    page = found.page

    def just_before(route: Route) -> None:
        found.write("choice.yaml", ROUTINE.replace("Two moves", "Theirs"))
        route.continue_()

    page.route("**/api/document", just_before, times=1)
    page.locator("#editor .cm-line", has_text="title:").click()
    page.keyboard.press("End")
    page.keyboard.type(" of mine")
    page.locator("#conflict").wait_for()
    assert path.read_text("utf-8").startswith("title: Theirs")
    assert page.locator(".choice mark").all_inner_texts() == ["Two moves of mine", "Theirs"]
    page.get_by_role("button", name="Keep mine").click()
    assert found.until(path, "title: Two moves of mine") == ROUTINE.replace("moves\n", "moves of mine\n", 1)
    assert page.locator("#conflict").is_hidden()


def test_line_by_line_one_of_two_is_taken_and_nothing_else_is_lost(tab: Tabs) -> None:
    found, page, path = opened(tab, "lines.yaml")
    theirs = ROUTINE.replace("Two moves", "Theirs").replace("if it hurts", "at once").replace("10s", "15s")

    def just_before(route: Route) -> None:
        path.write_text(theirs, "utf-8")
        route.continue_()

    page.route("**/api/document", just_before, times=1)
    page.locator("#editor .cm-line", has_text="title:").click()
    page.keyboard.press("Home")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+End")
    page.keyboard.press("Delete")
    page.keyboard.insert_text("title: Mine")
    page.keyboard.press("Shift+Enter")
    page.keyboard.insert_text("safety: Stop when it hurts.")
    page.locator("#conflict").wait_for()
    choices = page.locator(".choice")
    assert [one.splitlines()[0] for one in choices.all_inner_texts()] == ["Line 1", "Line 2"]
    choices.nth(0).get_by_label("Theirs").check()
    assert choices.nth(1).get_by_label("Mine", exact=False).first.is_checked()
    # Somebody types on meanwhile.
    page.locator("#editor .cm-line", has_text="That was it").click()
    page.keyboard.press("End")
    page.keyboard.insert_text(" Bye.")
    page.get_by_role("button", name="Take what is chosen").click()
    wanted = theirs.replace("Stop at once", "Stop when it hurts").replace("Well done.", "Well done. Bye.")
    assert found.changed(path, theirs, wanted) == wanted
    page.get_by_role("button", name="Undo").click()
    page.locator("#editor .cm-line", has_text="title: Mine").wait_for()


def test_what_is_noted_of_all_of_it_stands_at_its_title(tab: Tabs) -> None:
    text = ROUTINE.replace("safety: Stop if it hurts.\n", "")
    _, page, _ = opened(tab, "noted.yaml", text)
    marks = page.locator("#editor .cm-lintRange")
    marks.first.wait_for()
    assert {*marks.all_inner_texts()} == {"title: Two moves"} or marks.count() < 6
    assert "session:" not in "".join(marks.all_inner_texts())


def test_what_is_noted_of_an_item_is_marked_on_its_first_line(tab: Tabs) -> None:
    text = ROUTINE.replace("- do: plank", "- do: plank # from: a list").replace(
        "hold: 20s", "hold: 20s\n        sets: 2"
    )
    _, page, _ = opened(tab, "first.yaml", text)
    marks = page.locator("#editor .cm-lintRange", has_text="plank")
    marks.first.wait_for()
    assert not {"hold", "sets", "from"} & {
        word
        for one in page.locator("#editor .cm-lintRange").all_inner_texts()
        for word in re.findall(r"\w+", one)
    }


def test_on_a_phone_all_that_is_added_and_tried_is_in_sight(tab: Tabs) -> None:
    _, page, _ = opened(tab, "phone.yaml", ROUTINE.replace("Two moves", "On a phone"))
    page.set_viewport_size({"width": 390, "height": 844})
    bar = page.locator(".adding")
    assert bar.evaluate("(one) => one.scrollWidth === one.clientWidth")
    page.get_by_role("button", name="Try it longer").click()
    below = page.locator(".below")
    assert below.evaluate("(one) => one.scrollHeight === one.clientHeight")
    page.get_by_role("button", name="Move", exact=True).click()
    page.locator("#bank-found .found").nth(2).wait_for()
    seen = """(list) => {
      const { bottom } = list.getBoundingClientRect();
      const rows = [...list.querySelectorAll(".found")];
      return rows.filter((row) => row.getBoundingClientRect().bottom <= bottom).length;
    }"""
    assert page.locator("#bank-found").evaluate(seen) >= 3


def test_the_strip_says_what_its_colours_mean_and_is_read_by_keys(tab: Tabs) -> None:
    _, page, _ = opened(tab, "legend.yaml")
    page.locator("#legend li").first.wait_for()
    told = page.locator("#legend li").all_inner_texts()
    assert told == ["hold", "repetitions", "rest", "get ready", "talk", "words", "tones"]
    whole = page.get_by_role("slider", name="Where in the session")
    whole.focus()
    page.keyboard.press("PageUp")
    assert re.match(r"1:00 of \d:\d\d, ", whole.get_attribute("aria-valuetext") or "")
    page.keyboard.press("Home")
    page.locator("#part .interval").first.focus()
    page.keyboard.press("ArrowDown")
    first = page.locator("#part .words:focus").get_attribute("aria-label") or ""
    assert first.startswith("Said at 0:01: Two moves.")
    page.keyboard.press("ArrowRight")
    assert page.locator("#part .words:focus").get_attribute("aria-label") != first
    page.keyboard.press("ArrowUp")
    assert ", at 0:" in (page.locator("#part .interval:focus").get_attribute("aria-label") or "")


def test_a_caret_on_a_blank_line_takes_nobody_to_the_start(tab: Tabs) -> None:
    text = ROUTINE.replace("  - rest: 10s\n", "  - rest: 10s\n\n")
    found, page, path = opened(tab, "blank.yaml", text)
    found.head("Plank").click()
    part = page.locator("#part")
    page.locator("#nearer").click(click_count=2)
    stands, at = page.locator("#clock").inner_text(), part.evaluate("(one) => one.scrollLeft")
    assert stands != "0:00"
    page.locator("#editor .cm-line").nth(text[: text.index("10s")].count("\n") + 1).click()
    page.locator(".is-open.is-routine").wait_for()
    assert (page.locator("#clock").inner_text(), part.evaluate("(one) => one.scrollLeft")) == (stands, at)
    handle = page.get_by_role("slider", name="Hold: Plank")
    handle.scroll_into_view_if_needed()
    at = part.evaluate("(one) => one.scrollLeft")
    box = handle.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 8, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 68, box["y"] + 20, steps=3)
    page.mouse.up()
    changed = found.changed(path, text)
    assert re.sub("hold: 2[1-9]s", "hold: 20s", changed) == text
    assert (page.locator("#clock").inner_text(), part.evaluate("(one) => one.scrollLeft")) == (stands, at)


def test_the_same_field_changed_twice_is_a_choice(tab: Tabs) -> None:
    found = tab()
    path = found.write("field.yaml")
    found.open("field.yaml")
    page = found.page

    def just_before(route: Route) -> None:
        found.write("field.yaml", ROUTINE.replace("hold: 20s", "hold: 40s"))
        route.continue_()

    page.route("**/api/edit", just_before, times=1)
    found.head("Plank").click()
    page.locator(".is-open [data-field=hold]").fill("35")
    page.keyboard.press("Enter")
    page.locator("#conflict").wait_for()
    assert "hold: 40s" in path.read_text("utf-8")
    page.locator("#editor .cm-line", has_text="hold: 35s").wait_for()
    page.get_by_role("button", name="Keep mine").click()
    assert found.until(path, "hold: 35s") == ROUTINE.replace("hold: 20s", "hold: 35s")


def test_what_no_studio_took_is_not_called_saved(tab: Tabs) -> None:
    found = tab()
    path = found.write("cut.yaml")
    found.open("cut.yaml")
    page = found.page
    page.route("**/api/edit", lambda route: route.fulfill(status=403, json={"message": "closed"}), times=1)
    found.head("Plank").click()
    page.locator(".is-open [data-field=hold]").fill("35")
    page.keyboard.press("Enter")
    page.locator("#state", has_text="Not saved").wait_for()
    page.locator("#told", has_text="Open the new address that the terminal prints").wait_for()
    assert path.read_text("utf-8") == ROUTINE
    page.locator(".is-open [data-field=hold]").fill("36")
    page.keyboard.press("Enter")
    found.until(path, "hold: 36s")
    page.locator("#told.is-old").wait_for(state="attached")


def test_a_move_of_the_bank_shows_what_it_brings_and_stands_before_the_goodbye(
    tab: Tabs,
) -> None:
    found = tab()
    path = found.write("brings.yaml")
    found.open("brings.yaml")
    page = found.page
    page.get_by_role("button", name="Move", exact=True).click()
    page.locator("#bank-search").fill("birddog")
    page.get_by_role("button", name="Bird dog").click()
    text = found.until(path, "do: bird-dog")
    assert text.index("do: bird-dog") < text.index("say: That was it")
    brings = found.head("Bird dog").locator(".is-inherited").all_inner_texts()
    assert brings == ["8-12 repetitions", "2-3 sets", "sides in turns", "rest 30-40s"]
    page.get_by_role("button", name="Rest: 5 seconds more").click()
    found.until(path, "rest: 45s")


def test_what_is_wrong_is_shown_at_its_place_while_one_types(tab: Tabs) -> None:
    found = tab()
    found.write("wrong.yaml")
    found.open("wrong.yaml")
    page = found.page
    page.locator("#editor .cm-line", has_text="rest: 10s").click()
    page.keyboard.press("End")
    page.keyboard.press("Backspace")
    page.locator("#editor .cm-lintRange-error").wait_for()
    page.locator("#problem-count", has_text="1 thing to look at").wait_for()
    page.get_by_role("button", name="Undo").click()
    page.locator("#problems.is-grave").wait_for(state="hidden")
    # Completion knows what may stand there.
    page.locator("#editor .cm-line", has_text="rest: 10s").click()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.type("no")
    page.locator("#editor .cm-tooltip-autocomplete").wait_for()


def test_a_routine_that_is_asked_for_while_the_start_is_loaded_is_opened(tab: Tabs) -> None:
    found = tab()
    found.write("late.yaml")
    page = found.page
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/api/folder", hold, times=1)
    with page.expect_request("**/api/folder"):
        page.reload()
    page.evaluate("location.hash = 'late.yaml'")
    page.locator(".card").first.wait_for()
    with page.expect_response("**/api/folder"):
        held[0].continue_()
    found.head("Plank").click()
    assert page.url.endswith("#late.yaml")
    # Of what cannot be laid out nothing is shown, least of all the session before it.
    assert page.locator("#whole > *").count() > 0
    found.write("broken.yaml", "title: [broken\n")
    page.evaluate("location.hash = 'broken.yaml'")
    page.locator("#problems.is-grave").wait_for()
    assert page.locator("#whole > *, #part .inner > *").count() == 0
    # What is not there leads to the start, and back to nothing that is gone.
    page.evaluate("location.hash = 'nothing.yaml'")
    page.locator("#told.is-grave", has_text="no such routine").wait_for()
    assert page.locator("#desk").is_visible()
    page.evaluate("location.hash = ''")
    page.locator("#start").wait_for()


def test_hostile_texts_stay_texts(tab: Tabs) -> None:
    found = tab()
    quoted = HOSTILE.replace("'", "''")
    found.write("hostile.yaml", ROUTINE.replace("Two moves", f"'{quoted}'").replace("That was it", HOSTILE))
    found.open("hostile.yaml")
    page = found.page
    page.locator("#title", has_text="<script>").wait_for()
    page.locator(".card.is-say .head").click()
    assert page.title().startswith("</b><img")
    assert page.locator("img, #desk script").count() == 0


def test_keys_alone_are_enough(tab: Tabs) -> None:
    found = tab()
    path = found.write("keys.yaml")
    page = found.page
    page.reload()
    page.get_by_role("button", name="keys.yaml").focus()
    page.keyboard.press("Enter")
    page.locator(".card").first.wait_for()
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.classList.contains('head')"):
            break
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    assert "Plank" in page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.field") == "hold":
            break
    page.keyboard.press("Control+A")
    page.keyboard.type("45")
    page.keyboard.press("Enter")
    found.until(path, "hold: 45s")
    page.locator("[data-field=hold]:focus").wait_for()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Control+Z")
    assert found.until(path, "hold: 45s", gone=True) == ROUTINE
    page.get_by_role("slider", name="Hold: Plank").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_who_comes_without_the_token_reads_what_to_do(
    running: Studio, scheme: Literal["light", "dark"]
) -> None:
    assert running.context.browser is not None
    stranger = running.context.browser.new_context(
        viewport={"width": 360, "height": 700}, color_scheme=scheme
    )
    page = stranger.new_page()
    wrong: list[str] = []
    page.on("console", lambda line: wrong.append(line.text) if "403" not in line.text else None)
    answer = page.goto(running.address)
    assert answer is not None
    assert answer.status == 403
    assert page.get_by_role("heading").inner_text() == "This studio is not open here"
    assert "open the address that it printed" in page.locator("main").inner_text()
    # Its style is let in by its own policy.
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 21, 26)"}[scheme]
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert wrong == []
    stranger.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(tab: Tabs, scheme: Literal["light", "dark"]) -> None:
    axe = (node.installed("axe-core") / "axe.min.js").read_text("utf-8")
    found = tab()
    found.write("axe.yaml", ROUTINE.replace("rest: 10s", "rest: 10x"))
    page = found.page
    page.emulate_media(color_scheme=scheme)
    page.evaluate(axe)
    judge(page, "document")
    found.open("axe.yaml")
    page.evaluate(axe)
    page.evaluate("document.fonts.ready")
    # Colours are the same at all widths.
    for width in (360, 768, 1280, 1920) if scheme == "light" else (1280,):
        page.set_viewport_size({"width": width, "height": 800})
        judge(page, "document" if width in {360, 1280} else "header")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Try it longer").click()
    page.locator(".card.is-do .head").first.click()
    for part in (".is-open", "#settings"):
        judge(page, part)
    for name, part in (("Move", "#bank"), ("Keys", "#keys")):
        page.get_by_role("button", name=name, exact=True).click()
        judge(page, part)
        page.keyboard.press("Escape")


def test_eight_tabs_share_one_connection_and_see_what_others_write(tab: Tabs) -> None:
    # A browser opens six connections to one server: a tab that kept its own would leave none to the seventh.
    tabs = [tab() for _ in range(8)]
    path = tabs[0].write("eight.yaml")
    for one in tabs:
        one.page.evaluate("location.hash = 'eight.yaml'")
        one.page.locator(".card").first.wait_for()
    path.write_text(ROUTINE.replace("rest: 10s", "rest: 15s"), encoding="utf-8")
    for one in tabs:
        one.page.locator("#editor .cm-line", has_text="rest: 15s").wait_for()
    # Whoever listened for all goes; the next one does.
    tabs[0].page.close()
    path.write_text(ROUTINE.replace("rest: 10s", "rest: 25s"), encoding="utf-8")
    for one in tabs[1:]:
        one.page.locator("#editor .cm-line", has_text="rest: 25s").wait_for()


def test_of_an_hour_only_what_is_heard_is_fetched(tab: Tabs) -> None:
    found = tab()
    found.write("hour.yaml", ROUTINE.replace("rest: 10s", "pause: 55m"))
    found.open("hour.yaml")
    fetched: list[int] = []
    found.page.on("response", lambda one: fetched.append(_length(one)) if "/sound/" in one.url else None)
    found.head("That was it").focus()
    found.page.keyboard.press("Space")
    found.page.locator("#now", has_text="That was it").wait_for()
    found.page.keyboard.press("Space")
    assert 0 < sum(fetched) < 1_000_000


def _length(response: Response) -> int:
    return int(response.headers["content-length"])
