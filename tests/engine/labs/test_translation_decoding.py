"""What is searched for and scored in the translation lab is what the search, sacrebleu and the net say."""

import json
import re

import numpy as np
import pytest
import torch
from sacrebleu.metrics import BLEU

from engine.errors import SpecError
from engine.explanation import Cell
from engine.labs import translation_decoding
from engine.labs.translation_decoding import SCORED, Decoding, Work
from engine.labs.translation_decoding_numbers import explain_beams, explain_bleu, explain_score
from engine.nets.translation.building import make_net
from engine.nets.translation.model import Translator, Written
from engine.nets.translation.spec import TranslatorSpec
from engine.readings import arrays_of
from engine.translation.batches import batch_of
from engine.translation.blame_spec import BlameSpec
from engine.translation.prepared import prepared
from engine.translation.writing import likelihoods, write_by_beam, write_greedily
from engine.translation.writing_spec import WritingSpec

pytestmark = pytest.mark.usefixtures("one_thread")
NETS = ("last_state", "context_fed", "bahdanau", "luong", "convolutional", "transformer")
PAIRS = prepared("Pairs", [(f"{n:03d}", f"{n % 7}{n % 5}{n % 3}{n % 2}1") for n in range(900)], "characters", 0)
BEAM = WritingSpec(strategy="beam", beams=3, length_penalty=0.6)


def make(kind: str, seed: int = 3) -> Translator:
    spec = TranslatorSpec(net=kind, units=12, dimensions=8, width=16, heads=2, blocks=1)  # type: ignore[arg-type]
    return make_net(spec, len(PAIRS.source), len(PAIRS.target), seed).eval()


@pytest.fixture(scope="module")
def learnt() -> Translator:
    """A net that has learnt a little: some pairs are right, most are not."""
    net = make("bahdanau").train()
    optimiser = torch.optim.Adam(net.parameters(), 0.01)
    sources, targets = PAIRS.learnt_numbers
    generator = torch.Generator().manual_seed(0)
    for _ in range(220):
        places = torch.randint(len(sources), (64,), generator=generator)
        batch = batch_of(sources[places], targets[places])
        loss = torch.nn.functional.cross_entropy(net(batch), batch.targets.flatten(), ignore_index=0)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return net.eval()


@pytest.mark.parametrize("kind", NETS)
def test_of_every_net_greedy_is_a_beam_of_one_and_what_is_written_is_as_likely_as_it_was_said(kind: str) -> None:
    net = make(kind)
    batch = batch_of(*PAIRS.numbers(PAIRS.held_out[:12]))
    with torch.no_grad():
        greedy = write_greedily(net, batch.sources, batch.known, 9)
        one = write_by_beam(net, batch.sources, batch.known, 9, 1)
        three = write_by_beam(net, batch.sources, batch.known, 9, 3)
    assert [found.symbols for found in greedy] == [found.symbols for found in one]
    for found in (greedy, three):
        written = torch.tensor([[*text.symbols, *[0] * (9 - len(text.symbols))] for text in found])
        told = likelihoods(net, batch._replace(targets=written))
        for text, taught in zip(found, told, strict=True):
            assert taught.symbols == text.symbols
            assert taught.log_probability == pytest.approx(text.log_probability, abs=1e-4)


def test_bleu_is_sacrebleus_of_what_is_written_for_the_pairs_held_out(learnt: Translator) -> None:
    decoding = Decoding(PAIRS, 200)
    for live in (WritingSpec(), BEAM):
        bleu, seen = decoding.scored(learnt, live, lambda: None)
        references = [target for _, target in PAIRS.held_out[:SCORED]]
        sources = PAIRS.numbers(PAIRS.held_out[:SCORED])[0]
        with torch.no_grad():
            found = write_by_beam(learnt, sources, sources != 0, decoding.longest, *live.searched)
        written = [PAIRS.target.decode(one.symbols) for one in found]
        assert len(references) == SCORED
        theirs = BLEU(tokenize="char", effective_order=True).corpus_score(written, [references])
        assert 5 < theirs.score < 99.9
        assert bleu == pytest.approx(theirs.score, abs=1e-9)
        arrays = arrays_of(seen.readings)
        assert arrays["bleu.counts"][:, 2].tolist() == theirs.counts
        assert arrays["bleu.counts"][:, 0].tolist() == theirs.totals
        np.testing.assert_allclose(arrays["bleu.precision"] * 100, theirs.precisions, rtol=1e-6)
        assert f"= {theirs.score:.2f};" in seen.words["bleu"]
        wrong = sum(one != other for one, other in zip(written, references, strict=True))
        assert seen.words["worst"] == f"{wrong} of {SCORED} pairs are written wrong."
        assert all(seen.words[f"worst_{place}"] for place in range(min(5, wrong)))


def test_the_search_is_told_in_words_and_its_tree_has_what_was_found(learnt: Translator) -> None:
    decoding = Decoding(PAIRS, 200)
    source, _ = PAIRS.held_out[0]
    for live in (WritingSpec(), BEAM):
        found, seen = decoding.search(learnt, PAIRS.source.encode(source), live)
        arrays = arrays_of(seen.readings)
        names = seen.words["branches"].split("\n")
        assert len(names) == len(arrays["beams.step"])
        way = [names[at] for at in np.flatnonzero(arrays["beams.found"])]
        assert way == PAIRS.target.names(found.symbols)
        assert f"«{PAIRS.target.decode(found.symbols)}»" in seen.words["search"]
        rule = f") / 6)^{live.searched[1]:g} = "
        assert (rule in seen.words["search"]) == (live.searched[1] != 0), "without a penalty the score is the sum"
        assert (arrays["beams.fate"] == 0).any(), "what was dropped is seen too"


def test_every_number_of_the_tree_and_of_bleu_is_explained_by_a_sum_that_comes_out(learnt: Translator) -> None:
    decoding = Decoding(PAIRS, 200)
    _, tree = decoding.search(learnt, PAIRS.source.encode(PAIRS.held_out[1][0]), BEAM)
    bleu, seen = decoding.scored(learnt, BEAM, lambda: None)
    arrays = arrays_of([*tree.readings, *seen.readings])
    for at in range(len(arrays["beams.step"])):
        for name in ("cost", "total", "score"):
            value = float(arrays[f"beams.{name}"][at])
            told = explain_beams(arrays, name, Cell(f"beams.{name}", (at,)), value)
            assert told is not None
            assert told.value == value
            for line in told.lines:
                if " = " in line and not line.startswith("log"):
                    check(line.split(",")[0])
    for order in range(4):
        cell = Cell("bleu.precision", (order,))
        told = explain_bleu(arrays, "precision", cell, float(arrays["bleu.precision"][order]))
        assert told is not None
        check(re.sub(r" that count| written|none counts.*?; ", "", told.lines[0]))
        told = explain_bleu(arrays, "counts", Cell("bleu.counts", (order, 2)), float(arrays["bleu.counts"][order, 2]))
        assert told is not None
    told = explain_score(arrays, bleu)
    check(told.lines[1])


def drained(work: Work) -> tuple[list[float | None], dict]:
    """Return the shares that work tells, and its result."""
    shares: list[float | None] = []
    while True:
        try:
            shares.append(next(work).share)
        except StopIteration as end:
            return shares, end.value


def check(line: str) -> None:
    """Work out both sides of an equation as it is told."""
    one, other = (
        side.replace("−", "-")
        .replace("·", "*")
        .replace("^", "**")
        .replace(",", "")
        .replace("e**", "2.718281828459045**")
        for side in line.rsplit(" = ", 1)
    )
    assert eval(one) == pytest.approx(float(other), rel=2e-3, abs=2e-3), line


def test_who_is_to_blame_is_told_over_the_widths(learnt: Translator) -> None:
    decoding = Decoding(PAIRS, 200)
    shares, told = drained(decoding.blamed(learnt, BlameSpec(widths=(8, 1, 2))))
    assert told["pairs"] == len(PAIRS.held_out) == 90
    assert [one["beams"] for one in told["widths"]] == [1, 2, 8]
    portions = 6  # of at most 16 pairs
    work = [1.0] * portions + [1.0] * portions + [2.0] * portions + [8.0] * portions  # references, then each width
    np.testing.assert_allclose(shares, np.cumsum(work) / sum(work))
    sources, targets = PAIRS.held_out_numbers
    with torch.no_grad():
        for one in told["widths"]:
            assert one["right"] + one["net"] + one["search"] == 90
            found = write_by_beam(learnt, sources, sources != 0, decoding.longest, one["beams"])
            written = [PAIRS.target.decode(text.symbols) for text in found]
            assert one["right"] == sum(text == right for text, (_, right) in zip(written, PAIRS.held_out, strict=True))
            told_of = likelihoods(learnt, batch_of(sources, targets))
            wrong = [(ref, text) for ref, text in zip(told_of, found, strict=True) if ref.symbols != text.symbols]
            assert one["search"] == sum(ref.log_probability > text.log_probability for ref, text in wrong)
            references = [right for _, right in PAIRS.held_out]
            assert one["bleu"] == pytest.approx(
                BLEU(tokenize="char").corpus_score(written, [references]).score, abs=1e-9
            )
    assert len(told["worst"]) == min(50, 90 - told["widths"][-1]["right"])
    costs = [one["log_reference"] for one in told["worst"]]
    assert costs == sorted(costs), "all references have as many symbols here"


@pytest.mark.parametrize(
    "settings",
    [
        {"widths": []},
        {"widths": "many"},
        {"widths": [0]},
        {"widths": [11]},
        {"widths": [1.5]},
        {"widths": [2] * 7},
        {"widths": [2], "penalty": "much"},
        {"widths": [2], "penalty": -1},
        {"widths": [2], "penalty": 2.5},
    ],
)
def test_what_is_no_width_or_no_penalty_is_said(settings: dict) -> None:
    with pytest.raises(SpecError, match=r"widths|penalty"):
        BlameSpec.from_json(json.dumps(settings))


def test_of_a_large_vocabulary_only_a_few_pairs_are_asked_about_at_a_time(
    learnt: Translator, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = Decoding(PAIRS, 90)
    usual = drained(plain.blamed(learnt, BlameSpec()))[1], plain.scored(learnt, BEAM, lambda: None)
    monkeypatch.setattr(translation_decoding, "MOST_SUMS", 7 * plain.longest * len(PAIRS.target))
    decoding = Decoding(PAIRS, 90)
    asked: list[int] = []
    handle = learnt.register_forward_pre_hook(lambda net, given: asked.append(len(given[0])))
    begin = learnt.begin
    monkeypatch.setattr(learnt, "begin", lambda sources, known: asked.append(len(sources)) or begin(sources, known))
    shares, told = drained(decoding.blamed(learnt, BlameSpec()))
    scored = decoding.scored(learnt, BEAM, lambda: None)
    handle.remove()
    assert max(asked) == 7
    assert len(shares) == 13 * 5
    assert told["widths"] == usual[0]["widths"]
    assert scored.bleu == pytest.approx(usual[1].bleu, abs=1e-9)
    assert scored.seen.words == usual[1].seen.words


def test_a_net_of_no_numbers_is_seen_too() -> None:
    net = make("bahdanau")
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.fill_(float("nan"))
    decoding = Decoding(PAIRS, 20)
    found, seen = decoding.search(net, PAIRS.source.encode("12"), BEAM)
    assert found.symbols == ()
    assert seen.words["branches"] == ""
    bleu, _ = decoding.scored(net, BEAM, lambda: None)
    assert bleu == 0


def test_short_texts_that_are_all_right_have_all_of_bleu() -> None:
    """Numbers of two digits have no row of four."""
    short = prepared("Pairs", [(f"{n:02d}", f"{n:02d}") for n in range(60)], "characters", 0)
    decoding = Decoding(short, 20)

    class Copies(Translator):
        """Writes what it reads."""

        def begin(self, sources, known):
            return {"source": sources, "at": torch.zeros(len(sources), dtype=torch.int64)}

        def write(self, state, symbols):
            now = state["source"].gather(1, state["at"][:, None])[:, 0]
            sums = torch.nn.functional.one_hot(now, len(short.target)).float() * 20
            return Written(sums, {**state, "at": state["at"] + 1})

        def teach(self, batch):
            return torch.nn.functional.one_hot(batch.sources, len(short.target)).float() * 20

    assert short.source.symbols == short.target.symbols
    bleu, seen = decoding.scored(Copies(), WritingSpec(), lambda: None)
    assert bleu == pytest.approx(100)
    arrays = arrays_of(seen.readings)
    assert arrays["bleu.counts"][2:].tolist() == [[0] * 3] * 2
    assert explain_score(arrays, bleu).lines[1] == "100 · 1 · (1 · 1)^(1/2) = 100"
    assert seen.words["worst"] == "All 6 pairs are right."
