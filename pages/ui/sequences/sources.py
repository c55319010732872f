"""Texts with classes of one's own in the form: pasted, uploaded, on the server, or brought before."""

import streamlit as st

from engine.data.sequences import own
from engine.data.sequences.bringing import ON_SERVER, brought
from engine.data.sequences.own_spec import OwnSequencesSpec
from engine.data.sequences.pack import Record
from engine.errors import DataError
from pages.ui import bringing
from pages.ui.text import plain

SETTING = "own_sequences"
"""The setting that holds the id of texts: it is filled here, not by typing."""
WAYS = {
    "paste": "Paste them",
    "upload": "Upload files",
    "kept": "Some that you have brought",
    "server": "On this server",
}
NONE = "Choose some"
PASTE = (
    "A text in each line, then a comma or a tab, then its class, as copied from a spreadsheet:\n"
    "Rossini, Italian\nLindqvist, Swedish"
)
MOST_PASTED_CHARS = own.MOST_PASTED // 2
FILES = bringing.Files(
    "sequences/upload",
    own.MAX_BYTES,
    "Files of texts",
    "a text file for each class with a text in each line, together or in a zip; or a table (.csv, .tsv) with a column "
    "of texts and one of classes.",
    "ls-sequence-files",
    own.MOST_PARTS,
)
MOST_CLASSES_SHOWN = 8


def own_sequences(key: str, spec: OwnSequencesSpec, *, locked: bool = False) -> None:
    """Offer to bring texts; their id is what ``st.session_state[key]`` then holds. Below stands which are in use, and
    what of them was left out. Where they are ``locked``, no others are taken.
    """
    current = spec.own_sequences
    if not locked:
        _offer(key, current)
    bringing.say_refused(key)
    if current:
        _in_use(spec)


def _offer(key: str, current: str) -> None:
    kept, files = bringing.brought_before(own.SEQUENCES), ON_SERVER.offered()
    match bringing.way(key, current, "Your texts", WAYS, {"kept": kept, "server": files}):
        case "upload":
            bringing.upload(key, FILES)
        case "kept":
            bringing.choose(key, "kept", current, kept, "Texts that you have brought", NONE)
            bringing.give_up(key, current, own.SEQUENCES, kept, "Delete these texts")
        case "server":
            bringing.choose(key, "server", current, files, "Texts on this server", NONE)
        case _:
            bringing.paste(key, MOST_PASTED_CHARS, "Texts to learn from", PASTE, "Use these texts", own.keep)


def _in_use(spec: OwnSequencesSpec) -> None:
    try:
        title, record = brought(spec.own_sequences).title, spec.own_record()
    except DataError:
        return  # the page says so: without its texts there is no run
    st.caption(f"In use: {plain(title)}.")
    if record is not None:
        st.caption(plain(read_words(record), 600))
        for said in filter(None, (record.told_dropped(), *record.told_warnings())):
            st.warning(plain(said, 600))
    if ":" not in spec.own_sequences:
        st.caption("Whoever is sent the address of this page can learn from them too, and nobody else finds them.")


def read_words(record: Record) -> str:
    """Return what was read, in a sentence."""
    kinds = [f"{name} ({count:,})" for name, count in zip(record.classes, record.counts, strict=True)]
    more = len(kinds) - MOST_CLASSES_SHOWN
    shown = ", ".join(kinds[:MOST_CLASSES_SHOWN]) + (f" and {more} more" if more > 0 else "")
    columns = " from the columns {!r} and {!r}".format(*record.columns) if record.columns else ""
    return f"{record.texts:,} texts were read{columns}, in {len(kinds)} classes: {shown}."
