"""Texts that people bring: kept once by what they hold, counted for each person, and gone when they should be."""

import gzip
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.errors import DataError
from engine.keeping import drafts, receiving
from engine.words import retention
from engine.words.texts import own
from engine.words.texts.bringing import brought, on_server
from tests.app_server import ROOT

TALE = b"The king and the queen. The dog and the cat.\n" * 20
TABLE = b"id,said,n\n1,the dog barks at the cat,2\n2,the cat runs away,3\n"
THIRTY_DAYS = 30 * 24 * 3600.0


pytestmark = pytest.mark.usefixtures("reader", "own_home")


def test_a_text_is_kept_once_under_the_hash_of_its_bytes(own_home: Path):
    first = own.keep(own_home, [TALE[:7], TALE[7:]], "tale.txt", "ann")
    assert first == hashlib.sha256(TALE).hexdigest()
    assert own.keep(own_home, [TALE], "again.txt", "bob") == first
    assert own.TEXTS.found(own_home, first).path.read_bytes() == TALE
    assert [path.name for path in (own_home / own.FOLDER).iterdir()] == [first]
    assert own.TEXTS.found(own_home, first).name == "tale.txt"
    for owner in ("ann", "bob"):
        assert [one.id for one in own.TEXTS.listed(own_home, owner)] == [first]
    assert not own.TEXTS.listed(own_home, "eve")
    assert not any("ann" in path.name for path in own_home.rglob("*"))


def test_the_same_bytes_as_a_table_are_another_text(own_home: Path):
    plain, table = (own.keep(own_home, [TABLE], name, "ann") for name in ("t.txt", "T.CSV"))
    assert table == f"{plain}.table"
    assert (own.TEXTS.found(own_home, plain).table, own.TEXTS.found(own_home, table).table) == (False, True)
    assert own.is_table("x.tsv.gz")
    assert not own.is_table("x.csv.txt")


@pytest.mark.parametrize("name", ["../../../etc/passwd", "..\\..\\x.csv", "a\x00b.csv", "/abs.txt", "x" * 500])
def test_a_name_is_never_a_path(own_home: Path, name: str):
    asked = own.keep(own_home, [TABLE], name, "../../ann")
    assert {path.relative_to(own_home).parts[0] for path in own_home.rglob("*")} == {own.FOLDER}
    assert "/" not in own.TEXTS.found(own_home, asked).name


@pytest.mark.parametrize("asked", ["", "../x", "a" * 63, "A" * 64, f"{'a' * 64}/..", "server", "x" * 10_000])
def test_what_is_no_id_is_told_in_a_sentence(own_home: Path, asked: str):
    with pytest.raises(DataError, match=r"^There is no text") as told:
        own.TEXTS.found(own_home, asked)
    assert len(str(told.value)) < 200


def test_a_text_that_is_not_kept_any_more_is_told(own_home: Path):
    asked = own.keep(own_home, [TALE], "tale.txt", "ann")
    own.TEXTS.give_up(own_home, asked, "eve")  # who has not brought it
    own.keep(own_home, [TALE], "tale.txt", "bob")
    own.TEXTS.give_up(own_home, asked, "ann")
    assert own.TEXTS.found(own_home, asked)
    own.TEXTS.give_up(own_home, asked, "bob")
    with pytest.raises(DataError, match=f"The text {asked[:8]}… is not kept on this server any more"):
        brought(asked)
    with pytest.raises(DataError, match="No text of yours is chosen yet"):
        brought("")


def test_what_is_no_text_is_refused_and_nothing_stays(own_home: Path):
    refused = {
        b"": "mine.txt is empty",
        b" \n\t": "mine.txt is empty",
        b"\x89PNG\r\n\x1a\n" + bytes(100): "mine.txt is a picture (PNG)",
        b"PK\x03\x04" + bytes(100): "mine.txt is a zip archive",
        b"\x80\x04\x95" + bytes(100): "mine.txt is a pickle",
        gzip.compress(gzip.compress(TALE)): "mine.txt is packed twice",
        gzip.compress(b"%PDF-1.7 and so on"): "mine.txt is a PDF",
    }
    for data, sentence in refused.items():
        with pytest.raises(DataError) as told:
            own.keep(own_home, [data], "mine.txt", "ann")
        assert str(told.value).startswith(sentence)
    assert not list((own_home / own.FOLDER).iterdir())


def test_a_person_has_so_much_and_no_more(own_home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(own, "MAX_BYTES", 100)
    monkeypatch.setattr(own, "MOST_BYTES", 150)
    with pytest.raises(DataError, match=r"big.txt is too large: expected at most 0 MB"):
        own.keep(own_home, [b"a b" * 20, b"c d" * 20], "big.txt", "ann")
    with pytest.raises(DataError, match="too large"):
        own.keep(own_home, iter([]), "big.txt", "ann", 101)
    own.keep(own_home, [b"a b " * 25], "one.txt", "ann")
    with pytest.raises(DataError, match="MB a person"):
        own.keep(own_home, [b"c d " * 25], "two.txt", "ann")
    own.keep(own_home, [b"c d " * 25], "two.txt", "bob")
    monkeypatch.setattr(own, "MOST_FILES", 1)
    with pytest.raises(DataError, match="at most 1 texts a person"):
        own.keep(own_home, [b"e f"], "three.txt", "ann")


def test_what_would_fill_the_disk_is_refused(own_home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(receiving, "LEAVE_FREE", 2**60)
    with pytest.raises(DataError, match=r"tale.txt was not kept: the server's disk is nearly full"):
        own.keep(own_home, [TALE], "tale.txt", "ann")
    assert not list((own_home / own.FOLDER).iterdir())


def test_what_a_killed_server_has_left_of_a_text_is_gone_with_the_next_tidying(own_home: Path):
    code = f"""
import os
from pathlib import Path
from engine.words.texts import own
own.keep(Path({str(own_home)!r}), iter(lambda: os.kill(os.getpid(), 9), None), "x.txt", "a")
"""
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)
    assert list((own_home / own.FOLDER).iterdir())
    retention.tidy(own_home)
    assert not list((own_home / own.FOLDER).iterdir())


def test_those_unused_for_long_are_known(own_home: Path):
    asked = own.keep(own_home, [TALE], "tale.txt", "ann")
    about = own_home / own.FOLDER / asked / "about.json"
    long_ago = time.time() - THIRTY_DAYS
    os.utime(about, (long_ago - 9, long_ago - 9))
    assert own.TEXTS.unused_since(own_home, long_ago) == {asked}
    own.TEXTS.found(own_home, asked)  # it is used
    assert not own.TEXTS.unused_since(own_home, long_ago)
    own.TEXTS.delete(own_home, "../x")
    own.TEXTS.delete(own_home, asked)
    assert not list((own_home / own.FOLDER).iterdir())


def test_a_draft_in_the_making_is_left_alone(own_home: Path):
    def coming() -> Iterator[bytes]:
        yield TALE[:10]
        drafts.tidy(own_home / own.FOLDER)
        retention.tidy(own_home)
        yield TALE[10:]

    assert own.TEXTS.found(own_home, own.keep(own_home, coming(), "tale.txt", "ann")).size == len(TALE)


def test_files_on_the_server_are_those_of_the_folders_named(own_home: Path, monkeypatch: pytest.MonkeyPatch):
    folder = own_home / "library"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "tale.txt.gz").write_bytes(gzip.compress(TALE))
    (folder / ".hidden.txt").write_bytes(TALE)
    (own_home / "secret.txt").write_bytes(TALE)
    (folder / "link.txt").symlink_to(own_home / "secret.txt")
    monkeypatch.setenv("LEARNSCOPE_TEXTS", str(folder))
    assert [one.id for one in on_server()] == ["server:library/deep/tale.txt.gz"]
    one = brought("server:library/deep/tale.txt.gz")
    assert (one.path, one.exactly, one.table) == (folder / "deep" / "tale.txt.gz", True, False)
    for asked in ("library/link.txt", "library/../secret.txt", "library/.hidden.txt", "x/y"):
        with pytest.raises(DataError, match=r"^There is no text 'server:[^']*' on this server: choose another.$"):
            brought(f"server:{asked}")
    monkeypatch.delenv("LEARNSCOPE_TEXTS")
    assert not on_server()


@pytest.mark.parametrize("lost", ["about.json", "by"])
def test_a_text_that_was_half_deleted_can_be_brought_again(own_home: Path, lost: str):
    asked = own.keep(own_home, [TALE], "tale.txt", "ann")
    os.rename(own_home / own.FOLDER / asked / lost, own_home / "elsewhere")  # as a server leaves it that is killed
    assert own.keep(own_home, [TALE], "tale.txt", "bob") == asked
    assert [one.id for one in own.TEXTS.listed(own_home, "bob")] == [asked]
