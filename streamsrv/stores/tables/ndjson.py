"""NDJSON: one JSON object a line, its keys the columns."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import orjson

from streamsrv.core.errors import Problem, invalid
from streamsrv.stores.tables.delimited import check_names
from streamsrv.stores.tables.lines import Line, read_lines
from streamsrv.stores.tables.table import MAX_COLUMNS, Position, TableRow

_BOM = b"\xef\xbb\xbf"
_NOT_AN_OBJECT = Problem("row", "is not an object", 'one JSON object a line: {"viewer": …, "attribute": …}')
_ENVELOPE = frozenset(("viewer", "campaign", "attributes"))
"""How this product itself writes a viewer: the attributes are columns like any other."""


class JsonTable:
    """A `Table` over NDJSON. Its columns are all keys of all lines, so it is read once before its first row."""

    typed = True

    def __init__(self, path: Path) -> None:
        self.path = path
        keys: dict[str, None] = {}
        try:
            with path.open("rb") as file:
                self._start_bytes = len(_BOM) if file.read(len(_BOM)) == _BOM else 0
                file.seek(self._start_bytes)
                if file.read(1024).lstrip().startswith(b"["):
                    raise invalid(str(path), "is a JSON array", "one JSON object a line, without brackets and commas")
            self._size_bytes = path.stat().st_size
            for line in self._lines(self._start_bytes):
                record = _record(line)
                if not isinstance(record, Problem):
                    keys.update(dict.fromkeys(record))
                    if len(keys) > MAX_COLUMNS:
                        raise invalid(str(path), f"has over {MAX_COLUMNS} different keys", "the same keys in all lines")
        except OSError as error:
            raise invalid(str(path), f"cannot be read: {error.strerror}") from error
        if not keys:
            raise invalid(str(path), "has no JSON object", 'one JSON object a line: {"viewer": …, "attribute": …}')
        self.columns = tuple(keys)
        check_names(self.columns, str(path))

    def rows(self, after: Position | None = None) -> Iterator[TableRow]:
        """The rows after a position, or all; an absent key is None."""
        start_bytes, number = after or Position(self._start_bytes, 0)
        columns = self.columns
        try:
            for line in self._lines(start_bytes):
                number += 1
                if line.fault is None and not line.text.strip():
                    continue
                record = _record(line)
                if isinstance(record, Problem):
                    yield TableRow(number, line.end_bytes, record)
                else:
                    yield TableRow(number, line.end_bytes, [record.get(column) for column in columns])
        except OSError as error:
            raise invalid(str(self.path), f"cannot be read: {error.strerror}") from error

    def share(self, position: Position) -> float:
        """How much of the file lies before a position, 0 to 1."""
        return min(1.0, position.place / max(1, self._size_bytes))

    def _lines(self, start_bytes: int) -> Iterator[Line]:
        with self.path.open("rb") as file:
            yield from read_lines(file, "utf-8", "\n", start_bytes)


def _record(line: Line) -> Mapping[str, object] | Problem:
    if line.fault is not None:
        return line.fault
    try:
        record = orjson.loads(line.text)
    except orjson.JSONDecodeError as error:
        # The parser's own sentence tells the place, and never what stands there.
        return Problem("row", f"is not JSON: {error.msg} at character {error.colno}", "one JSON object a line")
    if not isinstance(record, dict):
        return _NOT_AN_OBJECT
    attributes = record.get("attributes")
    if isinstance(attributes, dict) and record.keys() <= _ENVELOPE:
        del record["attributes"]
        apart = {f"attributes.{key}" if key in record else key: value for key, value in attributes.items()}
        return {**record, **apart}
    return record
