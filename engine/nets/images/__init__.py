"""Nets for images, each architecture in a file of its own: (batch, channels, height, width) -> (batch, classes).

All that is between input and output is a module with a name, sums and joins too; so what a layer gives can be looked
at, and where a number came from can be told. Pixels go in as float32.
"""
