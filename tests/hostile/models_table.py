# ruff: noqa: E501
"""Every folder of a model that might harm whoever opens it, one row for each."""

import json
import pickle
import random
from collections.abc import Callable

import torch
from safetensors.torch import save

from tests.hostile import models as m
from tests.hostile.models import WEIGHTS
from tests.hostile.payloads import PAYLOADS
from tests.hostile.row import Row

MODELS = "Models that others have trained"
FIRST = "transformer.h.0.attn.c_attn.weight"
INDEX = "model.safetensors.index.json"
CONFIG, SYMBOLS, LINES = "config.json", "tokenizer.json", "vocab.txt"
DAMAGED = f"{WEIGHTS} is no safetensors file, or a damaged one"


def refuses(item: str, what: str, sentence: str, change: m.Change, kind: m.Kind = "gpt2") -> Row:
    return Row(MODELS, item, what, run=m.refused(sentence, change, kind))


def does(item: str, what: str, run: Callable[..., None]) -> Row:
    return Row(MODELS, item, what, run=run)


def at(files: dict[str, bytes], name: str, make: Callable[[bytes], bytes]) -> None:
    files[name] = make(files[name])


def edited(edit: Callable[[dict], object]) -> m.Change:
    """Return a change of the header of the weights."""
    return lambda files: at(files, WEIGHTS, lambda data: m.header(data, edit))


def pattern(text: str) -> m.Change:
    """Return a change by which the symbols are cut by a pattern."""

    def change(files: dict[str, bytes]) -> None:
        found = json.loads(files[SYMBOLS])
        split = {"type": "Split", "pattern": {"Regex": text}, "behavior": "Isolated", "invert": False}
        found["pre_tokenizer"] = {"type": "Sequence", "pretokenizers": [split]}
        files[SYMBOLS] = json.dumps(found).encode()

    return change


def old_kind(files: dict[str, bytes]) -> None:
    """Take out what some years ago nobody wrote."""
    found = json.loads(files[SYMBOLS])
    found["model"].pop("type")
    files[SYMBOLS] = json.dumps(found).encode()


def indexed(where: object, files: tuple[str, ...] = ("a.safetensors",)) -> m.Change:
    """Return a change after which the weights lie in ``files``, all of them in each, with such an index."""

    def change(found: dict[str, bytes]) -> None:
        data = found.pop(WEIGHTS)
        found.update(dict.fromkeys(files, data))
        found[INDEX] = json.dumps(where).encode()

    return change


GOOD_CONFIG = b'{"model_type": "gpt2", "vocab_size": 9, "n_positions": 8, "n_embd": 8, "n_layer": 1, "n_head": 2}'
GOOD_WEIGHTS = save({"x": torch.ones(2)})
NOISE = random.Random(7).randbytes(5_000)
OLD = m.both(m.without(SYMBOLS), m.with_file("vocab.json", b'{"a": 0, "b": 1, "ab": 2}'))

OF_MODELS = (
    does("a model that is whole", "GPT-2", m.opens(lambda _: None)),
    does("a model that is whole", "BERT", m.opens(lambda _: None, "bert")),
    does("a model that is whole", "uploaded", m.uploaded()),
    refuses("config.json", "missing", "There is no config.json", m.without(CONFIG)),
    refuses("config.json", "no bytes", "config.json is no JSON", m.with_file(CONFIG, b"")),
    refuses("config.json", "a list", "config.json holds [1]: expected one JSON object", m.with_file(CONFIG, b"[1]")),
    refuses("config.json", "random bytes", "config.json is no JSON", m.with_file(CONFIG, NOISE)),
    refuses("config.json", "100,000 deep", "config.json is no JSON", m.with_file(CONFIG, b'{"a":' * 40_000 + b"1" + b"}" * 40_000)),
    refuses("config.json", "1 MB", "config.json is no config.json: expected at most 256 KB", m.with_file(CONFIG, b" " * 2**20)),
    refuses("config.json", "a pickle", "config.json is no JSON", m.with_file(CONFIG, pickle.dumps([1]))),
    refuses("config.json", "no kind", "config.json: model_type has to be 'gpt2' or 'bert', received null.", m.config(model_type=None)),
    refuses("config.json", "another kind", "config.json: model_type has to be 'gpt2' or 'bert', received \"llama\".", m.config(model_type="llama")),
    refuses("config.json", "a kind that is none", "config.json: model_type has to be", m.config(model_type={"a": [1]})),
    refuses("config.json", "a size that is missing", "config.json has no entry n_head", m.config(n_head=None)),
    refuses("config.json", "a size that is text", "config.json: n_embd has to be a whole number, received \"24\".", m.config(n_embd="24")),
    refuses("config.json", "a size that is true", "config.json: n_layer has to be a whole number, received true.", m.config(n_layer=True)),
    refuses("config.json", "a size of nothing", "config.json: n_layer has to be from 1 to 96, received 0.", m.config(n_layer=0)),
    refuses("config.json", "a size below nothing", "config.json: vocab_size has to be from 2 to 400,000, received -5.", m.config(vocab_size=-5)),
    refuses("config.json", "10^12 symbols", "config.json: vocab_size has to be from 2 to 400,000, received 1,000,000,000,000.", m.config(vocab_size=10**12)),
    refuses("config.json", "10^400 blocks", "config.json: n_layer has to be from 1 to 96", m.config(n_layer=10**400)),
    refuses("config.json", "two billion numbers", "config.json describes a model of", m.config(n_layer=96, n_embd=8192, n_head=8)),
    refuses("config.json", "more than the memory", "This model has 808,058,880 numbers, which take 3.01 GB of memory: expected at most 1 GB.", m.config(n_layer=1, n_embd=8192, n_head=8)),
    refuses("config.json", "heads that do not fit", "config.json: n_embd has to be a multiple of n_head, received 24 and 5.", m.config(n_head=5)),
    refuses("config.json", "NaN", "config.json: layer_norm_epsilon has to be a number between 0 and 1", m.config(layer_norm_epsilon=float("nan"))),
    refuses("config.json", "an unknown bend", "config.json: activation_function has to be one of gelu", m.config(activation_function="__import__")),
    refuses("config.json", "another way to compute", "config.json: models whose scale_attn_by_inverse_layer_idx is true", m.config(scale_attn_by_inverse_layer_idx=True)),
    refuses("config.json", "BERT with places that are relative", "config.json: models whose position_embedding_type is \"relative_key\"", m.config(position_embedding_type="relative_key"), "bert"),
    refuses("config.json", "BERT without kinds of sentences", "config.json: type_vocab_size has to be from 1 to 1,024, received 0.", m.config(type_vocab_size=0), "bert"),
    *(refuses("config.json", f"markup, {number}", "config.json: model_type has to be", m.config(model_type=payload)) for number, payload in enumerate(PAYLOADS)),
    refuses("a missing tensor", "one", f"The weights are not those of config.json: {FIRST.removeprefix('transformer.')} is missing.", m.tensors(lambda t: t.pop(FIRST))),
    refuses("a missing tensor", "many", "The weights are not those of config.json: h.3.ln_1.weight, h.3.ln_1.bias, h.3.attn.c_attn.weight, h.3.attn.c_attn.bias, h.3.attn.c_proj.weight and 55 more are missing.", m.config(n_layer=8)),
    refuses("a missing tensor", "of BERT", "The weights are not those of config.json: embeddings.LayerNorm.bias is missing.", m.tensors(lambda t: t.pop("bert.embeddings.LayerNorm.bias")), "bert"),
    refuses("a missing tensor", "all of them", "The weights are not those of config.json: wte.weight", m.tensors(lambda t: t.clear())),
    refuses("a wrong-shaped tensor", "turned", f"The weights are not those of config.json: {FIRST} is 72 × 24 and has to be 24 × 72.", m.tensors(lambda t: t.update({FIRST: t[FIRST].T.contiguous()}))),
    refuses("a wrong-shaped tensor", "one number", f"The weights are not those of config.json: {FIRST} is one number and has to be 24 × 72.", m.tensors(lambda t: t.update({FIRST: torch.tensor(1.0)}))),
    refuses("a wrong-shaped tensor", "nothing", f"The weights are not those of config.json: {FIRST} is 0 × 72", m.tensors(lambda t: t.update({FIRST: torch.zeros(0, 72)}))),
    refuses("a wrong-shaped tensor", "all", "The weights are not those of config.json: transformer.wte.weight is 257 × 24 and has to be 257 × 48;", m.config(n_embd=48)),
    refuses("a wrong-shaped tensor", "of BERT", "The weights are not those of config.json: bert.encoder.layer.0.intermediate.dense.weight is 56 × 24 and has to be 99 × 24;", m.config(intermediate_size=99), "bert"),
    does("a tensor too many", "of another task", m.opens(m.tensors(lambda t: t.update({"score.weight": torch.ones(2)})), left_out=("score.weight",))),
    does("a tensor too many", "masks of old files", m.opens(m.tensors(lambda t: t.update({"transformer.h.0.attn.bias": torch.ones(1, 1, 64, 64, dtype=torch.uint8)})))),
    refuses("numbers that are none", "NaN", f"{WEIGHTS}: the tensor {FIRST} holds numbers that are none", m.tensors(lambda t: t[FIRST].fill_(float("nan")))),
    refuses("numbers that are none", "infinite", f"{WEIGHTS}: the tensor {FIRST} holds numbers that are none", m.tensors(lambda t: t[FIRST][0].fill_(float("inf")))),
    refuses("numbers that are none", "whole numbers", f"{WEIGHTS}: the tensor {FIRST} is of I64", m.tensors(lambda t: t.update({FIRST: t[FIRST].long()}))),
    refuses("numbers that are none", "switches", f"{WEIGHTS}: the tensor {FIRST} is of BOOL", m.tensors(lambda t: t.update({FIRST: t[FIRST] > 0}))),
    does("a pickle", "pytorch_model.bin", m.canary("pytorch_model.bin")),
    does("a pickle", "in place of safetensors", m.canary(WEIGHTS)),
    does("a pickle", "a checkpoint", m.canary("model.ckpt")),
    does("a pickle", "in capital letters", m.canary("MODEL.PT")),
    does("a pickle", "uploaded", m.kept("pytorch_model.bin is a pickle", {CONFIG: GOOD_CONFIG, "pytorch_model.bin": pickle.dumps([1])})),
    does("a pickle", "uploaded as safetensors", m.kept(f"{WEIGHTS} is a pickle, whatever its name,", {CONFIG: GOOD_CONFIG, WEIGHTS: b"PK\x03\x04" + NOISE})),
    refuses("safetensors", "missing", "There are no weights: expected a file model.safetensors", m.without(WEIGHTS)),
    refuses("safetensors", "no bytes", DAMAGED, m.with_file(WEIGHTS, b"")),
    refuses("safetensors", "random bytes", DAMAGED, m.with_file(WEIGHTS, NOISE)),
    refuses("safetensors", "a header of 10^18 bytes", DAMAGED, m.with_file(WEIGHTS, (10**18).to_bytes(8, "little") + b"{}")),
    refuses("safetensors", "a header that is no JSON", DAMAGED, m.with_file(WEIGHTS, (5).to_bytes(8, "little") + b"{oops")),
    *(refuses("safetensors", f"cut at {tenth} tenths", DAMAGED, lambda files, tenth=tenth: at(files, WEIGHTS, lambda data: data[: len(data) * tenth // 10])) for tenth in range(1, 10)),
    refuses("safetensors", "longer than it says", DAMAGED, lambda files: at(files, WEIGHTS, lambda data: data + b"more")),
    refuses("safetensors", "tensors that overlap", DAMAGED, edited(lambda h: h[FIRST].update(data_offsets=[0, 6912]))),
    refuses("safetensors", "offsets beyond the end", DAMAGED, edited(lambda h: h[FIRST].update(data_offsets=[10**15, 10**15 + 6912]))),
    refuses("safetensors", "a shape of 10^18", DAMAGED, edited(lambda h: h[FIRST].update(shape=[10**9, 10**9]))),
    refuses("safetensors", "a kind that is none", DAMAGED, edited(lambda h: h[FIRST].update(dtype="OBJECT"))),
    refuses("several files", "one that is missing", f"{INDEX} names the file 'b.safetensors', which is not here.", indexed({"weight_map": {"x": "b.safetensors"}})),
    refuses("several files", "a way out", f"{INDEX} names the file '../../../etc/passwd', which is not here.", indexed({"weight_map": {"x": "../../../etc/passwd"}})),
    refuses("several files", "a tensor that is elsewhere", f"a.safetensors: the tensor x is not in it, though {INDEX} says so.", indexed({"weight_map": {"x": "a.safetensors"}})),
    refuses("several files", "no map", f"{INDEX} has no weight_map", indexed({})),
    refuses("several files", "a map of lists", f"{INDEX} has no weight_map", indexed({"weight_map": {"x": ["a"]}})),
    refuses("several files", "a list", f"{INDEX} holds [1]: expected one JSON object", indexed([1])),
    refuses("several files", "no index", "There are 2 safetensors files and no model.safetensors.index.json", m.both(indexed({}, ("a.safetensors", "b.safetensors")), m.without(INDEX))),
    refuses("several files", "a pickle among them", "a.bin is a pickle", m.both(indexed({"weight_map": {"x": "a.bin"}}, ()), m.with_file("a.bin", b"x" * 99))),
    refuses("symbols", "missing", "The model's symbols are missing: expected a file tokenizer.json, or vocab.json with merges.txt.", m.without(SYMBOLS)),
    refuses("symbols", "missing of BERT", "The model's symbols are missing: expected a file tokenizer.json, or vocab.txt.", m.without(LINES), "bert"),
    refuses("symbols", "random bytes", "tokenizer.json is no JSON", m.with_file(SYMBOLS, NOISE)),
    refuses("symbols", "an empty object", "The symbols of this model cannot be read", m.with_file(SYMBOLS, b"{}")),
    refuses("symbols", "100,000 deep", "tokenizer.json is no JSON", m.with_file(SYMBOLS, b'{"a":' * 100_000 + b"1" + b"}" * 100_000)),
    refuses("symbols", "a pattern like (a+)+$", "tokenizer.json cuts by the pattern '(a+)+$', which is none of those known here.", pattern("(a+)+$")),
    refuses("symbols", "a pattern like (?=(a|a)*b)", "tokenizer.json cuts by the pattern", pattern("(?=(a|a)*b)")),
    *(refuses("symbols", f"a {entry} that is {name}", f"tokenizer.json: a {entry} of the kind '{kind}' is not known here: expected one of", m.symbols(**{entry: step})) for entry, name, kind, step in (
        ("normalizer", "damaged", "Precompiled", {"type": "Precompiled", "precompiled_charsmap": ""}),
        ("normalizer", "a bomb", "Replace", {"type": "Sequence", "normalizers": [{"type": "Replace", "pattern": {"String": "o"}, "content": "oo"}] * 8}),
        ("normalizer", "a long beginning", "Prepend", {"type": "Prepend", "prepend": "a" * 1_000_000}),
        ("pre_tokenizer", "of no length", "FixedLength", {"type": "FixedLength", "length": 0}),
        ("pre_tokenizer", "a sequence in a sequence", "Sequence", {"type": "Sequence", "pretokenizers": [{"type": "Sequence", "pretokenizers": []}]}),
        ("pre_tokenizer", "a text", "(a+)+$", "(a+)+$"),
        ("post_processor", "a list", "[1]", [1]),
        ("model", "of another kind", "Unigram", {"type": "Unigram", "vocab": [["a", 0.0]], "unk_id": 0}),
        ("model", "of a list", "None", {"vocab": [["a", 0.0]], "unk_id": 0}),
    )),
    refuses("symbols", "a thousand steps", "tokenizer.json has 1,000 steps in its pre_tokenizer: expected at most 8.", m.symbols(pre_tokenizer={"type": "Sequence", "pretokenizers": [{"type": "ByteLevel"}] * 1_000})),
    refuses("symbols", "a pattern that is empty", "tokenizer.json cuts by the pattern ''", m.symbols(pre_tokenizer={"type": "Split", "pattern": {"String": ""}, "behavior": "Isolated", "invert": False})),
    refuses("symbols", "a million around a text", "tokenizer.json puts too much around a text: expected at most 16 symbols.", m.symbols(post_processor={"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "x", "type_id": 0}}] * 1_000, "pair": [], "special_tokens": {"x": {"id": "x", "ids": [1] * 1_000, "tokens": ["x"] * 1_000}}})),
    refuses("symbols", "pairs that are shorter than what stands ahead", "The symbols of this model cannot be read: ", m.symbols(model={"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": ["a b"], "continuing_subword_prefix": "###"})),
    does("symbols", "no symbol for what is unknown", m.breaks_off("This text cannot be cut into the symbols of this model: WordPiece error", m.symbols(model={"type": "WordPiece", "vocab": {"a": 0}, "unk_token": "[NO]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100}))),
    does("symbols", "a template of what is not there", m.breaks_off("This text cannot be cut into the symbols of this model: no entry", m.symbols(post_processor={"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "x", "type_id": 0}}], "pair": [], "special_tokens": {}}))),
    does("symbols", "a million letters in one", m.long_symbol()),
    does("symbols", "of an old file, which does not say of which kind", m.opens(old_kind)),
    does("a folder that changes", "written over while it is open", m.written_to(cut=False)),
    does("a folder that changes", "cut while it is open", m.written_to(cut=True)),
    does("a folder that changes", "cut while it is opened", m.cut_meanwhile()),
    refuses("config.json", "as many heads as no message holds", "config.json describes a model of 12,288 heads in all: expected at most 1,536.", m.config(n_layer=96, n_embd=128, n_head=128)),
    refuses("symbols", "merges without vocab.json", "The model's symbols are missing", m.both(m.without(SYMBOLS), m.with_file("merges.txt", b"a b"))),
    refuses("symbols", "merges of three", "merges.txt, line 2: expected two symbols with a blank between, received 'a b c'.", m.both(OLD, m.with_file("merges.txt", b"#version: 0.2\na b c\n"))),
    refuses("symbols", "merges of what is no symbol", "The symbols of this model cannot be read", m.both(OLD, m.with_file("merges.txt", b"x y\n"))),
    refuses("symbols", "merges in Latin-1", "merges.txt is no text in UTF-8: byte 0 fits nowhere.", m.both(OLD, m.with_file("merges.txt", b"\xe4 b\n"))),
    refuses("symbols", "numbers that are text", "vocab.json: expected each symbol with its number.", m.both(OLD, m.with_file("vocab.json", b'{"a": "0"}'), m.with_file("merges.txt", b""))),
    refuses("symbols", "numbers below nothing", "vocab.json: expected each symbol with its number.", m.both(OLD, m.with_file("vocab.json", b'{"a": -1}'), m.with_file("merges.txt", b""))),
    refuses("symbols", "lines without [UNK]", "vocab.txt has no [UNK]: expected a symbol in each line", m.with_file(LINES, b"[CLS]\n[SEP]\na\n"), "bert"),
    refuses("symbols", "lines of nothing", "vocab.txt has no [UNK], [CLS], [SEP]", m.with_file(LINES, b""), "bert"),
    refuses("symbols", "lines in Latin-1", "vocab.txt is no text in UTF-8", m.with_file(LINES, b"[UNK]\n\xe4\n"), "bert"),
    does("files that are brought", "no config", m.kept("config.json is not among these files", {WEIGHTS: b"x"})),
    does("files that are brought", "an empty one", m.kept(f"{WEIGHTS} is empty", {CONFIG: GOOD_CONFIG, WEIGHTS: b""})),
    does("files that are brought", "two of one name", m.kept("Two of these files have the same name", {f"a\\{CONFIG}": b"{}", f"b\\{CONFIG}": b"{}"})),
    does("files that are brought", "a config of another kind", m.kept("config.json: model_type has to be", {CONFIG: b"{}"})),
    does("files that are brought", "shorter than was told", m.kept(f"{WEIGHTS} is cut: expected 999,999 bytes", {CONFIG: GOOD_CONFIG, WEIGHTS: GOOD_WEIGHTS}, (len(GOOD_CONFIG), 999_999))),
    does("files that are brought", "more than fits", m.kept("config.json and 1 others is too large", {CONFIG: b"{}", WEIGHTS: b"x"}, (2, 10**13))),
    does("files that are brought", "safetensors that are none", m.kept(f"{WEIGHTS} is no safetensors file", {CONFIG: GOOD_CONFIG, WEIGHTS: NOISE})),
    does("files that are brought", "names that lead out", m.keeps("..\\..\\")),
    *(does("ids of models", name, m.no_model(asked)) for name, asked in {
        "a way out": "server:models/../elsewhere", "an absolute way": "server:models//etc", "a link out": "server:models/link",
        "no folder": "server:models/none", "no place": "server:nowhere/tiny", "markup": PAYLOADS[0], "NUL": "server:models/\0", "a file": "server:models/tiny/config.json",
        "nobody's": "ab" * 32, "nothing": "",
    }.items()),
    *(does("a sentence", name, m.asked(text, kind)) for name, text in {
        "nothing": b"", "blanks": b"   ", "NUL": b"a\0b", "bytes that are no text": b"\xff\xfe\xed\xa0\x80", "right to left and emoji": "\u202eevil\u202c 👩‍🚀 שלום".encode(),
        "10,000 letters": b"a" * 10_000, "10,000 words": b"cat " * 2_500, "unknown symbols": "Здравствуй 漢字".encode(), "line ends": b"a\r\n\tb\xe2\x80\xa8c",
        "markup": PAYLOADS[0].encode(), "signs around": b"[CLS][SEP][MASK]<|endoftext|>",
    }.items() for kind in ("gpt2", "bert") for name in (f"{name}, {kind}",)),
)  # fmt: skip
