"""Pairs of texts, one of which is to be made of the other, by rules."""
