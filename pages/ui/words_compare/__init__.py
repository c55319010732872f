"""The page that compares spaces of words: a file for each of its sections, and what they share."""
