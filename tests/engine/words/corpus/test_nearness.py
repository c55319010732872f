"""Words near each other: counted as the engine counts them for GloVe, and seen where they stand."""

import json
from pathlib import Path

import numpy as np
import pytest

from engine.words import world
from engine.words.corpus import EncodedText, TextSpec, nearness
from engine.words.corpus.encoded import END
from engine.words.corpus.encoding import encode
from engine.words.corpus.nearness import Nearness, count, counting, near, order, sightings
from engine.words.corpus.source import MadeSource
from tests.engine.words.train.texts import counted, drained

WINDOW, FEW = 7, 30


@pytest.fixture(scope="module")
def tale(tmp_path_factory: pytest.TempPathFactory) -> EncodedText:
    folder = tmp_path_factory.mktemp("near") / "text"
    source = MadeSource("a text", lambda: map(" ".join, world.sentences(count=2_000)))
    drained(encode(source, TextSpec(ends="lines"), folder))
    return EncodedText.open(folder)


def test_the_matrix_is_the_corner_of_what_glove_learns_from(tale: EncodedText, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(nearness, "AT_ONCE", 3_000)
    kept = tale.kept(4)
    found = drained(counting(tale, kept, WINDOW, FEW))
    everything = np.concatenate(list(tale.chunks(kept)))
    corner = counted(everything, tmp_path, kept, window=WINDOW).block(FEW)
    np.testing.assert_allclose(found.weighed(), corner, rtol=1e-6)
    assert (found.weighed() == found.weighed().T).all()
    one_way = counted(everything, tmp_path / "one way", kept, window=WINDOW, symmetric=False).block(FEW)
    np.testing.assert_allclose(found.weighed(symmetric=False), one_way, rtol=1e-6)
    assert (one_way != one_way.T).any()
    assert found.weighed().any(axis=1).all()


def test_a_job_counts_the_same(tale: EncodedText):
    kept = tale.kept(4)
    ordered = order(tale, kept, WINDOW, FEW)
    told = json.loads(json.dumps(drained(count(json.loads(ordered.arguments)))))
    np.testing.assert_array_equal(Nearness.of(told).counts, drained(counting(tale, kept, WINDOW, FEW)).counts)


def test_each_distance_is_counted_for_itself():
    ids = np.array([0, 1, 0, END, 1, 2, 9, 1, END], np.int32)
    found = near(ids, 3, 3)
    assert found[0].tolist() == [[0, 1, 0], [1, 0, 1], [0, 0, 0]]
    assert found[1].tolist() == [[1, 0, 0], [0, 0, 0], [0, 1, 0]]
    assert found[2].tolist() == [[0, 0, 0], [0, 1, 0], [0, 0, 0]]
    both = Nearness(found)
    assert both.times()[:, 1, 2].tolist() == [1, 1, 0]
    assert both.weighed()[1, 2] == 1.5
    assert both.weighed()[1, 1] == pytest.approx(2 / 3), "each of the two stands near the other"


def test_what_is_seen_in_the_text_is_what_was_counted(tale: EncodedText, monkeypatch):
    monkeypatch.setattr(nearness, "AT_ONCE", 2_000)
    kept = tale.kept(4)
    found = drained(counting(tale, kept, WINDOW, FEW))
    for one, other in ((0, 1), (3, 20), (5, 5)):
        seen = sightings(tale, kept, WINDOW, one, other, most=10**6)
        distances = np.bincount([pair.distance for pair in seen], minlength=WINDOW + 1)[1:]
        both = found.times()[:, one, other]
        assert distances.tolist() == (both // 2 if one == other else both).tolist()
        assert {frozenset((pair.words[pair.first], pair.words[pair.second])) for pair in seen} <= {
            frozenset((tale.words[one], tale.words[other]))
        }
        assert sightings(tale, kept, WINDOW, one, other, most=3) == seen[:3]
        behind = sightings(tale, kept, WINDOW, one, other, symmetric=False, most=10**6)
        distances = np.bincount([pair.distance for pair in behind], minlength=WINDOW + 1)[1:]
        assert distances.tolist() == found.times(symmetric=False)[:, one, other].tolist()
    whole = {" ".join(sentence) for sentence in tale.sentences(kept)}
    told = [pair for pair in sightings(tale, kept, WINDOW, 0, 1, most=50) if all(pair.whole)]
    assert told
    assert {" ".join(pair.words) for pair in told} <= whole


def test_a_long_text_is_looked_at_in_part(tale: EncodedText, monkeypatch):
    monkeypatch.setattr(nearness, "MOST_TOKENS", 500)
    kept = tale.kept(1)
    found = drained(counting(tale, kept, 2, 10))
    np.testing.assert_array_equal(found.counts, near(np.asarray(tale.ids[:500]), 2, 10))
