"""A transformer is shown a sequence that a person types: what it answers is what a plain pass over it gives."""

from typing import Any

import numpy as np
import pytest
import torch

from engine.asking import Question
from engine.data.symbols.spec import SHAPES
from engine.errors import RunError
from engine.labs.transformers import TransformersSpec
from engine.labs.transformers_experiment import TransformersExperiment
from engine.probes import transformer
from engine.readings import arrays_of
from tests.engine.labs.test_transformers import QUICK, SMALL
from tests.engine.labs.walks import walked

pytestmark = pytest.mark.usefixtures("one_thread")


def asked(experiment: TransformersExperiment, text: str):
    return experiment.answer(Question("look", {}, text.encode()))


def test_a_sequence_that_is_typed_is_looked_at() -> None:
    experiment = TransformersExperiment(QUICK)
    walked(experiment, 3)
    told = asked(experiment, "abcab")
    assert told.words["read"] == "a\nb\nc\na\nb"
    arrays = arrays_of(told.readings)
    assert arrays["head.pattern"].shape == (8, 8)
    assert np.isfinite(arrays["head.pattern"][:5, :5]).all()
    assert np.isnan(arrays["head.pattern"][5:]).all()
    with torch.no_grad():
        sums = experiment.net(torch.tensor([[0, 1, 2, 0, 1]]))[0, -1].softmax(0)
    assert told.words["next"].startswith(f"Place 4, behind b: told {'abcdefghi'[int(sums.argmax())]} (")
    with pytest.raises(RunError, match="The net knows no 'z': expected symbols from among a to i"):
        asked(experiment, "abz")
    with pytest.raises(RunError, match="at least two symbols long: received 1"):
        asked(experiment, "a")
    with pytest.raises(RunError, match="asked to look at a sequence, not 'sing'"):
        experiment.answer(Question("sing"))


@pytest.mark.parametrize("text", ["abcab", "ab", "abcdefgh", "abcdefghabcdefgh"])
def test_a_sequence_of_any_length_has_as_much_of_another_patched_in(text: str) -> None:
    """At the lowest level a patch is another symbol, as all places have the same vector in both sequences."""
    experiment = TransformersExperiment(QUICK)
    walked(experiment, 40)
    read = ["abcdefghi".index(letter) for letter in text[-8:]]
    patched = 0
    for number in range(6):
        experiment.set("other", str(number))
        told = asked(experiment, text)
        row = experiment.prepared.validation[number]
        other = experiment.prepared.made.read[row][: len(read)].tolist()
        assert told.words["patched"].endswith(f"The other one is {' '.join('abcdefghi'[one] for one in other)}.")
        restored = arrays_of(told.readings)["stream.restored"][:, : len(read)]
        changed = [[*read[:at], other[at], *read[at + 1 :]] for at in range(len(read))]
        with torch.no_grad():
            mine, theirs, *each = experiment.net(torch.tensor([read, other, *changed]))[:, -1]
        own, strange = int(mine.argmax()), int(theirs.argmax())
        if own == strange:
            assert "nothing to be brought over" in told.words["patched"]
            assert np.isnan(restored).all()
            continue
        patched += 1
        low, high, *off = (float(sums[strange] - sums[own]) for sums in (mine, theirs, *each))
        np.testing.assert_allclose(restored[0], (np.array(off) - low) / (high - low), atol=1e-4)
        assert restored[-1, -1] == pytest.approx(1, abs=1e-5), "all of the answer stands at the last level"
    assert patched


@pytest.mark.parametrize(
    ("sequences", "text", "sentence"),
    [
        ("repeated", "", "at least two symbols long: received 0"),
        ("repeated", "a\N{LATIN SMALL LETTER E WITH ACUTE}", "The net knows no 'é'"),
        ("repeated", "a\0b", "The net knows no"),
        ("text", "\N{RIGHT-TO-LEFT OVERRIDE}ab", "expected symbols from among those of the text"),
        ("modular", "9" * 200, "A sum is of two numbers from 0 to 22"),
        ("sort", "a" * 200, "made for 8 letters: received 200"),
        ("sort", "<script>", "The net knows no '<'"),
    ],
    ids=["nothing", "unknown", "NUL", "turning", "too large", "too long", "markup"],
)
def test_what_is_no_sequence_is_refused_in_a_sentence(sequences: str, text: str, sentence: str) -> None:
    experiment = TransformersExperiment(QUICK.replace(sequences=sequences))
    with pytest.raises(RunError, match=sentence):
        asked(experiment, text)


def test_sums_and_letters_to_be_arranged_are_typed_as_they_are_said() -> None:
    adding = TransformersExperiment(TransformersSpec(**SMALL, sequences="modular"))
    told = asked(adding, "20 + 5")
    assert told.words["read"] == "20\n5\n="
    assert "asked is 2, told " in told.words["next"]
    for bad in ("20", "1 2 3", "20 + 23", "x"):
        with pytest.raises(RunError, match="A sum is of two numbers from 0 to 22"):
            asked(adding, bad)
    for shape in SHAPES["reverse"]:
        experiment = TransformersExperiment(QUICK.replace(sequences="reverse", shape=shape))
        told = asked(experiment, "abcdefgh")
        if shape == "both":
            assert told.words["read"].startswith(">\n")
            assert told.words["asked"] == told.words["read"]
        with pytest.raises(RunError, match="made for 8 letters: received 3"):
            asked(experiment, "abc")


def test_what_a_decoder_writes_is_its_own_likeliest_symbol_each_time() -> None:
    for shape in ("decoder", "both"):
        experiment = TransformersExperiment(QUICK.replace(sequences="copy", shape=shape))
        walked(experiment, 40)
        told = asked(experiment, "abcdefgh").words["read"].split("\n")
        written = told[told.index(">") + 1 :]
        read = [*range(8), 9]
        for letter in written:
            padded = [*read, *[0] * (16 - len(read))] if shape == "both" else read
            with torch.no_grad():
                sums = experiment.net(torch.tensor([padded]))[0]
            at = len(read) - 9 if shape == "both" else len(read) - 1
            assert "abcdefghi>"[int(sums[at].argmax())] == letter
            read.append("abcdefghi>".index(letter))


def test_who_asks_is_answered_between_the_patches_of_encoder_and_decoder(monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = TransformersExperiment(TransformersSpec(**SMALL, sequences="copy", shape="both"))
    answered: list[None] = []
    experiment.meanwhile = lambda: answered.append(None)
    patched, between = transformer.patched, {}

    def counted(net: Any, read: Any, other: Any, where: str, *rest: Any) -> Any:
        before = len(answered)
        found = patched(net, read, other, where, *rest)
        between[where] = len(answered) - before
        return found

    monkeypatch.setattr(transformer, "patched", counted)
    walked(experiment, 100)
    levels = experiment.spec.blocks + 1
    assert between == {"encoder.": levels, "decoder.": levels}
