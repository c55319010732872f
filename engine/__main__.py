"""The command line beside the pages: list the labs, train one without a browser.

    python -m engine labs [--json]
    python -m engine run LAB [--spec FILE.json] [--set key=value ...] [--steps N]
    python -m engine script LAB [--spec FILE.json] [--set key=value ...] [--steps N] [--change STEP:key=value ...]
    python -m engine weights LAB [the same] --output FILE.safetensors
    python -m engine images LAB [--spec FILE.json] [--set key=value ...] --output FILE.npz
    python -m engine onnx FILE.safetensors --output FILE.onnx
    python -m engine events FILE.csv --output FILE.tfevents
    python -m engine words FILE neighbours WORD | analogy "king - man + woman" | score SUITE | info  [--json]
    python -m engine words-train glove|word2vec|fasttext CORPUS OUT [--set key=value ...] [--text key=value ...]
                                 [--column NAME] [--format FORM]
    python -m engine words-classify TEXTS [--test FILE] [--ask TEXT ...] [--set key=value ...] [--text key=value ...]

``run`` prints one JSON object per line: frames with ``step`` and the scalars of the lab (null where a number is NaN or
infinite), and last ``{"result": ...}``. Which steps become frames follows from their numbers alone, so that the same
spec prints the same bytes. ``script`` prints a PyTorch script that needs nothing of ours and has the losses of that
run; ``--change`` are settings, or numbers of the net, that were changed while it went on. ``weights`` trains and keeps
the net, ``images`` keeps what a net for images learns from, which such a script reads where scikit-learn has it not;
``onnx`` turns a net that was kept into a file for other programs, ``events`` turns the table of metrics that a page
gives into one for TensorBoard. ``words`` opens a file of word vectors and asks it; ``--k`` and ``--limit`` say how many
answers, and rows of the file. ``words-train`` learns vectors from a text and writes them in the form that OUT's ending
or ``--format`` names; it prints how it goes, a JSON object per line, and last ``{"result": ...}``. Ctrl-C ends its
learning, what is learnt until then is written, and the status is 130. ``words-classify`` learns from texts with labels,
tells how many of those held out it tells right, and explains those that are asked. A bad lab, setting, value or file
ends with status 2 and one sentence on standard error.
"""

import argparse
import codecs
import io
import json
import math
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

from engine.data.images.prepared import prepare
from engine.data.images.spec import ImagesSpec
from engine.data.images.taking import images_file
from engine.errors import LearnscopeError, SpecError
from engine.labs.catalogue import LABS, get_lab
from engine.labs.lab import Lab
from engine.runs.changes import ahead_of
from engine.runs.extras import ONNX, TENSORBOARD
from engine.runs.metrics import Metrics, event_file
from engine.runs.past import walk
from engine.runs.weights import Weights, load_tensors, net_in
from engine.spec import MAX_JSON_CHARS, Spec, assigned
from engine.training.experiment import Change, Experiment, Moment, Step
from engine.words import classify_commands, train_commands
from engine.words.commands import add_commands, answer

DENSE_STEPS = 100
SCRIPT_STEPS = 1000
BAD_REQUEST = 2


class Parser(argparse.ArgumentParser):
    """A parser that complains in one sentence."""

    def error(self, message: str) -> NoReturn:
        """Raise SpecError in place of printing how the command is used."""
        raise SpecError(message[:1].upper() + message[1:].rstrip(".") + ".")


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out one command and return its exit status."""
    codecs.register_error("json", _escaped)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="json")
    try:
        options = _parser().parse_args(arguments)
        for line in options.command(options):
            print(line, flush=True)
    except LearnscopeError as error:
        print(error, file=sys.stderr)
        return BAD_REQUEST
    except BrokenPipeError:
        # Whoever read has gone, as after `| head`; Python must not find the closed pipe again as it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    except OSError as error:
        print(f"The output cannot be written: {error.strerror}.", file=sys.stderr)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BAD_REQUEST
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    return 0


def _escaped(error: UnicodeError) -> tuple[str, int]:
    """Escape, as JSON does, the letters that the output has none for, and halves of letters."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end


def _parser() -> Parser:
    parser = Parser(prog="python -m engine", description="Train a lab of Learnscope without a browser.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    labs = commands.add_parser("labs", help="list the labs")
    labs.add_argument("--json", action="store_true", help="one JSON object per lab, with all of its settings")
    labs.set_defaults(command=_labs)
    run = commands.add_parser("run", help="train one lab and print what happens, a JSON object per line")
    run.set_defaults(command=_run)
    script = commands.add_parser("script", help="print a PyTorch script that does the same")
    script.set_defaults(command=_script)
    weights = commands.add_parser("weights", help="train one lab and keep its net as a safetensors file")
    weights.add_argument("--since", metavar="FILE", help="begin at a checkpoint of the same run")
    weights.set_defaults(command=_weights)
    images = commands.add_parser("images", help="keep the images that a run learns from as a file for numpy")
    images.set_defaults(command=_images)
    onnx = commands.add_parser("onnx", help="turn weights that were kept into an ONNX file")
    onnx.set_defaults(command=_onnx)
    events = commands.add_parser("events", help="turn a table of metrics into a TensorBoard event file")
    events.set_defaults(command=_events)
    for command in (onnx, events):
        command.add_argument("file", metavar="FILE")
    words = commands.add_parser("words", help="ask a file of word vectors for neighbours, analogies, scores")
    add_commands(words, answer)
    words_classify = commands.add_parser("words-classify", help="learn which label a text has")
    words_classify.set_defaults(command=classify_commands.classify)
    classify_commands.add_arguments(words_classify)
    words_train = commands.add_parser("words-train", help="learn vectors of words from a text")
    words_train.set_defaults(command=train_commands.train)
    train_commands.add_arguments(words_train)
    for command in (weights, images, onnx, events):
        command.add_argument("--output", metavar="FILE", required=True, help="the file to be written")
    for command in (script, weights):
        command.add_argument(
            "--change",
            metavar="STEP:key=value",
            action="append",
            default=[],
            help="a setting, or a number of the net, that was changed at a step; may be repeated",
        )
    for command in (run, script, weights, images):
        command.add_argument("lab", metavar="LAB")
        command.add_argument("--spec", metavar="FILE.json", help="settings as a JSON object")
        command.add_argument(
            "--set", metavar="key=value", action="append", default=[], help="change one setting; may be repeated"
        )
    for command in (run, script, weights):
        command.add_argument("--steps", metavar="N", help="end after this many steps at the latest")
    return parser


def _labs(options: argparse.Namespace) -> Iterator[str]:
    for lab in LABS.values():
        if options.json:
            settings = json.loads(lab.spec().to_json())
            yield json.dumps({"name": lab.name, "title": lab.title, "summary": lab.summary, "settings": settings})
        else:
            yield f"{lab.name:<16} {lab.title:<20} {lab.summary}"


def _run(options: argparse.Namespace) -> Iterator[str]:
    lab = get_lab(options.lab)
    spec = _read_spec(lab, options.spec, options.set)
    steps = _read_steps(options.steps)
    _use_one_thread()
    experiment = lab.open(spec)
    yield from _train(lab, spec, experiment, steps)


def _script(options: argparse.Namespace) -> Iterator[str]:
    _, _, experiment, changes, steps = _read_run(options)
    for _, name, value in changes:
        experiment.set(name, value)  # so that a bad one is told
    yield experiment.script(changes, steps).rstrip("\n")


def _weights(options: argparse.Namespace) -> Iterator[str]:
    lab, spec, experiment, changes, steps = _read_run(options)
    kept = load_tensors(_read_bytes(options.since)) if options.since else None
    since, ahead = ahead_of(kept, changes)
    number = 0
    for step in walk(experiment.steps(since), experiment, ahead, steps):
        number = step.number
    weights = Weights(lab.name, spec.to_json(), number, net_in(experiment.checkpoint()))
    yield _write(options.output, weights.to_bytes(), "step", number)


def _images(options: argparse.Namespace) -> Iterator[str]:
    lab = get_lab(options.lab)
    spec = _read_spec(lab, options.spec, options.set)
    if not isinstance(spec, ImagesSpec):
        raise SpecError(f"Runs of the lab {lab.name} learn from no images.")
    prepared = prepare(spec)
    yield _write(options.output, images_file(spec, prepared), "images", len(prepared.images))


def _onnx(options: argparse.Namespace) -> Iterator[str]:
    ONNX.require()
    from engine.runs.onnx_file import onnx_file

    weights = Weights.from_bytes(_read_bytes(options.file))
    yield _write(options.output, onnx_file(weights), "step", weights.step)


def _events(options: argparse.Namespace) -> Iterator[str]:
    TENSORBOARD.require()
    metrics = Metrics.from_csv(_decoded(_read_bytes(options.file), options.file, "a table of metrics"))
    yield _write(options.output, event_file(metrics), "step", int(metrics.steps[-1]))


def _read_run(options: argparse.Namespace) -> tuple[Lab, Spec, Experiment, list[Change], int]:
    """Return what is to be walked, with what is changed on the way, and to which step."""
    lab = get_lab(options.lab)
    spec = _read_spec(lab, options.spec, options.set)
    steps = _read_steps(options.steps or str(SCRIPT_STEPS))
    changes = [_read_change(text) for text in options.change]
    _use_one_thread()
    return lab, spec, lab.open(spec), changes, int(steps)


def _train(lab: Lab, spec: Spec, experiment: Experiment, last: float) -> Iterator[str]:
    """Yield a line for each frame, and the result."""
    moment, step, reason = None, None, None
    for step in experiment.steps():
        moment, reason = None, _reason_to_end(step, last)
        if reason or is_frame(step.number):
            moment = experiment.observe(step)
            yield _frame(experiment, moment)
        if reason:
            break
        if is_frame(step.number + 1) or step.number + 1 == last:
            experiment.foresee()
    if step is not None and moment is None:
        moment = experiment.observe(step)
        yield _frame(experiment, moment)
    ended = reason or experiment.stop_reason() or "The steps are over."
    yield json.dumps({"result": _result(lab, spec, experiment, moment, ended)})


def is_frame(step: int) -> bool:
    """Tell whether a step is printed: each of the first hundred, then three figures' worth of each power of ten."""
    return step % 10 ** max(math.floor(math.log10(max(step, 1))) - 1, 0) == 0


def _reason_to_end(step: Step, last: float) -> str | None:
    if not math.isfinite(step.loss):
        return f"The loss became {step.loss} at step {step.number}: a lower learning rate may help."
    return f"All {last:.0f} steps asked for are done." if step.number >= last else None


def _frame(experiment: Experiment, moment: Moment) -> str:
    return json.dumps({"step": moment.step, **_numbers(experiment, moment), **dict(moment.words)}, allow_nan=False)


def _numbers(experiment: Experiment, moment: Moment) -> dict[str, float | None]:
    values = ((name, moment.scalars[name]) for name in experiment.scalars)
    return {name: value if math.isfinite(value) else None for name, value in values}


def _result(lab: Lab, spec: Spec, experiment: Experiment, moment: Moment | None, ended: str) -> dict[str, Any]:
    numbers = _numbers(experiment, moment) if moment else {}
    step = moment.step if moment else 0
    return {"lab": lab.name, "step": step, "ended": ended, **numbers, "spec": json.loads(spec.to_json())}


def _read_spec(lab: Lab, file: str | None, changes: Sequence[str]) -> Spec:
    base = lab.spec.from_json(_read_text(file)) if file else None
    return lab.spec.from_strings(assigned(changes, "--set"), base=base)


def _read_text(file: str) -> str:
    # Four bytes are the most that a character takes: what is longer is refused without being read.
    return _decoded(_read_bytes(file, 4 * MAX_JSON_CHARS + 1), file, "a JSON object of settings")


def _read_bytes(file: str, most: int = -1) -> bytes:
    try:
        with Path(file).open("rb") as stream:
            return stream.read(most)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it is no path"
        raise SpecError(f"{file[:200]} cannot be read: {why}.") from None


def _decoded(data: bytes, file: str, expected: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SpecError(f"{file} is not written in UTF-8: expected {expected}.") from None


def _write(file: str, data: bytes, what: str, number: int) -> str:
    """Write a file and return the line that says so, and which step it is of, or how many of ``what`` it holds."""
    try:
        Path(file).write_bytes(data)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it is no path"
        raise SpecError(f"{file[:200]} cannot be written: {why}.") from None
    return json.dumps({"written": file, "bytes": len(data), what: number})


def _read_steps(text: str | None) -> float:
    if text is None:
        return math.inf
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise SpecError(f"--steps takes a whole number from 0 to 999999999, received {text[:60]!r}.")
    return int(text)


def _read_change(text: str) -> Change:
    step, colon, assignment = text.partition(":")
    name, sign, value = assignment.partition("=")
    if not (colon and sign and step.isascii() and step.isdigit()):
        raise SpecError(f"--change takes STEP:key=value, received {text[:60]!r}.")
    return int(step), name, value


def _use_one_thread() -> None:
    """Keep torch to one thread: nets this small only wait for each other's, and sums would depend on the machine."""
    import torch

    torch.set_num_threads(1)


if __name__ == "__main__":
    sys.exit(main())
