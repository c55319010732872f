"""Sweeps as jobs: many nets of a lab, trained to be compared in a process that the pool forks."""

from engine.jobs import Order
from engine.runs.pool import Pool, WorkerProcess
from engine.spec import Spec


def sweep_order(lab: str, sweep: str, spec: Spec) -> Order:
    """Return the order of the sweep ``sweep`` of a lab with ``spec``."""
    return Order(f"{lab}/{sweep}", spec.to_json())


class SweepStarter:
    """Starts the processes of sweeps."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def start(self, order: Order) -> WorkerProcess:
        """Begin to train; raises RunError."""
        lab, sweep = order.work.split("/")
        return self._pool.start_sweep(lab, sweep, order.arguments)

    def kill(self, process: WorkerProcess) -> None:
        """End it at once."""
        self._pool.kill(process)
