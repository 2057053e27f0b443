"""Word files: WordprocessingML (docx) and the binary format of Word 97 to 2003 (doc, wps)."""
