"""Torch's own attention and layers, with the weights of ours."""

import torch
from torch import nn

from engine.nets.attention.attention import Attention
from engine.nets.attention.block import Block


def attention_like(mine: Attention) -> nn.MultiheadAttention:
    """Return torch's attention with the weights of ours, in float64."""
    theirs = nn.MultiheadAttention(mine.query.in_features, mine.heads, batch_first=True, dtype=torch.float64)
    _share(theirs, mine)
    return theirs


def layer_like(mine: Block, activation: str) -> nn.TransformerEncoderLayer | nn.TransformerDecoderLayer:
    """Return torch's layer of an encoder, or of a decoder where ours is crossed, with the weights of ours."""
    width, neurons = mine.rise.in_features, mine.rise.out_features
    crossed = hasattr(mine, "crossed")
    kind = nn.TransformerDecoderLayer if crossed else nn.TransformerEncoderLayer
    more = {"batch_first": True, "norm_first": mine.ahead, "dtype": torch.float64}
    theirs = kind(width, mine.attention.heads, neurons, 0.0, activation, **more)
    _share(theirs.self_attn, mine.attention)
    pairs = {"linear1": mine.rise, "linear2": mine.fall, "norm1": mine.norm_attention}
    if crossed:
        _share(theirs.get_submodule("multihead_attn"), mine.crossed)
        pairs |= {"norm2": mine.norm_crossed, "norm3": mine.norm_mlp}
    else:
        pairs |= {"norm2": mine.norm_mlp}
    for name, ours in pairs.items():
        theirs.get_submodule(name).load_state_dict(ours.state_dict())
    return theirs


def _share(theirs: nn.Module, mine: Attention) -> None:
    parts = [mine.query, mine.key, mine.value]
    with torch.no_grad():
        theirs.get_parameter("in_proj_weight").copy_(torch.cat([part.weight for part in parts]))
        theirs.get_parameter("in_proj_bias").copy_(torch.cat([part.bias for part in parts]))
    theirs.get_submodule("out_proj").load_state_dict(mine.out.state_dict())
