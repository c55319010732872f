"""Analogies in files that people bring: words that are markup, words without a direction, too few words; riddles and
failures of a space that is made for them.
"""

import re
from pathlib import Path

import numpy as np
from streamlit.testing.v1 import AppTest

from engine.words import load
from engine.words.examples import WELL_KNOWN
from engine.words.gallery import gallery
from engine.words.riddles import riddle
from tests.pages.test_analogies import answers, numbers_of, planes, press, shown, view
from tests.pages.test_words import lists, open_box

HOSTILE = "<img/src=x>[a](http://b.c)$x$"


def section(file: str, kept: str) -> None:
    from engine.words import load
    from pages.ui.words.analogies import analogies
    from pages.ui.words.slot import desk

    analogies(desk(), load(file, cache=kept))


def of_file(tmp_path: Path, rows: str, formula: str, expected: str = "") -> AppTest:
    """Return the section with the vectors of a small file."""
    (tmp_path / "vectors.txt").write_text(rows)
    visit = AppTest.from_function(
        section, kwargs={"file": str(tmp_path / "vectors.txt"), "kept": str(tmp_path / "kept")}
    )
    visit.query_params["section"] = "analogies"
    visit.query_params["formula"] = formula
    visit.query_params["expected"] = expected
    return visit.run()


def test_words_are_shown_letter_by_letter(tmp_path: Path, own_hub: Path):
    rows = f"{HOSTILE} 1 0.1 0\nb 0 1 0.2\nc 0.3 0 1\n<b>d</b> 0.9 0.7 0.2\n"
    visit = of_file(tmp_path, rows, f"b - c + {HOSTILE}", "<b>d</b>")
    assert not visit.exception
    assert len(lists(visit)) == 3
    (plane,) = planes(visit)
    assert HOSTILE in [one["label"] for one in plane["points"]], "drawn letter by letter"
    told = [one.value for one in (*visit.markdown, *visit.caption, *visit.info)]
    told += [cell for column in numbers_of(visit).values.T for cell in column]
    told += [button.label for button in visit.button]
    assert any("img" in one for one in told)
    assert not [one for one in told if re.search(r"(?<!\\)<(img|b)|(?<!\\)\]\(", one)]


def test_words_without_a_direction(tmp_path: Path, own_hub: Path):
    rows = "a 1 0\nb 0 1\nnull 0 0\nnil 0 0\nc 1 1\n"
    visit = of_file(tmp_path, rows, "a - null + nil")
    assert not visit.exception
    assert [row[0] for row in answers(visit)["3CosAdd"]] == ["c", "b"]
    visit = of_file(tmp_path, rows, "a - b + c", "null")
    assert not visit.exception
    assert "no direction" in visit.warning[0].value
    visit = of_file(tmp_path, rows, "nil - null + nil")
    assert not visit.exception


def test_a_space_of_a_few_words_begins_with_something(tmp_path: Path, own_hub: Path):
    visit = of_file(tmp_path, "a 1 0\nb 0 1\n", "")
    assert not visit.exception
    assert visit.query_params["formula"]


KNOWN = {word for name in ("man and woman", "verb and past") for pair in WELL_KNOWN[name] for word in pair}


WORDS = sorted(KNOWN | {"hot", "warm", "cold", "host", "hostess", "hospital", "doctor", "nurse"})


def made_up(tmp_path: Path) -> str:
    vectors = np.random.default_rng(4).normal(size=(len(WORDS), 6)).tolist()
    return "".join(f"{word} {' '.join(map(repr, row))}\n" for word, row in zip(WORDS, vectors, strict=True))


def test_one_guesses_before_one_sees(tmp_path: Path, own_hub: Path):
    visit = view(of_file(tmp_path, made_up(tmp_path), "king - man + woman"), "Guess first")
    space = load(tmp_path / "vectors.txt", cache=tmp_path / "kept")
    right = space_right = 0
    for number in range(4):
        shown = riddle(space, number)
        assert shown is not None
        assert (
            visit.markdown[0].value == f"**{shown.given[0]}** is to **{shown.given[1]}** as **{shown.asked}** is to …"
        )
        assert not [*visit.success, *visit.warning, *lists(visit)], "nothing is told before one has guessed"
        word = shown.right if number % 2 else next(one for one in shown.choices if one != shown.right)
        press(visit, word)
        said = space.analogy([shown.asked, shown.given[1]], [shown.given[0]], 1)[0][0]
        right += word == shown.right
        space_right += said == shown.right
        (told,) = visit.success if word == shown.right else visit.warning
        assert f"**{shown.right}** ({shown.relation})" in told.value
        assert f"The space says **{said}**" in told.value
        assert visit.caption[0].value == f"Of {number + 1}, you had {right} right, the space {space_right}."
        assert all(button.disabled for button in visit.button if button.label in shown.choices)
        if number < 3:
            press(visit, "Next")
    press(visit, "Look at it")
    assert visit.query_params["formula"] == str(shown.formula)
    assert visit.query_params["expected"] == shown.right
    assert len(lists(visit)) == 3


def test_failures_are_asked_of_this_very_space(tmp_path: Path, own_hub: Path):
    visit = view(of_file(tmp_path, made_up(tmp_path), "king - man + woman"), "Where it fails")
    space = load(tmp_path / "vectors.txt", cache=tmp_path / "kept")
    entries = gallery(space)
    assert [entry.name for entry in entries] == ["input", "neighbour", "many-to-one", "forbidden", "opposites"]
    told = [one.value.replace("\\", "") for one in (*visit.markdown, *visit.caption)]
    for entry in entries:
        found = entry.check(space)
        words = ", ".join(f"**{word}** {shown(score)}" for word, score in found.answers[:3])
        place = "is not among the answers" if found.rank is None else f"is answer {found.rank}"
        assert f"{entry.formula}  →  {words}.  \nExpected: **{entry.expected}**, which {place}." in told
        assert f"**{entry.title}**" in told
        assert f"{found.evidence} *{entry.paper}*" in told
    failed = [entry.check(space).failed for entry in entries]
    assert told.count("In this space it does not fail for this reason.") == failed.count(False)
    visit.button(key=next(b.key for b in visit.button if str(b.key).endswith("failure.input"))).click().run()
    assert not visit.exception
    assert visit.query_params["formula"] == "king - host + hostess"
    assert [rows[0][0] for rows in answers(visit).values()]
    open_box(visit, "how")
    assert next(one for one in visit.toggle if one.label == "Input words may be answers").value


def test_where_little_is_known_it_is_said(tmp_path: Path, own_hub: Path):
    visit = view(of_file(tmp_path, "a 1 0\nb 0 1\nc 1 1\n", "a - b + c"), "Guess first")
    assert "Too little is known" in visit.info[0].value
    view(visit, "Where it fails")
    assert "not one has all its words" in visit.info[0].value
