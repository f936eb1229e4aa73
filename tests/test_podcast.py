"""A folder of routines becomes a site: all of it, only what is another is written, and nothing is torn."""

from __future__ import annotations

import json
import os
import re
import shutil
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from audiocoach.errors import BuildError, InputError, SeveralError, StoppedError, StorageError
from audiocoach.publish.state import STAYS_S, feed_guid
from audiocoach.store.options import Overrides
from audiocoach.workers.stop import Stop
from tests.publishing import RENDERERS, SHOW, Workplace, picture, row, undigested
from tests.shows import BASE_URL, FEED_URL, NOW_S

if TYPE_CHECKING:
    from pathlib import Path

    from audiocoach.publish.episode import Episode
    from audiocoach.routine.show import Show

WIDER = "Stand wide and breathe out slowly."
EPISODE = (".mp3", ".vtt", ".html", ".chapters.json", ".transcript.html")


def problems(place: Workplace, **changes: Any) -> list[str]:  # noqa: ANN401 - fields of its options
    with pytest.raises(InputError) as caught:
        place.published(**changes)
    assert caught.value.exit_status == 2
    return [line.replace(f"{place.folder}/", "") for line in str(caught.value).splitlines()]


# -- what there is ------------------------------------------------------------------------------


def test_everything_is_published_and_named(tmp_path: Path) -> None:
    place = Workplace.of(tmp_path, "legs", "Arms")
    done = place.published()
    tree, listed = place.tree(), place.listed()
    names = [one.name for one in done.episodes]
    assert names[0].startswith("arms-")
    assert names[1] == "legs"
    overrides = {name + suffix for name in names for suffix in EPISODE}
    digests = {
        name: sha256(data).hexdigest()[:8] for name, data in tree.items() if undigested(name) in overrides
    }
    assert all(name == undigested(name) or f"-{digest}." in name for name, digest in digests.items())
    tree = {undigested(name) if name in digests else name: data for name, data in tree.items()}
    listed = {undigested(name) if name in digests else name: row for name, row in listed.items()}
    pictures = {name for name in tree if re.fullmatch(rf"(cover|{'|'.join(names)})-[0-9a-f]{{8}}\.jpg", name)}
    assert len(pictures) == 3
    assert set(tree) == overrides | pictures | {"feed.xml", "index.html", "site.json"}
    assert listed == {
        name: row(data, listed[name]["type"]) for name, data in tree.items() if name != "site.json"
    }
    assert sorted(done.written) == sorted(place.listed())
    assert done.removed == ()
    assert done.feed_url == FEED_URL
    types = {name.partition(".")[2]: one["type"] for name, one in listed.items()}
    assert types == {
        "mp3": "audio/mpeg",
        "vtt": "text/vtt",
        "html": "text/html",
        "transcript.html": "text/html",
        "chapters.json": "application/json+chapters",
        "jpg": "image/jpeg",
        "xml": "application/rss+xml",
    }


def test_an_episode_knows_what_its_routine_says(tmp_path: Path) -> None:
    place = Workplace.of(tmp_path)
    (tmp_path / "routines" / "legs.yaml").write_text(
        "title: Legs\ndescription: For them.\ntags: [legs]\ncredit: {coach: Jo}\nlevel: gentle\n"
        "voice: {engine: silent}\n"
        "moves:\n  squat: {name: Squat, equipment: [a chair], for: 20s}\n"
        "  step: {name: Step, equipment: [a step]}\n"
        "session: [{do: squat}]\n",
        "utf-8",
    )
    (one,) = place.published().episodes
    assert (one.slug, one.name, one.number, one.title) == ("legs", "legs", 1, "Legs")
    assert (one.description, one.coach, one.level, one.tags) == ("For them.", "Jo", "gentle", ("legs",))
    assert one.equipment == ("a chair",)
    assert one.is_synthetic
    assert one.published_s == NOW_S - 3600
    assert json.loads((tmp_path / "out" / "legs.timeline.json").read_text("utf-8"))["title"] == "Legs"
    (again,) = place.published(overrides=Overrides(level="strong")).episodes
    assert again.level == "strong"


def test_what_stands_is_published_again_without_a_look_into_its_yaml(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Workplace.of(tmp_path, "legs", "arms")
    first = place.published()
    read: list[str] = []
    parse = yaml.parse

    def counted(text: str, **how: Any) -> Any:  # noqa: ANN401 - as what it stands for
        read.append(text)
        return parse(text, **how)

    monkeypatch.setattr(yaml, "parse", counted)
    again = place.published()
    assert (read, again.written, again.episodes) == ([SHOW], (), first.episodes)
    text = place.routine("arms", setup=WIDER).read_text("utf-8")
    place.published()
    assert read == [SHOW, SHOW, text]


def test_a_session_without_words_has_no_synthetic_voice(tmp_path: Path) -> None:
    place = Workplace.of(tmp_path)
    (tmp_path / "routines" / "bell.yaml").write_text(
        "title: Bell\ncues: tones\nvoice: {engine: silent}\nsession: [{tone: bell}, {pause: 5s}]\n", "utf-8"
    )
    (one,) = place.published().episodes
    assert not one.is_synthetic
    assert "ai-content" not in (place.site / "feed.xml").read_text("utf-8")


def test_the_sound_is_published_with_its_place(tmp_path: Path) -> None:
    place = Workplace.of(tmp_path, "a", "b")
    done = place.published()
    sound = place.file("b.mp3").read_bytes()
    assert sound == b"Back 2 " + (tmp_path / "out" / "b.mp3").read_bytes()
    assert f'length="{len(sound)}"' in (place.site / "feed.xml").read_text("utf-8")
    assert done.episodes[1].sound.size_bytes == len(sound)


def test_a_session_more_or_less_leaves_the_sound_of_those_before_it(tmp_path: Path) -> None:
    place = Workplace.of(tmp_path, "a", "b")
    place.published()
    before = place.file("a.mp3").read_bytes()
    (tmp_path / "routines" / "b.yaml").unlink()
    place.published()
    assert place.file("a.mp3").read_bytes() == before


def slugs(episodes: tuple[Episode, ...]) -> list[str]:
    return [one.slug for one in episodes]


def test_episodes_are_in_play_order(tmp_path: Path) -> None:
    place = Workplace.of(tmp_path, "day-10", "day-2", "end", "start", show=f"{SHOW}order: [start]\n")
    done = place.published()
    assert slugs(done.episodes) == ["start", "day-2", "day-10", "end"]
    times = [one.published_s for one in done.episodes]
    assert times == sorted(times)
    assert [one.number for one in done.episodes] == [1, 2, 3, 4]


def test_an_own_cover_wins(tmp_path: Path) -> None:
    place = Workplace.of(tmp_path, "legs", show=f"{SHOW}cover: own.png\n")
    (tmp_path / "routines" / "own.png").write_bytes(b"\x89PNG\r\n and so on")
    place.published()
    (cover,) = place.site.glob("cover-*")
    assert cover.suffix == ".png"
    assert place.listed()[cover.name]["type"] == "image/png"
    assert cover.name in (place.site / "feed.xml").read_text("utf-8")


@pytest.mark.parametrize("now_s", [0, 1_600_000_000, 253_402_300_800, 10**15])
def test_37_a_clock_that_cannot_be_right_promises_nothing(now_s: int, tmp_path: Path) -> None:
    place = Workplace.of(tmp_path, "a")
    with pytest.raises(BuildError, match="the clock of this machine is wrong: set it"):
        place.published(now_s)
    assert (place.tree(), place.state.exists()) == ({}, False)


def test_37_dates_from_a_clock_that_was_wrong_are_mended_and_said(tmp_path: Path) -> None:
    place = Workplace.of(tmp_path, "a")
    (before,) = place.published(6_800_000_000).episodes
    done = place.published()
    (after,) = done.episodes
    assert (done.redated, after.guid) == (("a",), before.guid)
    assert after.published_s < NOW_S < before.published_s
    assert place.published().redated == ()


def test_names_that_look_alike_are_published_side_by_side(tmp_path: Path) -> None:
    # Those that differ in case or composition alone are no two routines to a build.
    names = ["Rücken", "Rucken", "CON", "🏋🏽‍♀️", "index"]
    place = Workplace.of(tmp_path, *names)
    for name in names:
        path = tmp_path / "routines" / f"{name}.yaml"
        path.write_text(path.read_text("utf-8").replace(f"title: {name.title()}", "title: Legs"), "utf-8")
    done = place.published()
    assert len({one.name for one in done.episodes}) == len(names)
    assert "index.html" not in {one.page for one in done.episodes}


# -- a second time ------------------------------------------------------------------------------


def test_with_nothing_new_nothing_is_written(tmp_path: Path) -> None:
    place = Workplace.of(tmp_path, "a", "b")
    place.published()
    stamps, state = place.stamps(), place.state.stat()
    again = place.published(NOW_S + 1_000_000)
    assert (again.written, again.removed) == ((), ())
    assert place.stamps() == stamps
    assert place.state.stat().st_mtime_ns == state.st_mtime_ns


def test_a_changed_routine_keeps_its_promise_and_changes_only_its_own_files(tmp_path: Path) -> None:
    place = Workplace.of(tmp_path, "a", "b")
    before, stamps = place.published(), place.stamps()
    place.routine("a", setup=WIDER)
    after = place.published(NOW_S + 1_000_000)
    changed = {name for name, stamp in place.stamps().items() if stamps.get(name) != stamp}
    assert {undigested(name) for name in changed} == {"a.mp3", "a.vtt", "feed.xml", "site.json"}
    assert set(after.written) == changed - {"site.json"}
    assert [(one.guid, one.published_s) for one in after.episodes] == [
        (one.guid, one.published_s) for one in before.episodes
    ]


# -- what an older download asks for ------------------------------------------------------------


def asked_for(one: Episode) -> set[str]:
    """What an app that has an episode may ask for still."""
    return {file.name for file in (one.sound, one.cover, one.chapters, one.captions, one.transcript)}


def test_an_older_download_finds_its_own_chapters_and_captions_for_thirty_days(tmp_path: Path) -> None:
    place = Workplace.of(tmp_path, "a", "b")
    before, whole = place.published().episodes[0], place.tree()
    place.routine("a", setup=WIDER)
    changed_s = NOW_S + 1_000_000
    done = place.published(changed_s)
    after = done.episodes[0]
    older = asked_for(before) - asked_for(after)
    assert sorted(map(undigested, older)) == ["a.mp3", "a.vtt"]
    assert (done.removed, before.page, before.guid) == ((), after.page, after.guid)
    assert json.loads(place.state.read_text("utf-8"))["superseded"] == dict.fromkeys(
        older, "2027-01-26T21:46:40Z"
    )
    assert not older & set(re.findall(r"[^/\"]+", (place.site / "feed.xml").read_text("utf-8")))

    for now_s in (changed_s + 1, changed_s + STAYS_S - 1):
        again = place.published(now_s)
        assert (again.written, again.removed) == ((), ())
        assert {name: place.tree()[name] for name in asked_for(before)} == {
            name: whole[name] for name in asked_for(before)
        }
        assert {name: place.listed()[name] for name in older} == {
            name: row(whole[name], place.listed()[name]["type"]) for name in older
        }

    assert set(place.published(changed_s + STAYS_S).removed) == older
    assert not older & {*place.tree(), *place.listed()}
    assert "superseded" not in json.loads(place.state.read_text("utf-8"))


def test_what_comes_back_is_superseded_no_more(tmp_path: Path) -> None:
    place = Workplace.of(tmp_path, "a")
    place.published()
    whole, state = place.tree(), place.state.read_bytes()
    place.routine("a", setup=WIDER)
    newer = asked_for(place.published(NOW_S + 60).episodes[0]) - set(whole)
    place.routine("a")
    place.published(NOW_S + 120)
    assert set(json.loads(place.state.read_text("utf-8"))["superseded"]) == newer
    place.published(NOW_S + 120 + STAYS_S)
    assert (place.tree(), place.state.read_bytes()) == (whole, state)


def test_in_a_house_older_files_stay_for_an_hour(tmp_path: Path) -> None:
    place = Workplace.of(tmp_path, "a")
    home: dict[str, Any] = {"base_url": "http://192.168.1.4:8000/", "state": tmp_path / "here.json"}
    before = place.published(**home).episodes[0]
    place.routine("a", setup=WIDER)
    after = place.published(NOW_S + 60, **home).episodes[0]
    older = asked_for(before) - asked_for(after)
    assert place.published(NOW_S + 60 + 3599, **home).removed == ()
    assert set(place.published(NOW_S + 60 + 3600, **home).removed) == older


def test_what_was_published_without_digests_stays_as_long(tmp_path: Path) -> None:
    place = Workplace.of(tmp_path, "a")
    place.published()
    listed = place.listed()
    (place.site / "a.vtt").write_bytes(b"WEBVTT")
    (place.site / "site.json").write_text(
        json.dumps({"files": {**listed, "a.vtt": row(b"WEBVTT", "text/vtt")}}), "utf-8"
    )
    assert place.published(NOW_S + 60).removed == ()
    assert place.published(NOW_S + 60 + STAYS_S).removed == ("a.vtt",)


def test_an_older_file_that_somebody_removed_or_changed_is_promised_no_more(tmp_path: Path) -> None:
    place = Workplace.of(tmp_path, "a")
    before = place.published().episodes[0]
    place.routine("a", setup=WIDER)
    place.published(NOW_S + 60)
    (place.site / before.sound.name).unlink()
    (place.site / before.captions.name).write_bytes(b"")
    assert place.published(NOW_S + 120).removed == (before.captions.name,)
    assert not {before.sound.name, before.captions.name} & set(place.listed())
    assert "superseded" not in json.loads(place.state.read_text("utf-8"))


# -- what is damaged ----------------------------------------------------------------------------


def test_an_edit_of_the_site_is_mended_whatever_its_size_and_time(tmp_path: Path) -> None:
    place = Workplace.of(tmp_path, "a")
    place.published()
    whole = place.tree()
    path, sound = place.file("a.vtt"), place.file("a.mp3")
    path.write_bytes(path.read_bytes().replace(b"WEBVTT", b"webvtt"))
    sound.unlink()
    sound.symlink_to(tmp_path / "out" / "a.mp3")
    assert set(place.published().written) == {sound.name, path.name}
    assert place.tree() == whole
    assert not sound.is_symlink()


def test_files_of_a_session_that_is_gone_go_and_nothing_else_does(tmp_path: Path) -> None:
    place = Workplace.of(tmp_path, "a", "b")
    first = place.published()
    (place.site / "CNAME").write_text("example.org", "utf-8")
    (tmp_path / "routines" / "b.yaml").unlink()
    done = place.published()
    assert sorted(map(undigested, done.removed)) == sorted(["b.jpg", *(f"b{suffix}" for suffix in EPISODE)])
    assert not [name for name in place.tree() if name.startswith("b")]
    assert (place.site / "CNAME").exists()
    assert not set(done.removed) & set(place.listed())
    place.routine("b")
    again = place.published(NOW_S + 1_000_000)
    assert again.episodes[1].guid == first.episodes[1].guid
    assert again.episodes[1].published_s == first.episodes[1].published_s


def test_a_manifest_that_was_edited_removes_nothing_elsewhere(tmp_path: Path) -> None:
    place = Workplace.of(tmp_path, "a")
    place.published()
    (place.site / "CNAME").write_text("example.org", "utf-8")
    listed = {
        "files": {
            **place.listed(),
            "../routines/a.yaml": {},
            "/etc/x": {},
            "..": {},
            "CNAME": {},
            "site.json": {},
        }
    }
    (place.site / "site.json").write_text(json.dumps(listed), "utf-8")
    assert place.published().removed == ()
    assert (tmp_path / "routines" / "a.yaml").exists()
    assert (place.site / "CNAME").exists()


@pytest.mark.parametrize("text", ["", "[]", '{"files": 7}', "[" * 10_000])
def test_a_damaged_manifest_is_written_anew(text: str, tmp_path: Path) -> None:
    place = Workplace.of(tmp_path, "a")
    place.published()
    whole = place.tree()
    (place.site / "site.json").write_text(text, "utf-8")
    assert place.published().written == ()
    assert place.tree() == whole


def test_another_picture_has_another_name(tmp_path: Path) -> None:
    place = Workplace.of(tmp_path, "a")
    (one,) = place.published().episodes
    other = replace(RENDERERS, cover=lambda routine, *_: picture(routine.stem, "again"))
    done = place.published(renderers=other)
    assert {one.cover.name, done.episodes[0].cover.name} < set(place.listed())
    assert done.episodes[0].cover.name != one.cover.name


def test_the_promises_do_not_follow_a_new_address(tmp_path: Path) -> None:
    place = Workplace.of(tmp_path, "a")
    before = place.published()
    after = place.published(base_url="https://other.example/")
    assert after.feed_url == "https://other.example/feed.xml"
    assert after.episodes[0].guid == before.episodes[0].guid
    text = (place.site / "feed.xml").read_text("utf-8")
    assert feed_guid(FEED_URL) in text
    assert BASE_URL not in text


def test_promises_of_an_address_of_its_own_may_be_kept_elsewhere(tmp_path: Path) -> None:
    place = Workplace.of(tmp_path, "a", show=SHOW.replace(f"base_url: {BASE_URL}\n", ""))
    place.published(base_url="http://192.168.1.4:8000/", state=tmp_path / "here.json")
    assert (tmp_path / "here.json").exists()
    assert not place.state.exists()


# -- what cannot be published -------------------------------------------------------------------


def test_a_routine_that_fails_leaves_the_site_as_it_was(tmp_path: Path) -> None:
    place = Workplace.of(tmp_path, "a")
    place.published()
    whole, stamps, state = place.tree(), place.stamps(), place.state.read_bytes()
    place.routine("a", setup=WIDER)
    bad = place.routine("bad", engine="fake, name: crash@tall")
    with pytest.raises(SeveralError, match=f"{bad}:4:31: the voice crashed") as caught:
        place.published()
    assert caught.value.exit_status == 2
    assert (place.tree(), place.stamps(), place.state.read_bytes()) == (whole, stamps, state)


def test_problems_of_the_show_and_the_state_come_in_one_run(tmp_path: Path) -> None:
    place = Workplace.of(tmp_path, "a", show=f"{SHOW}order: [b]\nlanguage: x\n")
    place.state.write_text('{\n "format": 1,\n', "utf-8")
    found = problems(place)
    assert [line.split(" ")[0] for line in found] == [
        *("routines/audiocoach.state.json:3:1:", "routines/audiocoach.yaml:5:9:"),
        "routines/audiocoach.yaml:6:11:",
    ]
    assert "holds what listeners know the sessions by: bring it back" in found[0]
    assert not place.site.exists()


def test_a_state_that_is_gone_is_no_reason_to_promise_anew(tmp_path: Path) -> None:
    place = Workplace.of(tmp_path, "a")
    place.published()
    whole = place.tree()
    place.state.unlink()
    (line,) = problems(place)
    assert line.startswith(
        "routines/audiocoach.state.json:1:1: there is no such file, but there is a feed in"
    )
    assert place.tree() == whole
    shutil.rmtree(place.site)
    place.published()


def test_without_an_address_there_is_no_feed(tmp_path: Path) -> None:
    place = Workplace.of(tmp_path, "a", show=SHOW.replace(f"base_url: {BASE_URL}\n", ""))
    (line,) = problems(place)
    assert line.startswith(
        'routines/audiocoach.yaml:1:1: "base_url" is missing: a feed needs absolute addresses'
    )
    assert place.published(base_url=BASE_URL).feed_url == FEED_URL


def test_without_a_show_it_is_said_what_to_write(tmp_path: Path) -> None:
    place = Workplace.of(tmp_path, "a")
    (tmp_path / "routines" / "audiocoach.yaml").unlink()
    (line,) = problems(place)
    assert line.startswith("routines/audiocoach.yaml:1:1: there is no such file: a feed needs its title,")


FOLDERS = {
    "no folder": ({"folder": "routines/a.yaml"}, "expected a folder with routines and audiocoach.yaml"),
    "nothing there": ({"folder": "nowhere"}, "expected a folder with routines and audiocoach.yaml"),
    "no routine": ({"folder": "empty"}, "there is no routine in this folder"),
    "the site where things are built": ({"site": "out"}, "each need a folder of their own"),
    "the site among the routines": ({"site": "out/../routines"}, "each need a folder of their own"),
}


@pytest.mark.parametrize(("changes", "message"), FOLDERS.values(), ids=FOLDERS)
def test_folders_that_will_not_do(changes: dict[str, str], message: str, tmp_path: Path) -> None:
    place = Workplace.of(tmp_path, "a")
    (tmp_path / "empty").mkdir()
    (line,) = problems(place, **{name: tmp_path / path for name, path in changes.items()})
    assert message in line


def spoil(path: Path) -> None:
    """Other bytes, as many and as old."""
    before, data = path.stat(), bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize("name", ["a.mp3", "a.timeline.json", "a.vtt"])
def test_39_a_built_file_that_was_damaged_is_built_anew_and_not_published(name: str, tmp_path: Path) -> None:
    place = Workplace.of(tmp_path, "a", "b")
    place.published()
    whole, built = place.tree(), (tmp_path / "out" / name).read_bytes()
    spoil(tmp_path / "out" / name)
    prepared = place.prepared()
    assert prepared.found.damaged == (tmp_path / "out" / name,)
    assert list(prepared.found.reasons.values()) == [f"{name} is not as it was built"]
    assert place.published().written == ()
    assert (place.tree(), (tmp_path / "out" / name).read_bytes()) == (whole, built)
    assert place.prepared().found.damaged == ()


@pytest.mark.parametrize(
    ("name", "damage", "message"),
    [
        ("a.mp3", "{}", r"a\.mp3 was changed while it was being published: publish once more"),
        ("a.timeline.json", "{}", r"a\.timeline\.json is damaged: remove it, and it is built anew"),
        (
            "a.timeline.json",
            "[" * 1_000_000,
            r"a\.timeline\.json is damaged: remove it, and it is built anew",
        ),
    ],
    ids=["sound", "timeline", "deep timeline"],
)
def test_39_what_is_damaged_while_it_is_published_is_not_published(
    name: str, damage: str, message: str, tmp_path: Path
) -> None:
    place = Workplace.of(tmp_path, "a")
    place.published()
    whole, path = place.tree(), tmp_path / "out" / name

    def meanwhile(own: Path | None, show: Show) -> bytes:
        path.write_bytes(damage.encode().ljust(path.stat().st_size))
        return RENDERERS.show_cover(own, show)

    with pytest.raises(StorageError, match=message):
        place.published(renderers=replace(RENDERERS, show_cover=meanwhile))
    assert place.tree() == whole


def test_pages_that_fail_leave_the_old_feed_and_whole_files(tmp_path: Path) -> None:
    place = Workplace.of(tmp_path, "a")
    place.published()
    old = place.tree()
    place.routine("a", setup=WIDER)

    def fail(*_: object) -> list[tuple[str, bytes]]:
        raise BuildError("no pages today")

    with pytest.raises(BuildError, match="no pages today"):
        place.published(renderers=replace(RENDERERS, pages=fail))
    now = place.tree()
    assert {**now, "site.json": b""} == {**now, **old, "site.json": b""}
    # What was written in vain is named, so that it goes when its time is over.
    assert sorted(map(undigested, set(now) - set(old))) == ["a.mp3", "a.vtt"]
    assert set(now) == {*place.listed(), "site.json"}
    assert sorted(place.published().written) == ["feed.xml"]


def test_it_stops_between_two_files(tmp_path: Path) -> None:
    place = Workplace.of(tmp_path, "a")
    place.published()
    stop = Stop()
    stop.wish()
    from audiocoach.workers.podcast import publish  # noqa: PLC0415
    from tests.builds import Heard  # noqa: PLC0415

    with pytest.raises(StoppedError):
        publish(place.prepared(), None, RENDERERS, Heard(), stop, NOW_S)


def test_other_files_of_a_show_are_published_as_they_were_built_and_go_when_it_wants_them_no_more(
    tmp_path: Path,
) -> None:
    place = Workplace.of(tmp_path, "squats", show=f"{SHOW}formats: [opus, wav-8k]\n")
    (one,) = place.published().episodes
    (asset,) = one.alternates
    opus = place.file("squats.opus").read_bytes()
    assert opus == (tmp_path / "out" / "squats.opus").read_bytes()
    assert (asset.media_type, asset.digest) == ("audio/ogg", sha256(opus).hexdigest())
    # Samples are for telephones, and stay where they were built.
    assert (tmp_path / "out" / "squats.8k.wav").is_file()
    assert not any(name.endswith(".wav") for name in place.tree())
    assert asset.name in place.tree()["feed.xml"].decode()
    place.show(SHOW)
    assert place.published().episodes[0].alternates == ()
    assert not (tmp_path / "out" / "squats.opus").exists()
    assert asset.name not in place.tree()["feed.xml"].decode()
