"""Tables whose rows were lost: one cell a paragraph, or cells one after another. Rebuilds the rows from
labels, figures and blank lines.

The result is a ragged strip, so that everything after treats it like any other table. A blank cell leaves
nothing but lines that are missing: it is put back only where the missing lines fit the number of columns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, pairwise, takewhile
from typing import NamedTuple

from gao_pipeline.contracts.text import compact, strip_notes
from gao_pipeline.documents.model import Block, Cell, Grid, Place
from gao_pipeline.documents.plain.rows import may_be_one_figure
from gao_pipeline.reports.captions import caption_years, captions_of
from gao_pipeline.reports.cells import is_blank, is_figure
from gao_pipeline.reports.glued import counts_of, glued_texts, has_figure_apart
from gao_pipeline.reports.labels import TableLabels, table_labels, table_of_column
from gao_pipeline.reports.sections import section_of_heading
from gao_pipeline.reports.spacing import BLOCK_ENDS, TABLE_ENDS, Gaps, Spacing, spacing_of
from gao_pipeline.reports.strips import PrintedRow, Strip
from gao_pipeline.reports.tables import SIDE_BY_SIDE, TABLES
from gao_pipeline.reports.vocabulary import cell_vocabulary, section_vocabulary

_RUNNING_NUMBERS = 10
"""So many figures before labels do not count on from 1 by chance."""

_LONGEST_CELL = 150
_PIECES_OF_A_LABEL = 3
_USUAL_GAPS = 3
_SURE_ROWS = 3
_LINES_ABOVE = 3


class _Token(NamedTuple):
    """A cell or paragraph, or several that make one label; `line` and `end` are its first and last line,
    where every cell of a stream takes a line of its own. `glued` are all the figures of a row without
    anything between them; what `is_cell` stands in a cell of its own."""

    text: str
    place: Place
    line: int
    end: int
    glued: bool = False
    is_cell: bool = False

    @property
    def is_value(self) -> bool:
        figures = _figures(self.text)
        return self.glued or self.text.isdecimal() or all(is_blank(f) or is_figure(f) for f in figures)

    @property
    def pieces(self) -> list[_Token]:
        """The figures that it prints, or marks of blank cells, as one token each; a cell is one."""
        return [self] if self.is_cell else [self._replace(text=figure) for figure in _figures(self.text)]

    @property
    def is_doubtful(self) -> bool:
        """Whether its figures may be one with the digits apart: one that no zero begins."""
        return any(
            one.text.strip("0") and one.text[-1].isdecimal() and other.text[0].isdecimal()
            for one, other in pairwise(self.pieces)
        )


@dataclass
class _Line:
    """One row to be: its labels, its values, how many of these it should have, and the lines around them;
    `depth_below` is the depth in groups of the label below."""

    labels: list[_Token]
    width: int = 0
    before: int | None = None
    values: list[_Token] = field(default_factory=list)
    after: int | None = None
    depth_below: int | None = TABLE_ENDS

    @property
    def pieces(self) -> list[_Token]:
        """The values one by one that stand together on a line."""
        return [piece for value in self.values for piece in value.pieces]

    @property
    def is_doubtful(self) -> bool:
        """Whether its values, one by one, may be digits of one figure."""
        if len(self.values) == 1:
            return may_be_one_figure(self.values[0].text)
        return any(value.is_doubtful for value in self.values)

    @property
    def is_on_one_line(self) -> bool:
        """Whether several figures on one line are surely all that it has."""
        return len(self.values) == 1 and len(self.pieces) == self.width > 1 and not self.is_doubtful

    @property
    def is_full_apart(self) -> bool:
        """Whether digits that may be those of one figure would make up for all blank cells of the row."""
        return self.is_doubtful and len(self.pieces) == self.width

    def take_apart(self, *, sure: bool) -> None:
        """Make the values one by one that stand together on a line, unless they may be digits of one figure
        and are not `sure` to be none."""
        if self.width in (0, len(self.pieces)) and (sure or not self.is_doubtful):
            self.values = self.pieces
        else:
            self.values = [p for v in self.values for p in ([v] if v.is_doubtful else v.pieces)]

    def give_back_glued(self) -> None:
        """Leave figures glued to the label where others follow: then they are not all figures of the row."""
        if self.labels and [value.glued for value in self.values] == [True]:
            label = self.labels[-1]
            self.labels[-1] = label._replace(text=label.text + self.values.pop().text)

    @property
    def has_glued_label(self) -> bool:
        """Whether a figure stands at the end of its label."""
        return bool(self.labels) and self.labels[-1].text.rstrip()[-1:].isdecimal()

    @property
    def has_glued_values(self) -> bool:
        """Whether all its values stand together without a space."""
        one = self.values[0] if len(self.values) == 1 else None
        return one is not None and one.text.isdecimal() and (one.glued or not self.labels)


def strips_of_stream(blocks: Sequence[Block]) -> Iterator[Strip]:
    """The tables that stand, cell by cell, as consecutive paragraphs and streams of cells."""
    printed = list(_tokens(blocks))
    tokens = [
        token._replace(text=text)
        for token in printed
        if (text := cell_vocabulary().without_residue(token.text)).strip()
    ]
    tables: list[list[_Line]] = []
    years: list[frozenset[int]] = []
    position = above = 0
    while position < len(tokens):
        code = _table_from(tokens[position : position + _PIECES_OF_A_LABEL])
        end = _end_of_table(tokens, position, code) if code else position + 1
        if code:
            years.append(caption_years(captions_of([token.text for token in tokens[above:position]])))
            above = end
            after = tokens[end].line if end < len(tokens) else printed[-1].end + 1
            tables.append(_Rows(code, _without_running_numbers(tokens[position:end]), after).lines)
        position = end
    all_lines = list(chain.from_iterable(tables))
    sure, on_lines = _are_complete(all_lines), any(line.is_on_one_line for line in all_lines)
    for lines in tables:
        _take_apart(lines, sure=sure, on_lines=on_lines)
    told = [gaps for line in all_lines if not line.is_full_apart and (gaps := _gaps(line))]
    spacing = spacing_of(told, _usual_gaps(tokens))
    shows_blanks = spacing is not None and any(row.missing > 0 and spacing.fits(row) for row in told)
    for line in all_lines:
        if line.is_full_apart and not shows_blanks:
            line.before = None
    for lines, of_table in zip(tables, years, strict=True):
        if any(line.values for line in lines):
            apart = [part for line in lines for part in _without_orphans(line, spacing)]
            rows = (PrintedRow(_cells(row, line, spacing)) for row, line in enumerate(apart))
            yield Strip(tuple(rows), True, 0, of_table)


def _tokens(blocks: Sequence[Block]) -> Iterator[_Token]:
    """The texts, where they stand, and their lines; what stands below a stream moves down by its cells."""
    moved = 0
    for block in blocks:
        line = (block.place.line or 0) + moved
        if isinstance(block, Grid):
            for cell in block.cells:
                yield _Token(cell.text, cell.place, line, line, is_cell=True)
                line += 1
            moved += len(block.cells) - 1
        elif texts := glued_texts(block.text):
            is_glued = not has_figure_apart(block.text)
            for label, figures in texts:
                yield _Token(label, block.place, line, line)
                if figures:
                    yield _Token(figures, block.place, line, line, glued=is_glued)
        else:
            yield _Token(block.text, block.place, line, line)


def _table_from(tokens: Sequence[_Token]) -> str | None:
    """The table that surely begins with `tokens`: with the first, or with several that make one text."""
    texts = [token.text.strip() for token in tokens if not token.is_value]
    joined = ("".join(texts[:count]) for count in range(1, len(texts) + 1))
    return next(filter(None, map(_table_at, joined)), None)


def _table_at(text: str) -> str | None:
    """The table that surely has the cell `text` in its header."""
    for code in TABLES:
        labels = table_labels(code)
        if labels.is_heading(text) or labels.is_corner(text):
            return code
        if code == SIDE_BY_SIDE and labels.rows.find_exact(text):
            return code
    return table_of_column(text)


def _end_of_table(tokens: Sequence[_Token], start: int, code: str) -> int:
    """The first token after `start` that is no cell of this table."""
    for position in range(start + 1, len(tokens)):
        text = tokens[position].text
        prose = len(text) > _LONGEST_CELL or section_vocabulary().ends_sentence(text)
        above_another = section_of_heading(text) or _is_caption(tokens[position : position + _LINES_ABOVE])
        if prose or above_another or _table_at(text) not in (None, code):
            return position
    return len(tokens)


def _without_running_numbers(tokens: Sequence[_Token]) -> list[_Token]:
    """The tokens without the numbers, from 1, that count the rows one by one, each right before the labels of
    its row: these begin in its place."""
    before_labels = [
        at for at, (token, below) in enumerate(pairwise(tokens)) if token.is_value and not below.is_value
    ]
    texts = [tokens[at].text.strip() for at in before_labels]
    first = texts.index("1") if "1" in texts else len(texts)
    counted = takewhile(lambda item: item[1] == str(item[0]), enumerate(texts[first:], 1))
    numbers = frozenset(before_labels[first : first + sum(1 for _ in counted)])
    if len(numbers) < _RUNNING_NUMBERS:
        return list(tokens)
    return [
        token._replace(line=tokens[at - 1].line) if at - 1 in numbers else token
        for at, token in enumerate(tokens)
        if at not in numbers
    ]


def _is_caption(tokens: Sequence[_Token]) -> bool:
    """Whether the first of `tokens` names the year of a table that begins with one of the others."""
    text = strip_notes(compact(tokens[0].text))
    return bool(text and caption_years([text])) and any(_table_at(token.text) for token in tokens[1:])


class _Rows:
    """Sorts the tokens of one table into lines of labels and values."""

    def __init__(self, code: str, tokens: Sequence[_Token], after: int) -> None:
        self._labels: TableLabels = table_labels(code)
        self._side_by_side = code == SIDE_BY_SIDE
        self._in_header = True
        self._columns = 0
        self.lines: list[_Line] = [_Line([])]
        position = 0
        while position < len(tokens):
            position += self._take(tokens[position : position + _PIECES_OF_A_LABEL])
        if not self._side_by_side:
            _take_values_from_above(self.lines)
        for line, following in pairwise(self.lines):
            if following.labels:
                line.after = following.labels[0].line
                line.depth_below = self._depth(following.labels[0].text)
        self.lines[-1].after = after
        self._add_blank_row(tokens[-1], after)

    def _add_blank_row(self, last: _Token, after: int) -> None:
        """Add the row of a table that ends with its heads if lines for all cells follow: all are blank."""
        ends_with_heads = self._side_by_side and not any(line.values for line in self.lines)
        if ends_with_heads and 0 < self._columns < after - last.end:
            blank = last._replace(text="", is_cell=True)
            self.lines.append(_Line([], values=[blank] * self._columns))

    def _depth(self, label: str) -> int | None:
        """How deep in groups a label stands, or what ends above it."""
        if self._side_by_side or self._labels.is_corner(label):
            return TABLE_ENDS
        return BLOCK_ENDS if self._labels.is_heading(label) else self._labels.depth(label)

    def _take(self, tokens: Sequence[_Token]) -> int:
        """Sort in the first of `tokens`, with those that complete its label; returns how many."""
        token = tokens[0]
        if token.is_value:
            self.lines[-1].give_back_glued()
            if self._side_by_side and not self.lines[-1].values:
                before = self.lines[-1].labels[-1].end if self.lines[-1].labels else None
                self.lines.append(_Line([], self._columns, before=before))
            self.lines[-1].values.append(token)
            return 1
        if heading := _joined(tokens, self._labels.is_heading):
            self.lines.append(_Line([heading[0]]))
            self._in_header, self._columns = True, 0
            return heading[1]
        if not strip_notes(compact(token.text)):
            return self._note(token)
        if self._in_header:
            column = _joined(tokens, lambda text: self._labels.columns.find_exact(text) is not None)
            if column is None and not self._row(tokens):
                column = _joined(tokens[:1], lambda text: self._labels.columns.find(text) is not None)
            if column is not None:
                self._header_cell(column[0])
                self._columns += 1
                return column[1]
        row = self._row(tokens)
        if row is not None:
            self._in_header = self._side_by_side
            if self._side_by_side:
                self._header_cell(row[0])
            else:
                self.lines.append(_Line([row[0]], self._columns, before=row[0].end))
            return row[1]
        if self._in_header:
            self._header_cell(token)
        elif self._labels.groups.find(token.text):
            self.lines.append(_Line([token]))
        else:
            self.lines.append(_Line([token], self._columns, before=token.end))
        return 1

    def _row(self, tokens: Sequence[_Token]) -> tuple[_Token, int] | None:
        """The row label that `tokens` begin with."""
        exact = _joined(tokens, lambda text: self._labels.rows.find_exact(text) is not None)
        return exact or _joined(tokens[:1], lambda text: self._labels.rows.find(text) is not None)

    def _header_cell(self, token: _Token) -> None:
        if self.lines[-1].values:
            self.lines.append(_Line([]))
            self._columns = 0
        self.lines[-1].labels.append(token)

    def _note(self, token: _Token) -> int:
        """A bracketed note belongs to the label before it."""
        labels = self.lines[-1].labels
        if labels and not self.lines[-1].values:
            labels[-1] = labels[-1]._replace(text=labels[-1].text + token.text)
            self.lines[-1].before = token.end
        else:
            self.lines.append(_Line([token]))
        return 1


def _take_values_from_above(lines: list[_Line]) -> None:
    """Give rows the values printed above their labels, where a whole block is printed so: the first values
    stand below the heads, and below the last label stands none. Where the values of such a block are not
    complete they belong to no row."""
    for head in [line for line in lines if line.values and not line.width]:
        first = lines.index(head) + 1
        rows = list(takewhile(lambda line: line.width, lines[first:]))
        if not rows or rows[-1].values:
            continue
        printed = [head.values, *(row.values for row in rows[:-1])]
        head.values = []
        if all(len(values) == rows[0].width for values in printed):
            for row, values in zip(rows, printed, strict=True):
                row.values, row.before = values, None
        else:
            lines[first : first + len(rows)] = [_Line([], values=[v for values in printed for v in values])]


def _are_complete(lines: Sequence[_Line]) -> bool:
    """Whether every row is complete with its values one by one, several among them where they stand together:
    by chance digits of figures make up for blank cells in one row or two, but not in all."""
    rows = [line for line in lines if line.values and line.labels and line.width]
    complete = [row for row in rows if len(row.pieces) + row.has_glued_label == row.width]
    return len(complete) == len(rows) and sum(row.is_doubtful for row in complete) >= _SURE_ROWS


def _take_apart(lines: Sequence[_Line], *, sure: bool, on_lines: bool) -> None:
    """Make the values of every row one by one that stand on one line, or together without a space: these only
    where no row has too few digits for its columns, for then blank cells leave nothing."""
    for line in lines:
        line.take_apart(sure=sure or (len(line.values) == 1 and on_lines))
    glued = [line for line in lines if line.has_glued_values]
    if any(len(line.values[0].text) < line.width for line in glued):
        return
    for line in glued:
        counts = counts_of(line.values[0].text, line.width) or ()
        line.values = [line.values[0]._replace(text=count) for count in counts] or line.values


def _figures(text: str) -> list[str]:
    """The words of a line, those that say something of the figure before them (units, notes) with it."""
    figures: list[str] = []
    for word in text.split():
        if figures and not is_blank(word) and not is_figure(word):
            figures[-1] += f" {word}"
        else:
            figures.append(word)
    return figures


def _joined(tokens: Sequence[_Token], known: Callable[[str], bool]) -> tuple[_Token, int] | None:
    """The longest run of `tokens` that makes a known label, and its length."""
    for count in range(len(tokens), 0, -1):
        pieces = tokens[:count]
        text = "".join(piece.text.strip() for piece in pieces)
        if not any(piece.is_value for piece in pieces) and known(text):
            return _Token(text, pieces[0].place, pieces[0].line, pieces[-1].end), count
    return None


def _gaps(line: _Line) -> Gaps | None:
    """The blank lines around the values of a row; `None` where they are unknown."""
    if not line.values or line.before is None or line.after is None:
        return None
    ends = [line.before, *(value.end for value in line.values)]
    starts = [*(value.line for value in line.values), line.after]
    *inside, behind = (max(start - end - 1, 0) for end, start in zip(ends, starts, strict=True))
    return Gaps(tuple(inside), behind, line.width - len(line.values), not line.labels, line.depth_below)


def _usual_gaps(tokens: Sequence[_Token]) -> list[int]:
    """The numbers of blank lines that most often stand between two texts."""
    gaps = Counter(max(after.line - before.end - 1, 0) for before, after in pairwise(tokens))
    return [gap for gap, _ in gaps.most_common(_USUAL_GAPS)] or [0]


def _without_orphans(line: _Line, spacing: Spacing | None) -> list[_Line]:
    """The row, its values apart where they stand below the blank cells of a whole row."""
    gaps = _gaps(line)
    if spacing is None or gaps is None or not spacing.is_row_of_blanks(gaps):
        return [line]
    blank = line.values[0]._replace(text="")
    return [replace(line, values=[blank] * line.width, before=None), _Line([], values=line.values)]


def _cells(row: int, line: _Line, spacing: Spacing | None) -> tuple[Cell, ...]:
    """The cells of a row, blank ones put back where the lines between the values tell them."""
    gaps = _gaps(line)
    blanks = [0] * (len(line.values) + 1)
    if spacing and gaps and (spacing.fits(gaps) or not line.is_full_apart):
        blanks = spacing.blanks(gaps)
    cells: list[Cell] = []

    def add(text: str, place: Place) -> None:
        cells.append(Cell(text=text, row=row, column=len(cells), place=place))

    for label in line.labels:
        add(label.text, label.place)
    for index, value in enumerate(line.values):
        for _ in range(blanks[index]):
            add("", value.place)
        add(value.text, value.place)
    for _ in range(blanks[-1] if line.values else 0):
        add("", line.values[-1].place)
    return tuple(cells)
