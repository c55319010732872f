"""Pairs of one's own in the translation lab: they are learnt, what was left out is told, and there is no script."""

from pathlib import Path

import pytest

from engine.errors import DataError, RunError
from engine.labs.translation import LAB, TranslationSpec
from engine.labs.translation_experiment import TranslationExperiment
from engine.words.texts import own

pytestmark = pytest.mark.usefixtures("one_thread")

PAIRS = "".join(f"one {at}\tun {at}\n" for at in range(30))


def test_pairs_of_ones_own_are_learnt_and_what_was_left_out_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))
    asked = own.keep(tmp_path, [b"no tab\n", PAIRS.encode()], "pairs.tsv", "me")
    experiment = TranslationExperiment(TranslationSpec(pairs="own", own=asked, units=8, batch_size=10, max_epochs=1))
    steps = list(experiment.steps())
    assert len(steps) == 4
    told = experiment.observe(steps[-1]).words["pairs"]
    assert told == "pairs.tsv: 27 pairs are learnt, 3 are held out. Left out: line 1 has no tab."
    with pytest.raises(RunError, match="would need your pairs"):
        experiment.script((), 10)


def test_pairs_that_are_not_there_are_said_before_a_run_is_opened() -> None:
    with pytest.raises(DataError, match="No text of yours is chosen yet"):
        LAB.panels(TranslationSpec(pairs="own"))
