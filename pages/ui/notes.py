"""A lab's note: what one sees, why, and what to try, from ``assets/notes``."""

import functools

import streamlit as st

from pages.ui.places import ASSETS

READABLE = 760
"""Pixels: about a hundred letters a line; longer ones lose the eye on its way back."""


def note(lab: str) -> None:
    """Show the note of a lab."""
    st.markdown(_text(lab), width=READABLE)


@functools.cache
def _text(lab: str) -> str:
    return (ASSETS / "notes" / f"{lab}.md").read_text(encoding="utf-8")
