"""Nets that translate: one that reads a sequence, and one that writes another."""
