"""What one takes away from a run."""

import sys

import pytest

from engine.runs.frames import decode
from pages.ui import house
from tests.pages.conftest import OpenPage
from tests.pages.test_playground import begin, eventually


def test_a_run_can_be_taken_away_as_a_script_with_what_was_changed(
    page: OpenPage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    visit = page(dataset="moons", units="3")
    run = begin(visit)
    house.hub().command(run.id, "set", "learning_rate=0.25")
    eventually(lambda: house.hub().settings(run.id).get("learning_rate") == "0.25")
    house.hub().command(run.id, "epoch")
    eventually(lambda: house.hub().get(run.id).state == "paused" and house.hub().get(run.id).step > 1)
    eventually(lambda: house.hub().changes(run.id))
    next(button for button in visit.button if button.label == "Write the script").click().run(timeout=60)
    assert not visit.exception
    text = visit.code[0].value
    assert f"else {house.hub().get(run.id).step}\n" in text
    monkeypatch.setattr(sys, "argv", ["run.py"])
    exec(compile(text, "run.py", "exec"), {"__name__": "run"})
    messages = {message.kind: message for message in map(decode, house.hub().watch(run.id, lambda: None).take())}
    names, row = messages["opening"].header["scalars"], messages["frame"].arrays["scalars"]
    scalars = dict(zip(names, row, strict=True))
    told = dict(line.rsplit(" ", 1) for line in capsys.readouterr().out.splitlines())
    assert float(told["training loss"]) == pytest.approx(scalars["loss"], rel=1e-5)
    assert float(told["validation loss"]) == pytest.approx(scalars["val_loss"], rel=1e-5)
