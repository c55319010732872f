"""A picture of one's own for the explorer: read in quarantine, made small, and kept by what is left of it."""

from functools import lru_cache

import numpy as np
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from engine.data import uploads
from engine.data.images.picture import FORMATS, MOST_SIDE, as_file, read_picture
from engine.errors import DataError
from pages.ui import uploads as theirs
from pages.ui.person import person
from pages.ui.text import plain

ENDINGS = ("png", "jpg", "jpeg", "gif", "bmp", "webp")
KEPT = 64


def bring(key: str) -> str:
    """Offer to bring a picture; return the id of one that was chosen just now, or nothing."""
    chosen = st.file_uploader(
        "Picture file",
        type=list(ENDINGS),
        max_upload_size=uploads.MAX_UPLOAD_BYTES // 2**20,
        key=f"{key}.file",
        help=f"{', '.join(FORMATS)}. It is made grey, and at most {MOST_SIDE} pixels wide and high.",
    )
    told: dict[str, str] = st.session_state.setdefault(f"{key}.told", {})
    if chosen is None:
        return ""
    fresh = chosen.file_id not in told  # a browser says with each request which file it has chosen
    found = _take(chosen, told) if fresh else ""
    if told[chosen.file_id]:
        st.error(plain(told[chosen.file_id], 400))
    return found


def _take(chosen: UploadedFile, told: dict[str, str]) -> str:
    """Keep a picture and return its id; what is wrong with one is noted in ``told``, by the id of the file."""
    try:
        found = keep(chosen.getvalue(), chosen.name, person())
    except DataError as error:
        told[chosen.file_id] = str(error)
        return ""
    told[chosen.file_id] = ""
    return found


def keep(data: bytes, name: str, person_id: str) -> str:
    """Keep a person's picture, as it is once it is small, and return its id; raises DataError."""
    shown = uploads.plain_name(name)
    uploads.check_size(data, shown)
    small = as_file(read_picture(data, shown))
    return theirs.keep(small, name, person_id, read=lambda *_: None)


def brought(picture: str) -> tuple[np.ndarray, str]:
    """Return a picture that was kept (height, width) uint8, and its name; raises DataError where it is not here."""
    try:
        found = uploads.load(picture)
    except DataError:
        raise DataError("The picture of this link is not on this server, or not any more: bring it again.") from None
    return _read(found.id, found.data, found.name), found.name


@lru_cache(maxsize=KEPT)
def _read(_: str, data: bytes, name: str) -> np.ndarray:
    return read_picture(data, name)
