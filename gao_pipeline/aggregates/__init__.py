"""Facts to annual tables: versions of reports, sums with their coverage, indicators, dimensions.

Every function takes frames (pandas or Arrow: whatever DuckDB can scan) and returns a frame of the contract.
Nothing here knows where frames are stored.
"""
