"""The translation lab's BLEU beside sacrebleu's of the same texts.

attention.bleu.<net>  BLEU of what each net writes greedily for pairs held out, after a few passes; sacrebleu's  (= 1)
"""

from collections.abc import Iterator
from itertools import islice

import torch
from sacrebleu.metrics import BLEU

from engine.labs.translation import TranslationSpec
from engine.labs.translation_decoding import SCORED
from engine.labs.translation_experiment import TranslationExperiment
from engine.probes.looking import looking
from engine.translation.writing import write_greedily
from tests.bench.measure import result

STEPS = 300
NETS = ("last_state", "bahdanau", "luong", "transformer")


def run() -> Iterator[str]:
    """Yield one JSON line per net."""
    torch.set_num_threads(1)
    for net in NETS:
        yield result(f"attention.bleu.{net}", [scores(TranslationSpec(net=net))])


def scores(spec: TranslationSpec) -> tuple[float, float]:
    """Return the BLEU that a frame tells, and sacrebleu's of what the net writes."""
    experiment = TranslationExperiment(spec)
    step = next(islice(experiment.steps(), STEPS, None))
    told = experiment.observe(step).scalars["bleu"]
    prepared, pairs = experiment.prepared, experiment.prepared.held_out[:SCORED]
    sources, _ = prepared.numbers(pairs)
    with looking(experiment.net):
        found = write_greedily(experiment.net, sources, sources != 0, prepared.longest[1])
    names = [[prepared.target.symbols[symbol] for symbol in one.symbols[: -1 if one.ended else None]] for one in found]
    references = [
        [prepared.target.symbols[symbol] for symbol in prepared.target.encode(text)[:-1]] for _, text in pairs
    ]
    metric = BLEU(tokenize="none", effective_order=True)
    return told, metric.corpus_score([" ".join(one) for one in names], [[" ".join(one) for one in references]]).score
