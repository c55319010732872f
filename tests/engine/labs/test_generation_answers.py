"""A language model is asked: what it answers is what a plain pass over the text gives."""

import json

import numpy as np
import pytest
import torch

from engine.asking import Question
from engine.data.sequences.names import LANGUAGES
from engine.errors import RunError
from engine.labs.generation import GenerationSpec
from engine.labs.generation_experiment import GenerationExperiment
from engine.language.vocabulary import named as named_in_words
from engine.readings import arrays_of
from tests.engine.labs.test_generation import NETS, QUICK, named
from tests.engine.labs.walks import walked

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.mark.parametrize("spec", NETS, ids=named)
def test_the_answer_to_a_typed_text_stands_in_the_place_of_a_frame(spec: GenerationSpec) -> None:
    experiment = GenerationExperiment(spec)
    _, moment = walked(experiment, 3)
    answer = experiment.answer(Question("look", {}, b'"Wer ist da?'))
    shown, arrays = arrays_of(moment.readings), arrays_of(answer.readings)
    assert {name: array.shape for name, array in arrays.items()} == {name: shown[name].shape for name in arrays}
    assert set(answer.words) == set(moment.words) - {"found", "near", "gradients"}
    if spec.symbols == "characters" and spec.text == "story":
        assert answer.words["excerpt"].replace("\n", "") == '"Wer␣ist␣da?'
    symbols = experiment.text.vocabulary.encode('"Wer ist da?')
    with torch.no_grad():
        sums = experiment.net.tell(torch.from_numpy(symbols)[None]).sums[0, -1]
    likeliest = torch.softmax(sums, -1).sort(descending=True).values[:10]
    np.testing.assert_allclose(np.sort(arrays["choice.told"])[::-1][:10], likeliest, atol=1e-5)


def test_line_ends_are_typed_as_signs_and_nothing_typed_is_refused() -> None:
    experiment = GenerationExperiment(QUICK)
    walked(experiment, 3)
    for text in ("a\\nb", "a⏎b", "a\nb"):
        assert experiment.answer(Question("look", {}, text.encode())).words["excerpt"] == "a\n⏎\nb"
    with pytest.raises(RunError, match="expected at least one character"):
        experiment.answer(Question("look"))
    with pytest.raises(RunError, match="asked one of look, continue, compare, not 'sing'"):
        experiment.answer(Question("sing"))
    assert experiment.answer(Question("look", {}, b"\xff\xfe")).words["excerpt"]


def test_a_blank_at_the_end_belongs_to_the_word_that_is_to_come() -> None:
    experiment = GenerationExperiment(QUICK.replace(symbols="words"))
    _, moment = walked(experiment, 3)
    assert moment.words["prompt"] == 'Behind «"Where is the» it writes:'
    told = [experiment.answer(Question("look", {}, text)).words for text in (b"The mill", b"The mill  ")]
    assert told[0] == told[1]
    assert experiment.answer(Question("look", {}, b"The xyz")).words["excerpt"] == "The\n⟨unknown⟩"


@pytest.mark.parametrize(
    ("symbols", "text", "unknown"),
    [
        ("characters", "The mill", ""),
        ("characters", "Zoë € Zoë", "«Z», «ë», «€»"),
        ("characters", "1234567", "«1», «2», «3», «4», «5» and 2 more"),
        ("words", "The xyz", "«␣xyz»"),
        ("words", "The " + "x" * 90, f"«␣{'x' * 29}…»"),
    ],
)
def test_what_the_net_does_not_know_of_a_typed_text_is_told(symbols: str, text: str, unknown: str) -> None:
    experiment = GenerationExperiment(QUICK.replace(symbols=symbols))
    walked(experiment, 1)
    found = experiment.answer(Question("look", {}, text.encode())).words["next"]
    told = f"Not known to the net, so read as the unknown symbol: {unknown}."
    assert found.endswith(told) if unknown else "Not known" not in found


def test_symbols_have_names_in_a_sentence() -> None:
    symbols = (" ", "\n", "\t", ".", "a", " the", "\ufffd", "\0")
    told = ["a blank", "a line end", "a tab", "«.»", "«a»", "«␣the»", "the unknown symbol", "«U+0000»"]
    assert [named_in_words(symbol) for symbol in symbols] == told


@pytest.mark.parametrize("spec", [QUICK, QUICK.replace(net="nplm"), QUICK.replace(symbols="words")])
def test_two_sentences_are_weighed_symbol_by_symbol(spec: GenerationSpec) -> None:
    experiment = GenerationExperiment(spec)
    walked(experiment, 40)
    pair = {"first": "The keys were old.", "second": "The keys was old."}
    told = json.loads(experiment.answer(Question("compare", pair)).words["told"])
    for sentence, weighed in zip(pair.values(), told, strict=True):
        symbols = torch.from_numpy(experiment.text.vocabulary.encode(f"\n{sentence}"))
        with torch.no_grad():
            logs = torch.log_softmax(experiment.net.tell(symbols[None]).sums[0, :-1], -1)
        expected = -logs.gather(1, symbols[1:, None])[:, 0] / np.log(2)
        np.testing.assert_allclose(weighed["bits"], expected, atol=1e-3)
        assert len(weighed["symbols"]) == len(symbols) - 1


def test_a_prompt_is_gone_on_with_under_settings_of_its_own() -> None:
    experiment = GenerationExperiment(QUICK)
    step, _ = walked(experiment, 40)

    def ask(**settings: object) -> dict:
        return json.loads(experiment.answer(Question("continue", {"prompt": "The ", **settings})).words["told"])

    greedy = ask(strategy="greedy", length=12)
    assert len(greedy["text"]) == 12
    assert greedy["why"].startswith("Greedy takes")
    assert greedy["beams"] == []
    assert ask(length=9, draw=1) == ask(length=9, draw=1)
    assert len({ask(length=9, draw=draw)["text"] for draw in range(4)}) > 1
    beam = ask(strategy="beam", beams=3, length=5)
    assert [len(branches) for branches in beam["beams"]] == [9] * 5
    last = [branch for branch in beam["beams"][-1] if branch["kept"]]
    best = max(last, key=lambda branch: branch["score"])
    assert best["text"].replace("␣", " ").replace("⏎", "\n") == beam["text"]
    one = ask(strategy="beam", beams=1, length=12)
    assert one["text"] == greedy["text"]
    assert experiment.live == experiment.spec, "the run itself is left as it is"
    assert experiment.observe(step).words["choice"].startswith("Drawn")


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"length": 100_000}, "expected a whole number from 1 to 400"),
        ({"length": "many"}, "expected a whole number from 1 to 400, received 'many'"),
        ({"prompt": 7}, "expected at most 2,000 characters"),
        ({"prompt": "x" * 2_001}, "expected at most 2,000 characters"),
        ({"temperature": 0}, "temperature: expected a number from 0.05 to 5"),
        ({"strategy": "guess"}, "strategy: expected one of sample, greedy, beam"),
    ],
    ids=["too far", "no number", "no text", "too long", "out of bounds", "no strategy"],
)
def test_what_cannot_be_asked_is_refused_in_a_sentence(settings: dict, sentence: str) -> None:
    experiment = GenerationExperiment(QUICK)
    with pytest.raises(RunError, match=sentence):
        experiment.answer(Question("continue", settings))


def test_a_stop_at_the_end_of_the_line_stops_there() -> None:
    spec = GenerationSpec(text="first_names", characters=20_000, units=24, chunk=32)
    experiment = GenerationExperiment(spec)
    walked(experiment, 200)
    for draw in range(5):
        asked = {"prompt": "girl: ", "length": 60, "line": True, "draw": draw}
        told = json.loads(experiment.answer(Question("continue", asked)).words["told"])
        assert told["text"].endswith("\n")
        assert told["text"].count("\n") == 1


def test_names_are_of_the_language_that_their_line_begins_with() -> None:
    """None of these languages ends its names as another does; of twenty, twelve or more end as they should."""
    quick = GenerationSpec(net="gru", text="surnames", temperature=0.8, chunk=32, learning_rate=0.01)
    experiment = GenerationExperiment(quick)
    walked(experiment, 500)
    endings = {language: tuple(LANGUAGES[language].endings.split()) for language in ("Finnish", "Polish", "Swedish")}
    for language in endings:
        asked = {"prompt": f"\n{language}: ", "length": 30, "line": True}
        names = []
        for draw in range(20):
            told = json.loads(experiment.answer(Question("continue", {**asked, "draw": draw})).words["told"])
            names.append(told["text"].strip())
        fitting = {other: sum(name.endswith(ends) for name in names) for other, ends in endings.items()}
        assert fitting[language] >= 10, (language, names)
        assert fitting[language] >= 2 * max(count for other, count in fitting.items() if other != language), names
