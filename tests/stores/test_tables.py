"""CSV from spreadsheets and CRM systems: what is understood, and what is refused with its row."""

import codecs
from pathlib import Path

import pytest

from streamsrv.core.errors import Invalid, Problem
from streamsrv.stores.tables import Position, Table, fingerprint, open_table
from streamsrv.stores.tables.lines import MAX_LINE_CHARS, TOO_LONG
from streamsrv.stores.tables.records import MISQUOTED, UNCLOSED

COLUMNS = ("id", "name")


def table(folder: Path, data: bytes | str, name: str = "t.csv") -> Table:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return open_table(path)


def cells(folder: Path, data: bytes | str, name: str = "t.csv") -> list[object]:
    return [row.cells for row in table(folder, data, name).rows()]


def numbered(folder: Path, data: bytes | str) -> list[tuple[int, object]]:
    return [(row.number, row.cells) for row in table(folder, data).rows()]


def refusal(folder: Path, data: bytes | str, name: str = "t.csv") -> str:
    with pytest.raises(Invalid) as caught:
        table(folder, data, name)
    return str(caught.value).replace(f"{folder}/", "")


@pytest.mark.parametrize(
    "data",
    [
        "id;name\n1;Zoë\n".encode("cp1252"),
        "id;name\n1;Zoë\n".encode(),
        codecs.BOM_UTF8 + "id,name\r\n1,Zoë\r\n".encode(),
        codecs.BOM_UTF16_LE + "id\tname\r\n1\tZoë\r\n".encode("utf-16-le"),
        codecs.BOM_UTF16_BE + "id|name\n1|Zoë".encode("utf-16-be"),
        "sep=;\r\nid;name\r\n1;Zoë\r\n".encode(),
        "\n\n id ; name \n\n 1 ; Zoë \n;\n".encode(),
        'id;name;\n1;"Zoë" \n'.replace(";\n", "\n").encode(),
        "id,name\r1,Zoë\r".encode(),
    ],
)
def test_the_same_table_is_read_from_every_dialect(tmp_path: Path, data: bytes) -> None:
    read = table(tmp_path, data)

    assert (COLUMNS, [["1", "Zoë"]]) == (read.columns, [row.cells for row in read.rows()])


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    data = 'sep=;\nid;name\n\n1;"two\nlines"\n2;Bob\n'

    assert [(3, ["1", "two\nlines"]), (4, ["2", "Bob"])] == numbered(tmp_path, data)


def test_a_decimal_comma_is_not_taken_for_the_delimiter(tmp_path: Path) -> None:
    assert [["1", "1.234,50"], ["2", "3,10"]] == cells(tmp_path, "id;premium\n1;1.234,50\n2;3,10\n")


def test_spaces_around_quotes_are_forgiven(tmp_path: Path) -> None:
    data = 'id , "name"\n "1" , "An ""A"", two\nlines" \n2,"B" \n'

    assert [["1", 'An "A", two\nlines'], ["2", "B"]] == cells(tmp_path, data)


def test_an_open_quote_costs_its_own_row_only(tmp_path: Path) -> None:
    after = "".join(f"{number},Bob\n" for number in range(3, 30_000))

    rows = numbered(tmp_path, f'id,name\n1,"Ann\n2,Bob\n{after}')
    assert [(2, UNCLOSED), (3, ["2", "Bob"]), (4, ["3", "Bob"])] == rows[:3]
    assert 29_999 == len(rows)


def test_an_open_quote_never_joins_two_viewers(tmp_path: Path) -> None:
    data = 'id,note,name\n1,"never closed,Ann\n2,x,"Bob"\n3,y,Cid\n'

    assert [(2, MISQUOTED), (3, ["2", "x", "Bob"]), (4, ["3", "y", "Cid"])] == numbered(tmp_path, data)


def test_a_text_inside_a_cell_that_is_too_long_is_never_taken_for_rows(tmp_path: Path) -> None:
    inside = "7,Mallory\n" * (MAX_LINE_CHARS // 10 + 10)

    assert [(2, TOO_LONG), (3, ["2", "Bob"])] == numbered(tmp_path, f'id,name\n1,"{inside}"\n2,Bob\n')


@pytest.mark.parametrize("long", ["x" * (MAX_LINE_CHARS + 1), "x" * (10 * MAX_LINE_CHARS), f'"{"x" * MAX_LINE_CHARS}"'])
def test_a_row_that_is_too_long_is_refused_by_itself(tmp_path: Path, long: str) -> None:
    data = f"id,name\n1,{long}\n2,Bob\n"

    assert [(2, TOO_LONG), (3, ["2", "Bob"])] == numbered(tmp_path, data)


def test_rows_with_other_numbers_of_cells_are_refused_but_for_empty_cells_at_the_end(tmp_path: Path) -> None:
    expected = "2, as many as the header"

    assert [
        Problem("row", "has 1 cell", expected),
        Problem("row", "has 3 cells", expected),
        ["3", "Cid"],
    ] == cells(tmp_path, "id,name\n1\n2,Bob,x\n3,Cid,,\n")


def test_bytes_of_another_encoding_cost_their_row_and_no_other_name(tmp_path: Path) -> None:
    data = "id,name\n1,Zoë\n2,Jürgen\n".encode() + b"3,Andr\xe9\n" + "4,Noël\n".encode()

    undecodable = Problem("row", "has bytes that are not UTF-8", "UTF-8, as the rest of the file")
    assert [["1", "Zoë"], ["2", "Jürgen"], undecodable, ["4", "Noël"]] == cells(tmp_path, data)


def test_the_encoding_is_settled_by_the_first_mebibyte(tmp_path: Path) -> None:
    plain = b"1,Bob\n" * 200_000

    late = list(table(tmp_path, b"id,name\n" + plain + b"2,Andr\xe9\n").rows())
    assert Problem("row", "has bytes that are not UTF-8", "UTF-8, as the rest of the file") == late[-1].cells
    early = list(table(tmp_path, b"id,name\n2,Andr\xe9\n" + plain).rows())
    assert ["2", "André"] == early[0].cells


def test_nul_bytes_stay_in_their_cell(tmp_path: Path) -> None:
    assert [["1", "A\0b"], ["2", "Bob"]] == cells(tmp_path, 'id,name\n1,A\0b\n2,"Bob"\n')


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("", "t.csv: is empty; expected a header with the names of the columns, then a row for each viewer"),
        ("id,,name,\n", "t.csv: header: columns 2, 4 have no name; expected a name for every column"),
        (
            "id,name,name\n",
            't.csv: header: "name" stands over 2 columns (2, 3); expected a name of its own for every column',
        ),
        ('id,"na\n', "t.csv: header: has a quote that is never closed; expected quotes in pairs around a cell, and "
                     "doubled inside"),
        (b"PK\x03\x04...", "t.csv: is a spreadsheet or archive; expected text: CSV (from Excel: save as CSV UTF-8), "
                           "NDJSON or Parquet"),
        ("id,name".encode("utf-16-le"), "t.csv: begins with NUL bytes; expected UTF-8, UTF-16 with its byte order "
                                        "mark, or Windows-1252"),
        (codecs.BOM_UTF32_LE, "t.csv: is UTF-32; expected UTF-8, UTF-16 with its byte order mark, or Windows-1252"),
    ],
)  # fmt: skip
def test_a_file_without_usable_columns_is_invalid(tmp_path: Path, data: bytes | str, message: str) -> None:
    assert message == refusal(tmp_path, data)


def test_a_file_that_is_not_there_or_a_folder_is_invalid(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"none\.csv: cannot be read: No such file"):
        open_table(tmp_path / "none.csv")
    with pytest.raises(Invalid, match="is a folder"):
        open_table(tmp_path)


def test_a_fingerprint_is_of_the_content(tmp_path: Path) -> None:
    one, same, other = (tmp_path / name for name in ("one", "same", "other"))
    one.write_bytes(b"id\n1\n")
    same.write_bytes(b"id\n1\n")
    other.write_bytes(b"id\n2\n")

    assert fingerprint(one) == fingerprint(same) != fingerprint(other)


def test_the_share_read_grows_from_row_to_row_to_all_of_it(tmp_path: Path) -> None:
    read = table(tmp_path, "id,name\n1,a\n2,b\n")

    assert [0.75, 1.0] == [read.share(row.position) for row in read.rows()]


def test_a_name_without_a_known_ending_is_told_by_what_is_inside(tmp_path: Path) -> None:
    assert [["1", "x"]] == cells(tmp_path, '{"id": "1", "name": "x"}', "export.dat")
    assert [["1", "x"]] == cells(tmp_path, "id,name\n1,x", "export2.dat")
    assert Position(12, 2) == next(table(tmp_path, "id,name\n1,x\n", "export2.dat").rows()).position
