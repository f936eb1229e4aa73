"""What the coach says, and what is left out at each setting of `cues`."""

import pytest

from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.timeline import Speech, Tone, Utterance
from tests.generate import constant, planned


def said(text: str) -> list[str]:
    timeline = schedule(planned(text), constant)
    return [event.text for event in timeline.events if isinstance(event, Speech)]


def told(move: str, do: str = "") -> list[str]:
    extra = f", {do}" if do else ""
    return said(f"title: T\nmoves: {{bend: {{name: Bend, {move}}}}}\nsession: [{{do: bend{extra}}}]\n")


FLOOR = "Next part: Floor."
ANNOUNCED = {
    "for: 40s": "First: Bend. 40 seconds.",
    "for: 90s": "First: Bend. 1 minute 30 seconds.",
    "hold: 30s": "First: Bend. Hold for 30 seconds.",
    "reps: 10": "First: Bend. 10 repetitions.",
    "reps: 1": "First: Bend. 1 repetition.",
    "breaths: 5": "First: Bend. 5 breaths.",
    "hold: 5s, reps: 3": "First: Bend. 3 holds of 5 seconds.",
    "hold: 5s, reps: 1": "First: Bend. One hold of 5 seconds.",
    "hold: 2 breaths, reps: 3": "First: Bend. 3 holds of 2 breaths.",
    "reps: 10, sets: 3, rest: 20s": "First: Bend. 10 repetitions, 3 sets.",
    "hold: 30s, sides: each": "First: Bend. Hold for 30 seconds each side.",
    "for: 20s, ways: [up, down]": "First: Bend. 20 seconds each way.",
    "reps: 9, sides: alternate": "First: Bend. 10 repetitions, 5 each side.",
    "for: 20s, ways: [up, down], sides: each": "First: Bend. 20 seconds each way, each side.",
    "for: 20s, sides: alternate": "First: Bend. 20 seconds.",
    "for: 20s, sides: alternate, sets: 2, rest: 9s": "First: Bend. 20 seconds, alternating sides, 2 sets.",
    "reps: 10, sides: left": "First: Bend. 10 repetitions.",
}


@pytest.mark.parametrize("fields", ANNOUNCED)
def test_a_move_is_announced_with_its_dose(fields: str) -> None:
    assert ANNOUNCED[fields] in told(fields)


def test_opening_and_close_are_said_only_where_the_author_has_none() -> None:
    moves = "title: T\nmoves: {bend: {name: Bend, for: 20s}}\nsession: "
    assert said(moves + "[do: bend]")[0] == "T. This takes less than a minute."
    assert said(moves + "[do: bend]")[-1] == "That is the end. Well done."
    own = said(moves + "[{say: Hello.}, do: bend, {say: Bye.}]")
    assert (own[0], own[-1]) == ("Hello.", "Bye.")


def test_with_tones_alone_a_change_of_side_has_its_own_tone_and_the_side_is_named() -> None:
    text = "title: T\ncues: tones\nmoves: {bend: {name: Bend, hold: 20s, sides: each, sets: 2, rest: 10s}}\n"
    timeline = schedule(planned(f"{text}session: [do: bend]\n"), constant)
    ends = [event.tone for event in timeline.events if isinstance(event, Tone) and event.cue == "stop"]
    assert ends == ["switch", "switch", "switch", "stop"]
    sides = [event.text for event in timeline.events if isinstance(event, Speech) and event.cue == "side"]
    assert sides == ["Left side first.", "Right side.", "Left side.", "Right side."]


def test_with_tones_alone_a_change_without_a_gap_is_told_by_its_tone() -> None:
    text = "title: T\ncues: tones\nmoves: {bend: {hold: 20s, sides: each, switch: 0s}}\nsession: [do: bend]\n"
    assert said(text)[:2] == ["Bend.", "Left side first."]


def test_safety_follows_the_opening() -> None:
    text = "title: T\nsafety: Mind your back.\nmoves: {bend: {name: Bend, for: 20s}}\nsession: "
    assert said(text + "[do: bend]")[1] == "Mind your back."
    assert said(text + "[{say: Hello.}, do: bend]")[1] == "Mind your back."
    assert said("cues: tones\n" + text + "[do: bend]")[0] == "Mind your back."


FULL = "name: Bend, setup: Stand up., reminders: [Breathe.], for: 30s, sets: 2, rest: 20s, equipment: [mat]"


def test_cues_full_say_everything() -> None:
    assert told(FULL.removeprefix("name: Bend, ")) == [
        "T. This takes about 2 minutes.",
        "You need: mat.",
        "First: Bend. 30 seconds, 2 sets.",
        "Stand up.",
        "Breathe.",
        "Rest, 20 seconds.",
        "Good work.",
        "Last set.",
        "Ten seconds.",
        "That is the end. Well done.",
    ]


def test_cues_brief_say_names_doses_setup_sides_and_the_last() -> None:
    words = told(FULL.removeprefix("name: Bend, ") + ", sides: each", "cues: brief")
    assert "Breathe." not in words
    assert "Rest." not in words
    assert [word for word in words if word in {"Stand up.", "Last set.", "Left side first."}] == [
        "Left side first.",
        "Stand up.",
        "Last set.",
    ]


def test_cues_tones_say_names_and_what_the_author_wrote_as_say() -> None:
    steps = "steps: [{say: Down., short: Down}], reps: 4, sides: alternate"
    text = f"title: T\ncues: tones\nmoves: {{bend: {{name: Bend, setup: Stand., {steps}}}}}\n"
    assert said(text + "session: [{say: Hello.}, do: bend]\n") == ["Hello.", "Bend.", "Left side first."]


def test_a_setup_that_names_the_side_is_said_again_briefly() -> None:
    words = told("for: 20s, sides: each, setup: On your back. <side> leg up. Relax.")
    assert "On your back. Left leg up. Relax." in words
    assert "Right leg up." in words


def test_a_second_time_the_setup_is_not_repeated_but_the_side_is_named() -> None:
    text = "title: T\nmoves: {bend: {name: Bend, sides: each, setup: <side> leg up., for: 9s}}\n"
    words = said(
        text + "session: [do: bend, do: bend]\n".replace("do: bend, do: bend", "{do: bend}, {do: bend}")
    )
    assert words.count("Left leg up.") == 1
    assert words.count("Left side first.") == 1


@pytest.mark.parametrize("sides", ["each", "[left, right]"])
def test_a_setup_is_said_again_for_the_other_side_in_the_first_round_alone(sides: str) -> None:
    move = f"bend: {{name: Bend, sides: {sides}, setup: On your <side> side., for: 9s, sets: 2, rest: 9s}}"
    words = said(f"title: T\nmoves: {{{move}}}\nsession: [{{repeat: 3, items: [do: bend]}}]\n")
    assert words.count("On your left side.") == 1
    assert words.count("On your right side.") == 1


LAST_SETS = {
    "each": ["Last set."],
    "[right, left]": ["Set 2 of 2.", "Last set."],
    "alternate": ["Last set."],
    "left": ["Last set."],
}


@pytest.mark.parametrize("sides", LAST_SETS)
def test_the_last_set_is_the_one_that_no_other_follows(sides: str) -> None:
    words = told(f"for: 9s, sides: {sides}, sets: 2, rest: 9s")
    assert [word for word in words if word.startswith(("Set ", "Last set"))] == LAST_SETS[sides]


def test_equipment_is_named_once() -> None:
    moves = "bend: {name: Bend, equipment: [mat], for: 9s}, hop: {equipment: [mat, box], for: 9s}"
    text = f"title: T\nmoves: {{{moves}}}\n"
    words = said(text + "session: [{do: bend}, {do: hop}]\n")
    assert [word for word in words if word.startswith("You need")] == ["You need: mat and box."]


def test_the_easier_version_is_offered_at_standard_and_replaces_at_gentle() -> None:
    move = "for: 40s, easier: {say: Keep your knees down.}, harder: {say: Go lower.}"
    assert "Easier: Keep your knees down." in told(move)
    assert "Keep your knees down." in told(move, "level: gentle")
    assert "Go lower." in told(move, "level: strong")
    assert not any("knees" in word for word in told(move, "level: strong"))


EASIER = "Easier: Keep your knees down."


@pytest.mark.parametrize("dose", ["hold: 20s", "hold: 8s", "reps: 5, tempo: 1-1", "hold: 2s"])
def test_what_is_easier_is_an_offer_and_never_an_order(dose: str) -> None:
    words = told(f"{dose}, easier: {{say: Keep your knees down.}}")
    assert [word for word in words if "knees" in word] == [EASIER]


def test_an_offer_that_has_no_room_in_the_work_is_made_before_it() -> None:
    words = told("reps: 5, tempo: 1-1, easier: {say: Keep your knees down.}")
    assert words.index(EASIER) < words.index("1.")


@pytest.mark.parametrize("cues", ["full", "brief", "tones"])
def test_what_the_author_says_of_a_move_is_always_said_and_once(cues: str) -> None:
    text = f"title: T\ncues: {cues}\nmoves: {{bend: {{name: Bend, say: Mind your neck., for: 9s}}}}\n"
    words = said(text + "session: [{do: bend, sets: 2, rest: 5s}, {rest: 1s}, {do: bend}]\n")
    assert words.count("Mind your neck.") == 1


def test_what_the_author_says_of_a_move_outlasts_a_short_rest() -> None:
    text = "title: T\nmoves: {hop: {name: Hop, for: 9s}, bend: {name: Bend, say: Mind your neck., for: 9s}}\n"
    assert "Mind your neck." in said(text + "session: [{do: hop}, {rest: 3s}, {do: bend}]\n")


def test_as_many_rounds_as_one_can_fill_the_words_of_each_move() -> None:
    move = "name: Bend, reps: 5, setup: For <name> stand., reminders: ['<name>, <dose>, then <next>.']"
    text = f"title: T\nmoves: {{bend: {{{move}}}, hop: {{name: Hop, for: 9s}}}}\n"
    words = said(text + "session: [{section: All, for: 1m, items: [do: bend]}, {do: hop}]\n")
    assert "For Bend stand." in words
    assert "Bend, 5 repetitions, then Hop." in words


GUIDED = (
    "title: T\nmoves:\n  stretch:\n    setup: Lie down.\n    steps:\n"
    "      - {say: Reach up., hold: 10 breaths}\n"
    "      - {say: Shake the leg., for: 20s}\n      - {say: Let it go., pause: 8s}\n"
)


@pytest.mark.parametrize("cues", ["full", "brief"])
def test_as_many_rounds_as_one_can_tell_the_steps_of_a_guided_move_with_their_times(cues: str) -> None:
    words = said(f"{GUIDED}cues: {cues}\nsession: [{{for: 8m, items: [do: stretch]}}]\n")
    assert words[words.index("Lie down.") :][:6] == [
        *("Lie down.", "Reach up.", "10 breaths.", "Shake the leg.", "20 seconds.", "Let it go."),
    ]
    assert words.count("Reach up.") == 1


def test_as_many_rounds_as_you_can_are_not_told_twice_where_that_is_their_name() -> None:
    moves = "title: T\nmoves: {bend: {name: Bend}}\n"
    words = said(
        f"{moves}session: [{{section: As many rounds as you can, for: 8m, items: [{{do: bend, reps: 5}}]}}]\n"
    )
    assert [text for text in words if text.startswith("As many")] == [
        "As many rounds as you can in 8 minutes."
    ]


def test_as_many_rounds_as_one_can_tell_how_to_do_a_move_right_after_its_name() -> None:
    moves = "a: {name: A, reps: 3, setup: Stand.}, b: {name: B, reps: 4, setup: Sit.}"
    words = said(
        f"title: T\nmoves: {{{moves}}}\nsession: [{{for: 2m, items: [do: a, do: b]}}]\n".replace(
            "do: a, do: b", "{do: a}, {do: b}"
        )
    )
    assert words[3:7] == ["A. 3 repetitions.", "Stand.", "B. 4 repetitions.", "Sit."]


def test_as_many_rounds_as_one_can_tell_guided_steps_by_tones_as_well() -> None:
    words = said(f"{GUIDED}cues: tones\nsession: [{{for: 8m, items: [do: stretch]}}]\n")
    assert [word for word in words if word in {"Reach up.", "10 breaths.", "Let it go.", "8 seconds."}] == [
        *("Reach up.", "10 breaths.", "Let it go.", "8 seconds."),
    ]


def test_as_many_rounds_as_one_can_are_names_alone_by_tones() -> None:
    moves = "a: {name: March, reps: 3}, b: {name: Hop, reps: 4}"
    block = "for: 2m, cues: tones, items: [{do: a}, {do: b}]"
    words = said(
        f"title: T\ncues: tones\nmoves: {{{moves}}}\nsession: [{{{block}}}, {{section: S, {block}}}]\n"
    )
    assert words == ["March and Hop.", "S.", "March.", "Hop."]


@pytest.mark.parametrize(("cues", "is_named"), [("full", True), ("brief", True), ("tones", False)])
def test_a_section_is_named_but_by_tones(cues: str, *, is_named: bool) -> None:
    moves = "title: T\nmoves: {bend: {name: Bend, for: 9s}}\n"
    words = said(f"{moves}session: [{{section: Floor, cues: {cues}, items: [do: bend]}}]\n")
    assert ("First part: Floor." in words) == is_named


EVERY = "reps: 10, tempo: 2s, sets: 3"
STARTS = {
    "every: 60s": "A set starts every minute.",
    "every: 90s": "A set starts every 1 minute 30 seconds.",
    "every: 60s, cues: brief": "Every minute.",
    "every: 45s, cues: brief": "Every 45 seconds.",
    "every: 60s, sets: 1": "What is left of the minute is rest.",
    "every: 40s, sets: 1": "What is left of 40 seconds is rest.",
}


@pytest.mark.parametrize("do", STARTS)
def test_the_grid_of_every_is_told_with_the_dose(do: str) -> None:
    words = told(EVERY, do)
    assert words.count(STARTS[do]) == 1
    assert "10 repetitions" in words[words.index(STARTS[do]) - 1]


def test_the_grid_of_every_is_told_once_and_by_tones_never() -> None:
    text = f"title: T\nmoves: {{bend: {{name: Bend, {EVERY}}}}}\nsession: [{{repeat: 2, items: [%s]}}]\n"
    words = said(text % "{do: bend, every: 60s}")
    assert words.count("A set starts every minute.") == 1
    words = said(text % "{do: bend, every: 60s, cues: tones}")
    assert not any("inute." in word and "about" not in word for word in words)


def test_a_hold_of_breaths_says_how_long_it_is() -> None:
    assert "Stay for 4 breaths." in told("hold: 4 breaths, setup: Stay for <hold>.")


def test_sections_that_begin_together_are_both_announced_and_each_once() -> None:
    inner = "{section: Floor, items: [do: bend]}, {do: bend}"
    text = "title: T\nmoves: {bend: {name: Bend, for: 9s}}\n"
    words = said(text + f"session: [{{repeat: 2, items: [{{section: Legs, items: [{inner}]}}]}}]\n")
    told = {"First part: Legs.", FLOOR, "There are 2 rounds.", "Last round."}
    assert [word for word in words if word in told] == [
        *("There are 2 rounds.", "First part: Legs.", FLOOR),
        *("Last round.", FLOOR),
    ]


@pytest.mark.parametrize("cues", ["full", "brief"])
def test_a_step_that_does_not_fit_is_taught_once(cues: str) -> None:
    steps = "steps: [Lift your heavy leg as high as it goes., Lower.]"
    text = f"title: T\ncues: {cues}\nmoves: {{bend: {{name: Bend, reps: 3, tempo: 2-2, {steps}}}}}\n"
    words = said(text + "session: [{do: bend}, {do: bend}]\n")
    assert words.count("Each repetition: Lift your heavy leg as high as it goes.") == 1


def test_rounds_are_counted() -> None:
    text = "title: T\nmoves: {bend: {name: Bend, for: 9s}}\nsession: [{repeat: 3, items: [do: bend]}]\n"
    rounds = [word for word in said(text) if "ound" in word]
    assert rounds == ["There are 3 rounds.", "Round 2 of 3.", "Last round."]


BEND = "title: T\nmoves: {bend: {name: Bend, for: 9s}, hop: {name: Hop, for: 9s}}\n"


def told_of_rounds(session: str) -> list[str]:
    """The names of the moves as they come, and what is said of rounds and sections between them."""
    timeline = schedule(planned(f"{BEND}session: [{session}]\n"), constant)
    words = [event for event in timeline.events if isinstance(event, Speech)]
    return [
        event.text.partition(": ")[2].split(".")[0] if event.cue == "announce" else event.text
        for event in words
        if event.cue in {"round", "section", "announce"}
    ]


def test_rounds_within_rounds_are_told_where_each_begins() -> None:
    session = "{repeat: 3, items: [{repeat: 2, items: [do: bend]}, {do: hop}]}"
    assert told_of_rounds(session) == [
        *("There are 3 rounds.", "The next part 2 times.", "Bend"),
        *("The same again, for the last time.", "Bend", "Hop"),
        *(
            "Round 2 of 3.",
            "The next part 2 times.",
            "Bend",
            "The same again, for the last time.",
            "Bend",
            "Hop",
        ),
        *(
            "Last round.",
            "The next part 2 times.",
            "Bend",
            "The same again, for the last time.",
            "Bend",
            "Hop",
        ),
    ]


def test_rounds_within_a_round_may_begin_later_than_it() -> None:
    session = "{repeat: 2, items: [{do: hop}, {repeat: 3, items: [do: bend]}]}"
    inner = [
        "The next part 3 times.",
        "Bend",
        "The same again: 2 of 3.",
        "Bend",
        "The same again, for the last time.",
        "Bend",
    ]
    assert told_of_rounds(session) == ["There are 2 rounds.", "Hop", *inner, "Last round.", "Hop", *inner]


def test_rounds_that_follow_one_another_are_told_apart() -> None:
    session = "{repeat: 2, items: [{repeat: 2, items: [do: bend]}, {repeat: 1, items: [do: hop]}]}"
    each = ["The next part 2 times.", "Bend", "The same again, for the last time.", "Bend", "Hop"]
    assert told_of_rounds(session) == ["There are 2 rounds.", *each, "Last round.", *each]


def test_a_section_is_named_before_its_rounds_and_those_before_what_is_in_them() -> None:
    inner = "{section: Floor, repeat: 2, items: [do: bend]}"
    assert told_of_rounds(f"{{section: Strength, repeat: 2, items: [{inner}, {{do: hop}}]}}") == [
        *(
            "First part: Strength.",
            "There are 2 rounds.",
            FLOOR,
            "There are 2 rounds.",
            "Bend",
            "Floor: last round.",
            "Bend",
            "Hop",
        ),
        *("Last round.", FLOOR, "There are 2 rounds.", "Bend", "Floor: last round.", "Bend", "Hop"),
    ]


def test_words_at_the_head_of_a_round_are_said_in_it() -> None:
    items = "[{say: Shake out.}, {do: bend}]"
    words = said(f"{BEND}session: [{{repeat: 2, rest: 20s, items: {items}}}]\n")
    assert words.index("Last round.") < len(words) - 1 - words[::-1].index("Shake out.")


def test_placeholders_are_filled() -> None:
    text = (
        "title: Spine flow\nmoves: {bend: {name: Bend, for: 40s}}\nsession:\n"
        "  - say: This is <title>. It takes <duration>. <next> is first.\n  - do: bend\n"
    )
    assert said(text)[0] == "This is Spine flow. It takes about 1 minute. Bend is first."


def test_a_name_is_pronounced_as_the_author_says_and_shown_as_written() -> None:
    heard: list[str] = []

    def measure(utterance: Utterance) -> int:
        heard.append(utterance.text)
        return 1000

    text = "title: T\npronounce: {Pilates: puh LAH teez}\nsession: [{say: Pilates is not pilatesque.}]\n"
    timeline = schedule(planned(text), measure)
    assert "puh LAH teez is not pilatesque." in heard
    (first, *_) = (event for event in timeline.events if isinstance(event, Speech))
    assert first.text == "Pilates is not pilatesque."


def test_reminders_wait_for_the_rest_where_counts_speak() -> None:
    words = told("reps: 8, tempo: 2s, sets: 3, rest: 20s, reminders: [Snap the hips., Breathe.]")
    assert [word for word in words if word.startswith("This time: ")] == [
        "This time: Snap the hips.",
        "This time: Breathe.",
    ]


def test_a_wording_that_was_not_heard_keeps_its_turn() -> None:
    move = "bend: {name: Bend, for: 20s, setup: Stand up straight and look ahead of you.}"
    other = "sink: {name: Sink, for: 20s, setup: Kneel down on the soft mat in front of you.}"
    head = f"title: T\nmoves: {{{move}, {other}}}\nsession: "
    words = said(head + "[{do: bend, rest: 8s}, {do: sink, rest: 20s}, {do: bend}]\n")
    assert [word for word in words if word.startswith(("Rest", "Take a rest"))] == ["Rest, 20 seconds."]


@pytest.mark.parametrize("sides", ["each, switch: 0s", '"left, right", switch: 0s', "alternate"])
def test_a_side_that_changes_without_a_gap_is_told_for_the_tone(sides: str) -> None:
    words = told(f"for: 20s, sides: {sides}, rest: 0s, sets: 2")
    assert "At the tone: right side." in words
    assert "Right side." not in words


def test_a_setup_that_names_the_other_side_alone_does_not_tell_the_side() -> None:
    words = told("reps: 3, sides: [right, left], setup: Lie on your <other_side> side.")
    assert "Right side first." in words
    assert "Lie on your left side." in words


def test_the_second_side_of_a_guided_step_is_told_shortly_once_the_whole_was_heard() -> None:
    steps = "[{say: Let the <side> leg sink far out., short: Out., hold: 9s}, {say: Feel it., pause: 3s}]"
    words = [text for text in told(f"sides: each, sets: 2, rest: 9s, steps: {steps}") if "Bend" not in text]
    assert [text for text in words if text.rstrip(".").split()[0] in {"Let", "Out", "Feel"}] == [
        "Let the left leg sink far out.",
        *("Feel it.", "Out.") * 3,
        "Feel it.",
    ]
