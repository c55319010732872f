"""Pictures on pages: where they come from, and what can be tried on them."""
