"""Which tensors of files are one and the same: the vectors of the symbols are mostly also the weights that tell.

Files may then hold either of the two, or both; where both are there and differ, the model has two of its own, whatever
its config says. So Hugging Face's library reads them, and so it is done here.
"""

from collections.abc import Mapping
from dataclasses import replace

import torch

from engine.nets.pretrained.config import Config, Kind
from engine.nets.pretrained.weights import Stored

VECTORS: Mapping[Kind, str] = {"gpt2": "wte.weight", "bert": "embeddings.word_embeddings.weight"}
TELLING: Mapping[Kind, str] = {"gpt2": "lm_head.weight", "bert": "cls.predictions.decoder.weight"}
BIAS, OTHER_BIAS = "cls.predictions.bias", "cls.predictions.decoder.bias"


def untangled(config: Config, theirs: Mapping[str, str], found: Stored) -> tuple[Config, dict[str, str]]:
    """Return the config as the tensors that were ``found`` have it, and their names by their usual ones (``theirs``)
    with one for each that is there under its other name; raises DataError.
    """
    names, vectors, telling = dict(theirs), VECTORS[config.kind], TELLING[config.kind]
    if OTHER_BIAS in names:
        names[BIAS] = names[OTHER_BIAS]  # the one that is added, where both are there
    if config.tied and telling in names:
        if vectors not in names:
            names[vectors] = names[telling]
        elif not _same(found, names[vectors], names[telling]):
            config = replace(config, tied=False)
    return config, names


def _same(found: Stored, one: str, other: str) -> bool:
    return found.shape(one) == found.shape(other) and torch.equal(found.read(one), found.read(other))
