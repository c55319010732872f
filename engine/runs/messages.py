"""The messages about a run, each made in one place; ``engine.frames`` says what is in them."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from engine.asking import Answer
from engine.explanation import Cell
from engine.frames import Message, decode, encode
from engine.readings import Arrays, arrays_of
from engine.training.experiment import Experiment, Moment

ROW = np.dtype("<f8")


def opening(run_id: str, experiment: Experiment) -> bytes:
    """Return what does not change during the run."""
    header = {"run": run_id, "scalars": list(experiment.scalars), "words": dict(experiment.words())}
    return encode(Message("opening", header, arrays_of(experiment.opening())))


def of_run(opening: bytes, run_id: str) -> bytes:
    """Return the opening of another run as that of ``run_id``, which has all that it says in common with it."""
    message = decode(opening)
    return encode(Message(message.kind, {**message.header, "run": run_id}, message.arrays))


def row(names: Sequence[str], moment: Moment) -> np.ndarray:
    """Return the scalars of a moment, (columns,) float64, in the order of ``names``."""
    return np.array([moment.scalars[name] for name in names], dtype=ROW)


def frame(moment: Moment, scalars: np.ndarray, at: float) -> bytes:
    """Return one step, looked at when the worker's clock was at ``at`` seconds: its scalars and its readings."""
    header = {"step": moment.step, "at": round(at, 3), "words": dict(moment.words)}
    return encode(Message("frame", header, {"scalars": scalars, **arrays_of(moment.readings)}))


def state(name: str, step: int, message: str, learning_rate: float | None = None, *, trouble: str = "") -> bytes:
    """Return the run's state; ``message`` is a sentence for a person, or empty, and so is ``trouble``: what stands in
    the way of recording just now.
    """
    header: dict[str, Any] = {
        "state": name,
        "step": step,
        "message": message,
        "trouble": trouble,
        "learning_rate": learning_rate,
    }
    return encode(Message("state", header))


def turn(place: int, waiting: int) -> bytes:
    """Return at which place a run waits for its turn to train, and how many wait; place 0: it does not wait."""
    return encode(Message("turn", {"place": place, "waiting": waiting}))


def refused(message: str) -> bytes:
    """Return why a command was not carried out, in a sentence for a person."""
    return encode(Message("refused", {"message": message}))


def changed(step: int, name: str, value: str) -> bytes:
    """Return that a setting, or a number of the net, was changed at ``step``."""
    return encode(Message("changed", {"step": step, "name": name, "value": value}))


def again(steps: Sequence[int]) -> bytes:
    """Return the steps that were looked at again, for the net was changed there."""
    return encode(Message("again", {}, {"steps": np.array(steps, dtype=np.int32)}))


def control(view: Mapping[str, Any]) -> bytes:
    """Return who controls the run, as one browser is to know it; see ``engine.runs.helm``."""
    return encode(Message("control", dict(view)))


def explained(cell: Cell, told: Mapping[str, Any]) -> bytes:
    """Return how a number came about, or ``{"error": sentence}``."""
    return encode(Message("explained", {"array": cell.array, "index": list(cell.index), **told}))


def answer(asked: int, step: int, told: Answer) -> bytes:
    """Return what the net of ``step`` answers to the question whose id is ``asked``."""
    return encode(Message("answer", {"id": asked, "step": step, "words": dict(told.words)}, arrays_of(told.readings)))


def unanswered(asked: int, message: str) -> bytes:
    """Return why a question has no answer, in a sentence for a person."""
    return encode(Message("answer", {"id": asked, "error": message}))


def reset() -> bytes:
    """Return the word that all recorded frames are void."""
    return encode(Message("reset"))


def series(rows: Mapping[int, bytes] | Sequence[tuple[int, bytes]]) -> bytes:
    """Return the scalars of many steps; each row is the bytes of (columns,) float64."""
    pairs = list(rows.items()) if isinstance(rows, Mapping) else list(rows)
    values = (
        np.frombuffer(b"".join(raw for _, raw in pairs), ROW).reshape(len(pairs), -1) if pairs else np.empty((0, 0))
    )
    arrays: Arrays = {"steps": np.array([step for step, _ in pairs], dtype=np.int32), "scalars": values}
    return encode(Message("series", {}, arrays))


def recorded(steps: Sequence[int]) -> bytes:
    """Return the steps of all frames that can be asked for."""
    return encode(Message("recorded", {}, {"steps": np.array(steps, dtype=np.int32)}))
