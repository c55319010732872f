"""Attention by hand is torch's own, in value and gradient, seen or not; and a touch sees and changes what passes."""

import math

import pytest
import torch
from torch import Tensor, nn

from engine.nets.attention.attention import Attention, Turning
from engine.nets.attention.block import Bend, Block
from engine.nets.attention.positions import BASE, rotate, sinusoid, slopes
from engine.nets.attention.touch import Touch, Touched
from tests.engine.nets.attention.torchs_own import attention_like, layer_like
from tests.engine.nets.sequences.test_cells import filled

pytestmark = pytest.mark.usefixtures("one_thread")
WIDTH, HEADS = 12, 3
KNOWN = torch.arange(7) < torch.tensor([[7], [4]])


def numbers(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def ways() -> list[Touch | None]:
    """The kernel's way, and ours."""
    return [None, Touched()]


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("known", [None, KNOWN], ids=["whole", "filled up"])
@pytest.mark.parametrize("touch", ways(), ids=["kernel", "by hand"])
def test_attention_is_torchs_own_in_value_and_gradient(
    causal: bool, known: Tensor | None, touch: Touched | None
) -> None:
    mine = Attention(WIDTH, HEADS)
    filled(mine)
    theirs = attention_like(mine)
    x = numbers(2, 7, WIDTH).requires_grad_()
    later = torch.ones(7, 7, dtype=torch.bool).triu(1) if causal else None
    filling = None if known is None else ~known
    expected, weights = theirs(x, x, x, attn_mask=later, key_padding_mask=filling, average_attn_weights=False)
    found = mine(x, causal=causal, known=known, touch=touch)
    torch.testing.assert_close(found, expected)
    if touch is not None:
        torch.testing.assert_close(touch["pattern"], weights)
    direction = numbers(2, 7, WIDTH, seed=1)
    slope, expected_slope = (torch.autograd.grad((one * direction).sum(), x)[0] for one in (found, expected))
    torch.testing.assert_close(slope, expected_slope)
    (mine(x, causal=causal, known=known, touch=touch) * direction).sum().backward()
    (theirs(x, x, x, attn_mask=later, key_padding_mask=filling)[0] * direction).sum().backward()
    stacked = torch.cat([part.weight.grad for part in (mine.query, mine.key, mine.value)])  # type: ignore[misc]
    torch.testing.assert_close(stacked, theirs.in_proj_weight.grad)


@pytest.mark.parametrize("touch", ways(), ids=["kernel", "by hand"])
def test_what_is_asked_of_another_sequence_is_torchs_own(touch: Touch | None) -> None:
    mine = Attention(WIDTH, HEADS)
    filled(mine)
    x, memory = numbers(2, 5, WIDTH), numbers(2, 7, WIDTH, seed=1)
    expected, _ = attention_like(mine)(x, memory, memory, key_padding_mask=~KNOWN)
    torch.testing.assert_close(mine(x, memory, known=KNOWN, touch=touch), expected)


@pytest.mark.parametrize("crossed", [False, True], ids=["encoder", "decoder"])
@pytest.mark.parametrize("ahead", [False, True], ids=["norm behind", "norm ahead"])
@pytest.mark.parametrize("bend", ["gelu", "relu"])
@pytest.mark.parametrize("touch", ways(), ids=["kernel", "by hand"])
def test_a_block_is_torchs_own(crossed: bool, ahead: bool, bend: Bend, touch: Touch | None) -> None:
    mine = Block(WIDTH, HEADS, 20, crossed=crossed, ahead=ahead, bend=bend)
    filled(mine)
    theirs = layer_like(mine, bend)
    x, memory = numbers(2, 7, WIDTH).requires_grad_(), numbers(2, 4, WIDTH, seed=1)
    later = torch.ones(7, 7, dtype=torch.bool).triu(1)
    if crossed:
        expected = theirs(x, memory, tgt_mask=later)
        found = mine(x, causal=True, memory=memory, touch=touch)
    else:
        expected = theirs(x, src_mask=later)
        found = mine(x, causal=True, touch=touch)
    torch.testing.assert_close(found, expected)
    direction = numbers(2, 7, WIDTH, seed=2)
    slope, expected_slope = (torch.autograd.grad((one * direction).sum(), x)[0] for one in (found, expected))
    torch.testing.assert_close(slope, expected_slope)


@pytest.mark.parametrize("turning", ["none", "rotary", "alibi"])
def test_kernel_and_hand_do_the_same_wherever_places_are_told(turning: Turning) -> None:
    mine = Attention(WIDTH, HEADS, turning)
    filled(mine)
    x, seen = numbers(2, 7, WIDTH), Touched()
    for causal in (False, True):
        torch.testing.assert_close(mine(x, causal=causal), mine(x, causal=causal, touch=seen))
        torch.testing.assert_close(seen["masked"].softmax(3), seen["pattern"])
    assert seen["pattern"].triu(1).count_nonzero() == 0


def test_a_query_meets_a_key_at_the_same_angle_however_far_both_are_moved() -> None:
    """What rotary positions are for: a score depends on how far the two are from each other alone."""
    q, k = numbers(1, 8), numbers(1, 8, seed=1)
    turned_q, turned_k = rotate(q.expand(9, 8)), rotate(k.expand(9, 8))
    scores = turned_q @ turned_k.T
    for off in range(-8, 9):
        diagonal = scores.diagonal(off)
        torch.testing.assert_close(diagonal, diagonal[:1].expand_as(diagonal))
    assert scores.diagonal(0)[0] != pytest.approx(float(scores.diagonal(1)[0]))
    torch.testing.assert_close(turned_q.norm(dim=1), q.norm().expand(9))
    angle = 3 * BASE ** (-2 / 8)  # of the second pair at the place 3
    x, y = q[0, 2], q[0, 3]
    assert turned_q[3, 2] == pytest.approx(float(x * math.cos(angle) - y * math.sin(angle)))


def test_scores_fall_with_the_distance_by_the_slopes_of_the_paper() -> None:
    assert slopes(8).tolist() == [2.0**-n for n in range(1, 9)]
    assert slopes(3).tolist() == [2.0**-4, 2.0**-8, 2.0**-2]
    mine, seen = Attention(WIDTH, HEADS, "alibi"), Touched()
    filled(mine)
    mine(numbers(1, 5, WIDTH), touch=seen)
    fallen = (seen["scores"] - seen["masked"])[0]
    for head, slope in enumerate(slopes(HEADS).tolist()):
        assert fallen[head, 4].tolist() == pytest.approx([4 * slope, 3 * slope, 2 * slope, slope, 0])


def test_waves_of_places_are_those_of_the_paper() -> None:
    table = sinusoid(50, 6)
    for place in (0, 1, 49):
        for pair in range(3):
            angle = place / 10_000 ** (2 * pair / 6)
            assert table[place, 2 * pair : 2 * pair + 2].tolist() == pytest.approx(
                [math.sin(angle), math.cos(angle)], abs=1e-5
            )


def test_a_touch_sees_all_that_passes_and_what_it_gives_back_goes_on() -> None:
    block = Block(WIDTH, HEADS, crossed=True)
    filled(block)
    x, memory, seen = numbers(2, 5, WIDTH), numbers(2, 7, WIDTH, seed=1), Touched()
    out = block(x, causal=True, memory=memory, touch=seen)
    parts = ("query", "key", "value", "scores", "masked", "pattern", "gathered", "added")
    assert set(seen) == {
        *(f"{which}.{part}" for which in ("attention", "crossed") for part in parts),
        *("neurons", "mlp.added", "stream"),
    }
    torch.testing.assert_close(x + seen["attention.added"] + seen["crossed.added"] + seen["mlp.added"], out)
    assert torch.equal(seen["stream"], out)

    def without_head(name: str, value: Tensor) -> Tensor:
        return value * torch.tensor([1.0, 0.0, 1.0])[:, None, None] if name == "attention.gathered" else value

    changed = Touched()
    block(x, causal=True, memory=memory, touch=lambda name, value: changed(name, without_head(name, value)))
    each = WIDTH // HEADS
    kept = block.attention.out.weight.clone()
    kept[:, each : 2 * each] = 0
    expected = nn.functional.linear(
        seen["attention.gathered"].transpose(1, 2).flatten(2), kept, block.attention.out.bias
    )
    torch.testing.assert_close(changed["attention.added"], expected)


def test_dropout_leaves_out_what_parts_find_while_a_net_learns() -> None:
    block = Block(WIDTH, HEADS, dropout=0.5).double()
    x, seen = numbers(1, 40, WIDTH), Touched()
    block.train()(x, touch=seen)
    for name in ("attention.added", "mlp.added"):
        assert 0.35 < (seen[name] == 0).double().mean() < 0.65
    block.eval()(x, touch=seen)
    assert not (seen["mlp.added"] == 0).any()
