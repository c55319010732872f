"""Small files of vectors, and those that come packaged with gensim."""

from collections.abc import Callable
from pathlib import Path

import pytest
from gensim.test.utils import datapath

from engine.words import Space, load

Open = Callable[..., Space]


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
