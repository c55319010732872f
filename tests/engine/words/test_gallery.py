"""The gallery of failures: each fails in the built-in space as it says, and holds where there is no reason to fail."""

import re
from collections.abc import Callable

import numpy as np
import pytest

from engine.errors import DataError
from engine.words import Space, world
from engine.words.failure import SEARCHED, SHOWN, Failure
from engine.words.gallery import GALLERY, gallery

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:gensim")
Open = Callable[..., Space]
ENTRIES = {entry.name: entry for entry in GALLERY}


def unit(space: Space, word: str) -> np.ndarray:
    vector = space.vectors[list(space.words).index(word)].astype(float)
    return vector / np.linalg.norm(vector)


@pytest.mark.parametrize("entry", GALLERY, ids=lambda entry: entry.name)
def test_each_fails_in_the_made_up_world_as_it_says(made_up_world: Space, entry: Failure) -> None:
    outcome = entry.check(made_up_world)
    assert outcome.failed
    assert outcome.answers[0][0] != entry.expected
    assert len(outcome.answers) == SHOWN
    assert outcome.rank is None or outcome.rank > 1
    assert re.fullmatch(r"[^\n]{20,200}\.", outcome.evidence)


@pytest.mark.parametrize("entry", GALLERY, ids=lambda entry: entry.name)
def test_the_answers_are_the_nearest_rows(made_up_world: Space, entry: Failure) -> None:
    """Worked out anew from the vectors, without the space's own search."""
    asked, words = entry.asked, list(made_up_world.words)
    if entry.metric == "dot":
        scores = made_up_world.vectors.astype(float) @ made_up_world.vector(asked.positive[0])
    else:
        total = sum(unit(made_up_world, word) for word in asked.positive)
        total = total - sum(unit(made_up_world, word) for word in asked.negative)
        lengths = np.linalg.norm(made_up_world.vectors.astype(float), axis=1)
        scores = made_up_world.vectors @ total / np.linalg.norm(total) / lengths
    order = [words[row] for row in np.argsort(-scores)]
    if entry.exclude_inputs:
        order = [word for word in order if word not in (*asked.positive, *asked.negative)]
    outcome = entry.check(made_up_world)
    assert [word for word, _ in outcome.answers] == order[:SHOWN]
    place = order.index(entry.expected) + 1 if entry.expected in order else None
    assert outcome.rank == (place if place and place <= SEARCHED else None)


def test_the_rule_alone_forbids_king(made_up_world: Space) -> None:
    entry = ENTRIES["input"]
    free, held = entry.check(made_up_world), made_up_world.analogy(["king", "hostess"], ["host"], 1)
    assert (free.answers[0][0], held[0][0]) == ("king", "queen")
    total = unit(made_up_world, "king") - unit(made_up_world, "host") + unit(made_up_world, "hostess")
    total /= np.linalg.norm(total)
    king, queen = (float(unit(made_up_world, word) @ total) for word in ("king", "queen"))
    assert free.evidence == f"The sum lies at cosine {king:.2f} from king and at {queen:.2f} from queen."


def test_the_neighbour_of_father_wins_whatever_is_asked(made_up_world: Space) -> None:
    outcome = ENTRIES["neighbour"].check(made_up_world)
    pairs = [pair for pair in world.relations()["man and woman"] if pair[0] != "father"]
    best = outcome.answers[0][0]
    same = sum(made_up_world.analogy(["father", woman], [man], 1)[0][0] == best for man, woman in pairs)
    assert best == made_up_world.neighbours("father", 1)[0][0]
    assert f"; {same} of {len(pairs)} other pairs" in outcome.evidence
    assert same > 0.9 * len(pairs)


def test_what_is_forbidden_comes_first_where_it_is_allowed(made_up_world: Space) -> None:
    for name, word in (("many-to-one", "hospital"), ("forbidden", "doctor")):
        outcome = ENTRIES[name].check(made_up_world)
        assert outcome.rank is None
        assert outcome.evidence.startswith(f"With all words allowed, the answer is {word}, at cosine 0.")


def test_no_step_leads_round_the_week(made_up_world: Space) -> None:
    outcome = ENTRIES["circle"].check(made_up_world)
    right = re.fullmatch(r"Of 28 questions for the next day, (\d+) are answered rightly\.", outcome.evidence)
    assert right is not None
    assert int(right[1]) < 18
    days = world.groups()["days"]
    steps = [unit(made_up_world, days[(at + 1) % 7]) - unit(made_up_world, days[at]) for at in range(7)]
    assert np.abs(np.sum(steps, axis=0)).max() < 1e-9


def test_opposites_are_nearer_than_what_means_nearly_the_same(made_up_world: Space) -> None:
    cold, warm = (float(unit(made_up_world, "hot") @ unit(made_up_world, word)) for word in ("cold", "warm"))
    assert ENTRIES["opposites"].check(made_up_world).evidence == f"hot and cold: {cold:.2f}; hot and warm: {warm:.2f}."


def test_saw_has_neighbours_of_both_its_meanings(made_up_world: Space) -> None:
    near = ENTRIES["meanings"].check(made_up_world).evidence.removeprefix("Near to saw: ").rstrip(".").split(", ")
    assert near == [word for word, _ in made_up_world.neighbours("saw", 8)]
    assert {"boards", "sawdust", "carpenter"} & set(near)
    assert {"ghosts", "rainbows", "mirages", "spiders", "dice", "race"} & set(near)


def test_a_rare_words_count_is_that_of_the_text(made_up_world: Space) -> None:
    text = [word for sentence in world.sentences() for word in sentence]
    one, many = text.count("horizon"), text.count("horizons")
    said = f"horizon comes {one} times in the text; horizons comes {many} times in the text."
    assert ENTRIES["rare"].check(made_up_world).evidence == said
    assert many < 20 < one


def test_a_longer_vector_wins_by_the_dot_product(made_up_world: Space) -> None:
    outcome = ENTRIES["frequency"].check(made_up_world)
    best = outcome.answers[0][0]
    long, short = (float(np.linalg.norm(made_up_world.vector(word))) for word in (best, "orek"))
    assert outcome.evidence == (
        f"By the cosine, orek comes first: {best} is {long:.1f} long and orek is {short:.1f} long."
    )
    assert made_up_world.frequency is not None
    lengths = np.linalg.norm(made_up_world.vectors, axis=1)
    assert np.corrcoef(lengths, np.log(made_up_world.frequency))[0, 1] > 0.5


def perfect(rows: dict[str, list[float]]) -> bytes:
    return "".join(f"{word} {' '.join(map(str, row))}\n" for word, row in rows.items()).encode()


HOLDS: dict[str, dict[str, list[float]]] = {
    # What a step from man to woman should be, long enough to lead away from the word where it sets out.
    "input": {"king": [1, 0, 0], "queen": [0, 1, 0], "host": [1, 0, 0.2], "hostess": [0, 1, 0.2]},
    "neighbour": {"father": [1, 0, 0], "mother": [0, 1, 0], "man": [1, 0, 0.2], "woman": [0, 1, 0.2]},
    # The sum is far from the word, though it stands in the question.
    "many-to-one": {"hospital": [1, 0, 0], "doctor": [1, 0.1, 0], "nurse": [0, 0, 1], "bed": [0, -0.1, 1]},
    "forbidden": {"doctor": [1, 0, 0], "man": [1, 0.1, 0], "woman": [0, 0, 1], "bed": [0, -0.1, 1]},
    "opposites": {"hot": [1, 0, 0], "warm": [1, 0.1, 0], "cold": [-1, 0, 0]},
    # The days nearly along a line, as if after Sunday there were no Monday.
    "circle": {
        day: [np.cos(angle), np.sin(angle), 0.0]
        for day, angle in zip(world.groups()["days"], np.arange(7) * 0.1, strict=True)
    },
    "meanings": {"baker": [1, 0, 0], "oven": [1, 0, 1], "carpenter": [0, 1, 0], "saw": [0, 1, 1]},
    "rare": {"apple": [1, 0, 0], "apples": [1, 0, 1], "horizon": [0, 1, 0], "horizons": [0, 1, 1]},
    "frequency": {"skell": [1, 0, 0], "orek": [1, 0.1, 0], "into": [1, 0.9, 0]},
}


@pytest.mark.parametrize("name", HOLDS)
def test_it_holds_in_a_space_made_for_it(opened: Open, name: str) -> None:
    outcome = ENTRIES[name].check(opened(perfect(HOLDS[name])))
    assert not outcome.failed


def test_every_entry_has_a_space_in_which_it_holds() -> None:
    assert set(HOLDS) == set(ENTRIES)
    assert len(ENTRIES) == len(GALLERY)


def test_even_on_a_perfect_circle_the_next_day_is_wrong(opened: Open) -> None:
    """Seven points of a circle: of the 28 questions about four different days, only those two days apart are right."""
    angles = np.arange(7) * 2 * np.pi / 7
    circle = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    right = 0
    for at in range(7):
        for on in ((at + step) % 7 for step in range(2, 6)):
            cosines = circle @ (circle[on] + circle[(at + 1) % 7] - circle[at])
            cosines[[on, at, (at + 1) % 7]] = -np.inf
            right += int(cosines.argmax() == (on + 1) % 7)
    days = world.groups()["days"]
    space = opened(perfect({day: [*point, 0.0] for day, point in zip(days, circle, strict=True)}))
    outcome = ENTRIES["circle"].check(space)
    assert outcome.failed
    assert outcome.evidence == f"Of 28 questions for the next day, {right} are answered rightly."
    assert right == 7


def test_a_space_is_shown_what_it_has_words_for(opened: Open) -> None:
    some = opened(perfect(HOLDS["opposites"] | {"king": [0, 1, 0]}))
    assert [entry.name for entry in gallery(some)] == ["opposites"]
    with pytest.raises(DataError, match="is not in this space of 4 words"):
        ENTRIES["rare"].check(some)


def test_a_space_of_nothing_but_the_question_has_no_answer(opened: Open) -> None:
    space = opened(perfect({word: [1, 0, at] for at, word in enumerate(ENTRIES["forbidden"].words)}))
    outcome = ENTRIES["forbidden"].check(space)
    assert (outcome.answers, outcome.failed) == ([], False)
    assert outcome.evidence == "This space has no word that could be the answer."


def test_reasons_are_sentences_with_a_source() -> None:
    for entry in GALLERY:
        assert entry.why.endswith(".")
        assert re.search(r"(19|20)\d\d, (arXiv \d{4}\.\d{4,5}|[WS]\d\d-\d{4})", entry.paper)
