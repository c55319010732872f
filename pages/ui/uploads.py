"""Upload of a table in the form: kept by its content, its faults told in one sentence, so many for each person."""

import re
from collections.abc import Callable
from pathlib import Path

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from engine.data import uploads
from engine.data.points_spec import uploaded
from engine.data.reading import read_table
from engine.errors import DataError
from pages.ui.person import person
from pages.ui.places import home_folder
from pages.ui.text import plain

SETTING = "upload"
"""The setting that holds the id of an uploaded table: it is filled by an upload, not by typing."""
MOST_FILES = 20
MOST_BYTES = 20 * 2**20
_ID_CHARS = re.compile(r"[\w-]{1,80}")


def upload(key: str, current: str, target: str, *, locked: bool = False) -> None:
    """Offer to upload a table; once one can be learnt from, its id is what ``st.session_state[key]`` holds.

    Where the table is ``locked``, no other is taken.

    Below stand the name of the table in use and what makes it hard to learn ``target`` from it.
    """
    chosen = st.file_uploader(
        "Table (CSV)",
        type="csv",
        max_upload_size=uploads.MAX_UPLOAD_BYTES // 2**20,
        key=f"{key}.file",
        disabled=locked,
        help="A header and rows of numbers; the last column, or the one you choose, is to be told from the others.",
    )
    if chosen is not None and not locked and uploads.digest(chosen.getvalue()) != current:
        _take(chosen, key)
    else:
        st.session_state.pop(_refused(key), None)
    if current:
        _in_use(current, target)


def _take(chosen: UploadedFile, key: str) -> None:
    """Take a file that was chosen, or say why not; a file that was refused is not read again at each drawing."""
    refused: tuple[str, str] | None = st.session_state.get(_refused(key))
    if refused is None or refused[0] != chosen.file_id:
        try:
            st.session_state[key] = keep(chosen.getvalue(), chosen.name, person())
        except DataError as error:
            refused = st.session_state[_refused(key)] = (chosen.file_id, str(error))
        else:
            st.rerun()
    if refused:
        st.error(plain(refused[1], 400))


def refusal(key: str) -> str:
    """Return why the file that is chosen just now was not taken; nothing where it was, or there is none."""
    return st.session_state.get(_refused(key), ("", ""))[1]


def _refused(key: str) -> str:
    return f"{key}.refused"


def _in_use(current: str, target: str) -> None:
    try:
        st.caption(f"In use: {plain(uploads.load(current).name)}")
        warnings = uploaded(current, target).warnings
    except DataError:
        return  # the page says so: without its table there is no run
    if warnings:
        st.warning(plain(" ".join(warnings), 600))


def keep(data: bytes, name: str, person_id: str, read: Callable[[bytes, str], object] | None = None) -> str:
    """Keep a person's file and return its id; raises DataError if it is too much, or cannot be ``read``: as a table to
    be learnt from, where nothing else is said.
    """
    shown = uploads.plain_name(name)
    uploads.check_size(data, shown)
    if not _is_theirs(data, _folder(person_id)):
        _check_quota(shown, len(data), _folder(person_id))
    (read or read_table)(data, shown)
    saved = uploads.save(data, name)
    _remember(saved, len(data), _folder(person_id))
    return saved


def _folder(person_id: str) -> Path:
    """Return the folder in which a person's uploads are counted: an empty file for each, named by its id and size."""
    if not _ID_CHARS.fullmatch(person_id):
        raise DataError("This browser is not known here: reload the page.")
    return home_folder() / "uploads" / uploads.BY_PERSON / person_id


def _is_theirs(data: bytes, folder: Path) -> bool:
    """Tell whether a person has this table already."""
    return (folder / f"{uploads.digest(data)}.{len(data)}").exists()


def _check_quota(shown: str, size: int, folder: Path) -> None:
    sizes = [int(mark.suffix[1:]) for mark in folder.iterdir()] if folder.is_dir() else []
    if len(sizes) >= MOST_FILES:
        raise DataError(
            f"{shown} was not kept: expected at most {MOST_FILES} files a person, and you have {len(sizes)}."
        )
    if sum(sizes) + size > MOST_BYTES:
        raise DataError(
            f"{shown} was not kept: expected at most {MOST_BYTES // 2**20} MB a person, and this would be more."
        )


def _remember(saved: str, size: int, folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{saved}.{size}").touch()
    except OSError as error:
        raise DataError(
            f"The table could not be kept: {error.strerror or 'the folder of uploads cannot be written'}."
        ) from None
