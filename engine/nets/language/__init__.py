"""Nets that tell which symbol of a text comes next."""
