import time
from urllib.parse import unquote

import pytest
from streamlit.testing.v1 import AppTest

from engine.labs.catalogue import LABS
from engine.runs.run import Run
from engine.runs.shelf import Shelf
from engine.runs.store import Batch, Store
from pages.ui import house, run_list
from tests.engine.runs.test_shelf import OPENING, heads
from tests.pages.conftest import OpenPage
from tests.pages.test_playground import begin, panel_of, unescaped


def person_of(visit: AppTest) -> str:
    return visit.session_state["learnscope.person"]


def add(visit: AppTest, run_id: str, **more: object) -> Run:
    """Record a run of this visitor's that stopped at step 8: its losses and scores are those of the oracle below."""
    changes = more.pop("settings", {})
    spec = LABS["playground"].spec.from_strings(changes).to_json()  # type: ignore[arg-type]
    values = {"state": "stopped", "step": 8, "created": time.time(), "owner": person_of(visit)} | more
    run = Run(run_id, "playground", spec, message="", updated=values["created"], **values)  # type: ignore[arg-type]
    store = house.hub()._store
    store.create_run(run)
    rows = heads((0.7, 0.8, 0.5, 0.5), (0.2, 0.3, 0.9, 0.875), (0.1, 0.4, 1.0, 0.75))
    store.append(run, Batch(rows=dict(zip((0, 4, 8), rows, strict=True)), opening=OPENING))
    return store.get_run(run_id)


def home_with(page: OpenPage, *run_ids: str, **more: object) -> AppTest:
    visit = page("home.py")
    for number, run_id in enumerate(run_ids):
        add(visit, run_id, created=time.time() - 100 + number, **more)
    return visit.run()


def labels(visit: AppTest) -> list[str]:
    """Return the runs that are listed, as they are called."""
    return [unescaped(link.proto.label) for link in visit.get("page_link") if link.proto.query_string]


def captions(visit: AppTest) -> list[str]:
    shown = [caption.value.replace("\\", "") for caption in visit.caption]
    return [text for text in shown if "step" in text or "runs" in text or "No run" in text]


def choose(visit: AppTest, run_id: str, option: str) -> AppTest:
    visit.menu_button(key=f"menu-{run_id}").click(option).run()
    assert not visit.exception
    return visit


def test_a_run_that_was_trained_is_listed_with_the_way_to_it(page: OpenPage):
    visit = page()
    run = begin(visit)
    visit.switch_page("home.py").run()
    assert not visit.exception
    (link,) = [link.proto for link in visit.get("page_link") if link.proto.query_string]
    assert (link.page, link.query_string) == ("playground", f"run={run.id}")
    assert labels(visit) == ["Playground · as it opens"]
    curve = house.hub().shelf.curve(house.hub().get(run.id))
    assert captions(visit) == [f"paused at step 1, just now · best validation accuracy {curve.best:.4f}"]  # type: ignore[union-attr]


def test_what_is_told_of_a_run_is_what_was_recorded(page: OpenPage):
    visit = home_with(page, "told1", settings={"dataset": "xor"})
    assert labels(visit) == ["Playground · XOR"]
    assert captions(visit) == ["stopped at step 8, just now · best validation accuracy 0.8750"]
    (picture,) = [html.proto.body for html in visit.get("html") if "<img" in html.proto.body]
    assert 'alt="Loss from 0.7000 at step 0 to 0.1000 at 8."' in picture


def test_a_run_that_waits_for_its_turn_does_not_claim_to_train(page: OpenPage, monkeypatch: pytest.MonkeyPatch):
    visit = home_with(page, "waits1", "trains1", state="running")
    monkeypatch.setattr(Shelf, "waits", lambda _, run: run.id == "waits1")
    told = [text.partition(",")[0] for text in captions(visit.run())]
    assert told == ["training at step 8", "waiting for its turn at step 8"]


def test_there_is_no_list_where_nothing_was_trained(page: OpenPage):
    visit = home_with(page, "fresh1", step=0)
    add(page("home.py"), "fresh2")  # somebody else's
    visit.run()
    assert "Your runs" not in [heading.value for heading in visit.subheader]
    assert labels(visit) == []


def test_a_run_is_given_a_name(page: OpenPage):
    visit = home_with(page, "named1", "named2", settings={"dataset": "xor"})
    choose(visit, "named1", run_list.RENAME)
    assert labels(visit) == ["Playground · XOR"]
    visit.text_input(key="name-named1").input("![x](http://evil.example) *1*")
    next(button for button in visit.button if button.label == "Save").click().run()
    assert not visit.exception
    assert labels(visit) == ["Playground · XOR", "![x](http://evil.example) *1*"]
    shown = [link.proto.label for link in visit.get("page_link") if "evil" in link.proto.label]
    assert shown == ["\\!\\[x\\]\\(http\\://\u2060evil\\.example\\) \\*1\\*"]
    assert captions(visit)[1].startswith("Playground · XOR · stopped at step 8")
    choose(visit, "named1", run_list.RENAME)
    visit.text_input(key="name-named1").input("another")
    next(button for button in visit.button if button.label == "Cancel").click().run()
    assert house.hub().get("named1").name == "![x](http://evil.example) *1*"
    assert len(labels(visit)) == 2


def test_a_deleted_run_can_be_taken_back(page: OpenPage):
    visit = home_with(page, "del1", "del2", "del3")
    for run_id in ("del2", "del3"):
        choose(visit, run_id, run_list.DELETE)
    assert len(labels(visit)) == 1
    assert [button.key for button in visit.button if button.label == "Undo"] == ["undo-del3", "undo-del2"]
    deleted = [text.value for text in visit.markdown if text.value.startswith("Deleted")]
    assert deleted == ["Deleted: Playground · as it opens"] * 2
    visit.button(key="undo-del2").click().run()
    assert not visit.exception
    assert len(labels(visit)) == 2
    assert [button.key for button in visit.button if button.label == "Undo"] == ["undo-del3"]
    for run_id in ("del1", "del2"):
        choose(visit, run_id, run_list.DELETE)
    assert labels(visit) == []
    visit.button(key="undo-del3").click().run()
    assert len(labels(visit)) == 1


def test_many_deleted_runs_are_folded_away(page: OpenPage):
    visit = home_with(page, *(f"many{number}" for number in range(5)))
    for number in range(5):
        choose(visit, f"many{number}", run_list.DELETE)
    (folded,) = [part for part in visit.expander if "more deleted" in part.label]
    assert [button.key for button in folded.button] == ["undo-many1", "undo-many0"]


def test_what_cannot_be_done_is_told(page: OpenPage):
    visit = home_with(page, "lost1", "lost2")
    choose(visit, "lost1", run_list.DELETE)
    house.hub().shelf.archive.write("lost1", deleted=1.0)
    visit.button(key="undo-lost1").click().run()
    assert not visit.exception
    assert "deleted too long ago" in visit.warning[0].value
    choose(visit, "lost2", run_list.RENAME)
    visit.run()
    assert visit.warning, "it stays until something else is asked for"
    next(button for button in visit.button if button.label == "Save").click().run()
    assert not visit.warning


@pytest.fixture
def crowded(page: OpenPage) -> AppTest:
    """A home page with 100 runs, the newest last in name."""
    visit = page("home.py")
    for number in range(100):
        settings = {"dataset": ("xor", "moons")[number % 2], "seed": str(number)}
        add(visit, f"{person_of(visit)[-8:]}-{number}", created=time.time() - 1_000 + number, settings=settings)
    return visit.run()


def test_a_hundred_runs_are_shown_by_the_page_and_only_what_is_shown_is_read(
    crowded: AppTest, monkeypatch: pytest.MonkeyPatch
):
    assert len(labels(crowded)) == run_list.PER_PAGE
    assert labels(crowded)[0] == "Playground · Two moons · Seed 99"
    read: list[str] = []
    heads_of = Store.heads
    monkeypatch.setattr(Store, "heads", lambda store, run_id: read.append(run_id) or heads_of(store, run_id))
    crowded.run()
    assert read == [], "the curves of a run that is over are read once"
    crowded.session_state[run_list.PAGE] = 10
    crowded.run()
    assert not crowded.exception
    assert labels(crowded)[-1] == "Playground · XOR · Seed 0"
    assert len(read) == run_list.PER_PAGE


def test_runs_are_found_by_words_of_their_names_labs_states_and_settings(crowded: AppTest):
    named = f"{person_of(crowded)[-8:]}-42"
    house.hub().shelf.rename(named, person_of(crowded), "Grüße aus Köln")

    def search(words: str) -> list[str]:
        crowded.text_input(key=run_list.SEARCH).input(words).run()
        assert not crowded.exception
        return labels(crowded)

    assert search("KÖLN grüsse") == ["Grüße aus Köln"]
    assert search("köln xor playground stopped") == ["Grüße aus Köln"]
    assert captions(crowded)[0] == "1 of 100 runs"
    assert len(search("xor")) == run_list.PER_PAGE
    assert captions(crowded)[0] == "50 of 100 runs"
    assert search("xor moons") == []
    assert captions(crowded)[0] == "No run of yours has all of these words."
    assert len(search("")) == run_list.PER_PAGE


def test_a_search_begins_at_the_first_page(crowded: AppTest):
    crowded.session_state[run_list.PAGE] = 3
    crowded.run()
    crowded.text_input(key=run_list.SEARCH).input("xor").run()
    assert not crowded.exception
    assert labels(crowded)[0] == "Playground · XOR · Seed 98"


def compared(visit: AppTest, *settings: dict[str, str]) -> tuple[str, list[str]]:
    """Record a run of this visitor's and others that were compared with it; return their ids."""
    own, now = f"{person_of(visit)[-8:]}-own", time.time()
    add(visit, own, created=now - 100, settings={"dataset": "xor"})
    others = [f"{own}-{place}" for place in range(len(settings))]
    for place, (run_id, more) in enumerate(zip(others, settings, strict=True)):
        add(visit, run_id, created=now + place, settings={"dataset": "xor", **more}, beside=own)
    add(visit, f"{own}-last", created=now - 50)
    visit.run()
    return own, others


def links_of(visit: AppTest) -> list[str]:
    return [unquote(link.proto.query_string) for link in visit.get("page_link") if link.proto.query_string]


def unfold(visit: AppTest, own: str) -> AppTest:
    visit.session_state[f"beside-{own}"] = True
    visit.run()
    assert not visit.exception
    return visit


def test_a_run_that_was_compared_with_another_is_found_under_it(page: OpenPage):
    visit = page("home.py")
    own, (other,) = compared(visit, {"optimizer": "sgd"})
    assert labels(visit) == ["Playground · as it opens", "Playground · XOR"]
    (folded,) = visit.expander
    assert folded.label == "Compared with Optimizer SGD"
    unfold(visit, own)
    assert labels(visit) == ["Playground · as it opens", "Playground · XOR", "Optimizer SGD"]
    assert links_of(visit)[-1] == f"run={own}&b={other}"
    both = page(run=own, b=other)
    assert [right["run"] for right in panel_of(both)["runs"]] == [own, other]
    choose(visit, own, run_list.DELETE)
    assert "Playground · XOR · SGD" in labels(visit), "its own is gone, so it stands for itself"


def test_seeds_are_folded_under_the_run_that_was_shown(page: OpenPage):
    visit = page("home.py")
    own, others = compared(visit, {"seed": "2"}, {"seed": "3"}, {"seed": "3"}, {"activation": "relu"})
    assert len(labels(visit)) == 2
    assert [part.label for part in visit.expander] == ["Compared with 4 other runs"]
    unfold(visit, own)
    assert labels(visit)[2:] == ["All seeds together", "Activation ReLU", "Seed 3", "Seed 3", "Seed 2"]
    assert links_of(visit)[2] == f"run={own}&b={others[0]}.{others[2]}"
    band = page(run=own, b=f"{others[0]}.{others[2]}")
    assert [right["run"] for right in panel_of(band)["runs"]] == [own, others[0], others[2]]


def test_a_search_finds_a_run_by_what_it_was_compared_with(crowded: AppTest):
    own, _ = compared(crowded, {"activation": "relu"})
    crowded.text_input(key=run_list.SEARCH).input("relu").run()
    assert links_of(crowded) == [f"run={own}"]
    assert captions(crowded)[0] == "1 of 102 runs"
