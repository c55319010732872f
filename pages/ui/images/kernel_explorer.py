"""A kernel that slides over a picture: the picture, the kernel, the output, and one of its numbers written out."""

import streamlit as st

from engine.data.images.kernel_examples import EXAMPLES, example_of
from engine.data.images.kernel_spec import KernelSpec, named
from engine.data.images.kernels import BY_HAND
from engine.data.images.picked import picked
from engine.data.images.slid import Slid, chosen, slide
from engine.errors import LearnscopeError
from engine.figures.kernel import input_figure, output_figure, pool_figure
from engine.figures.squares import kernel_figure
from engine.labs.lab import Lab
from pages.ui.corpus.markup import STYLE as NUMBERS
from pages.ui.corpus.plot import plot
from pages.ui.desk.address import write_link
from pages.ui.desk.slot import Desk, kept
from pages.ui.images import kernel_words as say
from pages.ui.images import own
from pages.ui.images.kernel_controls import asked_of, change, controls
from pages.ui.images.kernel_numbers import numbers
from pages.ui.images.kernel_place import place
from pages.ui.images.markup import STYLE
from pages.ui.images.picking import Picking
from pages.ui.text import plain

WIDTHS = (5, 4, 5)


@st.fragment
def kernel_explorer(lab: Lab, key: str) -> None:
    """Show the kernel; ``key`` begins the keys of the controls."""
    here = kept(lab)
    if here is None:
        return
    with st.container(border=True):
        st.html(STYLE + NUMBERS)
        key = _examples(here, f"{key}.{here.edition}")
        question = st.container()
        try:
            controls(here, key)
            found = example_of(asked_of(here))  # as it is now, controls read
            if found is not None:
                question.info(found.question, icon=":material/visibility:")
            _shown(here, key)
        except LearnscopeError as error:
            st.warning(plain(getattr(error, "words", str(error)), 600), icon=":material/info:")
    if here.run:
        write_link(here)


def _examples(here: Desk, key: str) -> str:
    """Offer what to try; return what the keys of the controls begin with: another one after each choice, for a browser
    that is late still says what stood in them before.
    """
    with st.container(horizontal=True, gap="xsmall"):
        for at, one in enumerate(EXAMPLES):
            st.button(
                one.title,
                key=f"{key}-try-{at}",
                icon=":material/play_circle:",
                on_click=_take,
                args=(here, f"{key}-tries", one.spec),
            )
    return f"{key}.{st.session_state.get(f'{key}-tries', 0)}"


def _take(here: Desk, counter: str, spec: KernelSpec) -> None:
    """Set an example up, with the picture that is shown."""
    now = asked_of(here)
    change(here, **spec.replace(picture=now.picture, number=now.number, own=now.own, weights=now.weights).model_dump())
    st.session_state[counter] = st.session_state.get(counter, 0) + 1


def _shown(here: Desk, key: str) -> None:
    spec = asked_of(here)
    if spec.picture == "own" and not spec.own:
        st.info("Bring a picture: small and simple ones show best what a kernel does.", icon=":material/info:")
        return
    pixels, name = own.brought(spec.own) if spec.picture == "own" else picked(spec.picture, spec.number)
    slid = slide(spec, pixels)
    one = named(spec.kernel)
    turned = " It lies turned over by half a turn, as in the convolution of the books." if spec.turned else ""
    st.caption(f"{BY_HAND[one].does if one else 'A kernel of your own.'}{turned}")
    if spec.picture == "own":
        st.caption(f"In use: {plain(name)}. Whoever is sent the address of this page can see it too.")
    picking = Picking(key, slid.output.shape, lambda row, column: change(here, row=row + 1, column=column + 1))
    row, column = chosen(spec, slid)
    _pictures(spec, slid, picking, row, column)
    st.caption(
        f"{say.sees(slid)} How many numbers the output has each way, from n pixels, padding p, dilation d, a kernel "
        "of k and stride s:"
    )
    with st.container(horizontal=True, gap="medium"):
        for one in say.formula(slid):
            st.markdown(one, width="content")
    place(spec, slid, picking, row, column)
    numbers(slid, key)


def _pictures(spec: KernelSpec, slid: Slid, picking: Picking, row: int, column: int) -> None:
    written, divisor = say.weights(spec)
    left, middle, right = st.columns(WIDTHS)
    with left:
        st.markdown(f"**Picture**, {say.sizes(slid.image.shape)}")
        alt = f"The picture; marked is what row {row + 1}, column {column + 1} of the output sees."
        plot(input_figure(slid, row, column), alt=alt, key=f"{picking.key}-drawn-input")
        around = slid.sliding.padding
        st.caption(f"Black is 0, white 255.{f' Around it {around} of zeros.' if around else ''}")
    with middle:
        st.markdown(f"**Kernel**, {say.sizes(slid.kernel.shape)}")
        alt = "The kernel: " + "; ".join(", ".join(line) for line in written)
        plot(kernel_figure(slid.kernel, written), alt=alt, key=f"{picking.key}-drawn-kernel")
        st.caption(f"Each divided by {divisor}." if divisor else f"They add up to {say.number(slid.kernel.sum())}.")
    with right:
        st.markdown(f"**Output**, {say.sizes(slid.output.shape)}")
        alt = f"The output; row {row + 1}, column {column + 1} is written out below."
        picking.plot(output_figure(slid, row, column), row, column, alt)
        st.caption(f"{say.colours(slid)} Click on a cell.")
    if slid.pools is not None:
        _pools(slid, picking, row, column)


def _pools(slid: Slid, picking: Picking, row: int, column: int) -> None:
    left, right = st.columns((WIDTHS[0] + WIDTHS[1], WIDTHS[2]), vertical_alignment="center")
    kind = "the largest" if slid.pooling == "largest" else "the mean"
    with left:
        st.markdown(
            f"Of each 2 × 2 numbers of the output one is left, {kind}. The picture is half as large, and what moves by "
            "a pixel changes it less."
        )
    with right:
        shape = slid.pools.shape if slid.pools is not None else ()
        st.markdown(f"**Pooled**, {say.sizes(shape)}")
        alt = f"What is left of the output: {kind} of each 2 × 2 numbers."
        plot(pool_figure(slid, row, column), alt=alt, key=f"{picking.key}-drawn-pools")
