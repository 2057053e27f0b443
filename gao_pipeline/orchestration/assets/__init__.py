"""The assets, one module per layer. An asset key is a table name; what a table is, its contract says."""
