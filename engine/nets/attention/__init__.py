"""Attention written by hand, and the blocks that transformers are made of."""
