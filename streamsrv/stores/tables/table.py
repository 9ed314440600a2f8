"""What every file of rows is to its reader, whatever its format: columns, and rows of raw cells with their places."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from streamsrv.core.errors import Problem, invalid

MAX_COLUMNS = 2_000
MAX_HEADER_CHARS = 500
HEAD_BYTES = 1024 * 1024
"""What is looked at to learn a text's encoding and separators."""
_TAIL_BYTES = 64 * 1024


class Position(NamedTuple):
    """How far reading has come: what follows it is the same in every run over the same file."""

    place: int
    """The end of the last row: a byte offset in text, a row group in Parquet."""
    number: int
    """The number of the last row."""


class TableRow(NamedTuple):
    """One row. Its position is the one after it."""

    number: int
    """As a spreadsheet counts: the header of a CSV file is row 1, blank rows count. Lines in NDJSON."""
    place: int
    cells: Sequence[object] | Problem
    """One for each column, or why the row cannot be read."""

    @property
    def position(self) -> Position:
        """Where reading goes on after this row."""
        return Position(self.place, self.number)


class Table(Protocol):
    """A file of rows, read in constant memory."""

    @property
    def path(self) -> Path: ...

    @property
    def columns(self) -> tuple[str, ...]: ...

    @property
    def typed(self) -> bool:
        """Whether cells come in types (JSON, Parquet); in CSV all are text, and an absent one is empty."""

    def rows(self, after: Position | None = None) -> Iterator[TableRow]:
        """The rows after a position, or all. Raises `Invalid` when the file cannot be read any further."""

    def share(self, position: Position) -> float:
        """How much of the file lies before a position, 0 to 1."""


def fingerprint(path: Path) -> str:
    """A word that changes when the file's size, beginning or end does: positions are of use in the same file only."""
    try:
        size_bytes = path.stat().st_size
        with path.open("rb") as file:
            digest = hashlib.sha256(f"{size_bytes}\0".encode() + file.read(HEAD_BYTES))
            file.seek(max(0, size_bytes - _TAIL_BYTES))
            digest.update(file.read(_TAIL_BYTES))
    except OSError as error:
        raise invalid(str(path), f"cannot be read: {error.strerror}") from error
    return digest.hexdigest()[:32]
