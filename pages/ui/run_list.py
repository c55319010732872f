"""The home page's list of this person's runs: to find one again, to name it, to delete it and to take that back."""

import time
from collections.abc import Callable, Sequence

import streamlit as st

from engine.errors import LearnscopeError
from engine.labs.catalogue import LABS
from engine.runs.run import Run
from engine.runs.shelf import MAX_NAME_CHARS, Shelf
from pages.ui import run_words
from pages.ui.house import hub
from pages.ui.lab_cards import page_of
from pages.ui.person import person
from pages.ui.run_groups import Group, grouped
from pages.ui.sparkline import WIDTH, sparkline
from pages.ui.text import plain

PER_PAGE = 10
MOST_LISTED = 400
SHOWN_AS_DELETED = 3
LIVE_SECONDS = 3.0
SEARCH, PAGE = "learnscope.runs.search", "learnscope.runs.page"
RENAMED, TROUBLE = "learnscope.runs.renamed", "learnscope.runs.trouble"
RENAME, DELETE = "Rename", "Delete"
WIDEST = 900
"""Pixels: the eye has to find its way from a run to its menu."""
# A link has room around it for the pointer: its text is to stand where the caption below begins.
_STYLE = """<style>
.st-key-your-runs [data-testid="stPageLink"] { margin-left: -0.5rem; }
.st-key-your-runs [data-testid="stPageLink"] p { white-space: normal; overflow-wrap: anywhere; line-height: 1.35; }
@media (max-width: 640px) {
  .st-key-your-runs [data-testid="stElementContainer"]:has([data-testid="stHtml"]) { flex: 0 0 64px; width: 64px; }
  .st-key-your-runs [data-testid="stHtml"], .st-key-your-runs [data-testid="stHtml"] img { width: 64px; }
}
</style>"""


def your_runs() -> None:
    """Show the runs that this person has trained, the newest first; nothing where there are none."""
    try:
        runs, away = _runs(), _put_away()
    except LearnscopeError as error:
        st.warning(plain(str(error), 400))
        return
    if runs or away:
        going_on = any(run.state == "running" for run in runs)
        st.html(_STYLE)
        with st.container(key="your-runs", width=WIDEST):
            st.fragment(_list, run_every=LIVE_SECONDS if going_on else None)()


def _list() -> None:
    try:
        runs, away = _runs(), _put_away()
        st.subheader("Your runs")
        _deleted(away)
        _trouble()
        groups = grouped(runs)
        found = _searched(groups) if len(groups) > PER_PAGE or st.session_state.get(SEARCH) else groups
        _pages(found, hub().shelf)
    except LearnscopeError as error:
        st.warning(plain(str(error), 400))


def _runs() -> list[Run]:
    return [run for run in hub().runs_of(person(), limit=MOST_LISTED) if run.step > 0 and run.lab in LABS]


def _put_away() -> list[Run]:
    return [run for run in hub().shelf.put_away(person()) if run.step > 0 and run.lab in LABS]


def _searched(groups: Sequence[Group]) -> list[Group]:
    """Offer to search, and return where a run has every word somewhere in its name, lab, state or settings."""
    typed = st.text_input(
        "Search",
        key=SEARCH,
        type="search",
        icon=":material/search:",
        placeholder="Search by name, lab, state or setting",
        label_visibility="collapsed",
        max_chars=100,
        live=True,
        on_change=lambda: st.session_state.pop(PAGE, None),
    )
    words = (typed or "").casefold().split()
    found = [group for group in groups if any(all(word in _text(run) for word in words) for run in group.all)]
    if words:
        st.caption(f"{len(found):,} of {len(groups):,} runs" if found else "No run of yours has all of these words.")
    return found


def _text(run: Run) -> str:
    state = run_words.state(run, hub().shelf.waits(run))
    return " ".join((run.name, LABS[run.lab].title, run_words.settings(run, most=None), state)).casefold()


def _pages(groups: Sequence[Group], shelf: Shelf) -> None:
    """Show the page of runs that a person has turned to; below it they turn to another."""
    rows = st.container(gap="small")
    pages = -(-len(groups) // PER_PAGE)
    page = st.pagination(pages, key=PAGE, max_visible_pages=5) if pages > 1 else 1
    with rows:
        for group in groups[(page - 1) * PER_PAGE : page * PER_PAGE]:
            _row(group.run, shelf)
            if group.others:
                _compared(group, shelf)


def _compared(group: Group, shelf: Shelf) -> None:
    """Show, once a person asks for it, what a run was compared with: each leads to both."""
    with st.expander(
        plain(group.title, 160), icon=":material/compare_arrows:", key=f"beside-{group.run.id}", on_change="rerun"
    ) as shown:
        if not shown.open:
            return  # a curve that nobody sees is not read
        if group.seeds:
            st.page_link(page_of(group.run.lab), label="All seeds together", query_params=group.seeds)
        for other in group.others:
            _row(other, shelf, group)


def _row(run: Run, shelf: Shelf, of: Group | None = None) -> None:
    """Show a run; one that was compared with that ``of`` a group leads to both, and is called by what differs."""
    called = run.name or run_words.unlike(of.run, run) if of else run_words.title(run)
    query = of.address(run.id) if of else {"run": run.id}
    curve = shelf.curve(run)
    with st.container(horizontal=True, wrap=False, vertical_alignment="center", key=f"run-{run.id}"):
        st.html(sparkline(curve), width=WIDTH)
        with st.container(gap=None, width="stretch"):
            if st.session_state.get(RENAMED) == run.id:
                _rename_form(run)
            else:
                label = plain(called, 2 * MAX_NAME_CHARS)
                st.page_link(page_of(run.lab), label=label, query_params=query)
            settings = f"{LABS[run.lab].title} · {run_words.settings(run)}" if run.name else ""
            when = f"{run_words.standing(run, shelf.waits(run))}, {run_words.ago(time.time() - run.updated)}"
            st.caption(" · ".join(plain(part, 160) for part in (settings, when, run_words.best(curve)) if part))
        key = f"menu-{run.id}"
        st.menu_button("More", (RENAME, DELETE), key=key, type="tertiary", on_click=_chosen, args=(run.id, key))


def _rename_form(run: Run) -> None:
    key = f"name-{run.id}"
    with st.form(f"rename-{run.id}", border=False):
        st.text_input("Name of this run", run.name, key=key, max_chars=MAX_NAME_CHARS, placeholder="Without a name")
        with st.container(horizontal=True, gap="small"):
            st.form_submit_button("Save", type="primary", on_click=_save_name, args=(run.id, key))
            st.form_submit_button("Cancel", on_click=_end_renaming)


def _deleted(away: Sequence[Run]) -> None:
    """Show what was deleted and can be taken back, the last first."""
    for run in away[:SHOWN_AS_DELETED]:
        _undo_row(run)
    if len(away) > SHOWN_AS_DELETED:
        with st.expander(f"{len(away) - SHOWN_AS_DELETED} more deleted just before"):
            for run in away[SHOWN_AS_DELETED:]:
                _undo_row(run)


def _undo_row(run: Run) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"Deleted: {plain(run_words.title(run), 2 * MAX_NAME_CHARS)}", width="content")
        st.button("Undo", icon=":material/undo:", key=f"undo-{run.id}", on_click=_undo, args=(run.id,))


def _trouble() -> None:
    trouble = st.session_state.get(TROUBLE)
    if trouble:
        st.warning(plain(trouble, 400), icon=":material/info:")


def _chosen(run_id: str, key: str) -> None:
    if st.session_state[key] == RENAME:
        st.session_state[RENAMED] = run_id
    elif st.session_state[key] == DELETE:
        _end_renaming()
        _try(lambda shelf: shelf.delete(run_id, person()))


def _save_name(run_id: str, key: str) -> None:
    name = st.session_state[key]
    _end_renaming()
    _try(lambda shelf: shelf.rename(run_id, person(), name))


def _end_renaming() -> None:
    st.session_state.pop(RENAMED, None)


def _undo(run_id: str) -> None:
    _try(lambda shelf: shelf.undelete(run_id, person()))


def _try(act: Callable[[Shelf], object]) -> None:
    """Do what was asked for; where that cannot be, have it told above the list until something else is asked for."""
    st.session_state.pop(TROUBLE, None)
    try:
        act(hub().shelf)
    except LearnscopeError as error:
        st.session_state[TROUBLE] = str(error)
