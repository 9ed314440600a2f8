"""Files of rows that customers hand in: CSV, NDJSON and Parquet, each read in constant memory.

Nothing here knows of campaigns: `core.importing` makes viewers of the rows.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from streamsrv.core.errors import invalid
from streamsrv.stores.tables.delimited import DelimitedTable
from streamsrv.stores.tables.ndjson import JsonTable
from streamsrv.stores.tables.parquet import ParquetTable
from streamsrv.stores.tables.table import Position, Table, TableRow, fingerprint

__all__ = ["Position", "Table", "TableRow", "fingerprint", "open_table"]

_PARQUET_MAGIC = b"PAR1"
_BY_SUFFIX: Mapping[str, Callable[[Path], Table]] = {
    ".csv": DelimitedTable,
    ".tsv": DelimitedTable,
    ".txt": DelimitedTable,
    ".ndjson": JsonTable,
    ".jsonl": JsonTable,
    ".json": JsonTable,
    ".parquet": ParquetTable,
}


def open_table(path: Path) -> Table:
    """The table in a file, in the format that its name or else its beginning tells.

    Raises `Invalid` when it cannot be read or its columns have no names of their own.
    """
    if path.is_dir():
        raise invalid(str(path), "is a folder", "a file: CSV, NDJSON or Parquet")
    try:
        with path.open("rb") as file:
            head = file.read(64)
    except OSError as error:
        raise invalid(str(path), f"cannot be read: {error.strerror}") from error
    if head.startswith(_PARQUET_MAGIC):
        return ParquetTable(path)
    told = JsonTable if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") else DelimitedTable
    return _BY_SUFFIX.get(path.suffix.lower(), told)(path)
