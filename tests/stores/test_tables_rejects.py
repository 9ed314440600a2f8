"""A file as customers hand it in, with bad rows of more than ten kinds: the good go in, the bad are listed exactly."""

from collections.abc import Sequence
from pathlib import Path

from streamsrv.core.importing import HEADER, RejectedRow, Row, RowChecker, format_rejected, match_columns
from streamsrv.stores.tables import Position, open_table
from tests.core.authored import load

CAMPAIGN = load("""\
campaign: renewal
schema:
  first_name: {type: string, max_length: 10, personal: true}
  product: {type: enum, values: [home, motor]}
  premium: {type: money, currency: EUR, min: 0}
  renewal_on: {type: date}
  tenure_years: {type: int, min: 0, max: 100, default: 0}
require: [first_name, product]
story: [{slot: a, scene: b}]
fallback: [b]
""")
LINES = (
    b"Customer ID,First Name,Product,Premium,Renewal on,Tenure Years,Notes",
    'c2,Zoë,home,812.40,2026-03-31,3,"two\nlines"'.encode(),
    b"c3,,home,1,2026-03-31,3,required and missing",
    b"c4,Ann,boat,1,2026-03-31,3,no such word",
    "c5,Jürgen,motor,1,31.03.2026,3,a date of another format".encode(),
    b'c6,Ann,home,"812,40",2026-03-31,3,a decimal comma',
    b"c7,Ann,home,$5,2026-03-31,3,another currency",
    b"c8,Ann,home,1,2026-03-31,1E+02,scientific",
    b"c9,Maximiliane,home,1,2026-03-31,3,too long",
    b"c10,Ann,home,1,2026-03-31",
    b"c11,Ann,home,1,2026-03-31,3,too,many",
    b"c12,Andr\xe9,home,1,2026-03-31,3,not UTF-8",
    b'c13,"Ann,home,1,2026-03-31,3,never closed',
    b",Ann,home,1,2026-03-31,3,no id",
    b"1.23457E+11,Ann,home,1,2026-03-31,3,an id that Excel spoilt",
    b"=c16,Ann,home,-1,2026-02-30,101,four in one",
    b"@c17,Ann,home,1,2026-03-31,300,out of range",
    b"c18,Bob,MOTOR,,,,",
)
ID = "an id of 1 to 200 printable characters"
SPOILT = "the id as the CRM has it (in Excel: format the column as text before loading)"
REJECTS = [
    "3,c3,first_name,is missing,a value: the campaign requires it",
    '4,c4,product,is another word,"one of home, motor"',
    "5,c5,renewal_on,is a date that is not ISO,\"a date such as 2026-03-31, or --date-format with the file's own, "
    'such as %d.%m.%Y"',
    '6,c6,premium,is a number with a decimal comma,"a decimal point, or --decimal , for the whole file"',
    '7,c7,premium,is an amount in another currency,"an amount in EUR, such as 812.40"',
    "8,c8,tenure_years,is a number in scientific notation,all of its digits (in Excel: format the column as a number)",
    "9,c9,first_name,is text of 11 characters,at most 10",
    '10,,row,has 5 cells,"7, as many as the header"',
    '11,,row,has 8 cells,"7, as many as the header"',
    '12,,row,has bytes that are not UTF-8,"UTF-8, as the rest of the file"',
    '13,,row,has a quote that is never closed,"quotes in pairs around a cell, and doubled inside"',
    f"14,,viewer,is missing,{ID}",
    f"15,,viewer,is what a spreadsheet made of an id,{SPOILT}",
    f"16,,viewer,is what a spreadsheet made of an id,{SPOILT}",
    "16,,premium,is a value out of range,0 to 1000000000000",
    "16,,renewal_on,is a day that no calendar has,a date such as 2026-03-31",
    "16,,tenure_years,is a value out of range,0 to 100",
    "17,'@c17,tenure_years,is a value out of range,0 to 100",
]
GOOD = [
    Row(
        "c2",
        {
            "first_name": "Zoë",
            "product": "home",
            "premium": "812.40",
            "renewal_on": "2026-03-31",
            "tenure_years": 3,
        },
    ),
    Row("c18", {"first_name": "Bob", "product": "motor"}),
]


def imported(path: Path, after: Position | None = None) -> tuple[list[Row], str, Sequence[Position]]:
    """The viewers of a file, its rejects, and the position after each row."""
    table = open_table(path)
    match = match_columns(table.columns, CAMPAIGN.schema, where=str(path), require=CAMPAIGN.require)
    checker = RowChecker(match, CAMPAIGN.schema, require=CAMPAIGN.require, typed=table.typed)
    good: list[Row] = []
    rejects = ""
    positions: list[Position] = []
    for row in table.rows(after):
        checked = checker.check(row.cells)
        positions.append(row.position)
        if isinstance(checked, RejectedRow):
            rejects += format_rejected(row.number, checked)
        else:
            good.append(checked)
    return good, rejects, positions


def test_every_bad_row_is_listed_and_no_good_one_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "crm.csv"
    path.write_bytes(b"\r\n".join(LINES))
    good, rejects, _ = imported(path)

    assert GOOD == good
    assert HEADER + "\r\n".join(REJECTS) + "\r\n" == HEADER + rejects


def test_an_import_that_stopped_anywhere_goes_on_without_loss_or_repetition(tmp_path: Path) -> None:
    path = tmp_path / "crm.csv"
    path.write_bytes(b"\r\n".join(LINES))
    _, rejects, positions = imported(path)

    rests = [imported(path, position) for position in positions]
    assert [list(positions[place:]) for place in range(1, len(positions) + 1)] == [list(rest[2]) for rest in rests]
    assert all(rejects.endswith(rest[1]) for rest in rests)
    assert [GOOD[1:]] * (len(positions) - 1) + [[]] == [rest[0] for rest in rests]
