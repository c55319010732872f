"""The class's page: its table, the link that invites to it, and one's own seat; or what a class is, and the way in."""

from urllib.parse import quote, urlsplit

import streamlit as st

from engine.errors import LearnscopeError
from pages.ui import class_seat
from pages.ui.class_table import class_table
from pages.ui.places import base_path
from pages.ui.text import plain

LOCAL = ("localhost", "127.0.0.1", "::1")


def class_room() -> None:
    """Show the class that this person sits in, or offer to join one."""
    code = class_seat.code()
    if not code:
        st.title("Class")
        st.markdown(
            "Train together: everybody who has the same class code is seen here, with what they train just now. "
            "Choose a code, and tell it to the others."
        )
        with st.container(width=420):
            class_seat.join_form()
        return
    st.title(f"Class {plain(code)}")
    class_table(code)
    _invitation(code)
    _seat()


def _invitation(code: str) -> None:
    st.subheader("Invite")
    st.markdown("Whoever opens this address sits in the class:")
    here = urlsplit(st.context.url or "")
    st.code(f"{here.scheme}://{here.netloc}{base_path()}/?{class_seat.CLASS}={quote(code)}", language=None)
    if here.hostname in LOCAL:
        st.caption("Others reach this server by its own address in the network, not by localhost.")


def _seat() -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        try:
            class_seat.you_sit()
        except LearnscopeError as error:
            st.warning(plain(str(error), 300))
        class_seat.seat_menu()
