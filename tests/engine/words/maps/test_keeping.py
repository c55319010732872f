"""Where maps are kept: which go when there is no room, what is left of one that was broken off, whose lock holds."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from engine.frames import Message
from engine.words.maps import keeping
from engine.words.maps.spec import maps_folder


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))
    return tmp_path


def put(key: str, used_at: float, points: int = 10) -> None:
    """Keep a finished map that was looked at last at some time."""
    with keeping.claimed(key) as folder:
        assert folder is not None
        keeping.write(folder / keeping.WORDS, json.dumps([f"w{row}" for row in range(points)]).encode())
        arrays = {"rows": np.arange(points, dtype=np.int32), "positions": np.zeros((points, 2), np.float32)}
        keeping.write(folder / keeping.MAP, Message("map", {"n": points}, arrays))
    os.utime(folder / keeping.MAP, (used_at, used_at))


def there() -> list[str]:
    return sorted(folder.name for folder in maps_folder().iterdir() if not folder.name.startswith("."))


def test_of_more_maps_than_are_kept_those_unused_for_longest_go(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(keeping, "MOST_MAPS", 3)
    for number, key in enumerate("abcde"):
        put(key, 1_000.0 + number)
    assert keeping.kept("b") is not None, "it is looked at, and so it is the newest"
    keeping.tidy()
    assert there() == ["b", "d", "e"]


def test_a_map_that_was_just_made_stays_however_full_it_is(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(keeping, "MOST_MAPS", 1)
    for number, key in enumerate("abc"):
        put(key, 1_000.0 + number)
    keeping.tidy(but="a")
    assert there() == ["a"]
    monkeypatch.setattr(keeping, "MOST_BYTES", 1)
    keeping.tidy(but="a")
    assert there() == ["a"]
    keeping.tidy()
    assert there() == []


def test_of_more_bytes_than_are_kept_those_unused_for_longest_go_what_lies_beside_a_map_counts(
    monkeypatch: pytest.MonkeyPatch,
):
    for number, key in enumerate("abc"):
        put(key, 1_000.0 + number, 10_000)
    size = sum(file.stat().st_size for file in (maps_folder() / "a").iterdir())
    monkeypatch.setattr(keeping, "MOST_BYTES", 3 * size + 10_000)
    keeping.tidy()
    assert there() == ["a", "b", "c"]
    (maps_folder() / "c" / "scores").mkdir()
    (maps_folder() / "c" / "scores" / "x.lsf").write_bytes(bytes(size // 2))
    keeping.tidy()
    assert there() == ["b", "c"]


def test_what_nobody_finishes_is_removed_and_what_is_being_made_is_left_alone():
    put("done", 1_000.0)
    left = maps_folder() / "left"
    left.mkdir()
    (left / keeping.LAYOUT).write_bytes(b"x")
    with keeping.claimed("going") as folder:
        assert folder is not None
        keeping.tidy()
        assert there() == ["done", "going"]
        with keeping.claimed("going") as second:
            assert second is None, "there is one who makes it"
        keeping.remove("going")
        assert there() == ["done", "going"]
    assert there() == ["done"], "it was left without a map"


def test_a_map_that_is_not_whole_is_none():
    put("a", 1_000.0)
    assert keeping.kept("a") == {"n": 10}
    for spoil in (b"", b"[]", b'["only one"]', b"[" * 10_000):
        (maps_folder() / "a" / keeping.WORDS).write_bytes(spoil)
        assert keeping.kept("a") is None
    assert keeping.kept("never") is None
