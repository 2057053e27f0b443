"""Judges reports: identities, years, claims, continuity; derives what is forced. Knows no file format."""
