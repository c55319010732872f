"""The net of the settings as a table: what each layer makes, how many weights it has, what it costs, what it sees."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from engine.errors import SpecError
from engine.labs.lab import Lab
from engine.nets.images.layer import Layer, total
from pages.ui.corpus.markup import STYLE, Shaded, number_table
from pages.ui.lesson import LAYERS_TITLE
from pages.ui.notes import READABLE
from pages.ui.text import plain

HEADS = ("what it is", "output", "parameters", "FLOPs", "sees", "apart")
LOOK = "<style>.ls-layers thead th:nth-child(n+3) { text-align: right; }</style>"
ABOUT = """
An output of 6 × 28 × 28 is six maps of 28 by 28 numbers. The parameters are the numbers that are learnt. FLOPs are the
multiplications and additions for one image, each counted; layers that have nothing to multiply count as none.

What a number sees is its **receptive field**: the square of pixels that it can depend on. A kernel sees its own few
pixels of the layer before, and each of these saw a square of its own, so the field grows with every layer. Zeros around
the image are part of it, which is why it may be larger than the image. The squares of two neighbouring numbers lie so
many pixels apart.
"""


def layer_table(lab: Lab, specs: Sequence[Any], key: str) -> None:
    """Offer the tables of layers of a lab that has some: of the net of the first of ``specs``, and those of others that
    it is compared with; where a layer does not fit in its place, say which.
    """
    if lab.layers is None:
        return
    with st.expander(LAYERS_TITLE, icon=":material/layers:"):
        try:
            tables = _tables([lab.layers(spec) for spec in specs])
        except SpecError as error:
            st.warning(plain(str(error), 400), icon=":material/info:")
            return
        titles = list(tables)
        chosen = st.segmented_control("Net", titles, default=titles[0], key=f"{key}.{titles}", required=True)
        title = chosen or titles[0]
        st.html(f'{STYLE}{LOOK}<div class="ls-layers">{_markup(title, tables[title])}</div>')
        with st.container(width=READABLE):
            st.markdown(ABOUT)


def _tables(found: Sequence[Mapping[str, Sequence[Layer]]]) -> Mapping[str, Sequence[Layer]]:
    """Return the tables of nets that are compared, where their layers are others, and then those to be read beside."""
    tables: dict[str, Sequence[Layer]] = {}
    for one in found:
        title, layers = next(iter(one.items()))
        if layers not in tables.values():
            tables[f"{title} (B)" if title in tables else title] = layers
    return {**tables, **found[0]}


def _markup(title: str, layers: Sequence[Layer]) -> str:
    parameters, flops = total(layers)
    rows = [(layer.name, _cells(layer, parameters, flops)) for layer in layers]
    told = f"{title}: {parameters:,} parameters, and {flops:,} FLOPs for one image."
    return number_table("layer", HEADS, rows, caption=told)


def _cells(layer: Layer, parameters: int, flops: int) -> list[Shaded | str]:
    """Return one row; the more of all weights and of the whole cost a layer has, the darker its cells are."""
    return [
        layer.kind,
        Shaded(_sides(layer.output)),
        Shaded(f"{layer.parameters:,}", layer.parameters / max(parameters, 1)),
        Shaded(f"{layer.flops:,}", layer.flops / max(flops, 1)),
        Shaded(f"{layer.field} × {layer.field}" if layer.field else "the whole image"),
        Shaded(f"{layer.stride}" if layer.field else ""),
    ]


def _sides(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape))
