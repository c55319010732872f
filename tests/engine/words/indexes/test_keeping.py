"""What was measured is kept beside its space, for the very spec, and what is damaged is as if it were not there."""

import json
import os
from pathlib import Path

import pytest

from engine.words.indexes import IndexSpec, keeping, order
from engine.words.indexes.work import measure
from tests.engine.words.compare.conftest import Make, names
from tests.engine.words.indexes.test_advice import finding
from tests.engine.words.indexes.test_measuring import in_groups
from tests.engine.words.indexes.test_work import run

SPEC = IndexSpec(rows=200, queries=10, kinds=("flat", "ivf"))
ONE = finding("flat", 0, 200, 1.0, 0.5, 1_000)


def test_a_measurement_is_kept_whole_for_its_spec_alone(make: Make) -> None:
    space = make(names(200), in_groups(200))
    assert space.folder is not None
    assert keeping.kept(space.folder, SPEC) is None
    findings, _, result = run(space, SPEC)
    assert keeping.kept(space.folder, SPEC) == {**result, "whole": True}
    assert findings == result["findings"]
    assert keeping.kept(space.folder, SPEC.replace(queries=11)) is None
    keeping.forget(space.folder, SPEC)
    assert keeping.kept(space.folder, SPEC) is None
    keeping.forget(space.folder, SPEC)


def test_what_was_measured_before_it_was_called_off_is_kept(make: Make) -> None:
    space = make(names(200), in_groups(200))
    assert space.folder is not None
    going = measure(json.loads(order(space.folder, SPEC).arguments))
    first = next(one for one in going if isinstance(one, dict))
    going.close()
    assert keeping.kept(space.folder, SPEC) == {"findings": [first], "absent": [], "whole": False}


@pytest.mark.parametrize(
    "text",
    ["", "null", "[]", "{}", '{"findings": [], "absent": []}', '{"findings": [{"n": 1}], "absent": [], "whole": true}'],
)
def test_a_damaged_one_is_none(tmp_path: Path, text: str) -> None:
    keeping.keep(tmp_path, SPEC, [ONE], [], whole=True)
    (path,) = tmp_path.iterdir()
    assert keeping.kept(tmp_path, SPEC)
    path.write_text(text)
    assert keeping.kept(tmp_path, SPEC) is None


def test_the_oldest_go(tmp_path: Path) -> None:
    specs = [SPEC.replace(queries=queries) for queries in range(10, 12 + keeping.MOST_KEPT)]
    for place, spec in enumerate(specs):
        keeping.keep(tmp_path, spec, [ONE], [], whole=True)
        newest = max(tmp_path.iterdir(), key=lambda path: path.stat().st_mtime_ns)
        os.utime(newest, (place, place))
    assert len(list(tmp_path.iterdir())) == keeping.MOST_KEPT
    assert keeping.kept(tmp_path, specs[0]) is None


def test_a_disk_that_takes_nothing_is_no_error(tmp_path: Path) -> None:
    keeping.keep(tmp_path / "gone", SPEC, [ONE], [], whole=True)
    assert keeping.kept(tmp_path / "gone", SPEC) is None
