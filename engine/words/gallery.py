"""Questions that word vectors answer wrongly, each with the reason why; what is shown is computed in the open space.

They are chosen so that each fails in the made-up world. In another space one asks those whose words are there, and
sees whether they fail there too.
"""

from engine.words.failure import (
    Failure,
    circle,
    excluded,
    input_wins,
    length_wins,
    many_meanings,
    neighbour_wins,
    opposite_is_near,
    too_rare,
)
from engine.words.space import Space

LINZEN = "Linzen 2016, W16-2503"
ROGERS = "Rogers, Drozd and Li 2017, S17-1017"
GALLERY: tuple[Failure, ...] = (
    Failure(
        "input",
        "The answer is a word of the question",
        "king - host + hostess",
        "queen",
        "The step from host to hostess is short, and the sum has hardly left king. It is not the answer only where a "
        "rule takes the words of the question out.",
        LINZEN,
        input_wins,
        exclude_inputs=False,
    ),
    Failure(
        "neighbour",
        "The nearest neighbour, whatever one asks",
        "father - man + woman",
        "mother",
        "One word lies so near to father that no step leads past it: the question about man and woman does not matter.",
        f"{LINZEN}; {ROGERS}",
        neighbour_wins,
    ),
    Failure(
        "many-to-one",
        "Two jobs, one place",
        "hospital - doctor + nurse",
        "hospital",
        "Nurses work where doctors do. The right answer stands in the question, and so the rule forbids it.",
        ROGERS,
        excluded,
    ),
    Failure(
        "forbidden",
        "What is a woman who is a doctor?",
        "doctor - man + woman",
        "doctor",
        "A doctor. But the rule forbids to answer with a word of the question, and what is shown instead, whatever it "
        "is, is no proof that the space thinks little of women.",
        "Nissim, van Noord and van der Goot 2020, arXiv 1905.09866",
        excluded,
    ),
    Failure(
        "opposites",
        "Hot is nearly cold",
        "hot",
        "warm",
        "Baths and weather are hot or cold: opposites stand in the same sentences, and nearness tells no more.",
        "Mohammad, Dorr, Hirst and Turney 2013, arXiv 1308.6300",
        opposite_is_near,
    ),
    Failure(
        "circle",
        "The day after Saturday",
        "saturday - wednesday + thursday",
        "sunday",
        "Seven equal steps would lead from Sunday to Sunday, so their sum is zero, and so is each: no one step leads "
        "round a circle.",
        "Engels, Michaud, Liao, Gurnee and Tegmark 2024, arXiv 2405.14860",
        circle,
    ),
    Failure(
        "meanings",
        "A word with two meanings",
        "oven - baker + carpenter",
        "saw",
        "The carpenter's saw and “she saw a ghost” have one vector between them, far from the other tools.",
        "Arora, Li, Liang, Ma and Risteski 2018, arXiv 1601.03764",
        many_meanings,
    ),
    Failure(
        "rare",
        "Too rare to be learnt",
        "apples - apple + horizon",
        "horizons",
        "A word that was seen a few times lies where a few sentences have pushed it.",
        "Luong, Socher and Manning 2013, W13-3512",
        too_rare,
    ),
    Failure(
        "frequency",
        "Frequent words are loud",
        "skell",
        "orek",
        "Skell and orek are the money of two cold countries. The dot product counts a vector's length too, and that "
        "goes with how often a word was seen, not only with what it means.",
        "Schakel and Wilson 2015, arXiv 1508.02297",
        length_wins,
        metric="dot",
    ),
)


def gallery(space: Space) -> list[Failure]:
    """Return the entries whose words a space has."""
    return [entry for entry in GALLERY if entry.fits(space)]
