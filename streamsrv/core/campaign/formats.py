"""The named formats of templates: how a typed value becomes words and numbers in a viewer's locale.

Owns the text of each format, and which characters a text may have at all; `template` reads what authors write.
Everything comes from CLDR by the pinned Babel and is the same on every machine. Digits are Latin in every locale,
as Babel knows no others in dates.
"""

import re
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Literal
from unicodedata import category, normalize

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.numbers import NumberPattern, get_currency_precision

from streamsrv.core.campaign.document import listing, nearest, quoted
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
    Whole,
)

NUMBER_DECIMALS = 3
"""Shown at most where the author names none, as CLDR's own pattern has it."""
PERCENT_DECIMALS = 2
CACHED = 8192
"""Texts kept for each kind of format: a campaign's amounts and dates repeat, and each entry is a few hundred bytes."""
MAX_TAG_CHARS = 35
MAX_VALUE_CHARS = 2_000
"""Of one text value that are looked at."""
MAX_TEXT_CHARS = 4_000
"""Of a whole text that are looked at: normalizing a pile of accents costs the square of its height (B18)."""
_CROWDED = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
"""Where a currency's letters and digits touch: CLDR has a space there (currencySpacing), Babel none."""
Length = Literal["short", "medium", "long", "full"]
LENGTHS: tuple[Length, ...] = ("short", "medium", "long", "full")
WORDS: Mapping[type[FieldType], str] = {
    Text: "a string",
    OneOf: "an enum",
    Whole: "an int",
    Number: "a number",
    Money: "money",
    Day: "a date",
    Moment: "a datetime",
    Flag: "a bool",
    Record: "a record",
    Records: "a list",
}


class Misused(Exception):
    """A mistake in a placeholder: where in it (characters from 0), what, and what was expected."""

    def __init__(self, offset: int, what: str, expected: str) -> None:
        super().__init__(offset, what, expected)
        self.offset = offset
        self.what = what
        self.expected = expected


@dataclass(frozen=True, slots=True)
class Telling:
    """How one viewer is told values."""

    locale: str
    """BCP 47: the form of numbers, dates and lists. What CLDR does not know is shortened, and at last English."""
    language: str
    """Of the sentence around the value: the form of plurals and the words of labels."""
    timezone: tzinfo


@dataclass(frozen=True, slots=True)
class AsText:
    def write(self, value: object, telling: Telling) -> str | None:
        assert isinstance(value, str)
        return clean_value(value)


@dataclass(frozen=True, slots=True)
class AsLabel:
    labels: Mapping[str, Mapping[str, str]] = field(hash=False)

    def write(self, value: object, telling: Telling) -> str | None:
        assert isinstance(value, str)
        told = self.labels.get(value, {})
        for language in (telling.language, telling.language.split("-")[0], "", *told):
            if language in told:
                return told[language]
        return None


@dataclass(frozen=True, slots=True)
class AsNumber:
    decimals: int | None = None
    """Always shown; None shows what the value has, up to `NUMBER_DECIMALS` or `PERCENT_DECIMALS`."""
    percent: bool = False

    def write(self, value: object, telling: Telling) -> str | None:
        assert isinstance(value, int | float)
        return _number(value, self.decimals, self.percent, telling.locale)


@dataclass(frozen=True, slots=True)
class AsDigits:
    def write(self, value: object, telling: Telling) -> str | None:
        return str(value)


@dataclass(frozen=True, slots=True)
class AsMoney:
    currency: str
    whole: bool = False
    """Rounded to whole units, halves up."""

    def write(self, value: object, telling: Telling) -> str | None:
        assert isinstance(value, Decimal)
        return _money(value, self.currency, self.whole, telling.locale)


@dataclass(frozen=True, slots=True)
class AsDate:
    length: Length = "long"

    def write(self, value: object, telling: Telling) -> str | None:
        if isinstance(value, datetime):
            return _moment(value.astimezone(UTC), "date", self.length, telling.locale, telling.timezone)
        assert isinstance(value, date)
        return _date(value, self.length, telling.locale)


@dataclass(frozen=True, slots=True)
class AsMoment:
    """A time of day, or a date of `length` with the short time: nobody is told seconds of a date."""

    shown: Literal["time", "datetime"] = "datetime"
    length: Length = "long"

    def write(self, value: object, telling: Telling) -> str | None:
        assert isinstance(value, datetime)
        # One instant, one key: moments of one zone that differ in `fold` only would be equal.
        return _moment(value.astimezone(UTC), self.shown, self.length, telling.locale, telling.timezone)


@dataclass(frozen=True, slots=True)
class AsCount:
    def write(self, value: object, telling: Telling) -> str | None:
        assert isinstance(value, tuple)
        return _number(len(value), None, False, telling.locale)


@dataclass(frozen=True, slots=True)
class AsPlural:
    forms: tuple[tuple[str, str], ...]
    """Category and text; "other" is one of them."""

    def write(self, value: object, telling: Telling) -> str | None:
        assert isinstance(value, int | tuple)
        count = len(value) if isinstance(value, tuple) else value
        forms = dict(self.forms)
        text = forms.get(locale_of(telling.language).plural_form(count), forms["other"])
        return text.replace("#", _number(count, None, False, telling.locale))


@dataclass(frozen=True, slots=True)
class AsList:
    path: tuple[str, ...]
    of: "Format"
    personal: bool

    def write(self, value: object, telling: Telling) -> str | None:
        """None for an empty list: no sentence has a place for nothing."""
        assert isinstance(value, tuple)
        texts: list[str] = []
        for record in value:
            cell = value_at(record, self.path)
            text = None if cell is None else self.of.write(cell, telling)
            if text is None:
                return None
            texts.append(text)
        return format_list(texts, style="standard", locale=locale_of(telling.locale)) if texts else None


Format = AsText | AsLabel | AsDigits | AsNumber | AsMoney | AsDate | AsMoment | AsCount | AsPlural | AsList


def value_at(record: object, path: tuple[str, ...]) -> object:
    """What stands at `path` inside nested records; None when something on the way is missing."""
    for name in path:
        if not isinstance(record, Mapping):
            return None
        record = record.get(name)
    return record


def part_of(declared: FieldType, path: tuple[str, ...], owner: str, offset: int) -> tuple[Field, ...]:
    """The fields on the way along `path` into `declared`, which messages call `owner`; raises `Misused`."""
    fields: list[Field] = []
    for name in path:
        if not isinstance(declared, Record):
            raise Misused(offset, *_no_parts(declared, owner))
        if name not in declared.of:
            known = tuple(declared.of)
            what = f"{quoted(name)} is no field of {quoted(owner)}{nearest(name, known)}"
            raise Misused(offset, what, f"one of: {listing(known)}")
        found = declared.of[name]
        fields.append(found)
        declared = found.type
        offset += len(name) + 1
        owner = f"{owner}.{name}"
    return tuple(fields)


def default_format(declared: FieldType, owner: str) -> Format:
    """How a value is shown when its author names no format; raises `Misused` for types that have no such form."""
    match declared:
        case Text() | OneOf():
            return AsText()
        case Whole():
            # A year and a policy number are whole numbers, too: only `number` groups digits.
            return AsDigits()
        case Number():
            return AsNumber()
        case Money():
            return AsMoney(declared.currency)
        case Day():
            return AsDate()
        case Moment():
            return AsMoment()
        case _:
            raise Misused(0, *no_form(declared, owner))


def no_form(declared: FieldType, owner: str) -> tuple[str, str]:
    match declared:
        case Record(of=of):
            return f"{quoted(owner)} is a record", f"one of its fields: {listing(tuple(of))}"
        case Records(of=of):
            first = next(iter(of), "FIELD")
            return f"{quoted(owner)} is a list", f"{owner}|count, {owner}|list:{first} or {owner}|plural:one=…;other=…"
        case _:
            return f"{quoted(owner)} is true or false and has no text form", "two slots, each with its when"


def _no_parts(declared: FieldType, owner: str) -> tuple[str, str]:
    if isinstance(declared, Records):
        return f"{quoted(owner)} is a list", f"for_each and item, or {owner}|list:FIELD"
    return f"{quoted(owner)} is {WORDS[type(declared)]} and has no fields", quoted(owner)


def plain(value: object) -> str:
    """A typed value as addresses have it: 812.40, ISO 8601 (moments in UTC), lists as the number of their records."""
    match value:
        case str():
            return clean_text(clean_value(value))
        case Decimal():
            return f"{value + 0:.2f}"
        case float():
            digits = f"{Decimal(repr(value + 0.0)):f}"
            return digits.rstrip("0").rstrip(".") if "." in digits else digits
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case tuple():
            return str(len(value))
        case _:
            assert isinstance(value, int)
            return str(value)


@lru_cache(maxsize=256)
def locale_of(tag: str) -> Locale:
    parts = tag[:MAX_TAG_CHARS].split("-")
    for length in range(len(parts), 0, -1):
        try:
            return Locale.parse("-".join(parts[:length]), sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en")


@lru_cache(maxsize=1024)
def _pattern(shown: Literal["number", "percent", "money"], tag: str, low: int, high: int) -> NumberPattern:
    """CLDR's pattern with `low` to `high` decimals."""
    locale = locale_of(tag)
    known = {"number": locale.decimal_formats[None], "percent": locale.percent_formats[None]}
    pattern: NumberPattern = copy(known[shown] if shown in known else locale.currency_formats["standard"])
    pattern.frac_prec = (low, high)
    return pattern


def _rounded(value: Decimal, decimals: int) -> Decimal:
    """Halves go up, as on paper, and nothing is below zero by a sign only."""
    rounded = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return rounded if rounded else abs(rounded)


# Typed: an int and a float can be equal and still have different digits.
@lru_cache(maxsize=CACHED, typed=True)
def _number(value: float, decimals: int | None, percent: bool, tag: str) -> str:
    high = decimals if decimals is not None else PERCENT_DECIMALS if percent else NUMBER_DECIMALS
    pattern = _pattern("percent" if percent else "number", tag, decimals or 0, high)
    text: str = pattern.apply(_rounded(Decimal(repr(value)), high + 2 * percent), locale_of(tag))
    return text


@lru_cache(maxsize=CACHED)
def _money(value: Decimal, currency: str, whole: bool, tag: str) -> str:
    decimals = 0 if whole else get_currency_precision(currency)
    pattern = _pattern("money", tag, decimals, decimals)
    rounded = _rounded(value, decimals)
    text: str = pattern.apply(rounded, locale_of(tag), currency=currency, currency_digits=False)
    return _CROWDED.sub("\N{NO-BREAK SPACE}", text)


@lru_cache(maxsize=CACHED)
def _date(value: date, length: Length, tag: str) -> str:
    return format_date(value, length, locale_of(tag))


@lru_cache(maxsize=CACHED)
def _moment(
    value: datetime, shown: Literal["date", "time", "datetime"], length: Length, tag: str, zone: tzinfo
) -> str | None:
    try:
        local = value.astimezone(zone)
    except OverflowError:
        return None  # the first or last hours that calendars have, and the zone is on their other side
    locale = locale_of(tag)
    if shown == "date":
        return _date(local.date(), length, tag)
    time = format_time(local, length if shown == "time" else "short", tzinfo=zone, locale=locale)
    if shown == "time":
        return time
    joined = str(locale.datetime_formats[length]).replace("'", "")
    return joined.replace("{0}", time).replace("{1}", _date(local.date(), length, tag))


# Controls, lone surrogates, noncharacters, tags, and all that has no width or turns the direction of text (B18).
_UNSEEN = "\x00-\x1f\x7f-\x9f\xad\u034f\u180e\u200b-\u200d\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
_UNSEEN += "\ud800-\udfff\U000e0000-\U000e007f"
# Marks that CLDR puts around signs and amounts in right-to-left locales.
_DIRECTION = "\u061c\u200e\u200f"
_FLAG = "\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{2,6}\U000e007f"
_IN_TEXTS = re.compile(f"{_FLAG}|[{_UNSEEN}]")
_IN_VALUES = re.compile(f"{_FLAG}|[{_UNSEEN}{_DIRECTION}]")
_BREAKS = "\t\n\v\f\r\x85\u2028\u2029"
JOINERS = "\u200c\u200d"


def clean_value(text: str) -> str:
    """A viewer's text without what a reader cannot see; joiners stay between letters and in emoji."""
    return text if text.isascii() and text.isprintable() else _IN_VALUES.sub(_kept, text[:MAX_VALUE_CHARS])


def clean_text(text: str) -> str:
    """A whole text as `clean_value` has it, in NFC, with the direction marks that CLDR writes."""
    if text.isascii() and text.isprintable():
        return text
    return normalize("NFC", _IN_TEXTS.sub(_kept, text[:MAX_TEXT_CHARS]))


def unseen(text: str) -> int | None:
    """Where `text` has the first character that `clean_text` takes out; None when it has none."""
    return next((found.start() for found in _IN_TEXTS.finditer(text) if _kept(found) != found.group()), None)


def _kept(found: re.Match[str]) -> str:
    character = found.group()
    if character in _BREAKS:
        return " "
    if character in JOINERS and 0 < found.start() and found.end() < len(found.string):
        before, after = found.string[found.start() - 1], found.string[found.end()]
        # Between letters as Persian and Indic scripts have it, also after a vowel mark; in emoji after a skin tone.
        joins = (_joinable(before) or category(before) in ("Mn", "Mc", "Sk")) and _joinable(after)
        return character if joins else ""
    return character if len(character) > 1 else ""


def _joinable(character: str) -> bool:
    # Two emoji are built with the arrows for head shaking and nodding, one of which is a sign of mathematics.
    return character == "\u2194" or category(character)[0] == "L" or category(character) == "So"
