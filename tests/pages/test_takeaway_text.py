"""A run of Generation taken away on its page: its script makes its losses again, with what was changed meanwhile."""

from pathlib import Path

import pytest

from engine.frames import decode
from pages.ui import house
from tests.engine.labs.scripts import printed
from tests.pages.conftest import OpenPage
from tests.pages.test_playground import begin, eventually
from tests.pages.test_takeaway import press


def test_the_script_of_a_run_makes_its_losses_again(page: OpenPage, tmp_path: Path) -> None:
    visit = page("generation.py", text="surnames", characters="9000", units="12", chunk="16")
    run = begin(visit)
    for change in ("learning_rate=0.02", "clip=0.1", "embedding.weight[3, 1]=-0.75"):
        house.hub().command(run.id, "set", change)
    eventually(lambda: len(house.hub().changes(run.id)) == 3)
    house.hub().command(run.id, "epoch")
    eventually(lambda: house.hub().get(run.id).state == "paused" and house.hub().get(run.id).step > 2)
    press(visit, "Write the script")
    assert not visit.exception
    at = house.hub().get(run.id).step
    ((*losses, train, validation),) = printed(tmp_path, at, visit.code[0].value)
    assert len(losses) == at + 1
    messages = {message.kind: message for message in map(decode, house.hub().watch(run.id, lambda: None).take())}
    names, row = messages["opening"].header["scalars"], messages["frame"].arrays["scalars"]
    scalars = dict(zip(names, row, strict=True))
    assert float(train.removeprefix("training loss ")) == pytest.approx(scalars["loss"], rel=1e-6)
    assert float(validation.removeprefix("validation loss ")) == pytest.approx(scalars["val_loss"], rel=1e-6)
