"""A space that the app trains: as others learn it, the same each time, kept once, and whole or not at all."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from engine.errors import DataError
from engine.jobs import Progress
from engine.words import Space, corpora, evaluate, trained, training, world
from engine.words.corpora import CORPORA, Corpus
from engine.words.corpus import EncodedText
from engine.words.packaged import Packaged
from engine.words.train import Word2VecSpec, word2vec

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:gensim")
SMALL = Word2VecSpec(dimensions=20, epochs=3, min_count=2, sample=1e-3, learning_rate=0.05)
SENTENCES = 1_000


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Corpus:
    """The beginning of the world's text, to be learnt in no time."""
    text = Corpus("small", "A small text", "For tests.", SMALL, partial(world.sentences, 1, SENTENCES), lambda: "one")
    monkeypatch.setattr(corpora, "CORPORA", {"small": text})
    monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))
    return text


def run(name: str) -> tuple[list[Progress], Any]:
    """Do the whole work; return what it has told and its result."""
    work, told = training.train({"corpus": name}), []
    while True:
        try:
            told.append(next(work))
        except StopIteration as end:
            return told, end.value


def space_of(name: str) -> Space:
    space = trained.opened(name)
    assert space is not None
    return space


def test_the_vectors_are_those_that_others_learn_of_the_sentences(small: Corpus, tmp_path: Path) -> None:
    run("small")
    other, space = word2vec(list(small.sentences()), SMALL, cache=tmp_path / "other"), space_of("small")
    assert list(space.words) == list(other.words)
    np.testing.assert_array_equal(space.vectors, other.vectors)


def test_the_words_counts_are_those_of_the_text(small: Corpus) -> None:
    run("small")
    space, counts = space_of("small"), Counter(word for sentence in small.sentences() for word in sentence)
    assert space.frequency is not None
    assert dict(zip(space.words, space.frequency.tolist(), strict=True)) == {w: c for w, c in counts.items() if c >= 2}
    assert np.all(np.diff(space.frequency) <= 0)


def test_it_tells_how_far_it_is_and_where_it_comes_from(small: Corpus) -> None:
    told, result = run("small")
    shares = [one.share for one in told if one.share is not None]
    assert shares == sorted(shares)
    assert shares[0] > 0
    assert shares[-1] < 1
    epochs = dict.fromkeys(one.words.split(",")[0] for one in told if "epoch" in one.words)
    assert list(epochs) == [f"epoch {n} of 3" for n in (1, 2, 3)]
    assert "words a second" in told[-2].words
    space = space_of("small")
    assert result == {"words": len(space), "dimensions": 20}
    assert json.loads(json.dumps(result)) == result
    record = space.provenance
    assert (record.source, record.kind, record.rows) == ("A small text", "trained by the app", len(space))
    words = sum(map(len, small.sentences()))
    assert record.notes[0].startswith(f"{words:,} tokens of text, of which ")
    assert record.notes[1].startswith("word2vec, 3 of 3 epochs: dimensions 20, window 5, minimum count 2, ")
    assert "negative words 5, thin out above 0.001, learning rate 0.05" in record.notes[1]


def test_it_is_trained_once(small: Corpus) -> None:
    assert trained.opened("small") is None
    run("small")
    before = (trained.folder("small") / "vectors").stat().st_mtime_ns
    told, result = run("small")
    assert told == []
    assert result["words"] == len(space_of("small"))
    assert (trained.folder("small") / "vectors").stat().st_mtime_ns == before


def test_another_text_or_setting_has_a_place_of_its_own(small: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    places = {trained.folder("small")}
    for other in (replace(small, fingerprint=lambda: "two"), replace(small, settings=SMALL.replace(seed=2))):
        monkeypatch.setattr(corpora, "CORPORA", {"small": other})
        places.add(trained.folder("small"))
    assert len(places) == 3


def test_a_training_that_is_ended_leaves_nothing(small: Corpus, tmp_path: Path) -> None:
    work = training.train({"corpus": "small"})
    while "epoch 2" not in next(work).words:
        pass
    work.close()
    (text,) = (tmp_path / "words").iterdir()
    assert EncodedText.open(text).record.source == "A small text", "that is cut once, and is no space"
    work = training.train({"corpus": "small"})
    while next(work).words != "keeping the vectors":
        pass
    assert trained.opened("small") is None
    next(work, None)
    assert trained.opened("small") is not None


def test_it_comes_out_the_same_in_every_process(tmp_path: Path) -> None:
    script = (
        "import hashlib; from engine.words import trained, training; "
        "list(training.train({'corpus': 'packaged:descriptions'})); "
        "print(hashlib.sha256((trained.folder('packaged:descriptions') / 'vectors').read_bytes()).hexdigest())"
    )
    said = set()
    for seed in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": seed, "LEARNSCOPE_HOME": str(tmp_path / seed)}
        ended = subprocess.run(
            [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
        )
        said.add(ended.stdout.strip())
    assert len(said) == 1
    assert len(said.pop()) == 64


def test_only_the_texts_of_the_table_are_learnt() -> None:
    with pytest.raises(
        DataError, match=r"no text '\.\./\.\./etc/passwd' to learn from: expected one of world, packaged"
    ):
        next(training.train({"corpus": "../../etc/passwd"}))
    assert list(CORPORA) == ["world", "packaged:lee", "packaged:encyclopedia", "packaged:descriptions"]


@pytest.mark.parametrize(("name", "words"), [("lee", 60_000), ("encyclopedia", 330_000), ("descriptions", 5_000)])
def test_a_packaged_text_is_as_long_as_its_description_says(name: str, words: int) -> None:
    text = CORPORA[f"packaged:{name}"]
    sentences = list(text.sentences())
    assert sum(map(len, sentences)) == pytest.approx(words, rel=0.06)
    assert f"about {words:,} words" in text.about
    assert all(sentence and all(word == word.lower() for word in sentence) for sentence in sentences)


def test_a_text_has_another_fingerprint_once_it_is_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Packaged, "path", tmp_path / "text.cor")
    found = set()
    for text in ("one two three", "one two three four"):
        (tmp_path / "text.cor").write_text(text)
        assert list(CORPORA["packaged:lee"].sentences()) == [text.split()]
        found.add(CORPORA["packaged:lee"].fingerprint())
    assert len(found) == 2
    assert re.fullmatch("[0-9a-f]{64}", CORPORA["world"].fingerprint())


def accuracy(sentences: list[list[str]], home: Path, monkeypatch: pytest.MonkeyPatch) -> float:
    """Return how many of the world's analogies are right after learning some sentences."""
    settings = Word2VecSpec(dimensions=50, epochs=8, min_count=5, sample=1e-3, learning_rate=0.05)
    text = Corpus("some", "Some", "For tests.", settings, lambda: iter(sentences), lambda: "one")
    monkeypatch.setattr(corpora, "CORPORA", {"some": text})
    monkeypatch.setenv("LEARNSCOPE_HOME", str(home))
    run("some")
    (home / "questions.txt").write_text(world.questions())
    found = evaluate.question_words(space_of("some"), home / "questions.txt").total
    assert found.asked > 5_000
    return found.accuracy


def test_the_answers_come_from_the_order_of_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same words in any order teach nothing: accuracy as by chance, which is one in as many words."""
    sentences = list(world.sentences(count=8_000))
    words = [word for sentence in sentences for word in sentence]
    Random(3).shuffle(words)
    rest = iter(words)
    shuffled = [[next(rest) for _ in sentence] for sentence in sentences]
    assert accuracy(sentences, tmp_path / "told", monkeypatch) > 0.15
    assert accuracy(shuffled, tmp_path / "shuffled", monkeypatch) < 0.01


def test_the_world_learnt_again_differs_by_its_seed_alone() -> None:
    again, world_text = corpora.AGAIN, CORPORA["world"]
    assert corpora.corpus("world:again") is again
    assert again.settings.replace(seed=world_text.settings.seed) == world_text.settings
    assert again.settings.seed != world_text.settings.seed
    assert again.sentences is world_text.sentences
    assert trained.folder(again.name) != trained.folder("world")
    assert again.name not in CORPORA
