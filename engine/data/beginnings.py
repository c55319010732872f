"""Tells what a file is that is none of those wanted, by what it begins with, whatever it is called."""

BEGINNINGS = {
    b"\x89PNG": "a picture (PNG)",
    b"\xff\xd8\xff": "a picture (JPEG)",
    b"PK\x03\x04": "a zip archive, as those of Excel are",
    b"\x1f\x8b": "compressed (gzip)",
    b"BZh": "compressed (bzip2)",
    b"\xfd7zXZ": "compressed (xz)",
    b"%PDF": "a PDF",
    b"\x93NUMPY": "an array of NumPy",
    b"SQLite format 3\0": "a database",
    b"\x80\x02": "a pickle",
    b"\x80\x03": "a pickle",
    b"\x80\x04": "a pickle",
    b"\x80\x05": "a pickle",
}


def kind_of(data: bytes) -> str:
    """Return what ``data`` is, in words that go behind "is"; nothing where its beginning does not tell."""
    return next((kind for beginning, kind in BEGINNINGS.items() if data.startswith(beginning)), "")
