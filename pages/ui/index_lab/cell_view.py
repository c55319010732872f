"""Cells of the open space on a plane: what a look into some of them finds, and what it misses."""

import streamlit as st

from engine.errors import DataError
from engine.figures.cells import cells_figure
from engine.words.indexes.cells import Cells, K, Probed, cells, hard_question, probe
from engine.words.space import Space
from pages.ui.corpus.plot import inked
from pages.ui.index_lab.slot import Desk
from pages.ui.notes import READABLE
from pages.ui.text import plain


@st.fragment
def cell_view(here: Desk, space: Space) -> None:
    """Show the section."""
    st.subheader("Cells of the open space", anchor="cells")
    st.markdown(
        "How lists work, on a plane where they can be seen: words on their first two principal components, in cells "
        "around centres. Turn up the number of cells, and see what was missed be found.",
        width=READABLE,
    )
    here.take("cells", "word")
    left, right = st.columns([2, 3])
    with left:
        here.widget("cells")
        here.widget("word")
        try:
            made = _made(here, space)
        except DataError as error:
            st.info(plain(str(error), 300), icon=":material/info:")
            return
        place = _place(here, space, made)
        probed = probe(made, place, here.asked.cells)
        words = [space.words[row] for row in made.rows.tolist()]
        st.markdown(_told(made, probed, words[place]))
    figure = cells_figure(made, probed, place, words)
    alt = f"Words in cells around {len(made.centres)} centres; what was found and what was missed is told beside it."
    right.plotly_chart(inked(figure), alt=alt, config={"displayModeBar": False}, key="index.cells")
    here.write(here.asked.to_link())


def _made(here: Desk, space: Space) -> Cells:
    """Return the cells of the open space, made once; raises DataError."""
    if here.cells is None or here.cells[0] != space.folder:
        here.cells = space.folder, cells(space)
    return here.cells[1]


def _place(here: Desk, space: Space, made: Cells) -> int:
    """Return the place of the word asked about; of one that is not drawn it is said."""
    word = here.asked.word.strip()
    row = space.words.find(word) if word else None
    found = (made.rows == row).nonzero()[0]
    if word and not len(found):
        st.info(f"**{plain(word)}** is none of the {len(made.rows):,} words that are drawn.", icon=":material/info:")
    return int(found[0]) if len(found) else hard_question(made)


def _told(made: Cells, probed: Probed, word: str) -> str:
    few = "the cell that lies nearest" if len(probed.cells) == 1 else f"the {len(probed.cells)} nearest cells"
    return (
        f"**{plain(word)}**, asked in {few} of {len(made.centres)}: {len(probed.found)} of its {K} nearest are found, "
        f"with {probed.looked_at:,} of {len(made.points):,} words looked at."
    )
