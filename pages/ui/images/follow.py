"""Follow one number: a net's layers, the units of one, and one number of a unit with all that it is made of."""

import streamlit as st

from engine.errors import LearnscopeError
from engine.figures.feature_maps import wall_figure
from engine.labs.lab import Lab
from engine.labs.vision import VisionSpec, problem_of
from engine.nets.images.forward_pass import ForwardPass, Place
from engine.nets.images.plan import title
from pages.ui.corpus.markup import STYLE as NUMBERS
from pages.ui.desk import asking
from pages.ui.desk.address import write_link
from pages.ui.desk.slot import Desk, current, kept
from pages.ui.images import follow_words as say
from pages.ui.images.follow_asked import NONE, FollowAsked
from pages.ui.images.follow_pass import shown_pass
from pages.ui.images.follow_place import Following, asked_of, chosen, jump, jumps
from pages.ui.images.follow_written import written
from pages.ui.images.markup import STYLE
from pages.ui.images.picking import Picking
from pages.ui.lesson import FOLLOW
from pages.ui.text import plain

ABOUT = (
    "What the net makes of the image looked at, number by number. Choose a layer, a unit and a cell: below stands "
    "what this number is made of, and what becomes of it. Rows, columns and units are counted from 0, as torch does."
)


@st.fragment
def follow(lab: Lab) -> None:
    """Show the section, where somebody has opened it: before that the net is asked nothing."""
    here = kept(lab)
    if here is None or not here.run or here.lesson.hides(FOLLOW):
        return
    key = f"{lab.name}.follow.{here.edition}"
    begins = st.session_state.setdefault(f"{key}-begins", bool(asked_of(here).layer))
    box = st.expander(
        "Follow one number",
        icon=":material/conversion_path:",
        expanded=begins,
        key=f"{key}-open",
        on_change=lambda: _close(here),
    )
    if box.open:
        with box:
            st.html(STYLE + NUMBERS)
            st.markdown(ABOUT)
            try:
                _open(here, key)
            except LearnscopeError as error:
                st.warning(plain(str(error), 400), icon=":material/info:")
    write_link(here)


def _close(here: Desk) -> None:
    """Forget what was asked: a section that is opened begins anew, and one that is closed is no part of a link."""
    here.beneath = {kind: asked for kind, asked in here.beneath.items() if kind is not FollowAsked}


def _open(here: Desk, key: str) -> None:
    run = current(here)
    found = shown_pass(here, run, key) if run is not None else None
    if found is None or not isinstance(here.spec, VisionSpec):
        return
    number, one = found
    classes = problem_of(here.spec).classes
    _layers(here, one, key)
    place = chosen(one, asked_of(here))
    following = Following(here, one, place, classes, f"{key}.{number}.{jumps(here)}.{place.layer}")
    asking.change(here, FollowAsked, layer=place.layer)
    _units(following)
    written(following)


def _layers(here: Desk, one: ForwardPass, key: str) -> None:
    """Offer all layers in which numbers meet, in the order of their work."""
    nodes = {node.name: node for node in one.graph.stations}
    slot = f"{key}-layer-{jumps(here)}"
    st.session_state.setdefault(slot, chosen(one, asked_of(here)).layer)
    st.pills(
        "Layer",
        list(nodes),
        default=st.session_state[slot],
        required=True,
        format_func=lambda name: say.station(one, nodes[name]),
        key=slot,
        on_change=_choose,
        args=(here, slot),
    )


def _choose(here: Desk, slot: str) -> None:
    """Take over another layer, where the field is the one shown now."""
    if slot.endswith(f"-{jumps(here)}") and st.session_state.get(slot):
        jump(here, Place(st.session_state[slot], NONE, NONE, NONE))


def _units(here: Following) -> None:
    """Show the maps of all units of the layer, to choose one."""
    one, place = here.one, here.place
    maps = one.maps(place.layer)
    asking.draw(here.here, FollowAsked, "scale", here.key)
    many = maps[0].size > 1
    kind = "maps" if many else "units"
    picking = Picking(f"{here.key}-unit", (1, len(maps)), lambda _, unit: here.move(unit=unit, channel=NONE), first=0)
    st.markdown(f"**{len(maps)} {kind} of {say.name(place.layer)}**")
    ends = [here.ends(place.layer, values) for values in maps]
    names = [_told(here, unit) for unit in range(len(maps))]
    alt = f"The {kind} of {title(place.layer)}; {'map' if many else 'unit'} {place.unit} is followed."
    picking.plot(wall_figure(maps, ends, names, chosen=place.unit), 0, place.unit, alt)
    picking.field("column", "Map" if many else "Unit", 0, place.unit)


def _told(here: Following, unit: int) -> str:
    """Return what is told of a unit where one points at it."""
    values = here.one.maps(here.place.layer)[unit]
    own = f" ({here.classes[unit]})" if here.place.layer == here.one.graph.output else ""
    low, high = (say.number(float(one)) for one in (values.min(), values.max()))
    return f"{unit}{own}: {low}" if values.size == 1 else f"{unit}{own}: {low} to {high}"
