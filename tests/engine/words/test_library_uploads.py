"""Uploads in the library: whose they are, how many there may be, and what is left of those that were cut off."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from engine.errors import DataError
from engine.jobs import Jobs
from engine.keeping import receiving
from engine.words.library import Library
from engine.words.sources import uploads
from engine.words.space import Space
from tests.app_server import ROOT
from tests.engine.words.test_library import GOOD, folder, ids, jobs, library, opened

__all__ = ["folder", "jobs", "library"]


def test_an_upload_is_its_owners_and_opened_by_whoever_knows_its_id(library: Library, jobs: Jobs) -> None:
    asked = uploads.keep(library.home, iter([GOOD[:7], GOOD[7:]]), "../../my <b>vectors</b>.txt", "somebody")
    assert asked in ids(library, "somebody")
    assert asked not in ids(library, "somebody else")
    assert library.source(asked).private
    space = opened(library, jobs, asked)
    assert isinstance(space, Space)
    assert space.vectors.tolist() == [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    assert space.provenance.source == "b>.txt"
    again = uploads.keep(library.home, [GOOD], "again.txt", "somebody")
    assert again != asked, "the id of an upload can be told from its bytes"
    with pytest.raises(DataError):
        uploads.delete(library.home, asked, "somebody else")
    uploads.delete(library.home, asked, "somebody")
    assert asked not in ids(library, "somebody")
    with pytest.raises(DataError, match="There are no vectors"):
        library.space(asked)


def test_a_person_has_a_quota_and_what_is_refused_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MAX_BYTES", 100)
    monkeypatch.setattr(uploads, "MOST_BYTES", 150)
    monkeypatch.setattr(uploads, "MOST_FILES", 3)
    with pytest.raises(DataError, match=r"^big.txt is too large: expected at most 0 MB, and this is more\.$"):
        uploads.keep(tmp_path, [bytes(60), bytes(60)], "big.txt", "a")
    with pytest.raises(DataError, match=r"none\.txt is empty"):
        uploads.keep(tmp_path, [], "none.txt", "a")
    assert not list((tmp_path / "words-uploads").iterdir())
    uploads.keep(tmp_path, [bytes(90)], "one.txt", "a")
    with pytest.raises(DataError, match=r"two\.txt is too large: expected 0 MB a person"):
        uploads.keep(tmp_path, [bytes(90)], "two.txt", "a")
    uploads.keep(tmp_path, [bytes(90)], "theirs.txt", "b")
    for _ in range(2):
        uploads.keep(tmp_path, [bytes(1)], "small.txt", "a")
    with pytest.raises(DataError, match="at most 3 files a person"):
        uploads.keep(tmp_path, [bytes(1)], "small.txt", "a")


def test_what_would_fill_the_disk_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = [receiving.LEAVE_FREE + 1]
    monkeypatch.setattr(receiving.shutil, "disk_usage", lambda _: SimpleNamespace(free=left[0]))
    monkeypatch.setattr(receiving, "LOOK_BYTES", 10)
    uploads.keep(tmp_path, [GOOD], "one.txt", "a")

    def filling() -> Iterator[bytes]:
        yield GOOD
        left[0] = receiving.LEAVE_FREE - 1
        yield GOOD
        pytest.fail("it went on")

    for _ in range(2):
        with pytest.raises(DataError, match=r"^two.txt was not kept: the server's disk is nearly full\.$"):
            uploads.keep(tmp_path, filling(), "two.txt", "a")
        left[0] = receiving.LEAVE_FREE + 1 if left[0] > receiving.LEAVE_FREE else left[0]
    assert len(list((tmp_path / "words-uploads").iterdir())) == 1


def test_what_a_killed_server_has_left_of_an_upload_is_gone_with_the_next(tmp_path: Path) -> None:
    script = f"""
import os
from pathlib import Path
from engine.words.sources import uploads
uploads.keep(Path({str(tmp_path)!r}), iter(lambda: os.kill(os.getpid(), 9), None), "x.txt", "a")
"""
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == -9
    assert len(list((tmp_path / "words-uploads").iterdir())) == 1
    asked = uploads.keep(tmp_path, [GOOD], "one.txt", "a")
    assert [folder.name for folder in (tmp_path / "words-uploads").iterdir()] == [asked.removeprefix("upload:")]


def test_the_uploads_of_others_are_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(30):
        uploads.keep(tmp_path, [GOOD], "one.txt", f"person-{number // 3}")
    asked = next(uploads.listed(tmp_path, "person-3")).id
    monkeypatch.setattr(uploads, "_read", lambda folder: pytest.fail(f"{folder} was read again"))
    assert len(list(uploads.listed(tmp_path, "person-3"))) == 3
    monkeypatch.undo()
    uploads.delete(tmp_path, asked, "person-3")
    assert len(list(uploads.listed(tmp_path, "person-3"))) == 2
