"""Judges reports: identities, years, claims, continuity; derives what the form forces. Knows no file format."""
