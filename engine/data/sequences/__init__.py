"""Sequences to learn from: waves, tasks that need a memory, names, sentences, what people bring."""
