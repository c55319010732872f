"""A real browser against the app as ``make app`` starts it."""
