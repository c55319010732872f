"""What a run of words has learnt so far: opened in the words lab by a click, and saved as a file for other programs."""

import functools

import streamlit as st

from engine.errors import LearnscopeError, RunError
from engine.jobs import Order
from engine.keeping import size_in_words
from engine.labs.catalogue import LABS
from engine.runs.changes import changes_until
from engine.runs.run import Run
from engine.words.formats.forms import Form
from engine.words.learnt import Learnt, mark_of
from pages.ui.house import hub
from pages.ui.live_routes import LIVE
from pages.ui.person import person
from pages.ui.places import base_path, home_folder
from pages.ui.rights import FileRight
from pages.ui.text import plain
from pages.ui.words.opening import told
from pages.ui.words.room import words
from pages.ui.words.watching import watch

FORMS: dict[Form, str] = {
    "word2vec": "word2vec, binary (.bin)",
    "word2vec-text": "word2vec, text (.txt)",
    "glove": "GloVe, text without a header (.txt)",
    "fasttext": "fastText model, with subwords (.bin)",
    "fasttext-vec": "fastText, whole words (.vec)",
    "safetensors": "safetensors",
}
NOTHING_YET = "Nothing is learnt yet: press Train first."


def learnt(run: Run, key: str, step: int | None) -> None:
    """Offer what ``run`` has learnt until ``step``, the one that is looked at; None for the newest."""
    with st.expander("What is learnt", icon=":material/hub:", expanded=True):
        st.markdown(
            "The vectors as they are now, or at the step that you look at: ask them for neighbours, analogies and "
            "maps, or take them along."
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            opens = st.button("Open in Words", icon=":material/hub:", key=f"{key}.open", type="primary")
            form = st.selectbox(
                "As a file", _forms(run), format_func=lambda one: FORMS[one], key=f"{key}.form", width=320
            )
            makes = st.button("Make the file", icon=":material/save:", key=f"{key}.make")
        try:
            if opens:
                st.switch_page("words.py", query_params={"source": _now(run, step).id})
            if makes:
                _make(_now(run, step), form, key)
            _file(key)
        except LearnscopeError as error:
            st.warning(plain(str(error), 400), icon=":material/info:")


def _make(one: Learnt, form: Form, key: str) -> None:
    words().learnt.ask(one.file_order(home_folder(), form), person())
    st.session_state[_slot(key)] = (one, form)


def _forms(run: Run) -> list[Form]:
    """Return the forms that can hold what a run learns: only a model with subwords is one of fastText."""
    spec = LABS[run.lab].spec.from_json(run.spec)
    subwords = getattr(spec, "method", "") == "fasttext"
    return [form for form in FORMS if subwords or form != "fasttext"]


def _now(run: Run, step: int | None) -> Learnt:
    """Return what there is at a step, or at the newest; raises RunError where nothing is learnt yet."""
    at = hub().get(run.id).step if step is None else step
    if not at:
        raise RunError(NOTHING_YET)
    return Learnt(run.id, at, mark_of(changes_until(hub().changes(run.id), at)))


def _file(key: str) -> None:
    """Show how far the file is that was asked for last, and offer it once it is made."""
    asked: tuple[Learnt, Form] | None = st.session_state.get(_slot(key))
    if asked is None:
        return
    one, form = asked
    order = one.file_order(home_folder(), form)
    course = words().learnt.course(order)
    if course is None:
        st.session_state.pop(_slot(key), None)
    elif course.live:
        watch(functools.partial(_going, key, order))
    elif course.state == "failed":
        st.warning(plain(course.message, 400), icon=":material/info:")
    else:
        _offer(one, form, int((course.result or {}).get("bytes", 0)))


def _offer(one: Learnt, form: Form, size: int) -> None:
    path = one.file(home_folder(), form)
    if not path.is_file():
        st.info("This file is gone: make it again.", icon=":material/info:")
        return
    address = f"{base_path()}{LIVE}/words/files/{FileRight(one, form, person()).token()}"
    st.link_button(f"Download {plain(path.name)}, {size_in_words(size)}", address, icon=":material/download:")
    st.caption(f"As it was learnt at step {one.step:,}.")


def _going(key: str, order: Order) -> bool:
    course = words().learnt.course(order)
    if course is None or not course.live:
        return False
    told(course, "Making the file")
    st.button("Cancel", icon=":material/stop:", on_click=_cancel, args=(key, order), key=f"{key}.stop")
    return True


def _cancel(key: str, order: Order) -> None:
    st.session_state.pop(_slot(key), None)
    words().learnt.leave(order, person())


def _slot(key: str) -> str:
    return f"{key}.asked"
