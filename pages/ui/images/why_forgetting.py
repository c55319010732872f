"""The same question to a net whose layers forget, from the head down: what does not change does not explain the net."""

from collections.abc import Mapping, Sequence

import streamlit as st

from engine.figures.why import forgetting_figure
from engine.jobs.arrays import unpacked
from engine.jobs.job import Told
from engine.labs.why_spec import METHODS, PixelsSpec
from pages.ui.corpus.plot import plot
from pages.ui.images.why_asking import Asking
from pages.ui.images.why_controls import image_and_class, settings
from pages.ui.images.why_maps import ends, tiles
from pages.ui.images.why_pixels import said
from pages.ui.text import plain
from pages.ui.words import taking

HOW = {"sizes": "By their sizes", "signs": "With their signs"}
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
    with here.place(now):
        _shown(here, told)


def _shown(here: Asking, told: Told) -> None:
    name, layers, key = plain(told["classes"][told["target"]]), told["layers"], f"{here.key}-forgetting"
    st.markdown(
        f"{said(told)} The weights of its layers are drawn anew, one layer after the other from the head down, and it "
        f"is asked for **{name}** each time. A map that stays as it is tells of the picture, not of what was learnt."
    )
    depth, alike = _depth(layers, key), told["alike"][_how(key)]
    picture = unpacked(told["picture"])
    maps = {method: unpacked(one) for method, one in told["maps"].items()}
    number = f"Image {told['image']:,}"
    st.markdown("As it learnt:")
    tiles(f"{key}-learnt", picture, {one: found[0] for one, found in maps.items()}, ends, number)
    down = f" and all from there down to {plain(layers[depth])}" if depth else ""
    st.markdown(f"Where {plain(layers[0])}{down} has forgotten, and how alike that is:")
    gone = {one: found[depth + 1] for one, found in maps.items()}
    tiles(f"{key}-gone", picture, gone, lambda one, _: _told(alike[one][depth]), number)
    _curves(layers, {METHODS[one].title: line for one, line in alike.items()}, key)


def _depth(layers: Sequence[str], key: str) -> int:
    """Ask how far down layers have forgotten; return the place of the last one."""
    slot = f"{key}-depth"
    if st.session_state.get(slot) not in layers:
        st.session_state[slot] = layers[0]
    if len(layers) == 1:
        return 0
    return layers.index(
        st.select_slider("Forgotten from the head down to", layers, st.session_state[slot], key=slot)  # type: ignore[arg-type]
    )


def _how(key: str) -> str:
    slot = f"{key}-how"
    chosen = st.segmented_control(
        "How maps are held against each other",
        list(HOW),
        default=st.session_state.setdefault(slot, "sizes"),
        format_func=lambda one: HOW[one],
        key=slot,
        required=True,
        help="A map may keep its large numbers in place and turn over their signs: by sizes it is then the same.",
    )
    return chosen or "sizes"


def _curves(layers: Sequence[str], alike: Mapping[str, Sequence[float | None]], key: str) -> None:
    st.markdown(f"**{TITLE}**")
    drawn = forgetting_figure(layers, alike)
    plot(drawn, alt=f"{TITLE}, layer by layer from the head down.", key=f"{key}-curves")
    st.caption(
        "Spearman's rank correlation. Integrated gradients are 0 wherever the picture is as its baseline is, whatever "
        "the net has learnt: so the order of their sizes hardly changes. Try another baseline, and look at the signs."
    )
    rows = [
        {"method": title, "forgotten to": layer, "rank correlation": one}
        for title, line in alike.items()
        for layer, one in zip(layers, line, strict=True)
    ]
    taking.numbers(taking.Beginning(key), "why-forgetting", rows, taking.Picture(drawn, TITLE))


def _told(found: float | None) -> str:
    return "the same everywhere" if found is None else f"{found:.2f}".replace("-", "−")
