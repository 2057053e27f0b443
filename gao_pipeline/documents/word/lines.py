"""What a paragraph of a Word file shows: its runs of text with their fields, symbols and equations, and what
hangs on it (text boxes, pictures, objects)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from gao_pipeline.documents.markup import Element, attribute, child, kind
from gao_pipeline.documents.model import UNTOLD, Notice
from gao_pipeline.documents.runs import Run, note_hidden, text_of_runs
from gao_pipeline.documents.word.fields import Fields
from gao_pipeline.documents.word.ooxml import number
from gao_pipeline.documents.word.styles import Styles, is_on, is_raised, is_shade, is_white

_WRAPPERS = frozenset(
    {"sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "hyperlink", "fldSimple", "bdo", "dir"}
    | {"ruby", "rubyBase", "oMath", "oMathPara", "sSup", "sSub", "sSubSup", "f", "num", "e", "d", "box"}
    | {"acc", "bar", "borderBox", "func", "fName", "groupChr"}
)
_DROPPED = frozenset({"del", "moveFrom", "rt", "pPr", "rPr", "sdtPr", "sdtEndPr", "delText"})
_CHARACTERS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_REMOVING = ("vanish", "strike", "dstrike")
_RAISED_PARTS, _DENOMINATOR = frozenset({"sup", "sub"}), "den"
"""Parts of equations: an exponent or an index, and what stands below the line of a fraction."""
_PICTURED_PARTS = frozenset({"rad", "nary", "limLow", "limUpp", "m", "eqArr", "sPre", "phant"})
"""Parts of equations that no line of text can show."""
_PICTURE_FONTS = ("wingdings", "webdings")
_DIGIT = re.compile("[0-9]")
_SYMBOL_CODES = range(0xF020, 0xF07F)
"""Symbol fonts have their characters there; most keep figures and signs where ASCII has them."""
_TABLE_IMAGE_EMU = (1_800_000, 720_000)
"""An image at least 5 cm wide and 2 cm high may show a table."""


@dataclass
class Line:
    """The text of a paragraph, and what hangs on it: contents of text boxes, parts with pictures,
    parts with objects."""

    text: str = ""
    boxes: list[Element] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    objects: list[str] = field(default_factory=list)


class LineReader:
    """Reads the paragraphs of a story one by one.

    Args:
        styles: those of the document.
        images, objects: the parts with the pictures and the embedded objects of the story, by id.
        notices: where to put what a person should know.
    """

    def __init__(
        self,
        styles: Styles,
        images: Mapping[str, str],
        objects: Mapping[str, str],
        notices: list[Notice],
    ) -> None:
        self._styles = styles
        self._images = images
        self._objects = objects
        self._notices = notices
        self._fields = Fields(notices)
        self._line = Line()

    def line(self, paragraph: Element) -> Line:
        """What a paragraph shows."""
        self._fields.forget()
        self._line = line = Line()
        style = attribute(child(paragraph, "pPr", "pStyle"), "val")
        line.text = text_of_runs(self._runs(paragraph, style))
        return line

    def _runs(self, container: Element, style: str | None) -> Iterator[Run]:
        """The runs of text of a paragraph, or of a part of an equation, that can be seen."""
        for element in shown_children(container):
            match kind(element):
                case "r":
                    text = "".join(self._run(element))
                    if self._is_unseen(element, style):
                        note_hidden(text, self._notices)
                    else:
                        font = attribute(self._property(element, style, "rFonts"), "ascii") or ""
                        if font.lower().startswith(_PICTURE_FONTS):
                            text = _DIGIT.sub(UNTOLD, text)
                        marks = (self._property(element, style, name) for name in ("vertAlign", "position"))
                        yield Run(text, any(map(is_raised, marks)))
                case "fldSimple":
                    yield Run(self._fields.without_result(attribute(element, "instr") or ""))
                case name if name in _RAISED_PARTS:
                    yield Run(text_of_runs(self._runs(element, style)), raised=True)
                case name if name == _DENOMINATOR:
                    yield Run("/" + text_of_runs(self._runs(element, style)))
                case name if name in _PICTURED_PARTS:
                    yield Run(UNTOLD)

    def _is_unseen(self, run: Element, style: str | None) -> bool:
        """Whether a run is removed from the final text, hidden, or white on the white of the page."""
        if any(self._is_switched_on(run, style, name) for name in _REMOVING):
            return True
        return is_white(self._property(run, style, "color")) and not self._is_on_colour(run, style)

    def _is_switched_on(self, run: Element, paragraph_style: str | None, name: str) -> bool:
        """Whether a switch is on for a run: where it says nothing, its style switches what the paragraph's
        gives."""
        own = child(run, "rPr", name)
        if own is not None:
            return is_on(own)
        names = attribute(child(run, "rPr", "rStyle"), "val"), paragraph_style
        by_run, by_paragraph = (is_on(self._styles.run_property(style, name)) for style in names)
        return by_run != by_paragraph

    def _is_on_colour(self, run: Element, style: str | None) -> bool:
        """Whether a ground may be coloured on which a run stands: its own, or that of what holds it."""
        own = (self._property(run, style, name) for name in ("shd", "highlight"))
        if any(map(is_shade, own)) or self._styles.is_shaded(style):
            return True
        for holder in run.iterancestors("*"):
            name = kind(holder)
            if name == "txbxContent" or child(holder, "background") is not None:
                return True
            if is_shade(child(holder, f"{name}Pr", "shd")):
                return True
            if name == "tbl" and self._styles.is_shaded(attribute(child(holder, "tblPr", "tblStyle"), "val")):
                return True
        return False

    def _property(self, run: Element, paragraph_style: str | None, name: str) -> Element | None:
        """A property of a run: its own, or that of its style or of its paragraph's."""
        own = child(run, "rPr", name)
        if own is not None:
            return own
        style = attribute(child(run, "rPr", "rStyle"), "val")
        given = self._styles.run_property(style, name)
        return given if given is not None else self._styles.run_property(paragraph_style, name)

    def _run(self, run: Element) -> Iterator[str]:
        for element in shown_children(run):
            match kind(element):
                case "fldChar":
                    yield self._pass_field(element)
                case "instrText":
                    self._fields.instruct(element.text or "")
                case _ if self._fields.is_instruction:
                    pass
                case "t":
                    yield self._fields.result(element.text or "")
                case "br" if attribute(element, "type") in ("page", "column"):
                    pass
                case "sym":
                    yield self._fields.result(_symbol(element))
                case "r":
                    yield from self._run(element)
                case "drawing" | "pict" | "object":
                    self._hang(element)
                case name:
                    yield _CHARACTERS.get(name, "")

    def _pass_field(self, mark: Element) -> str:
        """Go on into a field, into its result, or out of it with what stands for one."""
        match attribute(mark, "fldCharType"):
            case "begin":
                self._fields.begin(_choice(child(mark, "ffData", "ddList")))
            case "separate":
                self._fields.part()
            case "end":
                return self._fields.end()
        return ""

    def _hang(self, drawing: Element) -> None:
        """Note the contents of the text boxes in a drawing, its pictures and its objects."""
        if kind(drawing) in ("inline", "anchor") and _may_show_table(drawing):
            self._find_pictures(drawing.iter("{*}blip"), "embed")
        for element in shown_children(drawing):
            match kind(element):
                case "txbxContent":
                    self._line.boxes.append(element)
                case "imagedata":
                    self._find_pictures([element], "id")
                case "OLEObject":
                    part = self._objects.get(attribute(element, "id") or "")
                    self._line.objects += [part] if part is not None else []
                case _:
                    self._hang(element)

    def _find_pictures(self, references: Iterable[Element], name: str) -> None:
        for reference in references:
            part = self._images.get(attribute(reference, name) or "")
            if part is not None:
                self._line.pictures.append(part)


def shown_children(element: Element) -> Iterator[Element]:
    """The children that a reader sees, whatever wraps them; of alternatives only the preferred one."""
    for part in element.iterchildren("*"):
        name = kind(part)
        if name == "AlternateContent":
            choice = child(part, "Choice")
            chosen = choice if choice is not None else child(part, "Fallback")
            if chosen is not None:
                yield from shown_children(chosen)
        elif name in _WRAPPERS and (name != "fldSimple" or len(part)):
            yield from shown_children(part)
        elif name not in _DROPPED:
            yield part


def _choice(entries: Element | None) -> str:
    """The entry that is chosen in the list of a form field."""
    if entries is None:
        return ""
    texts = [attribute(entry, "val") or "" for entry in entries.iterchildren("{*}listEntry")]
    chosen = number(child(entries, "result"), number(child(entries, "default"), 0))
    return texts[chosen] if chosen < len(texts) else ""


def _symbol(element: Element) -> str:
    """A character given by its code; what it is in a font of pictures nobody can tell without the font."""
    code = int(attribute(element, "char") or "0", 16)
    font = (attribute(element, "font") or "").lower()
    if code in _SYMBOL_CODES and not font.startswith(_PICTURE_FONTS):
        character = chr(code - 0xF000)
        return "" if character.isalpha() else character
    return chr(code) if 0x20 <= code < 0xE000 and not font.startswith(_PICTURE_FONTS) else ""


def _may_show_table(drawing: Element) -> bool:
    extent = child(drawing, "extent")
    size = [int(attribute(extent, name) or "0") for name in ("cx", "cy")]
    return all(actual >= least for actual, least in zip(size, _TABLE_IMAGE_EMU, strict=True))
