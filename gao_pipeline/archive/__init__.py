"""What is kept between runs: landing scan, extractions and reports by content, tables, executors."""
