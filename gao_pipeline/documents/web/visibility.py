"""What of a page a browser shows, and what a page holds without showing it until its scripts have run."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

Element = etree._Element

_NEVER_SHOWN = frozenset({"button", "del", "noscript", "s", "select", "strike", "style", "svg", "title"})
_UNSHOWN = _NEVER_SHOWN | {"script", "template"}
_HOLDERS = frozenset({"script", "textarea"})
"""Elements whose content the parser leaves as text."""
_CODE = frozenset({"script", "style"})
_UNSHOWN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|"
    r"text-decoration(?:-line)?\s*:[^;]*line-through",
    re.IGNORECASE,
)
_STYLE_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_CONDITIONAL_RULES = re.compile(r"@[^{};]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_STYLE_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_DISPLAY = re.compile(r"\bdisplay\s*:\s*(\w+)", re.IGNORECASE)
_SMALL_PARTS = ("b", "em", "font", "i", "label", "p", "span", "strong", "table", "td", "th", "tr")
_RAISED_STYLE = re.compile(r"vertical-align\s*:\s*super", re.IGNORECASE)
_MARKUP = re.compile(r"</?(?:p|div|section|span|table|tr|td)\b[^<>]*>", re.IGNORECASE)
_STRING = re.compile(
    r"""(["'`])((?:\s|&nbsp;|\\[nrt])*(?:<|\\u003c|\\x3c)(?:\\.|(?!\1)[^\\])*)\1""",
    re.IGNORECASE | re.DOTALL,
)
"""A string of a script that begins with a tag."""
_ESCAPE = re.compile(r"\\(?:u([0-9a-f]{4})|x([0-9a-f]{2})|(.))", re.IGNORECASE | re.DOTALL)
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t"}


def is_unshown(element: Element) -> bool:
    """Whether a page does not show an element, or shows it struck out."""
    return (
        element.tag in _UNSHOWN
        or "hidden" in element.attrib
        or bool(_UNSHOWN_STYLE.search(element.get("style", "")))
    )


def hide_by_style_sheets(root: Element) -> None:
    """Mark as hidden the parts of tables and lines that the style sheets inside a page never show.

    Only rules for a class or an id are understood, and only for small parts: what holds whole sections (tabs)
    is shown by scripts when a reader asks for it.
    """
    sheets = "\n".join(sheet.text or "" for sheet in root.iter("style"))
    hidden: dict[str, bool] = {}
    for rule in _STYLE_RULE.finditer(_CONDITIONAL_RULES.sub("", _STYLE_COMMENT.sub("", sheets))):
        if display := _DISPLAY.search(rule[2]):
            hidden |= {selector.strip(): display[1].lower() == "none" for selector in rule[1].split(",")}
    for element in root.iter(*_SMALL_PARTS) if any(hidden.values()) else ():
        names = [f".{name}" for name in element.get("class", "").split()] + [f"#{element.get('id', '')}"]
        selectors = (f"{tag}{name}" for name in names for tag in ("", element.tag))
        if any(hidden.get(selector) for selector in selectors):
            element.set("hidden", "")


def is_raised(element: Element) -> bool:
    """Whether an element stands above the line, as the mark of a note does."""
    return element.tag == "sup" or bool(_RAISED_STYLE.search(element.get("style", "")))


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
    if element.tag in _NEVER_SHOWN:
        return 0
    markup = held_markup(element)
    texts = _texts(element) if markup is None else [_MARKUP.sub("", markup)]
    return sum(len("".join(text.split())) for text in texts)


def _texts(element: Element) -> Iterator[str]:
    """The texts in an element, without its scripts and style sheets."""
    for part in element.iter("*"):
        if part.tag not in _CODE:
            yield part.text or ""
        if part is not element:
            yield part.tail or ""


def _unescaped(string: str) -> str:
    """What a string of a script stands for."""

    def meant(escape: re.Match[str]) -> str:
        code = escape[1] or escape[2]
        return chr(int(code, 16)) if code else _CONTROLS.get(escape[3], escape[3])

    text = _ESCAPE.sub(meant, string)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
