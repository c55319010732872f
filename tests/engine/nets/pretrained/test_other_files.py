"""Models as they are found besides the usual: derived configs, tensors that are one or two, pairs of sentences. What is
opened is what Hugging Face's library makes of the same files; what would be computed otherwise is refused in words.
"""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from transformers import BertForMaskedLM, BertTokenizer, GPT2LMHeadModel

from engine.errors import DataError
from engine.nets.pretrained.bert import BERT
from engine.nets.pretrained.config import RELATIVES, read_config
from engine.nets.pretrained.opening import Opened, files_in, open_model
from tests.engine.nets.pretrained.folders import Kind, folder, theirs

GB = 2**30
WEIGHTS = "model.safetensors"
SYMBOLS = torch.randint(5, 18, (2, 17), generator=torch.Generator().manual_seed(3))
LIBRARY = {"gpt2": GPT2LMHeadModel, "bert": BertForMaskedLM}


def opened(at: Path) -> Opened:
    return open_model(files_in(at), GB)


def ours(at: Path, symbols: Tensor = SYMBOLS) -> Tensor:
    with torch.no_grad():
        return opened(at).net(symbols)


def library(at: Path, kind: Kind) -> Tensor:
    """Return what the library makes of a folder as it lies there."""
    net = LIBRARY[kind].from_pretrained(at, attn_implementation="eager", dtype=torch.float32).eval()
    with torch.no_grad():
        return net(SYMBOLS).logits


def with_tensors(at: Path, **changes: Tensor | None) -> None:
    """Change tensors of a folder; None takes one out. ``__`` stands for a dot."""
    tensors = load_file(at / WEIGHTS)
    for name, tensor in changes.items():
        dotted = name.replace("__", ".")
        if tensor is None:
            del tensors[dotted]
        else:
            tensors[dotted] = tensor
    save_file(tensors, at / WEIGHTS, metadata={"format": "pt"})


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("gpt2", {"reorder_and_upcast_attn": True}),
        ("gpt2", {"n_inner": 20, "activation_function": "gelu_pytorch_tanh", "n_head": 1}),
        ("gpt2", {"n_layer": 1, "n_positions": 17}),
        ("bert", {"tie_word_embeddings": False}),
        ("bert", {"tie_word_embeddings": False, "type_vocab_size": 3, "hidden_act": "relu"}),
    ],
)
def test_derived_configs_compute_as_the_library_does(tmp_path: Path, kind: Kind, changes: dict) -> None:
    folder(tmp_path, kind, **changes)
    torch.testing.assert_close(ours(tmp_path), library(tmp_path, kind), atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
@pytest.mark.parametrize("kind", ["gpt2", "bert"])
def test_weights_of_any_precision_are_reckoned_with_as_they_are(tmp_path: Path, kind: Kind, dtype: torch.dtype) -> None:
    folder(tmp_path, kind)
    tensors = load_file(tmp_path / WEIGHTS)
    save_file({name: t.to(dtype) for name, t in tensors.items()}, tmp_path / WEIGHTS, metadata={"format": "pt"})
    torch.testing.assert_close(ours(tmp_path), library(tmp_path, kind), atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("kind", ["gpt2", "bert"])
@pytest.mark.parametrize("tied", [True, False])
def test_weights_in_several_files_open_as_the_librarys(tmp_path: Path, kind: Kind, tied: bool) -> None:
    folder(tmp_path, kind, shard="9KB", tie_word_embeddings=tied)
    assert len(list(tmp_path.glob("*.safetensors"))) > 1
    torch.testing.assert_close(ours(tmp_path), library(tmp_path, kind), atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("length", [640, 896, 1_152, 66_176])
def test_a_header_whose_length_begins_as_a_pickle_is_none(tmp_path: Path, length: int) -> None:
    folder(tmp_path, "gpt2", n_layer=1)
    plain = ours(tmp_path)
    data = (tmp_path / WEIGHTS).read_bytes()
    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + size])
    text = json.dumps(header, separators=(",", ":")).encode()
    wanted = length + -(-max(0, len(text) - length) // 2**16) * 2**16
    begins = wanted.to_bytes(8, "little")
    assert begins[0] == 0x80
    assert begins[1] in (2, 3, 4, 5)
    (tmp_path / WEIGHTS).write_bytes(begins + text.ljust(wanted) + data[8 + size :])
    torch.testing.assert_close(ours(tmp_path), plain)


def test_vectors_that_lie_in_the_file_by_their_other_name_alone_are_found(tmp_path: Path) -> None:
    folder(tmp_path, "gpt2")
    vectors = load_file(tmp_path / WEIGHTS)["transformer.wte.weight"]
    with_tensors(tmp_path, transformer__wte__weight=None, lm_head__weight=vectors)
    torch.testing.assert_close(ours(tmp_path), library(tmp_path, "gpt2"), atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize(
    ("kind", "name", "shape"),
    [
        ("gpt2", "lm_head.weight", (257, 24)),
        ("bert", "cls.predictions.decoder.weight", (18, 24)),
        ("bert", "cls.predictions.decoder.bias", (18,)),
    ],
)
def test_what_tells_is_its_own_where_the_file_has_it_so_whatever_the_config_says(
    tmp_path: Path, kind: Kind, name: str, shape: tuple[int, ...]
) -> None:
    folder(tmp_path, kind)
    plain = ours(tmp_path)
    with_tensors(tmp_path, **{name.replace(".", "__"): torch.randn(shape, generator=torch.Generator().manual_seed(8))})
    seen = ours(tmp_path)
    assert not torch.allclose(seen, plain, atol=1e-2)
    torch.testing.assert_close(seen, library(tmp_path, kind), atol=1e-4, rtol=1e-4)


def test_a_copy_of_the_vectors_that_tells_changes_nothing(tmp_path: Path) -> None:
    folder(tmp_path, "gpt2")
    vectors = load_file(tmp_path / WEIGHTS)["transformer.wte.weight"]
    with_tensors(tmp_path, lm_head__weight=vectors.clone())
    found = opened(tmp_path)
    assert found.net.config.tied
    assert found.left_out == ()


def test_a_tensor_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    folder(tmp_path, "gpt2")
    with_tensors(tmp_path, ln_f__bias=torch.zeros(24))
    with pytest.raises(DataError, match=r"The weights hold ln_f.bias and transformer.ln_f.bias, which are the same"):
        opened(tmp_path)


def test_two_sentences_are_read_as_the_library_reads_a_pair(tmp_path: Path) -> None:
    at = folder(tmp_path, "bert")
    pair = BertTokenizer.from_pretrained(at)("the cat sat", "a dog walks .", return_tensors="pt")
    found = opened(at)
    symbols = found.tokens.encode("the cat sat [SEP] a dog walks .")
    assert symbols == pair["input_ids"][0].tolist()
    assert isinstance(found.net, BERT)
    assert found.net.sentences(torch.tensor([symbols])).tolist() == pair["token_type_ids"].tolist()
    with torch.no_grad():
        told = theirs("bert")(**pair).logits
    torch.testing.assert_close(ours(at, torch.tensor([symbols])), told, atol=1e-4, rtol=1e-4)
    with torch.no_grad():
        as_one = theirs("bert")(pair["input_ids"]).logits
    assert not np.allclose(as_one, told, atol=1e-2), "the sentences are told apart"


def test_a_model_that_knows_one_kind_of_sentence_reads_two_as_one(tmp_path: Path) -> None:
    at = folder(tmp_path, "bert", type_vocab_size=1)
    symbols = torch.tensor([opened(at).tokens.encode("the cat [SEP] a dog")])
    with torch.no_grad():
        told = theirs("bert", type_vocab_size=1)(symbols).logits
    torch.testing.assert_close(ours(at, symbols), told, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("kind", RELATIVES)
def test_relatives_are_refused_with_why(kind: str) -> None:
    config = {"model_type": kind, "vocab_size": 9, "hidden_size": 8}
    with pytest.raises(DataError) as told:
        read_config(json.dumps(config).encode(), "config.json")
    said = str(told.value)
    assert said.startswith(f"config.json: model_type has to be 'gpt2' or 'bert', received \"{kind}\"; ")
    assert " is no BERT: " in said or " is no GPT-2: " in said
    assert said.endswith(".")
    assert said.count(". ") == 0


@pytest.mark.parametrize(
    ("kind", "entry", "value"),
    [
        ("gpt2", "scale_attn_weights", False),
        ("gpt2", "scale_attn_by_inverse_layer_idx", True),
        ("gpt2", "add_cross_attention", True),
        ("gpt2", "quantization_config", {"bits": 8}),
        ("gpt2", "activation_function", "silu"),
        ("bert", "is_decoder", True),
        ("bert", "position_embedding_type", "relative_key_query"),
        ("bert", "hidden_act", "tanh"),
    ],
)
def test_what_would_be_computed_otherwise_is_refused_by_its_name(
    tmp_path: Path, kind: Kind, entry: str, value: object
) -> None:
    at = folder(tmp_path, kind)
    config = json.loads((at / "config.json").read_text())
    (at / "config.json").write_text(json.dumps(config | {entry: value}))
    with pytest.raises(DataError, match=entry):
        opened(at)
