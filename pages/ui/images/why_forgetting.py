"""The same question to a net whose layers forget, from the head down: what does not change does not explain the net."""

import streamlit as st

from engine.figures.why import forgetting_figure
from engine.jobs.arrays import unpacked
from engine.jobs.job import Told
from engine.labs.why_spec import METHODS, PixelsSpec
from pages.ui.corpus.plot import plot
from pages.ui.images.arrays_table import Keys
from pages.ui.images.why_asking import Asking
from pages.ui.images.why_controls import image_and_class, settings
from pages.ui.images.why_maps import ends, tiles
from pages.ui.images.why_pixels import said
from pages.ui.text import plain
from pages.ui.words import taking

TITLE = "How alike each map is to that of the net as it learnt"


def forgetting(here: Asking) -> None:
    """Ask, and show what is answered."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        image, target = image_and_class(here)
        spec = settings(here, PixelsSpec, "pixels")
    order = here.order("forgetting", spec, image=image, target=target)
    told, now = here.answer("forgetting", order, "Letting layers forget")
    if told is None:
        return
    with st.container(key=f"{here.key}-{'now' if now else 'before'}"):
        _shown(here, told)


def _shown(here: Asking, told: Told) -> None:
    name = plain(told["classes"][told["target"]])
    st.markdown(
        f"{said(told)} The weights of its layers are drawn anew, one layer after the other from the head down, and it "
        f"is asked for **{name}** each time. A map that stays as it is tells of the picture, not of what was learnt."
    )
    layers, key = told["layers"], f"{here.key}-forgetting"
    slot = f"{key}-depth"
    if st.session_state.get(slot) not in layers:
        st.session_state[slot] = layers[0]
    if len(layers) > 1:
        last = st.select_slider("Forgotten from the head down to", layers, st.session_state[slot], key=slot)
    else:
        last = layers[0]
    depth = layers.index(last)
    picture = unpacked(told["picture"])
    maps = {method: unpacked(one) for method, one in told["maps"].items()}
    st.markdown("As it learnt")
    tiles(f"{key}-learnt", picture, {one: found[0] for one, found in maps.items()}, ends, f"Image {told['image']:,}")
    st.markdown(f"Forgotten from the head down to {plain(str(last))}")
    gone = {one: found[depth + 1] for one, found in maps.items()}
    tiles(f"{key}-gone", picture, gone, lambda one, _: _alike(told["alike"][one][depth]), f"Image {told['image']:,}")
    alike = {METHODS[one].title: found for one, found in told["alike"].items()}
    st.markdown(f"**{TITLE}**")
    drawn = forgetting_figure(layers, alike)
    plot(drawn, alt=f"{TITLE}, layer by layer from the head down.", key=f"{key}-curves")
    st.caption(
        "Spearman's rank correlation of the sizes. Integrated gradients are 0 wherever the picture is as its baseline "
        "is, whatever the net has learnt: so their order hardly changes. Try another baseline."
    )
    rows = [
        {"method": title, "forgotten to": layer, "rank correlation": one}
        for title, found in alike.items()
        for layer, one in zip(layers, found, strict=True)
    ]
    taking.numbers(Keys(key), "why-forgetting", rows, taking.Picture(drawn, TITLE))


def _alike(found: float | None) -> str:
    if found is None:
        return "the same everywhere"
    return f"rank correlation {found:.2f}".replace("-", "−")
