"""What experiments share: live settings of every kind are kept in a checkpoint, sent with a snapshot, and refused."""

from typing import Annotated, Literal

import pytest
import torch
from pydantic import Field
from torch import nn

from engine.data.catalogue import PROBLEMS
from engine.errors import SpecError
from engine.labs.learning import Learning
from engine.spec import Knob
from engine.training.fit import Points
from engine.training.settings import TrainingSpec
from engine.training.task import make_task


class LiveSpec(TrainingSpec):
    way: Annotated[Literal["greedy", "beam"], Knob("Way", live=True)] = "greedy"
    shown: Annotated[bool, Knob("Shown", live=True)] = False
    unit: Annotated[int, Field(ge=0, le=9), Knob("Unit", live=True)] = 0
    heat: Annotated[float, Field(ge=0, le=2), Knob("Heat", live=True)] = 1.0


class Line(Learning[LiveSpec, nn.Linear]):
    def __init__(self) -> None:
        points = Points(torch.arange(6.0)[:, None], torch.arange(6.0))
        super().__init__(LiveSpec(batch_size=2), make_task(PROBLEMS["plane"], "auto"), points, {"line": "weight"})

    def make_net(self) -> nn.Linear:
        net = nn.Linear(1, 1, device="meta").to_empty(device="cpu")
        nn.init.zeros_(net.weight)
        nn.init.zeros_(net.bias)
        return net

    def validate(self) -> tuple[float, float]:
        return 0.0, 0.0


CHANGED = {"learning_rate": "0.1", "way": "beam", "shown": "true", "unit": "7", "heat": "0.25"}


def changed() -> Line:
    line = Line()
    steps = line.steps()
    next(steps)
    for name, value in CHANGED.items():
        line.set(name, value)
    next(steps)
    return line


def live(line: Line) -> dict[str, str]:
    return {name: line.live.text_of(name) for name in CHANGED}


def test_live_settings_are_where_they_were_after_a_checkpoint() -> None:
    kept, other = changed().checkpoint(), Line()
    next(other.steps(kept))
    assert live(other) == CHANGED
    assert other.checkpoint().keys() == kept.keys()


def test_live_settings_come_with_a_snapshot() -> None:
    other = Line()
    other.adopt(changed().snapshot())
    assert live(other) == CHANGED
    assert other.rate(0.0) == 0.1


@pytest.mark.parametrize(
    ("name", "number"), [("way", 2.0), ("way", -1.0), ("shown", 0.5), ("unit", float("nan")), ("heat", 9.0)]
)
def test_a_checkpoint_with_other_numbers_is_refused_in_a_sentence(name: str, number: float) -> None:
    line = Line()
    with pytest.raises(SpecError, match=f"{name}: expected"):
        line.set_live({**line.live_numbers(), name: number})


def test_a_step_that_is_looked_at_twice_has_the_losses_of_its_batches_twice() -> None:
    line = Line()
    steps = line.steps()
    losses = [next(steps).loss for _ in range(2)]
    assert line.snapshot().batch_losses == losses
    line.set("heat", "0.5")
    assert line.snapshot().batch_losses == losses
    assert line.snapshot().live["heat"] == 0.5
    assert [next(steps).loss] == line.snapshot().batch_losses
