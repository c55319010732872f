"""Our GPT-2 and BERT against Hugging Face's, from the very files that library writes."""

from pathlib import Path

import pytest
import torch

from engine.nets.attention.touch import Touched
from engine.nets.pretrained.opening import Opened, files_in, open_model
from tests.engine.nets.pretrained.folders import Kind, folder, seen_by, theirs

GB = 2**30
CASES = [
    ("gpt2", {}),
    ("gpt2", {"activation_function": "gelu", "n_inner": 40, "layer_norm_epsilon": 1e-3}),
    ("gpt2", {"tie_word_embeddings": False, "activation_function": "relu"}),
    ("bert", {}),
    ("bert", {"hidden_act": "gelu_new", "layer_norm_eps": 1e-3, "type_vocab_size": 1}),
]


@pytest.mark.parametrize(("kind", "changes"), CASES)
def test_sums_streams_and_patterns_are_those_of_the_library(tmp_path: Path, kind: Kind, changes: dict) -> None:
    opened = open_model(files_in(folder(tmp_path, kind, **changes)), GB)
    symbols = torch.randint(5, 18, (2, 17), generator=torch.Generator().manual_seed(3))  # no [SEP] among them
    reference = seen_by(theirs(kind, **changes), symbols)
    seen = Touched()
    with torch.no_grad():
        sums, quick = opened.net(symbols, touch=seen), opened.net(symbols)
    torch.testing.assert_close(sums, reference.sums, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(quick, reference.sums, atol=1e-4, rtol=1e-4)
    for at, pattern in enumerate(reference.attentions):
        torch.testing.assert_close(seen[f"blocks.{at}.attention.pattern"], pattern, atol=1e-4, rtol=1e-4)
    ours = [seen["embedded"], *(seen[f"blocks.{at}.stream"] for at in range(3))]
    if kind == "gpt2":  # the library gives out the last stream behind its norm
        ours[-1] = seen["normed"]
    for our, their in zip(ours, reference.hidden, strict=True):
        torch.testing.assert_close(our, their, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("kind", ["gpt2", "bert"])
def test_filling_that_is_not_known_is_not_looked_at(tmp_path: Path, kind: Kind) -> None:
    net = open_model(files_in(folder(tmp_path, kind)), GB).net
    symbols = torch.arange(1, 11)[None]
    known = torch.arange(10)[None] < 7
    with torch.no_grad():
        torch.testing.assert_close(net(symbols, known=known)[:, :7], net(symbols[:, :7]), atol=1e-5, rtol=1e-5)


def test_a_file_without_the_beginning_of_its_names_opens_the_same(tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    for kind, before in (("gpt2", "transformer."), ("bert", "bert.")):
        at = folder(tmp_path / kind, kind)
        whole = open_model(files_in(at), GB)
        tensors = load_file(at / "model.safetensors")
        bare = {
            name.removeprefix(before).replace("LayerNorm.weight", "LayerNorm.gamma"): t for name, t in tensors.items()
        }
        save_file(bare | {"score.weight": torch.zeros(2)}, at / "model.safetensors")
        opened = open_model(files_in(at), GB)
        assert opened.left_out == ("score.weight",)
        assert not whole.left_out
        symbols = torch.arange(9)[None]
        with torch.no_grad():
            assert torch.equal(opened.net(symbols), whole.net(symbols))


def test_weights_in_several_files_open_the_same(tmp_path: Path) -> None:
    one = open_model(files_in(folder(tmp_path / "one", "gpt2")), GB)
    many = folder(tmp_path / "many", "gpt2", shard="20KB")
    assert len(list(many.glob("*.safetensors"))) > 1
    symbols = torch.arange(9)[None]
    with torch.no_grad():
        assert torch.equal(open_model(files_in(many), GB).net(symbols), one.net(symbols))


def test_a_bert_without_a_head_reads_and_tells_nothing(tmp_path: Path) -> None:
    at = folder(tmp_path, "bert")
    whole = open_model(files_in(at), GB)
    theirs("bert").bert.save_pretrained(at)
    opened = open_model(files_in(at), GB)
    symbols = torch.arange(9)[None]
    assert whole.net.tells
    assert not opened.net.tells
    with torch.no_grad():
        assert torch.equal(opened.net(symbols), whole.net.read(symbols))


def test_half_precision_is_read_as_what_it_says(tmp_path: Path) -> None:
    at = folder(tmp_path, "gpt2")
    net = theirs("gpt2").half()
    net.save_pretrained(at)
    opened: Opened = open_model(files_in(at), GB)
    assert torch.equal(opened.net.embedding.weight, net.float().transformer.wte.weight)
