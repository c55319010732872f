"""A grid of findings as a table in colours: one reads it, and each cell leads to one of its nets."""

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from engine.figures.gradients import CIVIDIS

STYLE = """<style>
.ls-sweep { overflow-x: auto; }
.ls-sweep table { border-collapse: separate; border-spacing: 2px; width: 100%; table-layout: fixed;
  font-variant-numeric: tabular-nums; text-align: center; }
.ls-sweep caption { caption-side: bottom; text-align: left; font-size: 0.875rem; padding-top: 0.5rem; }
.ls-sweep th { font-weight: 400; font-size: 0.875rem; padding: 0.2rem 0; border: 0; }
.ls-sweep th[scope=row] { font-size: 1rem; }
.ls-sweep thead td { width: 4rem; height: auto; font-size: 0.875rem; vertical-align: bottom; }
.ls-sweep td { position: relative; padding: 0; height: 2.9rem; border: 0; border-radius: 4px; line-height: 1.15; }
.ls-sweep td.ls-none { border: 1px dashed rgba(128, 128, 128, 0.6); }
.ls-sweep a { display: flex; flex-direction: column; justify-content: center; height: 100%; border-radius: 4px;
  color: inherit; text-decoration: none; }
.ls-sweep a:hover, .ls-sweep a:focus-visible { outline: 3px solid #D55E00; outline-offset: 0; }
.ls-sweep b { font-weight: 600; } .ls-sweep small { font-size: 0.75rem; }
.ls-sweep .ls-more { position: absolute; clip-path: inset(50%); }
@media (max-width: 640px) {
  .ls-sweep table { border-spacing: 1px; }
  .ls-sweep thead td { width: 2.6rem; font-size: 0.75rem; }
  .ls-sweep b { font-size: 0.75rem; letter-spacing: -0.02em; }
}
</style>"""


@dataclass(frozen=True, slots=True)
class GridCell:
    """One place of a grid: its ``value`` from 0 to 1, which is its colour; two lines of words, a sentence for who does
    not see the table, and the address that it leads to. A place that nothing is known of yet has no ``value``.
    """

    value: float | None = None
    upper: str = ""
    lower: str = ""
    sentence: str = ""
    address: Mapping[str, str] | None = None
    columns: int = 1


def grid_table(
    caption: str, sides: tuple[str, str], tops: Sequence[str], rows: Sequence[tuple[str, Sequence[GridCell]]]
) -> str:
    """Return a table as HTML: ``sides`` say what goes down and what across, ``tops`` are the heads of the columns, each
    of ``rows`` a head and its cells. Where it is narrow it is scrolled, by keys too.
    """
    down, across = map(html.escape, sides)
    head = "".join(f'<th scope="col">{html.escape(top)}</th>' for top in tops)
    body = "".join(
        f'<tr><th scope="row">{html.escape(top)}</th>{"".join(map(_cell, cells))}</tr>' for top, cells in rows
    )
    return (
        f'{STYLE}<div class="ls-sweep" tabindex="0" role="region" aria-label="{down}, {across}">'
        f"<table><caption>{html.escape(caption)}</caption><thead>"
        f'<tr><td rowspan="2">{down} ↓</td><th scope="colgroup" colspan="{len(tops)}">{across} →</th></tr>'
        f"<tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cell(cell: GridCell) -> str:
    span = f' colspan="{cell.columns}"' if cell.columns > 1 else ""
    if cell.value is None:
        return f'<td class="ls-none"{span}><span class="ls-more">not trained yet</span></td>'
    paper, ink = colours(cell.value)
    sentence = html.escape(cell.sentence)
    words = f"<b>{html.escape(cell.upper)}</b><small>{html.escape(cell.lower)}</small>"
    link = urlencode(cell.address or {})
    return (
        f'<td{span} style="background:{paper};color:{ink}"><a href="?{html.escape(link)}" target="_blank" '
        f'title="{sentence}">{words}<span class="ls-more">{sentence}</span></a></td>'
    )


def colours(value: float) -> tuple[str, str]:
    """Return the colour of a cell for a value from 0 to 1, and black or white for the words on it."""
    at = min(max(value, 0.0), 1.0) * (len(CIVIDIS) - 1)
    place = min(int(at), len(CIVIDIS) - 2)
    low, high = (_channels(CIVIDIS[place + more][1]) for more in (0, 1))
    mixed = [one + (other - one) * (at - place) for one, other in zip(low, high, strict=True)]
    light = luminance(mixed)
    return f"#{''.join(f'{round(channel):02x}' for channel in mixed)}", "#000000" if light > 0.18 else "#ffffff"


def luminance(channels: Sequence[float]) -> float:
    """Return the relative luminance of red, green and blue from 0 to 255, as WCAG has it."""
    linear = [c / 255 / 12.92 if c / 255 <= 0.03928 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _channels(colour: str) -> list[int]:
    return [int(colour[start : start + 2], 16) for start in (1, 3, 5)]
