"""Tables of small numbers, and words as they are cut, as markup: all text in it is escaped, colours are the theme's."""

import html
from collections.abc import Sequence
from dataclasses import dataclass

from engine.figures.style import DIVERGING

STYLE = f"""<style>
.ls-numbers {{ overflow-x: auto; }}
.ls-numbers table {{ border-collapse: separate; border-spacing: 1px; font-variant-numeric: tabular-nums;
  font-size: 0.8125rem; }}
.ls-below {{ font-size: 0.875rem; margin: 0.4rem 0 0; }}
.ls-numbers th {{ font-weight: 500; text-align: left; padding: 0.1rem 0.4rem; border: 0; white-space: nowrap; }}
.ls-numbers thead th {{ vertical-align: bottom; }}
.ls-numbers.ls-upright thead th:not(:first-child) {{ writing-mode: vertical-rl; transform: rotate(180deg);
  padding: 0.3rem 0.1rem; max-height: 9rem; }}
.ls-numbers td {{ border: 0; border-radius: 3px; padding: 0.1rem 0.4rem; text-align: right; min-width: 1.5rem;
  white-space: nowrap; background: color-mix(in srgb, var(--shade, {DIVERGING[0]}) var(--much, 0%), transparent); }}
.ls-numbers.ls-upright td {{ text-align: center; padding: 0.1rem 0.2rem; }}
.ls-numbers td.ls-text {{ text-align: left; white-space: normal; }}
.ls-tokens {{ display: flex; flex-wrap: wrap; gap: 0.3rem; margin: 0.15rem 0 0.6rem; }}
.ls-tokens span {{ display: inline-flex; flex-direction: column; align-items: center; padding: 0.1rem 0.45rem;
  border-radius: 5px; border: 1px solid color-mix(in srgb, currentColor 35%, transparent); line-height: 1.3; }}
.ls-tokens small {{ font-size: 0.75rem; opacity: 0.75; font-variant-numeric: tabular-nums; }}
.ls-tokens .ls-learnt {{ background: color-mix(in srgb, {DIVERGING[0]} 14%, transparent); }}
.ls-tokens .ls-rare b, .ls-tokens .ls-unknown b {{ text-decoration: line-through; }}
.ls-tokens .ls-rare, .ls-tokens .ls-unknown {{ border-style: dashed; }}
.ls-tokens .ls-new {{ border: 2px solid {DIVERGING[1]}; }}
.ls-tokens b {{ font-weight: 500; white-space: pre; }}
.ls-seen {{ margin: 0.15rem 0; }}
.ls-seen mark {{ background: color-mix(in srgb, {DIVERGING[1]} 40%, transparent); color: inherit; padding: 0 0.2rem;
  border-radius: 3px; font-weight: 600; }}
</style>"""
MOST_SHADE = 55
"""Percent of a colour behind a number that is the largest: more, and the number could not be read."""
MOST_LETTERS = 40


@dataclass(frozen=True, slots=True)
class Shaded:
    """A number as text, and how large it is beside the largest, from -1 to 1: its shade."""

    text: str
    size: float = 0.0


@dataclass(frozen=True, slots=True)
class Chip:
    """A word as it is cut, what is told below it, and of which kind it is (``learnt``, ``rare``, ``unknown``, ``new``).

    ``about`` is told where one points at it.
    """

    word: str
    below: str = ""
    kind: str = ""
    about: str = ""


def number_table(
    corner: str,
    columns: Sequence[str],
    rows: Sequence[tuple[str, Sequence[Shaded | str]]],
    *,
    caption: str = "",
    upright: bool = False,
) -> str:
    """Return a table as HTML: ``columns`` are heads, written upwards where they are ``upright``; each of ``rows`` has a
    head and its cells. Where it is narrow it is scrolled, by keys too.
    """
    head = "".join(f'<th scope="col">{shown(one)}</th>' for one in (corner, *columns))
    body = "".join(f'<tr><th scope="row">{shown(name)}</th>{"".join(map(_cell, cells))}</tr>' for name, cells in rows)
    told = f'<p class="ls-below">{html.escape(caption)}</p>' if caption else ""
    kind = "ls-numbers ls-upright" if upright else "ls-numbers"
    return (
        f'<div class="{kind}" tabindex="0" role="region" aria-label="{html.escape(caption or corner)}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>{told}"
    )


def chips(words: Sequence[Chip]) -> str:
    """Return words as they are cut, one beside the other."""
    return f'<div class="ls-tokens">{"".join(map(_chip, words))}</div>'


def marked(words: Sequence[str], places: Sequence[int], whole: tuple[bool, bool], told: str) -> str:
    """Return a sentence in which the words at some places stand out, dots where it goes on, and what is told of it."""
    seen = [f"<mark>{shown(word)}</mark>" if at in places else shown(word) for at, word in enumerate(words)]
    begin, end = ("" if one else "…" for one in whole)
    return f'<p class="ls-seen">{begin} {" ".join(seen)} {end} <small>{shown(told)}</small></p>'


def shown(text: str) -> str:
    """Return text from outside as markup that shows it letter by letter; long text is cut."""
    seen = "".join(letter if letter.isprintable() else "\ufffd" for letter in text)
    return html.escape(seen if len(seen) <= MOST_LETTERS else seen[: MOST_LETTERS - 1] + "…")


def _cell(cell: Shaded | str) -> str:
    if isinstance(cell, str):
        return f'<td class="ls-text">{shown(cell)}</td>'
    much = round(MOST_SHADE * min(1.0, abs(cell.size)))
    colour = f";--shade:{DIVERGING[1]}" if cell.size < 0 else ""
    return f'<td style="--much:{much}%{colour}">{shown(cell.text)}</td>'


def _chip(chip: Chip) -> str:
    about = f' title="{html.escape(chip.about)}"' if chip.about else ""
    below = f"<small>{shown(chip.below)}</small>" if chip.below else ""
    return f'<span class="ls-{chip.kind}"{about}><b>{shown(chip.word)}</b>{below}</span>'
