"""A run of Sequences written out: one PyTorch script that needs nothing of ours and prints the same losses.

It is put together of our own files: those that make the sequences, and those of the net, whose tensors so have the same
names.
"""

from collections.abc import Sequence
from types import ModuleType

from engine.data.sequences import memory, names, sentences, vocabulary, waves
from engine.data.sequences.own_spec import OWN
from engine.data.sequences.spec import kind_of, steps_of
from engine.errors import RunError
from engine.labs.script_text import module_text, put_in, source, written
from engine.labs.script_training import SCORES, Loop, clipping, training
from engine.labs.sequences import SequencesSpec
from engine.nets.mlp import Dropout
from engine.nets.sequences import beginning, cell, gru, lstm, net, recurrent, rnn
from engine.nets.sequences.net import Form
from engine.nets.sequences.spec import RecurrentSpec
from engine.seeds import numpy_generator
from engine.spec import knobs, settings_by_name
from engine.training.experiment import Change
from engine.training.losses import LOSSES
from engine.training.sequences import longest
from engine.training.settings import FITTING

NEEDS_TEXTS = "A script of this run would need your texts: take its weights, or its net as ONNX."
NAMES = "The net's tensors are named as in the run: net.load_state_dict takes the run's file of weights.\n"
DATA = """

# What is learnt.
MADE = {made}
INPUTS, ASKED = {taken}
"""
TEXTS = """

# What is learnt.
MADE = {made}
TEXTS = [text for some in MADE.values() for text in some]
LABELS = np.repeat(np.arange(len(MADE)), [len(some) for some in MADE.values()])
"""
SPLIT = '''

def split(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows for training and those held out."""
    order = numpy_generator({seed}, "sequences", "split").permutation(count)
    cut = min(max(round(count * {share}), 1), count - 1)
    return order[:cut], order[cut:]


train, validation = split(len({rows}))
'''
TOKENS = """known = Vocabulary.of((TEXTS[place] for place in train), "{unit}")
INPUTS, ASKED = known.tokens(TEXTS, {steps}), LABELS
"""
UNROLLED = """

# What is learnt: of a sine only where it begins is read, and then nothing.
begins = numpy_generator({seed}, "unrolled").uniform(0, 1, ({samples}, 1))
ASKED = np.sin(2 * np.pi * (np.arange({length} + 1) / {period} + begins)).astype(np.float32)[:, :-1]
INPUTS = np.zeros(({samples}, {length}, 1), np.float32)
INPUTS[:, 0] = begins
"""
SETTINGS = '''

# The net.
CellName = str
Beginning = str


class RecurrentSpec(NamedTuple):
    """The settings of the net."""

{fields}
'''
NEW_NET = """

net = make_net(RecurrentSpec(), {form}, SEED)
"""
EACH = '''

def loss(outputs: Tensor, targets: Tensor) -> Tensor:
    """Each step of a sequence is one more example."""
    return loss_once(outputs.flatten(0, 1), targets.flatten())
'''
CUT = '''

def cut(tokens: Tensor) -> Tensor:
    """Return texts up to the end of the longest."""
    return tokens[:, : longest(tokens)]
'''
SETUP = """
    inputs, targets = torch.from_numpy(INPUTS[train]), torch.from_numpy(ASKED[train])
    held_out, held_out_targets = torch.from_numpy(INPUTS[validation]), torch.from_numpy(ASKED[validation])
"""
NET = (cell, rnn, gru, lstm, recurrent, beginning, net)
"""In the order in which one needs the other."""


def script(spec: SequencesSpec, form: Form, first: int, changes: Sequence[Change] = (), steps: int = 1000) -> str:
    """Return the script of a run with ``spec``; ``changes`` (step, name, value) were made to it while it went on.

    ``form`` is what goes into its net; the score counts from the step ``first`` on. Raises RunError where the sequences
    are texts that somebody has brought.
    """
    if spec.sequences == OWN:
        raise RunError(NEEDS_TEXTS)
    kind = kind_of(spec)
    chosen = FITTING[kind][0] if spec.loss == "auto" else spec.loss
    clip_at, clipped = clipping(spec.clip, changes)
    loop = Loop(
        "sequences",
        kind,
        SETUP.strip("\n"),
        "cut(inputs[batch])" if form.padded else "inputs[batch]",
        "net(inputs)",
        before_update=clipped,
        score=_score(kind, first) if form.each_step else "",
    )
    parts = [
        _data(spec),
        SETTINGS.format(fields=_fields(spec)),
        source(Dropout),
        *(module_text(module) for module in NET),
        NEW_NET.format(form=repr(form)),
        source(LOSSES[kind][chosen], "loss_once" if form.each_step else "loss"),
        EACH if form.each_step else "",
        source(longest) + CUT if form.padded else "",
        clip_at,
        put_in(changes, lambda name: f'net.get_parameter("{name}")'),
        training(spec, changes, loop),
        "\n\nmain()\n",
    ]
    labels = settings_by_name(type(spec))
    title = f"{labels['sequences'].word(spec.sequences).rstrip('?')}: {labels['cell'].word(spec.cell)}"
    return written(title, "".join(parts), steps=steps, seed=spec.seed, about=NAMES)


def _data(spec: SequencesSpec) -> str:
    """Return the lines that make the sequences, and split them."""
    numbers = source(numpy_generator)
    seed, count = spec.data_seed, spec.samples
    match spec.sequences:
        case "names":
            return numbers + _texts(spec, names, f"names({count // 10}, {seed})", "characters")
        case "sentiment":
            return numbers + _texts(spec, sentences, f"sentences({count // 2}, {seed})", "words")
        case "unrolled":
            made = UNROLLED.format(seed=seed, samples=count, length=spec.length, period=waves.PERIOD)
            return numbers + made + _split(spec, "INPUTS")
        case "adding":
            call, taken, module = f"adding({count}, {spec.length}, {seed})", "MADE", memory
        case "copying":
            call, taken, module = f"copying({count}, {spec.copied}, {spec.delay}, {seed})", "MADE", memory
        case kind:
            call = f'waves("{kind}", {count}, {spec.length + 1}, {spec.noise}, {seed})'
            taken, module = "MADE.values[:, :-1, None], MADE.values[:, 1:]", waves
    return numbers + module_text(module) + DATA.format(made=call, taken=taken) + _split(spec, "INPUTS")


def _texts(spec: SequencesSpec, module: ModuleType, call: str, unit: str) -> str:
    made = module_text(module) + module_text(vocabulary) + TEXTS.format(made=call)
    return made + _split(spec, "TEXTS") + TOKENS.format(unit=unit, steps=steps_of(spec))


def _split(spec: SequencesSpec, rows: str) -> str:
    return SPLIT.format(seed=spec.data_seed, share=spec.train_share, rows=rows)


def _fields(spec: RecurrentSpec) -> str:
    """Return the settings of the net as fields with their values."""
    found = [(one.name, getattr(spec, one.name)) for one in knobs(RecurrentSpec)]
    return "\n".join(f"    {name}: {type(value).__name__} = {_literal(value)}" for name, value in found)


def _literal(value: str | float | bool) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)


def _score(kind: str, first: int) -> str:
    """Return the expression of the score where something is asked at each step."""
    behind = f"[:, {first}:]" if first else ""
    return {
        "classes": f"(outputs.argmax(dim=2) == targets){behind}.float().mean().item()",
        "regression": SCORES["regression"].replace("outputs[:, 0]", "outputs[..., 0]"),
    }[kind]
