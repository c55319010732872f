"""The house rules that a machine can check over the whole tree."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from engine.version import VERSION

ROOT = Path(__file__).parents[1]
PYTHON = [*sorted(path for part in ("engine", "pages") for path in (ROOT / part).rglob("*.py")), ROOT / "app.py"]
BROWSER = sorted(path for path in (ROOT / "assets" / "live").iterdir() if path.suffix in (".js", ".css"))


def test_imports_flow_one_way():
    lint = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert lint.returncode == 0, lint.stdout


@pytest.mark.parametrize("path", BROWSER, ids=lambda path: path.name)
def test_what_the_browser_runs_makes_no_markup_of_data_and_asks_nobody_else(path):
    text = path.read_text()
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text)
    addresses = set(re.findall(r"https?://[^\s\"'`)]+", text))
    assert addresses <= {"http://www.w3.org/2000/svg"}


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_pickle_no_eval_and_no_assert_outside_tests(path):
    tree = ast.parse(path.read_text())
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert not names & {"eval", "exec"}
    assert not imported & {"pickle", "joblib", "dill", "cloudpickle"}
    assert not any(isinstance(node, ast.Assert) for node in ast.walk(tree))


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: str(path.relative_to(ROOT)))
def test_everything_public_says_what_it_is(path):
    tree = ast.parse(path.read_text())
    bodies = [(tree.body, "module")] + [(node.body, node.name) for node in tree.body if isinstance(node, ast.ClassDef)]
    public = [
        f"{owner}.{node.name}"
        for body, owner in bodies
        for node in body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not owner.startswith("_")
        and not ast.get_docstring(node)
    ]
    # An override says what its base said: only properties, overrides and callbacks of a few lines may stay silent.
    assert ast.get_docstring(tree)
    assert [name for name in public if name.startswith("module.")] == []


REQUIREMENTS = sorted(path.name for path in ROOT.glob("requirements*.txt"))


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_requirements_are_pinned_exactly(name):
    lines = [line for line in (ROOT / name).read_text().splitlines() if line and not line.startswith("#")]
    assert [line for line in lines if not re.fullmatch(r"[a-zA-Z0-9._-]+(\[[a-z]+\])?==[0-9][^,;*\s]*", line)] == []


def test_extras_are_among_what_tests_need():
    extras, tests = (
        {line for line in (ROOT / name).read_text().splitlines() if "==" in line}
        for name in ("requirements-extras.txt", "requirements-dev.txt")
    )
    assert extras
    assert extras <= tests


def test_files_that_one_takes_away_name_this_version():
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == VERSION


def test_readme_names_only_targets_that_exist():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    named = set(
        re.findall(r"`?make ([a-z]+)", (ROOT / "README.md").read_text() + (ROOT / "CONTRIBUTING.md").read_text())
    )
    assert named
    assert named <= targets


@pytest.mark.parametrize("path", [*PYTHON, *BROWSER], ids=lambda path: str(path.relative_to(ROOT)))
def test_no_mark_of_a_merge_was_left(path):
    assert not re.search(r"^(<{7}|>{7}) ", path.read_text(), re.MULTILINE)
