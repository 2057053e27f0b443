"""What a page holds without showing it until its scripts have run."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from lxml import etree

from gao_pipeline.documents.model import UNTOLD
from gao_pipeline.documents.web.appearance import NEVER_SHOWN

Element = etree._Element

_HOLDERS = frozenset({"script", "textarea"})
"""Elements whose content the parser leaves as text."""
_CODE = frozenset({"script", "style"})
_MARKUP = re.compile(r"</?(?:p|div|section|span|table|tr|td)\b[^<>]*>", re.IGNORECASE)
_STRING = re.compile(
    r"""(["'`])((?:\s|&nbsp;|\\[nrt])*(?:<|\\u003c|\\x3c)(?:\\.|(?!\1)[^\\])*)\1""",
    re.IGNORECASE | re.DOTALL,
)
"""A string of a script that begins with a tag."""
_PANES = frozenset({"article", "dd", "div", "li", "section"})
_FEWEST_NEW_WORDS = 3
_WRITES = re.compile(r"\bdocument\s*\.\s*write(?:ln)?\b")
_ROW = re.compile(r"<tr\b", re.IGNORECASE)
_WRITTEN = re.compile(
    r"""document\s*\.\s*write(?:ln)?\s*\(\s*(?:(["'])((?:\\.|(?!\1)[^\\])*)\1|(-?[\d.]+))\s*\)\s*;?""",
    re.DOTALL,
)
_TAG = re.compile(r"<[^<>]*>")
_ESCAPE = re.compile(r"\\(?:u([0-9a-f]{4})|x([0-9a-f]{2})|(.))", re.IGNORECASE | re.DOTALL)
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t"}


def typed_text(area: Element) -> str | None:
    """What a form shows in a text area; `None` where that is a store of markup."""
    text = area.text or ""
    return None if _MARKUP.search(text) else text


def held_markup(element: Element) -> str | None:
    """The markup in a text area or in the strings of a script; `None` for elements that hold elements."""
    if element.tag not in _HOLDERS:
        return None
    text = element.text or ""
    if element.tag != "script" or _MARKUP.match(text.lstrip()):
        return text
    return "".join(_unescaped(match[2]) for match in _STRING.finditer(text))


def held_length(element: Element) -> int:
    """The number of characters, without spaces, that an unshown element would show."""
    if element.tag in NEVER_SHOWN:
        return 0
    markup = held_markup(element)
    return length(inner_texts(element) if markup is None else [_MARKUP.sub("", markup)])


def length(texts: Iterable[str]) -> int:
    """The number of characters of texts without white space."""
    return sum(len("".join(text.split())) for text in texts)


def is_left_out(element: Element, shown: Collection[str]) -> bool:
    """Whether an unshown element is a part of the page that a reader asks for, e.g. behind a tab: it holds a
    table whose words are not among the lines and cells that the page has `shown`."""
    if element.tag not in _PANES or element.find(".//td") is None:
        return False
    lines = [text.strip() for text in inner_texts(element)]
    words = [line for line in lines if any(map(str.isalpha, line))]
    new = [line for line in words if line not in shown]
    return len(new) >= _FEWEST_NEW_WORDS and 2 * len(new) > len(words)


def written_rows(script: Element) -> str:
    """The markup that a script writes in its place, if that is rows of a table."""
    code = script.text or ""
    markup = held_markup(script) if _WRITES.search(code) else None
    return markup if markup and _ROW.search(markup) else ""


def written_text(script: Element) -> str:
    """What a script writes in its place, where it does nothing else; the sign for untold text where it writes
    what only it can tell."""
    code = (script.text or "").strip()
    if written := _WRITTEN.fullmatch(code):
        return "".join(_TAG.split(_unescaped(written[2] or written[3] or "")))
    return UNTOLD if _WRITES.search(code) else ""


def inner_texts(element: Element, without: Collection[Element] = ()) -> Iterator[str]:
    """The texts in an element, `without` those of some parts, of scripts and of style sheets."""
    walker = etree.iterwalk(element, events=("start", "end"))
    for event, part in walker:
        if event == "end":
            yield (part.tail or "") if part is not element else ""
        elif part in without or part.tag in _CODE:
            walker.skip_subtree()
        else:
            yield part.text or ""


def _unescaped(string: str) -> str:
    """What a string of a script stands for."""

    def meant(escape: re.Match[str]) -> str:
        code = escape[1] or escape[2]
        return chr(int(code, 16)) if code else _CONTROLS.get(escape[3], escape[3])

    text = _ESCAPE.sub(meant, string)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
