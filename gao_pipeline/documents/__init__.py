"""Turns the bytes of a file into a document: paragraphs and grids, each with its place. Knows no form."""
