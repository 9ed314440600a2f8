"""A row becomes a viewer whole, or is rejected with every reason and no value."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamsrv.core.campaign import check_viewer
from streamsrv.core.errors import Problem
from streamsrv.core.importing import (
    HEADER,
    RecordChecker,
    RejectedRow,
    Row,
    RowChecker,
    format_rejected,
    make_style,
    match_columns,
)
from tests.core.authored import load

CAMPAIGN = load("""\
campaign: renewal
schema:
  first_name: {type: string, max_length: 10, personal: true}
  product: {type: enum, values: [home, motor]}
  premium: {type: money, currency: EUR, min: 0}
  renewal_on: {type: date}
  tenure_years: {type: int, min: 0, max: 100, default: 0}
  loyal: {type: bool}
  car: {type: record, of: {model: {type: string}, year: {type: int, default: 2000}}}
  claims: {type: list, max_items: 2, of: {on: {type: date}, amount: {type: money, currency: EUR, default: 1}}}
require: [first_name, product, tenure_years]
story: [{slot: a, scene: b}]
fallback: [b]
""")
HEADERS = ("Viewer ID", "First Name", "Product", "Premium", "Renewal on", "Tenure years", "Loyal", "Claims")
GOOD = ["c1", "Ann", "home", "812.40", "2026-03-31", "3", "yes", '[{"on": "2026-01-02"}]']


def checker(*headers: str, typed: bool = False, decimal: str | None = None) -> RowChecker:
    schema, require = CAMPAIGN.schema, CAMPAIGN.require
    match = match_columns(headers or HEADERS, schema, where="t.csv", require=require, typed=typed)
    return RowChecker(match, schema, require=require, typed=typed, style=make_style(decimal), campaign="renewal")


def changed(**cells: str) -> list[str]:
    """A good row with other cells, by the first word of their header in lower case."""
    return [cells.get(header.split()[0].lower(), cell) for header, cell in zip(HEADERS, GOOD, strict=True)]


def test_a_good_row_is_a_viewer_in_the_form_of_json() -> None:
    assert Row(
        "c1",
        {
            "first_name": "Ann",
            "product": "home",
            "premium": "812.40",
            "renewal_on": "2026-03-31",
            "tenure_years": 3,
            "loyal": True,
            "claims": [{"on": "2026-01-02"}],
        },
    ) == checker().check(GOOD)


def test_an_empty_cell_is_an_absent_attribute() -> None:
    row = changed(premium="", renewal="", tenure="", loyal="", claims="")

    assert Row("c1", {"first_name": "Ann", "product": "home"}) == checker().check(row)


@pytest.mark.parametrize(
    ("cells", "reasons"),
    [
        ({"viewer": ""}, [("viewer", "is missing", "an id of 1 to 200 printable characters")]),
        ({"viewer": "x" * 201}, [("viewer", "is text of 201 characters", "an id of 1 to 200 printable characters")]),
        ({"viewer": "a\nb"}, [("viewer", "is text with control characters", "an id of 1 to 200 printable characters")]),
        (
            {"viewer": "1.23457E+11"},
            [
                (
                    "viewer",
                    "is what a spreadsheet made of an id",
                    "the id as the CRM has it (in Excel: format the column as text before loading)",
                )
            ],
        ),
        ({"first": ""}, [("first_name", "is missing", "a value: the campaign requires it")]),
        ({"first": "Maximiliane"}, [("first_name", "is text of 11 characters", "at most 10")]),
        ({"first": "A\0b"}, [("first_name", "is text with control characters", "printable text")]),
        ({"product": "boat"}, [("product", "is another word", "one of home, motor")]),
        ({"premium": "-1.00"}, [("premium", "is a value out of range", "0 to 1000000000000")]),
        ({"premium": "much"}, [("premium", "is text", "an amount in EUR, such as 812.40")]),
        ({"renewal": "2026-02-30"}, [("renewal_on", "is a day that no calendar has", "a date such as 2026-03-31")]),
        ({"tenure": "101"}, [("tenure_years", "is a value out of range", "0 to 100")]),
        ({"loyal": "maybe"}, [("loyal", "is text", "true or false, yes or no, 1 or 0")]),
        ({"claims": '[{"amount": 1}]'}, [("claims[0].on", "is missing", "a record with on, amount")]),
        (
            {"first": "", "product": "boat", "tenure": "x"},
            [
                ("product", "is another word", "one of home, motor"),
                ("tenure_years", "is text", "a whole number"),
                ("first_name", "is missing", "a value: the campaign requires it"),
            ],
        ),
    ],
)
def test_a_bad_row_is_rejected_with_every_reason(cells: dict[str, str], reasons: list[tuple[str, str, str]]) -> None:
    viewer_id = None if "viewer" in cells else "c1"

    assert RejectedRow(viewer_id, tuple(Problem(*reason) for reason in reasons)) == checker().check(changed(**cells))


def test_what_could_not_be_read_is_rejected_for_that_reason() -> None:
    problem = Problem("row", "has 2 cells", "3, as many as the header")

    assert RejectedRow(None, (problem,)) == checker().check(problem)


def test_records_and_lists_come_in_parts() -> None:
    headers = ("id", "first name", "product", "car model", "claims 1 on", "claims 1 amount", "claims 2 on")
    check = checker(*headers, decimal=",").check
    who: dict[str, object] = {"first_name": "Ann", "product": "home"}

    car = {"car": {"model": "Uno"}}
    both = [{"on": "2026-01-02", "amount": "1234.5"}, {"on": "2026-01-03"}]
    assert Row("1", {**who, **car, "claims": both}) == check(
        ["1", "Ann", "home", "Uno", "2026-01-02", "1.234,5 €", "2026-01-03"]
    )
    assert Row("1", {**who, "claims": [{"on": "2026-01-03"}]}) == check(["1", "Ann", "home", "", "", "", "2026-01-03"])
    assert Row("1", who) == check(["1", "Ann", "home", "", "", "", ""])
    missing = Problem("claims[0].on", "is missing", "a record with on, amount")
    assert RejectedRow("1", (missing,)) == check(["1", "Ann", "home", "", "", "5", ""])
    late = Problem("claims[1].on", "is text", "a date such as 2026-03-31")
    assert RejectedRow("1", (late,)) == check(["1", "Ann", "home", "", "", "", "soon"])


def test_dates_of_records_and_lists_are_read_as_the_file_writes_them() -> None:
    headers = ("id", "first name", "product", "renewal on", "claims 1 on", "claims 1 amount")
    match = match_columns(headers, CAMPAIGN.schema, where="t.csv", require=CAMPAIGN.require)
    checker = RowChecker(match, CAMPAIGN.schema, style=make_style(",", "%d.%m.%Y"))

    row = checker.check(["c1", "Ann", "home", "31.03.2026", "2.1.2026", "1.240,50"])

    claims = [{"on": "2026-01-02", "amount": "1240.50"}]
    attributes: dict[str, object] = {"first_name": "Ann", "product": "home", "renewal_on": "2026-03-31"}
    assert Row("c1", attributes | {"claims": claims}) == row


def test_more_columns_than_a_list_has_items_are_a_matter_of_each_row() -> None:
    check = checker("id", "first name", "product", "claims 1 on", "claims 2 on", "claims 3 on").check

    dates = ["2026-01-01", "2026-01-02", "2026-01-03"]
    assert isinstance(check(["1", "Ann", "home", *dates[:2], ""]), Row)
    many = Problem("claims", "is a list of 3 records", "at most 2")
    assert RejectedRow("1", (many,)) == check(["1", "Ann", "home", *dates])


def test_typed_cells_are_not_read_as_text() -> None:
    check = checker("viewer", "first_name", "product", "premium", "loyal", "campaign", typed=True).check

    good: list[object] = [17, " Ann ", "home", 812.4, None, "renewal"]
    assert Row("17", {"first_name": "Ann", "product": "home", "premium": "812.4"}) == check(good)
    word = Problem("loyal", "is text", "true or false")
    assert RejectedRow("17", (word,)) == check([17, "Ann", "home", None, "yes", None])
    other = Problem("campaign", "is another campaign", '"renewal"')
    assert RejectedRow("17", (other,)) == check([17, "Ann", "home", None, None, "spring"])
    fraction = Problem("viewer", "is a number", "an id of 1 to 200 printable characters")
    assert RejectedRow(None, (fraction,)) == check([1.5, "Ann", "home", None, None, None])


def test_a_program_is_not_told_of_a_commands_options() -> None:
    record = {"first_name": "Ann", "product": "home", "renewal_on": "31.03.2026"}

    expected = Problem("renewal_on", "is a date that is not ISO", "a date such as 2026-03-31")
    assert RejectedRow("c1", (expected,)) == RecordChecker(CAMPAIGN.schema).check("c1", record)


def test_a_campaign_column_of_a_csv_file_means_nothing() -> None:
    row = checker("viewer", "first_name", "product", "campaign").check(["c1", "Ann", "home", "Spring mailing"])

    assert Row("c1", {"first_name": "Ann", "product": "home"}) == row


CELL = st.one_of(
    st.sampled_from(["Ann", "home", "812.40", "2026-03-31", "3", "yes", '[{"on": "2026-01-02"}]', "", "[]", "1E+05"]),
    st.text(max_size=8).map(str.strip),
)
NEARLY_GOOD = st.dictionaries(st.integers(0, len(GOOD) - 1), CELL, max_size=2).map(
    lambda others: [others.get(index, cell) for index, cell in enumerate(GOOD)]
)


@given(NEARLY_GOOD)
def test_what_goes_in_fits_the_schema_and_is_complete(cells: list[str]) -> None:
    row = checker().check(cells)

    if isinstance(row, RejectedRow):
        assert row.reasons
        return
    checked, problems = check_viewer(CAMPAIGN.schema, row.attributes)
    assert () == problems
    assert set(CAMPAIGN.require) <= set(checked)


@given(st.lists(CELL.map(lambda cell: f"{cell}Zq7"), min_size=8, max_size=8))
def test_no_reason_shows_a_value(cells: list[str]) -> None:
    row = checker().check(cells)

    assert isinstance(row, RejectedRow)
    assert "Zq7" not in "".join(map(str, row.reasons))


def test_rejects_are_lines_that_a_spreadsheet_does_not_run() -> None:
    reasons = (
        Problem("claims[0].on", "is missing", "a record with on, amount"),
        Problem("campaign", "is another campaign", '"renewal"'),
    )
    lines = HEADER + format_rejected(7, RejectedRow("=1+1", reasons)) + format_rejected(9, RejectedRow(None, reasons))

    assert [
        ["row", "viewer", "field", "reason", "expected"],
        ["7", "'=1+1", "claims[0].on", "is missing", "a record with on, amount"],
        ["7", "'=1+1", "campaign", "is another campaign", '"renewal"'],
        ["9", "", "claims[0].on", "is missing", "a record with on, amount"],
        ["9", "", "campaign", "is another campaign", '"renewal"'],
    ] == list(csv.reader(io.StringIO(lines, newline="")))


@given(st.text(min_size=1, max_size=20))
def test_every_id_is_one_cell_that_is_no_formula(viewer_id: str) -> None:
    line = format_rejected(1, RejectedRow(viewer_id, (Problem("viewer", "is text"),)))

    (row,) = csv.reader(io.StringIO(line, newline=""), strict=True)
    assert viewer_id == row[1].removeprefix("'") if viewer_id[0] in "=+-@\t\r\0" else viewer_id == row[1]
    assert row[1][0] not in "=+-@\t\r\0"
