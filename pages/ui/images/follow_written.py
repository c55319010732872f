"""One number of a net written out: pictures of what it is made of, its sum, and what becomes of it."""

import numpy as np
import streamlit as st

from engine.figures.feature_maps import map_figure, small_figure, window_figure
from engine.figures.squares import Window
from engine.nets.images.forward_pass import Place
from engine.nets.images.graph import IMAGE
from engine.probes.written_out import Added, Convolved, Joined, Normed, Pooled, Weighed, Written, write_out
from pages.ui.corpus.plot import plot
from pages.ui.images import follow_words as say
from pages.ui.images.follow_place import Following
from pages.ui.images.follow_sums import convolution, weighing
from pages.ui.images.markup import Product, products
from pages.ui.images.number_tables import tables
from pages.ui.images.picking import Picking

MOST_WINDOW = 49
"""Numbers of a window that are written out; of the mean of a whole map the picture has to do."""
AT_LEAST = 3
"""Columns for what becomes of a number: one alone would be drawn too large."""


def written(here: Following) -> None:
    """Write out the number that is followed."""
    found = write_out(here.one, here.place)
    channel = 0
    match found:
        case Convolved():
            channel = convolution(here, found, lambda: _output(here))
        case Weighed():
            weighing(here, found)
        case _:
            _sides(here, found)
            st.markdown(f"{_named(found)}: {say.after(here.one, found)}.")
    if not np.isfinite(found.value):
        st.info("Numbers of this net are none any more (NaN, or infinite), and so is what is made of them.")
    own = f"{here.one.number(here.place):.7g}".replace("-", "−")
    st.caption(f"The net itself counts in single precision: it has {own} there.")
    _on(here)
    _back(here, found, channel)
    _tables(here, found, channel)


def _output(here: Following) -> None:
    """Show the map in which the number is, to choose another of its cells."""
    one, place = here.one, here.place
    values = one.maps(place.layer)[place.unit]
    st.markdown(f"**Output, {say.unit(one, place.layer, place.unit)}**, {say.sizes(values.shape)}")

    def take(row: int, column: int) -> None:
        here.move(unit=place.unit, row=row, column=column)

    picking = Picking(f"{here.key}-cell-{place.unit}", values.shape, take, first=0)
    figure = map_figure(values, here.ends(place.layer, values), place.row, place.column)
    alt = f"The output; row {place.row}, column {place.column} is written out below."
    picking.plot(figure, place.row, place.column, alt)
    if values.size > 1:
        picking.fields(place.row, place.column)


def _sides(here: Following, found: Written) -> None:
    """Show what a number is made of beside the map that it is in."""
    sources = _sources(here, found)
    *inputs, output = st.columns(max(len(sources) + 1, 2))
    for at, (column, (layer, unit, window)) in enumerate(zip(inputs, sources, strict=True)):
        values = here.one.maps(layer)[unit]
        with column:
            told = say.unit(here.one, layer, unit)
            st.markdown(f"**{told[0].upper()}{told[1:]}**, {say.sizes(values.shape)}")
            figure = window_figure(values, here.ends(layer, values), window, grey=layer == IMAGE)
            plot(figure, alt=f"Marked is what the number is made of: {told}.", key=f"{here.key}-drawn-side-{at}")
    with output:
        _output(here)
    if isinstance(found, Pooled) and found.window.size <= MOST_WINDOW:
        _window(found)


def _sources(here: Following, found: Written) -> list[tuple[str, int, Window]]:
    """Return the maps that a number is made of, with the window in each."""
    if isinstance(found, Pooled):
        height, width = found.window.shape
        bottom, right = found.top + height - 1, found.left + width - 1
        return [(found.before, found.place.unit, (found.top, found.left, bottom, right))]
    places = _places(found)
    return [(one.layer, one.unit, (one.row, one.column, one.row, one.column)) for one in places]


def _places(found: Written) -> tuple[Place, ...]:
    """Return the places of the numbers that one is made of, where these are few."""
    match found:
        case Added():
            return found.places
        case Joined():
            return (found.source,)
        case Pooled():
            return (found.winner,)
    place = found.place
    return (Place(found.node.inputs[0], place.unit, place.row, place.column),)


def _window(found: Pooled) -> None:
    won, largest = found.winner, found.node.kind == "largest"
    cells = [
        [
            Product(
                f"row {row}, column {column}",
                say.number(float(value)),
                float(largest and (row, column) == (won.row, won.column)),
                False,
                "the largest" if largest and (row, column) == (won.row, won.column) else "",
            )
            for column, value in enumerate(line, found.left)
        ]
        for row, line in enumerate(found.window, found.top)
    ]
    st.html(products(cells, "The numbers of the window; the largest is coloured." if largest else "The window."))


def _on(here: Following) -> None:
    """Show what becomes of the number: layer by layer, as long as one layer takes it and makes one number of it."""
    one, places = here.one, here.one.after(here.place)
    if places:
        st.markdown("**What becomes of it**")
    for column, place, before in zip(
        st.columns(max(AT_LEAST, len(places))) if places else [], places, (here.place, *places), strict=False
    ):
        with column:
            _stage(here, place, before)
    last = places[-1] if places else here.place
    if last.layer == one.graph.output:
        logits = one.outputs[last.layer].ravel()
        told = say.softmax(logits, last.unit)
        st.markdown(f"Softmax makes of it the probability of {say.plain(here.classes[last.unit])}: {told}.")
    else:
        st.markdown(say.takers(one.graph, last))


def _stage(here: Following, place: Place, before: Place) -> None:
    found = write_out(here.one, place)
    values = here.one.maps(place.layer)[place.unit]
    st.markdown(f"{_named(found)} ({say.name(place.layer)})  \n{say.after(here.one, found)}")
    if isinstance(found, Normed):
        st.caption(say.norm_formula(found))
    if isinstance(found, Pooled) and found.node.kind == "largest":
        st.caption(_won(here, found, before))
    if values.size > 1:
        alt = f"{say.unit(here.one, place.layer, place.unit)}; row {place.row}, column {place.column} is marked."
        figure = small_figure(values, here.ends(place.layer, values), place.row, place.column)
        plot(figure, alt=alt, key=f"{here.key}-drawn-{place.layer}")


def _won(here: Following, found: Pooled, before: Place) -> str:
    """Return whether a number is the one that a pooling lets through."""
    if found.winner == before:
        return "It is this number that wins."
    if here.one.number(before) == found.value:
        return "Another number of its window is just as large, and comes first."
    return "Another number of its window wins."


def _back(here: Following, found: Written, channel: int) -> None:
    """Offer to follow what the number is made of."""
    match found:
        case Convolved():
            places = (found.source(channel),)
        case Weighed():
            places = (here.one.unravelled(found.node, int(found.order[0])),)
        case _:
            places = _places(found)
    with st.container(horizontal=True):
        for place in places:
            if place.layer == IMAGE:
                st.markdown("It is made of the image itself: of nothing before that.")
                continue
            st.button(
                f"Back to {say.spot(here.one, place)}",
                icon=":material/arrow_back:",
                on_click=here.go,
                args=(place,),
                key=f"{here.key}-back-{place.layer}",
                help="Follows the number that counts most in this one, to where it was summed up.",
            )


def _tables(here: Following, found: Written, channel: int) -> None:
    """Offer the numbers of the pictures, to be read in their place."""
    one, place = here.one, here.place
    some = {"Output": one.maps(place.layer)[place.unit]}
    match found:
        case Convolved():
            some |= {"Input": found.inputs[channel], "Kernel": found.kernel[channel]}
        case Weighed():
            units = len(one.maps(found.node.inputs[0]))
            parts = {"Inputs": found.inputs, "Weights": found.weights, "Products": found.products}
            some |= {name: values.reshape(units, -1) for name, values in parts.items()}
        case _:
            some |= {say.title(source.layer): one.maps(source.layer)[source.unit] for source in _places(found)}
    layer = one.maps(place.layer)
    some["All units"] = layer.reshape(len(layer), -1)
    tables(some, "Output", here.key, say.number, first=0)


def _named(found: Written) -> str:
    kind = say.KINDS[found.node.kind]
    return kind[0].upper() + kind[1:]
