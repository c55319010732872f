"""The reference for everything live: the same panels, drawn the way Streamlit is usually used, tuned.

A thread of the server trains; ``st.fragment(run_every=0.25)`` draws the newest moment with ``st.plotly_chart``. What it
costs is appended to the file that ``BENCH_LOG`` names, a line for each redraw: CPU seconds of the script thread, and
the time.
"""

import os
import threading
import time
from typing import Any

import numpy as np
import streamlit as st
import torch

from engine.figures.panel import NetworkPanel, Panel, PlotPanel, TensorPanel
from engine.labs.catalogue import LABS
from engine.readings import arrays_of

LAB = LABS["playground"]
SPEC = LAB.spec()


def train(shared: dict[str, Any]) -> None:
    """Train until told to stop, leaving every 60 ms what was observed in ``shared``."""
    torch.set_num_threads(1)
    experiment = LAB.open(SPEC)
    shared["opening"] = arrays_of(experiment.opening())
    shared["history"] = []
    due = 0.0
    for step in experiment.steps():
        if time.perf_counter() >= due:
            moment = experiment.observe(step)
            shared["history"].append((moment.step, *moment.scalars.values()))
            shared["moment"] = (moment, arrays_of(moment.readings), tuple(moment.scalars))
            due = time.perf_counter() + 0.06
        if shared.get("stop"):
            return


def filled(panel: PlotPanel, shared: dict[str, Any]) -> dict[str, Any]:
    """Return the panel's figure with the newest arrays in place of its bindings."""
    _moment, arrays, names = shared["moment"]
    history = np.array(shared["history"][-800:])
    columns = dict(zip(("step", *names), history.T, strict=True))
    traces = [dict(trace) for trace in panel.figure["data"]]
    for bind in panel.bindings:
        trace = traces[bind.trace]
        if bind.mode == "stack":
            rows = [column for name, column in columns.items() if name.startswith(bind.array + ".")]
            trace |= {"x": columns["step"], "z": np.log10(np.abs(rows) + 1e-12) if bind.scale == "log10" else rows}
        elif bind.mode == "series":
            trace |= {"x": columns["step"], bind.attribute: columns[bind.array]}
        else:
            found = arrays[bind.array] if bind.mode == "frame" else shared["opening"][bind.array]
            parent, _, leaf = bind.attribute.rpartition(".")
            if parent:
                trace[parent] = dict(trace.get(parent, {})) | {leaf: found}
            else:
                trace[leaf] = found
    for trace in traces:
        if "marker" in trace:  # what the live panel takes from the theme
            trace["marker"] |= {"line": trace["marker"]["line"] | {"color": "#ffffff"}}
    return {"data": traces, "layout": panel.figure["layout"]}


def drawn(panel: Panel, shared: dict[str, Any]) -> dict[str, Any] | None:
    """Return any panel as a Plotly figure: the network's maps as one mosaic, a tensor as a heatmap."""
    _, arrays, _ = shared["moment"]
    if isinstance(panel, PlotPanel):
        return filled(panel, shared)
    if isinstance(panel, NetworkPanel):
        return {
            "data": [{"type": "heatmap", "z": np.hstack(list(arrays["neurons.maps"]))}],
            "layout": {"height": panel.height},
        }
    if isinstance(panel, TensorPanel):
        return {
            "data": [{"type": "heatmap", "z": np.atleast_2d(arrays[f"{panel.array}.{panel.tensors[0]}"])}],
            "layout": {},
        }
    return None


st.set_page_config(layout="wide")
shared = st.session_state.setdefault("shared", {})
if st.button("Train") and "thread" not in shared:
    shared["thread"] = threading.Thread(target=train, args=(shared,), daemon=True)
    shared["thread"].start()


@st.fragment(run_every=0.25)
def draw() -> None:
    """Draw every panel once."""
    if "moment" not in shared:
        return
    started = time.thread_time()
    st.text(f"step {shared['moment'][0].step}")
    for panel in LAB.panels(SPEC):
        figure = drawn(panel, shared)
        if figure is not None:
            st.plotly_chart(figure, key=panel.id, theme=None)
    with open(os.environ["BENCH_LOG"], "a") as log:
        log.write(f"{time.thread_time() - started} {time.time()}\n")


draw()
