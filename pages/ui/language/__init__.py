"""What one asks a language model below its lab: to go on with a text, and which of two sentences it finds likelier."""
