"""A run written out as a script, by a process of its own: it takes torch, which the server has not."""

from collections.abc import Sequence
from functools import lru_cache

from engine.runs.aside import aside
from engine.runs.run import Run
from engine.training.experiment import Change

UNTRAINED_STEPS = 1000


def written_out(run: Run, changes: Sequence[Change]) -> str:
    """Return ``run``, with what was changed while it went on, as a PyTorch script; raises RunError."""
    return _written_out(run.lab, run.spec, run.step or UNTRAINED_STEPS, change_arguments(changes, run.step))


def change_arguments(changes: Sequence[Change], last: int) -> tuple[str, ...]:
    """Return what was changed until step ``last`` as arguments of the command line."""
    return tuple(f"--change={step}:{name}={value}" for step, name, value in changes if step <= last)


@lru_cache(maxsize=32)
def _written_out(lab: str, spec: str, steps: int, changes: tuple[str, ...]) -> str:
    arguments = ["script", lab, "--spec={spec}", f"--steps={steps}", *changes]
    return aside("The script", arguments, {"spec": spec.encode()}).decode()
