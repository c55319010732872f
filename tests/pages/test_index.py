"""The index page: all numbers on it are those that the job has found; what was measured stays; links; advice."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from engine.jobs import Course, Progress
from engine.words import load
from engine.words.indexes import IndexSpec, advice, keeping, told
from engine.words.indexes.cells import cells, hard_question, probe
from engine.words.packaged import packaged
from pages.ui.index_lab import measuring
from pages.ui.index_lab.asked import Asked
from pages.ui.index_lab.note import text
from pages.ui.note_text import Step, parts
from pages.ui.words import room
from tests.engine.words.indexes.test_advice import finding
from tests.pages.conftest import OpenPage
from tests.pages.test_notes import ARXIV, DOI, LINK, SOURCES, controls
from tests.pages.waiting import until

LEE = "packaged:lee-fasttext"
SMALL = {"source": LEE, "rows": "500", "queries": "20", "kinds": "flat,ivf"}
SPEC = IndexSpec(rows=500, queries=20, kinds=("flat", "ivf"))
PATIENCE = 90.0


@pytest.fixture(scope="module", autouse=True)
def opened_before(own_hub: Path):
    room.close()
    load(packaged("lee-fasttext").path, cache=own_hub / "words")
    yield
    room.close()


@pytest.fixture
def space(own_hub: Path):
    return load(packaged("lee-fasttext").path, cache=own_hub / "words")


@pytest.fixture
def folder(space) -> Path:
    """Where the space is kept, with nothing measured of it."""
    for old in space.folder.glob("indexes-*"):
        old.unlink()
    return space.folder


def button(visit: AppTest, label: str) -> Any:
    return next((one for one in visit.button if one.label == label), None)


def figures(visit: AppTest) -> list[dict]:
    return [json.loads(chart.proto.spec) for chart in visit.get("plotly_chart")]


def points(visit: AppTest) -> dict[str, list[tuple[float, float]]]:
    """Return what the plot of indexes shows, by the names of its lines."""
    return {
        trace["name"]: list(zip(trace["x"], trace["y"], strict=True))
        for trace in figures(visit)[0]["data"]
        if trace.get("showlegend", True)
    }


def said(visit: AppTest) -> str:
    return "\n".join(one.value for one in [*visit.main.markdown, *visit.main.caption])


def asked_for(visit: AppTest, name: str) -> str:
    """Return what the address asks for."""
    said = visit.query_params[name]
    return said if isinstance(said, str) else said[0]


def keep(folder: Path, *, whole: bool = True, spec: IndexSpec = SPEC) -> list[dict]:
    """Have something measured already, of which the numbers are known."""
    findings = [
        one | {"title": one["kind"], "knob": "nprobe" if one["kind"] == "ivf" else ""}
        for n, scale in ((125, 1.0), (500, 4.0))
        for one in (
            finding("numpy", 0, n, 1.0, 0.02 * scale, 100 * n),
            finding("flat", 0, n, 1.0, 0.01 * scale, 110 * n),
            finding("ivf", 1, n, 0.5, 0.002 * scale, 200 * n),
            finding("ivf", 4, n, 0.925, 0.005 * scale, 200 * n),
        )
    ]
    keeping.keep(folder, spec, findings, [], whole=whole)
    return findings


def test_what_is_measured_is_what_the_page_shows_and_it_stays(page: OpenPage, folder: Path) -> None:
    visit = page("index.py", **SMALL)
    assert not visit.exception
    assert button(visit, "Measure")
    assert "Press **Measure**" in said(visit)
    button(visit, "Measure").click().run()
    until(visit, lambda: button(visit, "Measure again"), errors=False)
    kept = keeping.kept(folder, SPEC)
    assert kept is not None
    assert kept["whole"]
    measured = [one for one in kept["findings"] if one["n"] == 500]
    assert len(measured) == 1 + 1 + 4
    shown = points(visit)
    assert shown["IVF: lists around centres"] == [
        (one["median_ms"], one["recall"]) for one in measured if one["kind"] == "ivf"
    ]
    assert shown["Flat: all rows"] == [(one["median_ms"], one["recall"]) for one in measured if one["kind"] == "flat"]
    rows = visit.dataframe[0].value
    assert rows["Recall@10"].tolist() == [
        told.share(one["recall"]) for one in sorted(measured, key=lambda one: one["median_ms"])
    ]

    room.close()  # as after the server was ended
    again = page("index.py", **SMALL)
    assert points(again) == shown
    other = page("index.py", **SMALL | {"queries": "21"})
    assert button(other, "Measure")
    assert len(figures(other)) == 1  # that of the cells


def test_all_numbers_of_the_plot_and_the_table_are_those_measured(page: OpenPage, folder: Path) -> None:
    findings = keep(folder)[4:]
    for against, name, unit in (("time", "median_ms", 1), ("memory", "bytes", 1e-6), ("building", "build_seconds", 1)):
        visit = page("index.py", **SMALL, against=against)
        shown = points(visit)
        of_ivf = [one for one in findings if one["kind"] == "ivf"]
        assert shown["IVF: lists around centres"] == [
            (pytest.approx(one[name] * unit), one["recall"]) for one in of_ivf
        ]
        if against == "building":
            assert "numpy, all rows" not in shown
            assert "Plain numpy builds nothing." in said(visit)
        else:
            assert [x for x, _ in shown["numpy, all rows"]] == 2 * [pytest.approx(findings[0][name] * unit)]
        if against == "memory":
            assert "the dashed line, takes 0.05 MB: the vectors themselves" in said(visit)
        if against == "time":
            assert shown["Pareto front"] == [(0.008, 0.5), (0.02, 0.925), (0.04, 1.0)]
    visit = page("index.py", **SMALL)
    assert visit.dataframe[0].value.to_dict("list") == {
        "Index": ["ivf", "ivf", "flat", "numpy"],
        "Setting": ["nprobe 1", "nprobe 4", "–", "–"],
        "Recall@10": ["50.0%", "92.5%", "100%", "100%"],
        "Median": ["0.008 ms", "0.02 ms", "0.04 ms", "0.08 ms"],
        "95 of 100 below": ["0.016 ms", "0.04 ms", "0.08 ms", "0.16 ms"],
        "Memory": ["0.1 MB", "0.1 MB", "0.055 MB", "0.05 MB"],
        "Built in": ["4 s", "10 s", "20 s", "40 s"],
        "Nothing is better": ["in time", "in time", "in time, in memory", ""],
    }
    assert "Plain numpy, the dashed line, takes 0.08 ms." in said(visit)
    visit = page("index.py", **SMALL, size="part")
    assert points(visit)["Flat: all rows"] == [(0.01, 1.0)]


def test_points_come_while_it_is_measured_and_it_can_be_called_off(
    page: OpenPage, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    findings = keep(folder)
    keeping.forget(folder, SPEC)
    going: dict[str, Course | None] = {"course": Course("going", Progress(0.25, "HNSW"), tuple(findings[:4]))}
    jobs = room.words().indexes
    monkeypatch.setattr(type(jobs), "course", lambda *_: going["course"])
    left = []
    monkeypatch.setattr(type(jobs), "leave", lambda _, order, owner: left.append(order))
    visit = page("index.py", **SMALL)
    assert points(visit)["Flat: all rows"] == [(0.01, 1.0)]
    assert not button(visit, "Measure")
    assert not [one for one in visit.subheader if one.value == "Which index to take"]
    going["course"] = Course("going", Progress(0.75, "HNSW"), tuple(findings[:6]))
    visit.run()
    assert points(visit)["Flat: all rows"] == [(0.04, 1.0)]
    assert "IVF: lists around centres" not in points(visit)  # among as many words it is still to come
    faint = [trace for trace in figures(visit)[0]["data"] if trace.get("opacity") == 0.3]
    assert [list(zip(trace["x"], trace["y"], strict=True)) for trace in faint] == [[(0.002, 0.5), (0.005, 0.925)]]
    button(visit, "Cancel").click()
    going["course"] = None
    keep(folder, whole=False)
    visit.run()
    assert len(left) == 1
    assert "This was ended before all was measured" in visit.main.info[0].value
    assert button(visit, "Measure")
    assert points(visit)["Flat: all rows"] == [(0.04, 1.0)]


def test_a_failure_is_told_and_it_can_be_tried_again(
    page: OpenPage, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        type(room.words().indexes), "course", lambda *_: Course("failed", message="It took too much [memory](x).")
    )
    visit = page("index.py", **SMALL)
    assert [one.value for one in visit.error] == ["It took too much \\[memory\\]\\(x\\)\\."]
    assert button(visit, "Measure")


def test_the_advice_is_that_of_the_findings(page: OpenPage, folder: Path) -> None:
    findings = keep(folder)
    shown = said(page("index.py", **SMALL, least="0.9"))
    assert advice(findings, 500, 0.9)[0].value == 4
    assert (
        "Take **ivf, nprobe 4**: it finds 92.5% of the 10 nearest in 0.02 ms, takes 0.1 MB and 10 s to build."
        in shown.replace("\\", "")
    )
    assert "Of 4 that are known for 500 vectors, 3 find enough and are small enough" in shown
    assert "To look at all rows takes 0.04 ms, 2 times as long." in shown
    assert "The next is flat: 100% in 0.04 ms, 0.055 MB." in shown
    assert "Measured among 500 words of this space" in shown

    shown = said(page("index.py", **SMALL, vectors="2000", least="0.9"))
    best = advice(findings, 2_000, 0.9)[0]
    assert best.median_ms == pytest.approx(0.08)  # four times as many words took four times as long
    assert "in 0.08 ms, takes 0.4 MB" in shown
    assert (
        "**This was not measured.** What was measured among 125 and 500 words is drawn out to 2,000, 4 times" in shown
    )

    shown = said(page("index.py", **SMALL, least="0.95"))
    assert "Take **flat**" in shown
    assert "It looks at all rows and misses nothing" in shown

    visit = page("index.py", **SMALL, vectors="5000", least="0.9", memory="0")
    assert visit.dataframe[1].value["Known"].unique().tolist() == ["drawn out"]


def test_what_is_too_far_off_or_fits_nowhere_is_told(page: OpenPage, folder: Path) -> None:
    findings = keep(folder)
    visit = page("index.py", **SMALL, vectors="20000")
    assert "does not tell of 20,000" in visit.main.info[0].value.replace("\\", "")
    many = [one | {"bytes": 1e9 * one["n"]} for one in findings]
    keeping.keep(folder, SPEC, many, [], whole=True)
    shown = said(page("index.py", **SMALL, memory="100")).replace("\\", "")
    assert "Nothing that finds 90.0% fits into 100 MB: the smallest for 500 vectors is numpy, with 500 GB." in shown
    lame = [one | {"recall": 0.5} for one in findings]
    keeping.keep(folder, SPEC, lame, [], whole=True)
    assert "Nothing that was measured finds so much: the most is 50.0%" in said(page("index.py", **SMALL))


def test_the_cells_are_those_of_the_open_space(page: OpenPage, folder: Path, space) -> None:
    made = cells(space)
    visit = page("index.py", source=LEE, cells="3")
    place = hard_question(made)
    found = probe(made, place, 3)
    word = space.words[int(made.rows[place])]
    expected = (
        f"**{word}**, asked in the 3 nearest cells of 24: {len(found.found)} of its 10 nearest are found, with "
        f"{found.looked_at} of 1,000 words looked at."
    )
    assert expected in said(visit)
    shown = {trace["name"]: trace for trace in figures(visit)[-1]["data"]}
    assert len(shown["Nearest, found"]["x"]) == len(found.found)
    other = space.words[int(made.rows[5])]
    assert f"**{other}**, asked in the cell that lies nearest of 24" in said(page("index.py", source=LEE, word=other))
    visit = page("index.py", source=LEE, word="<b>")
    assert "is none of the 1,000 words that are drawn" in visit.main.info[0].value


def test_who_comes_from_the_words_page_goes_on_with_its_vectors(page: OpenPage) -> None:
    visit = page("words.py", source=LEE)
    visit.query_params.clear()
    visit.switch_page("index.py").run()
    assert asked_for(visit, "source") == LEE
    assert "**1,762 words** in **10 dimensions**" in [one.value for one in visit.sidebar.markdown]
    slider = next(one for one in visit.select_slider if one.label == "Questions")
    slider.set_value(50).run()
    assert (asked_for(visit, "queries"), asked_for(visit, "source")) == ("50", LEE)


def test_a_link_with_nonsense_opens_with_one_notice(page: OpenPage) -> None:
    visit = page("index.py", source=LEE, rows="1e400", kinds="flat,nothing", cells="-1", least="nan", strange="1")
    assert not visit.exception
    (notice,) = [one.value for one in visit.main.warning]
    assert notice.startswith("Ignored in this link")


def test_no_index_at_all_is_refused_in_words(page: OpenPage) -> None:
    visit = page("index.py", **SMALL)
    visit.button_group[0].set_value([]).run()
    assert "Indexes" in visit.main.warning[0].value
    visit.button_group[0].set_value(["flat"]).run()
    assert not visit.main.warning


def test_extras_are_told_where_they_are_not_installed(page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from engine.words.indexes.kinds import KINDS

    monkeypatch.setitem(KINDS, "annoy", replace(KINDS["annoy"], needs="numpy"))  # type: ignore[arg-type]
    monkeypatch.setitem(KINDS, "hnswlib", replace(KINDS["hnswlib"], needs="no_such_package"))  # type: ignore[arg-type]
    visit = page("index.py", source=LEE)
    assert measuring.EXTRAS.format("hnswlib") in said(visit)
    offered = [option.content for option in visit.button_group[0].proto.options]
    assert "annoy: trees" in offered
    assert "hnswlib: a graph" not in offered


def steps() -> list[Step]:
    return [part for part in parts(text()) if isinstance(part, Step)]


@pytest.mark.parametrize("step", steps(), ids=lambda step: step.words)
def test_a_step_of_the_note_sets_the_page_up(page: OpenPage, step: Step) -> None:
    visit = page("index.py", source=LEE)
    button(visit, step.words).click().run()
    assert not visit.exception
    assert asked_for(visit, "source") == LEE
    asked = Asked.from_strings(step.settings)
    for name in step.settings:
        assert asked_for(visit, name) == asked.text_of(name)


def test_the_note_names_what_is_there_and_leads_to_papers() -> None:
    prose = re.sub(r"```.*?```|\$\$.*?\$\$|\$[^$\n]+\$", "", text().split(SOURCES)[0], flags=re.DOTALL)
    named = set(re.findall(r"\*\*([^*]+)\*\*", prose))
    assert named - controls() - {"recall@10", "Pareto front", "Words"} == set()
    links = LINK.findall(text())
    assert len(links) >= 5
    for words, address in links:
        arxiv, doi = ARXIV.fullmatch(address), DOI.fullmatch(address)
        assert words == (f"arXiv:{arxiv[1]}" if arxiv else f"doi:{doi[1]}" if doi else "")
    assert "<" not in prose
