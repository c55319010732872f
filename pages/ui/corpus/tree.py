"""Tree: the turns by which hierarchical softmax finds a word, and how long the ways are."""

import functools
import math
from pathlib import Path

import streamlit as st

from engine.figures.tree import tree_figure
from engine.words.corpus import EncodedText
from engine.words.corpus.tree import Tree, huffman
from pages.ui.corpus.markup import Shaded, number_table
from pages.ui.corpus.plot import plot
from pages.ui.corpus.seen import Seen
from pages.ui.text import plain

MOST_WORDS = 50_000
"""So many of the most frequent words have a place in the tree that is drawn: more would take seconds."""
USUAL_RANK = 100
KEPT = 4


def tree(seen: Seen) -> None:
    """Show the view."""
    words = min(seen.kept, MOST_WORDS)
    if words < 2:
        st.info("Fewer than two words are learnt, so there is no tree.", icon=":material/info:")
        return
    found = _tree(seen.text.folder, words)
    _told(seen, found)
    columns = st.columns([2, 1], vertical_alignment="bottom")
    with columns[0]:
        row = _word(seen, words)
    with columns[1]:
        levels = seen.widget("levels")
    plot(
        tree_figure(found, levels, seen.text.words, row),
        alt=f"The first {levels} turns of the tree, and the words below them.",
        key=f"{seen.key}-tree",
    )
    if row is not None:
        _way(seen, found, row)


@functools.lru_cache(KEPT)
def _tree(folder: Path, words: int) -> Tree:
    return huffman(EncodedText.open(folder).counts[:words])


def _told(seen: Seen, found: Tree) -> None:
    used = seen.objective == "hierarchical"
    who = "The run above finds its words" if used else "Hierarchical softmax finds a word"
    part = f" Of the {MOST_WORDS:,} most frequent words." if found.words < seen.kept else ""
    st.caption(
        f"{who} by this tree: at each node a vector of its own decides whether to turn left (0) or right (1). The two "
        f"rarest words are put below a node first, then the two rarest of what there is, to the end (Huffman).{part}"
    )
    mean, entropy, flat = found.mean_length(), found.entropy(), math.log2(found.words)
    columns = st.columns(3)
    columns[0].metric("Turns to a word", f"{mean:.2f}", help="On average over the words of the text.")
    columns[1].metric("Entropy, bits", f"{entropy:.2f}", help="No tree has fewer turns on average (Shannon 1948).")
    columns[2].metric("All equally deep", f"{flat:.2f}", help="log2 of the number of words: turns if all were as deep.")


def _word(seen: Seen, words: int) -> int | None:
    """Let a person choose a word; return its row, None where it is not in the tree."""
    usual = seen.text.words[min(USUAL_RANK, words) - 1]
    key = f"{seen.key}-word-{seen.text.folder.name}"
    begin = st.session_state.setdefault(key, seen.asked.word or usual)
    typed = st.text_input("Way to the word", begin, key=key, max_chars=60) or ""
    seen.change(word="" if typed == usual else typed)
    row = seen.row(typed)
    if row is None or row >= words:
        st.caption(plain(f"{typed[:60] or 'Nothing'} is not among the words in the tree.", 200))
        return None
    return row


def _way(seen: Seen, found: Tree, row: int) -> None:
    turns = found.path(row)
    share = float(found.counts[row] / found.counts[found.root])
    word = plain(seen.text.words[row], 40)
    code = "".join(str(turn.bit) for turn in turns)
    st.markdown(f"**{word}** is rank {row + 1:,} and has the code `{code}`: {len(turns)} turns.")
    rows = [
        (
            str(at),
            [
                Shaded(f"{turn.node:,}"),
                "left, 0" if turn.bit == 0 else "right, 1",
                Shaded(f"{turn.share:.1%}", turn.share),
                Shaded(f"{-math.log2(turn.share):.2f}"),
            ],
        )
        for at, turn in enumerate(turns, start=1)
    ]
    rows.append(("all", [Shaded(""), "", Shaded(f"{share:.4%}"), Shaded(f"{-math.log2(share):.2f}")]))
    caption = (
        "Share: how much of the text below the node lies that way. Multiplied, the shares are the word's share of the "
        "text; a vector that knows the neighbour has to do better than that."
    )
    st.html(number_table("turn", ["node", "goes", "share", "bits"], rows, caption=caption))
