"""What a class trains, live: a line for each student, large enough for a projector."""

from dataclasses import dataclass
from html import escape

import streamlit as st

from engine.errors import LearnscopeError
from engine.labs.catalogue import LABS
from engine.runs.curve import Curve
from engine.runs.run import Run
from pages.ui import run_words
from pages.ui.house import hub
from pages.ui.lab_cards import page_of
from pages.ui.sparkline import sparkline
from pages.ui.text import plain

REFRESH_SECONDS = 2.0
MOST_ROWS = 60
NOBODY = "Somebody"
ORDERS = ("Name", "Loss", "Score", "Steps")
STUDENT_WIDTH = 220
# Beside each other on a projector, where a line above all tells once what is what; below each other on a telephone,
# each with its word. Readers of the page aloud always get the words.
_STYLE = """<style>
.st-key-class-table [data-testid="stPageLink"] p { font-size: 1.2rem; font-weight: 600; }
.st-key-class-table [data-testid="stHtml"] { min-width: 0; }
.st-key-class-table [class*="st-key-class-line-"] { border-top: 1px solid rgba(128, 128, 128, 0.3); padding: 0.2rem 0; }
.ls-class { display: grid; gap: 0.1rem 1rem; align-items: center; font-size: 1.15rem;
  font-variant-numeric: tabular-nums; grid-template-columns: 3fr 1.2fr 1fr 1fr 1.6fr 124px; }
.st-key-class-table dl.ls-class { margin: 0; padding: 0; }
.st-key-class-table .ls-class dd { margin: 0; padding: 0; }
.ls-class > * { min-width: 0; }
.ls-class dt, .ls-class.ls-head { font-size: 0.9rem; font-weight: 400; opacity: 0.8; }
.ls-class dd { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.ls-class small { font-size: 0.8em; opacity: 0.8; }
@media (min-width: 801px) { .ls-class dt { position: absolute; clip-path: inset(50%); } }
@media (max-width: 800px) {
  .st-key-class-table [class*="st-key-class-line-"] { flex-wrap: wrap; row-gap: 0; }
  .ls-class { grid-template-columns: repeat(3, 1fr); }
  .ls-class > :first-child { grid-column: 1 / -1; }
  .ls-class dd { white-space: normal; }
  .st-key-class-head { display: none; }
}
</style>"""


@dataclass(frozen=True, slots=True)
class Line:
    """One student's newest run, and its course until now; ``waits`` tells that it stands still for its turn."""

    student: str
    run: Run
    curve: Curve | None
    waits: bool = False


def class_table(code: str) -> None:
    """Show the newest run of each student of a class, kept up to date."""
    st.html(_STYLE)
    with st.container(key="class-table", gap="small"):
        st.fragment(_table, run_every=REFRESH_SECONDS)(code)


def _table(code: str) -> None:
    try:
        lines = newest(code)
    except LearnscopeError as error:
        st.warning(plain(str(error), 400))
        return
    if not lines:
        st.info("Nobody has opened a lab in this class yet. Whoever comes by the link below is seen here.")
        return
    order = st.segmented_control("Sorted by", ORDERS, default=ORDERS[0], key="class-order") or ORDERS[0]
    with st.container(gap=None):
        _head()
        for place, line in enumerate(ordered(lines, order)[:MOST_ROWS]):
            _line(place, line)
    st.caption(_counted(lines))


def _counted(lines: list[Line]) -> str:
    """Return how many students there are, and what their runs do now."""
    waiting = sum(line.waits for line in lines)
    training = sum(line.run.state == "running" for line in lines) - waiting
    wait = f", {waiting} waiting for a turn" if waiting else ""
    more = f"; the first {MOST_ROWS} are shown" if len(lines) > MOST_ROWS else ""
    return f"{len(lines)} {'student' if len(lines) == 1 else 'students'}, {training} training now{wait}{more}"


def newest(code: str) -> list[Line]:
    """Return the run that each student of a class has opened last; raises LearnscopeError."""
    shelf, students = hub().shelf, hub().classes.students(code)
    by_owner: dict[str, Run] = {}
    for run in shelf.of_class(code):
        if run.lab in LABS:
            by_owner.setdefault(run.owner, run)
    return [
        Line(students.get(owner, NOBODY), run, shelf.curve(run), shelf.waits(run)) for owner, run in by_owner.items()
    ]


def ordered(lines: list[Line], order: str) -> list[Line]:
    """Return lines sorted by one of ORDERS: the lowest loss, the highest score, the most steps first."""

    def value(line: Line) -> tuple[bool, float]:
        curve = line.curve
        found = (
            0.0
            if curve is None
            else {"Loss": curve.val_loss, "Score": -curve.val_score, "Steps": -float(curve.step)}.get(order, 0.0)
        )
        return (curve is None or found != found, found if found == found else 0.0)

    by_name = sorted(lines, key=lambda line: (line.student.casefold(), line.run.id))
    return by_name if order == ORDERS[0] else sorted(by_name, key=value)


def _head() -> None:
    """Tell what is what, for the eye alone: each line has the same words."""
    words = "".join(f"<div>{word}</div>" for word in ("Lab", "State", "Step", "Val. loss", "Val. score", "Losses"))
    with st.container(horizontal=True, wrap=False, gap="medium", key="class-head"):
        st.html('<div class="ls-class ls-head" aria-hidden="true">Student</div>', width=STUDENT_WIDTH)
        st.html(f'<div class="ls-class ls-head" aria-hidden="true">{words}</div>')


def _line(place: int, line: Line) -> None:
    run = line.run
    key = f"class-line-{place}"
    with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="medium", key=key):
        st.page_link(
            page_of(run.lab),
            label=plain(line.student),
            icon=":material/visibility:",
            width=STUDENT_WIDTH,
            query_params={"run": run.id},
            help="Watch this run",
        )
        st.html(cells(line))


def cells(line: Line) -> str:
    """Return what is told of a run, as a list of terms and numbers; all of it belongs to one step."""
    run, curve = line.run, line.curve
    lab = f"{LABS[run.lab].title} · {run_words.settings(run)}"
    score = f"{run_words.number(curve.val_score)} <small>{escape(curve.score_name)}</small>" if curve else "–"
    known = (
        ("Lab", f'<span title="{escape(lab)}">{escape(lab)}</span>'),
        ("State", escape(run_words.state(run, line.waits))),
        ("Step", f"{curve.step if curve else run.step:,}"),
        ("Validation loss", run_words.number(curve.val_loss) if curve else "–"),
        ("Validation score", score),
        ("Losses", sparkline(curve)),
    )
    return f'<dl class="ls-class">{"".join(f"<div><dt>{term}</dt><dd>{told}</dd></div>" for term, told in known)}</dl>'
