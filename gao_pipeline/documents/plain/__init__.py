"""Plain text and Markdown: the ways in which a text writes its tables."""
