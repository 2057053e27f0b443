"""Column headers: which printed column is which column of the form, and where it stands."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate, groupby

from gao_pipeline.contracts.text import label_key
from gao_pipeline.documents.model import Cell
from gao_pipeline.reports.labels import TableLabels
from gao_pipeline.reports.placement import Header, Slot, is_empty
from gao_pipeline.reports.strips import Strip


class HeaderRows:
    """The header rows of a table, collected as they go by."""

    def __init__(self) -> None:
        self._rows: list[tuple[Cell, ...]] = []

    def add(self, cells: Sequence[Cell]) -> None:
        """Add the next row."""
        self._rows.append(tuple(cells))

    def compiled(self, labels: TableLabels, strip: Strip) -> Header | None:
        """What the rows so far say; `None` while they name no column."""
        table = next(reversed(labels.editions.values()))
        found = self._columns(labels)
        if not found:
            return None
        if labels.has_blocks:
            if _is_block(_without_copies(code for code, _ in found), labels):
                return self._header(found, strip)
            if torn := self._torn(labels):
                return self._header(torn, strip)
            is_known = not strip.ragged or not self._has_other_heads(labels)
            return self._header(found, strip)._replace(ordered=is_known)
        columns = [column.code for column in table.blocks[0].columns]
        if table.orientation != "columns":
            ranked = self._ranked(labels, columns) if strip.ragged else None
            return ranked or self._one_row(found, columns, strip)
        if [code for code, _ in found] == columns:
            return self._of_one_row(self._header(found, strip), labels, strip)
        rows = [row.code for row in table.blocks[0].rows]
        named = self._named_rows(labels, strip)
        if len(named) == len(rows) or len(found) == len(columns) * len(named):
            rows = named
        header = self._one_row(found, columns * len(rows), strip)
        slots = (slot._replace(row=rows[i // len(columns)]) for i, slot in enumerate(header.slots))
        return header._replace(slots=tuple(slots))

    def goes_on_with(self, cells: Sequence[Cell], labels: TableLabels) -> bool:
        """Whether a further row belongs to this header: no block has just the columns so far, or one has
        those of the row behind them."""
        codes = _without_copies(code for code, _ in self._columns(labels))
        if not _is_block(codes, labels):
            return True
        codes += [match.code for cell in cells if (match := labels.columns.find_similar(cell.text))]
        return any(
            codes == [column.code for column in block.columns][: len(codes)] for block in labels.blocks
        )

    def _has_other_heads(self, labels: TableLabels) -> bool:
        """Whether any text is neither the head of a column nor that of the labels."""
        texts = [cell.text for row in self._rows for cell in row if not is_empty(cell)]
        return any(not (labels.is_corner(text) or labels.columns.find_similar(text)) for text in texts)

    def _torn(self, labels: TableLabels) -> list[tuple[str, Cell]] | None:
        """The columns of the block whose labels the header prints torn: their beginnings side by side, or all
        of them one after another, cells and rows ending within a label (the first may be without its head).
        """
        cells = [cell for row in self._rows for cell in row if not is_empty(cell)]
        texts = [label_key(cell.text) for cell in cells]
        printed = "".join(texts)
        ends = list(accumulate(map(len, texts)))
        for block in labels.blocks:
            names = [column.short_label for column in block.columns]
            codes = [column.code for column in block.columns]
            if _begin(names, texts[1 : len(names) + 1]):
                return list(zip(codes, cells[1:], strict=False))
            official = "".join(names)
            surplus = len(printed) - len(official)
            headless = official.endswith(printed) and -surplus < len(names[0]) - 1
            if printed.endswith(official) or headless:
                starts = accumulate([surplus, *map(len, names[:-1])])
                torn = [cells[bisect_right(ends, max(start, 0))] for start in starts]
                return list(zip(codes, torn, strict=True))
        return None

    def _columns(self, labels: TableLabels) -> list[tuple[str, Cell]]:
        """Every header cell that names a column, in reading order."""
        return [
            (match.code, cell)
            for row in self._rows
            for cell in row
            if not is_empty(cell) and (match := labels.columns.find_similar(cell.text))
        ]

    def _one_row(self, found: list[tuple[str, Cell]], official: list[str], strip: Strip) -> Header:
        """The header of a table all of whose columns stand in the official order.

        A cell may be copied into every row that it covers. Where the extents of the cells say another order
        than reading does, the extents are wrong (spans that lie) and only ranks are left; where reading says
        another order too, nothing is sure.
        """
        if not strip.ragged:
            found = list({(code, cell.column): (code, cell) for code, cell in found}.values())
            by_column = sorted(found, key=lambda item: item[1].column)
            as_placed = [code for code, _ in by_column]
            known = _is_permuted(as_placed, official) or self._is_part(found, official)
            if as_placed == official or (known and self._is_tiled(found)):
                return self._header(by_column, strip)
        printed = [code for code, _ in found]
        complete = sorted(printed) == sorted(official)
        ordered = not complete or printed in _reading_orders(official)
        placed = {} if complete or strip.ragged else {cell.column: code for code, cell in found}
        return Header(tuple(Slot(code) for code in official), ordered=ordered, heads=placed)

    def _is_part(self, found: Sequence[tuple[str, Cell]], official: Sequence[str]) -> bool:
        """Whether the header prints some of the official columns, each once, and nothing among or behind, nor
        between them and the corner."""
        codes = [code for code, _ in found]
        covered = {column for _, cell in found for column in _columns(cell)}
        cells = [cell for row in self._rows for cell in row]
        end = max(column for cell in cells for column in _columns(cell)) + 1
        corner = {cell.text for cell in cells if cell.column == 0 or is_empty(cell)}
        is_tight = all(cell.text in corner for cell in cells if cell.column < min(covered))
        is_part = covered == set(range(min(covered), end)) and len(set(codes)) == len(codes)
        return is_tight and is_part and len(codes) < len(set(official))

    def _ranked(self, labels: TableLabels, official: list[str]) -> Header | None:
        """The header of a table that has lost its extents, where its rows tell the order: the head of a group
        stands for the heads of the next row. `None` unless all columns of the form stand side by side, or
        where the heads of a group stand in the row of the group, behind others."""
        rows = [[cell.text for cell in row if not is_empty(cell)] for row in self._rows]
        heads: list[str] = []
        for texts in reversed(rows):
            group = next((index for index, text in enumerate(texts) if labels.is_column_group(text)), None)
            if (group is None) == bool(heads):
                return None
            heads = texts if group is None else [*texts[:group], *heads, *texts[group + 1 :]]
        matches = [labels.columns.find_similar(text) for text in heads]
        codes = [match.code if match else None for match in matches]
        places = [index for index, code in enumerate(codes) if code]
        if sorted(filter(None, codes)) != sorted(official) or places[-1] - places[0] >= len(official):
            return None
        slots = tuple(Slot(code) for code in codes if code)
        before, behind = max(places[0] - 1, 0), len(codes) - places[-1] - 1
        return Header(slots, before=before, behind=behind)

    def _of_one_row(self, header: Header, labels: TableLabels, strip: Strip) -> Header:
        """The header with the row whose figures stand below it, where it or its caption names one."""
        heads = [cell.text for row in self._rows for cell in row]
        for text in (*reversed(heads), *strip.above):
            if row := labels.row_of_caption(text):
                return header._replace(slots=tuple(slot._replace(row=row.code) for slot in header.slots))
        return header

    def _named_rows(self, labels: TableLabels, strip: Strip) -> list[str]:
        """The rows of the form whose headings stand here, in printed order; none where one stands twice, but
        for copies of one cell."""
        cells = [
            (cell.column, match.code)
            for row in self._rows
            for cell in row
            if not is_empty(cell) and (match := labels.rows.find(cell.text))
        ]
        placed = not strip.ragged and len({column for column, _ in cells}) == len(cells)
        codes = _without_copies(code for _, code in (sorted(cells) if placed else cells))
        return codes if len(set(codes)) == len(codes) else []

    def _header(self, found: Sequence[tuple[str, Cell]], strip: Strip) -> Header:
        """A header with the geometry of its cells, where the strip has kept it."""
        if strip.ragged:
            return Header(tuple(Slot(code, header=cell.text) for code, cell in found))
        slots = tuple(
            Slot(code, cell.column, cell.column + cell.column_span, header=cell.text)
            for code, cell in sorted(found, key=lambda item: item[1].column)
        )
        covered = {column for _, cell in found for column in _columns(cell)}
        end = max(cell.column + cell.column_span for row in self._rows for cell in row)
        spare = any(column not in covered for column in range(min(covered), end))
        return Header(
            slots,
            end=end,
            spare=spare,
            others=self._others(covered) if self._is_tiled(found) else frozenset(),
        )

    def _others(self, covered: set[int]) -> frozenset[int]:
        """The printed columns with a head of their own that are none of the form, e.g. a running number."""
        heads = (cell for row in self._rows for cell in row if cell.column_span == 1 and not is_empty(cell))
        return frozenset(cell.column for cell in heads) - covered

    def _is_tiled(self, found: Sequence[tuple[str, Cell]]) -> bool:
        """Whether the cells over the columns `found` and all columns behind them fill their rows without gap
        or overlap, and no two columns share a place: then the extents of the header are as printed."""
        cells = [cell for row in self._rows for cell in row]
        places = [(row, column) for cell in cells for row in _rows(cell) for column in _columns(cell)]
        first_row, last_row = cells[0].row, cells[-1].row
        left, right = min(cell.column for _, cell in found), max(column for _, column in places) + 1
        inside = [place for place in places if place[1] >= left]
        of_columns = [column for _, cell in found for column in _columns(cell)]
        return (
            len(set(inside)) == len(inside) == (last_row - first_row + 1) * (right - left)
            and max(row for row, _ in inside) == last_row
            and len(set(of_columns)) == len(of_columns)
        )


def _rows(cell: Cell) -> range:
    return range(cell.row, cell.row + cell.row_span)


def _columns(cell: Cell) -> range:
    return range(cell.column, cell.column + cell.column_span)


def _is_block(codes: Sequence[str], labels: TableLabels) -> bool:
    """Whether `codes` are just the columns of one block."""
    return any(codes == [column.code for column in block.columns] for block in labels.blocks)


def _without_copies(codes: Iterable[str]) -> list[str]:
    """The columns without those that stand side by side more than once: one cell that a program has copied
    into every place it covers."""
    return [code for code, _ in groupby(codes)]


def _begin(names: Sequence[str], texts: Sequence[str]) -> bool:
    """Whether each text is a name or its beginning, and one is a name."""
    pairs = list(zip(names, texts, strict=False))
    return (
        len(texts) == len(names)
        and all(len(text) > 1 and name.startswith(text) for name, text in pairs)
        and any(name == text for name, text in pairs)
    )


def _is_permuted(codes: Sequence[str], official: Sequence[str]) -> bool:
    """Whether `codes` are the official columns in another order, each run of different columns for itself."""
    width = len(set(official))
    runs = [sorted(codes[start : start + width]) for start in range(0, len(codes), width)]
    return len(codes) == len(official) and all(run == sorted(set(official)) for run in runs)


def _reading_orders(official: list[str]) -> tuple[list[str], ...]:
    """The orders in which the columns are read row by row: as they stand, or the last one – which reaches
    over two rows of the header – right behind the first."""
    return official, [official[0], official[-1], *official[1:-1]]
