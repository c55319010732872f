"""Sequences of symbols are what their rules say, the same under the same seed, and split without overlap."""

import numpy as np
import pytest

from engine.data.language.styles import made_text
from engine.data.symbols.made import LETTERS, UNASKED, arranged, modular, repeated
from engine.data.symbols.prepared import prepare
from engine.data.symbols.spec import SHAPES, SymbolsSpec
from engine.data.symbols.text import pieces


def test_what_comes_again_is_asked_from_the_first_repetition_on() -> None:
    made = repeated(200, 20, 12, masked=False, seed=1)
    assert made.symbols == tuple(LETTERS[:12])
    periods = set()
    for read, asked in zip(made.read.tolist(), made.asked.tolist(), strict=True):
        period = next(at for at in range(1, 20) if read[at] == read[0])
        periods.add(period)
        assert all(read[at] == read[at - period] for at in range(period, 20))
        assert len(set(read[:period])) == period
        expected = [UNASKED] * period + [read[(at + 1) % period] for at in range(period, 20)]
        assert asked == expected
    assert periods == set(range(5, 11))


def test_an_encoder_is_asked_for_what_was_left_out_and_nothing_else() -> None:
    whole = repeated(300, 20, 12, masked=False, seed=1)
    made = repeated(300, 20, 12, masked=True, seed=1)
    out = made.asked != UNASKED
    assert made.symbols[-1] == "_"
    assert (made.read[out] == 12).all()
    assert (made.read[~out] < 12).all()
    assert out.any(axis=1).all()
    assert 0.15 < out.mean() < 0.25
    np.testing.assert_array_equal(np.where(out, made.asked, made.read), whole.read)


def test_sums_are_all_there_and_begin_anew_at_the_prime() -> None:
    made = modular(7)
    assert made.symbols == ("0", "1", "2", "3", "4", "5", "6", "=")
    assert {(a, b): c for (a, b, _), (*_, c) in zip(made.read.tolist(), made.asked.tolist(), strict=True)} == {
        (a, b): (a + b) % 7 for a in range(7) for b in range(7)
    }
    assert (made.asked[:, :2] == UNASKED).all()
    assert (made.read[:, 2] == 7).all()


@pytest.mark.parametrize("order", ["copy", "reverse", "sort"])
def test_letters_are_arranged_for_every_shape(order: str) -> None:
    ways = {"copy": list, "reverse": lambda row: row[::-1], "sort": sorted}
    for shape in SHAPES["copy"]:
        made = arranged(order, 50, 6, 5, shape, seed=3)  # type: ignore[arg-type]
        for read, asked in zip(made.read.tolist(), made.asked.tolist(), strict=True):
            wanted = list(ways[order](read[:6]))
            if shape == "encoder":
                assert (len(read), asked) == (6, wanted)
                continue
            assert read[6:] == [5, *wanted[:-1]]
            assert asked == ([UNASKED] * 6 if shape == "decoder" else []) + wanted
        assert made.given == (6 if shape == "both" else 0)


def test_pieces_of_a_text_are_the_text() -> None:
    made = pieces(made_text("story", 1_001, 2), 10, masked=False, seed=2)
    text = made_text("story", 1_001, 2)
    assert "".join(made.symbols[symbol] for symbol in made.read.ravel()) == text[:1_000]
    assert "".join(made.symbols[symbol] for symbol in made.asked.ravel()) == text[1:1_001]


@pytest.mark.parametrize("task", SHAPES)
def test_what_is_held_out_is_no_part_of_what_is_learnt_and_all_follows_from_the_seed(task: str) -> None:
    spec = SymbolsSpec.model_validate({"sequences": task, "samples": 300, "length": 8, "prime": 23})
    for shape in SHAPES[spec.sequences]:
        one, same = prepare(spec, shape), prepare(spec, shape)
        other = prepare(spec.replace(data_seed=2), shape)
        assert sorted([*one.train, *one.validation]) == list(range(len(one.made.read)))
        assert len(one.train) == round(0.75 * len(one.made.read))
        np.testing.assert_array_equal(one.made.read[one.train], same.made.read[same.train])
        assert not np.array_equal(one.made.read[one.train[:50]], other.made.read[other.train[:50]])
        assert one.made.asked.max() < len(one.made.symbols)
