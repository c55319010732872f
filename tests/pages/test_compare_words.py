"""The page that compares spaces: its numbers against gensim, scipy, scikit-learn and numpy on the same two files."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from gensim.models import KeyedVectors
from gensim.models.fasttext import load_facebook_vectors
from gensim.test.utils import datapath
from scipy.linalg import orthogonal_procrustes
from sklearn.decomposition import PCA

from engine.words import Space, load
from engine.words.compare import agreement, moved, procrustes
from engine.words.compare.directions import directions
from engine.words.compare.overlay import overlay
from engine.words.compare.shape import isotropy
from engine.words.packaged import packaged
from engine.words.suites import analogies
from tests.pages.comparing import Two, both, compared, figures, goes_on, metrics, said, signed, tables
from tests.pages.conftest import OpenPage
from tests.pages.test_words import lists
from tests.pages.waiting import until


@pytest.fixture(scope="module", autouse=True)
def opened(own_hub: Path) -> Two:
    """Have both spaces open already."""
    return both(own_hub)


@pytest.fixture(scope="module")
def by_gensim() -> tuple[KeyedVectors, KeyedVectors]:
    return (
        load_facebook_vectors(str(packaged("lee-fasttext").path)),
        KeyedVectors.load_word2vec_format(str(packaged("euclidean").path), binary=True),
    )


def units(space: Space, shared: list[str]) -> np.ndarray:
    vectors = np.array([space.vector(word) for word in shared], np.float64)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def shared_words(two: Two) -> list[str]:
    return [word for word in two[0].words if word in two[1]]


def test_neighbours_side_by_side_are_those_of_gensim(page: OpenPage, by_gensim: tuple[KeyedVectors, KeyedVectors]):
    visit = compared(page, query="government", k="7")
    shown = lists(visit)
    expected = [model.most_similar("government", topn=7) for model in by_gensim]
    for one, neighbours in zip(shown, expected, strict=True):
        assert [(row[0], row[1]) for row in one["rows"]] == [(word, signed(cosine)) for word, cosine in neighbours]
    for mine, other in ((0, 1), (1, 0)):
        places = {word: str(at) for at, (word, _) in enumerate(expected[other], 1)}
        known = by_gensim[other].key_to_index
        assert [row[3] for row in shown[mine]["rows"]] == [
            places.get(word, "–" if word in known else "×") for word, _ in expected[mine]
        ]
        assert shown[mine]["marked"] == [word for word, _ in expected[mine] if word not in places]
        assert shown[mine]["columns"][2] == f"In {'AB'[other]}"
    first, second = ({word for word, _ in one} for one in expected)
    share = len(first & second) / len(first | second)
    assert (
        f"**A** and **B** have {len(first & second)} of these {len(first | second)} words in common: Jaccard "
        f"{share:.2f}." in said(visit)
    )


def test_a_word_that_one_space_makes_up_and_another_does_not_have(
    page: OpenPage, by_gensim: tuple[KeyedVectors, KeyedVectors]
):
    visit = compared(page, query="Goverment")
    assert "Never seen" in visit.main.info[0].value
    assert "is not among these 2,747 words" in visit.main.warning[0].value
    (only,) = lists(visit)
    assert [row[0] for row in only["rows"]] == [word for word, _ in by_gensim[0].most_similar("Goverment", topn=10)]
    next(button for button in visit.button if button.label == "government").click().run()
    assert visit.query_params["query"] == "government"
    assert len(lists(visit)) == 2


def test_agreement(page: OpenPage, opened: Two):
    visit = compared(page, section="agreement", k="8")
    found = agreement(*opened, 8)
    assert metrics(visit) == {
        "Mean agreement": f"{found.mean:.3f}",
        "By chance": f"{found.chance:.4f}",
        "Words in both": f"{len(shared_words(opened)):,}",
    }
    bars, mean, chance = figures(visit)[0]["data"]
    common = [round(16 * jaccard / (1 + jaccard)) for jaccard in found.jaccard.tolist()]
    assert bars["y"] == [common.count(number) for number in range(9)]
    assert mean["x"] == pytest.approx([np.mean(common)] * 2)
    assert chance["x"] == pytest.approx([8 * 8 / (found.vocabulary - 1)] * 2)
    by_word = dict(zip(found.words, found.jaccard.tolist(), strict=True))
    least, most = lists(visit)
    for one, order in ((least, 1), (most, -1)):
        values = [by_word[row[0]] for row in one["rows"]]
        assert values == sorted(by_word.values())[::order][: len(values)]
        assert [row[1] for row in one["rows"]] == [f"{value:.2f}" for value in values]
    assert tables(visit)[0]["words"] == [f"{count:,}" for count in bars["y"]]


def test_alignment(page: OpenPage, opened: Two):
    visit = compared(page, section="alignment")
    a, b = (units(space, shared_words(opened)) for space in opened)
    turned = a @ orthogonal_procrustes(a, b)[0]
    cosines = (turned * b).sum(axis=1)
    assert metrics(visit) == {
        "Residual": f"{np.linalg.norm(turned - b) / np.linalg.norm(b):.3f}",
        "Mean cosine": signed(cosines.mean()),
        "Words in both": f"{len(a):,}",
    }
    found = procrustes(*opened)
    (shown,) = lists(visit)
    expected = moved(found, 20)
    assert [(row[0], row[1]) for row in shown["rows"]] == [(one.word, signed(one.cosine)) for one in expected]
    assert [row[3] for row in shown["rows"]] == [", ".join(f"{place:,}" for place in one.places) for one in expected]
    assert shown["columns"][2] == "Ranks A, B"
    order = np.argsort(cosines)
    assert [row[0] for row in shown["rows"]][:5] == [shared_words(opened)[row] for row in order[:5]]
    plane, bars = figures(visit)
    drawn = overlay(found)
    for trace, places in zip(plane["data"], (drawn.first, drawn.second), strict=True):
        assert np.column_stack([trace["x"], trace["y"]]) == pytest.approx(places)
    assert f"This plane holds {drawn.held:.0%}" in said(visit)
    assert sum(bars["data"][0]["y"]) == len(a)
    assert bars["data"][0]["y"] == np.histogram(cosines, 40, (-1, 1))[0].tolist()


def test_words_on_the_map_are_chosen_and_those_that_are_not_there_are_told(page: OpenPage, opened: Two):
    visit = compared(page, section="alignment", words="government minister nowhere-xyz", unit="false", centred="true")
    drawn = overlay(procrustes(*opened, unit=False, centred=True), ["government", "minister"])
    plane = figures(visit)[0]
    assert np.column_stack([plane["data"][0]["x"], plane["data"][0]["y"]]) == pytest.approx(drawn.first)
    assert "Not in both: nowhere-xyz." in said(visit)
    assert "government " + f"{drawn.cosines[0]:.2f}" in plane["alt"]
    visit = compared(page, section="alignment", words="nowhere-xyz")
    assert "both spaces have 0: expected at least two" in visit.main.info[0].value.replace("\\", "")


def test_too_few_words_for_a_rotation_are_told(page: OpenPage):
    spaces = {"a.source": "packaged:glove", "b.source": "packaged:reviews-fasttext"}
    visit = compared(page, **spaces, section="alignment", restrict="30")
    assert "do not fix a rotation of 50 dimensions" in visit.main.warning[0].value


def test_analogies_by_section_with_intervals(page: OpenPage, by_gensim: tuple[KeyedVectors, KeyedVectors]):
    visit = compared(page, section="scores", suite="question-words")
    told = [model.evaluate_word_analogies(datapath("questions-words.txt"), dummy4unknown=False) for model in by_gensim]
    assert list(metrics(visit).values()) == [f"{share:.1%}" for share, _ in told]
    table = tables(visit)[0]
    (figure,) = figures(visit)
    for place, (letter, (share, sections)) in enumerate(zip("AB", told, strict=True)):
        counts = {
            one["section"]: (len(one["correct"]), len(one["correct"]) + len(one["incorrect"])) for one in sections
        }
        rows = dict(
            zip(
                table["section"],
                zip(*(table[f"{letter} {what}"] for what in ("correct", "asked")), strict=True),
                strict=True,
            )
        )
        for name, (correct, asked) in counts.items():
            if asked and name != "Total accuracy":
                assert rows[name.replace("-", "\\-")] == (f"{correct:,}", f"{asked:,}")
        correct, asked = counts["Total accuracy"]
        assert rows["all together"] == (f"{correct:,}", f"{asked:,}")
        trace = figure["data"][place]
        assert trace["x"][-1] == pytest.approx(share)
        middle, reach = (share + 1.96**2 / (2 * asked)) / (1 + 1.96**2 / asked), None
        reach = 1.96 * (share * (1 - share) / asked + 1.96**2 / (4 * asked**2)) ** 0.5 / (1 + 1.96**2 / asked)
        ends = [share - trace["error_x"]["arrayminus"][-1], share + trace["error_x"]["array"][-1]]
        assert ends == pytest.approx([middle - reach, middle + reach], abs=1e-4)
    assert "**A and B**, on the " in said(visit)


def test_agreement_with_people(page: OpenPage, by_gensim: tuple[KeyedVectors, KeyedVectors]):
    visit = compared(page, section="scores", suite="wordsim353")
    told = [model.evaluate_word_pairs(datapath("wordsim353.tsv"), dummy4unknown=False)[1][0] for model in by_gensim]
    assert list(metrics(visit).values()) == [signed(spearman) for spearman in told]
    (figure,) = figures(visit)
    assert [trace["x"][0] for trace in figure["data"]] == pytest.approx(told)
    assert "**A and B**, on the " in said(visit)
    assert "Relations of the made-up world" not in visit.main.get("button_group")[1].options


def test_shape(page: OpenPage, opened: Two):
    visit = compared(page, section="shape")
    table = tables(visit)[0]
    together, each = figures(visit)
    for place, space in enumerate(opened):
        shares = PCA().fit(space.vectors.astype(np.float64)).explained_variance_ratio_
        assert each["data"][place]["y"] == pytest.approx(shares.tolist(), rel=1e-4)
        assert together["data"][place]["y"] == pytest.approx(np.cumsum(shares).tolist(), rel=1e-4)
        participation = 1 / (shares**2).sum()
        unit = units(space, list(space.words))
        total, m = unit.sum(axis=0), len(unit)
        assert table["AB"[place]][:3] == [
            f"{participation:.1f} of {space.dimensions}",
            str(int((np.cumsum(shares) < 0.9).sum()) + 1),
            signed((total @ total - m) / (m * (m - 1))),
        ]
        assert table["AB"[place]][3] == signed(isotropy(space).value)
    with_unit = compared(page, section="shape", lengths="false")
    shares = PCA().fit(units(opened[0], list(opened[0].words))).explained_variance_ratio_
    assert figures(with_unit)[1]["data"][0]["y"] == pytest.approx(shares.tolist(), rel=1e-4)


def test_score_by_dimensions(page: OpenPage, by_gensim: tuple[KeyedVectors, KeyedVectors]):
    visit = compared(page, section="shape", view="dimensions", suite="wordsim353")
    (figure,) = figures(visit)
    for trace, model in zip(figure["data"], by_gensim, strict=True):
        assert trace["x"] == [2, 3, 5, 10]
        whole = model.evaluate_word_pairs(datapath("wordsim353.tsv"), dummy4unknown=False)[1][0]
        assert trace["y"][-1] == pytest.approx(whole, abs=1e-3)
        vectors = model.vectors.astype(np.float64)
        _, _, components = np.linalg.svd(vectors, full_matrices=False)
        cut = KeyedVectors(2)
        cut.add_vectors(model.index_to_key, (vectors @ components[:2].T).astype(np.float32))
        small = cut.evaluate_word_pairs(datapath("wordsim353.tsv"), dummy4unknown=False)[1][0]
        assert trace["y"][0] == pytest.approx(small, abs=0.01)


def test_relations(page: OpenPage, opened: Two):
    visit = compared(page, section="relations", relations="question-words", relation="gram8-plural")
    pairs = analogies(datapath("questions-words.txt")).relations()["gram8-plural"]
    found = [directions(space, pairs) for space in opened]
    polar, every = figures(visit)
    for place, (space, one) in enumerate(zip(opened, found, strict=True)):
        first, second = (units(space, [pair[side] for pair in one.pairs]) for side in (0, 1))
        steps = second - first
        lengths = np.linalg.norm(steps, axis=1)
        straight = steps / lengths[:, None]
        cosines = [straight[i] @ straight[j] for i, j in combinations(range(len(steps)), 2)]
        assert list(metrics(visit).values())[place] == signed(float(np.mean(cosines)))
        trace = polar["data"][place]
        assert trace["r"] == pytest.approx(lengths.tolist(), abs=1e-6)
        others = straight.sum(axis=0) - straight
        angles = np.degrees(np.arccos((straight * others).sum(axis=1) / np.linalg.norm(others, axis=1)))
        assert trace["theta"] == pytest.approx(angles.tolist(), abs=1e-3)
        farthest = lists(visit)[place]["rows"][0]
        assert farthest[0] == " → ".join(one.pairs[int(angles.argmax())])
        assert farthest[1] == f"{angles.max():.0f}°"
        row = tables(visit)[1]["relation"].index("gram8\\-plural")
        assert tables(visit)[1][f"{'AB'[place]} by chance"][row] == signed(one.chance)
        rows = every["layout"]["yaxis"]["ticktext"]
        assert every["data"][2 * place]["x"][rows.index("gram8-plural")] == pytest.approx(one.parallel)


def test_three_spaces_and_which_two_of_them(page: OpenPage, opened: Two):
    address = {"c.source": "packaged:euclidean", "c.limit": "500", "section": "agreement", "pair": "ac"}
    visit = compared(page, **address)
    until(visit, lambda: visit.metric, errors=False)
    part = load(packaged("euclidean").path, 500, cache=opened[0].folder.parent)
    assert metrics(visit)["Mean agreement"] == f"{agreement(opened[0], part).mean:.3f}"
    (field,) = (one for one in visit.main.selectbox if one.label == "Which two")
    field.set_value("bc").run()
    until(visit, lambda: not goes_on(visit), errors=False)
    assert visit.query_params["pair"] == "bc"
    assert metrics(visit)["Mean agreement"] == f"{agreement(opened[1], part).mean:.3f}"
    side_by_side = compared(page, **(address | {"section": "query", "query": "government"}))
    assert [one["columns"][2:] for one in lists(side_by_side)] == [["In B", "In C"], ["In A", "In C"], ["In A", "In B"]]
