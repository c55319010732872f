"""What is known of any run, whether it goes on or is over: its messages, its scalars, its checkpoints."""

from collections.abc import Callable

from engine.readings import Arrays
from engine.runs.recording import Recording
from engine.runs.store import Store
from engine.training.experiment import Change


class Recordings:
    """Reads runs; ``live`` returns what the server remembers of one that goes on, which the store has a moment later.

    Every method raises StoreError where the store cannot be read.
    """

    def __init__(self, store: Store, live: Callable[[str], Recording | None] = lambda _: None) -> None:
        self._store = store
        self._live = live

    def opening(self, run_id: str) -> bytes | None:
        """Return the opening message, or None if there is none."""
        live = self._live(run_id)
        return live.opening if live else self._store.opening(run_id)

    def frame(self, run_id: str, step: int) -> bytes | None:
        """Return the frame at ``step`` or nearest before it; None if there is none."""
        live = self._live(run_id)
        return live.frame(step) if live else self._store.frame(run_id, step)

    def rows(self, run_id: str) -> list[tuple[int, bytes]]:
        """Return the scalars of all steps in order, as (step, bytes of (columns,) float64)."""
        live = self._live(run_id)
        return list(live.recorded.rows.items()) if live else self._store.rows(run_id)

    def checkpoint(self, run_id: str, step: int) -> tuple[int, Arrays] | None:
        """Return the checkpoint at ``step`` or nearest before it as (step, arrays by name); None if there is none."""
        return self._store.checkpoint(run_id, step)

    def changes(self, run_id: str) -> list[Change]:
        """Return what was changed while the run went on, oldest first."""
        live = self._live(run_id)
        return live.changes if live else self._store.events(run_id)
