from html import unescape

import pytest
from streamlit.testing.v1 import AppTest

from engine.errors import StoreError
from engine.runs.curve import make_curve
from engine.runs.run import Run
from engine.runs.shelf import Shelf
from pages.ui import address_bar, class_seat, house
from pages.ui.class_table import Line, cells, newest, ordered
from tests.engine.runs.test_shelf import OPENING, heads
from tests.pages.conftest import OpenPage
from tests.pages.test_playground import begin, eventually, run_of, unescaped
from tests.pages.test_run_list import person_of

CLASS_VIEW = "class.py"


def sit(page: OpenPage, code: str, name: str = "playground.py", **address: str) -> AppTest:
    """Open a page by an address that names a class."""
    visit = page(name, **{"class": code, **address})
    assert not visit.exception
    return visit


def button(visit: AppTest, label: str) -> None:
    next(one for one in visit.button if one.label == label).click().run()
    assert not visit.exception


def join(visit: AppTest, typed: str) -> None:
    visit.text_input(key="learnscope.class.code").input(typed)
    button(visit, "Join")


def students(visit: AppTest) -> list[str]:
    """Return the students of the table from top to bottom."""
    return [unescaped(link.proto.label) for link in visit.get("page_link") if link.proto.query_string]


def rows(visit: AppTest) -> list[str]:
    bodies = [html.proto.body for html in visit.get("html")]
    return [unescape(body) for body in bodies if body.startswith("<dl")]


def address_of(visit: AppTest) -> dict[str, str]:
    """Return the address that the page has written."""
    return {name: value[0] if isinstance(value, list) else value for name, value in visit.query_params.items()}


def call(visit: AppTest, name: str) -> None:
    next(one for one in visit.text_input if one.label == "Your name in the class").input(name).run()
    assert not visit.exception


def test_whoever_comes_by_the_link_is_seen_with_what_they_train(page: OpenPage):
    first, second = sit(page, "Meet-1", dataset="xor"), sit(page, "meet-1", "home.py")
    begin(first)
    assert not first.warning, "the class is no setting that the lab could not know"
    assert address_of(first)["class"] == "meet-1"
    assert address_of(second)["class"] == "meet-1"
    second.switch_page("playground.py").run()
    assert address_of(second)["class"] == "meet-1", "a switch of pages drops what an address says"
    assert run_of(second).class_code == "meet-1"
    eventually(lambda: all(house.hub().shelf.curve(run_of(visit)) is not None for visit in (first, second)))
    teacher = sit(page, "meet-1", CLASS_VIEW)
    assert teacher.title[0].value.replace("\\", "") == "Class meet-1"
    assert len(students(teacher)) == 2
    assert sorted(students(teacher), key=str.casefold) == students(teacher)
    runs = {run_of(visit).id: run_of(visit) for visit in (first, second)}
    for link, row in zip(
        [link.proto for link in teacher.get("page_link") if link.proto.query_string], rows(teacher), strict=True
    ):
        run = runs[link.query_string.removeprefix("run=")]
        curve = house.hub().shelf.curve(run)
        assert curve is not None
        assert link.page == "playground"
        assert f"<dt>State</dt><dd>{run.state}</dd>" in row
        assert f"<dt>Step</dt><dd>{run.step}</dd>" in row
        assert f"<dt>Validation loss</dt><dd>{curve.val_loss:.4f}</dd>" in row
        assert f"<dd>{curve.val_score:.4f} <small>accuracy</small></dd>" in row
    assert "XOR" in "".join(rows(teacher))
    assert [caption.value for caption in teacher.caption if "students" in caption.value] == [
        "2 students, 0 training now"
    ]
    (link,) = [code.value for code in teacher.code]
    assert link.endswith("/?class=meet-1")
    assert not [text for visit in (first, second) for text in rows(teacher) if person_of(visit) in text]


def test_the_page_of_a_class_is_found_where_one_looks_for_it(page: OpenPage):
    visit = sit(page, "meet-link", "home.py")
    (link,) = [link.proto for link in visit.get("page_link") if link.proto.label == "See the class"]
    assert link.page == "class"


def test_a_student_chooses_a_name_and_only_that_is_told(page: OpenPage):
    student = sit(page, "meet-2")
    student.switch_page("home.py").run()
    assert "You are **" in "".join(text.value for text in student.markdown)
    call(student, "![x](http://evil.example/)<b>")
    teacher = sit(page, "meet-2", CLASS_VIEW)
    assert students(teacher) == ["![x](http://evil.example/)<b>"]
    (label,) = [link.proto.label for link in teacher.get("page_link") if link.proto.query_string]
    assert label.startswith(r"\!\[x\]\(")
    call(student, " ")
    assert "1 to 30 characters" in student.warning[0].value
    call(teacher, "![X](http://EVIL.example/)<B>")
    assert "is called" in teacher.warning[0].value


def test_who_waits_for_a_turn_is_not_counted_among_those_who_train(page: OpenPage, monkeypatch: pytest.MonkeyPatch):
    trains, waits = (begin(sit(page, "meet-turns")) for _ in range(2))
    for run in (trains, waits):
        house.hub().command(run.id, "resume")
    eventually(lambda: {house.hub().get(run.id).state for run in (trains, waits)} == {"running"})
    monkeypatch.setattr(Shelf, "waits", lambda _, run: run.id == waits.id)
    teacher = sit(page, "meet-turns", CLASS_VIEW)
    states = [row.partition("<dt>State</dt><dd>")[2].partition("<")[0] for row in rows(teacher)]
    assert sorted(states) == ["training", "waiting"]
    assert [caption.value for caption in teacher.caption if "students" in caption.value] == [
        "2 students, 1 training now, 1 waiting for a turn"
    ]


def test_hostile_settings_are_shown_as_text():
    run = Run("a", "playground", '{"x": 1}', "me", "running", 3, "", 1.0, 1.0)
    curve = make_curve(OPENING.replace(b'"accuracy"', b'"<b>&x</b>"'), [0], heads((1, 2, 0, 0.5)))
    assert "<b>" not in cells(Line("<b>", run, curve))
    assert "<dd>–</dd>" in cells(Line("a", run, None))


@pytest.mark.parametrize("typed", ["a b", "<script>", "x" * 30])
def test_a_bad_code_is_told_in_a_sentence_and_left_out_of_the_address(page: OpenPage, typed: str):
    visit = sit(page, typed, dataset="xor")
    assert [w.value for w in visit.warning if "A class code is 3 to 24" in w.value]
    assert "class" not in address_of(visit)
    assert address_of(visit)["dataset"] == "xor"
    assert run_of(visit).class_code == ""
    form = page(CLASS_VIEW)
    join(form, typed)
    assert "A class code is 3 to 24" in form.warning[0].value
    join(form, "meet-3")
    assert not form.warning
    assert form.title[0].value.replace("\\", "") == "Class meet-3"
    assert address_of(form)["class"] == "meet-3"


def test_a_run_that_goes_on_is_brought_along_and_leaves_with_its_owner(page: OpenPage):
    visit = page()
    run = begin(visit)
    visit.switch_page(CLASS_VIEW).run()
    join(visit, "meet-4")
    assert students(visit) == []
    visit.switch_page("playground.py").run()
    assert run_of(visit).id == run.id, "the class is no setting: what was on the desk stays there"
    assert house.hub().get(run.id).class_code == "meet-4"
    visit.switch_page(CLASS_VIEW).run()
    assert len(students(visit)) == 1
    button(visit, "Leave")
    assert visit.title[0].value == "Class"
    assert "class" not in address_of(visit)
    assert newest("meet-4") == []
    visit.run()
    assert visit.title[0].value == "Class", "the address that it came by is not read again"
    assert house.hub().get(run.id).owner == person_of(visit)


def test_somebody_elses_run_is_not_brought_along(page: OpenPage):
    other = begin(page())
    visit = sit(page, "meet-5", run=other.id)
    assert run_of(visit).id == other.id
    assert house.hub().get(other.id).class_code == ""
    assert newest("meet-5") == []


def test_each_student_has_one_line_of_their_newest_run(page: OpenPage):
    visit = sit(page, "meet-6")
    first = begin(visit)
    visit.query_params["dataset"] = "xor"
    other = house.hub().open("playground", page_spec(first), person_of(visit), class_code="meet-6")
    (line,) = newest("meet-6")
    assert line.run.id == other.id
    house.hub().shelf.delete(other.id, person_of(visit))
    (line,) = newest("meet-6")
    assert line.run.id == first.id


def page_spec(run: Run):
    from engine.labs.catalogue import LABS

    return LABS[run.lab].spec.from_json(run.spec)


def test_lines_are_ordered_with_those_that_have_no_number_last():
    def line(student: str, step: int, loss: float, score: float) -> Line:
        run = Run(student, "playground", "{}", student, "running", step, "", 1.0, 1.0)
        return Line(student, run, make_curve(OPENING, [step], heads((0, loss, 0, score))))

    nan = float("nan")
    lines = [line("bea", 5, 0.5, 0.7), line("Abe", 9, nan, nan), line("cid", 7, 0.1, 0.6)]
    lines.append(Line("dan", lines[0].run, None))

    def names(order: str) -> list[str]:
        return [line.student for line in ordered(lines, order)]

    assert names("Name") == ["Abe", "bea", "cid", "dan"]
    assert names("Loss") == ["cid", "bea", "Abe", "dan"]
    assert names("Score") == ["bea", "cid", "Abe", "dan"]
    assert names("Steps") == ["Abe", "cid", "bea", "dan"]


def test_where_the_store_cannot_be_used_the_class_waits(page: OpenPage, monkeypatch: pytest.MonkeyPatch):
    def broken() -> None:
        raise StoreError("The database of runs is busy.")

    with monkeypatch.context() as patch:
        patch.setattr(class_seat, "hub", broken)
        visit = sit(page, "meet-7", CLASS_VIEW)
        assert "is busy" in visit.warning[0].value
        assert visit.title[0].value == "Class"
    visit.run()
    assert visit.title[0].value.replace("\\", "") == "Class meet-7"


def test_an_address_of_just_before_does_not_bring_the_last_class_back(page: OpenPage, monkeypatch: pytest.MonkeyPatch):
    visit = sit(page, "meet-8", CLASS_VIEW)
    button(visit, "Leave")
    join(visit, "meet-9")
    visit.query_params["class"] = "meet-8"
    visit.run()
    assert visit.title[0].value.replace("\\", "") == "Class meet-9"
    monkeypatch.setattr(address_bar, "went_back", lambda: True)
    visit.query_params["class"] = "meet-8"
    visit.run()
    assert visit.title[0].value.replace("\\", "") == "Class meet-8", "back and forward in the browser"
