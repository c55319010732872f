"""Images to learn from: what comes along, what is drawn on the fly, and files as they are commonly passed on."""
