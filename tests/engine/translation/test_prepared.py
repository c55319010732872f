"""Pairs ready for a net: split without overlap, and as numbers that say the same."""

import pytest

from engine.errors import DataError
from engine.nets.translation.model import PAD
from engine.translation.prepared import prepared

PAIRS = [(f"word{'s' * (at % 7)} {at}", f"{at} x") for at in range(200)]


def test_a_tenth_is_held_out_and_numbers_say_what_texts_say() -> None:
    found = prepared("Pairs", PAIRS, "words", seed=1)
    assert len(found.held_out) == 20
    assert sorted([*found.learnt, *found.held_out]) == sorted(PAIRS)
    for pairs, (sources, targets) in (
        (found.learnt, found.learnt_numbers),
        (found.held_out, found.held_out_numbers),
    ):
        assert [found.source.decode(row) for row in sources.tolist()] == [source for source, _ in pairs]
        assert [found.target.decode(row) for row in targets.tolist()] == [target for _, target in pairs]
    assert found.longest == tuple(
        max(len(vocabulary.encode(pair[side])) for pair in PAIRS)
        for side, vocabulary in enumerate((found.source, found.target))
    )
    assert (found.learnt_numbers[1] == PAD).any()


def test_symbols_are_those_of_what_is_learnt() -> None:
    pairs = [(f"w{chr(0x4E00 + at)}", "x") for at in range(100)]
    found = prepared("Pairs", pairs, "characters", seed=1)
    assert len(found.source) == 4 + 1 + 90


def test_of_each_side_the_most_frequent_symbols_are_known_and_what_share_is_not_is_told() -> None:
    pairs = [(f"{'a' * (at % 5 + 1)}b{chr(0x4E00 + at)}", "xyz"[: at % 3 + 1]) for at in range(100)]
    found = prepared("Pairs", pairs, "characters", seed=1, most=6)
    assert found.source.symbols[4:] == ("a", "b")
    assert found.target.symbols[4:] == ("x", "y")
    sides = [[symbol for pair in found.held_out for symbol in [*pair[side], "end"]] for side in (0, 1)]
    known = [("a", "b", "end"), ("x", "y", "end")]
    shares = [sum(one not in of for one in side) / len(side) for side, of in zip(sides, known, strict=True)]
    assert found.unknown == pytest.approx(shares)
    assert all(shares)
    assert prepared("Pairs", PAIRS, "characters", seed=1).unknown == (0, 0)


def test_too_few_pairs_are_told() -> None:
    with pytest.raises(DataError, match="expected at least 20 pairs to learn from, received 3"):
        prepared("Mine", PAIRS[:3], "words", seed=1)
