"""Carries out what a PDF page says to paint, without what its layers and clips leave unseen."""

# ruff: noqa: N802 – operators of PDF are methods named like them
from __future__ import annotations

from typing import Any

from pdfminer.converter import PDFPageAggregator
from pdfminer.encodingdb import name2unicode
from pdfminer.pdfinterp import PDFPageInterpreter, PDFTextState
from pdfminer.pdftypes import PDFObjRef, PDFStream, dict_value, list_value, resolve1
from pdfminer.psparser import PSLiteral, literal_name
from pdfminer.utils import apply_matrix_pt

from gao_pipeline.documents.paged.lattice import Box

_UNSEEN_MODES = (3, 7)
"""The modes of text rendering that paint nothing."""

_NO_GLYPHS = {".notdef", "g0", "space"}
"""Names of glyphs that show nothing, or fill up a table."""

_SLACK = 1.0
"""A character may reach so far (in points) out of what is painted with its middle."""


class Device(PDFPageAggregator):
    """Collects what a page paints, the characters that modes, layers and clips leave unseen, and those of
    fonts that do not tell which they are."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.unseen: set[Any] = set()
        self.untold: set[Any] = set()
        self.mute_fonts: set[Any] = set()
        self.clip: Box | None = None
        self.is_hidden = False
        self._mode = 0

    def render_string(self, textstate: PDFTextState, *args: Any) -> None:
        self._mode = textstate.render
        super().render_string(textstate, *args)

    def render_char(self, *args: Any) -> float:
        advance = super().render_char(*args)
        (*_, char) = self.cur_item
        if self._mode in _UNSEEN_MODES or self.is_hidden or not self._is_inside(char):
            self.unseen.add(char)
        if args[1] in self.mute_fonts:
            self.untold.add(char)
        return advance

    def render_image(self, *args: Any) -> None:
        if not self.is_hidden:
            super().render_image(*args)

    def paint_path(self, *args: Any, **options: Any) -> None:
        if not self.is_hidden:
            super().paint_path(*args, **options)

    def _is_inside(self, char: Any) -> bool:
        if self.clip is None:
            return True
        x, y = (char.x0 + char.x1) / 2, (char.y0 + char.y1) / 2
        left, low, right, high = self.clip
        return bool(left - _SLACK <= x <= right + _SLACK and low - _SLACK <= y <= high + _SLACK)


class Interpreter(PDFPageInterpreter):
    """Knows the layers of a file that are off, and the boxes around the clips of a page."""

    device: Device

    def __init__(self, manager: Any, device: Device, layers_off: frozenset[int]) -> None:
        super().__init__(manager, device)
        self._layers_off = layers_off
        self._clips: list[Box | None] = []
        self._tags: list[bool] = []

    def dup(self) -> PDFPageInterpreter:
        return type(self)(self.rsrcmgr, self.device, self._layers_off)

    def init_resources(self, resources: dict[object, object]) -> None:
        super().init_resources(resources)
        for name, font in dict_value(resources.get("Font", {})).items():
            if name in self.fontmap and _is_mute(dict_value(font)):
                self.device.mute_fonts.add(self.fontmap[name])

    def do_q(self) -> None:
        super().do_q()
        self._clips.append(self.device.clip)

    def do_Q(self) -> None:
        super().do_Q()
        if self._clips:
            self.device.clip = self._clips.pop()

    def do_W(self) -> None:
        """Nothing is painted outside of the path any more; a box around it is held to be it."""
        points = [
            apply_matrix_pt(self.ctm, (float(step[place]), float(step[place + 1])))
            for step in self.curpath
            for place in range(1, len(step), 2)
        ]
        if not points:
            return
        xs, ys = zip(*points, strict=True)
        box = Box(min(xs), min(ys), max(xs), max(ys))
        if (old := self.device.clip) is not None:
            corner = max(box.left, old.left), max(box.top, old.top)
            box = Box(*corner, min(box.right, old.right), min(box.bottom, old.bottom))
        self.device.clip = box

    def do_W_a(self) -> None:
        self.do_W()

    def do_BMC(self, tag: Any) -> None:
        super().do_BMC(tag)
        self._begin(hides=False)

    def do_BDC(self, tag: Any, props: Any) -> None:
        super().do_BDC(tag, props)
        of_layer = isinstance(tag, PSLiteral) and tag.name == "OC" and isinstance(props, PSLiteral)
        layers = dict_value(dict_value(self.resources).get("Properties", {})) if of_layer else {}
        self._begin(hides=of_layer and _is_off(layers.get(literal_name(props)), self._layers_off))

    def do_EMC(self) -> None:
        super().do_EMC()
        if self._tags:
            self.device.is_hidden = self._tags.pop()

    def do_Do(self, xobjid_arg: Any) -> None:
        stream = resolve1(self.xobjmap.get(literal_name(xobjid_arg)))
        clip, is_hidden = self.device.clip, self.device.is_hidden
        if stream is not None and _is_off(stream.get("OC"), self._layers_off):
            self.device.is_hidden = True
        super().do_Do(xobjid_arg)
        self.device.clip, self.device.is_hidden = clip, is_hidden

    def _begin(self, *, hides: bool) -> None:
        self._tags.append(self.device.is_hidden)
        self.device.is_hidden = self.device.is_hidden or hides


def _is_mute(font: Any) -> bool:
    """Whether the codes of a font choose glyphs by a table or names of their own and tell no characters."""
    if "ToUnicode" in font:
        return False
    if "DescendantFonts" in font:
        descendants = map(dict_value, list_value(font["DescendantFonts"]))
        return any(isinstance(resolve1(inner.get("CIDToGIDMap")), PDFStream) for inner in descendants)
    encoding = resolve1(font.get("Encoding"))
    steps = list_value(encoding.get("Differences", [])) if isinstance(encoding, dict) else []
    names = {str(step.name) for step in map(resolve1, steps) if isinstance(step, PSLiteral)} - _NO_GLYPHS
    return 2 * sum(not _is_known(name) for name in names) > len(names)


def _is_known(name: str) -> bool:
    try:
        return bool(name2unicode(name))
    except (KeyError, ValueError):
        return False


def layers_off(catalog: Any) -> frozenset[int]:
    """The numbers of the layers that a file says not to display."""
    properties = dict_value(dict_value(catalog).get("OCProperties", {}))
    default = dict_value(properties.get("D", {}))
    off = _numbers(default.get("OFF"))
    if isinstance(base := default.get("BaseState"), PSLiteral) and base.name == "OFF":
        off |= _numbers(properties.get("OCGs")) - _numbers(default.get("ON"))
    return frozenset(off)


def _numbers(layers: Any) -> set[int]:
    return {layer.objid for layer in list_value(layers or []) if isinstance(layer, PDFObjRef)}


def _is_off(layer: Any, off: frozenset[int]) -> bool:
    """Whether a layer is off, or all layers of a group of them."""
    if not off or layer is None:
        return False
    if isinstance(layer, PDFObjRef) and layer.objid in off:
        return True
    members = dict_value(layer).get("OCGs")
    if isinstance(members, PDFObjRef) and not isinstance(resolve1(members), list):
        return members.objid in off
    numbers = _numbers(members)
    return bool(numbers) and numbers <= off
