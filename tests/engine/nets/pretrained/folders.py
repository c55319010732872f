"""Tiny random models in the form in which Hugging Face's library writes them, and what that library makes of a text."""

from pathlib import Path
from typing import Literal, NamedTuple

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from torch import Tensor
from transformers import BertConfig, BertForMaskedLM, GPT2Config, GPT2LMHeadModel, PreTrainedModel

WORDS = ["the", "cat", "sat", "on", "a", "mat", "dog", "##s", "##ed", "walk", "twenty", "one", "."]
AROUND = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
Kind = Literal["gpt2", "bert"]


class Theirs(NamedTuple):
    """What the library makes of symbols: sums (B, T, V), what goes into and out of each block, and the patterns."""

    sums: Tensor
    hidden: tuple[Tensor, ...]
    attentions: tuple[Tensor, ...]


def theirs(kind: Kind, **changes: object) -> PreTrainedModel:
    """Return the library's own tiny model, its weights far from those that a model begins with."""
    torch.manual_seed(5)
    if kind == "gpt2":
        size = {"vocab_size": 257, "n_positions": 64, "n_embd": 24, "n_layer": 3, "n_head": 4}
        net = GPT2LMHeadModel(GPT2Config(**size | changes, attn_implementation="eager"))
    else:
        size = {"vocab_size": len(AROUND + WORDS), "max_position_embeddings": 64, "hidden_size": 24}
        size |= {"num_hidden_layers": 3, "num_attention_heads": 4, "intermediate_size": 56}
        net = BertForMaskedLM(BertConfig(**size | changes, attn_implementation="eager"))
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.normal_(0, 0.3)
    return net.eval()


def folder(at: Path, kind: Kind, *, shard: str = "1GB", **changes: object) -> Path:
    """Write a tiny model into a folder: its config, its weights, its symbols."""
    theirs(kind, **changes).save_pretrained(at, max_shard_size=shard)
    if kind == "gpt2":
        gpt2_symbols().save(str(at / "tokenizer.json"))
    else:
        (at / "vocab.txt").write_text("\n".join(AROUND + WORDS) + "\n")
    return at


def gpt2_symbols() -> Tokenizer:
    """Return symbols of bytes, as those of GPT-2 but that no pair is joined; the last ends a text."""
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    cutter = Tokenizer(models.BPE(vocab={letter: at for at, letter in enumerate(letters)}, merges=[]))
    cutter.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    cutter.decoder = decoders.ByteLevel()
    cutter.add_special_tokens(["<|endoftext|>"])
    return cutter


def seen_by(net: PreTrainedModel, symbols: Tensor) -> Theirs:
    """Return what the library's model makes of symbols (B, T)."""
    with torch.no_grad():
        told = net(symbols, output_hidden_states=True, output_attentions=True)
    return Theirs(told.logits, told.hidden_states, told.attentions)
