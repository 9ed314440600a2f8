"""Any table written as CSV reads back cell for cell, and reading goes on from any row as if it had never stopped."""

import codecs
import tempfile
from dataclasses import dataclass
from pathlib import Path

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from streamsrv.core.errors import Invalid, Problem
from streamsrv.stores.tables import Table, TableRow, open_table

HEADERS = ("id", "First name", "Ort/Straße", "note")
# In Windows-1252 none of these letters beside another is valid UTF-8.
LETTERS = "abcxyz 0123456789.,;|\t=-'\"\r\näöüéñ"
CELLS = st.text(LETTERS, max_size=12)
WIDE_CELLS = st.text(
    st.one_of(st.sampled_from(LETTERS), st.characters(codec="utf-8", exclude_characters="\0")), max_size=8
)
# Quote first: what a byte means depends on it more than on any other.
JUNK = st.text(st.sampled_from('"",;\t |\r\nab\0é'), max_size=200)
BOMS = {
    "utf-8": b"",
    "utf-8-sig": codecs.BOM_UTF8,
    "cp1252": b"",
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
}


@dataclass(frozen=True)
class Written:
    """A table and the bytes of one way to write it."""

    rows: list[list[str]]
    data: bytes


@st.composite
def written_tables(draw: st.DrawFn) -> Written:
    encoding = draw(st.sampled_from(sorted(BOMS)))
    cells = CELLS if encoding == "cp1252" else WIDE_CELLS
    rows = draw(st.lists(st.lists(cells, min_size=4, max_size=4), max_size=12))
    delimiter = draw(st.sampled_from(",;\t|"))
    line_end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    pad = draw(st.sampled_from(["", " "]))

    def cell(text: str) -> str:
        if any(letter in text for letter in f'{delimiter}"\r\n') or draw(st.booleans()):
            return pad + '"' + text.replace('"', '""') + '"' + pad
        return pad + text

    lines = [delimiter.join(cell(text) for text in row) for row in [list(HEADERS), *rows]]
    text = line_end.join(lines) + draw(st.sampled_from(["", line_end, line_end * 2]))
    if draw(st.booleans()):
        text = f"sep={delimiter}{line_end}{text}"
    codec = "utf-8" if encoding == "utf-8-sig" else encoding
    return Written(rows, BOMS[encoding] + text.encode(codec))


def opened(folder: str, data: bytes, name: str = "t.csv") -> Table:
    path = Path(folder) / name
    path.write_bytes(data)
    return open_table(path)


def resumed_everywhere(table: Table, rows: list[TableRow]) -> list[list[TableRow]]:
    return [list(table.rows(after=row.position)) for row in rows]


@settings(deadline=None)
@given(written_tables())
def test_a_table_in_any_dialect_reads_back_cell_for_cell_and_from_every_row_on(written: Written) -> None:
    with tempfile.TemporaryDirectory() as folder:
        table = opened(folder, written.data)
        rows = list(table.rows())

        stripped = [[cell.strip() for cell in row] for row in written.rows]
        assert HEADERS == table.columns
        assert [cells for cells in stripped if any(cells)] == [row.cells for row in rows]
        numbered = [number for number, cells in enumerate(stripped, start=2) if any(cells)]
        assert numbered == [row.number for row in rows]
        assert [rows[index:] for index in range(1, len(rows) + 1)] == resumed_everywhere(table, rows)


@settings(deadline=None)
@given(JUNK)
def test_whatever_follows_a_header_is_read_to_its_end_and_from_every_row_on(junk: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        table = opened(folder, f"id;name\n{junk}".encode())
        rows = list(table.rows())

        assert [rows[index:] for index in range(1, len(rows) + 1)] == resumed_everywhere(table, rows)
        assert all(isinstance(row.cells, Problem) or len(row.cells) == 2 for row in rows)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_table_or_invalid(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name in ("t.csv", "t.ndjson", "t.parquet"):
            try:
                rows = list(opened(folder, data, name).rows())
            except Invalid:
                continue
            assert all(isinstance(row, TableRow) for row in rows)


@settings(deadline=None)
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["id", "name", "claims"]),
            st.one_of(st.none(), st.text(max_size=5), st.integers(-9, 9), st.lists(st.booleans(), max_size=2)),
            min_size=1,
        ),
        min_size=1,
        max_size=8,
    )
)
def test_json_lines_read_back_value_for_value_and_from_every_row_on(records: list[dict[str, object]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        table = opened(folder, b"\n".join(orjson.dumps(record) for record in records), "t.ndjson")
        rows = list(table.rows())

        expected = [[record.get(column) for column in table.columns] for record in records]
        assert expected == [row.cells for row in rows]
        assert [rows[index:] for index in range(1, len(rows) + 1)] == resumed_everywhere(table, rows)
