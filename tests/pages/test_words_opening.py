"""The words page and its files: opened by jobs that are told, called off and begun again, and never by a link alone."""

import shutil
import time
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from engine.jobs import Course, Jobs
from engine.words import Space
from engine.words.sources.server import places
from pages.ui.text import plain
from pages.ui.words import opening
from pages.ui.words.asked import Asked
from pages.ui.words.room import words
from pages.ui.words.slot import Desk
from tests.pages.conftest import OpenPage
from tests.pages.test_words import LEE, lists, opened_before, words_of

__all__ = ["opened_before"]


def settled(visit: AppTest) -> AppTest:
    """Look at a page again until nothing goes on in it."""
    end = time.monotonic() + 60
    while any(button.label == "Cancel" for button in visit.button):
        assert time.monotonic() < end
        time.sleep(0.1)
        visit.run()
    return visit


def test_a_file_that_was_never_opened_is_read_by_a_job_that_can_be_called_off(
    page: OpenPage, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as patch:
        patch.setattr(words().openings, "_at_once", 0)  # or it is open before anybody can press Cancel
        visit = page("words.py", source="packaged:poincare")
        assert not visit.exception
        assert not lists(visit)
        (cancel,) = (button for button in visit.button if button.label == "Cancel")
        cancel.click().run()
    assert "called off" in visit.info[0].value
    (again,) = (button for button in visit.button if button.label == "Open")
    settled(again.click().run())
    assert not visit.exception
    assert len(words_of(visit)) == 10
    assert visit.query_params["source"] == "packaged:poincare"


def test_vectors_that_are_kept_no_longer_are_told_and_opened_again(page: OpenPage):
    visit = page("words.py", source="packaged:euclidean", limit="500", query="government")
    settled(visit)
    shown = words_of(visit)
    library = words().library
    folder = library.folder("packaged:euclidean", 500)
    assert folder is not None
    library._open.clear()
    shutil.rmtree(folder)
    visit.run()
    assert not visit.exception
    assert not lists(visit)
    assert "not kept any more" in visit.main.info[0].value
    assert not folder.exists(), "nothing is opened before that is asked for"
    (again,) = (button for button in visit.button if button.label == "Open again")
    settled(again.click().run())
    assert words_of(visit) == shown
    assert not visit.main.info


def test_a_file_of_the_server_is_opened_through_the_page(
    page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    vectors = np.random.default_rng(4).normal(size=(30, 8)).astype(np.float32)
    names = [f"word{row}" for row in range(30)]
    (tmp_path / "course").mkdir()
    rows = (f"{name} {' '.join(map(str, vector))}" for name, vector in zip(names, vectors.tolist(), strict=True))
    (tmp_path / "course" / "small.txt").write_text("\n".join(rows), encoding="utf-8")
    monkeypatch.setattr(words().library, "_places", places({"LEARNSCOPE_VECTORS": str(tmp_path / "course")}))
    visit = settled(page("words.py", source="server:course/small.txt", query="word3", k="5"))
    assert not visit.exception
    units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    cosines = units @ units[3]
    assert words_of(visit) == [names[row] for row in np.argsort(-cosines)[1:6]]


def test_where_there_is_no_room_the_first_rows_are_opened_by_a_button(page: OpenPage, monkeypatch: pytest.MonkeyPatch):
    library = words().library
    said = "euclidean_vectors.bin has about 1,750 rows of 10 numbers, and there is room for less."
    full = Course("done", result={"offer": 400, "words": said})
    opened = library.opened

    def with_little_room(jobs: Jobs, asked: str, limit: int | None, owner: str) -> Space | Course:
        return opened(jobs, asked, limit, owner) if limit else full

    monkeypatch.setattr(library, "opened", with_little_room)
    kept = library.space
    monkeypatch.setattr(library, "space", lambda asked, limit=None: kept(asked, limit) if limit else None)
    visit = page("words.py", source="packaged:euclidean", query="government")
    assert [warning.value for warning in visit.warning] == [plain(said)]
    assert not lists(visit)
    (some,) = (button for button in visit.button if button.label == "Open the first 400 rows")
    settled(some.click().run())
    assert visit.query_params["limit"] == "400"
    space = library.space("packaged:euclidean", 400)
    assert space is not None
    assert words_of(visit) == [word for word, _ in space.neighbours("government")]
    assert not visit.warning


def test_an_opening_that_another_tab_has_ended_is_not_begun_again(own_hub: Path):
    """Two tabs of one person would end each other's for ever."""
    here = Desk(asked=Asked(source="packaged:poincare", limit=3))
    assert words().openings.course(words().library.order("packaged:poincare", 3)) is None
    assert not opening._going(here, here.opening)
    assert here.called_off == here.opening


@pytest.mark.parametrize("goes_on", [True, False])
def test_no_look_draws_a_page_anew_that_is_still_being_drawn(goes_on: bool):
    """A browser would lose what the widgets of the first run were set to."""

    def script(goes_on: bool) -> None:
        import streamlit as st

        from pages.ui.words.watching import watch

        st.session_state["runs"] = st.session_state.get("runs", 0) + 1
        assert st.session_state["runs"] < 5
        watch(lambda: goes_on)
        st.session_state["ended"] = True

    visit = AppTest.from_function(script, kwargs={"goes_on": goes_on}).run()
    assert not visit.exception
    assert (visit.session_state["runs"], visit.session_state["ended"]) == (1, True)


@pytest.mark.parametrize(
    "source", ["upload:" + "A" * 22, "server:../../etc/passwd", "catalogue:none", "x" * 390, "packaged:"]
)
def test_vectors_that_are_not_here_are_told_and_others_can_be_chosen(page: OpenPage, source: str):
    visit = page("words.py", source=source)
    assert not visit.exception
    assert "There are no" in visit.warning[0].value
    visit.selectbox[0].select("Packaged").run()
    settled(visit)
    assert not visit.exception
    assert lists(visit)


def test_who_opens_a_file_does_not_wait_for_those_who_download(own_hub: Path):
    room = words()
    assert room.opens("catalogue:glove-twitter-25") is room.downloads
    assert {room.opens(source) for source in ("world", LEE, "upload:x", "server:a/b")} == {room.openings}
    assert room.downloads is not room.openings


def test_nothing_is_downloaded_by_a_link_alone(page: OpenPage):
    visit = page("words.py", source="catalogue:glove-twitter-25")
    assert not visit.exception
    assert "downloaded first" in visit.info[0].value
    assert "Download and open" in [button.label for button in visit.button]
    assert "Cancel" not in [button.label for button in visit.button]
