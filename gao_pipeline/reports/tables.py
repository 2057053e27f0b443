"""Goes through printed rows and tells which row of which table each of them is.

Works row by row over all strips of a document, so that tables which are split, joined or repeated their
headers need no special care. What a row says is not looked at beyond "a figure stands here".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from gao_pipeline.contracts.text import compact
from gao_pipeline.documents.model import Cell, Place
from gao_pipeline.reports.captions import caption_years, captions_of
from gao_pipeline.reports.cells import is_blank, is_figure
from gao_pipeline.reports.cut_rows import with_cut_rows_joined
from gao_pipeline.reports.headers import HeaderRows
from gao_pipeline.reports.labels import LabelMatch, TableLabels, table_labels, table_of_column
from gao_pipeline.reports.placement import Header, is_empty
from gao_pipeline.reports.sections import section_of_heading
from gao_pipeline.reports.stacked_rows import with_stacked_rows_apart
from gao_pipeline.reports.strips import PrintedRow, Strip
from gao_pipeline.reports.torn_labels import with_torn_labels_joined

TABLES = ("disclosure", "applications", "proceedings")
SIDE_BY_SIDE = "proceedings"
LONG_ROWS = "applications"
EVERY_ROW = "*"
"""The code of a printed row that holds the values of several rows of the form, side by side."""

_LONGEST_FIGURE = 20
"""What is longer and no figure, with its remark, is prose below heads of another kind."""

_FULL_WORDING = 8
"""A label of so many characters stands in no other table."""


@dataclass(kw_only=True)
class RowHit:
    """A printed row that belongs to a table.

    `row` is its code, `EVERY_ROW`, or `None` where no label was recognised; `padded` says that it has the
    full length of its strip. `certain` is false where only similarity told the label, `glued` is a figure
    that stood at its end. `years` are those that its captions name.
    """

    row: str | None
    label: str
    values: tuple[Cell, ...]
    header: Header | None
    padded: bool
    grid_row: int
    place: Place
    certain: bool = True
    glued: str | None = None
    years: frozenset[int] = frozenset()

    @property
    def rows(self) -> frozenset[str]:
        """The codes of the rows that its values fill: one, or those that stand side by side."""
        if self.header is None or not self.header.is_side_by_side:
            return frozenset(filter(None, (self.row,)))
        return frozenset(slot.row for slot in self.header.slots if slot.row)

    @property
    def name(self) -> str:
        return compact(self.label)

    @property
    def printed(self) -> str:
        """Its values as a person is told them."""
        return " | ".join(on_one_line(cell.text) for cell in self.values)

    @property
    def has_figures(self) -> bool:
        return any(is_figure(cell.text) for cell in self.values)

    @property
    def prints(self) -> bool:
        """Whether anything stands in its values."""
        return any(not is_empty(cell) for cell in self.values)

    @property
    def is_orphan(self) -> bool:
        return self.row is None and not self.label


@dataclass
class TableRows:
    """What was found of one table, in printed order."""

    code: str
    hits: list[RowHit] = field(default_factory=list)
    headers: int = 0
    ignored: list[RowHit] = field(default_factory=list)

    @property
    def place(self) -> Place:
        """Where the first of its rows stands."""
        return self.hits[0].place if self.hits else Place()

    @property
    def found(self) -> bool:
        return bool(self.headers or any(hit.row for hit in self.hits))


def on_one_line(text: str) -> str:
    return " ".join(text.split())


def find_tables(strips: Iterable[Strip], year: int | None = None) -> dict[str, TableRows]:
    """The rows of the three tables among all strips of a document, a report of `year`."""
    scanner = _Scanner()
    for strip in strips:
        scanner.read(strip)
    for table in scanner.tables.values():
        hits = _of_year(table.hits, year) if year is not None else table.hits
        table.hits = _with_cut_labels_joined(hits, table_labels(table.code))
    return scanner.tables


def _of_year(hits: list[RowHit], year: int) -> list[RowHit]:
    """The rows without those whose captions name other years only, where a second table prints most of them
    too: one table under the caption of another year is the table of the report all the same."""
    own = [hit for hit in hits if not hit.years or year in hit.years]
    own_rows = set(chain.from_iterable(hit.rows for hit in own))
    other_rows = set(chain.from_iterable(hit.rows for hit in hits if hit.years and year not in hit.years))
    return own if len(other_rows & own_rows) >= len(other_rows - own_rows) else hits


def _with_cut_labels_joined(hits: Sequence[RowHit], labels: TableLabels) -> list[RowHit]:
    """The rows with those put together that a page break cuts through their label, so that only both pieces
    make a label of the form. One of the pieces prints no value."""
    joined: list[RowHit] = []
    for hit in hits:
        above = joined[-1] if joined else None
        may_be_cut = above and above.label and not labels.is_label(above.label)
        whole = labels.rows.find_exact(above.label + hit.label) if above and may_be_cut else None
        if above and whole and hit.label and not (above.prints and hit.prints):
            values = hit if hit.prints else above
            joined[-1] = replace(
                values, row=whole.code, label=above.label + hit.label, certain=True, place=above.place
            )
        else:
            joined.append(hit)
    return joined


def _caption(row: PrintedRow) -> str | None:
    """The only text of a row."""
    texts = [cell.text for cell in row.cells if not is_blank(cell.text)]
    return texts[0] if len(texts) == 1 else None


class _Scanner:
    """Holds the table that is being read and its header while rows go by."""

    def __init__(self) -> None:
        self.tables = {code: TableRows(code) for code in TABLES}
        self._table: TableRows | None = None
        self._header_rows = HeaderRows()
        self._header: Header | None = None
        self._in_header = False
        self._is_header_above = False
        self._strip = Strip((), False, 0)
        self._years: frozenset[int] = frozenset()
        self._lengths: Counter[int] = Counter()

    def read(self, strip: Strip) -> None:
        """Read one strip; rows that no label explains are kept only where the strip belongs to a table."""
        if strip.ragged:
            for code in TABLES:
                strip = with_torn_labels_joined(strip, table_labels(code))
        else:
            tables = tuple(map(table_labels, TABLES))
            strip = with_stacked_rows_apart(with_cut_rows_joined(strip, tables), tables)
        if (strip.columns, strip.ragged) != (self._strip.columns, self._strip.ragged) and self._header:
            self._header = self._header.without_geometry()
        self._strip, self._years, self._is_header_above = strip, strip.years, False
        self._lengths = Counter(len(row.cells) for row in strip.rows)
        before = {code: (len(table.hits), table.headers) for code, table in self.tables.items()}
        for row in strip.rows:
            if caption := _caption(row):
                of_section = strip.years if section_of_heading(caption) else self._years
                self._years = caption_years(captions_of([caption])) or of_section
            self._read_row(row)
        for code, table in self.tables.items():
            hits, headers = before[code]
            if table.headers == headers and not any(hit.row for hit in table.hits[hits:]):
                del table.hits[hits:]

    def _read_row(self, row: PrintedRow) -> None:
        cells = self._without_block_heading(row.cells)
        if not any(not is_empty(cell) for cell in cells):
            if self._code == SIDE_BY_SIDE and cells and len(row.cells) == len(cells):
                self._read_side_by_side(cells)
            return
        if not any(is_figure(cell.text) for cell in cells) and not self._is_blank_row(cells):
            code = self._header_of(cells)
            if code is not None:
                self._add_header_row(code, cells)
                return
        if self._code == SIDE_BY_SIDE and not _table_of_row(cells) and self._read_side_by_side(cells):
            return
        self._read_labelled(cells, row.merged)

    @property
    def _code(self) -> str | None:
        return self._table.code if self._table else None

    def _without_block_heading(self, cells: Sequence[Cell]) -> tuple[Cell, ...]:
        """The cells that are left when the heading of a block is taken out; such a heading ends a header."""
        for code in TABLES:
            labels = table_labels(code)
            rest = tuple(cell for cell in cells if not labels.is_heading(cell.text))
            if len(rest) < len(cells):
                self._start(code)
                return rest if any(not is_empty(cell) for cell in rest) else ()
        return tuple(cells)

    def _start(self, code: str) -> None:
        self._table = self.tables[code]
        self._header, self._in_header = None, False
        self._header_rows = HeaderRows()

    def _is_blank_row(self, cells: Sequence[Cell]) -> bool:
        """Whether nothing is printed below all heads behind a label, which may head columns elsewhere."""
        if self._code != SIDE_BY_SIDE or self._header is None or self._header.is_side_by_side:
            return False
        position, match, _ = _leaf_label(cells, table_labels(SIDE_BY_SIDE))
        values = cells[position + 1 :]
        return match is not None and len(values) == len(self._header.slots) and _are_blank(values)

    def _header_of(self, cells: Sequence[Cell]) -> str | None:
        """The table whose column headers stand in these cells (none of which is a figure)."""
        texts = [cell.text for cell in cells if not is_empty(cell)]
        if sure := next(filter(None, map(_table_of_head, texts)), None):
            return sure
        if self._code not in (None, SIDE_BY_SIDE) and any(
            table_labels(self._code).rows.find(text) for text in texts
        ):
            return None
        for code in TABLES:
            labels = table_labels(code)
            is_headed = len(texts) > 1 and labels.is_corner(texts[0])
            if is_headed or 2 * sum(_only_in(labels, text) for text in texts) > len(texts):
                return code
            if code == SIDE_BY_SIDE and any(
                labels.rows.find_exact(text) or labels.groups.find_exact(text) for text in texts
            ):
                return code
        return None

    def _add_header_row(self, code: str, cells: Sequence[Cell]) -> None:
        labels = table_labels(code)
        next_block = labels.has_blocks and not self._header_rows.goes_on_with(cells, labels)
        if self._code != code or not self._in_header or next_block:
            self._start(code)
            self._in_header = self._is_header_above = True
            self.tables[code].headers += 1
        self._header_rows.add(cells)
        self._header = self._header_rows.compiled(labels, self._strip)

    def _read_side_by_side(self, cells: Sequence[Cell]) -> bool:
        """A row of figures under column headers whose rows stand side by side; below them one that a label
        begins is of another table, and so is one of another length in a further strip."""
        assert self._table is not None
        if self._header is None or not self._header.is_side_by_side:
            return False
        values = list(cells)
        while values and not (is_blank(values[0].text) or is_figure(values[0].text)):
            values.pop(0)
        if not self._in_header and len(values) < len(cells):
            return False
        if not self._is_header_above and len(values) != len(self._header.slots):
            return False
        long = [cell.text for cell in values if len(cell.text) > _LONGEST_FIGURE]
        if not values or not all(is_blank(text) or is_figure(text) for text in long):
            return False
        self._in_header = False
        self._add(
            RowHit(
                row=EVERY_ROW,
                label="",
                values=tuple(values),
                header=self._header,
                padded=self._padded(cells),
                grid_row=cells[0].row,
                place=cells[0].place,
                years=self._years,
            )
        )
        return True

    def _read_labelled(self, cells: Sequence[Cell], merged: Sequence[Cell]) -> None:
        """A row that starts with labels and goes on with figures."""
        if (code := _table_of_row(cells)) not in (None, self._code):
            self._start(code)
        if self._table is None:
            return
        labels = table_labels(self._table.code)
        position, match, label = _leaf_label(cells, labels)
        values = tuple(cells[position + 1 :])
        if position >= 0:
            right = cells[position].column + cells[position].column_span
            reaching = [cell for cell in merged if cell.column >= right] if not self._strip.ragged else []
            values = tuple(sorted((*values, *reaching), key=lambda cell: cell.column))
        hit = RowHit(
            row=match.code if match else None,
            label=label,
            values=values,
            header=self._header,
            padded=self._padded(cells),
            grid_row=cells[0].row,
            place=cells[max(position, 0)].place,
            certain=match.certain if match else False,
            glued=match.glued if match else None,
            years=self._years,
        )
        if match is not None and (match.certain or values):
            self._in_header = False
            self._add(hit)
        elif hit.has_figures and (self._header is not None or self._table.hits):
            self._add_ignored(hit) if labels.is_ignored(label) else self._add(hit)

    def _padded(self, cells: Sequence[Cell]) -> bool:
        """Whether a row without geometry has the full length of its strip, which several rows have."""
        longest = max((length for length, count in self._lengths.items() if count > 1), default=0)
        return len(cells) == longest

    def _add(self, hit: RowHit) -> None:
        assert self._table is not None
        self._table.hits.append(hit)

    def _add_ignored(self, hit: RowHit) -> None:
        assert self._table is not None
        self._table.ignored.append(hit)


def _table_of_head(text: str) -> str | None:
    """The only table in whose header `text` stands."""
    of_group = (code for code in TABLES if table_labels(code).is_column_group(text))
    return table_of_column(text) or next(of_group, None)


def _table_of_row(cells: Sequence[Cell]) -> str | None:
    """The table that a complete row is of, by the full wording of its label: its header may be lost."""
    figures = sum(is_figure(cell.text) for cell in cells)
    for cell in cells:
        label = table_labels(LONG_ROWS).rows.find_exact(cell.text)
        if (
            label is not None
            and len(label.short_label) >= _FULL_WORDING
            and figures == _columns_of(LONG_ROWS)
        ):
            return LONG_ROWS
    return None


def _behind_number(cells: Sequence[Cell]) -> int:
    """Where the label of a row stands behind a running number; 0 where the row does not begin with one."""
    printed = [index for index, cell in enumerate(cells) if not is_empty(cell)]
    are_values = [is_blank(cells[index].text) or is_figure(cells[index].text) for index in printed]
    return printed[1] if are_values[:3] == [True, False, True] and all(are_values[2:]) else 0


def _columns_of(code: str) -> int:
    return max(len(b.columns) for table in table_labels(code).editions.values() for b in table.blocks)


def _are_blank(cells: Iterable[Cell]) -> bool:
    return all(is_blank(cell.text) for cell in cells)


def _only_in(labels: TableLabels, text: str) -> bool:
    """Whether `text` is a column label that is no row label too."""
    return labels.columns.find(text) is not None and labels.rows.find_exact(text) is None


def _leaf_label(cells: Sequence[Cell], labels: TableLabels) -> tuple[int, LabelMatch | None, str]:
    """Position, meaning and text of the last label before the values; position -1 where there is none.

    What stands before the first label that is surely one (groups, running numbers) is no value, nor is a
    figure before the only text in front of others.
    """
    position, match, text = -1, None, ""
    first = next(
        (index for index, cell in enumerate(cells) if labels.rows.find(cell.text)), _behind_number(cells)
    )
    for index, cell in enumerate(cells[first:], first):
        if is_empty(cell):
            continue
        if is_blank(cell.text) or is_figure(cell.text):
            break
        found = labels.rows.find(cell.text)
        if match is not None and found is None:
            if not labels.rows.find_exact(text + cell.text):
                break
            position, text = index, text + cell.text
        else:
            position, match, text = index, found, cell.text
    if match is None and text and labels.groups.find(text) is None and not labels.is_ignored(text):
        match = labels.rows.find_similar(text)
    return position, match, text
