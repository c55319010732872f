"""A run of Vision written out: one PyTorch script that needs nothing of ours and prints the same losses.

It is put together for just these settings: what a run does not use is not in it. Handwritten digits come with
scikit-learn; of other images the script needs the file, see ``engine.data.images.taking``.
"""

from collections.abc import Sequence

from engine.data.images import taking
from engine.data.images.prepared import Prepared
from engine.data.images.spec import Images
from engine.errors import RunError
from engine.labs.script_text import put_in, source, written
from engine.labs.script_training import Loop, training
from engine.labs.vision import VisionSpec
from engine.labs.vision_script_images import images_text, inputs_text
from engine.labs.vision_script_net import net_text
from engine.probes.images import AT_ONCE
from engine.spec import settings_by_name
from engine.training.experiment import Change
from engine.training.losses import LOSSES
from engine.training.settings import FITTING
from engine.training.transfer_spec import held_still

TITLES: dict[Images, str] = {
    "handwritten": "Handwritten digits",
    "drawn_digits": "Drawn digits",
    "drawn_letters": "Drawn letters",
    "own": "Images of somebody's own",
}
NEEDS_FILE = "Beside it lies {name}, the images, which Learnscope gives under Take away, Images.\n"
NAMES = "The net's tensors are named as in the run: net.load_state_dict takes the run's file of weights.\n"
SETUP = """
    inputs, targets = torch.from_numpy(pixels[train]), torch.from_numpy(told[train])
    held_out, held_out_targets = torch.from_numpy(pixels[validation]), torch.from_numpy(told[validation])
"""


def script(spec: VisionSpec, prepared: Prepared, changes: Sequence[Change] = (), steps: int = 1000) -> str:
    """Return the script of a run with ``spec``; ``changes`` (step, name, value) were made to it while it went on.

    Raises RunError where the net has learnt something before, or holds layers still.
    """
    if spec.transfers or held_still(spec):
        raise RunError(
            "A run whose net has learnt other classes before, or holds layers still, cannot be written as a script "
            "yet: take its net as ONNX, or its weights."
        )
    chosen = FITTING["classes"][0] if spec.loss == "auto" else spec.loss
    shape, classes = prepared.images.shape, prepared.images.classes
    step = ", step" if spec.augments else ""
    loop = Loop(
        "images",
        "classes",
        SETUP.strip("\n"),
        f"inputs_of(inputs[batch]{step})",
        f"torch.cat([net(inputs_of(part)) for part in inputs.split({AT_ONCE})])",
    )
    parts = [
        images_text(spec, prepared),
        inputs_text(spec, shape[0]),
        net_text(spec, shape, len(classes)),
        source(LOSSES["classes"][chosen], "loss"),
        put_in(changes, lambda name: f'net.get_parameter("{name}")'),
        training(spec, changes, loop),
        "\n\nmain()\n",
    ]
    net = settings_by_name(type(spec))["net"].word(spec.net)
    needs = NEEDS_FILE.format(name=taking.file_name(spec)) if taking.needs_file(spec) else ""
    title = f"{TITLES[spec.images]}: {net}"
    return written(title, "".join(parts), steps=steps, seed=spec.seed, about=needs + NAMES)
