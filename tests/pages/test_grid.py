"""The grid of cards on a screen of two columns, as its style sheet alone lays it out."""

from pages.ui.places import ASSETS
from tests.browser import chromium

STYLE = (ASSETS / "live" / "panel.css").read_text(encoding="utf-8")
CARDS = """<style>%s</style><div class="ls-panel"><div class="ls-grid">
<div class="ls-card" data-kind="plot" style="--ls-span: 6">units</div>
<div class="ls-card" data-kind="plot" style="--ls-span: 6">map</div>
<div class="ls-card" data-kind="table" style="--ls-span: 6">table</div>
<div class="ls-card" data-kind="plot" style="--ls-span: 6">rate</div>
</div></div>"""
WIDTHS = """() => {
  const whole = document.querySelector('.ls-grid').offsetWidth;
  return [...document.querySelectorAll('.ls-card')].map((card) => Math.round(2 * card.offsetWidth / whole));
}"""


def test_what_follows_a_table_last_has_its_row_where_the_table_has_one():
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1300, "height": 700})
        page.set_content(CARDS % STYLE)
        assert page.evaluate(WIDTHS) == [1, 1, 1, 1]
        page.set_viewport_size({"width": 900, "height": 700})
        assert page.evaluate(WIDTHS) == [1, 1, 2, 2]
