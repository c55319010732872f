"""A run of Generation written out: one PyTorch script that needs nothing of ours and prints the same losses.

It is put together of our own files: the rules that make the text, what cuts it into symbols, and the net, whose tensors
so have the same names.
"""

import sys
from collections.abc import Sequence

from engine.data.language import grammar
from engine.data.language.styles import STYLES, Style
from engine.data.sequences import names
from engine.errors import RunError
from engine.labs.generation import GenerationSpec
from engine.labs.generation_looking import LOOKED, STREAMS
from engine.labs.script_text import module_text, put_in, source, written
from engine.labs.script_training import Loop, clipping, training
from engine.language import vocabulary
from engine.language.text import HELD_OUT
from engine.nets.attention import attention, block, positions, touch
from engine.nets.language import model, nplm, recurrent, transformer
from engine.nets.language.building import CELLS
from engine.nets.language.spec import LanguageNetSpec
from engine.nets.mlp import Dropout
from engine.nets.sequences import beginning, cell, lstm
from engine.nets.sequences import recurrent as cells
from engine.seeds import numpy_generator
from engine.spec import settings_by_name
from engine.training.experiment import Change
from engine.training.losses import LOSSES
from engine.training.settings import FITTING
from engine.words.texts.spec import OWN

NEEDS_TEXT = "A script of this run would need your text: take its weights, or its net as ONNX."
NAMES = "The net's tensors are named as in the run: net.load_state_dict takes the run's file of weights.\n"
SYMBOLS = """

Symbols = str
"""
TEXT = '''

# What is learnt, and what is held out: the numbers of its symbols.
TEXT = first_characters(paragraphs(Dice({seed}, "{style}")), {characters})
known = Vocabulary.of(TEXT, "{symbols}"{most})
numbers = torch.from_numpy(known.encode(TEXT))
END = len(numbers) - int({share} * len(numbers))
LEARNT, HELD_OUT = numbers[:END], numbers[END:]


def pieces(symbols: Tensor, most: int) -> tuple[Tensor, Tensor]:
    """Return a text in at most so many streams, each in pieces, (streams, pieces, symbols), and the same for the symbol
    behind each of these.
    """
    size = min({chunk}, len(symbols) - 1)
    there = (len(symbols) - 1) // size
    streams = min(most, there)
    count = streams * (there // streams) * size
    return symbols[:count].view(streams, -1, size), symbols[1 : count + 1].view(streams, -1, size)


def to_look_at(symbols: Tensor) -> tuple[Tensor, Tensor]:
    """Return pieces of a text, one of each stream at a time (pieces, streams, symbols), and the symbols behind (n,)."""
    inputs, targets = pieces(symbols, {streams})
    return inputs.transpose(0, 1), targets.transpose(0, 1).flatten()
'''
STATE = """

# The net.
State = tuple[Tensor, ...]
"""
BEGINNING = """

# The net.
Beginning = str
"""
# Torch would draw first weights of its own from the one generator that all share.
NEW_NET = '''

def new_net() -> LanguageModel:
    """Return the net with its first weights, those of each part drawn from a stream of its own."""
    with torch.device("meta"):  # shapes alone, until the first weights are drawn below
        net = {make}
    net.to_empty(device="cpu")
{begin}{smaller}    return net


net = new_net()
'''
ALL = "    initialise(net, SEED)\n"
EACH = """    for name, layer in net.named_modules():
        begin_layer(layer, torch.Generator().manual_seed(derive(SEED, "weights", name)))
"""
SMALLER = """    with torch.no_grad():
        net.get_parameter("embedding.weight").mul_({first_vectors})
"""
LOSS = '''

def loss(outputs: Tensor, targets: Tensor) -> Tensor:
    """Each symbol of a piece is one more example."""
    return loss_once(outputs, targets.flatten())
'''
BY_CHANCE = """
    inputs, targets = (part.flatten(0, 1) for part in pieces(LEARNT, {batch_size}))
"""
IN_ORDER = """
    # At each step one piece of every stream, which goes on where the one before it has ended.
    inputs, targets = (part.transpose(0, 1) for part in pieces(LEARNT, {batch_size}))
    carried = Carried()
"""
STOPPING = """    held_out, held_out_targets = to_look_at(HELD_OUT)
"""
BATCHES = '''

def batches(count: int):
    """Yield the epoch and the place of the pieces of each step, in the order of the text."""
    epoch = 0
    while True:
        for at in range(count):
            yield epoch + at / count, at
        epoch += 1
'''
CARRIED_ON = """        # Each pass begins with nothing.
        carried = Carried({} if (step + 1) % len(inputs) == 0 else carried.end)
"""
READ_ON = '''

def read_on(parts: Tensor) -> Tensor:
    """Return the sums for pieces (pieces, streams, symbols), the state carried from each of them to the next."""
    carried, sums = Carried(), []
    for part in parts:
        carried = Carried(carried.end)
        sums.append(net(Piece(part, carried)))
    return torch.cat(sums)
'''
ENDING = """    # As in the run it is measured at the beginning of each half.
    for half, symbols in (("training", LEARNT), ("validation", HELD_OUT)):
        seen, following = to_look_at(symbols[:{looked}])
        print(f"{{half}} loss", loss(outputs_of(seen), following).item())
"""


def script(spec: GenerationSpec, changes: Sequence[Change] = (), steps: int = 1000) -> str:
    """Return the script of a run with ``spec``; ``changes`` (step, name, value) were made to it while it went on.

    Raises RunError where the text is one that somebody has brought.
    """
    if spec.text == OWN:
        raise RunError(NEEDS_TEXT)
    chosen = FITTING["classes"][0] if spec.loss == "auto" else spec.loss
    clip_at, clipped = clipping(spec.clip, changes)
    parts = [
        _text(spec, spec.text),
        _net(spec),
        source(LOSSES["classes"][chosen], "loss_once"),
        LOSS,
        READ_ON if spec.carries else "",
        clip_at,
        put_in(changes, lambda name: f'net.get_parameter("{name}")'),
        training(spec, changes, _loop(spec, clipped)),
        "\n\nmain()\n",
    ]
    labels = settings_by_name(type(spec))
    title = f"{labels['text'].word(spec.text)}: {labels['net'].word(spec.net)}"
    return written(title, "".join(parts), steps=steps, seed=spec.seed, about=NAMES)


def _text(spec: GenerationSpec, style: Style) -> str:
    """Return the lines that make the text, and cut it."""
    made = TEXT.format(
        seed=spec.text_seed,
        style=style,
        characters=spec.characters,
        symbols=spec.symbols,
        most=f", {spec.most_words + 1}" if spec.symbols == "words" else "",
        share=HELD_OUT,
        chunk=spec.chunk,
        streams=STREAMS if spec.carries else LOOKED // spec.chunk,
    )
    parts = [
        source(numpy_generator),
        module_text(grammar),
        module_text(names) if style == "surnames" else "",
        module_text(sys.modules[STYLES[style].paragraphs.__module__]),
        SYMBOLS,
        module_text(vocabulary),
        made,
    ]
    return "".join(parts)


def _net(spec: LanguageNetSpec) -> str:
    """Return the lines that make the net with its initial weights."""
    match spec.net:
        case "nplm":
            sizes = f"context={spec.context}, dimensions={spec.dimensions}, units={spec.units}, direct={spec.direct}"
            texts, make = [module_text(nplm)], f"NPLM(len(known), {sizes})"
        case "transformer":
            sizes = f"{spec.chunk}, {spec.width}, blocks={spec.blocks}, heads={spec.heads}"
            texts, make = [*_attention(), module_text(transformer)], f"Transformer(len(known), {sizes})"
        case _:
            return _recurrent_net(spec)
    parts = [STATE, module_text(model), *texts, source(beginning.begin_layer), _new_net(spec, make, EACH)]
    return "".join(parts)


def _attention() -> list[str]:
    """Return the lines of the blocks that a transformer is made of."""
    return [source(Dropout), *(module_text(one) for one in (touch, positions, attention, block))]


def _recurrent_net(spec: LanguageNetSpec) -> str:
    kind = CELLS[spec.net]
    layers = f"Recurrent(partial({kind.__name__}, units={spec.units}), {spec.dimensions}, layers={spec.layers})"
    make = f"RecurrentModel(len(known), {spec.dimensions}, {layers})"
    # First weights know of dropout and of LSTMs, whose forget gates begin otherwise.
    modules = [cell, lstm, *([] if spec.net == "lstm" else [sys.modules[kind.__module__]])]
    texts = [module_text(one) for one in (*modules, cells, beginning, model, recurrent)]
    return "".join([BEGINNING, source(Dropout), *texts, _new_net(spec, make, ALL)])


def _new_net(spec: LanguageNetSpec, make: str, begin: str) -> str:
    smaller = "" if spec.first_vectors == 1 else SMALLER.format(first_vectors=spec.first_vectors)
    return NEW_NET.format(make=make, begin=begin, smaller=smaller)


def _loop(spec: GenerationSpec, clipped: str) -> Loop:
    """Return what is learnt in a step, and what is carried to the next."""
    setup = (IN_ORDER if spec.carries else BY_CHANCE).format(batch_size=spec.batch_size)
    stopping = STOPPING if spec.target_score or spec.patience else ""
    return Loop(
        "pieces",
        "classes",
        setup.strip("\n") + "\n" + stopping,
        "Piece(inputs[batch], carried)" if spec.carries else "inputs[batch]",
        "read_on(inputs)" if spec.carries else "torch.cat([net(part) for part in inputs])",
        before_update=(CARRIED_ON if spec.carries else "") + clipped,
        batches=BATCHES if spec.carries else "",
        ending=ENDING.format(looked=LOOKED + 1),
    )
