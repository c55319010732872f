"""Models made here, with random weights: to look around in where there is no file, and to compare trained ones with."""

import math
import string

import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

from engine.nets.pretrained.config import Bend, Config, Kind
from engine.nets.pretrained.model import Pretrained
from engine.nets.pretrained.opening import Opened, empty_net
from engine.nets.pretrained.tokens import Tokens
from engine.seeds import derive

WIDTH, BLOCKS, HEADS, PLACES = 64, 4, 4, 512
AROUND = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def made(kind: Kind, seed: int = 0) -> Opened:
    """Return a small model of a kind: GPT-2 reads bytes, BERT letters."""
    cutter = _bytes() if kind == "gpt2" else _letters()
    size = cutter.get_vocab_size()
    bend: Bend = "gelu_tanh" if kind == "gpt2" else "gelu"
    config = Config(
        kind, size, PLACES, WIDTH, BLOCKS, HEADS, 4 * WIDTH, bend, eps=1e-5, types=2 if kind == "bert" else 0
    )
    tokens = Tokens(cutter, kind, size)
    return Opened(random_net(config, seed, tokens.separator), tokens)


def random_net(config: Config, seed: int, separator: int | None = None) -> Pretrained:
    """Return a net whose matrices are drawn from a normal distribution of variance 1 / inputs, so that all numbers keep
    their size; norms change nothing, biases are 0.
    """
    net = empty_net(config, separator=separator).to_empty(device="cpu")
    chance = torch.Generator().manual_seed(derive(seed, "pretrained", "made"))
    for name, parameter in net.named_parameters():
        if parameter.dim() == 2:
            parameter.normal_(0, 1 / math.sqrt(parameter.shape[1]), generator=chance)
        else:
            parameter.fill_(1.0 if "norm" in name and name.endswith("weight") else 0.0)
    return net.eval()


def _bytes() -> Tokenizer:
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    cutter = Tokenizer(models.BPE(vocab={letter: at for at, letter in enumerate(letters)}, merges=[]))
    cutter.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    cutter.decoder = decoders.ByteLevel()
    return cutter


def _letters() -> Tokenizer:
    single = string.ascii_lowercase + string.digits + string.punctuation
    symbols = [*AROUND, *single, *(f"##{letter}" for letter in single)]
    numbers = {symbol: at for at, symbol in enumerate(symbols)}
    cutter = Tokenizer(models.WordPiece(vocab=numbers, unk_token="[UNK]"))  # noqa: S106 - no password
    cutter.normalizer = normalizers.BertNormalizer(lowercase=True)
    cutter.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    cutter.decoder = decoders.WordPiece()
    around = [(symbol, numbers[symbol]) for symbol in ("[CLS]", "[SEP]")]
    cutter.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=around)
    cutter.add_special_tokens(list(AROUND))
    return cutter
