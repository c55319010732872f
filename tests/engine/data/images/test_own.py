"""Images that people bring: kept once by what they are, so many for each person, and gone when nobody wants them."""

import os
import time
from pathlib import Path

import pytest

from engine.data.images import own
from engine.errors import DataError
from engine.keeping import drafts, receiving
from tests.hostile import images as i


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))
    return tmp_path


def test_the_same_files_in_any_order_are_one_set_and_others_are_another(home: Path):
    first = i.keep(home, i.pair())
    assert i.keep(home, dict(reversed(i.pair().items())), "bob") == first
    assert i.keep(home, {"x": i.pair()["train-images"]}) != first
    assert [part.name for part in own.IMAGES.found(home, first).parts] == ["train-images", "train-labels"]
    assert [part.path.read_bytes() for part in own.IMAGES.found(home, first).parts] == list(i.pair().values())


def test_files_come_in_pieces_of_any_size(home: Path):
    data = list(i.pair().values())
    whole = b"".join(data)
    sizes = [len(one) for one in data]
    asked = {own.keep(home, (whole[at : at + step] for at in range(0, len(whole), step)), "a/b", "ann", sizes=sizes)
             for step in (1, 7, 295, 10_000)}  # fmt: skip
    assert len(asked) == 1
    assert [part.path.read_bytes() for part in own.IMAGES.found(home, asked.pop()).parts] == data


@pytest.mark.parametrize("change", [-1, 1])
def test_what_is_longer_or_shorter_than_was_told_is_not_kept(home: Path, change: int):
    data = i.batch()
    with pytest.raises(DataError, match=r"holds no images|is cut: expected 18,439 bytes"):
        own.keep(home, [data], "b.bin", "ann", sizes=[len(data) + change])
    assert not own.IMAGES.listed(home, "ann")
    assert not list((home / own.FOLDER).iterdir())


@pytest.mark.parametrize("name", ["../../../etc/passwd", "/etc/passwd", "..\\..\\x", "<b>\x1b[31m"])
def test_a_name_is_never_a_path(home: Path, name: str):
    own.keep(home, [i.batch()], name, "ann", sizes=[len(i.batch())] if "/" not in name else [])
    (kept,) = own.IMAGES.listed(home, "ann")
    assert not {"/", "\\", "\x1b"} & set(kept.name)
    assert {path.name for path in home.iterdir()} == {own.FOLDER}


@pytest.mark.parametrize("asked", ["../x", "a", "ab" * 33, "AB" * 32, "server", "<script>"])
def test_what_is_no_id_is_told_in_a_sentence(home: Path, asked: str):
    with pytest.raises(DataError, match="There are no images"):
        own.IMAGES.found(home, asked)
    with pytest.raises(DataError, match="are not kept on this server any more, or never were"):
        own.IMAGES.found(home, "ab" * 32)


def test_a_person_has_so_much_and_no_more(home: Path, monkeypatch: pytest.MonkeyPatch):
    size = len(i.batch())
    monkeypatch.setattr(own, "MAX_BYTES", 2 * size - 1)
    with pytest.raises(DataError, match="is too large: expected at most 0 MB"):
        i.keep(home, {"a": i.batch(), "b": i.batch(7)})
    monkeypatch.setattr(own, "MAX_BYTES", 2 * size)
    monkeypatch.setattr(own, "MOST_BYTES", 2 * size)
    i.keep(home, {"a": i.batch()})
    with pytest.raises(DataError, match="0 MB a person, and this is more"):
        i.keep(home, {"b": i.batch(7)})
    i.keep(home, {"b": i.batch(7)}, "bob")
    monkeypatch.setattr(own, "MOST_SETS", 1)
    with pytest.raises(DataError, match="expected at most 1 sets a person, and you have as many"):
        i.keep(home, {"c": i.batch(2)})
    with pytest.raises(DataError, match="9 files were not kept: expected at most 8"):
        i.keep(home, {str(n): i.batch(n + 1) for n in range(9)}, "carl")


def test_what_would_fill_the_disk_is_refused(home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(receiving, "LEAVE_FREE", 2**60)
    with pytest.raises(DataError, match="the server's disk is nearly full"):
        i.keep(home, i.pair())
    assert not list((home / own.FOLDER).iterdir())


def test_a_set_is_deleted_once_nobody_has_it_any_more(home: Path):
    asked = i.keep(home, i.pair())
    i.keep(home, i.pair(), "bob")
    own.IMAGES.give_up(home, asked, "ann")
    assert [one.id for one in own.IMAGES.listed(home, "bob")] == [asked]
    assert not own.IMAGES.listed(home, "ann")
    own.IMAGES.give_up(home, asked, "bob")
    assert not (home / own.FOLDER / asked).exists()


def test_who_uses_a_set_keeps_it_from_being_tidied_away(home: Path):
    asked = i.keep(home, i.pair())
    long_ago = time.time() - 9_000
    os.utime(home / own.FOLDER / asked / "about.json", (long_ago, long_ago))
    assert own.IMAGES.unused_since(home, time.time() - 5_000) == {asked}
    own.IMAGES.found(home, asked)
    assert not own.IMAGES.unused_since(home, time.time() - 5_000)


def test_what_a_killed_server_has_left_is_gone_with_the_next(home: Path):
    left = home / own.FOLDER / ".coming.0123456789ab"
    left.mkdir(parents=True)
    (left / "0").write_bytes(bytes(99))
    with drafts.draft(home / own.FOLDER, "coming") as living:
        i.keep(home, i.pair())
        assert living.exists()
    assert not left.exists()


@pytest.mark.parametrize("lost", ["about.json", "0", "by"])
def test_of_a_set_that_was_half_deleted_the_files_can_be_brought_again(home: Path, lost: str):
    asked = i.keep(home, i.pair())
    folder = home / own.FOLDER / asked
    os.rename(folder / lost, home / "elsewhere")  # as a server leaves it that is killed while it deletes
    assert i.keep(home, i.pair(), "bob") == asked
    assert [one.id for one in own.IMAGES.listed(home, "bob")] == [asked]
    assert [path.name for path in (home / own.FOLDER).iterdir()] == [asked]


def test_a_set_goes_as_a_whole(home: Path, monkeypatch: pytest.MonkeyPatch):
    asked = i.keep(home, i.pair())
    monkeypatch.setattr(drafts.shutil, "rmtree", lambda *_, **__: None)  # as if the server were killed there
    own.IMAGES.give_up(home, asked, "ann")
    monkeypatch.undo()
    assert not (home / own.FOLDER / asked).exists()
    monkeypatch.setenv("LEARNSCOPE_HOME", str(home))
    assert i.keep(home, i.pair()) == asked
    assert [path.name for path in (home / own.FOLDER).iterdir()] == [asked]
