"""The types an attribute can have: what is accepted from outside, what it becomes, and what rules see of it.

`read` takes what JSON, CSV or an earlier `read` gives and returns the typed value, or raises `Unfit`. `bind`
turns a typed value into what CEL takes. Neither ever puts a value into a message: attributes are personal.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import ClassVar, TypeVar

INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1
MONEY_LIMIT = Decimal(10) ** 12
DECIMAL_TEXT = re.compile(r"-?\d{1,18}(\.\d{1,9})?", re.ASCII)
WHOLE_TEXT = re.compile(r"-?\d{1,19}", re.ASCII)
DAY_TEXT = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
MOMENT_TEXT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})", re.ASCII)

# 0001-01-01 stands for "none" in many exports, and CEL takes neither end of the calendar.
FIRST_DAY, LAST_DAY = date(1000, 1, 1), date.max
FIRST_MOMENT, LAST_MOMENT = (datetime.combine(day, time.min, UTC) for day in (FIRST_DAY, LAST_DAY))

Ordered = TypeVar("Ordered", int, float, Decimal, date, datetime)


class Unfit(Exception):
    """A value that does not fit its type. `path` leads to it inside a list, `expected` says what fits."""

    def __init__(self, found: str, expected: str, path: str = "") -> None:
        super().__init__(found, expected, path)
        self.found = found
        self.expected = expected
        self.path = path


@dataclass(frozen=True, slots=True)
class Text:
    max_length: int = 200
    """In characters (code points)."""
    cel_type: ClassVar[str] = "string"

    def read(self, raw: object) -> str:
        if not isinstance(raw, str):
            raise Unfit(kind_of(raw), "text")
        if len(raw) > self.max_length:
            raise Unfit(f"text of {len(raw)} characters", f"at most {self.max_length}")
        # Surrogates have no UTF-8 form, and control characters no place in a sentence.
        if not all(letter >= " " and letter != "\x7f" and not "\ud800" <= letter <= "\udfff" for letter in raw):
            raise Unfit("text with control characters", "printable text")
        return raw

    def bind(self, value: object) -> object:
        return value


@dataclass(frozen=True, slots=True)
class OneOf:
    values: tuple[str, ...]
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """How viewers are told a word: by word, then by language; the language "" stands for every one."""
    cel_type: ClassVar[str] = "string"

    def read(self, raw: object) -> str:
        if not isinstance(raw, str) or raw not in self.values:
            raise Unfit("another word" if isinstance(raw, str) else kind_of(raw), f"one of {', '.join(self.values)}")
        return raw

    def bind(self, value: object) -> object:
        return value


@dataclass(frozen=True, slots=True)
class Whole:
    low: int = INT64_MIN
    high: int = INT64_MAX
    cel_type: ClassVar[str] = "int"

    def read(self, raw: object) -> int:
        value = int(raw) if isinstance(raw, str) and WHOLE_TEXT.fullmatch(raw) else raw
        if isinstance(value, bool) or not isinstance(value, int):
            raise Unfit(kind_of(raw), "a whole number")
        _within(value, self.low, self.high)
        return value

    def bind(self, value: object) -> object:
        return value


@dataclass(frozen=True, slots=True)
class Number:
    low: float = -1e18
    high: float = 1e18
    cel_type: ClassVar[str] = "double"

    def read(self, raw: object) -> float:
        value = float(_decimal(raw, "a number"))
        _within(value, self.low, self.high)
        return value

    def bind(self, value: object) -> object:
        return value


@dataclass(frozen=True, slots=True)
class Money:
    currency: str
    low: Decimal = -MONEY_LIMIT
    high: Decimal = MONEY_LIMIT
    cel_type: ClassVar[str] = "double"

    def read(self, raw: object) -> Decimal:
        value = _decimal(raw, f"an amount in {self.currency}, such as 812.40")
        if value != round(value, 2):
            raise Unfit("an amount with parts of a cent", "at most 2 decimals")
        _within(value, self.low, self.high)
        return value

    def bind(self, value: object) -> object:
        # Rules compare amounts and never add them up: the nearest double of two equal amounts is equal.
        assert isinstance(value, Decimal)
        return float(value)


@dataclass(frozen=True, slots=True)
class Day:
    low: date = FIRST_DAY
    high: date = LAST_DAY
    cel_type: ClassVar[str] = "timestamp"

    def read(self, raw: object) -> date:
        value = raw
        if isinstance(raw, str) and DAY_TEXT.fullmatch(raw):
            try:
                value = date.fromisoformat(raw)
            except ValueError:
                raise Unfit("a day that no calendar has", "a date such as 2026-03-31") from None
        if not isinstance(value, date) or isinstance(value, datetime):
            raise Unfit(kind_of(raw), "a date such as 2026-03-31")
        _within(value, self.low, self.high)
        return value

    def bind(self, value: object) -> object:
        assert isinstance(value, date)
        return datetime.combine(value, time.min, UTC)


@dataclass(frozen=True, slots=True)
class Moment:
    low: datetime = FIRST_MOMENT
    high: datetime = LAST_MOMENT
    cel_type: ClassVar[str] = "timestamp"

    def read(self, raw: object) -> datetime:
        expected = "a date and time with its offset, such as 2026-03-31T18:00:00+02:00"
        value = raw
        if isinstance(raw, str) and MOMENT_TEXT.fullmatch(raw):
            try:
                value = datetime.fromisoformat(raw).astimezone(UTC)
            except (ValueError, OverflowError):
                raise Unfit("a moment that no calendar has", expected) from None
        if not isinstance(value, datetime) or value.tzinfo is None:
            raise Unfit(kind_of(raw), expected)
        _within(value, self.low, self.high)
        return value

    def bind(self, value: object) -> object:
        return value


@dataclass(frozen=True, slots=True)
class Flag:
    cel_type: ClassVar[str] = "bool"

    def read(self, raw: object) -> bool:
        value = {"true": True, "false": False}.get(raw) if isinstance(raw, str) else raw
        if not isinstance(value, bool):
            raise Unfit(kind_of(raw), "true or false")
        return value

    def bind(self, value: object) -> object:
        return value


Simple = Text | OneOf | Whole | Number | Money | Day | Moment | Flag


@dataclass(frozen=True, slots=True)
class Record:
    of: Mapping[str, "Field"]
    """The parts of the record; none of them a list."""
    cel_type: ClassVar[str] = "map"

    def read(self, raw: object) -> Mapping[str, object]:
        if not isinstance(raw, Mapping):
            raise Unfit(kind_of(raw), f"a record with {', '.join(self.of)}")
        record: dict[str, object] = {}
        for name, part in self.of.items():
            given = raw.get(name)
            if given is None:
                given = part.default
            if given is None:
                raise Unfit("missing", f"a record with {', '.join(self.of)}", f".{name}")
            try:
                record[name] = part.type.read(given)
            except Unfit as unfit:
                raise Unfit(unfit.found, unfit.expected, f".{name}{unfit.path}") from None
        return record

    def bind(self, value: object) -> object:
        assert isinstance(value, Mapping)
        return {name: _cell(self.of[name].type, cell) for name, cell in value.items()}


@dataclass(frozen=True, slots=True)
class Records:
    of: Mapping[str, "Field"]
    """The parts of each record; none of them a list."""
    max_items: int = 10
    cel_type: ClassVar[str] = "list"

    def read(self, raw: object) -> tuple[Mapping[str, object], ...]:
        if not isinstance(raw, list | tuple):
            raise Unfit(kind_of(raw), "a list of records")
        if len(raw) > self.max_items:
            raise Unfit(f"a list of {len(raw)} records", f"at most {self.max_items}")
        return tuple(self._record(record, f"[{index}]") for index, record in enumerate(raw))

    def bind(self, value: object) -> object:
        assert isinstance(value, tuple)
        return [Record(self.of).bind(record) for record in value]

    def _record(self, raw: object, path: str) -> Mapping[str, object]:
        try:
            return Record(self.of).read(raw)
        except Unfit as unfit:
            raise Unfit(unfit.found, unfit.expected, f"{path}{unfit.path}") from None


def _cell(of: "FieldType", cell: object) -> object:
    # CEL's records hold no timestamps: a date in a record is text, and rules write timestamp(item.on).
    if isinstance(cell, datetime):
        return cell.isoformat().replace("+00:00", "Z")
    return f"{cell.isoformat()}T00:00:00Z" if isinstance(cell, date) else of.bind(cell)


FieldType = Simple | Record | Records


@dataclass(frozen=True, slots=True)
class Field:
    """One attribute as the schema declares it."""

    name: str
    type: FieldType
    default: object = None
    """A typed value; None when the attribute has no default."""
    personal: bool = False


def is_personal(field: Field) -> bool:
    """Whether the attribute, or anything in its records, is personal: not to be shown or logged."""
    inner = field.type.of.values() if isinstance(field.type, Record | Records) else ()
    return field.personal or any(is_personal(part) for part in inner)


def expected_of(of: FieldType) -> str:
    """What fits the type, in an author's words."""
    try:
        of.read(None)
    except Unfit as unfit:
        return unfit.expected
    return "a value"


def kind_of(raw: object) -> str:
    """What kind of thing `raw` is, in an author's words; never the value."""
    if raw is None:
        return "nothing"
    if isinstance(raw, str):
        return "text" if raw else "empty text"
    if isinstance(raw, bool):
        return "true or false"
    if isinstance(raw, int):
        return "a whole number"
    if isinstance(raw, float | Decimal):
        return "a number"
    if isinstance(raw, list | tuple):
        return "a list"
    return "a record" if isinstance(raw, Mapping) else "another kind of value"


def _decimal(raw: object, expected: str) -> Decimal:
    if isinstance(raw, str) and DECIMAL_TEXT.fullmatch(raw):
        return Decimal(raw)
    if isinstance(raw, int) and not isinstance(raw, bool) and abs(raw) <= INT64_MAX:
        return Decimal(raw)
    if isinstance(raw, Decimal) and raw.is_finite() and abs(raw) < Decimal(10) ** 19:
        return raw
    if isinstance(raw, float) and math.isfinite(raw) and abs(raw) < 1e19:
        return Decimal(repr(raw))
    raise Unfit(kind_of(raw), expected)


def _within(value: Ordered, low: Ordered, high: Ordered) -> None:
    if not low <= value <= high:
        raise Unfit("a value out of range", f"{low} to {high}")
