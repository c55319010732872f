"""Images of one's own in the form: uploaded, on the server, published by others, or brought before."""

import functools
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Literal

import streamlit as st
from streamlit.components import v2 as components

from engine.data.images import own, published, reading
from engine.data.images.bringing import brought, on_server
from engine.data.images.pack import Record
from engine.data.images.spec import ImagesSpec
from engine.errors import DataError
from engine.keeping import size_in_words
from pages.ui import live_assets
from pages.ui.live_panel import shim
from pages.ui.live_routes import LIVE
from pages.ui.person import person
from pages.ui.places import home_folder
from pages.ui.rights import UploadRight
from pages.ui.text import plain, told_apart

SETTING = "own_images"
"""The setting that holds the id of images: it is filled here, not by typing."""
Way = Literal["upload", "published", "kept", "server"]
WAYS: dict[Way, str] = {
    "upload": "Upload files",
    "published": "MNIST and its like",
    "kept": "Some that you have brought",
    "server": "On this server",
}
NONE = "Choose some"
MOST_CLASSES_SHOWN = 8

_mount = components.component(
    "learnscope.image_picker", html='<div class="ls-picker"></div>', js=shim("filepicker.js"), isolate_styles=False
)


def own_images(key: str, spec: ImagesSpec, *, locked: bool = False) -> None:
    """Offer to bring images; their id is what ``st.session_state[key]`` then holds. Below stands which are in use, and
    what of them could not be read. Where they are ``locked``, no others are taken.
    """
    current = spec.own_images
    if not locked:
        _offer(key, current)
    refused = st.session_state.get(_refused(key))
    if refused:
        st.error(plain(refused, 400))
    if current:
        _in_use(spec)


def _offer(key: str, current: str) -> None:
    kept, files = own.IMAGES.listed(home_folder(), person()), on_server()
    ids: dict[Way, Collection[str]] = {"kept": {one.id for one in kept}, "server": files, "published": _published()}
    there: list[Way] = ["upload", "published", *(way for way in ("kept", "server") if ids[way])]
    slot = f"{key}.way"
    begin: Sequence[Way] = [way for way, some in ids.items() if current in some] or ["upload"]
    if st.session_state.setdefault(slot, begin[0]) not in there:
        st.session_state[slot] = "upload"
    at = there.index(st.session_state[slot])
    match st.selectbox("Your images", there, at, format_func=lambda way: WAYS[way], key=slot):
        case "published":
            _choose(key, "published", current, _published(), "Images that others have published")
        case "kept":
            _choose(key, "kept", current, {one.id: one.name for one in kept}, "Images that you have brought")
            _give_up(key, current, ids["kept"])
        case "server":
            _choose(key, "server", current, files, "Images on this server")
        case _:
            _upload(key)


def _published() -> dict[str, str]:
    """Return the sets that others have published, by id: whether each is here, or how much is to be downloaded."""
    found = {}
    for one in published.PUBLISHED.values():
        missing = sum(file.bytes for file in one.missing(home_folder()))
        here = f"{size_in_words(missing)} to download" if missing else "on this server already"
        found[f"{published.KIND}{one.name}"] = f"{one.title}: {here}"
    return found


def _upload(key: str) -> None:
    data: dict[str, Any] = {
        "base": LIVE,
        "version": live_assets.version(),
        "token": UploadRight(person()).token(),
        "most": own.MAX_BYTES,
        "to": "images/upload",
        "label": "Files of images",
        "about": "a zip with a folder of pictures for each class; or images and labels as MNIST has them, together; "
        "or batches of CIFAR-10.",
        "testid": "ls-image-files",
        "files": own.MOST_PARTS,
    }
    picker = f"{key}.file"
    _mount(key=picker, data=data, on_kept_change=functools.partial(_uploaded, key, picker))


def _uploaded(key: str, picker: str) -> None:
    told = st.session_state[picker].get("kept")
    if isinstance(told, str):
        st.session_state[key] = told
        st.session_state.pop(_refused(key), None)


def _choose(key: str, way: Way, current: str, names: Mapping[str, str], label: str) -> None:
    titles = told_apart({"": NONE} | dict(names))
    options = list(titles)
    field = f"{key}.{way}"
    chosen = _chosen_key(field, current)
    st.session_state[chosen] = current if current in names else ""
    st.selectbox(
        label,
        options,
        options.index(st.session_state[chosen]),
        format_func=lambda one: titles.get(one, str(one)),
        key=chosen,
        on_change=_chosen,
        args=(key, field, chosen, options),
        label_visibility="collapsed",
    )


def _chosen_key(field: str, current: str) -> str:
    """Return the key of the field of a choice: another one where ``current`` is none that it has said."""
    edition, said = st.session_state.setdefault(field, (0, current))
    if said != current:
        st.session_state[field] = (edition + 1, current)
    return f"{field}.{st.session_state[field][0]}"


def _chosen(key: str, field: str, chosen: str, offered: Collection[str]) -> None:
    """Take the images that were chosen of those ``offered``.

    A browser that is late still says what stood in this field before others were chosen elsewhere, or uploaded. That is
    no choice, and the images in use stay.
    """
    edition, said = st.session_state[field]
    told, current = st.session_state[chosen], st.session_state.get(key, said)
    if told in offered and current == said and chosen == f"{field}.{edition}":
        st.session_state[key] = told
        st.session_state[field] = (edition, told)
        st.session_state.pop(_refused(key), None)


def _give_up(key: str, current: str, theirs: Collection[str]) -> None:
    if current in theirs:
        label, icon = "Delete these images", ":material/delete:"
        st.button(label, icon=icon, on_click=_delete, args=(key, current), key=f"{key}.del")


def _delete(key: str, current: str) -> None:
    try:
        own.IMAGES.give_up(home_folder(), current, person())
        st.session_state[key] = ""
    except DataError as error:
        st.session_state[_refused(key)] = str(error)


def _in_use(spec: ImagesSpec) -> None:
    try:
        title, found = brought(spec.own_images).title, reading.kept(spec)
    except DataError:
        return  # the page says so: without its images there is no run
    st.caption(f"In use: {plain(title)}.")
    if found is not None:
        st.caption(plain(read_words(found.record), 600))
        lost = found.record.told_dropped()
        if lost:
            st.warning(plain(lost, 400))
    if ":" not in spec.own_images:
        st.caption("Whoever is sent the address of this page can learn from them too, and nobody else finds them.")


def read_words(record: Record) -> str:
    """Return what was read, in a sentence."""
    kinds = [f"{name} ({count:,})" for name, count in zip(record.classes, record.counts, strict=True)]
    more = len(kinds) - MOST_CLASSES_SHOWN
    shown = ", ".join(kinds[:MOST_CLASSES_SHOWN]) + (f" and {more} more" if more > 0 else "")
    test = f", {record.held:,} of them a test part" if record.held else ""
    kind = "grey" if record.channels == 1 else "in colour"
    size = f"{record.side} x {record.side} pixels, {kind}"
    return f"{record.images:,} images were read{test}, {size}, in {len(kinds)} classes: {shown}."


def _refused(key: str) -> str:
    return f"{key}.refused"
