"""Opens the XML files of Word 2003: one tree, given to the walk over Office Open XML in the names of that.

The two formats say the same in almost the same words. What differs is renamed: merges, tracked changes, the
wrappers of sections, and the labels of lists, which this format holds as printed.
"""

from __future__ import annotations

import base64

from lxml import etree

from gao_pipeline.documents.markup import Element, attribute, child, kind, parse_xml

_RENAMED = {
    "vmerge": "vMerge",
    "hmerge": "hMerge",
    "sect": "customXml",
    "sub-section": "customXml",
    "pBdrGroup": "customXml",
    "cfChunk": "customXml",
    "content": "customXml",
    "Title": "title",
}
_CHANGES = {"Word.Insertion": "ins", "Word.Deletion": "del"}


class Word2003File:
    """The one tree of a Word 2003 XML file in the role of a package: its parts are subtrees.

    Raises:
        lxml.etree.XMLSyntaxError: the file is damaged.
    """

    def __init__(self, data: bytes) -> None:
        self._root = parse_xml(data)
        self._pictures = {
            attribute(picture, "name") or "": picture.text or "" for picture in self._root.iter("{*}binData")
        }
        for element in self._root.iter("*"):
            _translate(element)

    def content(self, path: str) -> bytes | None:
        """The bytes of a picture."""
        return base64.b64decode(self._pictures[path]) if path in self._pictures else None

    def part(self, path: str) -> Element | None:
        """The subtree of a name; the whole tree is the main part."""
        return child(self._root, path) if path else self._root

    def related(self, _source: str, relation: str) -> dict[str, str]:
        """What stands for the parts of a relation, by id."""
        match relation:
            case "officeDocument":
                return {"": ""}
            case "styles":
                return {"": "styles"}
            case "core-properties":
                return {"": "DocumentProperties"}
            case "image":
                return {name: name for name in self._pictures}
        return {}


def _translate(element: Element) -> None:
    match kind(element):
        case "annotation":
            _rename(element, _CHANGES.get(attribute(element, "type") or "", "annotation"))
        case "listPr":
            _print_label(element)
        case "imagedata":
            element.set("id", attribute(element, "src") or "")
        case name if name in _RENAMED:
            _rename(element, _RENAMED[name])


def _rename(element: Element, name: str) -> None:
    namespace, _, _ = str(element.tag).rpartition("}")
    element.tag = f"{namespace}}}{name}"


def _print_label(properties: Element) -> None:
    """Put the label of a list before the text of its paragraph."""
    label = attribute(child(properties, "t"), "val")
    paragraph = next(properties.iterancestors("{*}p"), None)
    if label and paragraph is not None:
        run = etree.Element("r")
        etree.SubElement(run, "t").text = label
        paragraph.insert(1, run)
