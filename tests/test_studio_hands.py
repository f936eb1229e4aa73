"""The studio in a real browser: what is brought in, made, recorded, handed over; and that nothing is lost."""

from __future__ import annotations

import json
import random
import re
import shutil
from functools import partial
from typing import TYPE_CHECKING, Literal

import pytest

from audiocoach.studio.edits.document import read
from tests import node
from tests.studios import ROUTINE, judge, opened, studio, tabs, when
from tests.test_desk import tone
from tests.test_importers import ARTICLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page, Route

    from tests.studios import Studio, Tab, Tabs

# Without the sentence that gives each of its moves a dose.
OPEN = ARTICLE.replace(" Spend about a minute with each one.", "")
RECORDED_HZ = 880
# How often the loudest part of a sound that was laid swings in a second: the middle of all its swings.
PITCH = """() => {
  const [samples] = laid.at(-1).channels;
  const ups = [];
  for (let at = 1; at < samples.length; at++) {
    if (samples[at - 1] < 0 && samples[at] >= 0 && samples[at + 9] > .02) ups.push(at);
  }
  const lengths = ups.slice(1).map((at, index) => at - ups[index]).sort((a, b) => a - b);
  return 48000 / lengths[lengths.length >> 1];
}"""
# The text that a tab shows.
SHOWN = """[...document.getElementById("editor").shadowRoot.querySelectorAll(".cm-line")]
  .map((one) => one.textContent).join("\\n").trim()"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """A studio, and a browser whose microphone hears a tone."""
    folder, spoken = tmp_path_factory.mktemp("studio"), tmp_path_factory.mktemp("microphone") / "tone.wav"
    spoken.write_bytes(tone(RECORDED_HZ))
    flags = (
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={spoken}",
    )
    with studio(folder, *flags) as started:
        yield started


@pytest.fixture
def tab(running: Studio) -> Iterator[Tabs]:
    with tabs(running, "400") as make:
        yield make


# -- the whole way ------------------------------------------------------------------------------------------


def test_a_newcomers_whole_way_without_a_terminal(tab: Tabs, running: Studio, tmp_path: Path) -> None:
    found = tab()
    page = found.page
    page.get_by_label("Its name").fill("My first")
    page.get_by_role("button", name="Make it").click()
    page.locator(".card").first.wait_for()
    path = found.folder / "my-first.yaml"
    # By card, by text, by the strip.
    page.locator(".card.is-do .head").first.click()
    page.locator(".is-open [data-field=sets]").fill("2")
    page.keyboard.press("Enter")
    found.until(path, "sets: 2")
    page.locator("#editor .cm-line", has_text="title:").click()
    page.keyboard.press("End")
    page.keyboard.type(" session")
    found.until(path, "title: My first session")
    handle = page.locator(".handle").first
    handle.focus()
    before = path.read_text("utf-8")
    page.keyboard.press("ArrowRight")
    changed = found.changed(path, before)
    assert len(changed.splitlines()) - len(before.splitlines()) in {0, 1}
    # An article.
    page.get_by_role("button", name="All sessions").click()
    page.get_by_role("button", name="Bring it in").click()
    page.get_by_label("Paste it here").fill(OPEN)
    page.get_by_role("button", name="Read it").click()
    page.locator("#bring-found li", has_text="20s").filter(has_text="Hold it for 2o seconds").wait_for()
    angels = page.locator(".gap", has_text="Wall angels")
    angels.get_by_label("What is said of").select_option("reps")
    angels.get_by_label("How much of").fill("8")
    page.get_by_label("What it is called").fill("Stiff neck")
    page.get_by_role("button", name="Make it").last.click()
    page.locator(".card").first.wait_for()
    text = found.until(found.folder / "stiff-neck.yaml", "reps: 8")
    assert "Acme" not in text
    # Heard, and handed over.
    page.locator("#play").click()
    page.locator("#play[aria-label=Pause]").wait_for()
    page.locator("#play").click()
    page.get_by_role("button", name="Hand it over").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="One page").click()
    handed = tmp_path / saved.value.suggested_filename
    saved.value.save_as(handed)
    assert handed.name == "stiff-neck.html"
    assert plays_from_the_disk(running.context, handed) > 0


def plays_from_the_disk(context: BrowserContext, path: Path) -> float:
    """Where a page stands that plays, in a new profile without a network."""
    assert context.browser is not None
    alone = context.browser.new_context(offline=True)
    page = alone.new_page()
    page.goto(path.as_uri())
    page.get_by_role("button", name="Play").click()
    when(page, "document.querySelector('audio').currentTime > .2")
    at = float(page.evaluate("document.querySelector('audio').currentTime"))
    alone.close()
    return at


# -- the list ------------------------------------------------------------------------------------------------


def test_a_session_of_the_list_is_copied_renamed_removed_and_brought_back(tab: Tabs) -> None:
    found = tab()
    page = found.page
    path = found.write("list.yaml", ROUTINE.replace("Two moves", "For the list"))
    page.reload()
    row = page.locator(".session", has_text="list.yaml")
    assert re.search(r"about \d:\d\d", row.inner_text())
    row.get_by_role("button", name="Copy “For the list”").click()
    copy = found.folder / "list-2.yaml"
    assert found.until(copy, "For the list 2", is_open=False) == path.read_text("utf-8").replace(
        "list\n", "list 2\n"
    )
    page.get_by_role("button", name="Rename “For the list 2”").click()
    page.get_by_label("Title", exact=True).fill("For Anna: evenings")
    page.keyboard.press("Enter")
    page.locator(".session", has_text="For Anna: evenings").wait_for()
    assert '"For Anna: evenings"' in copy.read_text("utf-8")

    page.get_by_role("button", name="Remove “For Anna: evenings”").click()
    page.locator("#bring-back-last:focus").wait_for()
    assert not copy.exists()
    # Undo at once, or from the list of what was removed, also by whoever comes later.
    page.keyboard.press("Control+Z")
    page.locator(".session .found", has_text="For Anna: evenings").wait_for()
    assert copy.exists()
    page.get_by_role("button", name="Remove “For Anna: evenings”").click()
    page.locator("#bring-back-last:focus").wait_for()
    page.reload()
    page.locator("#removed-count", has_text="1 removed session").click()
    page.get_by_role("button", name="Bring it back: “For Anna: evenings”").click()
    page.locator("#told", has_text="is back, in list-2.yaml").wait_for()
    page.locator("#removed").wait_for(state="hidden")
    assert copy.exists()


def test_whoever_gives_a_long_name_is_told_where_its_file_ends(tab: Tabs) -> None:
    found = tab()
    page = found.page
    title = "Slow " * 18 + "end"
    page.get_by_label("Its name").fill(title)
    page.locator("#new-name-long", has_text="80 letters").wait_for()
    page.get_by_role("button", name="Make it").click()
    page.locator(".card").first.wait_for()
    (path,) = found.folder.glob("slow-*.yaml")
    assert f"title: {title}\n" in path.read_text("utf-8")
    assert len(path.stem) <= 80


# -- bringing in --------------------------------------------------------------------------------------------


def test_a_file_that_is_dropped_is_read_and_what_was_left_out_is_listed(tab: Tabs) -> None:
    found = tab()
    page = found.page
    page.evaluate(
        """(text) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([text], "plan.txt", { type: "text/plain" }));
          const start = document.getElementById("start");
          start.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true }));
        }""",
        OPEN,
    )
    page.locator("#bring-left summary", has_text="things were left out").wait_for()
    row = page.locator("#bring-left-list li", has_text="newsletter")
    assert row.locator(".hint").inner_text() == "an invitation to subscribe"
    # Each field beside its sentence; a dose that nobody can use is told in words, and nothing is written.
    assert page.locator("#bring-found li", has_text="Safety line").locator("q").count() == 1
    angels = page.locator(".gap", has_text="Wall angels")
    angels.get_by_label("How much of").fill("many")
    page.get_by_label("What it is called").fill("Dropped")
    page.get_by_role("button", name="Make it").last.click()
    page.locator("#bring-told", has_text="reps: expected a whole number").wait_for()
    assert not (found.folder / "dropped.yaml").exists()
    angels.get_by_label("How much of").fill("")
    page.get_by_role("button", name="Make it").last.click()
    assert "# gap:" in found.until(found.folder / "dropped.yaml", "wall-angels")


def test_what_is_unsure_is_taken_or_settled_where_it_is_asked(tab: Tabs) -> None:
    found = tab()
    page = found.page
    page.get_by_role("button", name="Bring it in").click()
    page.get_by_label("Paste it here").fill(
        "Planks with reach 45s\nSquat 3x10, 20s\nLunge 2x8, 30s\nWall sit\n"
    )
    page.get_by_role("button", name="Read it").click()
    # Each beside the sentence that it is about.
    reach = page.locator(".gap", has_text="is Plank meant?")
    assert reach.locator("q").inner_text().strip('“”"') == "Planks with reach 45s"
    reach.get_by_label("What is said of").select_option(label="Plank is meant")
    page.locator(".gap", has_text="also gives 10 repetitions").get_by_label("What is said of").select_option(
        label="It is right as it stands"
    )
    page.get_by_label("What it is called").fill("Unsure")
    page.get_by_role("button", name="Make it").last.click()
    text = found.until(found.folder / "unsure.yaml", "do: plank #", is_open=False)
    assert "  plank:\n    name: Plank\n" in text
    assert "planks-with-reach" not in text
    assert "also gives 10 repetitions" not in text
    # What was left alone stays marked, and nothing is taken by itself.
    assert text.count("also gives 8 repetitions") == 1
    assert "# gap: how long, or how often?" in text


def test_exercises_of_others_are_in_the_bank_afterwards(tab: Tabs) -> None:
    found, page, _ = opened(tab, "banked.yaml")
    page.get_by_role("button", name="All sessions").click()
    page.get_by_role("button", name="Bring it in").click()
    data = [{"name": "Air squat", "instructions": ["Stand tall.", "Sit back."], "category": "strength"}]
    page.get_by_label("Paste it here").fill(json.dumps(data))
    page.get_by_role("button", name="Read it").click()
    page.get_by_label("What it is called").fill("Theirs")
    page.get_by_role("button", name="Put it into the bank").click()
    page.locator("#told", has_text="moves/theirs.yaml").wait_for()
    found.open("banked.yaml")
    page.get_by_role("button", name="Move", exact=True).click()
    page.get_by_label("Search").fill("air squat")
    page.get_by_role("button", name="Air squat").click()
    assert "include: moves/theirs.yaml" in found.until(found.folder / "banked.yaml", "do: air-squat")
    # The other tests take the moves that ship.
    shutil.rmtree(found.folder / "moves")


# -- moves, words and voices --------------------------------------------------------------------------------


def test_a_move_of_ones_own_is_made_from_the_bank_and_where_it_is_done(tab: Tabs) -> None:
    found, page, path = opened(tab, "own.yaml", ROUTINE.replace("do: plank", "do: bird-dog"))
    found.head("Bird dog").click()
    page.get_by_role("button", name="Describe this move").click()
    page.get_by_label("How to get into it").fill("On all fours: back flat.")
    page.keyboard.press("Tab")
    page.get_by_label("Posture").last.select_option("all fours")
    page.get_by_role("button", name="Make it").last.click()
    text = found.until(path, "bird-dog:\n")
    assert text.endswith(
        '  bird-dog:\n    name: Bird dog\n    setup: "On all fours: back flat."\n    posture: all fours\n'
    )
    assert page.locator("#problems.is-grave").is_hidden()

    page.get_by_role("button", name="Move", exact=True).click()
    page.get_by_label("Search").fill("Goblet squat")
    page.get_by_role("button", name="Make one of your own").click()
    page.get_by_label("Steps").fill("Down\nUp")
    page.get_by_text("All that a move can have").click()
    page.get_by_label("Repetitions").last.fill("8")
    page.get_by_role("button", name="Make it").last.click()
    text = found.until(path, "do: goblet-squat")
    assert text.endswith(
        "  goblet-squat:\n    name: Goblet squat\n    steps:\n      - Down\n      - Up\n    reps: 8\n"
    )
    found.head("Goblet squat").wait_for()


def test_any_sentence_is_left_out_where_it_comes_from(tab: Tabs) -> None:
    found, page, path = opened(tab, "leave.yaml", ROUTINE.replace("hold: 20s", "hold: 40s"))
    found.head("Plank").click()
    page.get_by_text("What is said").click()
    page.locator(".is-open .sentence", has_text="Forearms down").click()
    page.locator("#sentence-where", has_text="for “Plank”: how to get into it").wait_for()
    page.get_by_role("button", name="Leave it out", exact=True).click()
    assert found.until(path, "Forearms down", gone=True).endswith("    posture: prone\n")
    # What was unfolded stays so.
    page.locator(".is-open .sentence", has_text="halfway").or_(
        page.locator(".is-open .sentence", has_text="Halfway")
    ).first.click()
    page.locator("#sentence-where", has_text="The coach says it by itself").wait_for()
    page.get_by_role("button", name="Leave it out for this move").click()
    found.until(path, "announce: {halfway: false}")
    page.get_by_role("button", name="Undo").click()
    assert "announce" not in found.until(path, "announce", gone=True)


def test_a_sentence_is_said_in_other_words_where_it_is_written(tab: Tabs) -> None:
    found, page, path = opened(tab, "reword.yaml")
    found.head("That was it").click()
    page.locator(".is-open .sentence").click()
    words = page.get_by_label("In other words")
    when(page, "document.getElementById('reword').value === 'That was it. Well done.'")
    words.fill("That was all: rest now.")
    page.get_by_role("button", name="Write it").click()
    assert found.until(path, "rest now") == ROUTINE.replace(
        "That was it. Well done.", '"That was all: rest now."'
    )
    # The card is still the one that is open, and says so.
    page.locator(".is-open .head", has_text="That was all: rest now.").wait_for()
    page.locator(".is-open .sentence", has_text="That was all: rest now.").wait_for()
    page.get_by_role("button", name="Undo").click()
    found.until(path, "That was it. Well done.")
    # What the coach says by itself gets a wording of one's own; one that cannot be filled in is refused.
    found.head("Bridge").click()
    page.get_by_text("What is said").click()
    page.locator(".is-open .sentence", has_text=re.compile("^Last set")).first.click()
    when(page, "document.getElementById('reword').value !== ''")
    words.fill("The last of them, <nobody>.")
    page.get_by_role("button", name="Write it").click()
    page.locator("#reword-wrong", has_text="<nobody>").wait_for()
    words.fill("The last of them.")
    page.get_by_role("button", name="Write it").click()
    assert "phrases:" in found.until(path, "The last of them.")
    page.locator(".is-open .sentence", has_text="The last of them.").wait_for()


def test_words_of_a_library_are_reworded_where_they_are_heard(tab: Tabs, running: Studio) -> None:
    library = running.folder / "moves" / "clinic.yaml"
    library.parent.mkdir(exist_ok=True)
    written = "moves:\n  step-up:\n    name: Step up\n    setup: Face the step.\n    reps: 4\n"
    library.write_text(written, "utf-8")
    text = "title: Stairs\ninclude: moves/clinic.yaml\nsession:\n  - do: step-up # slowly\n"
    found, page, path = opened(tab, "stairs.yaml", text)
    found.head("Step up").click()
    page.get_by_text("What is said").click()
    page.locator(".is-open .sentence", has_text="Face the step.").click()
    page.locator("#sentence-where", has_text="moves/clinic.yaml, on line 4").wait_for()
    page.get_by_text("its library stays as it is").wait_for()
    page.get_by_label("In other words").fill("Face the lowest step.")
    page.get_by_role("button", name="Write it").click()
    own = written.replace("moves:\n  step-up", "moves:\n  my-step-up").replace("the step", "the lowest step")
    assert found.until(path, "lowest") == text.replace("do: step-up", "do: my-step-up") + own
    # The card is still the one that is open, and the text shows what was written.
    page.locator(".is-open .sentence", has_text="Face the lowest step.").wait_for()
    page.locator("#editor .cm-line", has_text="setup: Face the lowest step.").wait_for()
    assert library.read_text("utf-8") == written
    # It is called the same there as well.
    page.get_by_role("button", name="Move", exact=True).click()
    page.get_by_label("Search").fill("step up")
    listed = page.locator("#bank-found .found", has_text="of this session")
    assert listed.locator("b").inner_text() == "Step up"
    page.locator("#bank [data-close]").click()
    page.get_by_role("button", name="Undo").click()
    assert found.until(path, "lowest", gone=True) == text


def test_a_sentence_is_recorded_and_heard_from_the_recording(tab: Tabs) -> None:
    text = ROUTINE.replace("That was it", "That was everything")
    found, page, path = opened(tab, "record.yaml", text)
    found.head("That was everything").click()
    page.locator(".is-open .sentence").click()
    # Two sentences, each to be recorded by itself.
    page.get_by_label("Which sentence").select_option("Well done.")
    page.get_by_label("Whose voice").fill("anna")
    page.get_by_role("button", name="Record it").click()
    level = page.locator("#record-level")
    level.wait_for()
    when(page, "document.getElementById('record-level').value > .1")
    when(page, "document.getElementById('record-level').value < .05")
    page.get_by_role("button", name="Stop, and keep it").click()
    page.locator("#record-told", has_text="“Well done.” is in “anna” now.").wait_for()
    assert "voice: {engine: recorded, name: anna}" in found.until(path, "voice:")
    kept = json.loads((found.folder.parent / "data/voices/recorded/anna/voice.json").read_text("utf-8"))
    assert list(kept["sentences"]) == ["Well done."]
    # Heard at once, and in its place; what is not recorded is spoken on.
    when(page, "laid.length > 0")
    assert page.evaluate(PITCH) == pytest.approx(RECORDED_HZ, rel=0.02)


# -- sliders, lists and edits from everywhere ---------------------------------------------------------------


def test_sliders_show_what_is_possible_change_what_is_heard_and_write_only_when_asked(tab: Tabs) -> None:
    text = ROUTINE.replace("rest: 20s", "rest: 20-60s").replace("hold: 20s", "hold: 20-40s")
    found, page, path = opened(tab, "sliders.yaml", text)
    asked: list[dict[str, object]] = []

    def note(route: Route) -> None:
        asked.append(json.loads(route.request.post_data or "{}"))
        route.continue_()

    page.route("**/api/speak", note)
    page.get_by_role("button", name="Try it longer").click()
    possible = page.locator("#possible", has_text="is possible").inner_text()
    shortest, longest = (int(m) * 60 + int(s) for m, s in re.findall(r"(\d+):(\d\d)", possible))
    assert 0 < shortest < longest
    assert (page.locator("#length").get_attribute("min"), page.locator("#length").get_attribute("max")) in {
        (str(low), str(high)) for low in (shortest, shortest + 1) for high in (longest, longest - 1)
    }
    before = page.locator("#total").inner_text()
    for name, value in (("length", str(longest - 5)), ("level", "0"), ("cues", "1"), ("day", "3")):
        page.locator(f"#{name}").fill(value)
    page.locator("#total").filter(has_not_text=before).wait_for()
    page.locator("#play").click()
    page.locator("#play[aria-label=Pause]").wait_for()
    wanted = {"length_ms": (longest - 5) * 1000, "level": "gentle", "cues": "brief", "day": 3}
    assert asked[-1].items() >= wanted.items()
    minutes, seconds = page.locator("#total").inner_text().removeprefix("of ").split(":")
    assert abs(int(minutes) * 60 + int(seconds) - (longest - 5)) <= 1
    page.locator("#play").click()
    assert path.read_text("utf-8") == text
    page.get_by_role("button", name="As it is written").click()
    page.locator("#total", has_text=before.removeprefix("about ")).wait_for()
    page.locator("#level").fill("2")
    page.get_by_role("button", name="Write it in").click()
    assert found.until(path, "level: strong").replace("level: strong\n", "") == text


def test_a_card_is_dragged_out_of_its_list_and_into_another(tab: Tabs) -> None:
    found, page, path = opened(tab, "lists.yaml")
    page.set_viewport_size({"width": 1280, "height": 1600})

    def drag(name: str, onto: str, part: float) -> None:
        grip = page.locator(".card", has_text=name).last.locator(".grip").bounding_box()
        goal = page.locator(".card", has_text=onto).last.bounding_box()
        assert grip is not None
        assert goal is not None
        page.mouse.move(grip["x"] + 8, grip["y"] + 8)
        page.mouse.down()
        page.mouse.move(grip["x"] + 8, goal["y"] + goal["height"] * part, steps=4)
        page.locator(".drop").wait_for()
        page.mouse.up()
        page.locator("#told", has_text="has moved").wait_for()

    drag("Bridge", "That was it", 0.2)
    # With the comment on its line, and nothing else in another place.
    line = "- {do: bridge, reps: 5, sets: 2, rest: 20s}   # slowly\n"
    moved = ROUTINE.replace(f"      {line}", "").replace("  - say:", f"  {line}  - say:")
    assert found.until(path, f"10s\n  {line}") == moved
    page.evaluate("document.getElementById('told').textContent = ''")
    drag("Rest 10s", "Plank", 0.8)
    text = found.until(path, "        hold: 20s\n      - rest: 10s\n")
    assert text.index("section:") < text.index("rest: 10s") < text.index("do: bridge")
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Undo").click()
    assert found.until(path, f"      {line}") == ROUTINE


ITEMS = 6
# Every line that somebody changes has one beside it that nobody does.
SLOTS = "".join(
    f"  - do: plank # text-{number} \n    # -\n    hold: 20s\n    # -\n    # disk-{number} \n  # -\n"
    for number in range(ITEMS)
)
SHARED = f"title: Shared\nmoves: {{plank: {{name: Plank, setup: Forearms down.}}}}\nsession:\n{SLOTS}"


class Hands:
    """Two tabs and an editor at one file, and what it has to hold after all they did."""

    def __init__(self, tabs: tuple[Tab, Tab], path: Path, seed: int) -> None:
        self.tabs = tabs
        self.path = path
        self.random = random.Random(seed)  # noqa: S311 - the same edits at every run
        self.wanted = SHARED
        self.count = 0
        self.last = [-1, -1]
        # What each tab did, in order: what stood there before, and what stands there since.
        self.done: tuple[list[tuple[str, str]], ...] = ([], [])

    def change(self, before: str, after: str) -> None:
        assert self.wanted.count(before) == 1
        self.wanted = self.wanted.replace(before, after)

    def item(self, tab: int) -> int:
        """An item of this tab, so that no two change one line at once; another than the last, for undo."""
        others = [one for one in range(tab, ITEMS, 2) if one != self.last[tab]]
        self.last[tab] = self.random.choice(others)
        return self.last[tab]

    def hold_of(self, number: int) -> str:
        found = re.search(rf"hold: \d+s\n    # -\n    # disk-{number} ", self.wanted)
        assert found is not None
        return found[0]

    def by_card(self, tab: int) -> None:
        page, number = self.tabs[tab].page, self.item(tab)
        card = page.locator(".card.is-do").nth(number)
        if "is-open" not in (card.get_attribute("class") or ""):
            card.locator(".head").click()
        before = self.hold_of(number)
        seconds = next(
            one for one in iter(lambda: self.random.randrange(21, 60), 0) if f"hold: {one}s" not in before
        )
        page.locator(".is-open [data-field=hold]").fill(str(seconds))
        page.keyboard.press("Enter")
        after = re.sub(r"\d+s", f"{seconds}s", before, count=1)
        self.change(before, after)
        self.done[tab].append((before, after))

    def by_text(self, tab: int) -> None:
        page, number = self.tabs[tab].page, self.item(tab)
        self.count += 1
        line = page.locator("#editor .cm-line", has_text=f"text-{number} ")
        # It may have been scrolled under the pointer.
        while "cm-activeLine" not in (line.get_attribute("class") or ""):
            line.click()
        page.keyboard.press("End")
        page.keyboard.insert_text(f"t{self.count}. ")
        found = re.search(rf"text-{number} .*\n", self.wanted)
        assert found is not None
        after = f"{found[0][:-1]}t{self.count}. \n"
        self.change(found[0], after)
        self.done[tab].append((found[0], after))

    def undo(self, tab: int) -> None:
        if not self.done[tab]:
            return
        before, after = self.done[tab].pop()
        self.saved()
        self.tabs[tab].page.get_by_role("button", name="Undo").click()
        self.change(after, before)

    def on_the_disk(self) -> None:
        """An editor reads the file, and puts another in its place."""
        self.saved()
        self.count += 1
        number = self.random.randrange(ITEMS)
        text = self.readable()
        mark = f"# disk-{number} "
        self.change(mark, f"{mark}d{self.count}. ")
        new = self.path.with_suffix(".new")
        new.write_text(text.replace(mark, f"{mark}d{self.count}. "), "utf-8")
        new.replace(self.path)

    def saved(self) -> None:
        for tab in self.tabs:
            tab.saved()

    def readable(self) -> str:
        text = self.path.read_text("utf-8")
        assert read(text).tree is not None
        return text


@pytest.mark.parametrize("seed", [15])
def test_a_hundred_edits_by_two_tabs_and_an_editor_lose_nothing(tab: Tabs, seed: int) -> None:
    one, _, path = opened(tab, "hands.yaml", SHARED)
    two = tab()
    two.open("hands.yaml")
    hands = Hands((one, two), path, seed)
    acts: tuple[Callable[[], None], ...] = (
        partial(hands.by_card, 0),
        partial(hands.by_card, 1),
        partial(hands.by_text, 0),
        partial(hands.by_text, 1),
        hands.on_the_disk,
        lambda: hands.undo(hands.random.randrange(2)),
    )
    for _ in range(100):
        hands.random.choice(acts)()
        hands.readable()
    for found in (one, two):
        assert found.changed(path, "", hands.wanted) == hands.wanted
        when(found.page, f"{SHOWN} === {json.dumps(hands.wanted.strip())}")


def test_undo_takes_back_ones_own_edit_and_not_what_came_along_with_it(tab: Tabs) -> None:
    found, page, path = opened(tab, "along.yaml")

    def just_before(route: Route) -> None:
        found.write("along.yaml", ROUTINE.replace("Stop if it hurts.", "Theirs."))
        route.continue_()

    page.route("**/api/edit", just_before, times=1)
    found.head("Plank").click()
    page.locator(".is-open [data-field=hold]").fill("35")
    page.keyboard.press("Enter")
    assert "safety: Theirs." in found.until(path, "hold: 35s")
    page.get_by_role("button", name="Undo").click()
    assert found.until(path, "hold: 20s") == ROUTINE.replace("Stop if it hurts.", "Theirs.")


def test_what_is_typed_while_anothers_change_is_fetched_stays(tab: Tabs) -> None:
    found, page, path = opened(tab, "typed.yaml")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/api/document?*", hold, times=1)
    theirs = ROUTINE.replace("Stop if it hurts.", "Theirs.")
    with page.expect_request("**/api/document?*"):
        found.write("typed.yaml", theirs)
    page.locator("#editor .cm-line", has_text="title:").click()
    page.keyboard.press("End")
    page.keyboard.insert_text(" of mine")
    held[0].continue_()
    assert found.until(path, "moves of mine") == theirs.replace("Two moves", "Two moves of mine")


# -- for everybody ------------------------------------------------------------------------------------------


def test_dialogues_are_used_by_keys_alone(tab: Tabs) -> None:
    found = tab()
    page = found.page
    page.get_by_role("button", name="Bring it in").focus()
    page.keyboard.press("Enter")
    page.keyboard.insert_text("Keys\n\nPlank 45s\nWall angels\n")
    until_focus(page, "#bring-do")
    page.keyboard.press("Enter")
    page.locator("#bring-name:focus").wait_for()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("By keys")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.insert_text("8")
    page.keyboard.press("Enter")
    path = found.folder / "by-keys.yaml"
    found.until(path, "reps: 8")
    page.get_by_role("button", name="Hand it over").focus()
    page.keyboard.press("Enter")
    until_focus(page, "#hand-kinds li:nth-child(2) button")
    page.keyboard.press("Enter")
    page.locator("#hand-done a:focus").wait_for()
    with page.context.expect_page() as shown:
        page.keyboard.press("Enter")
    assert "Wall angels" in shown.value.locator("main").inner_text()
    shown.value.close()
    page.keyboard.press("Escape")
    page.locator("#hand-open:focus").wait_for()
    page.get_by_role("button", name="Move", exact=True).focus()
    page.keyboard.press("Enter")
    until_focus(page, "#bank-own")
    page.keyboard.press("Enter")
    page.locator("#own-name:focus").wait_for()
    page.keyboard.insert_text("Mine")
    page.keyboard.press("Enter")
    found.until(path, "do: mine")


def until_focus(page: Page, selector: str) -> None:
    for _ in range(30):
        if page.locator(f"{selector}:focus").count():
            return
        page.keyboard.press("Tab")
    pytest.fail(f"no Tab leads to {selector}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_the_dialogues(tab: Tabs, scheme: Literal["light", "dark"]) -> None:
    axe = (node.installed("axe-core") / "axe.min.js").read_text("utf-8")
    found = tab()
    page = found.page
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 360, "height": 740})
    found.write("axe-hands.yaml")
    page.evaluate(axe)
    page.get_by_role("button", name="Bring it in").click()
    judge(page, "#bring")
    page.get_by_label("Paste it here").fill(OPEN)
    page.get_by_role("button", name="Read it").click()
    judge(page, "#bring")
    fits(page, "#bring")
    page.keyboard.press("Escape")
    found.open("axe-hands.yaml")
    page.evaluate(axe)
    page.get_by_role("button", name="Hand it over").click()
    judge(page, "#hand")
    fits(page, "#hand")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Move", exact=True).click()
    page.get_by_role("button", name="Make one of your own").click()
    page.get_by_text("All that a move can have").click()
    judge(page, "#own")
    fits(page, "#own")
    page.keyboard.press("Escape")
    found.head("That was it").click()
    page.locator(".is-open .sentence").click()
    page.locator("#sentence-ways button").wait_for()
    page.locator("#reword-box").wait_for()
    judge(page, "#sentence")
    fits(page, "#sentence")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_the_list_and_in_a_conflict(
    tab: Tabs, scheme: Literal["light", "dark"]
) -> None:
    axe = (node.installed("axe-core") / "axe.min.js").read_text("utf-8")
    found = tab()
    page = found.page
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 360, "height": 740})
    path = found.write("axe-list.yaml")
    page.reload()
    page.evaluate(axe)
    page.locator(".session", has_text="axe-list.yaml").get_by_role("button", name="Remove").click()
    page.locator("#removed-count").click()
    judge(page, "#start")
    page.locator("#bring-back-last").click()
    page.locator(".session", has_text="axe-list.yaml").get_by_role("button", name="Rename").click()
    judge(page, "#rename")
    fits(page, "#rename")
    page.keyboard.press("Escape")
    found.open("axe-list.yaml")
    page.evaluate(axe)

    def just_before(route: Route) -> None:
        path.write_text(ROUTINE.replace("Two moves", "Theirs"), "utf-8")
        route.continue_()

    page.route("**/api/edit", just_before, times=1)
    found.head("Two moves").click()
    page.locator(".is-open [data-field=title]").fill("Mine")
    page.keyboard.press("Enter")
    page.locator(".choice").wait_for()
    judge(page, "#conflict")
    fits(page, "#conflict")


def fits(page: Page, dialog: str) -> None:
    """Nothing of it is beside the screen."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator(dialog).evaluate("(one) => one.scrollWidth <= one.clientWidth")
