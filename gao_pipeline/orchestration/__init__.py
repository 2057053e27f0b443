"""Dagster: decides when things are made, and shows what was made. One module per concept."""
