"""Labels of texts: each step of learning against torch, what is learnt against scikit-learn's logistic regression."""

from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import normalize

from engine.errors import DataError
from engine.words.corpus import TextSpec
from engine.words.train import ClassifierSpec, classifier
from engine.words.train.classifier import Going, features_of
from engine.words.train.classifier_kernels import learn
from engine.words.train.labelled import Labelled, made_up, read

TEXTS = list(made_up(count=2_400))
TRAIN, TEST = TEXTS[:1_600], TEXTS[1_600:]
SPEC = ClassifierSpec(longest=1, epochs=15)


def accuracy(found: list[str], texts: list[Labelled]) -> float:
    return float(np.mean([one == label for one, (label, _) in zip(found, texts, strict=True)]))


def test_a_pass_is_that_of_torch():
    random = np.random.default_rng(1)
    vectors, outputs = random.normal(size=(7, 3)), random.normal(size=(4, 3))
    features, ends = np.array([0, 1, 1, 6, 2, 3, 4, 5, 0]), np.array([0, 4, 5, 9])
    labels, order = np.array([2, 0, 3]), np.array([2, 0, 1])
    inner = torch.nn.EmbeddingBag.from_pretrained(torch.tensor(vectors), freeze=False, mode="mean")
    outer = torch.nn.Linear(3, 4, bias=False, dtype=torch.float64)
    outer.weight.data = torch.tensor(outputs)
    optimiser = torch.optim.SGD([*inner.parameters(), *outer.parameters()], lr=0.5)
    losses = []
    for step, text in enumerate(order.tolist()):
        optimiser.param_groups[0]["lr"] = 0.5 - 0.1 * step
        optimiser.zero_grad()
        hidden = inner(torch.tensor(features[ends[text] : ends[text + 1]])[None])
        loss = torch.nn.functional.cross_entropy(outer(hidden), torch.tensor([int(labels[text])]))
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    found = learn(features, ends, labels, order, vectors, outputs, 0.5, 0.1)
    assert found == pytest.approx(np.mean(losses))
    np.testing.assert_allclose(vectors, inner.weight.detach().numpy(), atol=1e-12)
    np.testing.assert_allclose(outputs, outer.weight.detach().numpy(), atol=1e-12)


def test_it_tells_topics_as_well_as_a_logistic_regression_on_a_bag_of_words():
    counting = CountVectorizer(token_pattern=r"[^\W_]+(?:['’\-][^\W_]+)*")
    bag = normalize(counting.fit_transform([text for _, text in TRAIN]), "l1")
    twin = LogisticRegression(C=1_000, max_iter=2_000).fit(bag, [label for label, _ in TRAIN])
    theirs = twin.predict(normalize(counting.transform([text for _, text in TEST]), "l1")).tolist()
    found = classifier(TRAIN, SPEC)
    assert sorted(found.features) == counting.get_feature_names_out().tolist()
    assert list(found.labels) == twin.classes_.tolist()
    ours = [found.label(text) for _, text in TEST]
    most = max(sum(label == one for label, _ in TEST) for one in found.labels) / len(TEST)
    assert most < 0.5
    assert accuracy(ours, TEST) > accuracy(theirs, TEST) - 0.01
    assert accuracy(ours, TEST) > 0.95
    assert np.mean([a == b for a, b in zip(ours, theirs, strict=True)]) > 0.95


def test_labels_of_chance_are_not_learnt():
    random = np.random.default_rng(1)
    labels = random.permutation([label for label, _ in TRAIN]).tolist()
    found = classifier([(label, text) for label, (_, text) in zip(labels, TRAIN, strict=True)], SPEC)
    assert accuracy([found.label(text) for _, text in TEST], TEST) < 0.5


def test_order_is_seen_by_two_words_in_a_row_alone():
    random = np.random.default_rng(1)
    texts: list[Labelled] = []
    for _ in range(400):
        first, filler = random.permutation(["dog", "cat"]).tolist(), random.choice(["now", "here", "so"], 2).tolist()
        texts.append((first[0], " ".join([filler[0], *first, filler[1]])))
    train, test = texts[:300], texts[300:]
    one, two = (classifier(train, ClassifierSpec(longest=longest, epochs=20)) for longest in (1, 2))
    assert accuracy([two.label(text) for _, text in test], test) == 1
    assert accuracy([one.label(text) for _, text in test], test) < 0.75


def test_why_adds_up_to_the_score():
    found = classifier(TRAIN, ClassifierSpec(longest=2, epochs=5))
    for _, text in TEST[:20]:
        told = found.explain(text)
        scores = found.scores(text)
        assert told.label == found.label(text)
        assert sum(adds for _, adds in told.reasons) == pytest.approx(told.score) == pytest.approx(scores.max())
        assert scores.sum() == pytest.approx(0)
        assert sum(told.shares.values()) == pytest.approx(1)
        assert max(told.shares, key=lambda label: told.shares[label]) == told.label
        assert {name for name, _ in told.reasons} == {found.features[row] for row in found.rows(text)}
        sizes = [abs(adds) for _, adds in told.reasons]
        assert sizes == sorted(sizes, reverse=True)
    told = found.explain("zzyzx qqq")
    assert told.reasons == ()
    assert set(told.shares.values()) == {1 / len(found.labels)}


def test_the_same_texts_and_seed_give_the_same():
    one, again, other = (classifier(TRAIN[:200], SPEC.replace(seed=seed)) for seed in (1, 1, 2))
    assert one.vectors.tobytes() == again.vectors.tobytes()
    assert one.outputs.tobytes() == again.outputs.tobytes()
    assert one.vectors.tobytes() != other.vectors.tobytes()
    assert list(made_up(count=50)) == TEXTS[:50]


def test_it_tells_how_it_goes_and_stops():
    going: list[Going] = []
    classifier(TRAIN[:300], ClassifierSpec(epochs=6), going.append)  # type: ignore[arg-type]
    assert [one.epoch for one in going] == [1, 2, 3, 4, 5, 6]
    assert going[-1].loss < going[0].loss
    few: list[Going] = []
    classifier(TRAIN[:300], ClassifierSpec(epochs=6), lambda one: few.append(one) or len(few) < 2)
    assert few == going[:2]


def test_rare_features_are_left_out():
    texts = [("a", "one two"), ("b", "one three"), ("a", "two")]
    assert set(classifier(texts, ClassifierSpec(min_count=2, longest=2)).features) == {"one", "two"}
    assert features_of(["one", "two", "three"], 3) == ["one", "two", "three", "one two", "two three", "one two three"]


def test_a_file_is_read_as_fasttext_does(tmp_path: Path):
    path = tmp_path / "texts.txt"
    path.write_text("__label__good What a day.\n\n__label__bad  No\n__label__bad\n", encoding="utf-8")
    assert list(read(path)) == [("good", "What a day."), ("bad", "No"), ("bad", "")]
    assert classifier(path).labels == ("bad", "good")
    upper = classifier(path, text=TextSpec(rule="blanks", lower=False))
    assert "What" in upper.features
    assert "day." in upper.features


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ("", "texts of 0 labels"),
        ("__label__a one\n__label__a two", "texts of 1 labels"),
        ("__label__a one\nno label here", r"line 2: expected __label__NAME first, received 'no'"),
        ("__label__ one", "line 1"),
        ("__label__a ...\n__label__b !", "No word comes 1 times"),
    ],
)
def test_what_cannot_be_learnt_from_is_told(tmp_path: Path, written: str, complaint: str):
    path = tmp_path / "texts.txt"
    path.write_text(written, encoding="utf-8")
    with pytest.raises(DataError, match=complaint):
        classifier(path)
    with pytest.raises(DataError, match="is no file"):
        classifier(tmp_path / "nothing.txt")
    with pytest.raises(DataError, match="expected no pieces"):
        classifier(TRAIN, text=TextSpec(rule="bpe"))
