"""The work of the index lab: told as it goes on, whatever is installed."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import DataError
from engine.jobs import Progress
from engine.words import Space
from engine.words.indexes import IndexSpec, advice, order
from engine.words.indexes.kinds import KINDS
from engine.words.indexes.spec import ALL, TITLES
from engine.words.indexes.work import measure
from tests.engine.words.compare.conftest import Make, names
from tests.engine.words.indexes.test_measuring import in_groups


def run(space: Space, spec: IndexSpec) -> tuple[list[dict], list[Progress], dict]:
    """Carry out an order as the process of a job would; return its findings, its progress and its result."""
    assert space.folder is not None
    wanted = order(space.folder, spec)
    assert wanted.work == "engine.words.indexes.work:measure"
    going, findings, told = measure(json.loads(wanted.arguments)), [], []
    while True:
        try:
            one = next(going)
        except StopIteration as end:
            return findings, told, json.loads(json.dumps(end.value, allow_nan=False))
        told.append(one) if isinstance(one, Progress) else findings.append(one)


def test_each_index_is_told_as_soon_as_it_is_measured(make: Make) -> None:
    space = make(names(800), in_groups(800))
    findings, told, result = run(space, IndexSpec(rows=600, queries=30, kinds=("hnsw", "pq", "hnsw")))
    assert [(one["n"], one["kind"], one["value"]) for one in findings] == [
        (n, kind, value)
        for n in (150, 600)
        for kind, values in (("numpy", (0,)), ("hnsw", (16, 64, 256)), ("pq", (0,)))
        for value in values
    ]
    assert result == {"findings": findings, "absent": []}
    shares = [one.share or 0.0 for one in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, pytest.approx((3 * 150 + 2 * 600) / (3 * 750)))
    for one in findings:
        assert one["title"] == TITLES[one["kind"]]
        assert 0 < one["median_ms"] <= one["p95_ms"]
        assert min(one["bytes"], one["build_seconds"]) > 0
        assert 0 <= one["recall"] <= 1
    assert [one["recall"] for one in findings if one["kind"] == "numpy"] == [1.0, 1.0]
    best = advice(findings, 600, 0.9)[0]
    fitting = [one for one in findings if one["n"] == 600 and one["recall"] >= 0.9]
    assert best.median_ms == min(one["median_ms"] for one in fitting)


def test_it_goes_on_from_finding_to_finding(make: Make) -> None:
    space = make(names(150), in_groups(150))
    going = measure(json.loads(order(space.folder, IndexSpec(rows=150, queries=10)).arguments))  # type: ignore[arg-type]
    seen = [next(going) for _ in range(3)]
    assert [isinstance(one, Progress) for one in seen] == [True, True, False]
    going.close()


def test_what_is_not_installed_is_absent(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, "annoy", replace(KINDS["annoy"], needs="no_such_package"))  # type: ignore[arg-type]
    findings, _, result = run(make(names(120), in_groups(120)), IndexSpec(queries=10, kinds=("annoy", "flat")))
    assert result["absent"] == ["annoy"]
    assert {one["kind"] for one in findings} == {"numpy", "flat"}


def test_more_words_than_fit_into_memory_are_not_taken(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.words.indexes.work.MOST_NUMBERS", 32 * 200)
    findings, _, _ = run(make(names(800), in_groups(800)), IndexSpec(queries=10, kinds=("flat",)))
    assert {one["n"] for one in findings} == {200}


def test_kinds_that_do_not_suit_so_few_words_are_left_out(make: Make) -> None:
    findings, _, result = run(make(names(2), in_groups(2)), IndexSpec(queries=10, kinds=("flat", "pq")))
    assert {one["kind"] for one in findings} == {"numpy", "flat"}
    assert result["absent"] == []


def test_all_kinds_have_a_title() -> None:
    assert set(ALL) | {"numpy"} == set(KINDS) == set(TITLES)


def test_a_space_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="not kept any more"):
        next(measure(json.loads(order(tmp_path / "gone", IndexSpec()).arguments)))
