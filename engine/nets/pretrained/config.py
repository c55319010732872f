"""What a ``config.json`` says of a model: what kind it is, and how large. Read strictly, before anything is allocated.

Light: a page reads it too, to know how many blocks and heads there are.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from engine.errors import DataError

Kind = Literal["gpt2", "bert"]
Bend = Literal["gelu", "gelu_tanh", "relu"]

CONFIG = "config.json"
MOST_CONFIG_BYTES = 256 * 2**10
MOST_PARAMETERS = 2_000_000_000
MOST_HEADS = 1_536
"""Of all blocks: as many patterns as one message may hold, with their gradients."""
BENDS: Mapping[str, Bend] = {
    "gelu": "gelu",
    "gelu_new": "gelu_tanh",
    "gelu_pytorch_tanh": "gelu_tanh",
    "relu": "relu",
}
RELATIVES: Mapping[str, str] = {
    "distilbert": "DistilBERT is no BERT: it has no vectors for sentences, and its tensors have other names",
    "roberta": "RoBERTa is no BERT: it counts its places otherwise, and cuts texts as GPT-2 does",
    "xlm-roberta": "XLM-RoBERTa is no BERT: it counts its places otherwise, and cuts texts in another way",
    "camembert": "CamemBERT is no BERT: it is made as RoBERTa, which counts its places otherwise",
    "albert": "ALBERT is no BERT: all its blocks share their weights",
    "electra": "ELECTRA is no BERT: it was taught to find words that were exchanged, and has another head",
    "deberta": "DeBERTa is no BERT: its attention reckons with distances",
    "deberta-v2": "DeBERTa is no BERT: its attention reckons with distances",
    "modernbert": "ModernBERT is no BERT: it turns queries and keys by their places, and has gates",
    "openai-gpt": "the first GPT is no GPT-2: its norms stand behind the sums",
    "gpt_neo": "GPT-Neo is no GPT-2: it does not divide its scores, and half of its blocks look only at what is near",
    "gpt_neox": "GPT-NeoX is no GPT-2: it turns queries and keys by their places",
    "gptj": "GPT-J is no GPT-2: it turns queries and keys by their places",
    "gpt_bigcode": "GPT-BigCode is no GPT-2: all heads of a block share one key",
}
"""Models that look much like those known, and compute otherwise: a person is told why they are not opened."""
_BOUNDS = {
    "vocabulary": (2, 400_000),
    "places": (1, 16_384),
    "width": (1, 8_192),
    "blocks": (1, 96),
    "heads": (1, 128),
    "neurons": (1, 65_536),
    "types": (1, 1_024),
}


@dataclass(frozen=True, slots=True)
class Config:
    """The size of a model: symbols of its ``vocabulary``, ``places`` it can read, numbers at each (``width``), and
    ``blocks`` of so many ``heads`` and ``neurons``.

    ``types`` are the kinds of sentences that BERT tells apart, 0 with GPT-2. ``tied``: the vectors of the symbols are
    also the weights that tell the next one.
    """

    kind: Kind
    vocabulary: int
    places: int
    width: int
    blocks: int
    heads: int
    neurons: int
    bend: Bend
    eps: float
    types: int = 0
    tied: bool = True

    @property
    def parameters(self) -> int:
        """Return how many numbers the model learnt, without a head of its own."""
        block = 4 * self.width * (self.width + 1) + self.neurons * (2 * self.width + 1) + 5 * self.width
        tables = (self.vocabulary + self.places + self.types) * self.width
        return tables + self.blocks * block + 2 * self.width


def read_config(data: bytes, name: str) -> Config:
    """Return what the bytes of a ``config.json`` say; raises DataError, which names the entry that does not fit."""
    if len(data) > MOST_CONFIG_BYTES:
        raise DataError(f"{name} is no config.json: expected at most {MOST_CONFIG_BYTES >> 10} KB of JSON.")
    entries = json_object(data, name)
    found = _Entries(entries, name)
    match entries.get("model_type"):
        case "gpt2":
            config = _gpt2(found)
        case "bert":
            config = _bert(found)
        case other:
            why = RELATIVES.get(other) if isinstance(other, str) else None
            raise DataError(
                f"{name}: model_type has to be 'gpt2' or 'bert', received {_told(other)}{f'; {why}' if why else ''}."
            )
    found.only("quantization_config", None)
    for entry in found.called:
        low, high = _BOUNDS[entry]
        value = getattr(config, entry)
        if not low <= value <= high:
            raise DataError(f"{name}: {found.called[entry]} has to be from {low:,} to {high:,}, received {value:,}.")
    if config.width % config.heads:
        heads, width = found.called["heads"], found.called["width"]
        raise DataError(
            f"{name}: {width} has to be a multiple of {heads}, received {config.width:,} and {config.heads:,}."
        )
    if (heads := config.blocks * config.heads) > MOST_HEADS:
        raise DataError(f"{name} describes a model of {heads:,} heads in all: expected at most {MOST_HEADS:,}.")
    if config.parameters > MOST_PARAMETERS:
        raise DataError(
            f"{name} describes a model of {config.parameters:,} numbers: expected at most {MOST_PARAMETERS:,}."
        )
    return config


def told(data: bytes, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Be the reader of a ``config.json`` in quarantine; see ``engine.quarantined``."""
    return asdict(read_config(data, name)), {}


def json_object(data: bytes, name: str) -> dict[str, Any]:
    """Return the JSON object that bytes are; raises DataError."""
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise DataError(f"{name} is no JSON: expected one object in braces.") from None
    if not isinstance(found, dict):
        raise DataError(f"{name} holds {_told(found)}: expected one JSON object in braces.")
    return found


class _Entries:
    """Entries of a config that are read one by one; ``called`` says which entry stands behind our names."""

    def __init__(self, entries: Mapping[str, Any], name: str) -> None:
        self._entries, self._name = entries, name
        self.called: dict[str, str] = {}

    def whole(self, ours: str, *theirs: str, usual: int | None = None) -> int:
        self.called[ours] = theirs[0]
        for entry in theirs:
            value = self._entries.get(entry)
            if value is None:
                continue
            if type(value) is not int:
                raise DataError(f"{self._name}: {entry} has to be a whole number, received {_told(value)}.")
            self.called[ours] = entry
            return value
        if usual is None:
            raise DataError(f"{self._name} has no entry {theirs[0]}, without which the size of the model is not known.")
        return usual

    def eps(self, entry: str, usual: float) -> float:
        value = self._entries.get(entry, usual)
        if type(value) not in (int, float) or not 0 < value < 1:
            raise DataError(f"{self._name}: {entry} has to be a number between 0 and 1, received {_told(value)}.")
        return float(value)

    def bend(self, entry: str, usual: str) -> Bend:
        value = self._entries.get(entry, usual)
        if not isinstance(value, str) or value not in BENDS:
            raise DataError(f"{self._name}: {entry} has to be one of {', '.join(BENDS)}, received {_told(value)}.")
        return BENDS[value]

    def flag(self, entry: str, usual: bool) -> bool:
        value = self._entries.get(entry, usual)
        if not isinstance(value, bool):
            raise DataError(f"{self._name}: {entry} has to be true or false, received {_told(value)}.")
        return value

    def only(self, entry: str, wanted: object) -> None:
        """Refuse a model that computes otherwise than ours."""
        value = self._entries.get(entry, wanted)
        if value != wanted:
            expected = json.dumps(wanted)
            raise DataError(
                f"{self._name}: models whose {entry} is {_told(value)} are not known here: expected {expected}."
            )


def _gpt2(found: _Entries) -> Config:
    found.only("scale_attn_weights", True)
    found.only("scale_attn_by_inverse_layer_idx", False)
    found.only("add_cross_attention", False)
    width = found.whole("width", "n_embd", "hidden_size")
    return Config(
        kind="gpt2",
        vocabulary=found.whole("vocabulary", "vocab_size"),
        places=found.whole("places", "n_positions", "n_ctx", "max_position_embeddings"),
        width=width,
        blocks=found.whole("blocks", "n_layer", "num_hidden_layers"),
        heads=found.whole("heads", "n_head", "num_attention_heads"),
        neurons=found.whole("neurons", "n_inner", usual=4 * width),
        bend=found.bend("activation_function", "gelu_new"),
        eps=found.eps("layer_norm_epsilon", 1e-5),
        tied=found.flag("tie_word_embeddings", True),
    )


def _bert(found: _Entries) -> Config:
    found.only("position_embedding_type", "absolute")
    found.only("is_decoder", False)
    found.only("add_cross_attention", False)
    return Config(
        kind="bert",
        vocabulary=found.whole("vocabulary", "vocab_size"),
        places=found.whole("places", "max_position_embeddings"),
        width=found.whole("width", "hidden_size"),
        blocks=found.whole("blocks", "num_hidden_layers"),
        heads=found.whole("heads", "num_attention_heads"),
        neurons=found.whole("neurons", "intermediate_size"),
        bend=found.bend("hidden_act", "gelu"),
        eps=found.eps("layer_norm_eps", 1e-12),
        types=found.whole("types", "type_vocab_size", usual=2),
        tied=found.flag("tie_word_embeddings", True),
    )


def _told(value: object) -> str:
    """Return a value of a file as it fits into a sentence."""
    text = json.dumps(value, default=str)
    return text if len(text) <= 40 else f"{text[:39]}…"
