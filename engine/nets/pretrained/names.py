"""How the tensors of GPT-2 and of BERT are called in files, and where in our nets they belong."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from engine.nets.pretrained.config import Config

Shape = tuple[int, ...]


class Place(NamedTuple):
    """Where a tensor of a file belongs: to the parameters ``ours``, one behind the other along its last axis.

    ``turned``: the file has inputs by outputs, where torch's layers have outputs by inputs.
    """

    ours: tuple[str, ...]
    shape: Shape
    turned: bool = False


_BEFORE = {"gpt2": "transformer.", "bert": "bert."}
_PASSED = re.compile(
    r"h\.\d+\.attn\.(bias|masked_bias)|embeddings\.position_ids|pooler\..*|cls\.seq_relationship\..*"
    r"|cls\.predictions\.decoder\.bias|lm_head\.weight|cls\.predictions\.decoder\.weight"
)
"""Masks and numbers of places, which are no weights; what answers other questions than ours; and copies of tensors that
are known by another name."""


def usual(name: str, config: Config) -> str:
    """Return the name of a tensor of a file without what some files put ahead of it, and with today's endings."""
    name = name.removeprefix(_BEFORE[config.kind])
    if config.kind == "bert":
        name = re.sub(r"LayerNorm\.gamma$", "LayerNorm.weight", name)
        name = re.sub(r"LayerNorm\.beta$", "LayerNorm.bias", name)
    return name


def is_passed_over(name: str) -> bool:
    """Tell whether a tensor of this usual name is known, and not needed where it has no place."""
    return _PASSED.fullmatch(name) is not None


def places(config: Config, *, headed: bool) -> Mapping[str, Place]:
    """Return all tensors that a model of this size has, by their usual names; ``headed`` counts for BERT alone."""
    return dict(_gpt2(config) if config.kind == "gpt2" else _bert(config, headed))


def _gpt2(config: Config) -> Iterator[tuple[str, Place]]:
    c, n = config.width, config.neurons
    yield "wte.weight", Place(("embedding.weight",), (config.vocabulary, c))
    yield "wpe.weight", Place(("position.weight",), (config.places, c))
    for at in range(config.blocks):
        theirs, ours = f"h.{at}", f"blocks.{at}"
        asked = tuple(f"{ours}.attention.{one}" for one in ("query", "key", "value"))
        yield from _norm(f"{theirs}.ln_1", f"{ours}.norm_attention", c)
        yield f"{theirs}.attn.c_attn.weight", Place(tuple(f"{one}.weight" for one in asked), (c, 3 * c), turned=True)
        yield f"{theirs}.attn.c_attn.bias", Place(tuple(f"{one}.bias" for one in asked), (3 * c,))
        yield from _turned(f"{theirs}.attn.c_proj", f"{ours}.attention.out", c, c)
        yield from _norm(f"{theirs}.ln_2", f"{ours}.norm_mlp", c)
        yield from _turned(f"{theirs}.mlp.c_fc", f"{ours}.rise", c, n)
        yield from _turned(f"{theirs}.mlp.c_proj", f"{ours}.fall", n, c)
    yield from _norm("ln_f", "norm", c)
    if not config.tied:
        yield "lm_head.weight", Place(("head.weight",), (config.vocabulary, c))


def _bert(config: Config, headed: bool) -> Iterator[tuple[str, Place]]:
    c, n = config.width, config.neurons
    yield "embeddings.word_embeddings.weight", Place(("embedding.weight",), (config.vocabulary, c))
    yield "embeddings.position_embeddings.weight", Place(("position.weight",), (config.places, c))
    yield "embeddings.token_type_embeddings.weight", Place(("sentence.weight",), (config.types, c))
    yield from _norm("embeddings.LayerNorm", "norm_embedded", c)
    for at in range(config.blocks):
        theirs, ours = f"encoder.layer.{at}", f"blocks.{at}"
        for one in ("query", "key", "value"):
            yield from _layer(f"{theirs}.attention.self.{one}", f"{ours}.attention.{one}", c, c)
        yield from _layer(f"{theirs}.attention.output.dense", f"{ours}.attention.out", c, c)
        yield from _norm(f"{theirs}.attention.output.LayerNorm", f"{ours}.norm_attention", c)
        yield from _layer(f"{theirs}.intermediate.dense", f"{ours}.rise", c, n)
        yield from _layer(f"{theirs}.output.dense", f"{ours}.fall", n, c)
        yield from _norm(f"{theirs}.output.LayerNorm", f"{ours}.norm_mlp", c)
    if headed:
        yield from _layer("cls.predictions.transform.dense", "head.transform", c, c)
        yield from _norm("cls.predictions.transform.LayerNorm", "head.norm", c)
        yield "cls.predictions.bias", Place(("head.bias",), (config.vocabulary,))
        if not config.tied:
            yield "cls.predictions.decoder.weight", Place(("rows.weight",), (config.vocabulary, c))


def _layer(theirs: str, ours: str, inputs: int, outputs: int) -> Iterator[tuple[str, Place]]:
    yield f"{theirs}.weight", Place((f"{ours}.weight",), (outputs, inputs))
    yield f"{theirs}.bias", Place((f"{ours}.bias",), (outputs,))


def _turned(theirs: str, ours: str, inputs: int, outputs: int) -> Iterator[tuple[str, Place]]:
    yield f"{theirs}.weight", Place((f"{ours}.weight",), (inputs, outputs), turned=True)
    yield f"{theirs}.bias", Place((f"{ours}.bias",), (outputs,))


def _norm(theirs: str, ours: str, width: int) -> Iterator[tuple[str, Place]]:
    yield f"{theirs}.weight", Place((f"{ours}.weight",), (width,))
    yield f"{theirs}.bias", Place((f"{ours}.bias",), (width,))
