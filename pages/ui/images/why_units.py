"""What excites a unit: the training patches that do most, and an input that is made to."""

import streamlit as st

from engine.figures.why import ascent_figure
from engine.jobs.arrays import unpacked
from engine.jobs.job import Told
from engine.labs.why_spec import UnitSpec, units_of
from engine.nets.images.field import Field
from engine.nets.images.plan import title
from pages.ui.corpus.plot import plot
from pages.ui.images.kernel_words import number
from pages.ui.images.wall import Shot, cut_out, wall
from pages.ui.images.why_asking import Asking
from pages.ui.images.why_controls import settings
from pages.ui.text import plain
from pages.ui.words import taking

MOST_UNITS = 4_095
LARGE = 140


def units(here: Asking) -> None:
    """Ask, and show what is answered."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        layer, unit = _unit(here)
        spec = settings(here, UnitSpec, "unit")
    told, now = here.answer("patches", here.order("patches", spec.replace(**_unasked()), layer=layer), "Looking")
    if told is None:
        return
    if now and unit >= told["units"]:
        st.info(f"{plain(told['title'])} has {told['units']:,} units: expected 0 to {told['units'] - 1:,}.")
        return
    with here.place(now):
        best = _patches(here, told, min(unit, told["units"] - 1))
    if not now:
        return
    made, now = here.answer("risen", here.order("risen", spec, layer=layer, unit=unit), "Going up", quietly=True)
    if made is not None and now:
        _risen(here, made, best, unit)


def _unasked() -> dict[str, object]:
    """Return the settings that have nothing to do with patches as they are by default: the same patches serve them."""
    return {name: field for name, field in UnitSpec().model_dump().items() if name != "looked"}


def _unit(here: Asking) -> tuple[str, int]:
    """Ask for a layer and a unit of it."""
    known = units_of(here.spec, here.plan)
    layer_key, unit_key, slot = f"{here.key}.layer", f"{here.key}.unit", f"{here.key}.of"
    before = st.session_state.get(slot, (known[0], 0))
    if st.session_state.setdefault(layer_key, before[0]) not in known:
        st.session_state[layer_key] = known[0]
    layer = st.selectbox(
        "Layer",
        known,
        known.index(st.session_state[layer_key]),
        format_func=title,
        key=layer_key,
        width=230,
        help="Of a ReLU behind a norm it is what goes into it: where that is below 0, nothing comes out.",
    )
    unit = st.number_input(
        "Unit",
        0,
        MOST_UNITS,
        st.session_state.setdefault(unit_key, before[1]),
        key=unit_key,
        width=120,
        help="A map of a convolution, or a unit of a dense layer, by its number.",
    )
    st.session_state[slot] = (layer, int(unit or 0))
    return layer, int(unit or 0)


def _patches(here: Asking, told: Told, unit: int) -> float:
    """Show the patches that excite a unit most; return the strongest answer."""
    values, rows, columns, images = (unpacked(told[name])[unit] for name in ("values", "rows", "columns", "images"))
    shown, field = unpacked(told["pictures"]), _field(told)
    st.markdown(
        f"**The training {'patches' if field else 'images'} that excite unit {unit} of {plain(told['title'])} most**"
    )
    shots, table = [], []
    for value, row, column, image in zip(values, rows, columns, images, strict=True):
        label = told["labels"][image]
        top, left = field.square(int(row), int(column)) if field else (0, 0)
        pixels = cut_out(shown[image], top, left, field.side) if field else shown[image]
        shots.append(
            Shot(pixels, number(float(value)), f"label {label}", f"Part of an image of {label}, answer {value:.3g}")
        )
        table.append({"label": label, "row": top + 1, "column": left + 1, "answer": float(value)})
    st.html(wall(shots))
    sees = f"sees {field.side} × {field.side} pixels, its receptive field" if field else "sees the whole image"
    st.caption(
        f"Out of the first {told['looked']:,} training images, one patch of each at most. Below each what the unit "
        f"answers, before its activation, and the label. It {sees}"
        f"{'; chequered is outside the image' if field else ''}."
    )
    taking.numbers(taking.Beginning(f"{here.key}-patches"), "why-patches", table)
    return float(values[0])


def _risen(here: Asking, made: Told, best: float, unit: int) -> None:
    picture, field = unpacked(made["picture"]), _field(made)
    st.markdown("**An input that is made to excite it**")
    left, right = st.columns([2, 3], gap="large")
    reached, answers = made["reached"], made["answers"]
    with left:
        shots = [Shot(picture, number(reached), "the whole input", f"The input that was made for unit {unit}.")]
        if field:
            top, edge = field.square(made["row"], made["column"])
            cut = cut_out(picture, top, edge, field.side)
            shots.append(Shot(cut, "", "what the unit sees", "The part of it that the unit sees."))
        st.html(wall(shots, LARGE))
        if answers[-1] <= answers[0]:
            st.caption("It did not rise: no gradient comes through to the pixels, or the unit is held back too much.")
        else:
            than = "more than" if reached > best else "less than"
            st.caption(
                f"It is answered with {number(reached)}: {than} the best patch, {number(best)}. It began as noise, and "
                "each step moved the pixels up the gradient, held back by what is set. No pixel may be darker than "
                "black or brighter than white."
            )
    drawn = ascent_figure(answers, best)
    with right:
        plot(drawn, alt="The unit's answer while the input rises, step by step.", key=f"{here.key}-risen-curve")
    rows = [{"step": step, "answer": value} for step, value in enumerate(answers)]
    taking.numbers(
        taking.Beginning(f"{here.key}-risen"),
        "why-ascent",
        rows,
        taking.Picture(drawn, "The answer of a unit while its input rises"),
        rows[:: max(1, len(rows) // 20)],
    )


def _field(told: Told) -> Field | None:
    return None if told["field"] is None else Field(*told["field"])
