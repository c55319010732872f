"""Models that others have trained, as they come here: brought file by file, or found in a folder of the server."""
