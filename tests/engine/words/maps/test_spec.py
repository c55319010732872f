"""What a map is asked by: bounds, links, and which maps are the same."""

from pathlib import Path

import pytest

from engine.errors import SpecError
from engine.spec import knobs
from engine.words.maps import MapSpec, map_key, map_order
from engine.words.maps.spec import key_of

SPACE = Path("words/0123")


@pytest.mark.parametrize("setting", [s for s in knobs(MapSpec) if s.low is not None], ids=lambda s: s.name)
def test_bounds_build_and_what_is_beyond_them_is_refused(setting):
    spare = {"first_rank": 1, "min_dist": 0.0} if setting.name in ("last_rank", "spread") else {}
    many = {"spread": 5.0} if setting.name == "min_dist" else {}
    for value in (setting.low, setting.high):
        assert getattr(MapSpec(**{setting.name: value} | spare | many), setting.name) == value
    for value in (setting.low - 1, setting.high + 1):
        with pytest.raises(SpecError):
            MapSpec().replace(**{setting.name: value})


def test_every_setting_is_told_of():
    for setting in knobs(MapSpec):
        assert setting.knob.label
        assert setting.knob.group
        assert set(setting.knob.labels or {}) == set(setting.options)


def test_a_link_brings_it_back():
    spec = MapSpec(of="selection", selection='king, "New York"', method="tsne", perplexity=12.5, seed=7)
    assert MapSpec.from_link(spec.to_link()) == (spec, ())


def test_what_makes_no_sense_together_is_refused_in_words():
    with pytest.raises(SpecError, match="more than spread"):
        MapSpec().replace(min_dist=0.9, spread=0.5)
    with pytest.raises(SpecError, match="behind last_rank"):
        MapSpec().replace(of="filter", first_rank=10, last_rank=5)


def test_what_does_not_matter_makes_no_other_map():
    pca = MapSpec(method="pca")
    assert map_key("space", pca) == map_key("space", pca.replace(perplexity=5, seed=9, pattern="x*"))
    assert map_order(SPACE, pca) == map_order(SPACE, pca.replace(neighbours=50))


def test_what_matters_makes_another():
    one = MapSpec()
    others = [one.replace(**change) for change in ({"seed": 2}, {"top": 500}, {"method": "tsne"}, {"dimensions": 3})]
    keys = {map_key("space", spec) for spec in (one, *others)} | {map_key("other", one)}
    assert len(keys) == 6
    assert all(len(key) == 32 and int(key, 16) for key in keys)


def test_an_order_tells_its_folder():
    spec = MapSpec(method="pca")
    assert key_of(map_order(SPACE, spec)) == map_key("0123", spec)
