"""Texts with classes, good and bad, brought as a person brings them and read as the server has them read."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from engine.asking import Question
from engine.data.sequences import own
from engine.data.sequences.gathering import How
from engine.data.sequences.pack import Pack
from engine.data.sequences.reading import drained, reading
from engine.errors import DataError, RunError
from engine.labs.catalogue import LABS
from engine.training.experiment import Experiment
from tests.hostile import images

Files = Mapping[str, bytes]
Made = Files | Callable[[], Files]
GOOD: Files = {"French.txt": b"Moreau\nDumont\nVautier\n", "Polish.txt": b"Nowak\nLisowski\n"}
PARENT = "Left out: "


def keep(home: Path, files: Files, owner: str = "ann") -> str:
    """Have somebody bring files; raises DataError."""
    data = list(files.values())
    return own.keep(home, [b"".join(data)], "/".join(files), owner, sizes=[len(one) for one in data])


def packed(home: Path, files: Files, how: How | None = None) -> Pack:
    """Have somebody bring files, and read them; raises DataError."""
    return drained(reading(keep(home, files), how or How()))


def archive(files: Files, **options: object) -> bytes:
    """Return a zip archive of files by their names."""
    return images.archive(files, **options)  # type: ignore[arg-type]


def with_one(name: str, contents: bytes, around: str = "") -> dict[str, bytes]:
    """Return an archive of good files with one more, its last."""
    return {"n.zip": archive({**{f"{around}{one}": data for one, data in GOOD.items()}, name: contents})}


def table(*rows: str, header: str = "name,language") -> bytes:
    """Return a table of such rows."""
    return "\n".join([header, *rows]).encode()


def refused(made: Made, sentence: str, how: How | None = None) -> Callable[..., None]:
    """Return a row: the files are refused in one sentence that begins so, and nothing is read, nor half kept."""

    def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))
        with pytest.raises(DataError) as told:
            packed(tmp_path, made() if callable(made) else made, how)
        said = str(told.value)
        assert said.startswith(sentence), said
        assert said.endswith(".")
        assert len(said) < 600
        assert said.isprintable()
        assert not [mark for mark in ("Traceback", str(tmp_path), ".py", "Error") if mark in said]
        assert not list(tmp_path.rglob(".*")), "a draft was left"
        assert not list(tmp_path.rglob("record.json"))
        assert packed(tmp_path, GOOD).record.texts == 5, "who comes next is served"

    return run


def learnt(
    made: Made,
    texts: tuple[str, ...],
    classes: tuple[str, ...],
    left_out: str = "",
    warned: str = "",
    how: How | None = None,
) -> Callable[..., None]:
    """Return a row: these texts are learnt from, and these classes; what was ``left_out`` is told."""

    def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))
        found = packed(tmp_path, made() if callable(made) else made, how)
        assert found.record.texts == len(found.texts) == len(found.labels)
        assert found.texts[: len(texts)] == texts
        assert found.record.classes == classes
        assert [sum(found.labels == label) for label in range(len(classes))] == list(found.record.counts)
        assert found.record.told_dropped() == (f"{PARENT}{left_out}." if left_out else "")
        assert " ".join(found.record.told_warnings()) == warned
        assert all(name.isprintable() and len(name) <= 43 for name in found.record.classes)
        assert {path.name for path in tmp_path.iterdir()} == {own.FOLDER}

    return run


def learnt_partly(files: Files, left_out: str) -> Callable[..., None]:
    """Return a row: the good files are learnt from, and why one was ``left_out`` is told, if at length."""

    def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))
        found = packed(tmp_path, files)
        assert found.record.classes == ("French", "Polish")
        assert found.record.told_dropped().startswith(f"{PARENT}{left_out}"), found.record.told_dropped()

    return run


def asked(text: bytes, says: str, **settings: str) -> Callable[..., None]:
    """Return a row: a net is asked about what somebody typed, and says so in few words."""

    def run() -> None:
        answer = _reader(settings).answer(Question("look", values=text))
        assert says in answer.words["watched"], answer.words["watched"]
        assert all(len(word) < 2_000 for word in answer.words.values())
        shares = next(one for one in answer.readings if one.name == "arriving").arrays()["arriving.probabilities"]
        there = shares[:, np.isfinite(shares).all(axis=0)]
        assert there.shape[1] > 0
        np.testing.assert_allclose(there.sum(axis=0), 1, rtol=1e-5)

    return run


def not_asked(text: bytes, sentence: str, **settings: str) -> Callable[..., None]:
    """Return a row: there is nothing that a net could be asked about, which is said."""

    def run() -> None:
        with pytest.raises(RunError, match=re.escape(sentence)) as told:
            _reader(settings).answer(Question("look", values=text))
        assert len(str(told.value)) < 300
        assert str(told.value).isprintable()

    return run


def _reader(settings: Mapping[str, str]) -> Experiment:
    lab = LABS["sequences"]
    return lab.open(lab.spec.from_strings({"samples": "100", "units": "2", "layers": "1", **settings}))
