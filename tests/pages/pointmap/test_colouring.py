"""What colours say, and that they say it: clusters, neighbours kept, frequency, scores; for any kind of eye."""

import itertools

import numpy as np
import pytest

from pages.ui.words.map_scores import Score, offered
from tests.pages.pointmap.conftest import HOOKS, Screen
from tests.pages.pointmap.samples import Sample, sample
from tests.pages.test_colours import VISIONS, apart, contrast, rgb

PAPERS = {"light": "#ffffff", "dark": "#10161d"}


def colours(screen: Screen) -> list[str]:
    """Return the colour of each point."""
    palette = ["#" + "".join(f"{round(c):02x}" for c in colour) for colour in screen.hook("stage.colouring.palette")]
    return [palette[place] for place in screen.hook("stage.colouring.colours && [...hooks.stage.colouring.colours]")]


@pytest.mark.parametrize("theme", PAPERS)
def test_clusters_are_told_apart_by_any_eye_and_stand_out_from_the_paper(screen: Screen, theme: str) -> None:
    made = sample(400, seed=3)
    screen.show(Sample(**{**made.__dict__, "clusters": (np.arange(400) % 9 - 1).astype(np.int32)}), theme=theme)
    shown = sorted(set(colours(screen)))
    assert len(shown) == 9, "eight clusters, and what is in none"
    for vision in VISIONS:
        closest = min(apart(rgb(one), rgb(other), vision) for one, other in itertools.combinations(shown, 2))
        assert closest >= 15, vision
    assert min(contrast(rgb(colour), rgb(PAPERS[theme])) for colour in shown) >= 2


def test_the_key_names_each_cluster_with_its_count(screen: Screen, flat: Sample) -> None:
    screen.show(flat)
    labels, sizes = flat.header()["cluster_labels"], np.bincount(flat.clusters)
    expected = [f"{labels[cluster]} {sizes[cluster]}" for cluster in np.argsort(-sizes, kind="stable")]
    found = screen.get("ls-map-key").get_by_role("button")
    assert [" ".join(text.split()) for text in found.all_inner_texts()] == expected
    dots = found.locator(".ls-map-dot").evaluate_all(
        "(dots) => dots.map((dot) => getComputedStyle(dot).backgroundColor)"
    )
    drawn = colours(screen)
    for cluster, dot in zip(np.argsort(-sizes, kind="stable"), dots, strict=True):
        channels = [int(part) for part in dot.removeprefix("rgb(").removesuffix(")").split(",")]
        assert "#" + "".join(f"{c:02x}" for c in channels) == drawn[int(np.argmax(flat.clusters == cluster))]


def test_names_of_clusters_stand_at_their_middles(screen: Screen, flat: Sample) -> None:
    screen.show(flat)
    names = screen.hook("stage.names")
    assert len(names) >= 3
    places = screen.places()
    for name in names:
        middle = np.median(places[flat.clusters == name["cluster"]], axis=0)
        assert np.hypot(name["x"] - middle[0], name["y"] - middle[1]) < 12
        assert name["text"] == flat.header()["cluster_labels"][name["cluster"]]
    screen.get("ls-map-colour").select_option("none")
    screen.rest()
    assert screen.hook("stage.names") == []


def test_many_clusters_share_colours_only_when_far_from_each_other(screen: Screen) -> None:
    made = sample(600, seed=6)
    grid = np.array(list(itertools.product(range(3), range(8))), np.float32)
    clusters = (np.arange(600) % 24).astype(np.int32)
    random = np.random.default_rng(0)
    positions = (grid[clusters] * 10 + random.normal(size=(600, 2))).astype(np.float32)
    screen.show(Sample(**{**made.__dict__, "clusters": clusters, "positions": positions}))
    shown = colours(screen)
    by_cluster = [shown[int(np.argmax(clusters == cluster))] for cluster in range(24)]
    assert len(set(by_cluster)) == 8
    beside = [
        (one, other)
        for one, other in itertools.combinations(range(24), 2)
        if np.abs(grid[one] - grid[other]).sum() == 1
    ]
    assert not [pair for pair in beside if by_cluster[pair[0]] == by_cluster[pair[1]]]
    assert "Clusters far from each other share colours." in screen.get("ls-map-key-words").inner_text()


def test_neighbours_kept_are_shown_honestly(screen: Screen, flat: Sample) -> None:
    screen.show(flat)
    screen.get("ls-map-colour").select_option("kept")
    screen.rest()
    low = int((flat.kept < 0.2).sum())
    assert (
        screen.hook("stage.colouring.hollow && [...hooks.stage.colouring.hollow]")
        == (flat.kept < 0.2).astype(int).tolist()
    )
    mean = round(float(flat.kept.mean()) * 100)
    said = screen.get("ls-map-key-words").inner_text()
    assert said.startswith(f"Mean {mean} %. Rings: {low} words keep less than 20 %")
    assert screen.get("ls-map-trust").inner_text() == (
        f"PCA of 300 words · {mean} % of the 15 nearest neighbours kept · trustworthiness 0.913 · "
        "continuity 0.948 · laid out in 1.5 s."
    )


@pytest.mark.parametrize("theme", PAPERS)
@pytest.mark.parametrize("channel", ["kept", "frequency"])
def test_scales_go_one_way_for_any_eye(screen: Screen, flat: Sample, channel: str, theme: str) -> None:
    """Points further apart in number are further apart in colour, from either end."""
    screen.show(flat, theme=theme)
    screen.get("ls-map-colour").select_option(channel)
    screen.rest()
    values = flat.kept if channel == "kept" else np.log(flat.frequency)
    shown = [rgb(colour) for colour in colours(screen)]
    order = np.argsort(values)
    picks = order[np.searchsorted(values[order], np.linspace(values.min(), values.max(), 7), side="left").clip(0, 299)]
    for vision in VISIONS:
        from_low = [apart(shown[picks[0]], shown[pick], vision) for pick in picks]
        assert from_low[-1] > 30
        assert min(np.diff(from_low)) > -2.3
    assert min(contrast(colour, rgb(PAPERS[theme])) for colour in shown) >= 1.6


@pytest.mark.parametrize("first", [0, 1])
def test_a_rank_is_not_called_a_frequency(screen: Screen, flat: Sample, first: int) -> None:
    screen.show(Sample(**{**flat.__dict__, "frequency": flat.rows.astype(np.float64) + first}))
    options = screen.get("ls-map-colour").locator("option").all_inner_texts()
    assert options == ["Cluster", "Neighbours kept", "Rank in the file", "One colour"]
    screen.get("ls-map-colour").select_option("frequency")
    assert screen.get("ls-map-key").inner_text().split("\n") == ["rank 599", "rank 1"]
    assert screen.hook("map.ranks[0]") == 0


def test_words_of_unknown_frequency_are_grey_and_counted(screen: Screen, flat: Sample) -> None:
    frequency = flat.frequency.copy()
    frequency[10:50] = np.nan
    screen.show(Sample(**{**flat.__dict__, "frequency": frequency}))
    screen.get("ls-map-colour").select_option("frequency")
    screen.rest()
    shown = colours(screen)
    assert len(set(shown[10:50])) == 1
    assert shown[10] not in set(shown[:10] + shown[50:])
    assert "not known\n40" in screen.get("ls-map-key").inner_text()
    frequency[:] = np.nan
    screen.show(Sample(**{**flat.__dict__, "frequency": frequency}))
    assert "Frequency" not in screen.get("ls-map-colour").inner_text()


def test_a_score_of_two_sides_is_even_handed(screen: Screen, flat: Sample) -> None:
    key = screen.show(flat)
    values = flat.positions[:, 0].astype(np.float64) / 10
    screen.update(scores=offered(key, [Score("axis", values, "he", "she", 0.0), Score("wobble", np.abs(values))]))
    assert screen.get("ls-map-colour").locator("option").all_inner_texts()[-3:] == ["axis", "wobble", "One colour"]
    screen.get("ls-map-colour").select_option(label="axis")
    reach = np.abs(values).max()
    screen.until(lambda: f"she {reach:.3f}"[:8] in screen.get("ls-map-key").inner_text())
    places = np.array(screen.hook("stage.colouring.colours && [...hooks.stage.colouring.colours]"))
    expected = 1 + np.clip(np.floor((values.astype(np.float32) + reach) / (2 * reach) * 64), 0, 63)
    assert np.abs(places - expected).max() <= 1
    corner, place = screen.corner(), screen.places()[0]
    screen.page.mouse.move(corner[0] + place[0], corner[1] + place[1])
    assert any(line.startswith("axis: ") for line in screen.page.locator(".ls-tooltip div").all_inner_texts())


def test_a_score_that_is_gone_or_does_not_fit_is_told(screen: Screen, flat: Sample) -> None:
    key = screen.show(flat)
    short = offered(key, [Score("short", np.ones(4))])
    screen.update(scores=[{**short[0], "id": "0" * 16, "name": "gone"}, *short])
    for label, sentence in {
        "gone": "This score is gone: choose it anew.",
        "short": "This score does not fit the words of the map: choose it anew.",
    }.items():
        screen.get("ls-map-colour").select_option(label=label)
        screen.until(lambda expected=sentence: screen.get("ls-map-news").inner_text() == expected)
    screen.errors.clear()  # the browser's own word on the 404
    assert screen.ask(f"{HOOKS}.stage.colouring.colours.length") == flat.count
