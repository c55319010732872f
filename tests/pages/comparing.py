"""The page that compares spaces, opened on two files, and what is read off it."""

import json
from pathlib import Path

from streamlit.testing.v1 import AppTest

from engine.words import Space, load
from engine.words.packaged import packaged
from tests.pages.conftest import OpenPage
from tests.pages.waiting import until

LEE, NEWS = "packaged:lee-fasttext", "packaged:euclidean"
TWO = {"a.source": LEE, "b.source": NEWS}
PATIENCE = 120.0
Two = tuple[Space, Space]


def both(home: Path) -> Two:
    """Open both spaces, and a small third one, so that only comparisons are waited for."""
    kept = home / "words"
    load(packaged("glove").path, cache=kept)
    return load(packaged("lee-fasttext").path, cache=kept), load(packaged("euclidean").path, cache=kept)


def goes_on(visit: AppTest) -> bool:
    return any(button.label == "Cancel" for button in visit.button)


def compared(page: OpenPage, **address: str) -> AppTest:
    """Open the page, and return it when all that it begins by itself is done."""
    visit = page("compare_words.py", **(TWO | address))
    return until(visit, lambda: not goes_on(visit), errors=False)


def metrics(visit: AppTest) -> dict[str, str]:
    return {one.label: one.value for one in visit.metric}


def figures(visit: AppTest) -> list[dict]:
    """Return the figures that a page shows, with what is told of each."""
    return [json.loads(one.proto.spec) | {"alt": one.proto.alt} for one in visit.get("plotly_chart")]


def tables(visit: AppTest) -> list[dict[str, list[str]]]:
    return [one.value.to_dict("list") for one in visit.table]


def said(visit: AppTest) -> str:
    return " ".join(one.value for one in (*visit.main.markdown, *visit.main.caption)).replace("\\", "")


def signed(value: float, digits: int = 3) -> str:
    return f"{value:.{digits}f}".replace("-", "−")
