"""A net for images is asked about a picture of one's own: what it answers is what it makes of any image."""

import numpy as np
import pytest
import torch

from engine.asking import Answer, Question
from engine.errors import RunError
from engine.frames import MAX_FRAME_BYTES
from engine.labs import vision_answers
from engine.labs.vision import VisionSpec
from engine.labs.vision_experiment import VisionExperiment
from engine.nets.images.forward_pass import ForwardPass
from engine.nets.images.graph import Graph
from engine.nets.images.layers import layers
from engine.nets.images.plan import plan
from engine.readings import Arrays, arrays_of
from engine.training.experiment import Answering
from tests.engine.labs.test_vision import NETS, QUICK
from tests.engine.labs.walks import walked

PICTURES = np.random.default_rng(3)


def picture(experiment: VisionExperiment) -> np.ndarray:
    """Return a picture as a browser has it, (height, width, channels) uint8."""
    channels, height, width = experiment.prepared.images.shape
    return PICTURES.integers(0, 256, (height, width, channels), np.uint8)


def ask(experiment: VisionExperiment, pixels: np.ndarray, tensors: Arrays | None = None) -> Answer:
    return experiment.answer(Question("look", {}, pixels.tobytes()), tensors)


@pytest.mark.parametrize("spec", NETS, ids=lambda spec: spec.net)
def test_the_answer_holds_all_that_a_frame_tells_of_the_image_looked_at(spec: VisionSpec) -> None:
    experiment = VisionExperiment(spec)
    assert isinstance(experiment, Answering)
    _, moment = walked(experiment, 3)
    pixels = picture(experiment)
    answer = ask(experiment, pixels)
    arrays, shown = arrays_of(answer.readings), arrays_of(moment.readings)
    np.testing.assert_array_equal(arrays["image.pixels"][0], pixels)
    inputs = experiment.prepared.inputs(pixels.transpose(2, 0, 1)[None])
    with torch.no_grad():
        logits = experiment.net.eval()(torch.from_numpy(inputs))[0]
    np.testing.assert_allclose(arrays["image.logits"], logits, atol=1e-5)
    shares = torch.softmax(logits, 0)
    np.testing.assert_allclose(arrays["image.probabilities"], shares, atol=1e-6)
    told = experiment.classes[int(shares.argmax())]
    assert answer.words == {"watched": f"yours: predicted {told} ({float(shares.max()):.0%})"}
    of_the_image = [name for name in shown if name.partition(".")[0] in ("image", "maps", "maps_low", "maps_high")]
    assert {(name, array.shape) for name, array in arrays.items()} == {
        (name, shown[name].shape) for name in of_the_image
    }
    shapes = {layer.name: layer.output for layer in layers(experiment.net, experiment.prepared.images.shape)}
    for layer in plan(spec).drawn:
        assert (arrays[f"maps_high.{layer}"] >= arrays[f"maps_low.{layer}"]).all()
        assert len(arrays[f"maps.{layer}"]) == shapes[layer][0], "every map is there"


def test_an_image_that_is_brought_is_answered_as_where_it_is_looked_at() -> None:
    experiment = VisionExperiment(QUICK.replace(image=3))
    _, moment = walked(experiment, 3)
    shown = arrays_of(moment.readings)
    for name, array in arrays_of(ask(experiment, shown["image.pixels"][0]).readings).items():
        np.testing.assert_array_equal(array, shown[name], err_msg=name)


def test_a_net_is_asked_with_the_weights_of_another_step_and_trains_on_as_if_it_had_not_been() -> None:
    spec = QUICK.replace(net="own", layers="conv 4 3, norm, relu, dropout 0.3, dense 16, relu")
    asked, left_alone = VisionExperiment(spec), VisionExperiment(spec)
    pixels = picture(asked)
    walk, other = asked.steps(), left_alone.steps()
    next(walk)
    next(other)
    tensors = {name: tensor.numpy().copy() for name, tensor in asked.net.state_dict().items()}
    first = arrays_of(ask(asked, pixels).readings)
    for _ in range(4):
        ask(asked, pixels)
        assert next(walk) == next(other)
    then = arrays_of(ask(asked, pixels, tensors).readings)
    for name, array in first.items():
        np.testing.assert_array_equal(array, then[name], err_msg=name)
    assert not np.array_equal(arrays_of(ask(asked, pixels).readings)["image.logits"], first["image.logits"])


@pytest.mark.parametrize("size", [0, 1, 28 * 28 - 1, 3 * 28 * 28])
def test_a_picture_of_another_size_is_refused_with_what_is_expected(size: int) -> None:
    experiment = VisionExperiment(QUICK)
    with pytest.raises(RunError, match=f"28 x 28 pixels in 1 channel: expected 784 numbers, received {size:,}"):
        experiment.answer(Question("look", {}, bytes(size)))
    with pytest.raises(RunError, match="asked to look, or for its forward pass, not 'sing'"):
        experiment.answer(Question("sing"))


def test_a_forward_pass_that_no_message_could_hold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vision_answers, "MOST_BYTES", 2**18)
    with pytest.raises(RunError, match="This net makes 0 MB of an image: expected at most 0"):
        VisionExperiment(QUICK).answer(Question("forward", {"image": 0}))
    assert vision_answers.MOST_BYTES < MAX_FRAME_BYTES


@pytest.mark.parametrize("spec", [spec for spec in NETS if spec.net in ("lenet", "own")], ids=lambda spec: spec.net)
def test_a_forward_pass_holds_all_numbers_of_an_image_held_out_or_of_one_that_is_brought(spec: VisionSpec) -> None:
    experiment = VisionExperiment(spec.replace(image=4))
    _, moment = walked(experiment, 3)
    shown = arrays_of(moment.readings)
    validation = len(experiment.prepared.validation)
    held_out = experiment.answer(Question("forward", {"image": 4 + validation}))
    brought = experiment.answer(Question("forward", {}, shown["image.pixels"][0].tobytes()))
    assert held_out.words == brought.words
    one, other = (
        ForwardPass.of(Graph.from_json(told.words["graph"]), arrays_of(told.readings)) for told in (held_out, brought)
    )
    np.testing.assert_array_equal(one.outputs[one.graph.output].ravel(), shown["image.logits"])
    for layer in one.outputs:
        np.testing.assert_array_equal(one.outputs[layer], other.outputs[layer])
        if layer in plan(spec).drawn:
            low, high = (shown[f"{bound}.{layer}"] for bound in ("maps_low", "maps_high"))
            maps = one.maps(layer)[: len(low)]
            np.testing.assert_array_equal((maps.min(axis=(1, 2)), maps.max(axis=(1, 2))), (low, high))
    state = experiment.net.state_dict()
    assert set(one.tensors) == {name for name in state if not name.endswith("num_batches_tracked")}
    for name, tensor in one.tensors.items():
        np.testing.assert_array_equal(tensor, state[name])
