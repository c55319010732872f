"""Specs: every spelling of a setting comes back as it was, and nothing hostile gets in."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import SpecError
from engine.labs.playground import PlaygroundSpec
from engine.spec import knobs, settings_by_name


def _values(setting):
    match setting.kind:
        case "choice":
            return st.sampled_from(setting.options)
        case "choices":
            return st.lists(
                st.sampled_from(setting.options), min_size=setting.min_length, max_size=setting.max_length
            ).map(tuple)
        case "switch":
            return st.booleans()
        case "integer":
            return st.integers(int(setting.low), int(setting.high))
        case "number":
            return st.floats(setting.low, setting.high)
        case "integers":
            items = st.integers(int(setting.low), int(setting.high))
            return st.lists(items, max_size=setting.max_length).map(tuple)
    if setting.name == "upload":
        return st.from_regex(r"\A([0-9a-f]{64})?\Z")
    return st.text(max_size=setting.max_length)


def _specs():
    fields = {setting.name: _values(setting) for setting in knobs(PlaygroundSpec)}
    return st.fixed_dictionaries({}, optional=fields).map(_valid).filter(lambda spec: spec is not None)


def _valid(values):
    try:
        return PlaygroundSpec().replace(**values)
    except SpecError:
        return None


@settings(max_examples=150, deadline=None)
@given(_specs())
def test_json_and_link_give_the_spec_back(spec):
    assert PlaygroundSpec.from_json(spec.to_json()) == spec
    assert PlaygroundSpec.from_link(spec.to_link()) == (spec, ())
    assert all(isinstance(value, str) for value in spec.to_link().values())


@settings(max_examples=300, deadline=None)
@given(
    st.dictionaries(
        st.one_of(st.sampled_from(list(PlaygroundSpec.model_fields)), st.text(max_size=20)),
        st.one_of(
            st.text(max_size=40),
            st.sampled_from(["nan", "inf", "-1", "1e999", "9" * 400, "x" * 10_000, "true", "a,b", "", "__proto__"]),
        ),
        max_size=6,
    )
)
def test_a_link_never_fails_and_tells_what_it_ignored(strings):
    spec, ignored = PlaygroundSpec.from_link(strings)
    assert set(ignored) <= set(strings)
    # What was not ignored is what the link says.
    kept = {name: text for name, text in strings.items() if name not in ignored}
    assert PlaygroundSpec.from_strings(kept) == spec


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=60), st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps)))
def test_text_that_is_no_object_is_refused_in_one_sentence(text):
    if text.strip() == "{}":
        return
    with pytest.raises(SpecError, match=r"[.?]$"):
        PlaygroundSpec.from_json(text)


def test_settings_come_in_the_order_of_the_form():
    names = [setting.name for setting in knobs(PlaygroundSpec)]
    assert names.index("dataset") < names.index("units") < names.index("learning_rate") < names.index("seed")


def test_every_setting_has_words_bounds_and_a_default_within_them():
    for setting in knobs(PlaygroundSpec):
        assert setting.knob.label
        assert setting.knob.group
        assert setting.expected()
        if setting.kind in ("integer", "number"):
            assert setting.low <= setting.default <= setting.high
        for option, label in (setting.knob.labels or {}).items():
            assert option in setting.options
            assert label
        for other, values in (setting.knob.when or {}).items():
            assert set(values) <= set(settings_by_name(PlaygroundSpec)[other].options)


@pytest.mark.parametrize(
    ("setting", "beyond"),
    [(s, v) for s in knobs(PlaygroundSpec) if s.kind in ("integer", "number") for v in (s.low - 1, s.high + 1)],
    ids=lambda value: getattr(value, "name", str(value)),
)
def test_bounds_hold(setting, beyond):
    with pytest.raises(SpecError, match=f"^{setting.name}: expected a"):
        PlaygroundSpec().replace(**{setting.name: beyond})


def test_a_setting_applies_under_the_others():
    momentum = settings_by_name(PlaygroundSpec)["momentum"]
    assert momentum.applies(PlaygroundSpec(optimizer="nesterov"))
    assert not momentum.applies(PlaygroundSpec(optimizer="adam"))


def test_differences_are_named_in_order():
    changed = PlaygroundSpec(seed=2, dataset="xor")
    assert PlaygroundSpec().differences(changed) == ("dataset", "seed")
