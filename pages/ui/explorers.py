"""Explorers: small things to play with in the middle of a note."""

import math
from collections.abc import Callable, Mapping

import streamlit as st

from engine.labs.lab import Lab
from engine.training.softmax import Softmax, softmax
from pages.ui.corpus.explorer import text_explorer
from pages.ui.images.kernel_explorer import kernel_explorer
from pages.ui.images.transfer_explorer import transfer_explorer
from pages.ui.language.explorer import language_explorer
from pages.ui.translation.blame import blame_explorer
from pages.ui.xor_explorer import xor_explorer

BASES = {"e": math.e, "2": 2.0, "10": 10.0}
SUMS = (2.0, 1.0, -1.0)
LARGEST_SUM = 10.0


@st.fragment
def softmax_explorer(_lab: Lab, key: str) -> None:
    """Three sums and their softmax, with a base, a temperature and a scale; ``key`` begins the keys of the controls."""
    with st.container(border=True):
        columns = st.columns(len(SUMS))
        sums = [
            column.number_input(f"Sum {place}", -LARGEST_SUM, LARGEST_SUM, value, 0.5, key=f"{key}.{place}")
            for place, (column, value) in enumerate(zip(columns, SUMS, strict=True), start=1)
        ]
        base = st.segmented_control("Base", list(BASES), default="e", key=f"{key}.base") or "e"
        temperature = st.select_slider(
            "Temperature", [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0], 1.0, key=f"{key}.temperature"
        )
        scale = st.select_slider("Scale", [1, 2, 5, 10, 20, 50, 100], 1, key=f"{key}.scale")
        found = softmax(sums, BASES[base], temperature, scale)
        st.table(_table(sums, found), border="horizontal")
        (st.warning if found.broken else st.markdown)(_sentence(found))


def _table(sums: list[float], found: Softmax) -> dict[str, list[str]]:
    return {
        "sum": [_number(value) for value in sums],
        "exponent of e": _written(found.exponents),
        "power": _written(found.powers),
        "share, naive": _written(found.naive),
        "share, cured": _written(found.cured),
    }


def _sentence(found: Softmax) -> str:
    """Return what became of the logarithm of the sum, both ways."""
    cured = f"The logarithm of the sum of powers is {_number(found.log_sum)}"
    if not found.broken:
        return f"{cured}, computed either way."
    return f"In single precision {_break(found)}. {cured}: the cured way still has it."


def _break(found: Softmax) -> str:
    """Return where the naive way ends."""
    if any(map(math.isinf, found.powers)):
        return "a power is infinite: shared out naively, that is no number"
    if found.naive_log_sum > 0:
        return "the sum of the powers is infinite: shared out naively, that is 0 for each"
    return "all powers are 0: shared out naively, that is no number"


def _written(values: object) -> list[str]:
    return [_number(float(value)) for value in values]  # type: ignore[attr-defined]


def _number(value: float) -> str:
    if math.isnan(value):
        return "no number"
    return ("∞" if value > 0 else "−∞") if math.isinf(value) else f"{value:.4g}".replace("-", "−")


EXPLORERS: Mapping[str, Callable[[Lab, str], None]] = {
    "blame": blame_explorer,
    "kernel": kernel_explorer,
    "language": language_explorer,
    "softmax": softmax_explorer,
    "text": text_explorer,
    "transfer": transfer_explorer,
    "xor-grid": xor_explorer,
}
