"""Scripts that are taken away, run as whoever takes them would run them, and the runs that they are of."""

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from safetensors.numpy import save_file

from engine.training.experiment import Change, Experiment, Step

E = TypeVar("E", bound=Experiment)
TRAIN, VALIDATION = "training loss ", "validation loss "
LOAD = """
from safetensors.torch import load_file
print(net.load_state_dict(load_file("run.safetensors")))
"""


class Ended(NamedTuple, Generic[E]):
    """How a run of a ``name`` ended, at its last ``step``, and its script likewise: how many ``losses`` of steps were
    told, and those over what is learnt (``train``) and what is held out (``validation``).
    """

    name: str
    experiment: E
    step: Step
    losses: int
    train: float
    validation: float


def ended_alike(
    folder: Path, experiments: Mapping[str, E], changes: Callable[[E], list[Change]], steps: int
) -> Iterator[Ended[E]]:
    """Run the scripts of ``experiments`` with their ``changes`` for so many ``steps``, hold each loss to that of the
    run, bit for bit, and the text to the rules of the house; yield how each ends.
    """
    texts = [one.script(changes(one), 1000) for one in experiments.values()]
    found = zip(experiments.items(), printed(folder, steps, *texts), strict=True)
    for (name, experiment), (*losses, train, validation) in found:
        expected, step = walked(experiment, changes(experiment), steps)
        assert losses == expected, name
        told = [float(line.removeprefix(what)) for line, what in ((train, TRAIN), (validation, VALIDATION))]
        yield Ended(name, experiment, step, len(losses), *told)
    assert not complaints(folder)
    for text in texts:  # those of our files that are put together have names of their own
        defined = [one.name for one in ast.parse(text).body if isinstance(one, ast.FunctionDef | ast.ClassDef)]
        assert len(set(defined)) == len(defined)
        assert "engine." not in text


def changes_with(experiment: Any, name: str, value: str) -> list[Change]:
    """Return other learning rates, other lengths of gradients, another value of a live setting, and numbers put into
    the net.
    """
    first, *_ = (tensor for tensor, parameter in experiment.net.named_parameters() if parameter.dim() > 1)
    return [
        (2, "learning_rate", "0.02"),
        (3, "clip", "0.1"),
        (4, name, value),
        (4, f"{first}[1, 0]", "0.75"),
        (5, "head.bias[0]", ".3"),
        (7, "clip", "0"),
    ]


def ends_by_patience(folder: Path, experiment: Experiment) -> None:
    """Hold the script of a run that soon has no patience left to where that ends."""
    [(*losses, _, _)] = printed(folder, 100, experiment.script((), 100))
    expected, _ = walked(experiment, (), 100)
    assert losses == expected
    assert 4 < len(losses) < 90


def takes_the_weights(folder: Path, experiment: Any) -> None:
    """Have the net of a script take the weights of its run."""
    save_file(
        {name: tensor.numpy() for name, tensor in experiment.net.state_dict().items()}, folder / "run.safetensors"
    )
    text, main, _ = experiment.script((), 1).partition("\n\nmain()\n")
    assert main
    (folder / "run.py").write_text(text + LOAD)
    done = subprocess.run([sys.executable, "-I", "run.py"], cwd=folder, capture_output=True, text=True, check=False)
    assert "All keys matched" in done.stdout, done.stderr


def printed(folder: Path, steps: int, *texts: str) -> list[list[str]]:
    """Return what scripts print, one after the other in a process where nothing of ours can be imported."""
    names = [f"run{place}.py" for place in range(len(texts))]
    for name, text in zip(names, texts, strict=True):
        (folder / name).write_text(text)
    program = f"import runpy, sys\nfor name in {names}:\n    sys.argv = [name, '{steps}']\n    runpy.run_path(name)\n"
    command = [sys.executable, "-I", "-c", program]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [part.splitlines() for part in re.split(r"(?m)^(?=0 )", done.stdout)[1:]]


def walked(experiment: Experiment, changes: Sequence[Change], steps: int) -> tuple[list[str], Step]:
    """Return the losses of a run with all ``changes`` as its script prints them, and its last step."""
    losses: dict[int, str] = {}
    ahead = list(changes)
    for step in experiment.steps():
        losses[step.number] = f"{step.number} {step.loss!r}"  # the last, where a step comes more than once
        while ahead and ahead[0][0] == step.number:
            _, name, value = ahead.pop(0)
            experiment.set(name, value)
            if "[" in name:
                break
        else:
            if step.number == steps:
                break
    return list(losses.values()), step


def complaints(folder: Path) -> str:
    """Return what ruff says of the scripts in a folder: wrong names, unused parts, their look."""
    ruff = [sys.executable, "-m", "ruff"]
    line = ["--isolated", "--line-length=120", "--target-version=py311", str(folder)]
    # Not RUF001: what cuts a text into words knows of apostrophes that are no ASCII.
    checked = [*ruff, "check", "--quiet", "--select=E,F,W,I,B,UP,N,RUF,SIM", "--ignore=RUF001", *line]
    formatted = [*ruff, "format", "--quiet", "--diff", *line]
    done = [subprocess.run(one, capture_output=True, text=True, check=False) for one in (checked, formatted)]
    return "".join(one.stdout + one.stderr for one in done)
