"""Which pixels an answer comes from: the methods side by side, what they add up to, and how far they agree."""

from typing import Any

import numpy as np
import streamlit as st

from engine.jobs.arrays import unpacked
from engine.jobs.job import Told
from engine.labs.why_spec import METHODS, PixelsSpec
from engine.nets.images.plan import title
from pages.ui.corpus.markup import STYLE, Shaded, number_table
from pages.ui.images.arrays_table import arrays_table
from pages.ui.images.why_asking import Asking
from pages.ui.images.why_controls import ask_about, image_and_class, settings
from pages.ui.images.why_maps import ends, tiles
from pages.ui.text import plain
from pages.ui.words.taking import signed

SMALL = 0.001
"""What is less is told as less than a tenth of a percent."""
DIGITS = 4


def pixels(here: Asking) -> None:
    """Ask, and show what is answered."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        image, target = image_and_class(here)
        spec = settings(here, PixelsSpec, "pixels")
    told, now = here.answer("pixels", here.order("pixels", spec, image=image, target=target), "Asking")
    if told is None:
        return
    with here.place(now):
        _shown(here, told)


def said(told: Told) -> str:
    """Return what the net tells of the picture, and for what it is asked."""
    classes, shares = told["classes"], told["probabilities"]
    order = np.argsort(-np.array(told["logits"]), kind="stable")
    first, second = (f"{plain(classes[at])} ({_share(shares[at])})" for at in (order[0], order[min(1, len(order) - 1)]))
    return f"It is {plain(classes[told['label']])}. The net predicts **{first}** before {second}."


def _shown(here: Asking, told: Told) -> None:
    name = plain(told["classes"][told["target"]])
    st.markdown(f"{said(told)} What speaks for **{name}**?")
    _mistakes(here, told)
    picture = unpacked(told["picture"])
    maps = {method: unpacked(one) for method, one in told["maps"].items()}
    tiles(f"{here.key}-pixels", picture, maps, ends, f"Image {told['image']:,} of {told['images']:,} held out")
    st.caption(
        "Orange speaks for the class, or says how much a pixel counts where there is no sign; blue speaks against it. "
        "Each map has its own scale, told below it. "
        + (f"Grad-CAM asks {title(told['layer'])}." if told["layer"] else "")
    )
    left, right = st.columns([2, 3], gap="large")
    with left:
        _complete(told["completeness"], told["classes"][told["target"]])
    with right:
        _agree(maps, told["agree"])
    arrays_table(
        {"The picture": picture.mean(axis=2), **{METHODS[one].title: found for one, found in maps.items()}},
        f"{here.key}-pixels-table",
        "why",
    )


def _mistakes(here: Asking, told: Told) -> None:
    """Offer some images that are told wrongly, to be asked about."""
    classes = told["classes"]
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        st.caption(
            "Told wrongly, by their numbers:"
            if told["wrong"]
            else "Of the first images held out none is predicted wrongly.",
            width="content",
        )
        for number, label, said_so in told["wrong"]:
            st.button(
                f"{number}: {plain(classes[label], 20)}, predicted {plain(classes[said_so], 20)}",
                key=f"{here.key}-wrong-{number}",
                type="tertiary",
                on_click=ask_about,
                args=(here, number),
            )


def _complete(whole: Told, name: str) -> None:
    difference = whole["picture"] - whole["baseline"]
    st.markdown("**Do integrated gradients add up?**")
    rows: list[tuple[str, list[Shaded | str]]] = [
        (f"sum of {name} for the picture", [Shaded(signed(whole["picture"], DIGITS))]),
        (f"sum of {name} for the baseline", [Shaded(signed(whole["baseline"], DIGITS))]),
        ("difference", [Shaded(signed(difference, DIGITS))]),
        ("all pixels together", [Shaded(signed(whole["sum"], DIGITS))]),
        ("gap", [Shaded(signed(whole["gap"], DIGITS))]),
    ]
    st.html(STYLE + number_table("", ["number"], rows, caption=""))
    share = abs(whole["gap"] / difference) if difference else 0.0
    st.caption(f"The gap is {_share(share)} of the difference. With more steps on the way it becomes smaller.")


def _share(share: float) -> str:
    if share < SMALL:
        return "under 0.1%"
    return "over 99.9%" if 1 - SMALL < share < 1 else f"{share:.1%}"


def _agree(maps: dict[str, np.ndarray], agree: list[list[Any]]) -> None:
    titles = [METHODS[name].title for name in maps]
    st.markdown("**Method against method**")
    rows = [
        (
            title,
            [Shaded("–" if one is None else f"{one:.2f}".replace("-", "−"), -(one or 0.0)) for one in line],
        )
        for title, line in zip(titles, agree, strict=True)
    ]
    st.html(STYLE + number_table("", titles, rows, caption=""))
    st.caption("Spearman's rank correlation of the sizes: 1 where two methods put all pixels in the same order.")
