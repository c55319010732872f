"""Who is to blame, in words and as bars: what is told follows from the counts; and asking it on the page."""

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from engine.figures.translation_decoding import NET, RIGHT, SEARCH, Width, blame_figure
from engine.labs.translation import TranslationSpec
from engine.labs.translation_experiment import TranslationExperiment
from engine.runs import why
from engine.translation.blame_spec import BlameSpec
from pages.ui import house, why_room
from pages.ui.translation.blame import NO_RUN, USUAL, WIDTHS, verdict
from tests.bench.test_killed import alive
from tests.pages import waiting_work
from tests.pages.conftest import OpenPage
from tests.pages.test_learnt import command
from tests.pages.test_own_texts import press
from tests.pages.test_playground import run_of
from tests.pages.waiting import told, until

SMALL = {"units": "4", "dimensions": "4", "most": "99"}


@pytest.fixture
def asking(own_hub: Path) -> Iterator[None]:
    why_room.close()  # who answers is started with the home and the database of this test
    yield
    why_room.close()


def said(visit: AppTest) -> str:
    return " | ".join(one.value for one in (*visit.markdown, *visit.caption)).replace("\\", "")


def drained(work: Any) -> dict[str, Any]:
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value


@pytest.mark.usefixtures("asking", "one_thread")
def test_the_net_is_asked_as_it_stands_beside_its_training(page: OpenPage) -> None:
    visit = page("translation.py", **SMALL)
    run = run_of(visit)
    for step in (1, 2, 3):
        command(run, "step", lambda now, step=step: now.step == step)
    press(visit.run(), "Who is to blame?")
    until(visit, lambda: "The net at step 3, 10 pairs held out, length penalty 0." in said(visit))
    experiment = TranslationExperiment(TranslationSpec.from_json(run.spec))
    next(islice(experiment.steps(), 3, None))
    expected = drained(experiment.blamed(BlameSpec()))
    (table,) = (one.value for one in visit.dataframe if "the net is to blame" in one.value)
    rows = [{name: row[name] for name in ("beams", "right", "net", "search")} for row in expected["widths"]]
    names = ["beams", "right", "the net is to blame", "the search is to blame"]
    assert table[names].to_numpy().tolist() == [list(row.values()) for row in rows]
    assert table["BLEU"].tolist() == [round(row["bleu"], 2) for row in expected["widths"]]
    assert not told(visit)
    assert house.hub().get(run.id).step == 3


@pytest.mark.usefixtures("asking")
def test_it_is_told_what_share_is_done_and_who_calls_it_off_ends_the_process(
    page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(why, "WORK", waiting_work.__name__)
    visit = page("translation.py", **SMALL)
    press(visit, "Who is to blame?")

    def process() -> int:
        found = [re.search(r"process (\d+)", bar.proto.text) for bar in visit.get("progress")]
        return int(found[0][1]) if found and found[0] else 0

    until(visit, process)
    first = process()
    assert [bar.proto.value for bar in visit.get("progress")] == [100 * waiting_work.SHARE]
    assert alive(first)
    press(visit, "Cancel")
    until(visit, lambda: not alive(first))
    assert any("This was called off" in one for one in told(visit))
    press(visit, "Ask")
    until(visit, process)
    assert process() != first
    press(visit, "Cancel")
    press(visit, "Who is to blame?")  # as good as the other way
    until(visit, process)
    press(visit, "Cancel")


def test_without_a_run_nobody_is_asked(page: OpenPage, own_hub: Path) -> None:
    visit = page("translation.py", pairs="own")
    assert any(NO_RUN in one for one in told(visit))


@pytest.mark.parametrize(
    ("width", "told"),
    [
        (Width(4, 90, 0, 0), "nobody is to blame"),
        (Width(4, 80, 7, 3), "Mostly the **net** is to blame"),
        (Width(4, 80, 3, 7), "Mostly the **search** is to blame"),
        (Width(1, 80, 5, 5), "Mostly the **net**"),
    ],
)
def test_the_larger_part_of_what_is_wrong_at_the_widest_has_the_blame(width: Width, told: str) -> None:
    said = verdict([Width(1, 0, 90, 0), width])
    assert told in said
    if width.net + width.search:
        assert f"{width.net + width.search} are wrong" in said


def test_the_bars_of_a_width_add_up_to_all_pairs() -> None:
    widths = [Width(1, 50, 30, 20), Width(4, 60, 35, 5)]
    drawn = blame_figure(widths)
    by_name = {trace["name"]: trace for trace in drawn["data"]}
    assert by_name[RIGHT]["x"] == ["1 beam", "4 beams"]
    assert [by_name[name]["y"] for name in (RIGHT, NET, SEARCH)] == [[50, 60], [30, 35], [20, 5]]
    assert drawn["layout"]["barmode"] == "stack"
    assert len({trace["marker"]["pattern"]["shape"] for trace in drawn["data"]}) == 3, "told apart without colours"


def test_what_is_chosen_at_first_can_be_chosen() -> None:
    assert set(USUAL) <= set(WIDTHS)
