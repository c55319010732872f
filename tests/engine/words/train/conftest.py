"""A text that is cut once for all tests of what learns from it."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from engine.words import world
from engine.words.corpus import EncodedText, TextSpec
from engine.words.corpus.encoding import encode
from engine.words.corpus.source import MadeSource


@pytest.fixture(scope="session")
def tale(tmp_path_factory: pytest.TempPathFactory) -> EncodedText:
    """Return 8,000 sentences of the made-up world: enough to learn something of it."""
    return text_of(world.sentences(count=8_000), tmp_path_factory.mktemp("tale") / "text")


@pytest.fixture(scope="session")
def short_tale(tmp_path_factory: pytest.TempPathFactory) -> EncodedText:
    """Return 1,500 sentences: enough for numbers to be compared."""
    return text_of(world.sentences(count=1_500), tmp_path_factory.mktemp("short tale") / "text")


def text_of(sentences: Iterable[list[str]], folder: Path) -> EncodedText:
    """Return sentences as numbers that lie in ``folder``."""
    source = MadeSource("The made-up world", lambda: map(" ".join, sentences))
    for _ in encode(source, TextSpec(ends="lines"), folder):
        pass
    return EncodedText.open(folder)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where everything is kept."""
    monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))
    return tmp_path
