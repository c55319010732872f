"""Transformers whole: the decoder that goes on, the encoder that reads, and both together."""
