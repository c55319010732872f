"""Images of one's own, on the pages of labs that learn images."""
