"""From tables to what people query: releases (Parquet, DuckDB, PostgreSQL), their door and their pages."""
