"""A transformer learns a text that somebody has brought: its pieces are the text, and its script would need it."""

from pathlib import Path
from typing import Any

import pytest

from engine.errors import DataError, RunError
from engine.labs.transformers import TransformersSpec, panels
from engine.labs.transformers_experiment import TransformersExperiment
from engine.words.texts import own
from tests.engine.labs.test_transformers import SMALL, walked
from tests.engine.labs.test_transformers_answers import asked

pytestmark = pytest.mark.usefixtures("one_thread")

TALE = "The king and the queen live in a castle. Zoë the dog lives in a house.\n" * 30


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))
    return tmp_path


def spec_of(text: bytes, name: str, home: Path, **settings: Any) -> TransformersSpec:
    kept = own.keep(home, [text], name, "ann")
    return TransformersSpec(**{**SMALL, "sequences": "text", "style": "own", "own": kept, **settings})


def test_its_pieces_are_the_text_and_what_is_held_out_is_of_it(home: Path) -> None:
    experiment = TransformersExperiment(spec_of(TALE.replace("\n", "\r\n").encode(), "tale.txt", home))
    made = experiment.prepared.made
    assert made.symbols == tuple(sorted(set(TALE)))
    written = ["".join(made.symbols[symbol] for symbol in row) for row in made.read]
    assert len(written) == (len(TALE) - 1) // 8
    assert "".join(written) == TALE[: 8 * len(written)]
    assert experiment.words()["data"].startswith("tale.txt: 200 training and 66 validation sequences")
    _, moment = walked(experiment, 2)
    row = made.read[experiment.prepared.validation[0]]
    assert moment.words["read"].replace("\n", "").replace("␣", " ").replace("⏎", "\n") == "".join(
        made.symbols[symbol] for symbol in row
    )
    assert asked(experiment, "Zoë").words["read"] == "Z\no\në"


def test_a_letter_that_a_text_of_few_does_not_have_is_told(home: Path) -> None:
    experiment = TransformersExperiment(spec_of(b"ab" * 100, "ab.txt", home, letters=26))
    walked(experiment, 1)
    with pytest.raises(RunError, match="The net knows no 'x': expected symbols from among those of the text"):
        asked(experiment, "xx")


def test_no_more_of_it_is_read_than_so_many_sequences(home: Path) -> None:
    made = TransformersExperiment(spec_of(TALE.encode(), "tale.txt", home, samples=200)).prepared.made
    assert made.read.shape == (200, 8)


def test_an_encoder_fills_it_in_and_of_a_table_a_column_is_read(home: Path) -> None:
    table = "id,said,by\n" + "".join(
        f"{n},the dog barks at the cat,ann or zoe or those of the house\n" for n in range(30)
    )
    spec = spec_of(table.encode(), "said.csv", home, shape="encoder", column="said")
    made = TransformersExperiment(spec).prepared.made
    assert made.symbols == (*sorted(set("the dog barks at the cat\n")), "_")
    assert (made.read == len(made.symbols) - 1).any()
    wordiest = TransformersExperiment(spec.replace(column="")).prepared.made
    assert "z" in wordiest.symbols


def test_where_it_is_not_here_that_is_said_before_a_run_is_opened(home: Path) -> None:
    spec = TransformersSpec(sequences="text", style="own")
    with pytest.raises(DataError, match="No text of yours is chosen yet: paste one or upload one"):
        panels(spec)
    with pytest.raises(DataError, match="is not kept on this server any more, or never was"):
        panels(spec.replace(own="ab" * 32))
    assert panels(spec.replace(sequences="copy")), "another task needs no text"


def test_its_script_would_need_the_text(home: Path) -> None:
    with pytest.raises(RunError, match="A script of this run would need your text"):
        TransformersExperiment(spec_of(TALE.encode(), "tale.txt", home)).script([], 10)
