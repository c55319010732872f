"""Figures of a text: each curve, cell and branch where its number says, and words shown letter by letter."""

import math

import numpy as np
import pytest
from plotly import graph_objects

from engine.figures.cooccurrence import cooccurrence_figure
from engine.figures.style import written
from engine.figures.text_counts import MOST_POINTS, coverage_figure, zipf_figure
from engine.figures.tree import top, tree_figure
from engine.words.corpus.counts import zipf
from engine.words.corpus.tree import huffman

HOSTILE = '<a href="x">&$x$'
COUNTS = np.round(1e5 / np.arange(1, 3_001)).astype(np.int64)


def test_zipfs_plot_has_the_counts_the_line_and_the_cut():
    line = zipf(COUNTS)
    drawn = graph_objects.Figure(zipf_figure(COUNTS, line, 500)).to_dict()
    counted, fitted = drawn["data"]
    assert (counted["x"][0], counted["x"][-1]) == (1, 3_000)
    assert len(counted["x"]) <= MOST_POINTS
    assert [COUNTS[rank - 1] for rank in counted["x"]] == list(counted["y"])
    for rank, value in zip(fitted["x"], fitted["y"], strict=True):
        assert math.log10(value) == pytest.approx(line.intercept - line.exponent * math.log10(rank))
    (cut,) = drawn["layout"]["shapes"]
    assert (cut["x0"], cut["x1"]) == (500, 500)
    assert drawn["layout"]["annotations"][0]["x"] == pytest.approx(math.log10(500))
    assert drawn["layout"]["xaxis"]["type"] == drawn["layout"]["yaxis"]["type"] == "log"
    assert "shapes" not in zipf_figure(COUNTS, line, 3_000)["layout"], "nothing is left out"


def test_coverage_is_that_of_the_first_words():
    drawn = coverage_figure(COUNTS, 500)
    (covered,) = drawn["data"]
    for rank, share in zip(covered["x"], covered["y"], strict=True):
        assert share == pytest.approx(COUNTS[:rank].sum() / COUNTS.sum())
    assert graph_objects.Figure(drawn)


def test_each_cell_is_the_power_of_ten_of_its_value_and_can_be_clicked():
    values = np.array([[0, 2.5, 0.25], [2.5, 10, 0], [0.25, 0, 1]])
    drawn = cooccurrence_figure(["a", HOSTILE, "c"], values, (1, 2))
    cells, points = drawn["data"]
    for row in range(3):
        for column in range(3):
            shown = cells["z"][row][column]
            assert shown == (pytest.approx(math.log10(values[row, column])) if values[row, column] else None)
            at = 3 * row + column
            assert (points["x"][at], points["y"][at]) == (column, row)
    assert (cells["zmin"], cells["zmax"]) == (-1, 1)
    assert cells["colorbar"]["ticktext"] == ["0.1", "1", "10"]
    assert drawn["layout"]["xaxis"]["ticktext"][1] == written(HOSTILE, 14)
    assert "<a" not in str(drawn)
    (frame,) = drawn["layout"]["shapes"]
    assert (frame["x0"], frame["y0"]) == (1.5, 0.5)
    assert graph_objects.Figure(drawn)
    assert graph_objects.Figure(cooccurrence_figure(["a", "b"], np.zeros((2, 2))))


def test_the_top_of_a_tree_is_drawn_as_it_is():
    tree = huffman(COUNTS[:200])
    words = [HOSTILE, *(f"w{row}" for row in range(1, 200))]
    drawn = top(tree, 4, words)
    places = {one.place: one for one in drawn}
    assert len(places) == len(drawn)
    assert drawn[0].place == tree.root
    assert {one.place for one in drawn} == {p for p in range(len(tree.counts)) if tree.depths[p] <= 4}
    for one in drawn:
        assert one.depth == tree.depths[one.place]
        assert one.share == pytest.approx(tree.counts[one.place] / tree.counts[tree.root])
        if one.above >= 0:
            assert tree.children[one.above - tree.words, one.bit] == one.place
    ends = [one for one in drawn if one.label]
    assert sorted(one.row for one in ends) == list(range(len(ends)))
    assert sum(one.share for one in ends) == pytest.approx(1)
    assert all(one.depth == 4 or one.place < tree.words for one in ends)


def test_the_way_to_a_word_stands_out():
    tree = huffman(COUNTS[:200])
    words = [HOSTILE, *(f"w{row}" for row in range(1, 200))]
    drawn = tree_figure(tree, 4, words, 150)
    rest, way, points = drawn["data"]
    assert len(way["x"]) == 4 * 4, "four branches of it are to be seen"
    assert len(rest["x"]) == 4 * (len(points["x"]) - 1 - 4)
    bold = [note["text"] for note in drawn["layout"]["annotations"] if note["text"].startswith("<b>")]
    assert sorted(bold) == sorted(f"<b>{turn.bit}</b>" for turn in tree.path(150)[:4])
    assert "<a" not in str(drawn)
    assert not tree_figure(tree, 4, words)["data"][1]["x"]
    assert graph_objects.Figure(drawn)
