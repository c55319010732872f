"""Texts to learn to go on with: made by rules of our own, in several styles, the same under the same seed."""
