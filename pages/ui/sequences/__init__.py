"""Texts of one's own, on the page of the lab that learns sequences."""
