"""What one cell of a file becomes, and what is refused rather than guessed."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamsrv.core.campaign.fields import (
    Day,
    Field,
    FieldType,
    Flag,
    Moment,
    Money,
    Number,
    OneOf,
    Record,
    Records,
    Text,
    Unfit,
    Whole,
)
from streamsrv.core.errors import Invalid
from streamsrv.core.importing import make_style
from streamsrv.core.importing.cells import text_converter, typed_converter

EUR = Money("EUR", low=Decimal(0))
CLAIM = {"on": Field("on", Day()), "amount": Field("amount", Money("EUR"), default=Decimal(1))}
AMOUNT = "an amount in EUR, such as 812.40"
TELL_DECIMAL = "the decimal mark of the file: --decimal . or --decimal ,"
ALL_DIGITS = "all of its digits (in Excel: format the column as a number)"


def text(of: FieldType, cell: str, *, decimal: str | None = None, date_format: str | None = None) -> object:
    return text_converter(of, make_style(decimal, date_format))(cell)


def typed(of: FieldType, cell: object, *, date_format: str | None = None) -> object:
    return typed_converter(of, make_style(date_format=date_format))(cell)


def unfit(convert: Callable[[], object]) -> tuple[str, str, str]:
    with pytest.raises(Unfit) as caught:
        convert()
    return caught.value.path, caught.value.found, caught.value.expected


@pytest.mark.parametrize(
    ("cell", "decimal", "amount"),
    [
        ("812.40", None, "812.40"),
        ("812.4", ".", "812.4"),
        ("812", ",", "812"),
        ("812,40", ",", "812.40"),
        ("1,234.56", None, "1234.56"),
        ("1,234", ".", "1234"),
        ("1.234", ",", "1234"),
        ("1.234.567,8", ",", "1234567.8"),
        ("1 234.50", None, "1234.50"),
        ("1\u202f234,50 €", ",", "1234.50"),
        ("1'234.50", None, "1234.50"),
        ("€ 812,40", ",", "812.40"),
        ("812.40 EUR", None, "812.40"),
        ("eur812.40", None, "812.40"),
        ("€812.40 EUR", None, "812.40"),
        ("812.400", ".", "812.400"),
        ("0.100", None, "0.100"),
    ],
)
def test_amounts_are_read_in_the_style_of_the_file(cell: str, decimal: str | None, amount: str) -> None:
    assert amount == text(EUR, cell, decimal=decimal)


@pytest.mark.parametrize(
    ("cell", "decimal", "found", "expected"),
    [
        ("812,40", None, "a number with a decimal comma", "a decimal point, or --decimal , for the whole file"),
        ("812.40", ",", "a number with a decimal point", "a decimal comma, as --decimal , says of the file"),
        ("1,234", None, "a number whose comma may stand for thousands or for decimals", TELL_DECIMAL),
        ("1.234", None, "an amount whose point may stand for thousands or for decimals", TELL_DECIMAL),
        ("€ 1.234", None, "an amount whose point may stand for thousands or for decimals", TELL_DECIMAL),
        ("1E+05", None, "a number in scientific notation", ALL_DIGITS),
        ("1,5e3", ",", "a number in scientific notation", ALL_DIGITS),
        ("'812", None, "a number behind an apostrophe", AMOUNT),
        ("=1+1", None, "a formula", f"{AMOUNT}: the result itself"),
        ("$ 5", None, "an amount in another currency", AMOUNT),
        ("5 USD", None, "an amount in another currency", AMOUNT),
        ("€ 5 USD", None, "an amount in another currency", AMOUNT),
        ("5 %", None, "an amount in another currency", AMOUNT),
        ("5.123", ".", "an amount with parts of a cent", "at most 2 decimals"),
        ("\N{MINUS SIGN}5", None, "a value out of range", "0 to 1000000000000"),
        ("12,34.5", None, "text", AMOUNT),
        ("1,2345", ".", "a number with a decimal comma", "a decimal point, as --decimal . says of the file"),
        ("--5", None, "text", AMOUNT),
        ("unknown", None, "text", AMOUNT),
    ],
)
def test_amounts_that_are_unclear_are_refused(cell: str, decimal: str | None, found: str, expected: str) -> None:
    assert ("", found, expected) == unfit(lambda: text(EUR, cell, decimal=decimal))


def test_a_dollar_sign_stands_for_the_dollar_of_the_schema() -> None:
    assert "5" == text(Money("CAD"), "$5")
    assert "5" == text(Money("SEK"), "5 kr.")


@pytest.mark.parametrize(
    ("cell", "value"), [("7", 7), ("-7", -7), ("007", 7), ("7.0", 7), ("7.00", 7), ("1 000", 1000)]
)
def test_whole_numbers_may_have_decimals_that_are_nothing(cell: str, value: int) -> None:
    assert value == text(Whole(), cell)


@pytest.mark.parametrize("cell", ["7.5", "5.000", "7.01"])
def test_other_decimals_are_no_whole_number(cell: str) -> None:
    assert ("", "a number with decimals", "a whole number") == unfit(lambda: text(Whole(), cell))


def test_numbers_keep_as_many_digits_as_they_have() -> None:
    assert 0.30000000000000004 == text(Number(), "0.30000000000000004")
    assert -1234.5 == text(Number(), "-1.234,5", decimal=",")
    assert ("", "a number", "a number") == unfit(lambda: text(Number(), "9" * 400))


@pytest.mark.parametrize(
    ("cell", "date_format"),
    [("2026-03-31", None), ("2026-03-31 00:00:00.000", None), ("31.03.2026", "%d.%m.%Y"), ("03/31/2026", "%m/%d/%Y")],
)
def test_a_date_is_iso_or_in_the_format_that_was_told(cell: str, date_format: str | None) -> None:
    assert "2026-03-31" == text(Day(), cell, date_format=date_format)


@pytest.mark.parametrize(
    ("cell", "date_format", "found", "expected"),
    [
        (
            "03/04/2026",
            None,
            "a date that is not ISO",
            "a date such as 2026-03-31, or --date-format with the file's own, such as %d.%m.%Y",
        ),
        ("2026-02-30", None, "a day that no calendar has", "a date such as 2026-03-31"),
        ("2026-03-31 10:00", None, "text", "a date such as 2026-03-31"),
        ("soon", None, "text", "a date such as 2026-03-31"),
        ("2026-03-31", "%d.%m.%Y", "text", "a date such as 31.03.2026"),
        ("0001-01-01", None, "a value out of range", "1000-01-01 to 9999-12-31"),
    ],
)
def test_other_dates_are_refused(cell: str, date_format: str | None, found: str, expected: str) -> None:
    assert ("", found, expected) == unfit(lambda: text(Day(), cell, date_format=date_format))


@pytest.mark.parametrize("date_format", ["%d.%m.%y", "%d.%m", "%Y-%j", "%d.%m.%Y %H", "31.3.", "%d%d%m%Y", "%"])
def test_a_date_format_tells_a_whole_day(date_format: str) -> None:
    with pytest.raises(Invalid) as caught:
        make_style(date_format=date_format)
    assert "--date-format: does not tell a whole day; expected one each of %d, %m (or %b, %B) and %Y" == str(
        caught.value
    )


def test_a_decimal_mark_is_a_point_or_a_comma() -> None:
    with pytest.raises(Invalid, match=r'--decimal: is not a decimal mark; expected "\." or ","'):
        make_style(";")


def test_truth_is_told_in_a_few_words_of_three_languages() -> None:
    true, false = ["true", "YES", "y", "1", "Ja", "wahr"], ["false", "no", "N", "0", "nein", "falsch", "faux"]

    assert [True] * 6 + [False] * 7 == [text(Flag(), cell) for cell in true + false]
    assert ("", "text", "true or false, yes or no, 1 or 0") == unfit(lambda: text(Flag(), "x"))


def test_the_words_of_an_enum_may_be_in_capitals_unless_that_makes_another_word() -> None:
    assert "home" == text(OneOf(("home", "motor")), "HOME")
    assert "US" == text(OneOf(("US", "us")), "US")
    assert ("", "another word", "one of US, us") == unfit(lambda: text(OneOf(("US", "us")), "Us"))


def test_errors_of_a_spreadsheet_are_nobodys_name() -> None:
    assert "#1 fan" == text(Text(), "#1 fan")
    assert ("", "an error of a spreadsheet", "text") == unfit(lambda: text(Text(), "#N/A"))


def test_texts_are_printable_and_of_bounded_length() -> None:
    assert "A\u00a0b" == text(Text(), "A\u00a0b")
    assert ("", "text with control characters", "printable text") == unfit(lambda: text(Text(), "a\0b"))
    assert ("", "text with control characters", "printable text") == unfit(lambda: text(Text(), "a\nb"))
    assert ("", "text of 3 characters", "at most 2") == unfit(lambda: text(Text(2), "abc"))


def test_lists_and_records_are_json_in_a_cell() -> None:
    cell = '[{"on": "2026-01-31", "amount": 812.40, "secret": 1}, {"on": "2026-02-01", "amount": null}]'

    assert [{"on": "2026-01-31", "amount": "812.40"}, {"on": "2026-02-01"}] == text(Records(CLAIM), cell)
    assert {"on": "2026-01-31"} == text(Record(CLAIM), '{"on": "2026-01-31"}')


@pytest.mark.parametrize(
    ("cell", "path", "found", "expected"),
    [
        ("[{]", "", "text that is not JSON", 'JSON such as [{"on": …, "amount": …}]'),
        ("[" * 100_000, "", "text that is not JSON", 'JSON such as [{"on": …, "amount": …}]'),
        ('[{"on": NaN}]', "", "text that is not JSON", 'JSON such as [{"on": …, "amount": …}]'),
        ("1" * 5_000, "", "text that is not JSON", 'JSON such as [{"on": …, "amount": …}]'),
        ("5", "", "a whole number", "a list of records"),
        ("[5]", "[0]", "a whole number", "a record with on, amount"),
        ("[{}]", "[0].on", "missing", "a record with on, amount"),
        ('[{"on": "2026-01-01"}, {"on": 3}]', "[1].on", "a whole number", "a date such as 2026-03-31"),
        ('[{"on": "2026-01-01", "amount": 1e999999}]', "[0].amount", "a number", AMOUNT),
        ("[{},{},{}]", "", "a list of 3 records", "at most 2"),
    ],
)
def test_other_json_is_refused_where_it_is_wrong(cell: str, path: str, found: str, expected: str) -> None:
    assert (path, found, expected) == unfit(lambda: text(Records(CLAIM, 2), cell))


def test_typed_cells_keep_their_types() -> None:
    moment = datetime(2026, 3, 31, 18, tzinfo=timezone(timedelta(hours=2)))

    assert "812.40" == typed(EUR, Decimal("812.40"))
    assert "812.4" == typed(EUR, 812.4)
    assert 5 == typed(Whole(), 5.0)
    assert "2026-03-31" == typed(Day(), date(2026, 3, 31))
    assert "2026-03-31" == typed(Day(), datetime(2026, 3, 31))  # noqa: DTZ001 # Parquet's days are often moments
    assert "2026-03-31" == typed(Day(), "31.3.2026", date_format="%d.%m.%Y")
    assert "2026-03-31T16:00:00+00:00" == typed(Moment(), moment)
    assert False is typed(Flag(), False)
    assert [{"on": "2026-01-31", "amount": "3.50"}] == typed(
        Records(CLAIM), [{"on": date(2026, 1, 31), "amount": Decimal("3.50")}]
    )


@pytest.mark.parametrize(
    ("of", "cell", "found"),
    [
        (Whole(), 5.5, "a number"),
        (Whole(), True, "true or false"),
        (Flag(), 1, "a whole number"),
        (Text(), 5, "a whole number"),
        (Text(), b"x", "another kind of value"),
        (EUR, float("nan"), "a number"),
        (Day(), datetime(2026, 3, 31, 10, tzinfo=UTC), "another kind of value"),
        (Moment(), datetime(2026, 3, 31), "another kind of value"),  # noqa: DTZ001 # a moment needs its offset
    ],
)
def test_typed_cells_of_another_type_are_refused(of: FieldType, cell: object, found: str) -> None:
    assert found == unfit(lambda: typed(of, cell))[1]


TYPES: list[FieldType] = [Text(), OneOf(("a", "B")), Whole(), Number(), EUR, Day(), Moment(), Flag(), Records(CLAIM)]
CELLS = st.one_of(
    st.text(min_size=1, max_size=12),
    st.text("0123456789.,-+eE€ '=:TZ", min_size=1, max_size=14),
    st.decimals(allow_nan=False, allow_infinity=False).map(str),
    st.dates().map(str),
    st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.isoformat()),
)


@given(st.sampled_from(TYPES), CELLS, st.sampled_from([None, ".", ","]))
def test_any_text_becomes_a_value_that_its_type_reads_or_is_unfit(
    of: FieldType, cell: str, decimal: str | None
) -> None:
    try:
        value = text(of, cell, decimal=decimal)
    except Unfit:
        return
    assert of.read(value) is not None


@given(st.decimals(0, 10**9, places=2), st.sampled_from([".", ","]), st.booleans(), st.sampled_from(["", "€ ", "EUR"]))
def test_an_amount_is_the_same_in_every_style(amount: Decimal, mark: str, grouped: bool, sign: str) -> None:
    written = f"{amount:,f}" if grouped else f"{amount:f}"
    cell = sign + (written if mark == "." else written.translate({ord(","): ".", ord("."): ","}))

    assert amount == EUR.read(text(EUR, cell, decimal=mark))
