"""NDJSON and Parquet: cells keep their types, and a broken line costs itself only."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from streamsrv.core.errors import Invalid, Problem
from streamsrv.stores.tables import open_table
from streamsrv.stores.tables.lines import MAX_LINE_CHARS

# Not a dependency of serving: read where it is installed.
pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")


def ndjson(folder: Path, data: bytes | str) -> Path:
    path = folder / "t.ndjson"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def test_all_keys_of_all_lines_are_columns(tmp_path: Path) -> None:
    table = open_table(ndjson(tmp_path, '\ufeff{"id": 1, "premium": 2.5}\n\n{"id": 2, "claims": [{"amount": 3}]}\n'))

    assert ("id", "premium", "claims") == table.columns
    assert [(1, [1, 2.5, None]), (3, [2, None, [{"amount": 3}]])] == [(row.number, row.cells) for row in table.rows()]


def test_this_products_own_lines_are_read_with_their_attributes_as_columns(tmp_path: Path) -> None:
    line = '{"viewer": "v1", "campaign": "renewal", "attributes": {"first_name": "Ann", "viewer": "x"}}'
    table = open_table(ndjson(tmp_path, line))

    assert ("viewer", "campaign", "first_name", "attributes.viewer") == table.columns
    assert [["v1", "renewal", "Ann", "x"]] == [row.cells for row in table.rows()]


def test_a_broken_line_costs_itself_only(tmp_path: Path) -> None:
    long = '{"id": "%s"}' % ("x" * 5 * MAX_LINE_CHARS)
    lines = b'{"id": 1}\n{"id": \n[1]\n{"id": "\xff"}\n' + long.encode() + b'\n{"id": 2}'
    rows = list(open_table(ndjson(tmp_path, lines)).rows())

    assert [
        [1],
        Problem("row", "is not JSON: unexpected end of data at character 8", "one JSON object a line"),
        Problem("row", "is not an object", 'one JSON object a line: {"viewer": …, "attribute": …}'),
        Problem("row", "has bytes that are not UTF-8", "UTF-8, as the rest of the file"),
        Problem("row", "is too long", f"at most {MAX_LINE_CHARS} characters"),
        [2],
    ] == [row.cells for row in rows]
    assert [1, 2, 3, 4, 5, 6] == [row.number for row in rows]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ('[{"id": 1}]', "is a JSON array; expected one JSON object a line, without brackets and commas"),
        ("null\n", 'has no JSON object; expected one JSON object a line: {"viewer": …, "attribute": …}'),
    ],
)
def test_json_of_another_shape_is_invalid(tmp_path: Path, data: str, message: str) -> None:
    path = ndjson(tmp_path, data)

    with pytest.raises(Invalid) as caught:
        open_table(path)
    assert f"{path}: {message}" == str(caught.value)


def test_parquet_cells_are_values_of_their_types(tmp_path: Path) -> None:
    claims = pa.list_(pa.struct([("on", pa.date32()), ("amount", pa.decimal128(10, 2))]))
    columns = {
        "id": pa.array([7, 8], pa.int64()),
        "name": pa.array(["Ann", None]).dictionary_encode(),
        "premium": pa.array([Decimal("812.40"), None], pa.decimal128(10, 2)),
        "renewal_on": pa.array([date(2026, 3, 31), None]),
        "seen": pa.array([1_800_000_000_123_456_789, None], pa.timestamp("ns", "UTC")),
        "claims": pa.array([[{"on": date(2026, 1, 2), "amount": Decimal("3.50")}], []], claims),
    }
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table(columns), path)
    table = open_table(path)

    assert tuple(columns) == table.columns
    seen = datetime(2027, 1, 15, 8, 0, 0, 123456, UTC)
    listed = [{"on": date(2026, 1, 2), "amount": Decimal("3.50")}]
    assert [
        (7, "Ann", Decimal("812.40"), date(2026, 3, 31), seen, listed),
        (8, None, None, None, None, []),
    ] == [row.cells for row in table.rows()]


def test_parquet_goes_on_from_every_row_of_every_row_group(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table({"id": list(range(9_000))}), path, row_group_size=4_500)
    table = open_table(path)
    rows = list(table.rows())

    assert [(number + 1, (number,)) for number in range(9_000)] == [(row.number, row.cells) for row in rows]
    for index in (0, 1, 4_095, 4_096, 4_498, 4_499, 4_500, 8_595, 8_999):
        assert rows[index + 1 :] == list(table.rows(after=rows[index].position))
    assert 1.0 == table.share(rows[-1].position)


def test_a_torn_parquet_file_is_invalid(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table({"id": [1, 2]}), path)
    path.write_bytes(path.read_bytes()[:-10])

    with pytest.raises(Invalid, match="cannot be read; expected a whole Parquet file"):
        open_table(path)
