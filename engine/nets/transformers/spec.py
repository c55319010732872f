"""Which transformer learns: the settings; light, so that a form can be made of them without torch."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from engine.spec import Knob, Misfit, Spec

Shape = Literal["decoder", "encoder", "both"]
Places = Literal["learnt", "sinusoid", "rotary", "alibi", "none"]
Norms = Literal["ahead", "behind"]
Bend = Literal["gelu", "relu"]
MOST_BLOCKS, MOST_HEADS = 6, 8


class TransformerSpec(Spec):
    """The architecture."""

    shape: Annotated[
        Shape,
        Knob(
            "Shape",
            "A decoder looks back alone and tells what comes next; an encoder looks to both sides and tells what "
            "belongs at each place; with both, what is given is read by the one, and the other writes.",
            group="Net",
            alters=("data", "weights"),
            labels={"decoder": "Decoder", "encoder": "Encoder", "both": "Encoder and decoder"},
        ),
    ] = "decoder"
    blocks: Annotated[
        int,
        Field(ge=1, le=MOST_BLOCKS),
        Knob("Blocks", "Attention and two layers, so many times.", group="Net", alters=("tensors",)),
    ] = 2
    heads: Annotated[
        int,
        Field(ge=1, le=MOST_HEADS),
        Knob("Heads", "Each looks in a way of its own; the width has to be a multiple of them.", group="Net"),
    ] = 4
    width: Annotated[
        int,
        Field(ge=8, le=256),
        Knob("Width", "Numbers at each place: the stream.", group="Net", log=True, alters=("weights",)),
    ] = 64
    neurons: Annotated[
        int,
        Field(ge=4, le=1_024),
        Knob("Neurons", "Of each block, between its two layers.", group="Net", log=True, alters=("weights",)),
    ] = 128
    places: Annotated[
        Places,
        Knob(
            "Places",
            "How the net is told where a symbol stands: by vectors that are learnt or made of waves, by turning "
            "queries and keys, or by lower scores for what is far away.",
            group="Net",
            alters=("tensors",),
            labels={
                "learnt": "Learnt vectors",
                "sinusoid": "Waves",
                "rotary": "Rotary",
                "alibi": "ALiBi",
                "none": "Not at all",
            },
        ),
    ] = "learnt"
    norms: Annotated[
        Norms,
        Knob(
            "Norms",
            "Ahead of each part, as in GPT-2, or behind the sum, as in the first transformer and in BERT.",
            group="Net",
            alters=("tensors",),
            advanced=True,
            labels={"ahead": "Ahead of each part", "behind": "Behind each sum"},
        ),
    ] = "ahead"
    bend: Annotated[
        Bend,
        Knob("Activation", "Of the neurons.", group="Net", advanced=True, labels={"gelu": "GELU", "relu": "ReLU"}),
    ] = "gelu"
    dropout: Annotated[
        float,
        Field(ge=0, le=0.9),
        Knob(
            "Dropout",
            "The share of what each part finds that is left out while the net learns.",
            group="Net",
            step=0.05,
            advanced=True,
        ),
    ] = 0.0

    @model_validator(mode="after")
    def _heads_fit(self) -> "TransformerSpec":
        pairs = 2 if self.places == "rotary" else 1
        if self.width % (self.heads * pairs):
            whole = "an even multiple" if pairs == 2 else "a multiple"
            raise Misfit(
                f"width: expected {whole} of heads={self.heads}, received {self.width}.",
                f"Width: expected {whole} of the {self.heads} heads, received {self.width}.",
            )
        if self.places == "sinusoid" and self.width % 2:
            raise Misfit(
                f"width: expected an even number with places=sinusoid, received {self.width}.",
                f"Width: expected an even number, for waves come in pairs; received {self.width}.",
            )
        return self
