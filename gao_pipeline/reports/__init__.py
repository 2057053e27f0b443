"""Turns a document into a report: identity, sections, tables filled into fact codes, prose claims."""
