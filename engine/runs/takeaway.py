"""What one takes away from a run besides its script: weights, metrics, and files for other programs."""

from collections.abc import Callable, Sequence

from safetensors.numpy import save

from engine.errors import RunError
from engine.frames import decode, decode_header
from engine.readings import Arrays
from engine.runs.aside import aside
from engine.runs.changes import ahead_of, by_hand, changes_until
from engine.runs.extras import ONNX, TENSORBOARD
from engine.runs.metrics import Metrics
from engine.runs.recordings import Recordings
from engine.runs.run import Run
from engine.runs.runfile import RunFile
from engine.runs.script import change_arguments
from engine.runs.weights import Weights, below, net_in
from engine.training.experiment import Change

IN_FRAMES = "weights."
LAST = 2**53

Walk = Callable[[Run, int, Arrays | None, Sequence[Change]], Weights]
"""Returns the weights of a run at a step: walks there from a checkpoint, or from the beginning, and makes the changes
that come on the way.
"""


def weights_at(recordings: Recordings, run: Run, step: int | None = None, walk: Walk | None = None) -> Weights:
    """Return the weights of ``run`` at ``step``, or at the recorded step nearest before it; by default at the last.

    Frames may hold all of them. Where they hold less (of a large layer a part, of batch norm no running means), only
    checkpoints do, and between two of them somebody has to ``walk`` from the one before: by default a process of the
    command line. Raises RunError where nothing was recorded.
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
    return walk(run, at, since, ahead) if walk else _walked_to(recordings, run, at, checkpoint)


def weights_file(recordings: Recordings, run: Run, step: int | None = None) -> tuple[int, bytes]:
    """Return the step and the safetensors file of ``weights_at``."""
    weights = weights_at(recordings, run, step)
    return weights.step, weights.to_bytes()


def onnx_file(recordings: Recordings, run: Run, step: int | None = None) -> tuple[int, bytes]:
    """Return the net at the step of ``weights_at`` as an ONNX file; raises RunError where the extra is missing."""
    ONNX.require()
    weights = weights_at(recordings, run, step)
    return weights.step, aside(
        "The ONNX file", ["onnx", "{weights}", "--output={output}"], {"weights": weights.to_bytes()}
    )


def images_file(run: Run) -> bytes:
    """Return the images that a run learns from as a file for numpy; raises RunError where they are too large for it."""
    arguments = ["images", run.lab, "--spec={spec}", "--output={output}"]
    return aside("The file of images", arguments, {"spec": run.spec.encode()})


def metrics_file(recordings: Recordings, run: Run) -> tuple[int, bytes]:
    """Return the last step and all recorded scalars as CSV."""
    metrics = Metrics.of(recordings, run.id)
    return int(metrics.steps[-1]), metrics.to_csv().encode()


def events_file(recordings: Recordings, run: Run) -> tuple[int, bytes]:
    """Return the last step and all recorded scalars as a TensorBoard event file; raises RunError without the extra."""
    TENSORBOARD.require()
    step, metrics = metrics_file(recordings, run)
    return step, aside("The event file", ["events", "{metrics}", "--output={output}"], {"metrics": metrics})


def run_file(recordings: Recordings, run: Run, step: int | None = None) -> tuple[int, bytes]:
    """Return the run as it stood at the recorded step nearest to ``step``, or at the last, as one JSON file."""
    payload = recordings.frame(run.id, LAST if step is None else max(0, step))
    if payload is None:
        raise RunError("Nothing was recorded of this run yet: train it first.")
    at = int(decode_header(payload)["step"])
    return at, RunFile.of(recordings, run, at).to_json()


def _shapes(tensors: Arrays) -> dict[str, tuple[int, ...]]:
    return {name: tensor.shape for name, tensor in tensors.items()}


def _walked_to(recordings: Recordings, run: Run, step: int, checkpoint: Arrays) -> Weights:
    changes = change_arguments(recordings.changes(run.id), step)
    arguments = ["weights", run.lab, "--spec={spec}", f"--steps={step}", "--since={checkpoint}", "--output={output}"]
    files = {"spec": run.spec.encode(), "checkpoint": save(checkpoint)}
    return Weights.from_bytes(aside("The file of weights", [*arguments, *changes], files))
