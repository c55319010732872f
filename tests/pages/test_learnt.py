"""What a run of words has learnt: kept just as it stood at a step, opened, and written for other programs."""

import asyncio
import contextlib
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gensim.models import KeyedVectors
from gensim.models.fasttext import load_facebook_vectors
from safetensors.numpy import load_file
from starlette.applications import Starlette
from streamlit.testing.v1 import AppTest

from engine.errors import DataError, RunError
from engine.labs.train_words import TrainWordsSpec
from engine.labs.train_words_experiment import TrainWordsExperiment
from engine.runs import learnt as keeping
from engine.runs.changes import changes_until
from engine.runs.run import Run
from engine.words import learnt, world
from engine.words.formats.forms import ENDINGS, Form
from engine.words.learnt import Learnt, mark_of, named
from engine.words.library import Library
from engine.words.space import Space
from engine.words.texts import own
from pages.ui import house
from pages.ui.learnt import FORMS, NOTHING_YET
from pages.ui.live_routes import live_routes
from pages.ui.rights import FileRight, UploadRight
from pages.ui.text import plain
from pages.ui.words import room, vectors_route
from tests.pages.conftest import OpenPage
from tests.pages.test_playground import eventually
from tests.pages.waiting import until

PATIENCE = 120.0
OWNER = "session-ann"
SMALL = {"dimensions": "8", "epochs": "3", "min_count": "2", "method": "fasttext", "buckets": "500", "corpus": "own"}


@pytest.fixture(scope="module")
def spec(own_pool: None, own_hub: Path) -> Iterator[TrainWordsSpec]:
    room.close()
    text = "\n".join(" ".join(sentence) + "." for sentence in world.sentences(count=4_000))
    yield TrainWordsSpec.from_strings({**SMALL, "own": own.keep(own_hub, [text.encode()], "tale.txt", OWNER)})
    room.close()


@pytest.fixture(scope="module")
def run(spec: TrainWordsSpec) -> Iterator[Run]:
    """A run that was paused at step 3, its rate changed there, and then at the end of an epoch; it keeps nothing of the
    steps between.
    """
    hub = house.hub()
    run = hub.open("train_words", spec, OWNER)
    for step in (1, 2, 3):
        command(run, "step", lambda now, step=step: now.step == step)
    hub.command(run.id, "set", "learning_rate=0.2")
    eventually(lambda: bool(hub.changes(run.id)), PATIENCE)
    command(run, "epoch", lambda now: now.step > 4)
    now = hub.get(run.id)
    eventually(lambda: (hub.recordings.checkpoint(run.id, now.step) or (0,))[0] == now.step, PATIENCE)
    found = hub.recordings.checkpoint(run.id, 4)
    assert found is not None
    assert found[0] == 3, "to step 4 one has to walk"
    yield now
    with contextlib.suppress(RunError):  # it was stopped with a page that showed it
        hub.command(run.id, "stop")


def command(run: Run, name: str, reached: Callable[[Run], bool]) -> None:
    """Have a run go on, and wait until it is paused there."""
    house.hub().command(run.id, name)

    def there() -> bool:
        now = house.hub().get(run.id)
        return reached(now) and now.state == "paused"

    eventually(there, PATIENCE)


def drained(work: Any) -> Mapping[str, Any]:
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value


def at(run: Run, step: int | None = None) -> Learnt:
    """Return what there is of a run at a step, or the last."""
    step = run.step if step is None else step
    return Learnt(run.id, step, mark_of(changes_until(house.hub().changes(run.id), step)))


def arguments(run: Run, step: int, home: Path, **more: str) -> dict[str, Any]:
    return {"asked": at(run, step).id, "home": str(home.absolute()), **more}


def stood_at(spec: TrainWordsSpec, step: int) -> TrainWordsExperiment:
    """Return the same training, done here, at a step."""
    experiment = TrainWordsExperiment(spec)
    for at in islice(experiment.steps(), step + 1):
        if at.number == 3:
            experiment.set("learning_rate", "0.2")
    return experiment


@pytest.fixture(scope="module")
def space(run: Run, own_hub: Path) -> Space:
    told = drained(keeping.keep(arguments(run, run.step, own_hub)))
    found = Library(own_hub, {}).space(at(run).id)
    assert found is not None
    assert told == {"rows": len(found), "dimensions": 8}
    return found


@pytest.mark.parametrize("step", [1, 3, 4])
def test_a_space_is_what_stood_in_the_run_at_that_step(run: Run, spec: TrainWordsSpec, own_hub: Path, step: int):
    """Step 4 is learnt at another rate than those before it."""
    drained(keeping.keep(arguments(run, step, own_hub)))
    space = Library(own_hub, {}).space(at(run, step).id)
    assert space is not None
    model = stood_at(spec, step)._trainer.model()
    assert list(space.words) == [word.decode() for word in model.words]
    np.testing.assert_array_equal(space.subwords, model.grams)
    assert space.frequency is not None
    np.testing.assert_array_equal(space.frequency, model.counts)
    assert space.provenance.source == "tale.txt"


@pytest.fixture(scope="module")
def branch(run: Run) -> Iterator[Run]:
    """A run that began at the last step of the other, by another person, and went on for another epoch."""
    hub = house.hub()
    begun = hub.branch(run.id, run.step, "session-bob")
    eventually(lambda: hub.get(begun.id).message.startswith("Branched"), PATIENCE)
    hub.command(begun.id, "set", "learning_rate=0.05")
    eventually(lambda: len(hub.changes(begun.id)) == 2, PATIENCE)
    command(begun, "step", lambda now: now.step > run.step)
    yield hub.get(begun.id)
    with contextlib.suppress(RunError):
        hub.command(begun.id, "stop")


@pytest.mark.parametrize("step", [1, 3, 4])
def test_what_a_branch_has_learnt_before_it_began_is_what_the_other_had(
    run: Run, branch: Run, spec: TrainWordsSpec, own_hub: Path, step: int
):
    """It is opened by the name of the branch, whose run may stay when the other is deleted."""
    drained(keeping.keep(arguments(branch, step, own_hub)))
    space = Library(own_hub, {}).space(at(branch, step).id)
    assert space is not None
    model = stood_at(spec, step)._trainer.model()
    assert list(space.words) == [word.decode() for word in model.words]
    np.testing.assert_array_equal(space.subwords, model.grams)


def test_the_page_opens_the_step_of_a_branch_that_is_looked_at(run: Run, branch: Run, page: OpenPage):
    visit = page("train_words.py", run=branch.id, step="2", hide="note.explore-text")
    assert not visit.warning
    press(visit, "Open in Words")
    asked = f"run:{branch.id}:2"
    assert visit.query_params["source"] in (asked, [asked])
    there = page("words.py", source=asked)
    until(there, lambda: any("8 dimensions" in one.value for one in there.sidebar.markdown))


def test_the_words_lab_lists_it_for_whoever_trained_it(run: Run, space: Space, own_hub: Path):
    library = Library(own_hub, {})
    asked = at(run).id
    titles = {one.id: one for group in library.sources(OWNER) for one in group.sources}
    assert titles[asked].title == f"tale.txt, step {run.step}"
    assert titles[asked].private
    assert f"{len(space):,} words in 8 dimensions, learnt here from tale.txt" in titles[asked].words
    assert asked not in {one.id for group in library.sources("session-eve") for one in group.sources}
    assert library.source(asked).title == f"tale.txt, step {run.step}"
    assert library.source(f"run:{run.id}:2").title == "A run, step 2"


@pytest.mark.parametrize(
    "asked", ["run:", "run:a", "run:../x:1", "run:a:-1", "run:a:1e3", f"run:a:{'9' * 40}", "run:a/b:1"]
)
def test_what_names_no_run_is_told(own_hub: Path, asked: str):
    for ask in (Library(own_hub, {}).source, Library(own_hub, {}).order, named):
        with pytest.raises(DataError, match=r"^There are no vectors named"):
            ask(asked)


def test_a_run_that_came_to_a_step_by_another_way_has_learnt_something_else(run: Run, own_hub: Path):
    """Until step 2 nothing was changed; from step 3 on the rate is another than without that."""
    assert (at(run, 2).mark, len(at(run, 4).mark)) == ("", 8)
    assert named(at(run, 4).id) == at(run, 4)
    other = Learnt(run.id, 4)
    assert other.folder(own_hub) != at(run, 4).folder(own_hub)
    assert other.file(own_hub, "glove") != at(run, 4).file(own_hub, "glove")
    with pytest.raises(RunError, match="This run has been changed since"):
        drained(keeping.keep({"asked": other.id, "home": str(own_hub)}))


def test_of_a_run_that_is_gone_it_is_told(own_hub: Path):
    with pytest.raises(DataError, match="The run in which these vectors were learnt is gone"):
        drained(keeping.keep({"asked": "run:nowhere:3", "home": str(own_hub)}))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.filterwarnings("ignore:unclosed file", "ignore::pytest.PytestUnraisableExceptionWarning")  # by gensim
def test_other_programs_read_each_file(run: Run, space: Space, own_hub: Path, form: Form):
    told = drained(keeping.write(arguments(run, run.step, own_hub, form=form)))
    path = at(run).file(own_hub, form)
    assert told == {"bytes": path.stat().st_size, "name": f"vectors-{run.id[:6]}-{run.step}{ENDINGS[form]}"}
    match form:
        case "safetensors":
            np.testing.assert_array_equal(load_file(path)["vectors"], space.vectors)
        case "fasttext":
            theirs = load_facebook_vectors(str(path))
            np.testing.assert_allclose(theirs["kingish"], space.vector("kingish"), rtol=1e-5, atol=1e-6)
        case _:
            theirs = KeyedVectors.load_word2vec_format(str(path), binary=form == "word2vec", no_header=form == "glove")
            assert theirs.index_to_key == list(space.words)
            np.testing.assert_array_equal(theirs.vectors, space.vectors)
    assert set(FORMS) == set(ENDINGS)


def test_a_file_that_would_fill_the_disk_is_not_made(run: Run, space: Space, own_hub: Path, monkeypatch):
    monkeypatch.setattr(keeping, "LEAVE_FREE", 2**60)
    path = at(run, 4).file(own_hub, "glove")
    with pytest.raises(DataError, match=rf"{path.name} was not made: it may take .* has room for 0 bytes"):
        drained(keeping.write(arguments(run, 4, own_hub, form="glove")))
    assert not path.exists()


def get(token: str, cookie: str = "") -> tuple[int, dict[str, str], bytes]:
    """Ask for a file, and return the status, headers and body."""
    answer: dict[str, Any] = {"body": b"", "headers": {}}

    async def receive() -> dict:
        await asyncio.sleep(PATIENCE)
        return {"type": "http.disconnect"}

    async def send(message: dict) -> None:
        answer["status"] = message.get("status", answer.get("status"))
        answer["headers"] |= {name.decode(): value.decode() for name, value in message.get("headers", [])}
        answer["body"] += message.get("body", b"")

    path = f"/live/words/files/{token}"
    headers = [(b"cookie", cookie.encode())]
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": headers, "root_path": ""}
    asyncio.run(Starlette(routes=list(live_routes()))(scope, receive, send))  # type: ignore[arg-type]
    return answer["status"], answer["headers"], answer["body"]


def test_a_file_is_sent_to_whoever_had_it_made(run: Run, space: Space, own_hub: Path, monkeypatch):
    drained(keeping.write(arguments(run, run.step, own_hub, form="glove")))
    one = at(run)
    monkeypatch.setattr(vectors_route, "PIECE_BYTES", 100)
    status, headers, body = get(FileRight(one, "glove", OWNER).token())
    assert (status, body) == (200, one.file(own_hub, "glove").read_bytes())
    assert headers["content-disposition"] == f'attachment; filename="vectors-{run.id[:6]}-{run.step}.txt"'
    assert headers["content-length"] == str(len(body))
    assert not vectors_route._under_way
    for token in ("", "x", UploadRight(OWNER).token(), FileRight(one, "glove", "person-else").token()):
        status, _, body = get(token) if token else (403, {}, b"")
        assert (status, b"vectors" in body) == (403, False)
    status, _, body = get(FileRight(at(run, 77), "glove", OWNER).token())
    assert (status, body) == (404, b"This file is gone: make it again.")
    monkeypatch.setattr(vectors_route, "MOST_AT_ONCE", 0)
    assert get(FileRight(one, "glove", OWNER).token())[0] == 429


def test_files_go_after_a_day(run: Run, space: Space, own_hub: Path, monkeypatch):
    drained(keeping.write(arguments(run, run.step, own_hub, form="glove")))
    path = at(run).file(own_hub, "glove")
    learnt.tidy(own_hub)
    assert path.exists()
    monkeypatch.setattr(learnt, "FILE_SECONDS", -1.0)
    learnt.tidy(own_hub)
    assert not path.exists()


def press(visit: AppTest, label: str) -> None:
    next(button for button in visit.button if button.label == label).click().run()


def link(visit: AppTest) -> Any:
    return next((one.proto for one in visit.get("link_button")), None)


def test_the_page_makes_a_file_and_opens_the_space(run: Run, page: OpenPage):
    visit = page("train_words.py", run=run.id, hide="note.explore-text")
    form = next(one for one in visit.selectbox if one.label == "As a file")
    assert form.options == list(FORMS.values())
    form.set_value("fasttext-vec").run()
    press(visit, "Make the file")
    until(visit, lambda: link(visit))
    assert link(visit).label.startswith(f"Download {plain(f'vectors-{run.id[:6]}-{run.step}.vec')}, ")
    status, _, body = get(link(visit).url.rpartition("/")[2])
    assert (status, body.partition(b" ")[2].partition(b"\n")[0]) == (200, b"8")
    press(visit, "Open in Words")
    assert visit.query_params["source"] in (at(run).id, [at(run).id])
    until(visit, lambda: any("8 dimensions" in one.value for one in visit.sidebar.markdown))


def test_before_the_first_step_there_is_nothing_to_open(run: Run, spec: TrainWordsSpec, page: OpenPage):
    visit = page("train_words.py", hide="note.explore-text", **{**spec.to_link(), "method": "word2vec"})
    forms = next(one for one in visit.selectbox if one.label == "As a file")
    assert forms.options == [title for form, title in FORMS.items() if form != "fasttext"]
    press(visit, "Open in Words")
    assert [one.value for one in visit.warning] == [plain(NOTHING_YET)]
    assert visit.title[0].value == "Train words"
