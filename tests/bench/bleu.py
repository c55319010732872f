"""What the translation lab's nets are worth on real pairs, and that its BLEU is sacrebleu's.

attention.bleu.<net>       BLEU of what a net writes greedily for pairs held out after 1,600 steps of 64 English-French
                           pairs; that of a dictionary that puts word for word (see ``word_by_word``)  (> 1)
attention.bleu.<net>.beam  the same by a search with four beams
attention.sacrebleu.<net>  BLEU of what each net writes for numbers held out; sacrebleu's of the same  (= 1)

The first are measured where ``LEARNSCOPE_DATA`` names a folder with ``pairs_en_fr/train.en.gz`` and
``train.fr.gz``, whose lines belong together. They are given to the lab as files are that a person brings, with settings
that anybody can choose there. On one core it takes about a quarter of an hour.
"""

import os
import tempfile
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import torch
from sacrebleu.metrics.bleu import BLEU

from engine.labs.translation import TranslationSpec
from engine.labs.translation_decoding import SCORED
from engine.labs.translation_experiment import TranslationExperiment
from engine.nets.translation.model import END
from engine.probes.looking import looking
from engine.translation.bleu import Symbols, corpus_bleu
from engine.translation.vocabulary import cut
from engine.translation.writing import AT_ONCE, write_by_beam, write_greedily
from engine.words.texts import own
from tests.bench.measure import result
from tests.bench.word_by_word import dictionary, translated

STEPS = 1_600
BEAMS, PENALTY = 4, 0.6
HELD_OUT = 1_000
"""Pairs held out that are written for."""
SETTINGS = {
    "bahdanau": {"units": "96", "dimensions": "96"},
    "transformer": {"width": "128", "dropout": "0.1"},
}
ALIKE = {
    "samples": "50000",
    "own_symbols": "4000",
    "batch_size": "64",
    "schedule": "one_cycle",
    "horizon": "4",
    "smoothing": "0.1",
}
MADE_STEPS = 300
MADE = ("last_state", "bahdanau", "luong", "transformer")
SAME = 1e-6


def run() -> Iterator[str]:
    """Yield one JSON line per net and way of writing."""
    torch.set_num_threads(1)  # as a worker has
    for net in MADE:
        yield result(f"attention.sacrebleu.{net}", [scores(TranslationSpec(net=net))])
    pairs = Path(os.environ.get("LEARNSCOPE_DATA", "")) / "pairs_en_fr"
    sides = [pairs / f"train.{language}.gz" for language in ("en", "fr")]
    if not all(side.is_file() for side in sides):
        return
    with tempfile.TemporaryDirectory() as folder:
        os.environ["LEARNSCOPE_HOME"] = folder
        read, written = (own.keep(Path(folder), [side.read_bytes()], side.name, "bench") for side in sides)
        for net, settings in SETTINGS.items():
            brought = {"net": net, "pairs": "own", "own": read, "own_targets": written}
            yield from on_pairs(TranslationSpec.from_strings({**brought, **ALIKE, **settings}))


def on_pairs(spec: TranslationSpec) -> Iterator[str]:
    """Yield how good a net is at what is held out, greedily and by beams, beside the dictionary.

    Raises AssertionError where it is no better, or BLEU is not sacrebleu's.
    """
    experiment = TranslationExperiment(spec)
    prepared = experiment.prepared
    pairs = prepared.held_out[:HELD_OUT]
    references = [cut(target, "words") for _, target in pairs]
    known = dictionary(prepared.learnt)
    plain = both([translated(source, known) for source, _ in pairs], references)
    next(islice(experiment.steps(), STEPS, None))
    for name, beams in ((spec.net, 1), (f"{spec.net}.beam", BEAMS)):
        found = both(texts(experiment, pairs, beams), references)
        if found <= plain:
            raise AssertionError(f"{name}: BLEU {found:.2f} is not above the dictionary's {plain:.2f}")
        yield result(f"attention.bleu.{name}", [(found, plain)])


def texts(experiment: TranslationExperiment, pairs: Sequence[tuple[str, str]], beams: int) -> list[list[str]]:
    """Return the symbols that the net of an experiment writes for each pair, by so many beams."""
    prepared, found = experiment.prepared, []
    length = prepared.longest[1]
    with looking(experiment.net):
        for sources in prepared.numbers(pairs)[0].split(AT_ONCE):
            known = sources != 0
            found += (
                write_greedily(experiment.net, sources, known, length)
                if beams == 1
                else write_by_beam(experiment.net, sources, known, length, beams, PENALTY)
            )
    return [[prepared.target.symbols[symbol] for symbol in one.symbols if symbol != END] for one in found]


def both(written: Sequence[Symbols], references: Sequence[Symbols]) -> float:
    """Return our BLEU; raises AssertionError where sacrebleu's is another."""
    ours, theirs = corpus_bleu(written, references).score, sacrebleu(written, references)
    if abs(ours - theirs) > SAME:
        raise AssertionError(f"our BLEU is {ours}, sacrebleu's {theirs}")
    return ours


def sacrebleu(written: Sequence[Symbols], references: Sequence[Symbols], *, effective: bool = False) -> float:
    """Return sacrebleu's BLEU of texts that are cut into symbols already."""
    joined = [[" ".join(symbol.strip() for symbol in text) for text in side] for side in (written, references)]
    return BLEU(tokenize="none", force=True, effective_order=effective).corpus_score(joined[0], [joined[1]]).score


def scores(spec: TranslationSpec) -> tuple[float, float]:
    """Return the BLEU that a frame tells, and sacrebleu's of what the net writes."""
    experiment = TranslationExperiment(spec)
    step = next(islice(experiment.steps(), MADE_STEPS, None))
    told = experiment.observe(step).scalars["bleu"]
    pairs = experiment.prepared.held_out[:SCORED]
    references = [cut(target, spec.symbols) for _, target in pairs]
    return told, sacrebleu(texts(experiment, pairs, 1), references, effective=True)
