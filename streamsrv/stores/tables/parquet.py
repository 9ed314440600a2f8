"""Parquet, one batch of rows in memory at a time. Needs pyarrow, which serving does not."""

import importlib
import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from streamsrv.core.errors import invalid
from streamsrv.stores.tables.delimited import check_names
from streamsrv.stores.tables.table import Position, TableRow

_BATCH_ROWS = 4_096
_BUFFER_BYTES = 1024 * 1024


class ParquetTable:
    """A `Table` over a Parquet file. Cells are Python's own values: Decimal, date, datetime, lists of dicts."""

    typed = True

    def __init__(self, path: Path) -> None:
        self.path = path
        if importlib.util.find_spec("pyarrow") is None:
            expected = "pyarrow (pip install 'streamsrv[parquet]')"
            raise invalid(str(path), "is Parquet, and pyarrow is not installed", expected)
        file = self._open()
        try:
            self.columns: tuple[str, ...] = tuple(file.schema_arrow.names)
            counts = [file.metadata.row_group(group).num_rows for group in range(file.metadata.num_row_groups)]
        finally:
            file.close()
        self._rows_before: list[int] = [sum(counts[:group]) for group in range(len(counts) + 1)]
        check_names(self.columns, str(path))

    def rows(self, after: Position | None = None) -> Iterator[TableRow]:
        """The rows after a position, or all. Row 1 is the first; a null is None."""
        arrow = _arrow()
        first_group, number = after or Position(0, 0)
        file = self._open()
        try:
            for group in range(first_group, len(self._rows_before) - 1):
                passed = max(0, number - self._rows_before[group])
                for batch in file.iter_batches(_BATCH_ROWS, row_groups=[group]):
                    if passed >= batch.num_rows:
                        passed -= batch.num_rows
                        continue
                    columns = [_plain(column).to_pylist() for column in batch.slice(passed).columns]
                    passed = 0
                    for cells in zip(*columns, strict=True):
                        number += 1
                        yield TableRow(number, group, cells)
        except (arrow.ArrowException, OSError) as error:
            raise invalid(f"{self.path}: row {number + 1}", "cannot be read", "a whole Parquet file") from error
        finally:
            file.close()

    def share(self, position: Position) -> float:
        """How much of the file lies before a position, 0 to 1."""
        return min(1.0, position.number / max(1, self._rows_before[-1]))

    def _open(self) -> Any:
        try:
            # Without pre-buffering a row group is read as it is asked for, not held whole.
            return _arrow(".parquet").ParquetFile(self.path, pre_buffer=False, buffer_size=_BUFFER_BYTES)
        except (_arrow().ArrowException, OSError) as error:
            raise invalid(str(self.path), "cannot be read", "a whole Parquet file") from error


def _plain(column: Any) -> Any:
    """The column with times in whole microseconds, the finest that Python has."""
    arrow = _arrow()
    if arrow.types.is_timestamp(column.type) and column.type.unit == "ns":
        return column.cast(arrow.timestamp("us", column.type.tz), safe=False)
    return column


def _arrow(part: str = "") -> Any:
    # Imported when a Parquet file is opened: it takes longer than all the rest of the command.
    return importlib.import_module(f"pyarrow{part}")
