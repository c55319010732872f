"""Looks at a net while it learns: (net, batch) -> Reading; looking leaves no trace."""
