"""The sums of a net written out, product by product: of a convolution, and of a dense layer."""

from collections.abc import Callable
from typing import Any

import numpy as np
import streamlit as st

from engine.figures.feature_maps import bars_figure, wall_figure, window_figure
from engine.figures.squares import kernel_figure
from engine.nets.images.forward_pass import reach_of
from engine.nets.images.graph import IMAGE
from engine.probes.written_out import Convolved, Weighed
from pages.ui.corpus.markup import Shaded, number_table
from pages.ui.corpus.plot import plot
from pages.ui.images import follow_words as say
from pages.ui.images.follow_place import Following
from pages.ui.images.markup import Product, products
from pages.ui.images.picking import Picking
from pages.ui.words import taking

WIDTHS = (5, 4, 5)
STEPS = 330
"""Pixels: beside the products where there is room, and below them on a telephone."""
MOST_WRITTEN = 7
"""Numbers each way of a kernel that are written in its picture: of more none could be read."""
MOST_TOLD = 12
"""Products of a dense layer that are told one by one: those that count most."""
MOST_SUMS = 32
Rows = list[dict[str, Any]]


def convolution(here: Following, found: Convolved, output: Callable[[], None]) -> int:
    """Write out a number of a convolution, and return which of its inputs is shown; ``output`` draws its map."""
    asked = here.asked.channel - found.first
    sizes = np.nan_to_num(np.abs(found.sums), nan=np.inf)
    channel = asked if 0 <= asked < len(found.sums) else int(sizes.argmax())
    if len(found.sums) > 1:
        _inputs(here, found, channel)
    left, middle, right = st.columns(WIDTHS)
    with left:
        _input(here, found, channel)
    with middle:
        _kernel(here, found, channel)
    with right:
        output()
    _products(here, found, channel)
    return channel


def weighing(here: Following, found: Weighed) -> None:
    """Write out a number of a dense layer."""
    one, node = here.one, found.node
    (before,) = node.inputs
    shape = one.maps(before).shape
    st.markdown(
        f"{say.unit(one, node.name, found.place.unit).capitalize()} takes all {len(found.inputs):,} numbers of "
        f"{say.name(before)}, each times a weight of its own."
    )
    parts = {"Inputs": found.inputs, "Weights": found.weights, "Products": found.products}
    for column, (title, values) in zip(st.columns(len(parts)), parts.items(), strict=True):
        maps = values.reshape(shape)
        grey = before == IMAGE and title == "Inputs"
        reach = reach_of(values) or 1.0
        ends = here.ends(before, values) if grey else (-reach, reach)
        names = [f"{title.lower()} of {unit}" for unit in range(len(maps))]
        with column:
            st.markdown(f"**{title}**, {say.sizes(one.outputs[before].shape)}")
            alt = f"The {title.lower()} of this unit, laid out as {before} is."
            plot(wall_figure(maps, [ends] * len(maps), names, grey=grey), alt=alt, key=f"{here.key}-drawn-{title}")
    _weighed(here, found)


def _inputs(here: Following, found: Convolved, channel: int) -> None:
    """Show all maps that a convolution takes, to choose the one whose products are written out."""
    one, first, place = here.one, found.first, found.place
    names = [f"{first + at} adds {say.number(float(value))}" for at, value in enumerate(found.sums)]
    ends = [here.ends(found.before, values) for values in found.inputs]
    picking = Picking(
        f"{here.key}-input-{place.unit}-{place.row}-{place.column}",
        (1, len(found.inputs)),
        lambda _, at: here.move(channel=first + at),
        first=first,
    )
    of = "channels of the image" if found.before == IMAGE else f"maps of {say.name(found.before)}"
    st.markdown(
        f"**It takes {len(found.inputs)} {of}**, each through a kernel of its own, at the place that is marked."
    )
    figure = wall_figure(found.inputs, ends, names, chosen=channel, window=found.window, grey=found.before == IMAGE)
    picking.plot(figure, 0, channel, f"The inputs of this layer; that of {first + channel} is written out below.")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        picking.field("column", "Input written out", 0, channel)
        _sums(here, found)
    source = say.unit(one, found.before, first + channel)
    st.caption(f"What each input adds to the sum. Written out below: {source}.")


def _sums(here: Following, found: Convolved) -> None:
    """Tell what each input adds; of many those that add, or take away, most."""
    sizes = np.nan_to_num(np.abs(found.sums), nan=np.inf)
    told = np.sort(np.argsort(-sizes, kind="stable")[:MOST_SUMS])
    largest = float(sizes[np.isfinite(sizes)].max(initial=0)) or 1.0
    heads = [str(found.first + at) for at in told]
    cells = [_shaded(float(found.sums[at]), largest) for at in told]
    if len(told) < len(found.sums):
        heads.append(f"{len(found.sums) - len(told)} more")
        cells.append(_shaded(float(found.sums.sum() - found.sums[told].sum()), largest))
    st.html(number_table("input", heads, [("adds", cells)]), width="stretch")


def _input(here: Following, found: Convolved, channel: int) -> None:
    values = found.inputs[channel]
    node, place = found.node, found.place
    unit = say.unit(here.one, found.before, found.first + channel)
    st.markdown(f"**{unit[0].upper()}{unit[1:]}**, {say.sizes(values.shape)}")
    figure = window_figure(
        values,
        here.ends(found.before, values),
        found.window,
        padding=node.padding,
        dilation=node.dilation,
        grey=found.before == IMAGE,
    )
    alt = f"The input; marked is what row {place.row}, column {place.column} of the output sees."
    plot(figure, alt=alt, key=f"{here.key}-drawn-input")
    around = f" Around it {node.padding} of zeros." if node.padding else ""
    scaled = " Its pixels as the net takes them: less their mean, divided by their standard deviation."
    st.caption(f"The kernel moves on by {node.stride}.{around}{scaled if found.before == IMAGE else ''}")


def _kernel(here: Following, found: Convolved, channel: int) -> None:
    weights = found.kernel[channel]
    written = [[say.number(value) for value in row] for row in weights.tolist()]
    shown = written if len(weights) <= MOST_WRITTEN else [[""] * len(row) for row in written]
    st.markdown(f"**Kernel for it**, {say.sizes(weights.shape)}")
    alt = "The kernel: " + "; ".join(", ".join(row) for row in written)
    plot(
        kernel_figure(weights, [[_short(one) for one in row] for row in shown]), alt=alt, key=f"{here.key}-drawn-kernel"
    )
    st.caption(f"They add up to {say.number(float(weights.sum(dtype=np.float64)))}.")


def _products(here: Following, found: Convolved, channel: int) -> None:
    terms = found.terms(channel)
    height, width = found.inputs.shape[1:]
    largest = reach_of(np.array([term.product for term in terms])) or 1.0
    cells = [
        Product(
            f"{say.number(term.pixel)} × {say.factor(term.weight)}",
            say.number(term.product),
            float(np.nan_to_num(term.product / largest)),
            not (0 <= term.row < height and 0 <= term.column < width),
            f"row {term.row}, column {term.column}",
        )
        for term in terms
    ]
    side = found.node.size
    frame = " Dashed: from the frame of zeros." if any(cell.outside for cell in cells) else ""
    caption = f"Input × number of the kernel, and what it makes, for {say.spot(here.one, found.place)}.{frame}"
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        st.html(products([cells[at : at + side] for at in range(0, side * side, side)], caption), width="content")
        st.markdown(say.steps(here.one, found, channel), width=STEPS)
    st.caption(caption)
    rows: Rows = [
        {
            "input": found.first + channel,
            "row": term.row,
            "column": term.column,
            "number": term.pixel,
            "weight": term.weight,
            "product": term.product,
        }
        for term in terms
    ]
    rows += [{"input": found.first + at, "sum": float(value)} for at, value in enumerate(found.sums)]
    _offer(here, rows, found.bias, found.value)


def _weighed(here: Following, found: Weighed) -> None:
    one, told = here.one, found.order[:MOST_TOLD]
    largest = reach_of(found.products) or 1.0
    names = [say.spot(one, one.unravelled(found.node, int(at))) for at in told]
    rows = [
        (
            name,
            [
                Shaded(say.number(float(found.inputs[at]))),
                Shaded(say.number(float(found.weights[at]))),
                _shaded(float(found.products[at]), largest),
            ],
        )
        for name, at in zip(names, told, strict=True)
    ]
    rest = float(found.products[found.order[MOST_TOLD:]].sum())
    if len(found.products) > MOST_TOLD:
        others = f"the other {len(found.products) - MOST_TOLD:,}"
        rows.append((others, [Shaded(""), Shaded(""), _shaded(rest, largest)]))
    left, right = st.columns(2)
    with left:
        st.html(
            number_table("input", ["number", "weight", "product"], rows, caption="Those that count most come first.")
        )
    with right:
        figure = bars_figure(names, found.products[told].tolist())
        plot(figure, alt="The products that count most, as bars.", key=f"{here.key}-drawn-bars")
    st.markdown(say.steps(one, found, 0))
    listed: Rows = []
    for at in found.order.tolist():
        place = one.unravelled(found.node, at)
        number, weight, made = (float(values[at]) for values in (found.inputs, found.weights, found.products))
        listed.append(
            {"input": place.unit, "row": place.row, "column": place.column}
            | {"number": number, "weight": weight, "product": made}
        )
    _offer(here, listed, found.bias, found.value)


def _offer(here: Following, rows: Rows, bias: float | None, value: float) -> None:
    """Offer all numbers of a sum as files."""
    columns = ("input", "row", "column", "number", "weight", "product", "sum")
    ends = [{"input": "bias", "sum": bias}, {"input": "all", "sum": value}]
    taking.offer(
        taking.Beginning(here.key), "number", [{name: row.get(name) for name in columns} for row in (*rows, *ends)]
    )


def _shaded(value: float, largest: float) -> Shaded:
    # Orange is above zero here, as in all pictures: the table has its colours the other way round.
    return Shaded(say.number(value), -float(np.nan_to_num(value / largest)))


def _short(text: str) -> str:
    """Return a number with two figures behind the point, so that five stand side by side."""
    try:
        return f"{round(float(text.replace('−', '-')), 2) + 0.0:.2f}".replace("-", "−")
    except ValueError:
        return text
