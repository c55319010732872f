import math
from pathlib import Path

import pytest

from engine.labs.catalogue import LABS
from engine.runs.curve import make_curve
from engine.runs.run import STATES, Run
from pages.ui import run_words
from tests.engine.runs.test_shelf import OPENING, heads


def run(spec: str, **more: object) -> Run:
    return Run("a", "playground", spec, "me", "stopped", 1_234, "", 1.0, 1.0, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "words", "all_words"),
    [
        ({}, "as it opens", "as it opens"),
        ({"dataset": "xor"}, "XOR", "XOR"),
        (
            {"dataset": "xor", "units": "4,3", "dropout": "0.5"},
            "XOR · Hidden layers 4, 3 · Dropout 0.5",
            "XOR · Hidden layers 4, 3 · Dropout 0.5",
        ),
        (
            {"dataset": "xor", "units": "", "activation": "relu", "learning_rate": "0.3", "seed": "3"},
            "XOR · Hidden layers none · ReLU · 2 more",
            "XOR · Hidden layers none · ReLU · Learning rate 0.3 · Seed 3",
        ),
    ],
)
def test_a_run_is_told_from_others_by_its_settings(changes: dict[str, str], words: str, all_words: str):
    made = run(LABS["playground"].spec.from_strings(changes).to_json())
    assert run_words.settings(made) == words
    assert set(run_words.settings(made, most=None).split(" · ")) == set(all_words.split(" · "))
    assert run_words.title(made) == f"Playground · {words}"
    assert run_words.title(run(made.spec, name="Mine")) == "Mine"


def test_a_run_of_another_version_has_words_too():
    assert run_words.settings(run('{"colour": 1}')) == "of an older version"


def test_how_a_run_stands():
    assert run_words.standing(run("{}")) == "stopped at step 1,234"
    assert run_words.standing(run("{}"), waits=True) == "waiting for its turn at step 1,234"
    assert set(run_words.STATE_WORDS) == set(STATES)


def test_the_best_score_in_words():
    curve = make_curve(OPENING, [0, 1, 2], heads((1, 1, 0, 0.25), (1, 1, 0, 0.975), (1, 1, 0, math.nan)))
    assert run_words.best(curve) == "best validation accuracy 0.9750"
    assert run_words.best(make_curve(OPENING, [0], heads((1, 1, 0, math.nan)))) == ""
    assert run_words.best(None) == ""


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.0, "0.000"),
        (0.1234, "0.1234"),
        (0.001234, "0.001234"),
        (-12.34, "−12.34"),
        (12345.6, "12346"),
        (0.00003371, "3.4e−5"),
        (123456.0, "1.2e5"),
        (1e300, "1.0e300"),
        (math.nan, "–"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
    ],
)
def test_a_number_is_written_as_the_live_panel_writes_it(value: float, words: str):
    assert run_words.number(value) == words


def test_states_are_called_as_in_the_live_panel():
    module = (Path(__file__).parents[2] / "assets" / "live" / "states.js").read_text()
    for word in run_words.STATE_WORDS.values():
        assert f'word: "{word.capitalize()}"' in module


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "just now"),
        (59, "just now"),
        (60, "1 minute ago"),
        (7_199, "1 hour ago"),
        (200_000, "2 days ago"),
        (-5, "just now"),
    ],
)
def test_times_in_words(seconds: float, words: str):
    assert run_words.ago(seconds) == words
