"""Runs: each in a worker process of its own, watched through a hub, kept in a store."""
