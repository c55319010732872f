"""The parts of the index page."""
