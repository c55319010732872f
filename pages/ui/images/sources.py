"""Images of one's own in the form: uploaded, on the server, published by others, or brought before."""

import streamlit as st

from engine.data.images import own, published, reading
from engine.data.images.bringing import ON_SERVER, brought
from engine.data.images.pack import Record
from engine.data.images.spec import ImagesSpec
from engine.errors import DataError
from engine.keeping import size_in_words
from pages.ui import bringing
from pages.ui.places import home_folder
from pages.ui.text import plain

SETTING = "own_images"
"""The setting that holds the id of images: it is filled here, not by typing."""
WAYS = {
    "upload": "Upload files",
    "published": "MNIST and its like",
    "kept": "Some that you have brought",
    "server": "On this server",
}
NONE = "Choose some"
FILES = bringing.Files(
    "images/upload",
    own.MAX_BYTES,
    "Files of images",
    "a zip with a folder of pictures for each class; or images and labels as MNIST has them, together; or batches of "
    "CIFAR-10.",
    "ls-image-files",
    own.MOST_PARTS,
)
MOST_CLASSES_SHOWN = 8


def own_images(key: str, spec: ImagesSpec, *, locked: bool = False) -> None:
    """Offer to bring images; their id is what ``st.session_state[key]`` then holds. Below stands which are in use, and
    what of them could not be read. Where they are ``locked``, no others are taken.
    """
    current = spec.own_images
    if not locked:
        _offer(key, current)
    bringing.say_refused(key)
    if current:
        _in_use(spec)


def _offer(key: str, current: str) -> None:
    kept, files, others = bringing.brought_before(own.IMAGES), ON_SERVER.offered(), _published()
    match bringing.way(key, current, "Your images", WAYS, {"kept": kept, "server": files, "published": others}):
        case "published":
            bringing.choose(key, "published", current, others, "Images that others have published", NONE)
        case "kept":
            bringing.choose(key, "kept", current, kept, "Images that you have brought", NONE)
            bringing.give_up(key, current, own.IMAGES, kept, "Delete these images")
        case "server":
            bringing.choose(key, "server", current, files, "Images on this server", NONE)
        case _:
            bringing.upload(key, FILES)


def _published() -> dict[str, str]:
    """Return the sets that others have published, by id: whether each is here, or how much is to be downloaded."""
    found = {}
    for one in published.PUBLISHED.values():
        missing = sum(file.bytes for file in one.missing(home_folder()))
        here = f"{size_in_words(missing)} to download" if missing else "on this server already"
        found[f"{published.KIND}{one.name}"] = f"{one.title}: {here}"
    return found


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
