"""Texts to be gone on with, good and bad: brought as a person brings them, learnt for a step, looked at and asked."""

import json
import re
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from engine.asking import Question
from engine.errors import DataError, RunError
from engine.explanation import Cell
from engine.labs.generation import LAB, GenerationSpec
from engine.labs.generation_experiment import GenerationExperiment
from engine.labs.transformers import LAB as TRANSFORMERS
from engine.labs.transformers import TransformersSpec
from engine.labs.transformers_experiment import TransformersExperiment
from engine.language.vocabulary import shown
from engine.readings import Arrays, arrays_of
from engine.training.experiment import Moment
from engine.words.texts import own

Made = bytes | Callable[[], Iterable[bytes]]
SMALL = {"units": "8", "dimensions": "4", "chunk": "16", "characters": "20000", "sample_length": "20"}
NARROW = {"width": "8", "heads": "1", "blocks": "1", "neurons": "4", "samples": "1000", "length": "16"}
LONGEST = 3_000
"""Characters that the words of one look may have."""


def opened(home: Path, made: Made, name: str, **settings: str) -> GenerationExperiment:
    """Have somebody bring a text, and open a run of it; raises DataError."""
    kept = own.keep(home, [made] if isinstance(made, bytes) else made(), name, "ann")
    spec = GenerationSpec.from_strings({"text": "own", "own": kept, **SMALL, **settings})
    LAB.panels(spec)
    return GenerationExperiment(spec)


def opened_by_attention(home: Path, made: Made, name: str, **settings: str) -> TransformersExperiment:
    """Have somebody bring a text, and open a run of a transformer that learns it; raises DataError."""
    kept = own.keep(home, [made] if isinstance(made, bytes) else made(), name, "ann")
    spec = TransformersSpec.from_strings({"sequences": "text", "style": "own", "own": kept, **NARROW, **settings})
    TRANSFORMERS.panels(spec)
    return TransformersExperiment(spec)


def refused(
    opens: Callable[..., object], made: Made, sentence: str, name: str = "t.txt", **settings: str
) -> Callable[..., None]:
    """Return a row: the text is refused, as a lab ``opens`` a run of it, in one sentence that begins so."""

    def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))
        with pytest.raises(DataError) as told:
            opens(tmp_path, made, name, **settings)
        said = str(told.value)
        assert said.startswith(sentence), said
        assert len(said) < 500
        assert "\n" not in said
        assert not [mark for mark in ("Traceback", str(tmp_path), ".py", "Error") if mark in said]
        assert not list(tmp_path.rglob(".*")), "a draft was left"

    return run


def learnt(made: Made, different: int, name: str = "t.txt", **settings: str) -> Callable[..., None]:
    """Return a row: the text is learnt, by so many different symbols, is looked at, and the net answers."""

    def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))
        experiment = opened(tmp_path, made, name, **settings)
        assert experiment.words()["inputs"] == f"{different + 1:,} symbols, one of them for all unknown ones"
        _, moment = walked(experiment)
        assert np.isfinite(moment.scalars["bits"])
        assert sum(map(len, moment.words.values())) < LONGEST
        beam = {"prompt": "a", "length": 9, "strategy": "beam"}
        for question in (Question("continue", beam), Question("compare", {"first": "a", "second": "b"})):
            json.loads(experiment.answer(question).words["told"])

    return run


def attended(made: Made, different: int, typed: str, **settings: str) -> Callable[..., None]:
    """Return a row: a transformer learns the text, by so many symbols, is looked at, and reads what is typed."""

    def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))
        experiment = opened_by_attention(tmp_path, made, "t.txt", **settings)
        assert experiment.words()["inputs"].startswith(f"{different:,} symbols, ")
        step = next(islice(experiment.steps(), 1, None))
        assert np.isfinite(experiment.observe(step).scalars["val_loss"])
        read = experiment.answer(Question("look", values=typed.encode())).words["read"]
        assert read.split("\n") == [shown(letter) for letter in typed]

    return run


def asked(typed: bytes, says: str) -> Callable[..., None]:
    """Return a row: a net is asked about what somebody typed, and says so in few words."""

    def run() -> None:
        experiment = made()
        walked(experiment)
        answer = experiment.answer(Question("look", values=typed))
        assert says in answer.words["next"], answer.words["next"]
        assert all(len(word) < LONGEST for word in answer.words.values())
        assert np.isfinite(arrays_of(answer.readings)["choice.told"]).all()

    return run


def not_asked(what: str, settings: dict[str, object], sentence: str) -> Callable[..., None]:
    """Return a row: a question is refused in a sentence, and the net answers the next one."""

    def run() -> None:
        experiment = made()
        walked(experiment)
        with pytest.raises(RunError, match=re.escape(sentence)) as told:
            experiment.answer(Question(what, settings))
        assert len(str(told.value)) < 300
        assert experiment.answer(Question("compare", {"first": "a", "second": "b"})).words["told"]

    return run


def not_explained(array: str, index: tuple[int, ...]) -> Callable[..., None]:
    """Return a row: of a number that there is not nothing is explained, in a sentence."""

    def run() -> None:
        experiment = made()
        step, moment = walked(experiment)
        arrays = frame(experiment, moment)
        with pytest.raises(RunError, match="expected") as told:
            experiment.explain(step, arrays, Cell(array, index))
        assert len(str(told.value)) < 300

    return run


def made() -> GenerationExperiment:
    """Return a small run of a text of the app's own."""
    return GenerationExperiment(GenerationSpec.from_strings({**SMALL, "characters": "4000"}))


def walked(experiment: GenerationExperiment) -> tuple[int, Moment]:
    """Learn for a step, and look."""
    step = next(islice(experiment.steps(), 1, None))
    return step.number, experiment.observe(step)


def frame(experiment: GenerationExperiment, moment: Moment) -> Arrays:
    """Return the arrays of a frame."""
    scalars = np.array([moment.scalars[name] for name in experiment.scalars])
    return arrays_of(moment.readings) | {"scalars": scalars}
