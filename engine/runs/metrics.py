"""The scalars of a whole run: as a table in text, and as the event file that TensorBoard reads."""

import csv
import io
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from engine.errors import DataError, RunError
from engine.frames import decode_header
from engine.runs.messages import ROW
from engine.runs.recordings import Recordings

STEP = "step"


@dataclass(frozen=True, slots=True, eq=False)
class Metrics:
    """Scalars over steps: their ``names``, ``steps`` (n,) int64 ascending, ``values`` (n, names) float64."""

    names: tuple[str, ...]
    steps: np.ndarray
    values: np.ndarray

    @classmethod
    def of(cls, recordings: Recordings, run_id: str) -> Self:
        """Return all that was recorded of a run; raises RunError where there is nothing yet."""
        opening, rows = recordings.opening(run_id), recordings.rows(run_id)
        if opening is None or not rows:
            raise RunError("Nothing was recorded of this run yet: train it first.")
        names = tuple(decode_header(opening)["scalars"])
        values = np.frombuffer(b"".join(row for _, row in rows), ROW).reshape(len(rows), len(names))
        return cls(names, np.array([step for step, _ in rows], np.int64), values)

    def to_csv(self) -> str:
        """Return a table with a row for each step, every number with all its digits; ``nan`` and ``inf`` as numpy has
        them.
        """
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow([STEP, *self.names])
        writer.writerows([step, *row] for step, row in zip(self.steps.tolist(), self.values.tolist(), strict=True))
        return text.getvalue()

    @classmethod
    def from_csv(cls, text: str) -> Self:
        """Read what ``to_csv`` wrote; raises DataError on anything else."""
        rows = list(csv.reader(io.StringIO(text, newline="")))
        if len(rows) < 2 or rows[0][:1] != [STEP] or any(len(row) != len(rows[0]) for row in rows):
            raise DataError(
                f"This is no table of metrics: expected the columns {STEP}, loss, ... and a row for each step."
            )
        try:
            steps = np.array([int(row[0]) for row in rows[1:]], np.int64)
            values = np.array([[float(cell) for cell in row[1:]] for row in rows[1:]], np.float64)
        except (ValueError, OverflowError):
            raise DataError("This table of metrics holds something that is no number: expected numbers only.") from None
        return cls(tuple(rows[0][1:]), steps, values)


def event_file(metrics: Metrics) -> bytes:
    """Return a TensorBoard event file with a curve for each scalar, under its name, in single precision.

    The store keeps no times of steps, so all events have one time, 0. Imports tensorboardX, and that torch.
    """
    from tensorboardX import SummaryWriter

    with tempfile.TemporaryDirectory() as folder:
        with SummaryWriter(folder, write_to_disk=True) as writer:
            for step, row in zip(metrics.steps.tolist(), metrics.values.tolist(), strict=True):
                for name, value in zip(metrics.names, row, strict=True):
                    writer.add_scalar(name, value, step, walltime=0.0)
        (file,) = Path(folder).iterdir()
        return file.read_bytes()
