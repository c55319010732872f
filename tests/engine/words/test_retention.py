"""Of what is kept the spaces that were unused for longest go, and uploads that nobody uses; nothing that is in use."""

import gc
import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from engine.errors import DataError
from engine.keeping import drafts
from engine.words import library as library_module
from engine.words import load, opening, retention
from engine.words.library import Library
from engine.words.sources import uploads
from engine.words.train.glove_counts import counts_of
from engine.words.train.glove_spec import GloveSpec
from tests.app_server import ROOT
from tests.engine.words.train.conftest import text_of

GOOD = b"the 1 2 3\nof 4 5 6\nand 7 8 9\n"
DAY = 24 * 3600


def kept(home: Path, *names: str) -> list[Path]:
    """Return the folders of spaces that were used one after the other, long ago."""
    folders = []
    for age, name in enumerate(reversed(names), 1):
        file = home / f"{name}.txt"
        file.write_bytes(GOOD)
        load(file, cache=home / "words")
        folder = home / "words" / opening.key_of(file, None)
        os.utime(folder / "provenance.json", (time.time() - age * DAY,) * 2)
        folders.insert(0, folder)
    gc.collect()
    return folders


def size_of(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir())


def test_the_spaces_unused_for_longest_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a, b, c, d = kept(tmp_path, "a", "b", "c", "d")
    retention.tidy(tmp_path)
    assert all(folder.is_dir() for folder in (a, b, c, d)), "there is room"
    assert opening.opened(a) is not None  # now it is the last that was used
    gc.collect()
    monkeypatch.setattr(retention, "MOST_BYTES", 2 * size_of(a) + 1)
    retention.tidy(tmp_path)
    assert [folder.is_dir() for folder in (a, b, c, d)] == [True, False, False, True]
    assert not [entry for entry in (tmp_path / "words").iterdir() if entry.name.startswith(".")], "nothing is left"
    assert opening.opened(b) is None


def test_the_counts_kept_with_a_text_take_room_and_go_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = text_of([["the", "dog", "barks"]] * 9, tmp_path / "words" / "text-1")
    left = text.folder / ".counts-5-both-3.abcdef"
    left.mkdir()
    for _ in counts_of(text, GloveSpec(), 3):
        pass
    assert not left.exists()
    (counts,) = text.folder.glob("counts-*")
    (counts / "more").write_bytes(bytes(50_000))
    os.utime(text.folder / "record.json", (1, 1))
    folder = text.folder
    del text
    (new,) = kept(tmp_path, "new")
    monkeypatch.setattr(retention, "MOST_BYTES", size_of(new) + 40_000)
    retention.tidy(tmp_path)
    assert not folder.exists()
    assert new.exists()


def test_a_new_space_takes_the_place_of_old_ones_and_never_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (old,) = kept(tmp_path, "old")
    monkeypatch.setattr(retention, "MOST_BYTES", 0)
    (tmp_path / "new.txt").write_bytes(GOOD)
    space = load(tmp_path / "new.txt", cache=tmp_path / "words")
    assert not old.exists()
    assert space.folder is not None
    assert space.folder.is_dir()


def test_what_somebody_has_open_stays_and_others_go_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here, there, free = kept(tmp_path, "here", "there", "free")
    monkeypatch.setattr(retention, "MOST_BYTES", 0)
    mine = opening.opened(here)
    script = f"""
import sys
from pathlib import Path
from engine.words import opening
space = opening.opened(Path({str(there)!r}))
print(len(space), flush=True)
sys.stdin.read()
"""
    run = subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert run.stdout is not None
    assert run.stdout.readline() == "3\n"
    os.utime(there / "provenance.json", (1, 1))
    retention.tidy(tmp_path)
    assert [folder.is_dir() for folder in (here, there, free)] == [True, True, False]
    run.communicate()
    retention.tidy(tmp_path)
    assert [folder.is_dir() for folder in (here, there)] == [True, False]
    assert mine is not None
    assert mine.similarity("the", "of") > 0
    del mine
    gc.collect()
    retention.tidy(tmp_path)
    assert not here.exists()


def test_a_draft_stays_while_it_is_written_and_what_the_dead_have_left_goes(tmp_path: Path) -> None:
    with drafts.drafted(tmp_path / "words" / "living") as draft:
        (tmp_path / "words" / ".dead.0123456789ab").mkdir()
        (tmp_path / "words-uploads" / ".dead.0123456789ab").mkdir(parents=True)
        retention.tidy(tmp_path)
        assert draft.is_dir()
        assert [entry.name for entry in (tmp_path / "words").iterdir()] == [draft.name]
        assert not list((tmp_path / "words-uploads").iterdir())


@pytest.mark.parametrize(
    ("named", "free", "most"),
    [
        ("", 100 << 30, 20 << 30),
        ("300", 100 << 30, 300 << 20),
        ("much", 100 << 30, 20 << 30),
        ("300", (1 << 30) + 5, 12 + 5),
        ("", 1 << 29, 0),
    ],
)
def test_what_is_kept_is_what_is_set_and_less_where_the_disk_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str, free: int, most: int
) -> None:
    monkeypatch.setenv("LEARNSCOPE_WORDS_KEPT_MB", named)
    monkeypatch.setattr(retention.shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    assert retention.most_kept(tmp_path, 12) == most


def test_an_upload_that_nobody_uses_goes_with_its_space_and_that_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = Library(tmp_path, {})
    old, fresh = (uploads.keep(tmp_path, [GOOD], f"{name}.txt", "a") for name in ("old", "fresh"))
    for asked in (old, fresh):
        folder = library.folder(asked)
        assert folder is not None
        load(tmp_path / "words-uploads" / asked.removeprefix("upload:") / "file", cache=folder.parent)
        assert folder.is_dir()
    gc.collect()
    about = {asked: tmp_path / "words-uploads" / asked.removeprefix("upload:") / "about.json" for asked in (old, fresh)}
    for asked in (old, fresh):
        os.utime(about[asked], (time.time() - 31 * DAY,) * 2)
    assert library.source(fresh).title == "fresh.txt"  # whoever has it before them uses it
    library.tidy()
    assert [one.id for one in uploads.listed(tmp_path, "a")] == [fresh]
    assert library.space(fresh) is not None
    with pytest.raises(DataError, match=r"^old\.txt is gone: nobody had opened it for 30 days\.$"):
        library.space(old)
    left = about[old].parent
    assert [entry.name for entry in left.iterdir()] == ["gone.json"]
    os.utime(left / "gone.json", (time.time() - 366 * DAY,) * 2)
    library.tidy()
    assert not left.exists()
    with pytest.raises(DataError, match="There are no vectors"):
        library.space(old)


def test_who_deletes_an_upload_deletes_its_space(tmp_path: Path) -> None:
    library = Library(tmp_path, {})
    asked = uploads.keep(tmp_path, [GOOD], "mine.txt", "a")
    folder = library.folder(asked)
    assert folder is not None
    load(tmp_path / "words-uploads" / asked.removeprefix("upload:") / "file", cache=folder.parent)
    uploads.delete(tmp_path, asked, "a")
    assert not folder.exists()


def test_a_space_that_nobody_asks_for_is_not_held_open_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = Library(tmp_path, {})
    folder = library.folder("packaged:euclidean")
    assert folder is not None
    load(library._file("packaged:euclidean")[0], cache=tmp_path / "words")
    assert library.space("packaged:euclidean") is not None
    assert library.grown.is_set()
    monkeypatch.setattr(retention, "MOST_BYTES", 0)
    gc.collect()
    library.tidy()
    assert folder.is_dir()
    monkeypatch.setattr(library_module, "IDLE_SECONDS", -1.0)
    library.tidy()
    assert not folder.exists()
    assert library.space("packaged:euclidean") is None
