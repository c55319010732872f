"""Maps as they are made: in processes of their own, told, cancelled, kept."""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from engine.frames import decode
from engine.jobs import Course, Jobs, Order
from engine.words.maps import MapSpec, map_key, map_order, maps_folder
from engine.words.maps.forge import MapForge
from engine.words.maps.keeping import LAYOUT, MAP, WORDS
from tests.engine.words.maps.made import planted, space_of

PATIENCE = 150.0
PCA = MapSpec(method="pca", top=300)
TSNE = MapSpec(method="tsne", top=300, perplexity=20)


@pytest.fixture(scope="module", autouse=True)
def home(tmp_path_factory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LEARNSCOPE_HOME", str(folder))
        yield folder


@pytest.fixture(scope="module")
def jobs(home) -> Iterator[Jobs]:
    forge = MapForge()
    found = Jobs(forge)
    yield found
    found.close()
    forge.close()


@pytest.fixture(scope="module")
def space(tmp_path_factory) -> Path:
    return space_of(tmp_path_factory.mktemp("space"), planted(800)[0])[1]


def over(jobs: Jobs, order: Order, owner: str = "one") -> Course:
    """Return the course of an order when it is over."""
    course, until = jobs.ask(order, owner), time.monotonic() + PATIENCE
    while course is not None and course.live:
        assert time.monotonic() < until, course
        time.sleep(0.02)
        course = jobs.course(order)
    assert course is not None
    return course


def made(jobs: Jobs, space: Path, spec: MapSpec):
    """Return the finished map."""
    course = over(jobs, map_order(space, spec))
    assert course.state == "done", course.message
    return decode((maps_folder() / course.result["key"] / MAP).read_bytes())


@pytest.mark.parametrize("spec", [PCA, PCA.replace(dimensions=3), TSNE, TSNE.replace(dimensions=3)], ids=str)
def test_a_map_holds_what_the_browser_reads(jobs, space, spec):
    found = made(jobs, space, spec)
    folder = maps_folder() / map_key(space.name, spec)
    assert {path.name for path in folder.iterdir()} == {MAP, WORDS}
    assert json.loads((folder / WORDS).read_bytes()) == [f"word{row}" for row in range(300)]
    header = found.header
    assert (header["method"], header["n"], header["d"], header["k"]) == (spec.method, 300, spec.dimensions, 15)
    assert 0.5 < header["trustworthiness"] <= 1
    assert 0.5 < header["continuity"] <= 1
    assert header["kept"] == pytest.approx(found.arrays["kept"].mean())
    assert found.arrays["rows"].tolist() == list(range(300))
    assert found.arrays["positions"].shape == (300, spec.dimensions)
    assert found.arrays["positions"].dtype == np.float32
    assert found.arrays["neighbours"].shape == found.arrays["cosines"].shape == (300, 15)
    assert found.arrays["frequency"].tolist() == list(range(1, 301))
    assert header["frequency"] == "rank"
    assert set(found.arrays["clusters"]) == set(range(len(header["cluster_labels"])))


def test_the_same_order_is_the_same_map_and_made_once(jobs, space):
    first = made(jobs, space, TSNE)
    path = maps_folder() / map_key(space.name, TSNE) / MAP
    written = path.stat().st_ino
    jobs.forget(map_order(space, TSNE))
    assert (made(jobs, space, TSNE).arrays["positions"] == first.arrays["positions"]).all()
    assert path.stat().st_ino == written


def test_a_damaged_map_is_made_anew(jobs, space):
    first = made(jobs, space, PCA)
    path = maps_folder() / map_key(space.name, PCA) / MAP
    path.write_bytes(path.read_bytes()[:500])
    jobs.forget(map_order(space, PCA))
    assert (made(jobs, space, PCA).arrays["positions"] == first.arrays["positions"]).all()


def test_a_layout_is_seen_forming_and_a_map_that_is_called_off_leaves_nothing(jobs, space):
    spec = TSNE.replace(top=800, dimensions=3, perplexity=100)
    order, folder = map_order(space, spec), maps_folder() / map_key(space.name, spec)
    seen, until = {}, time.monotonic() + PATIENCE
    while len(seen) < 3:
        assert jobs.ask(order, "one").state == "going"
        assert time.monotonic() < until
        if (folder / LAYOUT).is_file():
            layout = decode((folder / LAYOUT).read_bytes())
            seen[layout.header["version"]] = layout
            assert len(json.loads((folder / WORDS).read_bytes())) == 800
        time.sleep(0.02)
    shares = [layout.header["share"] for layout in seen.values()]
    assert shares == sorted(shares)
    assert 0 < shares[0] < shares[-1] < 1
    assert all(layout.arrays["positions"].shape == (800, 3) for layout in seen.values())
    places = [layout.arrays["positions"] for layout in seen.values()]
    assert not (places[0] == places[-1]).all()
    jobs.leave(order, "one")
    while folder.exists():
        assert time.monotonic() < until
        time.sleep(0.02)
    assert jobs.course(order) is None


def test_an_order_that_cannot_be_filled_says_why_and_leaves_nothing(jobs, space):
    spec = MapSpec(of="neighbourhood", around="nobody", method="pca")
    course = over(jobs, map_order(space, spec))
    assert (course.state, course.message) == ("failed", "The word 'nobody' is not in this space of 800 words.")
    assert not (maps_folder() / map_key(space.name, spec)).exists()
    gone = over(jobs, map_order(space.with_name("gone"), PCA))
    assert gone.message == "The vectors of this map are not kept any more: open them again."


def test_other_work_is_done_too(jobs):
    course = over(jobs, Order.of("tests.engine.jobs.toy:count", count=3))
    assert course.result == {"sum": 60}


def test_the_processes_of_maps_are_others_than_this(jobs):
    course = over(jobs, Order.of("tests.engine.jobs.toy:count", count=2))
    assert course.progress.words != str(os.getpid())
