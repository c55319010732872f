"""What one can take away from a run: a script, weights, metrics, and files for other programs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from engine.data.images.spec import ImagesSpec
from engine.data.images.taking import file_name, needs_file
from engine.errors import LearnscopeError
from engine.labs.catalogue import LABS
from engine.runs.extras import ONNX, TENSORBOARD, Extra
from engine.runs.run import Run
from engine.spec import Spec
from pages.ui.house import hub
from pages.ui.text import plain

HEIGHT = 480
LAST_STEP = 2**53 - 1

Made = tuple[int, bytes]


@dataclass(frozen=True, slots=True)
class Way:
    """One form in which a run can be taken away. ``make(run, step)`` returns the step that it is of, and the file.

    ``of_step`` asks for a step; ``extra`` is what the server may lack for it; ``of`` are the settings that a run must
    have; ``name`` what the file of a run and a step is called.
    """

    title: str
    icon: str
    about: str
    press: str
    extension: str
    mime: str
    make: Callable[[Run, int | None], Made]
    of_step: bool = False
    extra: Extra | None = None
    of: type[Spec] = Spec
    name: Callable[[Run, int], str] = lambda run, step: f"{run.lab}-{run.id[:6]}-{step}"


def _spec(run: Run) -> Any:
    return LABS[run.lab].spec.from_json(run.spec)


def _script(run: Run, _: int | None) -> Made:
    return run.step, hub().takeaway.script(run).encode()


def _weights(run: Run, step: int | None) -> Made:
    weights = hub().takeaway.weights(run, step)
    return weights.step, weights.to_bytes()


SCRIPT = Way(
    "PyTorch script",
    ":material/code:",
    "The run as one PyTorch script that needs nothing of Learnscope: what is learnt, the net, the loop. "
    "It prints the same losses, to the last bit.",
    "Write the script",
    "py",
    "text/x-python",
    _script,
)
WAYS = (
    SCRIPT,
    Way(
        "Weights",
        ":material/grid_on:",
        "All tensors of the net at one step, by their own names, as a safetensors file: "
        "`safetensors.torch.load_file` reads it.",
        "Make the file of weights",
        "safetensors",
        "application/octet-stream",
        _weights,
        of_step=True,
    ),
    Way(
        "Metrics",
        ":material/table:",
        "Every number that was recorded over the steps (loss, score, gradients, updates) as a table in CSV, a row for "
        "each step, with all digits.",
        "Make the table",
        "csv",
        "text/csv",
        lambda run, _: hub().takeaway.metrics(run),
    ),
    Way(
        "TensorBoard",
        ":material/monitoring:",
        "The same numbers as an event file for TensorBoard: put it into a folder and call `tensorboard --logdir` "
        "with that.",
        "Make the event file",
        "tfevents",
        "application/octet-stream",
        lambda run, _: hub().takeaway.events(run),
        extra=TENSORBOARD,
    ),
    Way(
        "ONNX",
        ":material/account_tree:",
        "The net at one step as an ONNX file, which other programs run without PyTorch. It takes the inputs as the net "
        "sees them: centred and scaled.",
        "Make the ONNX file",
        "onnx",
        "application/octet-stream",
        lambda run, step: hub().takeaway.onnx(run, step),
        of_step=True,
        extra=ONNX,
    ),
    Way(
        "Images",
        ":material/photo_library:",
        "All images that this run learns from or is tested on, with their labels, as one file: `numpy.load` reads it, "
        "and so does the run's script. Where half of the classes is learnt, those to learn the other half from are "
        "in it too.",
        "Make the file of images",
        "npz",
        "application/octet-stream",
        lambda run, _: (run.step, hub().takeaway.images(run)),
        of=ImagesSpec,
        name=lambda run, _: file_name(_spec(run)).removesuffix(".npz"),
    ),
    Way(
        "Whole run",
        ":material/save:",
        "The run as it stands at one step: its settings, what was changed, its weights and all that the optimiser "
        "remembers. Opened here again, or on another computer, it goes on with the same numbers.",
        "Make the file of the run",
        "json",
        "application/json",
        lambda run, step: hub().takeaway.whole(run, step),
        of_step=True,
    ),
)


def take_away(run: Run, key: str, step: int | None = None) -> None:
    """Offer the run in all forms; ``step`` is the one that is looked at, None for the newest."""
    with st.expander("Take away", icon=":material/download:"):
        lab = LABS[run.lab]
        ways = [way for way in WAYS if way.title not in lab.lacks and issubclass(lab.spec, way.of)]
        titles = [way.title for way in ways]
        icons = {way.title: way.icon for way in ways}
        chosen = st.pills(
            "Form", titles, default=titles[0], format_func=lambda title: f"{icons[title]} {title}", key=f"{key}.form"
        )
        way = next((way for way in ways if way.title == chosen), ways[0])
        st.markdown(way.about)
        if way.extra and not way.extra.here:
            _lacking(way.extra)
            return
        at = _step(f"{key}.step.{run.id}", step) if way.of_step else None
        if st.button(way.press, key=f"{key}.make.{way.extension}", icon=way.icon):
            _offer(way, run, at, key)


def _step(key: str, step: int | None) -> int | None:
    """Ask for a step; whenever another is looked at, that is the one."""
    seen = f"{key}.seen"
    if key not in st.session_state or st.session_state.get(seen) != step:
        st.session_state[key] = st.session_state[seen] = step
    return st.number_input(
        "Step",
        0,
        LAST_STEP,
        value=None,
        placeholder="the last",
        key=key,
        width=220,
        help="Of a step that was not recorded you get the one before it that was; of none, the last.",
    )


def _lacking(extra: Extra) -> None:
    try:
        extra.require()
    except LearnscopeError as error:
        st.info(str(error), icon=":material/extension_off:")


def _offer(way: Way, run: Run, step: int | None, key: str) -> None:
    """Make a file and offer it, or say in a sentence why it cannot be made."""
    try:
        with st.spinner("Making the file…"):
            now = hub().get(run.id)
            at, data = way.make(now, step)
    except LearnscopeError as error:
        st.warning(plain(str(error), 400), icon=":material/info:")
        return
    if step is not None and at != step:
        st.caption(f"Step {step:,} was not recorded: this is step {at:,}.")
    name = f"{way.name(run, at)}.{way.extension}"
    label = f"Download {plain(name)}"
    st.download_button(label, data, name, way.mime, key=f"{key}.file", icon=":material/download:", on_click="ignore")
    if way is SCRIPT:
        spec = _spec(run)
        if isinstance(spec, ImagesSpec) and needs_file(spec):
            beside = "It reads the images from {}: make that under *Images*, and put it beside the script."
            st.caption(beside.format(plain(file_name(spec))))
        st.code(data.decode(), language="python", height=HEIGHT)
