"""Formats laid out on pages: PDF with text, scans, and tables shown as pictures."""
