"""A run of Translation written out: one PyTorch script that needs nothing of ours and prints the same losses.

It is put together of our own files: the rules that make the pairs, what cuts them into symbols, and the net, whose
tensors so have the same names.
"""

import sys
from collections.abc import Sequence

from engine.data.language.grammar import words
from engine.data.translation import dates, letters, making, number_words
from engine.data.translation.spec import OWN
from engine.errors import RunError
from engine.labs.script_text import module_text, put_in, source, written
from engine.labs.script_training import Loop, clipping, training
from engine.labs.translation import TranslationSpec
from engine.nets.attention import attention, block, positions, touch
from engine.nets.mlp import Dropout
from engine.nets.sequences import beginning, cell, gru, lstm
from engine.nets.sequences import recurrent as cells
from engine.nets.translation import (
    bahdanau,
    context_fed,
    convolutional,
    encoder,
    last_state,
    luong,
    model,
    transformer,
)
from engine.nets.translation.spec import RECURRENT, Net, TranslatorSpec
from engine.probes.translation import AT_ONCE
from engine.seeds import numpy_generator
from engine.spec import settings_by_name
from engine.training.experiment import Change
from engine.training.losses import LOSSES
from engine.translation import vocabulary
from engine.translation.batches import POOL, batch_of, by_length, exact, padded, right, trimmed
from engine.translation.prepared import HELD_OUT

NEEDS_PAIRS = "A script of this run would need your pairs: take its weights."
NAMES = "The net's tensors are named as in the run: net.load_state_dict takes the run's file of weights.\n"
NETS: dict[Net, type[model.Translator]] = {
    "last_state": last_state.LastState,
    "context_fed": context_fed.ContextFed,
    "bahdanau": bahdanau.Bahdanau,
    "luong": luong.Luong,
    "convolutional": convolutional.Convolutional,
    "transformer": transformer.Transformer,
}
PAIRS = """

# What is learnt, and what is held out: the numbers of its symbols.
PAIRS = made("{pairs}", {samples}, language="{language}", most={most}, longest={longest}, seed={seed})
ORDER = numpy_generator({seed}, "pairs", "split").permutation(len(PAIRS)).tolist()
END_HELD_OUT = max(1, int({share} * len(PAIRS)))
HELD_OUT, LEARNT = ([PAIRS[place] for place in some] for some in (ORDER[:END_HELD_OUT], ORDER[END_HELD_OUT:]))
read, told = (Vocabulary.of((pair[side] for pair in LEARNT), "{symbols}") for side in (0, 1))


def as_numbers(pairs: list[tuple[str, str]]) -> tuple[Tensor, Tensor]:
    \"\"\"Return sources (n, S) and targets (n, T), filling behind the end of each.\"\"\"
    return padded([read.encode(source) for source, _ in pairs]), padded([told.encode(target) for _, target in pairs])


POOL = {pool}
"""
BEGINNING = """

Beginning = str
"""
NEW_NET = '''

def new_net() -> Translator:
    """Return the net with its first weights, those of each part drawn from a stream of its own."""
    with torch.device("meta"):  # shapes alone, until the first weights are drawn below
        net = {make}
    net.to_empty(device="cpu")
{begin}    net.forcing = Forcing({forcing}, torch.Generator().manual_seed(derive(SEED, "forcing")))
    return net


net = new_net()
'''
ALL = "    initialise(net, SEED)\n"
EACH = """    for name, layer in net.named_modules():
        begin_layer(layer, torch.Generator().manual_seed(derive(SEED, "weights", name)))
        if isinstance(layer, Dropout):
            layer.generator = torch.Generator().manual_seed(derive(SEED, "dropout", name))
"""
CROSS_ENTROPY = '''

def loss(outputs: Tensor, targets: Tensor) -> Tensor:
    """Return the mean over all symbols that are more than filling."""
    asked = trimmed(targets).flatten()
    return functional.cross_entropy(outputs, asked, ignore_index=PAD, label_smoothing={smoothing})
'''
OTHER = '''

def loss(outputs: Tensor, targets: Tensor) -> Tensor:
    """Return the mean over all symbols that are more than filling."""
    asked = trimmed(targets).flatten()
    there = asked != PAD
    return loss_once(outputs[there], asked[there])
'''
BATCHES = '''

def batches(count: int, size: int = {batch_size}):
    """Yield the epoch and the places of the pairs of each batch, those of a batch about as long as each other."""
    sources, targets = as_numbers(LEARNT)
    lengths = (sources != PAD).sum(dim=1) * (targets.shape[1] + 1) + (targets != PAD).sum(dim=1)
    starts = list(range(0, count, size))
    if len(starts) > 1 and count - starts[-1] == 1 and size > 1:
        starts.pop()  # a single one left over joins the batch before it
    epoch = 0
    while True:
        order = by_length(lengths, size, torch.Generator().manual_seed(derive(SEED, "lengths", epoch)))
        for start, end in zip(starts, [*starts[1:], count], strict=True):
            yield epoch + start / count, order[start:end]
        epoch += 1
'''
SETUP = """    sources, targets = as_numbers(LEARNT)
"""
STOPPING = """    held_out = batch_of(*as_numbers(HELD_OUT))
    held_out_targets = held_out.targets
"""
OUTPUTS = "torch.cat([net(Batch(*(side[rows] for side in inputs))) for rows in portions(inputs)])"
PORTIONS = '''

def portions(batch: Batch) -> tuple[Tensor, ...]:
    """Return the places of pairs, so many of them at a time."""
    return torch.arange(len(batch.targets)).split({at_once})
'''
ENDING = """    # As in the run it is measured at the first pairs of each half.
    for half, pairs in (("training", LEARNT), ("validation", HELD_OUT)):
        batch = batch_of(*(side[:{looked}] for side in as_numbers(pairs)))
        print(f"{{half}} loss", loss(outputs_of(batch), batch.targets).item())
"""


def script(spec: TranslationSpec, looked: int, changes: Sequence[Change] = (), steps: int = 1000) -> str:
    """Return the script of a run with ``spec``, of which so many pairs of each half are ``looked`` at; ``changes``
    (step, name, value) were made to it while it went on.

    Raises RunError where the pairs are those that somebody has brought.
    """
    if spec.pairs == OWN:
        raise RunError(NEEDS_PAIRS)
    clip_at, clipped = clipping(spec.clip, changes)
    parts = [
        _pairs(spec),
        _net(spec),
        _loss(spec),
        PORTIONS.format(at_once=AT_ONCE),
        clip_at,
        put_in(changes, lambda name: f'net.get_parameter("{name}")'),
        training(spec, changes, _loop(spec, looked, clipped)),
        "\n\nmain()\n",
    ]
    labels = settings_by_name(type(spec))
    title = f"{labels['pairs'].word(spec.pairs)}: {labels['net'].word(spec.net)}"
    return written(title, "".join(parts), steps=steps, seed=spec.seed, about=NAMES)


def _pairs(spec: TranslationSpec) -> str:
    """Return the lines that make the pairs, and cut them into symbols."""
    made = PAIRS.format(
        pairs=spec.pairs,
        samples=spec.samples,
        language=spec.language,
        most=spec.most,
        longest=spec.longest,
        seed=spec.data_seed,
        share=HELD_OUT,
        symbols=spec.symbols,
        pool=POOL,
    )
    rules = [number_words, dates, letters, making]
    texts = [source(numpy_generator), source(words), *(module_text(one) for one in rules)]
    names = [module_text(touch), module_text(model), module_text(vocabulary)]
    functions = [source(one) for one in (padded, trimmed, batch_of, by_length, right, exact)]
    return "".join([*texts, *names, *functions[:1], made, *functions[1:]])


def _net(spec: TranslatorSpec) -> str:
    """Return the lines that make the net with its initial weights."""
    match spec.net:
        case "convolutional":
            sizes, made_of = f"{spec.width}, {spec.blocks}, {spec.window}", [positions]
        case "transformer":
            sizes = f"{spec.width}, {spec.blocks}, {spec.heads}, {spec.dropout}"
            made_of = [positions, attention, block]
        case _:
            asking = f', "{spec.fit}", feeding={spec.feeding}' if spec.net == "luong" else ""
            sizes = f'{spec.dimensions}, {spec.units}, "{spec.cell}"{asking}'
            made_of = [cell, lstm, gru, cells, beginning, encoder]
    net = NETS[spec.net]
    recurrent = spec.net in RECURRENT
    new = NEW_NET.format(
        make=f"{net.__name__}(len(read), len(told), {sizes})", begin=ALL if recurrent else EACH, forcing=spec.forcing
    )
    texts = [module_text(one) for one in (*made_of, sys.modules[net.__module__])]
    begin = [] if recurrent else [source(beginning.begin_layer)]
    return "".join([BEGINNING if recurrent else "", source(Dropout), *texts, *begin, new])


def _loss(spec: TranslationSpec) -> str:
    if spec.loss in ("auto", "cross_entropy"):
        return CROSS_ENTROPY.format(smoothing=spec.smoothing)
    return source(LOSSES["classes"][spec.loss], "loss_once") + OTHER


def _loop(spec: TranslationSpec, looked: int, clipped: str) -> Loop:
    """Return what is learnt in a step."""
    stopping = STOPPING if spec.target_score or spec.patience else ""
    return Loop(
        "pairs",
        "classes",
        SETUP + stopping,
        "batch_of(sources[batch], targets[batch])",
        OUTPUTS,
        before_update=clipped,
        score="exact(outputs, targets).float().mean().item()",
        batches=BATCHES.format(batch_size=spec.batch_size),
        ending=ENDING.format(looked=looked),
    )
