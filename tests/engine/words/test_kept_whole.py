"""A space is kept whole or not at all: of openings that are killed, that come together, or that never end."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.errors import DataError
from engine.keeping import drafts
from engine.words import opening, reading, storing
from tests.engine.words.test_library import rows_of


def test_what_a_killed_opening_left_is_tidied_away_and_what_one_writes_is_not(tmp_path: Path) -> None:
    home = tmp_path / "words"
    child = os.fork()
    if child == 0:
        with drafts.drafted(home / "space") as draft:
            (draft / "vectors").write_bytes(bytes(9))
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    assert len(list(home.iterdir())) == 1
    with drafts.drafted(home / "other") as draft:
        drafts.tidy(home)
        assert list(home.iterdir()) == [draft]
        (draft / "vectors").write_bytes(bytes(9))
    drafts.tidy(home)
    assert [path.name for path in home.iterdir()] == ["other"]


def test_a_draft_that_is_just_begun_is_not_tidied_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between its folder and its lock another opening may tidy."""
    make = Path.mkdir

    def make_and_tidy(path: Path, *arguments: Any, **named: Any) -> None:
        make(path, *arguments, **named)
        if path.name.startswith("."):
            drafts.tidy(path.parent)

    monkeypatch.setattr(Path, "mkdir", make_and_tidy)
    with drafts.drafted(tmp_path / "words" / "space") as draft:
        (draft / "vectors").write_bytes(bytes(9))
    assert (tmp_path / "words" / "space" / "vectors").is_file()


def test_of_two_who_write_the_same_space_the_last_one_wins_whole(tmp_path: Path) -> None:
    space = tmp_path / "words" / "space"
    for _ in range(3):
        with drafts.drafted(space) as first:
            (first / "a").write_bytes(b"first")
            (first / "only").touch()
            with drafts.drafted(space) as second:
                (second / "a").write_bytes(b"second")
            assert (space / "a").read_bytes() == b"second"
        assert (space / "a").read_bytes() == b"first"
        assert sorted(path.name for path in space.iterdir()) == ["a", "only"]
    assert list((tmp_path / "words").iterdir()) == [space]


def test_many_processes_that_open_the_same_file_leave_one_whole_space(tmp_path: Path) -> None:
    file = tmp_path / "v.txt"
    file.write_bytes(rows_of(2_000, 20))
    children = []
    for _ in range(6):
        child = os.fork()
        if child == 0:
            status = 1
            try:
                for _ in range(5):
                    for _ in storing.write_folder(storing.telling.open_stream(file), tmp_path / "words" / "space"):
                        pass
                status = 0
            finally:
                os._exit(status)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 6
    space = opening.opened(tmp_path / "words" / "space")
    assert space is not None
    assert len(space) == 2_000
    assert [path.name for path in (tmp_path / "words").iterdir()] == ["space"]


def test_a_reading_that_stands_still_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def reading_on() -> Iterator[storing.Read]:
        yield storing.Read(1, 2, 3)
        while True:
            pass

    monkeypatch.setattr(reading, "PATIENCE_SECONDS", 0.2)
    with pytest.raises(DataError, match=r"^v.txt was given up: no row of it"):
        list(reading.watched(reading_on(), "v.txt", None))  # type: ignore[arg-type]
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


def test_a_reading_that_goes_on_for_too_long_is_given_up() -> None:
    def reading_on() -> Iterator[storing.Read]:
        while True:
            yield storing.Read(1, 2, 3)

    with pytest.raises(DataError, match=r"^v.txt takes more than 0 seconds"):
        list(reading.watched(reading_on(), "v.txt", 0.1))  # type: ignore[arg-type]
