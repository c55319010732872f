"""Long texts in the lab of pretrained models: of a page is shown what the model computes as it reads the whole."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from engine.explanation import Cell
from engine.labs import pretrained_looking
from engine.labs.pretrained import WINDOW, PretrainedSpec
from engine.labs.pretrained_experiment import PretrainedExperiment
from engine.labs.pretrained_looking import Looking
from engine.nets.pretrained.opening import Opened, files_in, open_model
from engine.probes import transformer
from engine.readings import Arrays, arrays_of
from tests.engine.nets.pretrained.folders import Kind, Theirs, folder, seen_by, theirs

pytestmark = pytest.mark.usefixtures("one_thread")
SIZE = {"gpt2": {"n_positions": 1024}, "bert": {"max_position_embeddings": 512}}
TEXTS = {
    "gpt2": "".join(chr(97 + at * at % 23) for at in range(1_000)),
    "bert": " ".join(["the cat sat on a mat .", "twenty one dogs walked ."] * 20),
}


class Long:
    """A model of a kind, and what the library makes of the whole of a long text."""

    def __init__(self, at: Path, kind: Kind) -> None:
        self.opened: Opened = open_model(files_in(folder(at, kind, **SIZE[kind])), 2**30)
        self.text = TEXTS[kind]
        self.symbols = torch.tensor([self.opened.tokens.encode(self.text)])
        self.library: Theirs = seen_by(theirs(kind, **SIZE[kind]), self.symbols)

    def look(self, **settings: object) -> tuple[Arrays, dict[str, str]]:
        live = PretrainedSpec().replace(**settings)
        seen = Looking(self.opened).look(self.text, live, lambda: None)
        return arrays_of(seen.readings), dict(seen.words)


@pytest.fixture(scope="module", params=["gpt2", "bert"])
def long(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Long:
    return Long(tmp_path_factory.mktemp(request.param), request.param)


def bounds(long: Long, page: int) -> slice:
    return slice((page - 1) * WINDOW, min(page * WINDOW, long.symbols.shape[1]))


def last_page(long: Long) -> int:
    return -(-long.symbols.shape[1] // WINDOW)


def close(ours: np.ndarray, reference: Tensor) -> None:
    np.testing.assert_allclose(ours, reference.detach().numpy(), atol=1e-4)


@pytest.mark.parametrize("which", ["first", "second", "last"])
def test_numbers_of_a_page_are_those_of_the_whole(long: Long, which: str) -> None:
    page = {"first": 1, "second": 2, "last": last_page(long)}[which]
    here = bounds(long, page)
    arrays, words = long.look(page=page, block=1, head=2, place=WINDOW - 1)
    patterns = torch.stack([one[0] for one in long.library.attentions])  # (blocks, H, W, W)
    close(arrays["patterns.attention"], patterns[:, :, here, here])
    close(arrays["head.pattern"], patterns[1, 2, here, here])
    told = long.library.sums[0, here.stop - 1].softmax(0)
    close(arrays["choice.told"][:10], told.topk(10).values)
    streams = torch.stack([one[0, here] for one in long.library.hidden[:-1]])  # the last is another in GPT-2
    close(arrays["stream.length"][:-1], streams.norm(dim=2))
    flow = torch.eye(patterns.shape[-1])
    for one in patterns.mean(dim=1):
        flow = (one + torch.eye(len(one))) / 2 @ flow
    close(arrays["rollout.all"], flow[here, here])
    text = long.opened.tokens
    assert words["read"].split("\n") == [text.shown(symbol) for symbol in long.symbols[0, here].tolist()]


def test_gradients_of_a_page_are_those_in_the_whole_text(long: Long) -> None:
    here, place = bounds(long, 2), 9
    arrays, words = long.look(page=2, block=1, head=2, place=place)
    at = here.start + place
    with torch.no_grad():
        symbol = int(long.opened.net(long.symbols)[0, at].argmax())
    slopes = transformer.slopes(long.opened.net, long.symbols, at, symbol)
    whole = torch.stack([slopes.patterns[f"blocks.{block}.attention.pattern"] for block in range(3)])
    assert float(whole[:, :, here, here].abs().max()) > 1e-3
    close(arrays["pattern_slopes.attention"], whole[:, :, here, here])
    close(arrays["inputs.length"][0], slopes.inputs["embedded"][here].norm(dim=1))
    assert f"The sum for {long.opened.tokens.shown(symbol)} at place {place}: " in words["logit"]


def test_of_a_page_it_is_said_how_much_goes_elsewhere(long: Long) -> None:
    here = bounds(long, 2)
    words = long.look(page=2)[1]
    patterns = torch.stack([one[0] for one in long.library.attentions])
    share = 1 - float(patterns[:, :, here, here].sum(dim=-1).mean())
    size = here.stop if long.opened.net.causal else long.symbols.shape[1]
    assert f"the places 64 to 127 of the text, counted here from 0; the model reads {size:,} symbols" in words["beyond"]
    assert f"give {share:.0%} of their attention to other pages" in words["beyond"]
    assert "does not read" not in words["beyond"]
    if long.opened.net.causal:
        assert long.look(page=1)[1]["beyond"] == "", "of a net that never looks ahead the first page is all there is"


def test_a_head_is_knocked_out_of_the_whole_text(long: Long) -> None:
    arrays, _ = long.look(page=2, knocked=True, block=0, head=1, place=20)
    done = transformer.without("attention", 0, 1)
    with torch.no_grad():
        told = long.opened.net(long.symbols, done)[0, WINDOW + 20].softmax(0)
    close(arrays["choice.told"][:10], told.topk(10).values)
    assert not arrays["head.gathered"].any()


def test_a_weight_on_a_page_is_written_out_to_its_value(long: Long) -> None:
    here = bounds(long, 2)
    arrays, words = long.look(page=2, block=1, head=2, place=30)
    experiment = PretrainedExperiment(PretrainedSpec())
    told = experiment.explain(0, arrays, Cell("head.pattern", (30, 20)))
    weight = float(long.library.attentions[1][0, 2, here, here][30, 20])
    assert told.value == pytest.approx(weight, abs=1e-5)
    *_, softmax, beyond = told.lines
    counted, divided = softmax.rpartition(" = ")[0].rpartition(" = ")[2].split(" / ")
    assert float(counted) / float(divided) == pytest.approx(weight, rel=2e-3)
    assert beyond.startswith(f"of the sum {divided}, ")
    assert beyond.endswith(" is of the pages that are not seen")
    assert f"/ {divided} = " in words["token"]
    first = words["token"].split("number 0 is ")[1].split("; number 1")[0].replace("−", "-")
    summed, result = first.split(" of other pages = ")
    rest = float(summed.split(" + ")[-1].strip("()"))
    assert float(result) == pytest.approx(float(arrays["head.gathered"][0, 30]), rel=1e-3)
    weights, values = arrays["head.pattern"][30, : here.stop - here.start], arrays["head.value"][0]
    known = np.isfinite(weights)
    assert rest == pytest.approx(float(result) - float(weights[known] @ values[: len(weights)][known]), abs=2e-3)

    gathered = experiment.explain(0, arrays, Cell("head.gathered", (3, 30)))
    parts = gathered.lines[-1].replace("−", "-").split(" = ")[0]
    of_page, of_others = (float(part.split()[0].strip("()")) for part in parts.split(", "))
    assert of_page + of_others == pytest.approx(gathered.value, abs=1e-3 * max(1, abs(of_page)))


def test_more_than_a_model_reads_at_once_is_read_in_parts_and_that_is_told(
    long: Long, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pretrained_looking, "MOST_AT_ONCE", 2 * WINDOW + 5)
    page = Looking(long.opened).page(long.text, 4)
    assert page.begins == 2 * WINDOW
    assert page.before.shape[1] == WINDOW
    _, words = long.look(page=4)
    assert words["beyond"].endswith("What stands ahead of place 128 it does not read with them.")
    arrays, words = long.look(page=3)
    with torch.no_grad():
        alone = long.symbols[:, 2 * WINDOW : (3 if long.opened.net.causal else 4) * WINDOW]
        told = long.opened.net(alone)[0, WINDOW - 1].softmax(0)
    close(arrays["choice.told"][:5], told.topk(5).values)


def test_gradients_of_a_large_model_are_left_out_of_a_text_that_is_too_long(
    long: Long, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pretrained_looking, "LARGE", 1)
    monkeypatch.setattr(pretrained_looking, "MOST_DEEP", 70)
    arrays, words = long.look(page=3, deep=True)
    assert arrays["pattern_slopes.attention"].shape[0] == 0
    assert words["logit"].startswith("Gradients and lens are left out: the model reads ")
    monkeypatch.setattr(pretrained_looking, "MOST_DEEP", 1_000)
    assert long.look(page=3, deep=True)[0]["pattern_slopes.attention"].shape[0] == 3


def test_patches_are_of_one_page(long: Long) -> None:
    arrays, words = long.look(page=2, other="the cat")
    assert words["patched"] == "Patches are made in texts of one page."
    assert arrays["stream.restored"].shape[1] == 0
