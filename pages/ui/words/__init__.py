"""The parts of the words page."""
