"""Several sessions of one file: what is built, named, published and pruned of its variants."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from audiocoach import api
from audiocoach.making.editions import editions_of
from audiocoach.store.editions import Edition
from audiocoach.store.options import Overrides
from audiocoach.workers.verify import verify
from tests.builds import Heard, built, files_of, squats
from tests.publishing import SHOW, Workplace

if TYPE_CHECKING:
    from pathlib import Path

ALL = ("squats", "squats-gentle", "squats-the-moves")
VARIANTS = "variants:\n  - {title: Gentle, level: gentle}\n  - {title: The moves, cues: learn}\n"


def with_variants(path: Path, rows: str = VARIANTS) -> Path:
    path.write_text(path.read_text("utf-8").replace("reps: 3", "reps: 3-6") + rows, "utf-8")
    return path


def stand(folder: Path) -> list[str]:
    hidden = (".audiocoach.json", "audiocoach-report.json")
    return sorted(path.name for path in (folder / "out").iterdir() if path.name not in hidden)


def test_a_routine_and_its_variants_each_have_files_of_their_own(tmp_path: Path) -> None:
    done, failed = built(tmp_path, with_variants(squats(tmp_path)))
    assert not failed
    assert [one.slug for one in done] == list(ALL)
    assert stand(tmp_path) == files_of(*ALL)
    own, gentle, moves = (one.path.with_suffix(".timeline.json").read_text("utf-8") for one in done)
    assert '"title": "Squats: Gentle"' in gentle
    assert '"title": "Squats: The moves"' in moves
    assert '"title": "Squats"' in own
    assert "5 repetitions" in own
    assert "3 repetitions" in gentle
    assert "repetitions" not in moves


def test_what_stands_is_built_once(tmp_path: Path) -> None:
    path = with_variants(squats(tmp_path))
    built(tmp_path, path)
    again, _ = built(tmp_path, path)
    assert [one.reason for one in again] == [None, None, None]


def test_one_that_is_damaged_is_built_alone(tmp_path: Path) -> None:
    path = with_variants(squats(tmp_path))
    built(tmp_path, path)
    (tmp_path / "out" / "squats-gentle.mp3").unlink()
    again, _ = built(tmp_path, path)
    assert [one.slug for one in again if one.reason] == ["squats-gentle"]


def test_every_one_of_them_is_proven(tmp_path: Path) -> None:
    built(tmp_path, with_variants(squats(tmp_path)))
    with ThreadPoolExecutor(1) as makers:
        found = verify(tmp_path / "out", makers, Heard())
    assert [(one.file, one.findings) for one in found] == [(f"{slug}.mp3", ()) for slug in ALL]


def test_the_files_of_a_variant_that_is_gone_go_and_those_of_a_broken_routine_stay(tmp_path: Path) -> None:
    path = with_variants(squats(tmp_path))
    built(tmp_path, path)
    text = path.read_text("utf-8")
    path.write_text(text + "  - {title: \n", "utf-8")
    _, failed = built(tmp_path, path)
    assert len(failed) == 1
    assert stand(tmp_path) == files_of(*ALL)
    path.write_text(text.replace("  - {title: Gentle, level: gentle}\n", ""), "utf-8")
    built(tmp_path, path)
    assert stand(tmp_path) == files_of("squats", "squats-the-moves")


def test_two_builds_give_the_same_bytes(tmp_path: Path) -> None:
    path = with_variants(squats(tmp_path))
    built(tmp_path, path, jobs=1)
    first = {name: (tmp_path / "out" / name).read_bytes() for name in stand(tmp_path)}
    built(tmp_path, path, jobs=2, force=True)
    assert {name: (tmp_path / "out" / name).read_bytes() for name in stand(tmp_path)} == first


def test_a_variant_is_never_written_over_another_routine(tmp_path: Path) -> None:
    path, other = with_variants(squats(tmp_path)), squats(tmp_path, "squats-gentle")
    done, failed = built(tmp_path, other, path)
    assert [one.routine.name for one in done] == ["squats-gentle.yaml", "squats.yaml", "squats.yaml"]
    (refused,) = failed
    expected = "both the variant gentle of this routine and"
    assert str(refused.error).startswith(f"{path}:8:1: {expected}")


def test_what_is_wrong_with_the_routine_is_told_once(tmp_path: Path) -> None:
    path = with_variants(squats(tmp_path))
    path.write_text(path.read_text("utf-8").replace("do: squat", "do: sqat"), "utf-8")
    _, failed = built(tmp_path, path)
    assert len(failed) == 1


def test_what_is_wrong_with_a_variant_is_told_at_its_line(tmp_path: Path) -> None:
    path = with_variants(squats(tmp_path), "variants:\n  - {title: Short, fit: 1s}\n")
    done, failed = built(tmp_path, path)
    assert [one.slug for one in done] == ["squats"]
    assert str(failed[0].error).startswith(f"{path}:8:6: the session cannot be made to last 0:01")
    (found,) = (one for one in api.check(path) if one.kind == "error")
    assert found.position.line == 8


def test_each_is_an_episode_behind_its_routine_and_keeps_its_guid(tmp_path: Path) -> None:
    place = Workplace.of(tmp_path, "squats", "abs")
    with_variants(tmp_path / "routines" / "squats.yaml")
    done = place.published()
    assert [one.slug for one in done.episodes] == ["abs", *ALL]
    assert [one.level for one in done.episodes] == ["standard", "standard", "gentle", "standard"]
    guids = {one.slug: one.guid for one in done.episodes}
    assert len(set(guids.values())) == len(guids)
    place.show(SHOW + "order: [squats-the-moves, squats]\n")
    again = place.published()
    assert [one.slug for one in again.episodes] == ["squats-the-moves", "squats", "squats-gentle", "abs"]
    assert {one.slug: one.guid for one in again.episodes} == guids


def test_a_text_has_variants_as_a_file_has(tmp_path: Path) -> None:
    document = api.load(with_variants(squats(tmp_path)).read_text("utf-8"), name="morning")
    done = api.build(document, tmp_path / "out", cache=tmp_path / "cache", jobs=1)
    assert [one.slug for one in done.built] == ["morning", "morning-gentle", "morning-the-moves"]


def test_a_variant_alone_can_be_looked_at(tmp_path: Path) -> None:
    path = with_variants(squats(tmp_path))
    assert api.preview(path, estimate=True, variant="gentle").title == "Squats: Gentle"


def test_the_command_line_is_for_what_a_variant_does_not_say(tmp_path: Path) -> None:
    path = with_variants(squats(tmp_path))
    done, _ = built(tmp_path, path, overrides=Overrides(level="strong"))
    texts = [one.path.with_suffix(".txt").read_text("utf-8") for one in done]
    assert "6 repetitions" in texts[0]
    assert "3 repetitions" in texts[1]


def test_a_routine_without_variants_is_its_one_session(tmp_path: Path) -> None:
    path = squats(tmp_path)
    assert editions_of(path).editions == (Edition(path),)
    assert editions_of(path).slugs == {"squats"}
