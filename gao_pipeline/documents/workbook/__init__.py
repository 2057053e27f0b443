"""Spreadsheets: xlsx, xls, the XML of Excel 2003 and ods, as their sheets show them."""
