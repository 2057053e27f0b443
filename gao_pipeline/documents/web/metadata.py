"""What the head of a page says of it: its meta tags by our names."""

from __future__ import annotations

from functools import cache

from lxml import etree

from gao_pipeline.contracts.loading import Spec
from gao_pipeline.contracts.vocabularies import load_vocabulary

Element = etree._Element


class PageMetadata(Spec, frozen=True, kw_only=True):
    """The names of the meta tags for each kind of metadata, the most reliable first."""

    title: tuple[str, ...]
    published: tuple[str, ...]
    source: tuple[str, ...]
    author: tuple[str, ...]
    site: tuple[str, ...]
    section: tuple[str, ...]


@cache
def _names_of_tags() -> PageMetadata:
    return load_vocabulary("page_metadata", PageMetadata)


def page_metadata(root: Element) -> dict[str, str]:
    """What the meta tags and the tool tip of the headline say, by our names."""
    tags: dict[str, str] = {}
    for tag in root.iter("meta"):
        name = tag.get("name") or tag.get("property") or tag.get("itemprop") or ""
        content = (tag.get("content") or "").strip()
        if content:
            tags.setdefault(name.lower(), content)
    metadata = {}
    for kind in PageMetadata.__struct_fields__:
        names = getattr(_names_of_tags(), kind)
        found = next((tags[name.lower()] for name in names if name.lower() in tags), None)
        if found:
            metadata[kind] = found
    headline = next((tag.get("title", "").strip() for tag in root.iter("h1")), "")
    if headline:
        metadata["headline"] = headline
    return metadata
