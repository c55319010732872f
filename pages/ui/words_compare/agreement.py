"""Agreement: how many neighbours words have in common in two spaces, and which agree least and most."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from engine.figures.spaces import histogram
from engine.words.compare.work import order
from engine.words.formula import quoted
from pages.ui.notes import READABLE
from pages.ui.words.ranked import Row, number, ranked
from pages.ui.words_compare.chart import chart, numbers
from pages.ui.words_compare.comparing import compared
from pages.ui.words_compare.pairs import chosen_pair, same
from pages.ui.words_compare.slot import Desk
from pages.ui.words_compare.spaces import Opened, folders

TITLE = "Words by how many neighbours they share"


def agreement(here: Desk, spaces: Sequence[Opened]) -> None:
    """Show the section."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        first, second = chosen_pair(here, spaces)
        asked = here.take("k", "restrict")
        with st.popover("How", icon=":material/tune:"):
            here.widget("k")
            here.widget("restrict")
    same(first, second)
    wanted = order("agree", folders((first, second)), k=asked.k, restrict=asked.restrict)
    result = compared(here, wanted, "Comparing neighbours")
    if result is not None:
        _show(here, first, second, result)


def _show(here: Desk, first: Opened, second: Opened, result: Mapping[str, Any]) -> None:
    k, mean, chance = result["k"], result["mean"], result["chance"]
    with st.container(horizontal=True, gap="large"):
        st.metric(
            "Mean agreement",
            number(mean),
            help=f"Jaccard: of all words that are among the {k} nearest in one space or the other, the share that is "
            "in both. 1 where all neighbours are the same.",
            width="content",
        )
        st.metric(
            "By chance",
            f"{chance:.4f}",
            help="What neighbours drawn at random from these words would have.",
            width="content",
        )
        st.metric("Words in both", f"{result['vocabulary']:,}", width="content")
    drawn = "" if result["words"] == result["vocabulary"] else f", a sample of {result['words']:,} of them"
    st.markdown(
        f"Each word's {k} nearest in **{first.letter}** and in **{second.letter}**, among the words that both "
        f"have{drawn}. No coordinate is compared, so the spaces need not be turned onto each other.",
        width=READABLE,
    )
    counts = result["counts"]
    common = sum(place * count for place, count in enumerate(counts)) / sum(counts)
    expected = k * k / (result["vocabulary"] - 1)
    told = [f"{place} of {k} in common" for place in range(k + 1)]
    marks = ((f"mean {common:.2f}", common), (f"by chance {expected:.2f}", expected))
    figure = histogram(counts, 0, 1, f"neighbours in common, of {k}", told, marks)
    chart(
        figure,
        f"How many words have how many of {k} neighbours in common in {first.name} and {second.name}: {common:.2f} on "
        f"average, {expected:.2f} by chance. The table below has all numbers.",
        "agreement",
    )
    for box, (name, about) in zip(
        st.columns(2), {"least": "They agree least", "most": "They agree most"}.items(), strict=True
    ):
        with box:
            st.markdown(f"**{about}**")
            ranked(
                [Row(word, number(value, 2), (0.0, value)) for word, value in result[name]],
                title=about,
                columns=["Word", "In common"],
                key=f"compare.agreement.{name}",
                on_choose=lambda word: here.put(query=quoted(word), section="query"),
            )
    st.caption("A click on a word asks it of both spaces.")
    rows = [{"in common": place, "words": count} for place, count in enumerate(counts)]
    numbers(here, "agreement", rows, figure, TITLE)
