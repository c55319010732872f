"""Texts that do not want to be learnt from: brought as a person brings them, cut as the server has it done."""

import re
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.errors import DataError
from engine.jobs import Course, Jobs, Order
from engine.words import library
from engine.words.corpus import EncodedText, TextSpec
from engine.words.corpus.cutting import drained
from engine.words.texts import cutting, own
from engine.words.texts.spec import OWN, SourceSpec

Made = bytes | Callable[[], Iterator[bytes]]
MEGABYTE = 2**20
PATIENCE = 120.0


def brought(home: Path, made: Made, name: str, **settings: str) -> SourceSpec:
    """Have somebody bring a text; raises DataError."""
    chunks = [made] if isinstance(made, bytes) else made()
    return SourceSpec.from_strings({"corpus": OWN, "own": own.keep(home, chunks, name, "ann"), **settings})


def text_of(home: Path, made: Made, name: str, rule: str, **settings: str) -> EncodedText:
    return drained(cutting.encoding(brought(home, made, name, **settings), TextSpec.from_strings({"rule": rule})))


def refused(made: Made, sentence: str, name: str = "t.txt", **settings: str) -> Callable[..., None]:
    """Return a row: the text is refused in one sentence that begins so, and no draft of it stays."""

    def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))
        with pytest.raises(DataError) as told:
            text_of(tmp_path, made, name, "words", **settings)
        said = str(told.value)
        assert said.startswith(sentence), said
        assert len(said) < 500
        assert "\n" not in said
        assert str(tmp_path) not in said
        assert "Traceback" not in said
        assert not list(tmp_path.rglob(".*")), "a draft was left"
        assert not list(tmp_path.rglob("ids"))

    return run


def learnt(
    made: Made, tokens: int, words: tuple[str, ...] = (), name: str = "t.txt", rule: str = "words", note: str = "",
    **settings: str,
) -> Callable[..., None]:  # fmt: skip
    """Return a row: the text is cut into so many tokens, the most frequent of them ``words``."""

    def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))
        text = text_of(tmp_path, made, name, rule, **settings)
        assert text.record.tokens == tokens
        assert tuple(text.words[: len(words)]) == words
        assert max(map(len, text.words), default=0) <= 200
        assert [*filter(re.compile(re.escape(note)).match, text.record.notes)] or not note, text.record.notes
        assert not list(tmp_path.rglob(".*"))

    return run


def within_limits(made: Made, most: int, tokens: int | None = None) -> Callable[..., None]:
    """Return a row: cut in a process with so many MB, it comes to so many tokens, or is told to be too much."""

    def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))
        monkeypatch.setattr(library.reading, "LIMITS", library.reading.Limits(most * MEGABYTE, 300, 2**30))
        order = cutting.order(brought(tmp_path, made, "t.txt"), TextSpec())
        starter = library.forge()
        jobs = Jobs(starter)
        try:
            course = finished(jobs, order)
        finally:
            jobs.close()
            starter.close()
        if tokens is None:
            assert (course.state, "more memory" in course.message) == ("failed", True)
        else:
            assert (course.state, course.result) == ("done", {"tokens": tokens}), course.message

    return run


def finished(jobs: Jobs, order: Order) -> Course:
    end = time.monotonic() + PATIENCE
    course: Course | None = jobs.ask(order, "ann")
    while course is None or course.live:
        assert time.monotonic() < end
        time.sleep(0.05)
        course = jobs.course(order)
    return course


def repeated(piece: bytes, times: int) -> Callable[[], Iterator[bytes]]:
    """Return a text that comes piece by piece."""
    return lambda: (piece for _ in range(times))


def packed(piece: bytes, times: int, *, cut: int = 0) -> Callable[[], Iterator[bytes]]:
    """Return the same, packed as it comes; without its last ``cut`` bytes."""

    def come() -> Iterator[bytes]:
        packer = zlib.compressobj(9, wbits=zlib.MAX_WBITS | 16)
        parts = [packer.compress(piece) for _ in range(times)]
        whole = b"".join([*parts, packer.flush()])
        yield whole[: len(whole) - cut]

    return come
