"""Labels: texts of which the label is known are learnt, and that of another is told, with what speaks for it."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from engine.words.train.classifier_spec import ClassifierSpec, order
from pages.ui.corpus.markup import Shaded, number_table
from pages.ui.corpus.seen import Seen
from pages.ui.corpus.work import followed
from pages.ui.text import plain

ABOUT = (
    "Vectors can also be learnt to tell a label. A text is the mean of the vectors of its words and of words in a row; "
    "a score for each label is made of that, and shares of those (fastText's classifier). Here the labels are the "
    "topics of sentences of the made-up world, whatever text the run above learns from."
)
MOST_REASONS = 12


def labels(seen: Seen) -> None:
    """Show the view."""
    st.caption(ABOUT)
    columns = st.columns(2)
    with columns[0]:
        longest = seen.widget("longest")
    with columns[1]:
        epochs = seen.widget("epochs")
    ask = seen.widget("ask")
    spec = ClassifierSpec(longest=longest, epochs=epochs, seed=seen.spec.seed)
    result = followed(order(spec, ask), "Learning the labels", f"{seen.key}-labels")
    if result is not None:
        _told(result, ask)


def _told(result: Mapping[str, Any], ask: str) -> None:
    columns = st.columns(3)
    columns[0].metric(
        "Told right",
        f"{result['accuracy']:.1%}",
        help=f"Of {result['told']:,} sentences that were held out; {result['texts']:,} were learnt from.",
    )
    columns[1].metric(
        "By one label",
        f"{result['accuracy_of_the_most_frequent_label']:.1%}",
        help="What one gets right who always tells the most frequent label.",
    )
    columns[2].metric("Features", f"{result['features']:,}", help="Words, and words in a row, that have a vector.")
    if not result["reasons"]:
        st.info("No word of this is known, so all labels are as likely.", icon=":material/info:")
        return
    st.markdown(f"**{plain(result['label'])}**: {plain(ask, 220)}")
    falling = sorted(result["shares"].items(), key=lambda one: -one[1])
    st.html(number_table("label", ["share"], [(name, [Shaded(f"{share:.1%}", share)]) for name, share in falling]))
    largest = max(abs(adds) for _, adds in result["reasons"])
    rows = [
        (name, [Shaded(f"{adds:+.3f}".replace("-", "−"), adds / largest)])
        for name, adds in result["reasons"][:MOST_REASONS]
    ]
    rest = sum(adds for _, adds in result["reasons"][MOST_REASONS:])
    rows += [("others", [Shaded(f"{rest:+.3f}".replace("-", "−"))])] if rest else []
    rows.append(("score", [Shaded(f"{result['score']:+.3f}".replace("-", "−"))]))
    caption = f"What each adds to the score of {result['label']}. The scores of all labels sum to 0."
    st.html(number_table("word or words", ["adds"], rows, caption=caption))
    if result["unknown"]:
        some, few = result["unknown"][:MOST_REASONS], len(result["unknown"]) > MOST_REASONS
        named = ", ".join(plain(one, 40) for one in some)
        st.caption(f"Without a vector, as the texts learnt from hardly have them: {named}{' …' if few else ''}.")
