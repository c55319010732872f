"""Sequences of symbols made up by rules, which a transformer is to go on with, to fill in, or to answer."""
