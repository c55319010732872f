"""What installed libraries bring along is found, is what the page says of it, and opens."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.errors import DataError
from engine.words import Space
from engine.words.packaged import PACKAGED, Packaged, packaged

VECTORS = [one for one in PACKAGED if one.kind == "vectors"]
# The number in a description, by name, so that none is told that is not so.
WORDS = {"lee-fasttext": 1_762, "reviews-fasttext": 1_689, "crime-and-punishment": 291, "glove": 76}
WORDS |= {"euclidean": 2_747, "poincare": 1_182}


@pytest.mark.parametrize("one", VECTORS, ids=lambda one: one.name)
def test_the_vectors_open_and_are_as_many_as_their_description_says(
    one: Packaged, opened: Callable[[Path], Space]
) -> None:
    space = opened(one.path)
    assert len(space) == WORDS[one.name]
    assert f"{len(space):,} " in one.about or f"{len(space):,} of" in one.about


def test_each_has_a_name_of_its_own_and_is_found_by_it() -> None:
    assert len({one.name for one in PACKAGED}) == len(PACKAGED)
    assert all(packaged(one.name) is one for one in PACKAGED)
    assert all(one.path.exists() for one in PACKAGED)


def test_other_names_are_refused_in_a_sentence() -> None:
    with pytest.raises(DataError, match=r"no packaged vectors or texts named '\.\./\.\./etc': expected one of lee"):
        packaged("../../etc")
    with pytest.raises(DataError, match="comes with gensim, and is not in the one that is installed here"):
        _ = replace(packaged("lee"), place=("gensim", "gone.cor")).path
    with pytest.raises(DataError, match="comes with nowhere_to_be_found"):
        _ = replace(packaged("lee"), place=("nowhere_to_be_found", "gone.cor")).path


def test_the_reviews_vectors_lie_where_chance_had_put_them(opened: Callable[[Path], Space]) -> None:
    space = opened(packaged("reviews-fasttext").path)
    # fastText begins with numbers spread evenly over -1/d to 1/d: such a vector is 1 / sqrt(3 d) long.
    lengths = 1 / space.inverse_norms
    assert np.median(lengths) == pytest.approx(1 / np.sqrt(3 * space.dimensions), rel=0.02)


def test_in_poincares_disc_the_general_lies_in_the_middle(opened: Callable[[Path], Space]) -> None:
    space = opened(packaged("poincare").path)
    chain = ["mammal.n.01", "carnivore.n.01", "canine.n.02", "dog.n.01", "poodle.n.01", "toy_poodle.n.01"]
    lengths = [float(np.linalg.norm(space.vector(word))) for word in chain]
    assert lengths == sorted(lengths)
    assert lengths[0] < 0.1 < 0.9 < lengths[-1] < 1


def test_a_place_is_found_without_importing_its_library() -> None:
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from engine.words.packaged import PACKAGED; [one.path for one in PACKAGED]; "
            "print(sorted({'gensim', 'sklearn', 'torch'} & set(sys.modules)))",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == "[]"
