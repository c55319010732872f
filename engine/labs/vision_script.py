"""A run of Vision written out: one PyTorch script that needs nothing of ours and prints the same losses.

It is put together for just these settings: what a run does not use is not in it. Handwritten digits come with
scikit-learn; of other images the script needs the file, see ``engine.data.images.taking``.
"""

from collections.abc import Sequence

from engine.data.images import taking
from engine.data.images.prepared import Prepared, left_out
from engine.data.images.spec import Images
from engine.labs.script_text import put_in, source, written
from engine.labs.script_training import Loop, training
from engine.labs.vision import VisionSpec
from engine.labs.vision_script_beginning import before_text, keeps_averages, still_text, takes_over
from engine.labs.vision_script_images import images_text, inputs_text
from engine.labs.vision_script_net import net_text
from engine.nets.images.catalogue import make_net
from engine.probes.images import AT_ONCE
from engine.spec import settings_by_name
from engine.training.experiment import Change
from engine.training.losses import LOSSES
from engine.training.settings import FITTING

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
    """Return the script of a run with ``spec``; ``changes`` (step, name, value) were made to it while it went on."""
    chosen = FITTING["classes"][0] if spec.loss == "auto" else spec.loss
    shape, classes = prepared.images.shape, prepared.images.classes
    net = make_net(spec, shape, len(classes), spec.seed)
    before = left_out(spec) if takes_over(spec, net) else None
    still = still_text(spec, net)
    step = ", step" if spec.augments else ""
    loop = Loop(
        "images",
        "classes",
        SETUP.strip("\n"),
        f"inputs_of(inputs[batch]{step})",
        f"torch.cat([net(inputs_of(part)) for part in inputs.split({AT_ONCE})])",
        "learning" if still else "net.parameters()",
        "learn()" if keeps_averages(spec, net) else "net.train()",
    )
    parts = [
        images_text(spec, prepared, before),
        inputs_text(spec, shape[0]),
        net_text(spec, shape, len(classes)),
        still,
        source(LOSSES["classes"][chosen], "loss"),
        put_in(changes, lambda name: f'net.get_parameter("{name}")'),
        training(spec, changes, loop),
        before_text(spec, before, net) if before else "",
        "\nmain()\n" if before else "\n\nmain()\n",
    ]
    needs = NEEDS_FILE.format(name=taking.file_name(spec)) if taking.needs_file(spec) else ""
    title = f"{TITLES[spec.images]}: {settings_by_name(type(spec))['net'].word(spec.net)}"
    return written(title, "".join(parts), steps=steps, seed=spec.seed, about=needs + NAMES)
