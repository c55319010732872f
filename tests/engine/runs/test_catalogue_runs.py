"""Every lab of the catalogue trains in a worker forked after a rehearsal, and gives the same numbers each time."""

from collections.abc import Iterator
from itertools import islice

import pytest

from engine.labs.catalogue import LABS
from engine.labs.lab import Lab
from engine.runs import messages
from engine.runs.hub import Hub
from engine.runs.pool import Pool
from engine.runs.store import Store
from engine.runs.worker import cure_of
from engine.spec import Spec, knobs
from tests.engine.runs.conftest import Watcher

LEARNING = [lab for lab in LABS.values() if lab.learns]
REHEARSED = [(lab, lab.spec().replace(**changed)) for lab in LEARNING for changed in ({}, *lab.rehearsed)]


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('catalogue') / 'runs.db'}")
    hub = Hub(store, Pool())
    hub.warm()
    yield hub
    hub.close()
    store.close()


def train(hub: Hub, watcher: Watcher) -> dict[int, bytes]:
    """Walk past the first steps, and return their scalars."""
    hub.command(watcher.run.id, "resume")
    watcher.wait(lambda w: w.run.step > 5)
    hub.command(watcher.run.id, "pause")
    watcher.wait_state("paused")
    return {step: row.tobytes() for step, row in watcher.rows.items() if step <= 5}


def look_directly(lab: Lab, spec: Spec) -> dict[int, bytes]:
    """Return the scalars of the first steps as the experiment itself sees them, without a worker or an observer."""
    experiment = lab.open(spec)
    seen = {}
    for step in islice(experiment.steps(), 6):
        seen[step.number] = messages.row(experiment.scalars, experiment.observe(step)).tobytes()
        experiment.foresee()
    return seen


@pytest.mark.usefixtures("one_thread")  # as in a worker
@pytest.mark.parametrize(("lab", "spec"), REHEARSED, ids=lambda one: getattr(one, "name", ""))
def test_what_watchers_are_told_is_what_the_experiment_sees(hub: Hub, lab: Lab, spec: Spec) -> None:
    watcher = Watcher(hub, hub.open(lab.name, spec, lab.name).id).wait_state("ready")
    assert train(hub, watcher) == look_directly(lab, spec)


@pytest.mark.parametrize("lab", LEARNING, ids=lambda lab: lab.name)
def test_a_lab_trains_and_repeats_itself_bit_for_bit(hub: Hub, lab: Lab) -> None:
    first, second = (Watcher(hub, hub.open(lab.name, lab.spec(), lab.name).id).wait_state("ready") for _ in range(2))
    numbers = train(hub, first)
    assert len(numbers) > 1
    assert train(hub, second) == numbers
    hub.command(first.run.id, "reset")
    first.wait_state("ready")
    assert train(hub, first) == numbers


@pytest.mark.parametrize("lab", [lab for lab in LABS.values() if not lab.learns], ids=lambda lab: lab.name)
def test_a_lab_in_which_nothing_learns_is_looked_at_and_has_one_step(hub: Hub, lab: Lab) -> None:
    watcher = Watcher(hub, hub.open(lab.name, lab.spec(), lab.name).id).wait_state("ready")
    assert set(watcher.rows) == {0}
    hub.command(watcher.run.id, "resume")
    watcher.wait_state("finished")
    assert set(watcher.rows) == {0}


def test_of_a_loss_that_explodes_clipping_is_named_where_the_lab_has_it(hub: Hub) -> None:
    lab = LABS["sequences"]
    burst = next(preset for preset in lab.presets if preset.name == "explosion").spec(lab.spec)
    watcher = Watcher(hub, hub.open("sequences", burst, "me").id).wait_state("ready")
    hub.command(watcher.run.id, "resume")
    watcher.wait_state("paused")
    assert "so the run paused: press Reset, and set Gradient at most (clipping) or lower the rate." in watcher.said
    hub.command(watcher.run.id, "step")
    watcher.wait(lambda w: w.of("refused"))
    assert "set Gradient at most (clipping)" in watcher.of("refused")[0].header["message"]
    hub.command(watcher.run.id, "stop")


@pytest.mark.parametrize("lab", LABS.values(), ids=lambda lab: lab.name)
def test_clipping_is_named_as_the_form_of_the_lab_names_it(lab: Lab) -> None:
    labels = [setting.knob.label for setting in knobs(lab.spec) if setting.name == "clip"]
    named = [f"set {label} (clipping) or lower the rate" for label in labels]
    assert cure_of(lab.spec()) == (named or ["lower the rate"])[0]
