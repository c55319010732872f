"""Scripts that are taken away, run as whoever takes them would run them, and the runs that they are of."""

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from engine.training.experiment import Change, Experiment, Step


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
