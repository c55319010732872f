"""Pairs of texts, good and bad, brought as a person brings them and read as a run has them read."""

from collections.abc import Callable
from functools import cache
from itertools import islice
from pathlib import Path

import pytest

from engine.asking import Question
from engine.data.translation.spec import TranslationDataSpec
from engine.errors import DataError
from engine.labs.translation import TranslationSpec
from engine.labs.translation_experiment import TranslationExperiment
from engine.translation.own import own_pairs
from engine.words.texts import own

GOOD = "".join(f"one {at}\tun {at}\n" for at in range(30)).encode()
Data = bytes | Callable[[], bytes]


def read(home: Path, data: bytes, name: str, **settings: object) -> tuple[dict[str, str], str]:
    """Have somebody bring pairs, and read them; raises DataError."""
    asked = own.keep(home, [data], name, "ann")
    found = own_pairs(TranslationDataSpec(pairs="own", own=asked).replace(**settings))
    return found.pairs, found.left_out


def refused(data: Data, sentence: str, name: str = "p.txt") -> Callable[..., None]:
    """Return a row: the file is refused in one sentence that begins so, and who comes next is served."""

    def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))
        with pytest.raises(DataError) as told:
            read(tmp_path, data() if callable(data) else data, name)
        said = str(told.value)
        assert said.startswith(sentence), said
        assert said.endswith(".")
        assert len(said) < 600
        assert said.isprintable()
        assert not [mark for mark in ("Traceback", str(tmp_path), ".py", "Error") if mark in said]
        assert not list(tmp_path.rglob(".*")), "a draft was left"
        assert len(read(tmp_path, GOOD, "good.txt")[0]) == 30

    return run


def learnt(data: Data, left_out: str, pairs: int = 30, name: str = "p.txt", **settings: object) -> Callable[..., None]:
    """Return a row: so many pairs are learnt, and what was ``left_out`` is told."""

    def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))
        found, told = read(tmp_path, data() if callable(data) else data, name, **settings)
        assert told == left_out
        assert len(found) == pairs
        assert all(len(side) < 5_000 for pair in found.items() for side in pair)

    return run


def asked(text: bytes, says: str) -> Callable[..., None]:
    """Return a row: a net is asked about what somebody typed, writes something, and says what it did not know."""

    def run() -> None:
        answer = _trained().answer(Question("look", values=text))
        assert says in answer.words["pair"], answer.words["pair"]
        assert answer.words["written_text"].startswith("It writes «")
        assert all(len(word) < 2_000 for word in answer.words.values())

    return run


@cache
def _trained() -> TranslationExperiment:
    experiment = TranslationExperiment(TranslationSpec(samples=200, units=8, dimensions=8))
    next(islice(experiment.steps(), 5, None))
    return experiment
