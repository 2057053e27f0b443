"""Opens Office Open XML packages: parts are found by their relationships and parsed only when asked for.

Tolerant where office suites are: a relationship to a part that is not there is no reason to refuse a file.
"""

from __future__ import annotations

import base64
import io
import posixpath
import zipfile
from collections.abc import Callable
from functools import partial

from lxml import etree

from gao_pipeline.documents.archive import check_size
from gao_pipeline.documents.markup import Element, attribute, child, parse_xml, whole_number


def number(element: Element | None, default: int) -> int:
    """The whole number that is the value of an element such as `<w:gridSpan w:val="2"/>`."""
    return whole_number(attribute(element, "val"), default)


class Package:
    """The parts of an Office Open XML file: a zip container, or all of them in one XML file (Flat OPC).

    Raises (from every method):
        zipfile.BadZipFile, lxml.etree.XMLSyntaxError: the file is damaged.
    """

    def __init__(self, data: bytes) -> None:
        self._parts = _zipped_parts(data) if data.startswith(b"PK") else _flat_parts(data)

    def content(self, path: str) -> bytes | None:
        """The bytes of a part, if the package has it."""
        return self._parts[path]() if path in self._parts else None

    def part(self, path: str) -> Element | None:
        """The root element of a part, if the package has it."""
        content = self.content(path)
        return None if content is None else parse_xml(content)

    def related(self, source: str, relation: str) -> dict[str, str]:
        """The parts that `source` (`""` is the package) refers to by a relation such as `styles`, by id."""
        folder, _, name = source.rpartition("/")
        root = self.part(posixpath.join(folder, "_rels", f"{name}.rels"))
        if root is None:
            return {}
        return {
            link.get("Id", ""): posixpath.normpath(
                posixpath.join("/", folder, link.get("Target", ""))
            ).lstrip("/")
            for link in root
            if link.get("Type", "").endswith(f"/{relation}") and link.get("TargetMode") != "External"
        }


def _zipped_parts(data: bytes) -> dict[str, Callable[[], bytes]]:
    """The parts of a zip container by path; they are unpacked when asked for."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    check_size(archive)
    return {name.replace("\\", "/"): partial(archive.read, name) for name in archive.namelist()}


def _flat_parts(data: bytes) -> dict[str, Callable[[], bytes]]:
    """The parts of a package in one XML file by path."""
    return {
        (attribute(part, "name") or "").lstrip("/"): partial(_flat_content, part)
        for part in parse_xml(data).iterchildren("{*}part")
    }


def _flat_content(part: Element) -> bytes:
    markup = child(part, "xmlData")
    if markup is not None:
        return b"".join(etree.tostring(root) for root in markup.iterchildren("*"))
    binary = child(part, "binaryData")
    return b"" if binary is None else base64.b64decode(binary.text or "")
