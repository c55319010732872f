"""The page of Translation: pairs of one's own are pasted and learnt from, or it is told why not."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from engine.words.texts import own
from pages.ui import house, texts
from tests.pages.conftest import OpenPage
from tests.pages.test_own_texts import press, run_of
from tests.pages.waiting import told, until

SMALL = {"hide": "note", "units": "4", "dimensions": "4", "max_epochs": "1"}
PAIRS = "".join(f"one {at}\tun {at}\n" for at in range(30))


def area(visit: AppTest, asks: str):
    return next(one for one in visit.text_area if one.placeholder == asks)


def test_pasted_pairs_are_learnt_and_what_is_none_is_told(page: OpenPage, own_hub: Path) -> None:
    visit = page("translation.py", pairs="own", **SMALL)
    assert any("No text of yours is chosen yet" in one.replace("\\", "") for one in told(visit))
    assert not run_of(visit)
    area(visit, texts.PAIRS).set_value(PAIRS)
    press(visit, "Use this text")
    until(visit, lambda: run_of(visit))
    (kept,) = (one for one in own.TEXTS.folders(own_hub) if (one / "file").read_bytes() == PAIRS.encode())
    assert f'"own":"{kept.name}"' in house.hub().get(run_of(visit)).spec


def test_a_second_file_holds_the_targets(page: OpenPage, own_hub: Path) -> None:
    sides = ["\n".join(line.split("\t")[side] for line in PAIRS.splitlines()) for side in (0, 1)]
    first, second = (own.keep(own_hub, [side.encode()], "side.txt", "me") for side in sides)
    visit = page("translation.py", pairs="own", own=first, own_targets=second, **SMALL)
    until(visit, lambda: run_of(visit))
    assert f'"own_targets":"{second}"' in house.hub().get(run_of(visit)).spec
    assert not told(visit)
