"""Texts of word processors: WordprocessingML (docx, and the XML of Word 2003), the binary format of Word 97
to 2003 (doc, wps), RTF and OpenDocument (odt)."""
