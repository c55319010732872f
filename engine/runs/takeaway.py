"""What one takes away from a run: a script, weights, metrics, and files for other programs."""

from collections.abc import Callable, Sequence
from functools import lru_cache

from engine.errors import RunError
from engine.frames import decode, decode_header
from engine.readings import Arrays
from engine.runs.changes import ahead_of, by_hand, changes_until
from engine.runs.commands import Commands
from engine.runs.extras import ONNX, TENSORBOARD
from engine.runs.metrics import Metrics
from engine.runs.recordings import Recordings
from engine.runs.run import Run
from engine.runs.runfile import RunFile
from engine.runs.walker import Walker
from engine.runs.weights import Weights, below, net_in
from engine.training.experiment import Change

IN_FRAMES = "weights."
LAST = 2**53
UNTRAINED_STEPS = 1000
SCRIPTS_KEPT = 32

Made = tuple[int, bytes]

Walk = Callable[[Run, int, Arrays | None, Sequence[Change]], Weights]
"""Returns the weights of a run at a step: walks there from a checkpoint, or from the beginning, and makes the changes
that come on the way.
"""


class Takeaway:
    """Makes all that one can take away; what takes torch, other processes do. Every method raises RunError."""

    def __init__(self, recordings: Recordings, walker: Walker, commands: Commands) -> None:
        self._recordings, self._walker, self._commands = recordings, walker, commands
        self._script = lru_cache(SCRIPTS_KEPT)(self._write_script)

    def script(self, run: Run) -> str:
        """Return the run, with what was changed while it went on, as a PyTorch script."""
        changes = tuple(
            f"--change={step}:{name}={value}"
            for step, name, value in self._recordings.changes(run.id)
            if step <= run.step
        )
        return self._script(run.lab, run.spec, run.step or UNTRAINED_STEPS, changes)

    def weights(self, run: Run, step: int | None = None) -> Weights:
        """Return the weights at ``step``, see ``weights_at``."""
        return weights_at(self._recordings, run, step, self._walker.walk)

    def onnx(self, run: Run, step: int | None = None) -> Made:
        """Return the step of ``weights``, and the net as it was there as an ONNX file; not without the extra."""
        ONNX.require()
        weights = self.weights(run, step)
        arguments = ["onnx", "{weights}", "--output={output}"]
        return weights.step, self._commands.carry_out("The ONNX file", arguments, {"weights": weights.to_bytes()})

    def images(self, run: Run) -> bytes:
        """Return the images that a run learns from as a file for numpy; not where they are too large for it."""
        arguments = ["images", run.lab, "--spec={spec}", "--output={output}"]
        return self._commands.carry_out("The file of images", arguments, {"spec": run.spec.encode()})

    def metrics(self, run: Run) -> Made:
        """Return the last step, and all recorded scalars as CSV."""
        metrics = Metrics.of(self._recordings, run.id)
        return int(metrics.steps[-1]), metrics.to_csv().encode()

    def events(self, run: Run) -> Made:
        """Return the last step, and all recorded scalars as a TensorBoard event file; not without the extra."""
        TENSORBOARD.require()
        step, metrics = self.metrics(run)
        arguments = ["events", "{metrics}", "--output={output}"]
        return step, self._commands.carry_out("The event file", arguments, {"metrics": metrics})

    def whole(self, run: Run, step: int | None = None) -> Made:
        """Return the recorded step nearest to ``step``, or the last, and the run as it stood there as one JSON file."""
        payload = self._recordings.frame(run.id, LAST if step is None else max(0, step))
        if payload is None:
            raise RunError("Nothing was recorded of this run yet: train it first.")
        at = int(decode_header(payload)["step"])
        return at, RunFile.of(self._recordings, run, at).to_json()

    def _write_script(self, lab: str, spec: str, steps: int, changes: tuple[str, ...]) -> str:
        arguments = ["script", lab, "--spec={spec}", f"--steps={steps}", *changes]
        return self._commands.carry_out("The script", arguments, {"spec": spec.encode()}).decode()


def weights_at(recordings: Recordings, run: Run, step: int | None, walk: Walk) -> Weights:
    """Return the weights of ``run`` at ``step``, or at the recorded step nearest before it; at the last, if not said.

    Frames may hold all of them. Where they hold less (of a large layer a part, of batch norm no running means), only
    checkpoints do, and between two of them somebody has to ``walk`` from the one before. Raises RunError where nothing
    was recorded.
    """
    payload = recordings.frame(run.id, LAST if step is None else max(0, step))
    if payload is None:
        raise RunError("Nothing was recorded of this run yet: train it first.")
    frame = decode(payload)
    at = int(frame.header["step"])
    shown = below(frame.arrays, IN_FRAMES)
    found = recordings.checkpoint(run.id, at)
    if found is None:
        raise RunError(f"The weights of step {at:,} are not recorded yet: try again in a second.")
    kept, checkpoint = found
    tensors = net_in(checkpoint)
    if _shapes(shown) == _shapes(tensors):
        return Weights(run.lab, run.spec, at, shown)
    since, ahead = ahead_of(checkpoint, changes_until(recordings.changes(run.id), at))
    if kept == at and not by_hand(ahead):
        return Weights(run.lab, run.spec, at, tensors)
    return walk(run, at, since, ahead)


def _shapes(tensors: Arrays) -> dict[str, tuple[int, ...]]:
    return {name: tensor.shape for name, tensor in tensors.items()}
