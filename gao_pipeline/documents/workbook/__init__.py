"""Spreadsheets: xlsx and xls, as their sheets show them."""
