"""Pairs of texts as nets that translate learn them, and what is made of what such nets write."""
