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


def test_only_the_frequent_words_are_known_where_that_is_asked_for_and_what_is_not_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))
    lines = "".join(f"the w{chr(0x4E00 + at)} is {at}\tle m{chr(0x4E00 + at)} est {at}\n" for at in range(200))
    asked = own.keep(tmp_path, [lines.encode()], "pairs.tsv", "me")
    spec = TranslationSpec(pairs="own", own=asked, units=8, own_symbols=50)
    experiment = TranslationExperiment(spec)
    assert len(experiment.prepared.source) == len(experiment.prepared.target) == 50
    told = experiment.words()["inputs"]
    read, written = experiment.prepared.unknown
    assert told == (
        f"50 symbols to be read, 50 to be written; of those held out {read:.1%} and {written:.1%} are not among them"
    )
    assert 0.1 < read < 0.3
    whole = TranslationExperiment(spec.replace(own_symbols=8_000)).words()["inputs"]
    assert whole.startswith("197 symbols to be read, 197 to be written; ")


def test_pairs_that_are_not_there_are_said_before_a_run_is_opened() -> None:
    with pytest.raises(DataError, match="No text of yours is chosen yet"):
        LAB.panels(TranslationSpec(pairs="own"))
