"""Models that others have trained, GPT-2 and BERT, read from the files in which they are published."""
