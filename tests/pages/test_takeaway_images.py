"""A run of Vision taken away on its page: its script, and the file of images that the script reads."""

from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from engine.frames import decode
from engine.labs.vision import VisionSpec
from engine.labs.vision_experiment import VisionExperiment
from engine.training.pretrained import pretrained
from pages.ui import house
from pages.ui.takeaway import WAYS
from tests.engine.labs.scripts import printed
from tests.engine.test_cli_files import refused, told
from tests.pages.conftest import OpenPage
from tests.pages.test_playground import begin, eventually
from tests.pages.test_takeaway import choose, press

OWN = {"net": "own", "layers": "conv 4 5 stride 3, norm, relu", "erase": "0.2"}
DRAWN = {"images": "drawn_letters", "samples": "100", **OWN}
HALF = {"classes": "second_half", "pretrain_epochs": "1", "frozen": "body", "batch_size": "8"}


def offered(visit: AppTest) -> str:
    """Return the name of the file that is offered."""
    (button,) = visit.get("download_button")
    return button.proto.label.replace("\\", "").removeprefix("Download ")


@pytest.mark.parametrize("begins", [{}, HALF], ids=["at random", "with what was learnt before"])
def test_the_script_and_the_images_of_a_run_make_its_losses_again(
    page: OpenPage, tmp_path: Path, begins: dict[str, str]
) -> None:
    if begins:
        spec = VisionSpec.from_strings(DRAWN | begins)
        pretrained(spec, spec.seed)  # otherwise the page would ask first
    visit = page("vision.py", hide="note.explore-kernel", **DRAWN, **begins)
    run = begin(visit)
    house.hub().command(run.id, "set", "learning_rate=0.05")
    house.hub().command(run.id, "set", "layers.0.weight[2, 0, 1, 4]=-0.75")
    eventually(lambda: len(house.hub().changes(run.id)) == 2)
    house.hub().command(run.id, "epoch")
    eventually(lambda: house.hub().get(run.id).state == "paused" and house.hub().get(run.id).step > 2)
    press(visit, "Write the script")
    assert not visit.exception
    text = visit.code[0].value
    (told_file,) = [one.value for one in visit.caption if one.value.startswith("It reads the images from ")]
    choose(visit, "Images")
    press(visit, "Make the file of images")
    assert not visit.exception
    assert not visit.warning, visit.warning[0].value
    assert offered(visit) in text, "the script looks for the file under the name that it has"
    assert offered(visit) in told_file.replace("\\", "")
    (tmp_path / offered(visit)).write_bytes(house.hub().takeaway.images(run))
    at = house.hub().get(run.id).step
    assert f"else {at}\n" in text
    ((*losses, train, validation),) = printed(tmp_path, at, text)
    assert len(losses) == at + 1
    messages = {message.kind: message for message in map(decode, house.hub().watch(run.id, lambda: None).take())}
    scalars = dict(zip(messages["opening"].header["scalars"], messages["frame"].arrays["scalars"], strict=True))
    assert float(train.rpartition(" ")[2]) == pytest.approx(scalars["loss"], rel=1e-5)
    assert float(validation.rpartition(" ")[2]) == pytest.approx(scalars["val_loss"], rel=1e-5)


def test_only_runs_that_learn_images_have_a_file_of_them(page: OpenPage) -> None:
    (images,) = (way for way in WAYS if way.title == "Images")
    for name, has in (("vision.py", True), ("playground.py", False)):
        visit = page(name, hide="note.explore-kernel" if has else "note")
        (forms,) = (group for group in visit.button_group if str(group.key).endswith(".take.form"))
        assert (images.title in [option.rpartition(" ")[2] for option in forms.options]) is has


def test_the_command_line_makes_the_file_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "images.npz"
    settings = [f"--set={name}={value}" for name, value in DRAWN.items()]
    line = told(["images", "vision", *settings, "--output", str(file)], capsys)
    assert line == {"written": str(file), "bytes": file.stat().st_size, "images": 100}
    expected = VisionExperiment(VisionSpec.from_strings(DRAWN)).prepared
    with np.load(file) as found:
        np.testing.assert_array_equal(found["pixels"][found["train"]], expected.images.pixels[expected.train])
    sentence = refused(["images", "playground", "--output", str(file)], capsys)
    assert sentence == "Runs of the lab playground learn from no images.\n"
