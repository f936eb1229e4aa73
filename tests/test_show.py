"""`audiocoach.yaml`: every field checked with its line, all problems in one run."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import normalize

import pytest

from audiocoach.errors import InputError
from audiocoach.routine.show import Show, base_address, read_show

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "title: Back\nauthor: Jo Doe\ndescription: At home.\n"
ROUTINES = ("day-1", "day-2", "day-10", normalize("NFD", "Rücken"))


def read(text: str, folder: Path) -> Show:
    path = folder / "audiocoach.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    show, warnings = read_show(path, ROUTINES)
    assert warnings == ()
    return show


def problems(text: str, folder: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(text, folder)
    assert caught.value.exit_status == 2
    prefix = f"{folder}/audiocoach.yaml:"
    return [line.removeprefix(prefix) for line in str(caught.value).splitlines()]


def test_what_is_not_written_has_a_default(tmp_path: Path) -> None:
    show = read(HEAD, tmp_path)
    assert (show.title, show.author, show.description) == ("Back", "Jo Doe", "At home.")
    assert (show.language, show.category) == ("en", ("Health & Fitness", "Fitness"))
    assert (show.is_private, show.is_serial, show.is_complete) == (False, False, False)
    assert (show.base_url, show.email, show.cover, show.license) == (None, None, None, None)
    assert show.order == show.days == ()


GOOD = {
    "language: en-GB": ("language", "en-gb"),
    "category: Education > Courses": ("category", ("Education", "Courses")),
    "category: Health & Fitness": ("category", ("Health & Fitness",)),
    "category: Health & Fitness>Mental Health": ("category", ("Health & Fitness", "Mental Health")),
    "base_url: https://example.org": ("base_url", "https://example.org/"),
    "base_url: http://[fe80::1]:8000/a%20b/": ("base_url", "http://[fe80::1]:8000/a%20b/"),
    "access: private": ("is_private", True),
    "access: public": ("is_private", False),
    "sessions: serial": ("is_serial", True),
    "order: [day-2, day-1]": ("order", ("day-2", "day-1")),
    "order: day-2, day-1": ("order", ("day-2", "day-1")),
    "order:\n  - day-10": ("order", ("day-10",)),
    "order: [Rücken]": ("order", (normalize("NFD", "Rücken"),)),
    "days: [wed, Monday]": ("days", ("MO", "WE")),
    "days: daily": ("days", ("MO", "TU", "WE", "TH", "FR", "SA", "SU")),
    "complete: yes": ("is_complete", True),
    "email: coach@example.org": ("email", "coach@example.org"),
    "cover: art/back.PNG": ("cover", "art/back.PNG"),
    "license: CC-BY-4.0": ("license", "CC-BY-4.0"),
    "license: https://example.org/terms": ("license", "https://example.org/terms"),
    "license: https://a.b/terms?of=use&lang=en#top": ("license", "https://a.b/terms?of=use&lang=en#top"),
    "license: https://a.b?x=%20": ("license", "https://a.b?x=%20"),
}


@pytest.mark.parametrize("line", GOOD)
def test_a_field(line: str, tmp_path: Path) -> None:
    (tmp_path / "art").mkdir()
    (tmp_path / "art" / "back.PNG").touch()
    name, value = GOOD[line]
    assert getattr(read(f"{HEAD}{line}\n", tmp_path), name) == value


BASE = (
    "4:11: expected the address of the folder that the site will stand in, such as https://example.org/back/"
)
LANGUAGE = "4:11: expected the code of a language such as en, or of one in a region such as en-gb"
PICTURE = "4:8: expected a picture beside audiocoach.yaml, such as cover.jpg or cover.png"
BAD = {
    "titel: Back": '4:1: unknown field "titel" in a show; did you mean "title"?',
    "title: Again": '4:1: "title" stands twice: first in line 1',
    "language: english": f'{LANGUAGE}, found "english"',
    "language: en-uk": f'{LANGUAGE}, found "en-uk"',
    "language: en-": f'{LANGUAGE}, found "en-"',
    "language: [en]": f"{LANGUAGE}, found a list",
    "category: Fitness": (
        '4:11: there is no category "Fitness" in Apple\'s list; did you mean "Health & Fitness > Fitness"?'
    ),
    "category: Health & Fitness > Fitnes": (
        '4:11: there is no category "Health & Fitness > Fitnes" in Apple\'s list; '
        'did you mean "Health & Fitness > Fitness"?'
    ),
    "category: Sports > fitness": (
        '4:11: there is no category "Sports > fitness" in Apple\'s list; '
        'did you mean "Health & Fitness > Fitness"?'
    ),
    "category: Chess": '4:11: there is no category "Chess" in Apple\'s list; known: Arts, Business, ',
    "category: Technology > Fitness > Fitness": "4:11: there is no category",
    "category: Sport": '4:11: there is no category "Sport" in Apple\'s list; did you mean "Sports"?',
    "base_url: example.org": f'{BASE}, found "example.org"',
    "base_url: ftp://example.org/": f'{BASE}, found "ftp://example.org/"',
    "base_url: https://jo:secret@example.org/": f'{BASE}, found "https://jo:secret@example.org/"',
    "base_url: https://example.org/?a=b": f'{BASE}, found "https://example.org/?a=b"',
    'base_url: "https://example.org/#a"': f'{BASE}, found "https://example.org/#a"',
    "base_url: https://example.org/feed.xml": f'{BASE}, found "https://example.org/feed.xml"',
    "base_url: https://exämple.org/": f'{BASE}, found "https://exämple.org/"',
    "base_url: https://example.org:99999/": f'{BASE}, found "https://example.org:99999/"',
    "base_url: [a]": f"{BASE}, found a list",
    "access: secret": '4:9: expected one of public, private, found "secret"',
    "access: privat": '4:9: expected one of public, private, found "privat"; did you mean "private"?',
    "sessions: serials": '4:11: expected one of single, serial, found "serials"; did you mean "serial"?',
    "order: [day-1, day-3]": '4:16: unknown routine "day-3"; did you mean "day-2"?',
    "order: day-1, day-3": '4:15: unknown routine "day-3"; did you mean "day-2"?',
    "order: [day-1, day-1]": '4:16: "day-1" stands twice: first in line 4',
    "order: [day-1.yaml]": '4:9: unknown routine "day-1.yaml"; did you mean "day-1"?',
    "order: [[day-1]]": "4:9: expected the name of a routine, found a list",
    "order: {day-1: day-2}": "4:8: expected a list of routines such as [day-1, day-2], found a map",
    "days: [mon, mon]": (
        '4:7: expected different days of the week, such as [mon, wed, fri], or daily, found "mon, mon"'
    ),
    "days: [mo]": '4:7: expected different days of the week, such as [mon, wed, fri], or daily, found "mo"',
    "days: []": '4:7: expected different days of the week, such as [mon, wed, fri], or daily, found ""',
    "complete: true": '4:11: expected one of yes, no, found "true"',
    "email: coach": '4:8: expected an address such as coach@example.org, found "coach"',
    "email: a b@example.org": '4:8: expected an address such as coach@example.org, found "a b@example.org"',
    "cover: cover.gif": f'{PICTURE}, found "cover.gif"',
    "cover: ../cover.jpg": f'{PICTURE}, found "../cover.jpg"',
    "cover: /etc/cover.jpg": f'{PICTURE}, found "/etc/cover.jpg"',
    "cover: http://a.b/cover.jpg": f'{PICTURE}, found "http://a.b/cover.jpg"',
    "cover: none.jpg": '4:8: there is no file "none.jpg" beside audiocoach.yaml',
    "license: all mine": (
        '4:10: expected a name such as cc-by-4.0, or the address of your own terms, found "all mine"'
    ),
    "license: https://a.b/terms?of use": "4:10: expected a name such as cc-by-4.0, or the address of your",
    "base_url: https://a.b/c?d=e": "4:11: expected the address of the folder that the site will stand in",
    "email:": '4:1: "email" has no value',
    "author: &a Jo": "4:9: anchors are not supported: remove &a",
    "days: mon # wed\n---\na: b": "5:1: expected one document, found a second after `---`",
}


@pytest.mark.parametrize("line", BAD)
def test_a_field_that_does_not_fit_is_told_with_its_place(line: str, tmp_path: Path) -> None:
    found = problems(f"{HEAD}{line}\n", tmp_path)
    assert any(one.startswith(BAD[line]) for one in found), found


def test_a_cover_that_a_link_leads_out_to_is_refused(tmp_path: Path) -> None:
    (tmp_path / "show").mkdir()
    (tmp_path / "cover.jpg").touch()
    (tmp_path / "show" / "cover.jpg").symlink_to(tmp_path / "cover.jpg")
    assert problems(f"{HEAD}cover: cover.jpg\n", tmp_path / "show") == [f'{PICTURE}, found "cover.jpg"']


def test_every_problem_comes_out_in_one_run(tmp_path: Path) -> None:
    found = problems("titel: Back\nlanguage: xx\nbase_url: x\norder: [day-3]\n", tmp_path)
    assert [one.partition(" ")[0] for one in found] == [
        "1:1:",
        "1:1:",
        "1:1:",
        "1:1:",
        "2:11:",
        "3:11:",
        "4:9:",
    ]
    assert found[0] == '1:1: "author" is missing: expected, for example, author: Your Name'


@pytest.mark.parametrize(("bytes_more", "is_good"), [(4000, True), (4001, False)])
def test_the_description_has_as_many_bytes_as_apple_takes(
    bytes_more: int, tmp_path: Path, *, is_good: bool
) -> None:
    description = "ü" * (bytes_more // 2) + "a" * (bytes_more % 2)
    text = f"title: Back\nauthor: Jo\ndescription: {description}\n"
    if is_good:
        assert read(text, tmp_path).description == description
    else:
        assert problems(text, tmp_path) == ["3:14: expected from 1 to 4,000 bytes of text, found 4,001"]


@pytest.mark.parametrize(
    "text", ["", "# nothing\n", "[a, b]", "Hello", "- " * 30_000, "a: *b", "\x00", "\ud800"]
)
def test_hostile_files_are_refused_in_one_sentence_each(text: str, tmp_path: Path) -> None:
    said = problems(text, tmp_path)
    assert said
    assert all(one[0].isdigit() for one in said)


def test_an_empty_file_says_what_is_expected(tmp_path: Path) -> None:
    assert problems("", tmp_path) == ["1:1: the file is empty: expected a show"]


def test_a_missing_file_is_one_sentence_with_a_command_that_makes_it(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_show(tmp_path / "audiocoach.yaml", ROUTINES)
    (line,) = str(caught.value).splitlines()
    start, _, command = line.partition(" there: ")
    asked = "there is no such file: a feed needs its title, author and description"
    assert start == f"{tmp_path}/audiocoach.yaml:1:1: {asked}"
    written = command.removeprefix("printf '").partition("' > ")[0].replace("\\n", "\n")
    assert read(written, tmp_path).author == "Your Name"


def test_what_yaml_cut_is_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "audiocoach.yaml"
    path.write_text(HEAD.replace("At home.", "Number #5"), "utf-8")
    _, (warning,) = read_show(path, ROUTINES)
    assert str(warning).endswith('warning: YAML cut the text at ` #`: to keep it, quote it: "Number #5"')


def test_the_address_of_an_option_is_checked_alike() -> None:
    assert base_address("https://example.org/back") == "https://example.org/back/"
    assert base_address("example.org") is None
    assert base_address("https://example.org/\n") is None
