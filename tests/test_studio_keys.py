"""The studio by keys alone, with eyes closed: where the focus is after whatever is done, and what is told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from audiocoach.routine import parser
from tests import node
from tests.conftest import ROOT
from tests.studios import ROUTINE, judge, opened, studio, tabs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page, Route

    from tests.studios import Studio, Tabs

# Fields that cards leave to the text.
UNSHOWN = {"items", "voice", "announce", "defaults", "at"}
# What the focus is on: its name, and the card that it is in.
FOCUS = """(() => {
  const { dataset, tagName, textContent } = document.activeElement;
  const card = document.activeElement.closest(".card")?.querySelector(".name").textContent ?? "";
  if (document.activeElement.classList.contains("head")) return [card, "head"];
  const said = document.activeElement.getAttribute("aria-label") ?? textContent;
  return [card, dataset.field || document.activeElement.id || (tagName === "BODY" ? "page" : said)];
})()"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with studio(tmp_path_factory.mktemp("studio")) as started:
        yield started


@pytest.fixture
def tab(running: Studio) -> Iterator[Tabs]:
    with tabs(running, "400") as make:
        yield make


def told(page: Page, words: str) -> None:
    page.locator("#told", has_text=words).wait_for()


def holding(held: list[Route]) -> Callable[[Route], None]:
    """Takes a request, and lets it wait."""

    def hold(route: Route) -> None:
        held.append(route)

    return hold


def focus(page: Page) -> tuple[str, str]:
    card, control = page.evaluate(FOCUS)
    return card, control


# -- the focus stays ----------------------------------------------------------------------------------------


def test_whoever_is_at_a_control_of_a_card_is_at_it_whatever_is_drawn_anew(tab: Tabs) -> None:
    found, page, path = opened(tab, "stays.yaml")
    found.head("Plank").click()
    page.get_by_text("What is said").click()
    page.get_by_text("More fields").click()
    card = page.locator(".is-open")
    card.locator("[data-field=weight]").wait_for()
    controls = (
        card.get_by_role("button", name="Hold: 5 seconds more"),
        card.get_by_role("button", name="Choose"),
        card.get_by_text("More fields"),
        card.locator(".sentence").first,
        card.locator("[data-field=weight]"),
        card.get_by_role("button", name="Up"),
        card.get_by_label("What is counted"),
        card.locator(".head"),
    )
    for number, control in enumerate(controls):
        control.focus()
        before = focus(page)
        page.evaluate("document.activeElement.isOld = true")
        # One writes the hold in an editor, above it a card is put in.
        written = ROUTINE.replace("hold: 20s", f"hold: {21 + number}s")
        path.write_text(
            written.replace("    items:\n", "    items:\n      - rest: 5s\n" * (number % 2) or "    items:\n")
        )
        page.locator(".head", has_text=f"hold {21 + number}s").wait_for()
        assert page.evaluate("!document.activeElement.isOld")
        assert focus(page) == before, before


def test_a_card_is_moved_by_its_button_as_often_as_it_is_pressed(tab: Tabs) -> None:
    found, page, path = opened(
        tab, "up.yaml", ROUTINE.replace("  - rest: 10s\n", "  - do: bridge\n    for: 5s\n")
    )
    found.head("Plank").click()
    page.get_by_role("button", name="Up").focus()
    page.keyboard.press("Space")
    told(page, "Plank: number 1 of 2 in Strength now.")
    assert focus(page) == ("Plank", "up")
    # Twice, before the first was answered: out of its section, and then it is the first one.
    page.keyboard.press("Space")
    page.keyboard.press("Space")
    told(page, "It is the first one here.")
    text = found.until(path, "- do: plank")
    assert text.index("do: plank") < text.index("section: Strength")
    assert focus(page) == ("Plank", "up")


def test_five_seconds_more_are_told_and_the_button_keeps_the_focus(tab: Tabs) -> None:
    found, page, path = opened(tab, "more.yaml")
    found.head("Plank").click()
    page.get_by_role("button", name="Hold: 5 seconds more").focus()
    page.keyboard.press("Space")
    told(page, "Hold: 25 seconds.")
    page.keyboard.press("Space")
    told(page, "Hold: 30 seconds.")
    assert focus(page) == ("Plank", "Hold: 5 seconds more")
    found.until(path, "hold: 30s")


def test_tab_leads_on_from_a_field_that_was_changed_and_what_is_wrong_is_told(tab: Tabs) -> None:
    found, page, path = opened(tab, "tab.yaml")
    held: list[Route] = []
    sent: list[str] = []
    page.on(
        "request", lambda request: sent.append(request.post_data or "") if "api/edit" in request.url else None
    )
    found.head("Plank").click()
    page.locator(".is-open [data-field=hold]").fill("banana")
    page.route("**/api/edit", holding(held), times=1)
    with page.expect_request("**/api/edit"):
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
    # Whoever is quicker than the answer goes on typing.
    assert focus(page) == ("Plank", "sets")
    page.keyboard.type("2")
    held[0].continue_()
    told(page, "Hold: expected a duration")
    page.locator("#state", has_text="Saved, cannot be played yet").wait_for()
    assert focus(page) == ("Plank", "sets")
    page.keyboard.type("0")
    page.keyboard.press("Tab")
    found.until(path, "sets: 20")
    # What was half typed as the card was drawn anew was not sent.
    assert [edit for edit in sent if '"value":"2"' in edit] == []
    assert len([edit for edit in sent if '"value":"20"' in edit]) == 1
    page.locator(".is-open [data-field=hold]").fill("25")
    page.keyboard.press("Enter")
    told(page, "Hold: 25 seconds.")
    page.locator("#problems-told", has_text="Nothing is left to look at").wait_for(state="attached")
    assert focus(page) == ("Plank", "hold")


def test_keys_among_the_sentences_of_a_card_do_what_they_do_elsewhere(tab: Tabs) -> None:
    found, page, path = opened(tab, "sentences.yaml")
    found.head("That was it").click()
    page.locator(".is-open .sentence").focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    words = page.get_by_label("In other words")
    words.wait_for()
    words.fill("That was all.")
    page.get_by_role("button", name="Write it").click()
    told(page, "It is said in these words now.")
    found.until(path, "That was all.")
    assert focus(page) == ("That was all.", "said 0")


# -- where things are ---------------------------------------------------------------------------------------


def test_by_keys_a_card_goes_into_a_section_and_out_of_it(tab: Tabs) -> None:
    found, page, path = opened(tab, "into.yaml")
    found.head("Bridge").get_by_text("1 of 2 in Strength").wait_for(state="attached")
    assert found.head("Rest 10s").inner_text().count("Rest") == 2
    rest = page.get_by_role("button", name="Rest 10s 2 of 3", exact=True)
    rest.focus()
    page.keyboard.press("Alt+ArrowUp")
    told(page, "Rest 10s has moved: number 3 of 3 in Strength now.")
    text = found.until(path, "      - rest: 10s\n")
    assert text.index("hold: 20s") < text.index("rest: 10s") < text.index("say:")
    assert focus(page)[0] == "Rest 10s"
    page.keyboard.press("Alt+ArrowDown")
    told(page, "Rest 10s has moved: number 2 of 3 now.")
    assert found.until(path, "\n  - rest: 10s\n") == ROUTINE
    page.keyboard.press("Control+Z")
    told(page, "Undone")
    page.keyboard.press("Control+Z")
    found.until(path, "\n  - rest: 10s\n")
    # What would leave a section empty stays.
    found, page, path = opened(
        tab, "only.yaml", ROUTINE.replace("      - do: plank\n        hold: 20s\n", "")
    )
    found.head("Bridge").focus()
    page.keyboard.press("Alt+ArrowDown")
    told(page, "It is the only one in Strength")


# -- what is told -------------------------------------------------------------------------------------------


def test_undo_redo_and_what_others_write_are_told(tab: Tabs) -> None:
    found, page, path = opened(tab, "undone.yaml")
    found.head("Plank").focus()
    page.keyboard.press("Control+Z")
    told(page, "There is nothing to undo.")
    page.keyboard.press("Delete")
    told(page, "Plank is removed.")
    page.keyboard.press("Control+Z")
    told(page, "Undone: Plank is back.")
    page.keyboard.press("Control+Shift+Z")
    told(page, "Done again: Plank is gone.")
    page.get_by_role("button", name="Undo").focus()
    page.keyboard.press("Space")
    told(page, "Undone: Plank is back.")
    # Nothing more to undo: the button keeps the focus all the same.
    assert focus(page) == ("", "undo")
    assert found.until(path, "do: plank") == ROUTINE
    path.write_text(ROUTINE.replace("Two moves", "Theirs"), "utf-8")
    told(page, "This file was changed elsewhere: Theirs.")


def test_who_waits_for_the_voice_is_told_and_can_leave_it(tab: Tabs) -> None:
    found, page, _ = opened(tab, "waits.yaml")
    found.write("other.yaml")
    held: list[Route] = []
    page.route("**/api/speak", holding(held))
    play = page.locator("#play")
    play.focus()
    for leave in ("Space", "#other.yaml"):
        with page.expect_request("**/api/speak"):
            page.keyboard.press("Space")
        page.locator("#play[aria-label='Speaking…']").wait_for()
        told(page, "Speaking what is new.")
        if leave == "Space":
            page.keyboard.press("Space")
            told(page, "It is not played.")
        else:
            page.evaluate(f"location.hash = '{leave}'")
        page.locator("#play[aria-label=Play]").wait_for()
    assert len(held) == 2
    # Somebody else was to be heard first: it does not wait for ever.
    page.unroute("**/api/speak")
    page.route("**/api/speak", lambda route: route.fulfill(status=409, json={"superseded": True}))
    play.focus()
    page.keyboard.press("Space")
    page.locator("#play[aria-label=Play]").wait_for()


def test_a_second_more_is_told_without_what_was_noted_before(tab: Tabs) -> None:
    found, page, path = opened(tab, "noted.yaml", ROUTINE.replace("Two moves", "Five minutes"))
    page.locator("#problem-list", has_text="the title says").wait_for(state="attached")
    found.head("Plank").click()
    handle = page.get_by_role("slider", name="Hold: Plank")
    assert "arrow keys" in (handle.get_attribute("title") or "")
    handle.focus()
    page.keyboard.press("ArrowRight")
    told(page, "Plank, hold: 21 seconds.")
    assert page.locator("#told").inner_text() == "Plank, hold: 21 seconds."
    found.until(path, "hold: 21s")
    assert focus(page)[1] == "Hold: Plank"
    page.locator("#part .words").first.focus()
    page.keyboard.press("ArrowRight")
    before = page.evaluate("document.activeElement.title")
    path.write_text(ROUTINE.replace("hold: 20s", "hold: 30s"), "utf-8")
    told(page, "This file was changed elsewhere: ")
    assert page.evaluate("document.activeElement.title") == before


def test_the_next_thing_to_look_at_is_told_with_its_line(tab: Tabs) -> None:
    _, page, _ = opened(tab, "next.yaml", ROUTINE.replace("rest: 10s", "rest: 10x"))
    page.locator("#editor .cm-line", has_text="title:").click()
    page.locator("#editor .cm-lintRange-error").wait_for()
    page.keyboard.press("F8")
    told(page, "Line 9: ")
    assert "Tab leaves it" in (page.locator("#editor .cm-content").get_attribute("aria-label") or "")


def test_nothing_that_is_pressed_throws_the_focus_out_of_the_page(tab: Tabs) -> None:
    found, page, path = opened(tab, "leaves.yaml")
    page.get_by_role("button", name="Try it longer").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert focus(page)[1] == "length" or focus(page)[1] == "level"
    page.locator("#level").focus()
    page.keyboard.press("ArrowRight")
    page.locator("#write-settings:not([aria-disabled=true])").focus()
    page.keyboard.press("Space")
    told(page, "Written into the session: Level strong.")
    found.until(path, "level: strong")
    assert focus(page)[1] == "write-settings"

    def just_before(route: Route) -> None:
        path.write_text(ROUTINE.replace("Two moves", "Theirs"), "utf-8")
        route.continue_()

    page.route("**/api/edit", just_before, times=1)
    found.head("Two moves").click()
    page.locator(".is-open [data-field=title]").fill("Mine")
    page.keyboard.press("Enter")
    page.locator("#conflict").wait_for()
    page.locator("#take-theirs").focus()
    page.keyboard.press("Space")
    told(page, "Theirs stands in the text.")
    found.until(path, "title: Theirs")
    assert focus(page)[1] == "heading"

    page.get_by_role("button", name="All sessions").focus()
    page.keyboard.press("Space")
    page.locator("[data-field='open leaves.yaml']:focus").wait_for()
    page.locator("[data-field='Copy leaves.yaml']").focus()
    page.keyboard.press("Space")
    told(page, "is copied")
    assert focus(page)[1] == "Copy leaves.yaml"


def test_fields_have_names_that_are_words_and_stand_below_headings(tab: Tabs) -> None:
    source = (ROOT / "assets" / "studio" / "source" / "fields.js").read_text("utf-8")
    labels = source.partition("LABELS = {")[2].partition("};")[0]
    kinds = (parser.DO_FIELDS, parser.BLOCK_FIELDS, parser.SAY_FIELDS, parser.REST_FIELDS)
    names = {field.name for fields in kinds for field in fields} - UNSHOWN
    assert {name for name in names if not re.search(rf"\b{name}: ", labels)} == set()
    found, page, _ = opened(tab, "named.yaml")
    found.head("Plank").click()
    said, more = (page.locator(f".is-open .{name} summary") for name in ("said", "more"))
    said.focus()
    page.keyboard.press("Tab")
    assert more.evaluate("(one) => one === document.activeElement")
    page.keyboard.press("Space")
    page.locator(".is-open .more legend").first.wait_for()
    headings = page.locator(".is-open .more legend").all_inner_texts()
    assert headings[:2] == ["How much, and how often", "Times and rhythm"]
    assert len(headings) == 5
    page.evaluate((node.installed("axe-core") / "axe.min.js").read_text("utf-8"))
    judge(page, ".is-open")
    sentence = page.locator(".is-open .sentence").first
    said.click()
    assert sentence.evaluate("(one) => getComputedStyle(one, '::before').content").endswith('/ ""')


# -- dialogues ----------------------------------------------------------------------------------------------


def test_what_is_brought_in_is_counted_and_a_wrong_answer_is_marked_where_it_stands(tab: Tabs) -> None:
    found = tab()
    page = found.page
    page.get_by_role("button", name="Bring it in").click()
    page.get_by_label("Paste it here").fill("Plank 45s\nSquat 3x10\nWall angels\nBird dog\n")
    page.get_by_role("button", name="Read it").click()
    summary = page.locator("#bring-summary")
    summary.get_by_text("2 questions to answer").wait_for()
    page.locator("section[aria-labelledby=bring-found-title]").focus()
    assert focus(page)[1] != "page"
    fields = page.locator("#bring-found li", has_text="Squat").locator(".of-it").aria_snapshot()
    assert re.sub("strong: |text: |paragraph: |- ", "", fields) == "Move Squat, Repetitions 10, Sets 3"
    wrong = page.get_by_label("How much of Bird dog")
    wrong.fill("many")
    page.get_by_label("What it is called").fill("Marked")
    page.get_by_role("button", name="Make it").last.focus()
    page.keyboard.press("Enter")
    page.locator("#bring-told", has_text="Bird dog: reps: expected a whole number").wait_for()
    assert wrong.get_attribute("aria-invalid") == "true"
    assert page.get_by_label("How much of Wall angels").get_attribute("aria-invalid") is None
    assert wrong.evaluate("(one) => one === document.activeElement")
    page.keyboard.press("Control+A")
    page.keyboard.type("8")
    assert wrong.get_attribute("aria-invalid") is None
    held: list[Route] = []
    page.route("**/api/keep", holding(held))
    with page.expect_request("**/api/keep"):
        page.keyboard.press("Enter")
    summary.get_by_text("Making it").wait_for()
    # Whoever presses twice makes one of it.
    page.keyboard.press("Enter")
    held[0].continue_()
    found.until(found.folder / "marked.yaml", "reps: 8")
    assert len(held) == 1


def test_nothing_is_added_that_was_not_looked_for(tab: Tabs) -> None:
    found, page, path = opened(tab, "sought.yaml")
    page.get_by_role("button", name="Move", exact=True).focus()
    page.keyboard.press("Enter")
    page.locator("#bank-found .found").first.wait_for()
    page.keyboard.press("Enter")
    page.locator("#bank-count", has_text="Write a word of it first").wait_for()
    page.keyboard.type("superman")
    page.locator("#bank-count", has_text="1 of").wait_for()
    page.keyboard.press("Enter")
    told(page, "Superman is added: ")
    assert found.until(path, "do: superman").count("do: ") == 3


def test_what_is_handed_over_is_told_while_and_when_it_is_done(tab: Tabs) -> None:
    _, page, _ = opened(tab, "handed.yaml")
    page.evaluate(
        """() => {
          window.stages = [];
          const told = document.getElementById("hand-told");
          new MutationObserver(() => stages.push(told.textContent)).observe(told, { childList: true });
        }"""
    )
    page.get_by_role("button", name="Hand it over").click()
    with page.expect_download():
        page.get_by_role("button", name="The sound alone").press("Enter")
    page.locator("#hand-done a:focus", has_text="handed.mp3 is saved. Save it once more").wait_for()
    assert page.evaluate("stages")[:1] == ["Laying it out …"]
    assert page.locator("#hand-told").get_attribute("role") == "status"
