"""The products of one place as markup: all text in it is escaped, colours are the theme's."""

import html
from collections.abc import Sequence
from dataclasses import dataclass

from engine.figures.style import DIVERGING

MOST_SHADE = 50
"""Percent of a colour behind the largest product: more, and the number could not be read."""
STYLE = f"""<style>
.ls-products {{ overflow-x: auto; }}
.ls-products table {{ border-collapse: separate; border-spacing: 3px; font-variant-numeric: tabular-nums;
  margin: 0; }}
.ls-products td {{ border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: 4px;
  padding: 0.15rem 0.45rem; text-align: center; white-space: nowrap; line-height: 1.3;
  background: color-mix(in srgb, var(--shade, {DIVERGING[1]}) var(--much, 0%), transparent); }}
.ls-products td.ls-zeros {{ border-style: dashed; }}
.ls-products small {{ display: block; font-size: 0.75rem; opacity: 0.8; }}
.ls-products b {{ font-weight: 600; font-size: 0.875rem; }}
</style>"""


@dataclass(frozen=True, slots=True)
class Product:
    """A product as it is written, ``made_of`` two numbers; ``size`` from -1 to 1 beside the largest. ``outside``: its
    pixel lies in the frame of zeros. ``at`` says where that is.
    """

    made_of: str
    text: str
    size: float
    outside: bool
    at: str


def products(rows: Sequence[Sequence[Product]], caption: str) -> str:
    """Return products as a table that lies as the kernel does; ``caption`` is told to who does not see it.

    Where it is narrow it is scrolled, by keys too.
    """
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    told = html.escape(caption)
    return (
        f'<div class="ls-products" tabindex="0" role="region" aria-label="{told}">'
        f"<table><tbody>{body}</tbody></table></div>"
    )


def _cell(product: Product) -> str:
    much = round(MOST_SHADE * min(1.0, abs(product.size)))
    colour = f";--shade:{DIVERGING[0]}" if product.size < 0 else ""
    kind = ' class="ls-zeros"' if product.outside else ""
    made_of, text, at = (html.escape(one) for one in (product.made_of, product.text, product.at))
    return f'<td{kind} style="--much:{much}%{colour}" title="{at}"><small>{made_of}</small><b>{text}</b></td>'
