"""A run of Transformers written out: one PyTorch script that needs nothing of ours and prints the same losses.

It is put together of our own files: the rules that make the sequences, and the net, whose tensors so have the same
names.
"""

import sys
from collections.abc import Sequence

from engine.data.language import grammar
from engine.data.language.styles import STYLES
from engine.data.sequences import names
from engine.data.symbols import made as making
from engine.data.symbols import text
from engine.data.symbols.made import Made
from engine.data.symbols.spec import OWN
from engine.errors import RunError
from engine.labs.generation_script import NEEDS_TEXT
from engine.labs.script_text import module_text, put_in, source, written
from engine.labs.script_training import Loop, clipping, training
from engine.labs.transformers import TransformersSpec
from engine.nets.attention import attention, block, positions, touch
from engine.nets.mlp import Dropout
from engine.nets.sequences import beginning
from engine.nets.transformers import both, decoder, encoder, stack
from engine.nets.transformers.building import form_of
from engine.seeds import numpy_generator
from engine.spec import settings_by_name
from engine.training.experiment import Change
from engine.training.losses import LOSSES
from engine.training.settings import FITTING

NAMES = "The net's tensors are named as in the run: net.load_state_dict takes the run's file of weights.\n"
DATA = """

# What is learnt, and what is held out.
MADE = {call}
order = numpy_generator({seed}, "symbols", "split").permutation(len(MADE.read))
cut = min(max(round(len(order) * {share}), 1), len(order) - 1)
train, validation = order[:cut], order[cut:]
"""
NEW_NET = '''

FORM = {form}


def new_net() -> nn.Module:
    """Return the net with its first weights, those of each part drawn from a stream of its own."""
    with torch.device("meta"):  # shapes alone, until the first weights are drawn below
        net = {make}
    net.to_empty(device="cpu")
    for name, layer in net.named_modules():
        if isinstance(layer, Dropout):
            layer.generator = torch.Generator().manual_seed(derive(SEED, "dropout", name))
        else:
            begin_layer(layer, torch.Generator().manual_seed(derive(SEED, "weights", name)))
    return net


net = new_net()
'''
LOSS = '''

def loss(outputs: Tensor, targets: Tensor) -> Tensor:
    """Each place where something is asked is one more example."""
    return loss_once(outputs[targets >= 0], targets[targets >= 0])
'''
SETUP = """
    inputs, targets = torch.from_numpy(MADE.read[train]), torch.from_numpy(MADE.asked[train])
    held_out, held_out_targets = torch.from_numpy(MADE.read[validation]), torch.from_numpy(MADE.asked[validation])
"""
SCORE = "int((outputs.argmax(dim=2) == targets)[targets >= 0].sum()) / int((targets >= 0).sum())"
SHAPES = {"decoder": decoder, "encoder": encoder, "both": both}


def script(spec: TransformersSpec, made: Made, changes: Sequence[Change] = (), steps: int = 1000) -> str:
    """Return the script of a run with ``spec``; ``changes`` (step, name, value) were made to it while it went on.

    Raises RunError where the text is one that somebody has brought.
    """
    chosen = FITTING["classes"][0] if spec.loss == "auto" else spec.loss
    clip_at, clipped = clipping(spec.clip, changes)
    loop = Loop(
        "sequences", "classes", SETUP.strip("\n"), "inputs[batch]", "net(inputs)", before_update=clipped, score=SCORE
    )
    parts = [
        _data(spec),
        source(Dropout),
        *(module_text(one) for one in (touch, positions, attention, block, stack, SHAPES[spec.shape])),
        source(beginning.begin_layer),
        NEW_NET.format(form=repr(form_of(spec)).replace("'", '"'), make=_made(spec, made)),
        source(LOSSES["classes"][chosen], "loss_once"),
        LOSS,
        clip_at,
        put_in(changes, lambda name: f'net.get_parameter("{name}")'),
        training(spec, changes, loop),
        "\n\nmain()\n",
    ]
    labels = settings_by_name(type(spec))
    title = f"{labels['sequences'].word(spec.sequences)}: {labels['shape'].word(spec.shape)}"
    return written(title, "".join(parts), steps=steps, seed=spec.seed, about=NAMES)


def _data(spec: TransformersSpec) -> str:
    """Return the lines that make the sequences, and split them."""
    parts = [source(numpy_generator), module_text(making)]
    masked, seed = spec.shape == "encoder", spec.data_seed
    match spec.sequences:
        case "repeated":
            call = f"repeated({spec.samples}, {spec.length}, {spec.letters}, masked={masked}, seed={seed})"
        case "modular":
            call = f"modular({spec.prime})"
        case "text":
            if spec.style == OWN:
                raise RunError(NEEDS_TEXT)
            style = STYLES[spec.style]
            parts += [
                module_text(grammar),
                module_text(names) if spec.style == "surnames" else "",
                module_text(sys.modules[style.paragraphs.__module__]),
                source(text.pieces),
            ]
            characters = spec.samples * spec.length + 1
            whole = f'first_characters(paragraphs(Dice({seed}, "{spec.style}")), {characters})'
            call = f"pieces({whole}, {spec.length}, masked={masked}, seed={seed})"
        case order:
            sizes = f"{spec.samples}, {spec.length}, {spec.letters}"
            call = f'arranged("{order}", {sizes}, "{spec.shape}", {seed})'
    return "".join(parts) + DATA.format(call=call, seed=seed, share=spec.train_share)


def _made(spec: TransformersSpec, made: Made) -> str:
    """Return the expression that makes the net."""
    symbols, length = len(made.symbols), made.read.shape[1]
    sizes = f"{made.given}, {length - made.given}" if spec.shape == "both" else str(length)
    name = {"decoder": "Decoder", "encoder": "Encoder", "both": "EncoderDecoder"}[spec.shape]
    return f"{name}({symbols}, {sizes}, FORM)"
