"""Small files of vectors, and those that come packaged with gensim."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from gensim.test.utils import datapath

from engine import quarantine
from engine.words import Space, load, trained
from engine.words.training import train

Open = Callable[..., Space]


@pytest.fixture(scope="module")
def reader() -> Iterator[None]:
    """Keep a process that reads files, as a server does."""
    quarantine.keep_ready()
    yield
    quarantine.close()


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have Learnscope's home in a folder of this test's own, and return it."""
    monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    """Return a function that opens bytes, or a file, as a space kept for this test alone."""

    def open_space(contents: bytes | str | Path, name: str = "vectors.txt", limit: int | None = None) -> Space:
        path = Path(contents) if isinstance(contents, str | Path) else tmp_path / name
        if isinstance(contents, bytes):
            path.write_bytes(contents)
        return load(path, limit, cache=tmp_path / "kept")

    return open_space


@pytest.fixture(scope="package")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Space]:
    """Return a function that opens a file that gensim brings along; all tests share what is kept of it."""
    kept = tmp_path_factory.mktemp("kept")
    return lambda name: load(datapath(name), cache=kept)


@pytest.fixture(scope="session")
def made_up_world(tmp_path_factory: pytest.TempPathFactory) -> Space:
    """The built-in space, trained in full, once for all the processes that run tests."""
    shared = tmp_path_factory.getbasetemp()
    home = (shared.parent if "PYTEST_XDIST_WORKER" in os.environ else shared) / "home of the made-up world"
    home.mkdir(exist_ok=True)
    with FileLock(home / "lock"), pytest.MonkeyPatch.context() as patch:
        patch.setenv("LEARNSCOPE_HOME", str(home))
        for _ in train({"corpus": "world"}):
            pass
        space = trained.opened("world")
    assert space is not None
    return space
