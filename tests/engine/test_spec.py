"""Specs: every spelling of a setting comes back as it was, and nothing hostile gets in."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import SpecError
from engine.labs.catalogue import LABS
from engine.labs.playground import PlaygroundSpec
from engine.labs.pretrained import PretrainedSpec
from engine.spec import MAX_VALUE_CHARS, Ignored, knobs, settings_by_name, unfitting


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


@settings(max_examples=150)
@given(_specs())
def test_json_and_link_give_the_spec_back(spec):
    assert PlaygroundSpec.from_json(spec.to_json()) == spec
    assert PlaygroundSpec.from_link(spec.to_link()) == (spec, ())
    assert all(isinstance(value, str) for value in spec.to_link().values())


@settings(max_examples=300)
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
    names = {part.name for part in ignored}
    assert names <= set(strings)
    assert len(names) == len(ignored)
    # What was not ignored is what the link says.
    kept = {name: text for name, text in strings.items() if name not in names}
    assert PlaygroundSpec.from_strings(kept) == spec


@settings(max_examples=200)
@given(st.one_of(st.text(max_size=60), st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps)))
def test_text_that_is_no_object_is_refused_in_one_sentence(text):
    if text.strip() == "{}":
        return
    with pytest.raises(SpecError, match=r"[.?]$"):
        PlaygroundSpec.from_json(text)


def test_a_link_tells_what_is_unknown_from_what_does_not_fit_together():
    strings = {"batch_size": "1", "normalisation": "batch", "seed": "5", "noise": "nan", "colour": "red"}
    spec, ignored = PlaygroundSpec.from_link(strings)
    assert spec == PlaygroundSpec(seed=5)
    assert ignored == (
        Ignored("noise", "unknown"),
        Ignored("colour", "unknown"),
        Ignored("batch_size", "together"),
        Ignored("normalisation", "together"),
    )
    two = {"batch_size": "1", "normalisation": "batch", "dataset": "plane", "loss": "hinge", "seed": "5"}
    spec, ignored = PlaygroundSpec.from_link(two)
    assert spec == PlaygroundSpec()
    assert {part.why for part in ignored} == {"together"}


@pytest.mark.parametrize("lab", LABS.values(), ids=list(LABS))
def test_no_setting_takes_a_longer_text_than_a_link_carries(lab):
    """Such a text could be typed, and neither be kept in the link nor change while the run goes on."""
    for setting in knobs(lab.spec):
        if setting.kind == "text":
            assert setting.max_length in range(MAX_VALUE_CHARS + 1), setting.name


def test_the_longest_sentence_comes_back_from_its_link():
    longest = "a" * settings_by_name(PretrainedSpec)["text"].max_length
    spec, ignored = PretrainedSpec.from_link(PretrainedSpec(text=longest).to_link())
    assert (spec.text, ignored) == (longest, ())


@pytest.mark.parametrize("text", ["1_000", " 7", "7 ", "٧", "７", "1e3", "1.0", "0x7", "", "--7"])
def test_whole_numbers_are_plain_digits(text):
    for name, value in (("seed", text), ("units", f"{text or '_'},x")):
        with pytest.raises(SpecError, match=f"^{name}: expected "):
            PlaygroundSpec.from_strings({name: value})
        assert PlaygroundSpec.from_link({name: value}) == (PlaygroundSpec(), (Ignored(name, "unknown"),))


@pytest.mark.parametrize("text", ["0_0.5", " 0.5", "٠.5", "0,5", "", ".", "1e", "nan"])
def test_numbers_are_plain_digits(text):
    with pytest.raises(SpecError, match=r"^noise: expected a number from 0 to 1, received "):
        PlaygroundSpec.from_strings({"noise": text})
    for good in ("0.5", ".5", "5e-1", "+0.5", "5E-01"):
        assert PlaygroundSpec.from_strings({"noise": good}).noise == 0.5


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"features": ()}, "Inputs: expected some of x, y, x², y², xy, sin πx, sin πy, received none."),
        ({"seed": -1}, "Seed: expected a whole number from 0 to 999999, received -1."),
        (
            {"dataset": "plane", "loss": "logistic"},
            "Loss: expected one of Fitting the problem, Squared error, Absolute error, Huber, for this data set asks "
            "for numbers; received Logistic.",
        ),
        (
            {"batch_size": 1, "normalisation": "batch"},
            "Batch size: expected 2 or more with the normalisation Batch norm, which compares points; received 1.",
        ),
        ({"activation": ["relu"]}, None),
    ],
)
def test_an_error_is_also_told_in_the_words_of_the_form(changes, words):
    with pytest.raises(SpecError) as caught:
        PlaygroundSpec().replace(**changes)
    assert words is None or caught.value.words == words


@pytest.mark.parametrize(
    "dataset", [name for name in settings_by_name(PlaygroundSpec)["dataset"].options if name not in ("csv", "drawn")]
)
def test_the_losses_that_are_offered_are_those_that_are_allowed(dataset):
    spec = PlaygroundSpec(dataset=dataset)
    for loss in settings_by_name(PlaygroundSpec)["loss"].options:
        assert (_valid({"dataset": dataset, "loss": loss}) is not None) == (loss in spec.fitting_losses())


def test_what_does_not_fit_the_rest_is_found():
    spec = PlaygroundSpec.model_construct(**{**PlaygroundSpec().model_dump(), "dataset": "plane", "loss": "logistic"})
    assert [setting.name for setting in unfitting(spec)] == ["loss"]
    columns = PlaygroundSpec(dataset="iris", inputs_from="columns", column_x="nope", column_y="petal width (cm)")
    assert [setting.name for setting in unfitting(columns)] == ["column_x"]
    # Where it does not matter it is no misfit, and where nothing is known neither.
    assert not unfitting(columns.replace(inputs_from="principal"))
    assert not unfitting(PlaygroundSpec(dataset="csv", upload="a" * 64, target="kind", loss="hinge"))


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


def test_half_a_character_is_refused_in_one_sentence():
    with pytest.raises(SpecError, match="a lone surrogate"):
        PlaygroundSpec.from_json('{"target": "\\ud800"}')
