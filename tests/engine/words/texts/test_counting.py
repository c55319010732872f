"""A long text is counted for GloVe before its run opens: told while it goes on, once, as the run itself would."""

import json
from typing import Any

import pytest

from engine.errors import DataError
from engine.jobs import Progress
from engine.keeping import home
from engine.labs.train_words import TrainWordsSpec, prepares
from engine.words.corpus import EncodedText
from engine.words.corpus.cutting import drained
from engine.words.texts import counting, cutting, own
from engine.words.texts.counting_work import count
from engine.words.texts.spec import OWN
from engine.words.train import glove_counts
from engine.words.train.cooccurrence import READ
from engine.words.train.glove_kept import kept_counts
from engine.words.train.glove_spec import GloveSpec

LINE = "the king and the queen live in a castle with the dog and the cat"
WINDOW = 3


pytestmark = pytest.mark.usefixtures("reader", "own_home")


def chosen(text: str, **settings: str) -> TrainWordsSpec:
    asked = own.keep(home(), [text.encode()], "tale.txt", "ann")
    settings = {"method": "glove", "window": str(WINDOW), "min_count": "1"} | settings
    return TrainWordsSpec.from_strings({"corpus": OWN, "own": asked, **settings})


def glove(spec: TrainWordsSpec) -> GloveSpec:
    found = spec.vectors()
    assert isinstance(found, GloveSpec)
    return found


def counted(spec: TrainWordsSpec) -> tuple[list[Progress], Any]:
    going, told = count(json.loads(counting.order(spec, spec.text(), glove(spec)).arguments)), []
    while True:
        try:
            told.append(next(going))
        except StopIteration as end:
            return told, end.value


def test_a_long_text_is_counted_once_behind_its_cutting(monkeypatch: pytest.MonkeyPatch):
    spec = chosen(f"{LINE}.\n" * 40)
    to_do = prepares(spec)
    assert to_do is not None
    assert to_do.doing == "Cutting the text into words"
    text = drained(cutting.encoding(spec, spec.text()))
    assert prepares(spec) is None, "it is short"
    monkeypatch.setattr(counting, "LONG", text.record.tokens)
    to_do = prepares(spec)
    assert to_do is not None
    assert to_do.doing == "Counting which words stand near each other"
    assert to_do.order == counting.order(spec, spec.text(), glove(spec))
    assert prepares(spec.replace(method="word2vec")) is None
    assert to_do.order != counting.order(spec, spec.text(), glove(spec.replace(window=4)))
    _, result = counted(spec)
    assert prepares(spec) is None
    for other in (spec.replace(window=4), spec.replace(symmetric=False), spec.replace(max_words=5)):
        assert prepares(other) is not None
    words = LINE.split()
    near = {(one, other) for at, one in enumerate(words) for other in words[at + 1 : at + 1 + WINDOW]}
    kept = kept_counts(text, glove(spec), text.record.distinct)
    assert kept is not None
    assert result == {"pairs": len(kept)} == {"pairs": len(near | {(other, one) for one, other in near})}


def test_a_run_takes_what_was_counted():
    spec = chosen(f"{LINE}.\n" * 40)
    counted(spec)
    text = cutting.kept(spec, spec.text())
    assert text is not None
    with pytest.raises(StopIteration):
        next(glove_counts.counts_of(text, glove(spec), text.record.distinct))


def test_it_is_told_which_share_was_counted(monkeypatch: pytest.MonkeyPatch):
    """Rare words and what comes behind the first words are not counted, nor are they awaited."""
    spec = chosen("".join(f"{LINE} rare{n}.\n" for n in range(400)), min_count="2")
    monkeypatch.setattr(EncodedText.chunks, "__defaults__", (None, 1_000))
    told, _ = counted(spec)
    counting_now = [one for one in told if one.words.endswith("tokens counted")]
    assert len(counting_now) > 4
    last = counting_now[-1]
    assert last.share == pytest.approx(READ)
    assert last.words == f"{400 * (len(LINE.split()) + 1):,} tokens counted"
    assert told[-1].words == "putting the counts in order"
    shares = [one.share for one in told]
    assert shares == sorted(shares)


def test_no_two_words_that_stand_near_each_other_are_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(counting, "LONG", 1)
    spec = chosen("one.\ntwo.\n" * 9)
    drained(cutting.encoding(spec, spec.text()))
    assert prepares(spec) is not None
    with pytest.raises(DataError, match="No two of the words stand near each other"):
        counted(spec)
    few = spec.replace(min_count=100)
    assert prepares(few) is None, "the run itself says that there are too few words"
