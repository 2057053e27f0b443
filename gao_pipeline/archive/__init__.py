"""The archive on disk: landing scan, content-addressed stages, tables by year. Knows no Dagster, no label."""
