"""Examples and exercises on the page, and links to them."""

from tests.pages.conftest import OpenPage
from tests.pages.test_playground import LAB, address_of, field, run_of, spec_of, unescaped


def choose(visit, name: str):
    return field(visit, "preset", "selectbox").select(name).run()


def test_an_example_fills_the_form_and_asks_before_it_tells(page: OpenPage):
    visit = page(noise="0.3")
    before = run_of(visit)
    choose(visit, "dead-relus")
    preset = LAB.preset("dead-relus")
    assert preset is not None
    assert preset.question is not None
    assert not visit.exception
    assert run_of(visit).id != before.id
    assert LAB.spec.from_json(run_of(visit).spec) == preset.spec(LAB.spec)
    assert address_of(visit)["preset"] == "dead-relus"
    assert field(visit, "learning_rate", "select_slider").value == 3.0
    assert not [button for button in visit.button if button.label == "Show it mended"]
    wrong = preset.question.answers[0]
    visit.radio[0].set_value(wrong).run()
    assert preset.question.because in visit.info[0].value
    next(button for button in visit.button if button.label == "Show it mended").click().run()
    assert LAB.spec.from_json(run_of(visit).spec) == preset.mended(LAB.spec)
    assert address_of(visit)["preset"] == "dead-relus"
    choose(visit, "")
    assert "preset" not in address_of(visit)
    assert LAB.spec.from_json(run_of(visit).spec) == preset.mended(LAB.spec)


def test_the_fault_can_be_looked_for_in_the_form_and_the_exercise_stays(page: OpenPage):
    visit = page(preset="zero-weights")
    field(visit, "initialisation", "selectbox").select("he").run()
    assert spec_of(visit)["initialisation"] == "he"
    assert address_of(visit)["preset"] == "zero-weights"
    assert "**Nothing moves**" in [text.value for text in visit.markdown]


def test_a_short_link_to_an_example_has_its_settings_and_what_it_adds(page: OpenPage):
    visit = page(preset="blobs", seed="7")
    assert (spec_of(visit)["dataset"], spec_of(visit)["classes"], spec_of(visit)["seed"]) == ("blobs", 5, 7)
    visit = page(preset="nothing", seed="7")
    assert spec_of(visit)["seed"] == 7
    assert "example of this link is not known" in unescaped(visit.warning[0].value)
