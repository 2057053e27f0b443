"""Web pages, as served and as saved by a browser."""
