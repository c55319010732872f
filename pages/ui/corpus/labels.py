"""Labels: texts of which the label is known are learnt, and that of another is told, with what speaks for it."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from engine.words.texts.bringing import brought
from engine.words.texts.spec import OWN
from engine.words.train.classifier_order import order
from engine.words.train.classifier_spec import ClassifierSpec
from pages.ui import texts
from pages.ui.corpus.markup import Shaded, number_table
from pages.ui.corpus.seen import Seen
from pages.ui.corpus.work import followed
from pages.ui.text import plain

ABOUT = (
    "Vectors can also be learnt to tell a label. A text is the mean of the vectors of its words and of words in a row; "
    "a score for each label is made of that, and shares of those (fastText's classifier). The texts are others than "
    "the one that the run above learns from: sentences of the made-up world with their topics, or texts of yours."
)
ASKS = "One text in each line, its label first: __label__good What a day."
FORMS = (
    "Bring texts whose labels you know: lines that begin with their label, as in `__label__good What a day.`, or a "
    "table (.csv, .tsv) with a column of texts and a column of labels."
)
MOST_REASONS = 12
MOST_NAMED = 5


def labels(seen: Seen) -> None:
    """Show the view."""
    st.caption(ABOUT)
    if seen.widget("labelled") == OWN and not _brought(seen):
        st.info(FORMS, icon=":material/info:")
        return
    columns = st.columns(2)
    with columns[0]:
        longest = seen.widget("longest")
    with columns[1]:
        epochs = seen.widget("epochs")
    ask = seen.widget("ask")
    spec = ClassifierSpec(longest=longest, epochs=epochs, seed=seen.spec.seed)
    result = followed(order(spec, seen.asked.texts(), ask), "Learning the labels", f"{seen.key}-labels")
    if result is not None:
        _told(result, ask)


def _brought(seen: Seen) -> bool:
    """Offer to bring texts, tell whether there are any, and of a table, where they and their labels stand.

    Raises DataError where those of a link are not here.
    """
    key = f"{seen.key}-own"
    current: str = st.session_state.setdefault(key, seen.asked.own)
    seen.change(own=current)
    texts.bring(key, current, asks=ASKS)
    if not current:
        return False
    if brought(current).table:
        columns = st.columns(2)
        for column, name in zip(columns, ("column", "label"), strict=True):
            with column:
                seen.widget(name)
    seen.widget("encoding")
    return True


def _told(result: Mapping[str, Any], ask: str) -> None:
    _how_well(result)
    if result["reasons"]:
        _why(result, ask)
    else:
        st.info("No word of this is known, so all labels are as likely.", icon=":material/info:")
    _mistaken(result)


def _how_well(result: Mapping[str, Any]) -> None:
    low, high = result["interval"]
    columns = st.columns(3)
    columns[0].metric(
        "Told right",
        f"{result['accuracy']:.1%}",
        help=f"Of {result['told']:,} texts that were held out; {result['texts']:,} were learnt from.",
    )
    columns[1].metric(
        "By one label",
        f"{result['accuracy_of_the_most_frequent_label']:.1%}",
        help="What one gets right who always tells the most frequent label.",
    )
    columns[2].metric("Features", f"{result['features']:,}", help="Words, and words in a row, that have a vector.")
    st.caption(
        f"{result['right']:,} of {result['told']:,} texts held out are told right. Of 100 such intervals 95 hold what "
        f"is true of all such texts: here {low:.1%} to {high:.1%} (Wilson)."
    )
    if result["single"]:
        st.caption(plain(_of_one_text(result["single"]), 400))


def _of_one_text(names: list[str]) -> str:
    if len(names) == 1:
        return f"There is one text only with the label {names[0][:40]}: it is learnt from, and none is held out."
    told = ", ".join(name[:40] for name in names[:MOST_NAMED])
    rest = f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
    return f"Labels with one text only are learnt from, and none is held out: {told}{rest}."


def _why(result: Mapping[str, Any], ask: str) -> None:
    st.markdown(f"**{plain(result['label'], 40)}**: {plain(ask, 220)}")
    falling = sorted(result["shares"].items(), key=lambda one: -one[1])
    rows = [(name, [Shaded(f"{share:.1%}", share)]) for name, share in falling[:MOST_REASONS]]
    others = sum(share for _, share in falling[MOST_REASONS:])
    rows += [("others", [Shaded(f"{others:.1%}", others)])] if falling[MOST_REASONS:] else []
    st.html(number_table("label", ["share"], rows))
    largest = max(abs(adds) for _, adds in result["reasons"]) or 1.0
    rows = [(name, [Shaded(_signed(adds), adds / largest)]) for name, adds in result["reasons"][:MOST_REASONS]]
    rest = sum(adds for _, adds in result["reasons"][MOST_REASONS:])
    rows += [("others", [Shaded(_signed(rest))])] if rest else []
    rows.append(("score", [Shaded(_signed(result["score"]))]))
    caption = f"What each adds to the score of {result['label'][:40]}. The scores of all labels sum to 0."
    st.html(number_table("word or words", ["adds"], rows, caption=caption))
    if result["unknown"]:
        some, few = result["unknown"][:MOST_REASONS], len(result["unknown"]) > MOST_REASONS
        named = ", ".join(plain(one, 40) for one in some)
        st.caption(f"Without a vector, as the texts learnt from hardly have them: {named}{' …' if few else ''}.")


def _mistaken(result: Mapping[str, Any]) -> None:
    """Show which labels are taken for which: a row for each label that is right, a column for each that is told."""
    names, counts = list(result["mistaken"]["labels"]), result["mistaken"]["counts"]
    names += ["all others"] if len(counts) > len(names) else []
    rows = [
        (name, [Shaded(f"{count:,}" if count else "", count / max(1, sum(row))) for count in row])
        for name, row in zip(names, counts, strict=True)
    ]
    st.markdown("**Which are mistaken**")
    caption = "How many of the texts held out that have the label of a row are told to have that of a column."
    st.html(number_table("label", names, rows, caption=caption, upright=True))


def _signed(number: float) -> str:
    return f"{number:+.3f}".replace("-", "−")
