"""What is open: how many words, where they come from, what was left out of the file and why."""

import streamlit as st

from engine.words.space import Space
from pages.ui.text import plain
from pages.ui.words.space_desk import SpaceDesk

SHA_SHOWN = 12


def about(here: SpaceDesk, space: Space) -> None:
    """Tell about the open space."""
    record = space.provenance
    subwords = ", with subwords" if record.subwords else ""
    st.markdown(f"**{len(space):,} words** in **{space.dimensions:,} dimensions**")
    st.caption(f"{plain(record.kind)}{subwords}")
    with st.expander("About this file"):
        st.markdown(f"File: {plain(record.source)}")
        st.markdown(f"SHA-256: `{record.sha256[:SHA_SHOWN]}…`", help=plain(record.sha256))
        if record.limit is not None:
            st.markdown(f"Only its first {record.limit:,} rows were kept.")
        for one in record.dropped:
            rows = "row was" if one.count == 1 else "rows were"
            st.markdown(f"{one.count:,} {rows} left out: {plain(one.why)} (the first is row {one.first:,}).")
        if not record.dropped:
            st.markdown("No row was left out.")
        for note in record.notes:
            st.markdown(plain(note, 400))
