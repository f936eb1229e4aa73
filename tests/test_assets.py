from audiocoach import assets

NEEDED = {
    "count",
    "go",
    "stop",
    "switch",
    "halfway",
    "tick",
    "phase",
    "inhale",
    "exhale",
    "bell",
    "rest",
    "done",
}


def test_every_tone_that_the_coach_needs_is_there() -> None:
    assert set(assets.tones()) >= NEEDED


def test_a_tone_is_no_shorter_than_its_last_note() -> None:
    for tone in assets.tones().values():
        assert tone.duration_ms >= max(note.start_ms + note.duration_ms for note in tone.notes)
        assert all(note.level_db < 0 for note in tone.notes)


def test_three_ticks_fit_between_their_seconds_and_no_tone_covers_the_next_tick() -> None:
    assert assets.tones()["count"].duration_ms < 500
    assert all(tone.duration_ms < 1000 for tone in assets.tones().values())


def test_there_is_english() -> None:
    assert assets.DEFAULT_LANGUAGE in assets.languages() == ("en",)
    files = (assets.folder() / "languages" / "en").iterdir()
    names = {"ear.json", "language.json", "labels.json", "phrases.yaml", "voice.txt"}
    assert {path.name for path in files} == names


def test_podcasts_know_apples_categories_two_letter_languages_and_regions() -> None:
    terms = assets.podcast_terms()
    # Apple's list has 19 wide categories, and 110 in all.
    assert len(terms.categories) == 19
    assert sum(1 + len(narrower) for narrower in terms.categories.values()) == 110
    assert "Fitness" in terms.categories["Health & Fitness"]
    assert all(len(code) == 2 and code.islower() for code in (*terms.languages, *terms.regions))
    assert {"en", "de"} <= terms.languages
    assert {"gb", "de"} <= terms.regions
    assert "uk" not in terms.regions
