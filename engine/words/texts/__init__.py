"""Texts that people bring to learn words from: pasted, uploaded, or lying on the server; kept, looked at, and cut."""
