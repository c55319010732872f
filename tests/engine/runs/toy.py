"""A lab without torch whose nets go wrong on demand: its specs say how, and at which step."""

import os
import signal
import stat
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import nan
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from engine.asking import Answer, Question
from engine.errors import DataError, RunError, SpecError
from engine.explanation import Cell, Explanation
from engine.labs.lab import CardPicture, Lab
from engine.labs.sweep import Sweep
from engine.readings import Arrays, Reading
from engine.seeds import numpy_generator
from engine.spec import Knob, Spec
from engine.training.edits import is_edit, read_edit
from engine.training.experiment import Change, Moment, Step

STEPS_PER_EPOCH = 7
HARMLESS_TO_STEPS = ("none", "blind", "stare", "die keeping")


Fault = Literal[
    *("none", "hang", "nan", "raise", "blind", "stare", "refuse", "memory", "die", "die keeping", "exit"),
    *("garbage", "huge", "hoard"),
]


class ToySpec(Spec):
    """``fault`` happens at ``fault_step``; a frame holds ``floats`` numbers; a step takes ``pause`` seconds, and an
    epoch ``pass_seconds`` at least.
    """

    fault: Fault = "none"
    fault_step: Annotated[int, Field(ge=-1, le=1_000_000), Knob("Fault step")] = 5
    floats: Annotated[int, Field(ge=1, le=1_000_000), Knob("Floats")] = 10
    pause: Annotated[float, Field(ge=0, le=1), Knob("Pause")] = 0.0005
    pass_seconds: Annotated[float, Field(ge=0, le=1e6), Knob("Seconds for a pass")] = 0
    last: Annotated[int, Field(ge=0, le=10_000_000), Knob("Last step")] = 10_000_000
    learning_rate: Annotated[float, Field(ge=0, le=1), Knob("Learning rate", live=True)] = 0.01
    seed: Annotated[int, Field(ge=0), Knob("Seed")] = 1


@dataclass(frozen=True, slots=True, eq=False)
class Picture(Reading):
    name: ClassVar[str] = "picture"
    value: np.ndarray


class ToyExperiment:
    """Weights that roll down a noisy bowl.

    ``passes`` are the times that a step came once more after a hand had set a weight: as dropout's masks or batch
    norm's means, they would tell of a change that was made twice.
    """

    scalars = ("loss", "val_loss", "score", "val_score", "learning_rate", "foreseen")

    def __init__(self, spec: ToySpec) -> None:
        self._spec = spec
        self.meanwhile: Callable[[], None] = lambda: None
        self._rate = spec.learning_rate
        self._weight = np.zeros(4)
        self._foreseen = -1
        self._number = 0
        self._touched = False
        self._passes = 0
        if spec.fault_step == -1:
            self._fail()

    def opening(self) -> tuple[Reading, ...]:
        return (Picture(np.arange(3, dtype=np.float32)),)

    def words(self) -> Mapping[str, str]:
        return {"score": "accuracy"}

    def steps(self, since: Arrays | None = None) -> Iterator[Step]:
        noise = numpy_generator(self._spec.seed, "toy")
        self._weight = noise.normal(size=4)
        self._foreseen = -1
        self._touched = False
        self._passes = 0
        first = 0
        if since is not None:
            first = int(since["number.number"])
            self._weight = since["net.weight"].copy()
            self._rate = float(since["number.rate"])
            self._passes = int(since["number.passes"])
            noise.normal(scale=0.01, size=(first, 4))
        for number in range(first, self._spec.last + 1):
            self._number = number
            loss = float(np.square(self._weight).sum())
            if number >= self._spec.fault_step >= 0 and self._spec.fault not in HARMLESS_TO_STEPS:
                loss = self._fail() if number == self._spec.fault_step or self._spec.fault == "nan" else loss
            yield Step(number, number / STEPS_PER_EPOCH, loss)
            while self._touched:
                self._touched = False
                self._passes += 1
                yield Step(number, number / STEPS_PER_EPOCH, float(np.square(self._weight).sum()))
            time.sleep(self._spec.pause)
            self._weight = self._weight * (1 - self._rate) + noise.normal(scale=0.01, size=4)

    def foresee(self) -> None:
        self._foreseen = self._number

    def observe(self, step: Step) -> Moment:
        if self._spec.fault == "blind" and step.number == self._spec.fault_step:
            raise ZeroDivisionError("a fault of a probe")
        while self._spec.fault == "stare" and step.number >= self._spec.fault_step:
            time.sleep(0.01)
            self.meanwhile()
        values = (step.loss, step.loss, 0.5, float(self._passes) or nan, self._rate, float(self._foreseen))
        picture = np.full(self._spec.floats, self._weight[0], dtype=np.float32)
        return Moment(
            step.number, dict(zip(self.scalars, values, strict=True)), (Picture(picture),), {"gradients": "fine"}
        )

    def snapshot(self) -> tuple[np.ndarray, float, int, int]:
        return self._weight, self._rate, self._foreseen, self._passes

    def adopt(self, snapshot: tuple[np.ndarray, float, int, int]) -> None:
        self._weight, self._rate, self._foreseen, self._passes = snapshot

    def answer(self, question: Question, tensors: Arrays | None = None) -> Answer:
        if question.what == "hang":
            time.sleep(60)
        if question.what == "die":
            os._exit(3)
        if question.what == "raise":
            raise ValueError("a fault of the lab")
        if question.what != "look":
            raise RunError(f"There is no {question.what} here.")
        weight = self._weight if tensors is None else tensors["weight"]
        brought = np.frombuffer(question.values, np.uint8)
        return Answer((Picture((weight[0] * brought).astype(np.float32)),), {"seen": str(question.settings)})

    def script(self, changes: Sequence[Change], steps: int) -> str:
        return f"print({steps})\n"

    def explain(self, step: int, arrays: Arrays, cell: Cell) -> Explanation:
        if cell.array == "hang":
            time.sleep(60)
        if cell.array == "die":
            os._exit(3)
        if cell.array == "raise":
            raise ValueError("a fault of the lab")
        if cell.array == "hoard":
            self.hoarded = bytearray(2**29)
            return Explanation("how much is hoarded", len(self.hoarded))
        if cell.array != "picture.value":
            raise RunError(f"There is no {cell.array} here.")
        value = float(arrays[cell.array][cell.index])
        return Explanation("the number", value, (f"at step {step}",), "picture", ("value",))

    def stop_reason(self) -> str | None:
        return f"All {self._spec.last} steps are made." if self._number == self._spec.last else None

    def set(self, name: str, value: str) -> None:
        if is_edit(name):
            edit = read_edit(name, value)
            if edit.tensor != "weight" or edit.index[0] > 3:
                raise SpecError(f"There is no {name}.")
            self._weight[edit.index[0]] = edit.value
            self._touched = True
            return
        if name != "learning_rate":
            raise SpecError(f"{name} cannot be changed while the run goes on.")
        self._rate = ToySpec.from_strings({name: value}).learning_rate

    def checkpoint(self) -> Arrays:
        if self._spec.fault == "die keeping" and self._number >= self._spec.fault_step:
            os.kill(os.getpid(), signal.SIGKILL)
        return {
            "net.weight": self._weight.copy(),
            "number.number": np.array(float(self._number)),
            "number.rate": np.array(self._rate),
            "number.passes": np.array(float(self._passes)),
        }

    def _fail(self) -> float:
        match self._spec.fault:
            case "hang":
                while True:
                    time.sleep(0.01)
            case "raise":
                raise ZeroDivisionError("a fault of the program")
            case "memory":
                bytearray(2**60)
            case "refuse":
                raise DataError("The table has no rows: expected at least two.")
            case "die":
                os.kill(os.getpid(), signal.SIGKILL)
            case "exit":
                os._exit(3)
            case "garbage":
                os.write(_own_socket(), b"\x10\0\0\0" + b"this is no frame")
                time.sleep(30)
            case "huge":
                os.write(_own_socket(), b"\xff\xff\xff\xff")
                time.sleep(30)
            case "hoard":
                hoarded = []
                while True:
                    hoarded.append(np.ones(2**20))
        return nan


def _own_socket() -> int:
    """Return the worker's end of the socket to the server: the only socket that this process has."""
    (found,) = [n for n in map(int, os.listdir("/proc/self/fd")) if _is_socket(n) and n > 2]
    return found


def _is_socket(descriptor: int) -> bool:
    try:
        return stat.S_ISSOCK(os.fstat(descriptor).st_mode)
    except OSError:
        return False


class ToySweepSpec(Spec):
    """How many places there are, and what happens at the last."""

    count: int = 3
    fault: Literal["", "hang", "raise", "refuse", "die", "memory"] = ""
    mark: int = 0


def train(spec: ToySweepSpec, place: tuple[int, ...]) -> dict[str, int]:
    if place[0] == spec.count:
        match spec.fault:
            case "hang":
                time.sleep(60)
            case "raise":
                raise ZeroDivisionError("a fault of the program")
            case "refuse":
                raise DataError("There is nothing to be learnt.")
            case "die":
                os.kill(os.getpid(), signal.SIGKILL)
            case "memory":
                bytearray(8 * 2**30)
    return {"found": 10 * place[0]}


SWEEP = Sweep(
    "tens",
    ToySweepSpec,
    lambda spec: [(place,) for place in range(1, spec.count + 1)],
    "tests.engine.runs.toy:train",
)

LABS = {
    "toy": Lab(
        "toy",
        "Toy",
        "A net that goes wrong.",
        ToySpec,
        "tests.engine.runs.toy:ToyExperiment",
        lambda _: (),
        CardPicture("Nothing.", ""),
        sweeps=(SWEEP,),
    )
}
