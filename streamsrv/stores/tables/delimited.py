"""CSV as it comes out of spreadsheets and CRM systems."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from streamsrv.core.campaign.document import listing, quoted
from streamsrv.core.errors import Invalid, Problem, invalid
from streamsrv.stores.tables.dialect import Dialect, read_dialect
from streamsrv.stores.tables.lines import read_lines
from streamsrv.stores.tables.records import Records
from streamsrv.stores.tables.table import HEAD_BYTES, MAX_COLUMNS, MAX_HEADER_CHARS, Position, TableRow


class DelimitedTable:
    """A `Table` over CSV text in any of its dialects. Cells are texts without the spaces around them."""

    typed = False

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._size_bytes = path.stat().st_size
            with path.open("rb") as file:
                self._dialect = read_dialect(file.read(HEAD_BYTES), str(path))
                self.columns, self._header = _header(file, self._dialect, str(path))
        except OSError as error:
            raise invalid(str(path), f"cannot be read: {error.strerror}") from error

    def rows(self, after: Position | None = None) -> Iterator[TableRow]:
        """The rows after a position, or all; rows without any text are passed over."""
        start_bytes, number = after or self._header
        width = len(self.columns)
        try:
            with self.path.open("rb") as file:
                for record, end_bytes in _records(file, self._dialect, start_bytes):
                    number += 1
                    if isinstance(record, Problem):
                        yield TableRow(number, end_bytes, record)
                        continue
                    cells = [cell.strip() for cell in record]
                    if not any(cells):
                        continue
                    yield TableRow(number, end_bytes, cells if len(cells) == width else _fitted(cells, width))
        except OSError as error:
            raise invalid(str(self.path), f"cannot be read: {error.strerror}") from error

    def share(self, position: Position) -> float:
        """How much of the file lies before a position, 0 to 1."""
        return min(1.0, position.place / max(1, self._size_bytes))


def _records(file: BinaryIO, dialect: Dialect, start_bytes: int) -> Records:
    lines = read_lines(file, dialect.codec, dialect.terminator, start_bytes)
    return Records(lines, dialect.delimiter, dialect.terminator)


def _header(file: BinaryIO, dialect: Dialect, where: str) -> tuple[tuple[str, ...], Position]:
    """The names of the columns, and where the header ends; raises `Invalid` when they are no names."""
    for number, (record, end_bytes) in enumerate(_records(file, dialect, dialect.start_bytes), start=1):
        if isinstance(record, Problem):
            raise invalid(f"{where}: header", record.what, record.expected)
        columns = tuple(cell.strip() for cell in record)
        if any(columns):
            check_names(columns, where)
            return columns, Position(end_bytes, number)
    raise invalid(where, "is empty", "a header with the names of the columns, then a row for each viewer")


def check_names(columns: tuple[str, ...], where: str) -> None:
    """Raises `Invalid` unless every column has a name of its own: a column is known by its name only."""
    if len(columns) > MAX_COLUMNS:
        raise invalid(f"{where}: header", f"has {len(columns)} columns", f"at most {MAX_COLUMNS}")
    problems: list[Problem] = []
    empty = [str(index) for index, name in enumerate(columns, start=1) if not name]
    if empty:
        which = f"column {empty[0]} has" if len(empty) == 1 else f"columns {listing(empty)} have"
        problems.append(Problem(f"{where}: header", f"{which} no name", "a name for every column"))
    for name, count in Counter(columns).items():
        if name and count > 1:
            places = [str(index) for index, other in enumerate(columns, start=1) if other == name]
            what = f"{quoted(name)} stands over {count} columns ({listing(places)})"
            problems.append(Problem(f"{where}: header", what, "a name of its own for every column"))
        if len(name) > MAX_HEADER_CHARS:
            what = f"{quoted(name)} has {len(name)} characters"
            problems.append(Problem(f"{where}: header", what, f"at most {MAX_HEADER_CHARS}"))
    if problems:
        raise Invalid(problems)


def _fitted(cells: list[str], width: int) -> list[str] | Problem:
    """The row without the empty cells that some programs add at its end."""
    if len(cells) > width and not any(cells[width:]):
        return cells[:width]
    what = f"has {len(cells)} cell{'' if len(cells) == 1 else 's'}"
    return Problem("row", what, f"{width}, as many as the header")
