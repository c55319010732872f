"""Texts that people bring: kept once by what they are and how their files are called, so many for each person."""

import os
import time
from pathlib import Path

import pytest

from engine.data.sequences import bringing, own, reading
from engine.data.sequences.gathering import How
from engine.errors import DataError
from engine.keeping import drafts, receiving
from tests.hostile import sequences as s


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: Path) -> Path:
    """A folder on the server that may be learnt from."""
    (tmp_path / "shelf").mkdir()
    monkeypatch.setenv(bringing.NAMED_BY, str(tmp_path / "shelf"))
    return tmp_path / "shelf"


def written(root: Path, files: s.Files) -> None:
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)


def test_the_same_files_in_any_order_are_one_set_and_under_other_names_another(home: Path):
    first = s.keep(home, s.GOOD)
    assert s.keep(home, dict(reversed(s.GOOD.items())), "bob") == first
    swapped = dict(zip(s.GOOD, reversed(s.GOOD.values()), strict=True))
    assert s.keep(home, swapped) != first, "the name of a file is that of its class"
    kept = own.SEQUENCES.found(home, first)
    assert {part.name: part.path.read_bytes() for part in kept.parts} == s.GOOD
    assert kept.name == "French.txt and Polish.txt"


@pytest.mark.parametrize("name", ["../../../etc/passwd", "..\\..\\x", "<b>\x1b[31m", "../../x"])
def test_a_name_is_never_a_path(home: Path, name: str):
    data = s.table("a,x", "b,x", "c,y", "d,y")
    own.keep(home, [data], name, "ann")
    (kept,) = own.SEQUENCES.listed(home, "ann")
    assert not {"/", "\\", "\x1b"} & set(kept.name)
    assert {path.name for path in home.iterdir()} == {own.FOLDER}


@pytest.mark.parametrize("asked", ["../x", "a", "ab" * 33, "AB" * 32, "server", "<script>"])
def test_what_is_no_id_is_told_in_a_sentence(home: Path, asked: str):
    with pytest.raises(DataError, match="There are no texts"):
        own.SEQUENCES.found(home, asked)
    with pytest.raises(DataError, match="are not kept on this server any more, or never were"):
        bringing.brought("ab" * 32)
    with pytest.raises(DataError, match="No texts of yours are chosen yet"):
        bringing.brought("")


def test_a_person_has_so_much_and_no_more(home: Path, monkeypatch: pytest.MonkeyPatch):
    size = sum(map(len, s.GOOD.values()))
    other = {"x.csv": s.table("a,x", "b,x", "c,y")}
    monkeypatch.setattr(own, "MAX_BYTES", size - 1)
    with pytest.raises(DataError, match="is too large: expected at most 0 MB"):
        s.keep(home, s.GOOD)
    monkeypatch.setattr(own, "MAX_BYTES", size)
    monkeypatch.setattr(own, "MOST_BYTES", size)
    s.keep(home, s.GOOD)
    with pytest.raises(DataError, match="0 MB a person, and this is more"):
        s.keep(home, other)
    s.keep(home, other, "bob")
    monkeypatch.setattr(own, "MOST_SETS", 1)
    with pytest.raises(DataError, match="expected at most 1 sets of texts a person, and you have as many"):
        s.keep(home, other)
    with pytest.raises(DataError, match="41 files were not kept: expected at most 40"):
        s.keep(home, {f"{n}.txt": b"a\n" for n in range(41)}, "carl")


def test_what_would_fill_the_disk_is_refused(home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(receiving, "LEAVE_FREE", 2**60)
    with pytest.raises(DataError, match="the server's disk is nearly full"):
        s.keep(home, s.GOOD)
    assert not list((home / own.FOLDER).iterdir())


def test_what_was_read_goes_with_its_files_once_nobody_has_them_any_more(home: Path):
    found = s.packed(home, s.GOOD)
    (kept,) = own.SEQUENCES.listed(home, "ann")
    assert found.folder.is_relative_to(home / own.FOLDER / kept.id)
    s.keep(home, s.GOOD, "bob")
    own.SEQUENCES.give_up(home, kept.id, "ann")
    assert found.folder.exists()
    own.SEQUENCES.give_up(home, kept.id, "bob")
    assert not (home / own.FOLDER / kept.id).exists()
    with pytest.raises(DataError, match="not kept on this server any more"):
        reading.kept(kept.id, How())


def test_who_uses_a_set_keeps_it_from_being_tidied_away(home: Path):
    asked = s.keep(home, s.GOOD)
    long_ago = time.time() - 9_000
    os.utime(home / own.FOLDER / asked / "about.json", (long_ago, long_ago))
    assert own.SEQUENCES.unused_since(home, time.time() - 5_000) == {asked}
    reading.kept(asked, How())
    assert not own.SEQUENCES.unused_since(home, time.time() - 5_000)


def test_what_a_killed_server_has_left_is_gone_with_the_next(home: Path):
    left = home / own.FOLDER / ".coming.0123456789ab"
    left.mkdir(parents=True)
    (left / "0").write_bytes(bytes(99))
    with drafts.draft(home / own.FOLDER, "coming") as living:
        s.keep(home, s.GOOD)
        assert living.exists()
    assert not left.exists()


@pytest.mark.parametrize("lost", ["about.json", "0", "by"])
def test_of_a_set_that_was_half_deleted_the_files_can_be_brought_again(home: Path, lost: str):
    asked = s.keep(home, s.GOOD)
    os.rename(home / own.FOLDER / asked / lost, home / "elsewhere")
    assert s.keep(home, s.GOOD, "bob") == asked
    assert [one.id for one in own.SEQUENCES.listed(home, "bob")] == [asked]


def test_a_folder_on_the_server_is_read_where_it_lies_and_anew_once_it_changes(folder: Path):
    written(folder / "names", s.GOOD)
    (folder / "names" / "notes.md").write_text("hello")
    written(folder, {"t.csv": s.table("a,x", "b,x", "c,y", "d,y")})
    assert bringing.ON_SERVER.offered() == {
        "server:shelf/": "shelf, all of it",
        "server:shelf/names": "shelf/names",
        "server:shelf/t.csv": "shelf/t.csv",
    }
    found = reading.drained(reading.reading("server:shelf/names", How()))
    assert (found.record.title, found.record.classes, found.record.counts) == ("names", ("French", "Polish"), (3, 2))
    assert found.record.told_dropped() == "Left out: notes.md is no .txt file."
    assert reading.kept("server:shelf/names", How()) == found.record
    (folder / "names" / "Polish.txt").write_bytes(b"Nowak\nLisowski\nWojcik\n")
    assert reading.kept("server:shelf/names", How()) is None
    assert reading.drained(reading.reading("server:shelf/names", How())).record.counts == (3, 3)
    assert reading.drained(reading.reading("server:shelf/t.csv", How())).texts == ("a", "b", "c", "d")


@pytest.mark.parametrize("asked", ["server:shelf/../secret", "server:shelf/link", "server:shelf/.hidden", "server:x/"])
def test_no_name_leads_out_of_the_folders_of_the_server(folder: Path, tmp_path: Path, asked: str):
    written(tmp_path, {"secret/a.txt": b"x\ny"})
    written(folder, {".hidden/a.txt": b"x\ny"})
    (folder / "link").symlink_to(tmp_path / "secret")
    with pytest.raises(DataError, match=r"There (are no texts|is no file) '.*' on this server"):
        bringing.brought(asked)
    assert list(bringing.ON_SERVER.offered()) == ["server:shelf/"]


def test_no_link_in_a_folder_is_followed_and_a_file_that_goes_meanwhile_is_told(folder: Path, tmp_path: Path):
    written(folder, {f"n/{name}": data for name, data in s.GOOD.items()} | {"n/Turkish.txt": b"Kaya\nAksoy\n"})
    written(tmp_path, {"secret.txt": b"x\ny"})
    (folder / "n" / "Link.txt").symlink_to(tmp_path / "secret.txt")
    going = reading.reading("server:shelf/n", How())
    next(going)
    os.remove(folder / "n" / "Turkish.txt")
    found = reading.drained(going)
    assert found.record.classes == ("French", "Polish")
    assert found.record.told_dropped() == "Left out: Turkish.txt cannot be read."


def test_one_set_is_kept_in_few_ways(home: Path):
    asked = s.keep(home, {"t.csv": s.table("a,x", "b,x", "c,y", "d,y")})
    hows = [How(encoding) for encoding in ("utf-8", "cp1252", "cp1250", "cp1251", "koi8-r")]
    folders = [reading.drained(reading.reading(asked, how)).folder for how in hows]
    assert len(set(folders)) == 5
    assert [one.exists() for one in folders] == [False, True, True, True, True]
