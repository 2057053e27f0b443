"""Reads Word 97–2003 and WPS documents."""

from __future__ import annotations

from gao_pipeline.documents.model import Document, MediaType, UnreadableDocumentError
from gao_pipeline.documents.tables import settled
from gao_pipeline.documents.word.binary import WordFile
from gao_pipeline.documents.word.stories import story_blocks


def read_doc(data: bytes) -> Document:
    """The document that a Word 97–2003 file holds; text boxes follow the body.

    Raises:
        UnreadableDocumentError: `encrypted_file`, `corrupt_file`, `unsupported_type` or `no_text`.
    """
    file = WordFile(data)
    blocks = settled([*story_blocks(file.paragraphs()), *story_blocks(file.paragraphs("text_boxes"))])
    if not blocks:
        raise UnreadableDocumentError("no_text", "the document holds no text")
    headers, footers = file.header_texts()
    return Document(
        media_type=MediaType.DOC,
        blocks=blocks,
        title=file.title,
        notices=tuple(file.notices),
        metadata={
            name: "\n".join(lines) for name, lines in (("header", headers), ("footer", footers)) if lines
        },
    )
