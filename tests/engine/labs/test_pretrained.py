"""The lab of pretrained models: what is shown is what the model computes, of a text, a page of it, without a head."""

from pathlib import Path

import numpy as np
import pytest
import torch

from engine.asking import Question
from engine.errors import DataError, LearnscopeError, SpecError
from engine.explanation import Cell
from engine.figures.panel import TilesPanel
from engine.frames import decode
from engine.labs.catalogue import LABS
from engine.labs.pretrained import PretrainedSpec, panels, size
from engine.labs.pretrained_experiment import PretrainedExperiment
from engine.labs.pretrained_looking import LARGE, Looking
from engine.language.models.bringing import NAMED_BY, on_server
from engine.nets.attention.touch import Touched
from engine.nets.pretrained.config import Config
from engine.nets.pretrained.made import made
from engine.nets.pretrained.opening import files_in, open_model
from engine.readings import Arrays, arrays_of
from engine.runs import messages
from engine.training.experiment import Answering, Moment
from tests.engine.nets.pretrained.folders import folder, seen_by, theirs

pytestmark = pytest.mark.usefixtures("one_thread")
TEXT = "walk on, twenty one"


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with a tiny GPT-2 and a tiny BERT, which the server offers."""
    folder(tmp_path / "models" / "deep" / "gpt", "gpt2")
    folder(tmp_path / "models" / "bert", "bert")
    monkeypatch.setenv(NAMED_BY, str(tmp_path / "models"))
    return tmp_path / "models"


def own(name: str, **settings: object) -> PretrainedExperiment:
    asked = {"gpt": "server:models/deep/gpt", "bert": "server:models/bert"}[name]
    return PretrainedExperiment(PretrainedSpec().replace(model="own", own_model=asked, **settings))


def seen(experiment: PretrainedExperiment) -> tuple[Moment, Arrays]:
    (step,) = experiment.steps()
    moment = experiment.observe(step)
    return moment, arrays_of(moment.readings)


def ask(experiment: PretrainedExperiment, text: str) -> Arrays:
    return arrays_of(experiment.answer(Question("look", values=text.encode())).readings)


def test_the_folders_with_a_model_are_offered(models: Path) -> None:
    (models / "none").mkdir()
    assert on_server() == {"server:models/bert": "models/bert", "server:models/deep/gpt": "models/deep/gpt"}


def test_a_stores_links_are_followed_as_long_as_they_stay_inside(models: Path, tmp_path: Path) -> None:
    snapshot = models / "models--tiny" / "snapshots" / "1"
    snapshot.mkdir(parents=True)
    for file in (models / "bert").iterdir():
        (snapshot / file.name).symlink_to(file)
    linked = PretrainedSpec(model="own", own_model="server:models/models--tiny/snapshots/1", text=TEXT)
    straight = own("bert", text=TEXT)
    assert seen(PretrainedExperiment(linked))[0].words == seen(straight)[0].words
    outside = tmp_path / "elsewhere.safetensors"
    (snapshot / "model.safetensors").unlink()
    (models / "bert" / "model.safetensors").rename(outside)
    (snapshot / "model.safetensors").symlink_to(outside)
    with pytest.raises(DataError, match="There are no weights"):
        seen(PretrainedExperiment(linked))


@pytest.mark.usefixtures("models")
@pytest.mark.parametrize("name", ["gpt", "bert"])
def test_patterns_and_probabilities_are_those_of_the_library(name: str) -> None:
    experiment = own(name, text=TEXT, block=1, head=2)
    moment, arrays = seen(experiment)
    symbols = torch.tensor([experiment._opened.tokens.encode(TEXT)])
    reference = seen_by(theirs("gpt2" if name == "gpt" else "bert"), symbols)
    patterns = torch.stack([one[0] for one in reference.attentions]).numpy()
    np.testing.assert_allclose(arrays["patterns.attention"], patterns, atol=1e-4)
    np.testing.assert_allclose(arrays["head.pattern"], patterns[1, 2], atol=1e-4)
    probabilities = reference.sums[0, -1].softmax(0)
    told, places = probabilities.topk(len(arrays["choice.told"]))
    np.testing.assert_allclose(arrays["choice.told"], told.numpy(), atol=1e-4)
    named = [experiment._opened.tokens.shown(int(place)) for place in places]
    assert moment.words["choices"].split("\n") == named


@pytest.mark.usefixtures("models")
def test_bert_tells_what_its_mask_stands_for() -> None:
    experiment = own("bert", text="the cat [MASK] on the mat", place=1)
    moment, arrays = seen(experiment)
    assert moment.words["read"].split("\n") == ["[CLS]", "the", "cat", "[MASK]", "on", "the", "mat", "[SEP]"]
    symbols = torch.tensor([experiment._opened.tokens.encode("the cat [MASK] on the mat")])
    told = seen_by(theirs("bert"), symbols).sums[0, 3].softmax(0)
    np.testing.assert_allclose(arrays["choice.told"][0], float(told.max()), atol=1e-5)


def test_a_second_sentence_is_told_and_read_as_such() -> None:
    pair = PretrainedExperiment(PretrainedSpec(model="bert", text="ab [SEP] cde"))
    moment, arrays = seen(pair)
    assert moment.words["cut"].startswith("Read in 8 symbols: [CLS] · a · ##b · [SEP] · c · ##d · ##e · [SEP].")
    assert moment.words["cut"].endswith(" The last 4 of them are the second sentence.")
    pair._opened.net.separator = None
    as_one, other = seen(pair)
    assert "sentence" not in as_one.words["cut"]
    before, after = arrays["head.key"], other["head.key"]  # of the first block: each of its own place alone
    np.testing.assert_array_equal(before[:, :4], after[:, :4])
    assert (abs(before[:, 4:] - after[:, 4:]).max(axis=0) > 0.1).all()


@pytest.mark.usefixtures("models")
def test_what_is_typed_is_read_in_the_place_of_the_sentence() -> None:
    typed = ask(own("gpt"), TEXT)
    set_so = seen(own("gpt", text=TEXT))[1]
    assert typed.keys() == set_so.keys()
    assert all(np.array_equal(typed[name], set_so[name], equal_nan=True) for name in typed)


@pytest.mark.parametrize("model", ["gpt2", "bert"])
@pytest.mark.parametrize(("array", "index"), [("head.pattern", (5, 3)), ("patterns.attention", (2, 1, 5, 3))])
def test_a_weight_is_written_out_to_its_value(model: str, array: str, index: tuple[int, ...]) -> None:
    experiment = PretrainedExperiment(PretrainedSpec(model=model, block=2, head=1))
    _, arrays = seen(experiment)
    told = experiment.explain(0, arrays, Cell(array, index))
    query, key = arrays["head.query"], arrays["head.key"]
    scores = query.T @ key / np.sqrt(len(query))
    places = scores[5, :6] if model == "gpt2" else scores[5]
    weight = np.exp(scores[5, 3]) / np.exp(places).sum()
    assert told.value == pytest.approx(weight, abs=1e-6)
    assert told.lines[-1].endswith(f"= {weight:.4g}")
    assert "query · key" in told.lines[0]


def test_a_head_that_is_knocked_out_gathers_nothing_and_that_is_told() -> None:
    plain, cut = (PretrainedExperiment(PretrainedSpec(block=3, head=1, knocked=knocked)) for knocked in (False, True))
    (before, whole), (after, without) = seen(plain), seen(cut)
    assert not without["head.gathered"].any()
    assert whole["head.gathered"].any()
    net, tokens = cut._opened.net, cut._opened.tokens
    net.blocks[3].attention.out.weight[:, 16:32] = 0  # what its numbers are multiplied with
    with torch.no_grad():
        sums = net(torch.tensor([tokens.encode(cut.spec.text)]))[0, -1]
    likeliest = sums.softmax(0).topk(19).values.numpy()  # the twentieth may be the one that was drawn
    np.testing.assert_allclose(without["choice.told"][:19], likeliest, atol=1e-6)
    assert before.words["knocked"] == ""
    assert after.words["knocked"].startswith("Without head 1 of block 3: ")
    assert cut.explain(0, without, Cell("head.gathered", (2, 5))).lines[-1].startswith("The head is knocked out")
    assert len(plain.explain(0, whole, Cell("head.gathered", (2, 5))).lines) == 1


def test_a_long_text_is_read_page_by_page() -> None:
    text = "".join(chr(97 + at % 26) for at in range(150))
    pages = [seen(PretrainedExperiment(PretrainedSpec(text=text, page=page)))[0].words for page in (1, 2, 3, 9)]
    assert ["".join(words["read"].split("\n")) for words in pages] == [text[:64], text[64:128], text[128:], text[128:]]
    assert "Page 2 of 3." in pages[1]["cut"]


def test_a_patch_from_a_sentence_of_other_length_is_not_made() -> None:
    same = PretrainedSpec(text="one two", other="one six")
    moment, arrays = seen(PretrainedExperiment(same))
    assert np.isfinite(arrays["stream.restored"]).all()
    assert arrays["stream.restored"][0, :4] == pytest.approx(0, abs=1e-5)  # there both sentences are the same
    moment, arrays = seen(PretrainedExperiment(same.replace(other="six")))
    assert arrays["stream.restored"].shape == (5, 0)
    assert moment.words["patched"] == "The other sentence has 3 symbols: expected 7, as many as are read here."


def test_a_large_model_is_seen_without_what_takes_long_unless_that_is_wished(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = made("gpt2")
    small = Looking(opened).look(TEXT, PretrainedSpec(), lambda: None)
    monkeypatch.setattr("engine.labs.pretrained_looking.LARGE", 1)
    large, wished = (Looking(opened).look(TEXT, PretrainedSpec(deep=deep), lambda: None) for deep in (False, True))
    full, quick, deep = (arrays_of(one.readings) for one in (small, large, wished))
    assert full.keys() == quick.keys() == deep.keys()
    left_out = {name for name in quick if not quick[name].size and full[name].size}
    assert left_out == {
        *("pattern_slopes.attention", "head.slope", "stream.probability"),
        *("inputs.length", "inputs.product"),
    }
    for name in full:
        assert np.array_equal(full[name], deep[name], equal_nan=True)
        if quick[name].size:
            np.testing.assert_allclose(quick[name], full[name], atol=1e-6, err_msg=name)


@pytest.mark.usefixtures("models")
def test_a_bert_that_tells_no_symbols_is_seen_all_the_same(models: Path) -> None:
    theirs("bert").bert.save_pretrained(models / "bert")
    moment, arrays = seen(own("bert", text=TEXT))
    assert arrays["choice.told"].shape == (0,)
    assert "no head" in moment.words["choice"]
    assert moment.words["logit"] == "Gradients and the lens are of symbols that are told."
    assert arrays["patterns.attention"].shape[:2] == (3, 4)


def test_looking_leaves_no_trace_and_a_frame_can_be_sent() -> None:
    experiment = PretrainedExperiment(PretrainedSpec(deep=True))
    net = experiment._opened.net
    before = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    moment, arrays = seen(experiment)
    assert all(torch.equal(before[name], tensor) for name, tensor in net.state_dict().items())
    assert all(parameter.grad is None for parameter in net.parameters())
    told = decode(messages.frame(moment, messages.row(experiment.scalars, moment), 0.0))
    assert set(arrays) <= set(told.arrays)


def test_live_settings_move_the_look_and_others_do_not() -> None:
    experiment = PretrainedExperiment(PretrainedSpec())
    assert isinstance(experiment, Answering)
    experiment.set("block", "2")
    other = PretrainedExperiment(PretrainedSpec())
    other.adopt(experiment.snapshot())
    assert np.array_equal(
        seen(other)[1]["head.query"], seen(PretrainedExperiment(PretrainedSpec(block=2)))[1]["head.query"]
    )
    with pytest.raises(SpecError, match="cannot change"):
        experiment.set("model", "bert")
    with pytest.raises(SpecError, match="at least one character"):
        experiment.set("text", "")


def test_questions_that_are_none_are_refused() -> None:
    experiment = PretrainedExperiment(PretrainedSpec())
    for question, said in [
        (Question("look"), "There is no sentence"),
        (Question("continue", values=b"x"), "asked to look"),
    ]:
        with pytest.raises(LearnscopeError, match=said):
            experiment.answer(question)
    _, arrays = seen(experiment)
    with pytest.raises(LearnscopeError, match="no explanation"):
        experiment.explain(0, arrays | {"x.y": np.zeros(1)}, Cell("x.y", (0,)))


@pytest.mark.parametrize("kind", ["gpt2", "bert"])
def test_every_number_that_is_drawn_is_explained(kind: str) -> None:
    experiment = PretrainedExperiment(PretrainedSpec(model=kind))
    _, arrays = seen(experiment)
    for name in arrays:
        if name in ("choice.fate", "choice.chosen") or not arrays[name].size:
            continue
        told = experiment.explain(0, arrays, Cell(name, (0,) * arrays[name].ndim))
        assert told.what, name
        assert told.lines, name


def test_the_lab_learns_nothing_and_says_so() -> None:
    lab = LABS["pretrained"]
    assert not lab.learns
    experiment = lab.open(lab.spec())
    assert [step.number for step in experiment.steps()] == [0]
    assert experiment.stop_reason()
    with pytest.raises(LearnscopeError, match="not taken away"):
        experiment.script([], 1)


@pytest.mark.parametrize(("heads", "wide"), [(4, False), (12, True)])
def test_a_grid_of_many_heads_has_a_row_for_itself(models: Path, heads: int, wide: bool) -> None:
    folder(models / "many", "gpt2", n_head=heads)
    shown = panels(PretrainedSpec(model="own", own_model="server:models/many"))
    grids = [panel for panel in shown if isinstance(panel, TilesPanel)]
    assert [panel.id for panel in grids] == ["heads", "slopes"]
    assert all((panel.width == 12) == wide for panel in grids)


def test_a_models_memory_is_asked_for_before_it_is_taken(models: Path) -> None:
    with pytest.raises(DataError, match="29,424 numbers, which take 115 KB of memory: expected at most 10 KB"):
        open_model(files_in(models / "deep" / "gpt"), 10 * 2**10)


def test_the_sizes_of_published_models_are_those_that_are_told() -> None:
    small = Config("gpt2", 50_257, 1_024, 768, 12, 12, 3_072, "gelu_tanh", 1e-5)
    assert small.parameters == 124_439_808  # as the model's authors counted their weights again
    base = Config("bert", 30_522, 512, 768, 12, 12, 3_072, "gelu", 1e-12, types=2)
    assert base.parameters == 108_891_648  # without pooler and head
    assert small.parameters > LARGE


def test_parameters_are_counted_as_they_are() -> None:
    for kind in ("gpt2", "bert"):
        opened = made(kind)
        net = opened.net
        own_parts = sum(p.numel() for name, p in net.named_parameters() if not name.startswith("head."))
        assert net.config.parameters == own_parts


def test_touched_names_are_those_of_every_transformer() -> None:
    touched = Touched()
    with torch.no_grad():
        made("gpt2").net(torch.tensor([[1, 2, 3]]), touched)
    assert next(iter(touched)) == "embedded"
    assert list(touched)[-1] == "normed"
    assert "blocks.3.attention.pattern" in touched


@pytest.mark.parametrize("kind", ["gpt2", "bert"])
def test_a_model_made_here_is_as_large_as_its_lab_says(kind: str) -> None:
    config = made(kind).net.config
    assert size(PretrainedSpec(model=kind)) == (config.kind, config.blocks, config.heads)
