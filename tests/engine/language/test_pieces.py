"""Pieces of a text: what is read, what is to be told, and the state that goes on from one to the next."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from engine.errors import DataError
from engine.language.pieces import Pieces
from engine.nets.language.building import make_net
from engine.nets.language.spec import LanguageNetSpec
from engine.training.fit import batches
from engine.training.settings import TrainingSpec

pytestmark = pytest.mark.usefixtures("one_thread")
SYMBOLS = np.random.default_rng(0).integers(0, 9, 203)
SPEC = LanguageNetSpec(net="lstm", units=8, dimensions=4)


def test_each_target_is_the_symbol_behind_and_a_pass_reads_all_pieces_once() -> None:
    pieces = Pieces(SYMBOLS, 10, 4, keeps=False)
    assert (len(pieces), pieces.streams, pieces.per_stream) == (20, 4, 5)
    seen = []
    for step, (epoch, places) in zip(range(5), batches(len(pieces), TrainingSpec(batch_size=4)), strict=False):
        assert epoch < 1
        piece, targets = pieces.batch(step, places)
        assert piece.carried is None
        np.testing.assert_array_equal(targets.view(4, 10)[:, :-1], piece.symbols[:, 1:])
        seen += [
            (symbols.tobytes(), int(last)) for symbols, last in zip(piece.symbols.numpy(), targets[9::10], strict=True)
        ]
    expected = [(SYMBOLS[at : at + 10].tobytes(), int(SYMBOLS[at + 10])) for at in range(0, 200, 10)]
    assert sorted(seen) == sorted(expected)


def test_with_the_state_kept_every_stream_is_read_as_if_in_one_piece() -> None:
    """The losses of the steps of a pass are those of a net that reads each stream whole."""
    net, pieces = make_net(SPEC, 9, 1), Pieces(SYMBOLS, 10, 4, keeps=True)
    streams = torch.from_numpy(SYMBOLS[:200]).view(4, 50)
    whole = net.tell(streams).sums  # (4, 50, 9)
    following = torch.from_numpy(SYMBOLS[1:201]).view(4, 50)
    anywhere = torch.tensor([3, 0, 2, 1])
    for _ in range(2):  # a second pass begins anew
        for at in range(5):
            part = slice(10 * at, 10 * at + 10)
            for _ in range(2):  # a step that is taken twice begins twice where it began
                piece, targets = pieces.batch(at, anywhere)
                np.testing.assert_array_equal(piece.symbols, streams[:, part])
                loss = functional.cross_entropy(net(piece), targets)
                expected = functional.cross_entropy(whole[:, part].flatten(0, 1), following[:, part].flatten())
                assert loss.item() == pytest.approx(expected.item(), rel=1e-5)


def test_what_is_carried_can_be_kept_and_taken_up() -> None:
    net = make_net(SPEC, 9, 1)
    one, other = (Pieces(SYMBOLS, 10, 4, keeps=True) for _ in range(2))
    for step in range(3):
        net(one.batch(step, torch.empty(0))[0])
    like = net.tell(torch.zeros(4, 1, dtype=torch.int64)).states
    other.restore(2, one.kept(), like)
    for step in (2, 3):
        torch.testing.assert_close(net(other.batch(step, torch.empty(0))[0]), net(one.batch(step, torch.empty(0))[0]))
    with pytest.raises(DataError, match=r"holds 'state.begin.strange.0', which is no state"):
        other.restore(2, {"state.begin.strange.0": np.zeros((4, 8), np.float32)}, like)
    with pytest.raises(DataError, match="is no state that this net carries"):
        other.restore(2, {name: array[:2] for name, array in one.kept().items()}, like)
    half = {name: array for name, array in one.kept().items() if not name.endswith(".1")}
    for bad in (np.nan, np.inf):
        broken = {name: np.full_like(array, bad) for name, array in one.kept().items()}
        with pytest.raises(DataError, match=r"holds numbers in 'state.*' that are none: expected finite ones"):
            other.restore(2, broken, like)
    with pytest.raises(DataError, match="lacks a part of the state"):
        other.restore(2, half, like)


def test_a_short_text_has_fewer_streams_and_one_shorter_than_a_piece_is_refused() -> None:
    pieces = Pieces(SYMBOLS[:35], 10, 32, keeps=True)
    assert (len(pieces), pieces.streams, pieces.per_stream) == (3, 3, 1)
    with pytest.raises(DataError, match=r"too short for pieces of 64 symbols: expected at least 65.*received 40"):
        Pieces(SYMBOLS[:40], 64, 4, keeps=False)
