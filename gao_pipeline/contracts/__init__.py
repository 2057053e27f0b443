"""Loads and validates `data_contracts/` and compiles it; knows nothing of files, storage or Dagster."""
