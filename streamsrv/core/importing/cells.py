"""What one cell becomes: a value in the form of JSON that its attribute's type reads, or `Unfit`.

Converters are made once for a column and called for every row. They take cells that are not empty; a text is
without the spaces around it. Nothing here puts a value into a message.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import lru_cache
from json import JSONDecoder
from typing import Any

from streamsrv.core.campaign.fields import (
    DAY_TEXT,
    WHOLE_TEXT,
    Day,
    FieldType,
    Flag,
    Money,
    Number,
    OneOf,
    Record,
    Records,
    Text,
    Unfit,
    Whole,
    kind_of,
)
from streamsrv.core.errors import invalid
from streamsrv.core.importing.numbers import plain_amount, plain_number

TRUE_WORDS = ("true", "yes", "y", "1", "ja", "wahr", "oui", "vrai")
FALSE_WORDS = ("false", "no", "n", "0", "nein", "falsch", "non", "faux")
SPREADSHEET_ERRORS = frozenset(("#N/A", "#NV", "#REF!", "#VALUE!", "#WERT!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"))
_PLAIN_AMOUNT = re.compile(r"-?\d{1,12}(?:\.\d{1,2})?", re.ASCII)
_MIDNIGHT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]00:00(?::00(?:\.0{1,9})?)?", re.ASCII)
"""A day as databases write it."""
_LOCAL_DAY = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}", re.ASCII)
_DAYS_KEPT = 16_384
"""Days are few and strptime is slow."""

Converter = Callable[[Any], object]
"""From a cell of its table's kind: text from CSV, anything from JSON and Parquet."""


@dataclass(frozen=True, slots=True)
class Style:
    """How the texts of one file are written, where that cannot be seen."""

    decimal: str | None = None
    """The decimal mark, "." or ","; None when nobody told."""
    date_format: str | None = None
    """Of dates, as strptime takes it; None for ISO dates."""
    optional: bool = True
    """Whether whoever sends it may say how it is written: not so over the API."""


def make_style(decimal: str | None = None, date_format: str | None = None) -> Style:
    """A style; raises `Invalid` when it would leave something to be guessed."""
    if decimal not in (None, ".", ","):
        raise invalid("--decimal", "is not a decimal mark", '"." or ","')
    if date_format is not None:
        parts = re.findall(r"%(.?)", date_format)
        months = sum(parts.count(part) for part in "mbB")
        if parts.count("d") != 1 or parts.count("Y") != 1 or months != 1 or len(parts) != 3:
            raise invalid("--date-format", "does not tell a whole day", "one each of %d, %m (or %b, %B) and %Y")
    return Style(decimal, date_format)


def text_converter(of: FieldType, style: Style) -> Converter:
    """What makes a value of this type of a CSV cell."""
    match of:
        case Text():
            return _text(of)
        case OneOf():
            return _word(of)
        case Whole():
            return _whole(of, style)
        case Number():
            return _number(of, style)
        case Money():
            return _money(of, style)
        case Day():
            return _day(of, style)
        case Flag():
            return _flag(of)
        case Record() | Records():
            return _json(of, style)
        case _:
            return lambda cell: plain(of.read(cell))


def typed_converter(of: FieldType, style: Style) -> Converter:
    """What makes a value of this type of a JSON or Parquet cell, which keeps its own type."""
    match of:
        case Record():
            return _record(of, style)
        case Records():
            return _records(of, style)
        case Whole():
            # One missing value makes all whole numbers of a column fractions in many tools.
            return lambda cell: of.read(int(cell) if isinstance(cell, float) and cell.is_integer() else cell)
        case Day():
            return _typed_day(of, style)
        case Text():
            from_text = _text(of)
            return lambda cell: from_text(cell) if isinstance(cell, str) and cell else of.read(cell)
        case _:
            return lambda cell: plain(of.read(cell))


def plain(value: object) -> object:
    """A typed value in the form of JSON; its type reads it as the same value again."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _text(of: Text) -> Converter:
    longest, read = of.max_length, of.read

    def convert(cell: str) -> object:
        if len(cell) <= longest and cell.isprintable() and cell[0] != "#":
            return cell
        if cell in SPREADSHEET_ERRORS:
            raise Unfit("an error of a spreadsheet", "text")
        return read(cell)

    return convert


def _word(of: OneOf) -> Converter:
    words = frozenset(of.values)
    folded = [value.casefold() for value in of.values]
    alike = {word: value for word, value in zip(folded, of.values, strict=True) if folded.count(word) == 1}

    def convert(cell: str) -> object:
        return cell if cell in words else alike.get(cell.casefold()) or of.read(cell)

    return convert


def _whole(of: Whole, style: Style) -> Converter:
    def convert(cell: str) -> object:
        if WHOLE_TEXT.fullmatch(cell):
            return of.read(cell)
        whole, _, parts = plain_number(cell, style.decimal, "a whole number").partition(".")
        # 5.000 may be five thousand where nobody told the decimal mark; 5.0 is nothing but five.
        if parts.strip("0") or len(parts) > 2:
            raise Unfit("a number with decimals", "a whole number")
        return of.read(whole)

    return convert


def _number(of: Number, style: Style) -> Converter:
    def convert(cell: str) -> object:
        return of.read(float(plain_number(cell, style.decimal, "a number")))

    return convert


def _money(of: Money, style: Style) -> Converter:
    low, high = of.low, of.high

    def convert(cell: str) -> object:
        if style.decimal != "," and _PLAIN_AMOUNT.fullmatch(cell) and low <= Decimal(cell) <= high:
            return cell
        return plain(of.read(Decimal(plain_amount(cell, of.currency, style.decimal))))

    return convert


def _day(of: Day, style: Style) -> Converter:
    written = style.date_format
    example = "a date such as 2026-03-31"

    def iso(cell: str) -> object:
        if midnight := _MIDNIGHT.fullmatch(cell):
            cell = midnight[1]
        elif not DAY_TEXT.fullmatch(cell) and _LOCAL_DAY.fullmatch(cell):
            other = ", or --date-format with the file's own, such as %d.%m.%Y" if style.optional else ""
            raise Unfit("a date that is not ISO", example + other)
        return plain(of.read(cell))

    def told(cell: str) -> object:
        assert written is not None
        try:
            # A day has no zone.
            day = datetime.strptime(cell, written).date()  # noqa: DTZ007  a day is in no zone
        except ValueError:
            raise Unfit(kind_of(cell), f"a date such as {date(2026, 3, 31).strftime(written)}") from None
        return plain(of.read(day))

    return lru_cache(_DAYS_KEPT)(told if written else iso)


def _typed_day(of: Day, style: Style) -> Converter:
    from_text = _day(of, style)

    def convert(cell: object) -> object:
        if isinstance(cell, str):
            return from_text(cell.strip())
        if isinstance(cell, datetime) and cell.tzinfo is None and cell.time() == time.min:
            cell = cell.date()
        return plain(of.read(cell))

    return convert


def _flag(of: Flag) -> Converter:
    words = {**dict.fromkeys(TRUE_WORDS, True), **dict.fromkeys(FALSE_WORDS, False)}

    def convert(cell: str) -> object:
        value = words.get(cell.casefold())
        if value is None:
            raise Unfit(kind_of(cell), "true or false, yes or no, 1 or 0")
        return value

    return convert


def _json(of: Record | Records, style: Style) -> Converter:
    decode = JSONDecoder(parse_float=Decimal, parse_constant=_no_number).decode
    convert = typed_converter(of, style)
    parts = ", ".join(f'"{name}": …' for name in of.of)
    example = f"{{{parts}}}" if isinstance(of, Record) else f"[{{{parts}}}]"

    def decoded(cell: str) -> object:
        try:
            value = decode(cell)
        except (ValueError, RecursionError):
            raise Unfit("text that is not JSON", f"JSON such as {example}") from None
        return convert(value)

    return decoded


def _no_number(word: str) -> object:
    raise ValueError(word)


def _record(of: Record | Records, style: Style) -> Callable[[object], dict[str, object]]:
    parts = {name: (typed_converter(part.type, style), part.default is None) for name, part in of.of.items()}
    expected = f"a record with {', '.join(of.of)}"

    def convert(raw: object) -> dict[str, object]:
        if not isinstance(raw, Mapping):
            raise Unfit(kind_of(raw), expected)
        # Parts that the schema does not know are left out: nothing is kept of a viewer that nobody declared.
        record: dict[str, object] = {}
        for name, (part, needed) in parts.items():
            given = raw.get(name)
            if given is not None:
                try:
                    record[name] = part(given)
                except Unfit as unfit:
                    raise Unfit(unfit.found, unfit.expected, f".{name}{unfit.path}") from None
            elif needed:
                raise Unfit("missing", expected, f".{name}")
        return record

    return convert


def _records(of: Records, style: Style) -> Converter:
    record = _record(of, style)

    def convert(raw: object) -> object:
        if not isinstance(raw, list | tuple):
            raise Unfit(kind_of(raw), "a list of records")
        if len(raw) > of.max_items:
            raise Unfit(f"a list of {len(raw)} records", f"at most {of.max_items}")
        records: list[object] = []
        for index, item in enumerate(raw):
            try:
                records.append(record(item))
            except Unfit as unfit:
                raise Unfit(unfit.found, unfit.expected, f"[{index}]{unfit.path}") from None
        return records

    return convert
