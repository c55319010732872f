"""A net that reads sequences is asked about one of a person's own: what it answers is what it makes of any."""

import numpy as np
import pytest
import torch

from engine.asking import Answer, Question
from engine.data.sequences.spelling import spelt
from engine.data.sequences.vocabulary import Vocabulary
from engine.errors import RunError
from engine.labs.sequences import SequencesSpec
from engine.labs.sequences_experiment import SequencesExperiment
from engine.readings import arrays_of
from engine.training.experiment import Answering
from tests.engine.labs.test_sequences import KINDS, QUICK
from tests.engine.labs.walks import walked

TYPED = {
    "names": "Kowalski",
    "sentiment": "the film was not bad at all",
    "sine": "0.1 0.2, 0.3",
    "mixed": "1 -1",
    "sawtooth": "0 .5",
    "unrolled": "0.25",
    "adding": "0.3 0.9* 0.1 0.5*",
    "copying": "bad",
}


def ask(experiment: SequencesExperiment, text: str) -> Answer:
    return experiment.answer(Question("look", {}, text.encode()))


@pytest.mark.parametrize("kind", KINDS)
def test_the_answer_holds_all_that_a_frame_tells_of_the_sequence_looked_at(kind: str) -> None:
    experiment = SequencesExperiment(QUICK.replace(sequences=kind))
    assert isinstance(experiment, Answering)
    _, moment = walked(experiment, 3)
    answer, shown = ask(experiment, TYPED[kind]), arrays_of(moment.readings)
    arrays = arrays_of(answer.readings)
    names = ("states", "read", "unrolled", "arriving", "forecast")
    of_it = {name: array.shape for name, array in shown.items() if name.partition(".")[0] in names}
    assert {name: array.shape for name, array in arrays.items()} == of_it
    assert {name: array.dtype for name, array in arrays.items()} == dict.fromkeys(of_it, np.dtype(np.float32))
    assert set(answer.words) == {"read", "told", "watched"}
    steps = len(answer.words["read"].split("\n"))
    assert np.isfinite(arrays["unrolled.state"][:, :steps]).all()
    assert np.isnan(arrays["unrolled.state"][:, steps:]).all()


def test_a_name_that_is_typed_is_told_as_where_it_is_held_out() -> None:
    experiment = SequencesExperiment(QUICK.replace(example=3))
    _, moment = walked(experiment, 5)
    name = experiment.prepared.texts[experiment.prepared.validation[3]]
    answer = ask(experiment, name)
    arrays, shown = arrays_of(answer.readings), arrays_of(moment.readings)
    np.testing.assert_array_equal(arrays["arriving.probabilities"], shown["arriving.probabilities"])
    np.testing.assert_array_equal(arrays["states.0.ahead.cell"], shown["states.0.ahead.cell"])
    assert answer.words["read"] == moment.words["read"] == "\n".join(name.lower())
    told = answer.words["told"].split("\n")
    assert told == [""] * (len(name) - 1) + [told[-1]]
    assert moment.words["watched"].endswith(f"predicted {told[-1]} ({_share(shown, name)})")
    assert moment.words["watched"].startswith(f"«\u2068{name}\u2069»: it is ")
    assert answer.words["watched"].startswith(f"«\u2068{name}\u2069», yours: predicted {told[-1]} (")


def _share(shown: dict[str, np.ndarray], name: str) -> str:
    return f"{shown['arriving.probabilities'][:, len(name) - 1].max():.0%}"


def test_sums_and_letters_that_are_typed_are_asked_for() -> None:
    adding = SequencesExperiment(QUICK.replace(sequences="adding"))
    answer = ask(adding, TYPED["adding"])
    assert answer.words["watched"].startswith("0.90 + 0.50: asked 1.40, predicted ")
    assert answer.words["read"].split("\n") == ["0.30", "0.90*", "0.10", "0.50*"]
    read = torch.tensor([[[0.3, 0], [0.9, 1], [0.1, 0], [0.5, 1]]])
    with torch.no_grad():
        told = float(adding.net.eval()(read))
    assert answer.words["told"].split("\n")[-1] == f"{told:.2f}".replace("-", "−")
    copying = SequencesExperiment(QUICK.replace(sequences="copying", delay=4))
    words = ask(copying, "bad").words
    assert words["read"].split("\n") == ["B", "A", "D", "·", "·", "·", "!", "·", "·", "·"]
    assert words["watched"].startswith("asked BAD, predicted ")


def test_numbers_stand_under_their_columns_as_one_writes_them() -> None:
    experiment = SequencesExperiment(QUICK.replace(sequences="sine"))
    assert ask(experiment, "-0.02 -1.26 .5 1").words["read"].split("\n") == ["0.0", "−1.3", "0.5"]


def test_what_is_not_known_and_what_is_too_long_is_said() -> None:
    experiment = SequencesExperiment(QUICK)
    assert ask(experiment, "Zoe日本").words["watched"].endswith("; not known to the net: 日 本")
    assert ask(experiment, "a\u202e\x07?").words["watched"].endswith("; not known to the net: � ? �")
    assert "; the first 24 characters are read" in ask(experiment, "a" * 5_000).words["watched"]
    assert len(ask(experiment, "a" * 5_000).words["read"].split("\n")) == 24


@pytest.mark.parametrize(
    ("kind", "typed", "said"),
    [
        ("names", " \n", "There is nothing to read"),
        ("names", "小林", "None of this can be read: the net knows the characters a b c d"),
        ("names", "123", "None of this can be read"),
        ("names", "??", "None of this can be read"),
        ("sentiment", "Größe", "None of this can be read: the net knows 88 words, such as ,"),
        ("sine", "3,5 1", "'3,5' is no number: write 0.5 with a point"),
        ("adding", "0,3 0.9*", "'0,3' is no number: write 0.5 with a point"),
        ("sine", "0.5", "at least two numbers"),
        ("sine", "0.5 nan", "'nan' is no number"),
        ("sine", "1 1e400", "'1e400' is no number"),
        ("sine", "1 99999", "is no number from −1,000 to 1,000"),
        ("unrolled", "1 2", "from one number, from 0 to 1: received 2"),
        ("adding", "1 2* 3", "expected two with a * behind them, found 1"),
        ("adding", "1 x* 3*", "'x' is no number"),
        ("copying", "ABX", "expected 1 to 70 of A to H, received 'X'"),
        ("copying", "A" * 71, "received 71 letters"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(kind: str, typed: str, said: str) -> None:
    experiment = SequencesExperiment(QUICK.replace(sequences=kind))
    with pytest.raises(RunError) as caught:
        ask(experiment, typed)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("typed", "read"),
    [("Müßig", "mussig"), ("MU\u0308SSIG", "mussig"), ("Łucja", "lucja"), ("Ærø", "aero"), ("Yılmaz İç", "yilmaz ic")],
)
def test_letters_that_are_not_known_with_their_marks_are_read_without_them(typed: str, read: str) -> None:
    experiment = SequencesExperiment(SequencesSpec(samples=400, units=6))
    words = ask(experiment, typed).words
    letters = words["read"].split("\n")
    assert "".join(letters) == read.replace(" ", "?")
    assert f"; read as «\u2068{read}\u2069»" in words["watched"]
    plain = ask(experiment, read).words
    assert (plain["read"], plain["told"]) == (words["read"], words["told"])
    assert "read as" not in plain["watched"]


def test_a_letter_that_is_known_with_its_mark_is_read_with_it() -> None:
    known = Vocabulary.of(["müde", "mude"], "characters")
    assert spelt(known, "MÜDÉ") == ["m", "ü", "d", "e"]
    assert spelt(Vocabulary.of(["the café, was"], "words"), "Thé CAFÉ was grün") == ["the", "café", "was", "grün"]


def test_a_net_of_weights_that_are_no_numbers_gives_no_answer_and_says_so_of_what_is_looked_at() -> None:
    experiment = SequencesExperiment(SequencesSpec(samples=200, units=6))
    step = next(experiment.steps())
    with torch.no_grad():
        experiment.net.head.bias[0] = np.nan
    with pytest.raises(RunError, match="The weights are no numbers any more"):
        ask(experiment, "Rossi")
    assert experiment.observe(step).words["watched"].endswith(": what the net predicts is no number any more")


def test_half_a_character_and_another_question_do_no_harm() -> None:
    experiment = SequencesExperiment(QUICK)
    assert experiment.answer(Question("look", {}, b"\xff\xfeab")).words["read"].endswith("a\nb")
    with pytest.raises(RunError, match="asked to look, not 'forward'"):
        experiment.answer(Question("forward", {}, b"x"))


def test_with_weights_of_a_past_step_that_step_answers() -> None:
    experiment = SequencesExperiment(SequencesSpec(samples=200, units=6))
    walk = experiment.steps()
    next(walk)
    past = {name: tensor.numpy().copy() for name, tensor in experiment.net.state_dict().items()}
    before = ask(experiment, "Rossi").words
    for _ in range(30):
        next(walk)
    assert experiment.answer(Question("look", {}, b"Rossi"), past).words == before
    assert ask(experiment, "Rossi").words != before
