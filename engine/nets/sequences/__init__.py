"""Nets that read one thing after the other, and carry a state along."""
