"""Numbers as spreadsheets and CRM systems write them. What could be read in two ways is refused, never guessed."""

import re

from streamsrv.core.campaign.fields import Unfit

_NEUTRAL = " \u00a0\u202f'’"
"""Between thousands in some countries, and a decimal mark in none."""
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d+", re.ASCII)


def _written(mark: str, other: str) -> re.Pattern[str]:
    groups = rf"\d{{1,3}}(?P<apart>[{re.escape(other + _NEUTRAL)}])\d{{3}}(?:(?P=apart)\d{{3}})*"
    return re.compile(rf"(?P<sign>-?)(?P<whole>{groups}|\d+)(?:{re.escape(mark)}(?P<parts>\d+))?", re.ASCII)


_BY_MARK = {".": _written(".", ","), ",": _written(",", ".")}


def plain_number(cell: str, decimal: str | None, expected: str) -> str:
    """The number that `cell` stands for, as digits with a point.

    `decimal` is the file's decimal mark; None when nobody told, and then a comma that may stand for thousands or
    decimals is refused. Raises `Unfit`.
    """
    cell = cell.replace("\N{MINUS SIGN}", "-")
    found = _BY_MARK[decimal or "."].fullmatch(cell)
    if found is None:
        raise _unfit(cell, decimal, expected)
    if decimal is None and found["apart"] == "," and found["parts"] is None:
        what = "a number whose comma may stand for thousands or for decimals"
        raise Unfit(what, "the decimal mark of the file: --decimal . or --decimal ,")
    whole = re.sub(r"\D", "", found["whole"])
    return f"{found['sign']}{whole}" + (f".{found['parts']}" if found["parts"] else "")


def _unfit(cell: str, decimal: str | None, expected: str) -> Unfit:
    if cell.startswith("="):
        return Unfit("a formula", f"{expected}: the result itself")
    if cell.startswith("'"):
        return Unfit("a number behind an apostrophe", expected)
    if _SCIENTIFIC.fullmatch(cell):
        return Unfit("a number in scientific notation", "all of its digits (in Excel: format the column as a number)")
    if decimal != "," and _BY_MARK[","].fullmatch(cell):
        told = "a decimal point, as --decimal . says of the file"
        return Unfit(
            "a number with a decimal comma", told if decimal else "a decimal point, or --decimal , for the whole file"
        )
    if decimal == "," and _BY_MARK["."].fullmatch(cell):
        return Unfit("a number with a decimal point", "a decimal comma, as --decimal , says of the file")
    return Unfit("text", expected)


_AMOUNT = re.compile(
    r"""(?P<sign>-?)\s*
        (?P<before>[^\W\d_]{1,4}\.?|[^\w\s.,'’=+\#-])?\s*
        (?P<number>-?\d(?:.*\d)?)\s*
        (?P<after>[^\W\d_]{1,4}\.?|[^\w\s.,'’=+\#-])?""",
    re.VERBOSE,
)
_THOUSANDS = re.compile(r"-?[1-9]\d{0,2}\.\d{3}", re.ASCII)
_DOLLARS = frozenset(("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "ARS", "CLP", "COP"))
_SIGNS = {
    "€": frozenset(("EUR",)),
    "$": _DOLLARS,
    "£": frozenset(("GBP", "EGP", "GIP")),
    "¥": frozenset(("JPY", "CNY")),
    "₹": frozenset(("INR",)),
    "₺": frozenset(("TRY",)),
    "₩": frozenset(("KRW",)),
    "₪": frozenset(("ILS",)),
    "kr": frozenset(("SEK", "NOK", "DKK", "ISK")),
    "fr": frozenset(("CHF",)),
    "zł": frozenset(("PLN",)),
    "kč": frozenset(("CZK",)),
    "ft": frozenset(("HUF",)),
}


def plain_amount(cell: str, currency: str, decimal: str | None) -> str:
    """As `plain_number`, for an amount that may stand with its currency; raises `Unfit` for another currency."""
    expected = f"an amount in {currency}, such as 812.40"
    found = _AMOUNT.fullmatch(cell.replace("\N{MINUS SIGN}", "-"))
    if found is None:
        return plain_number(cell, decimal, expected)
    for word in (found["before"], found["after"]):
        if word and not _stands_for(word, currency):
            raise Unfit("an amount in another currency", expected)
    if decimal is None and _THOUSANDS.fullmatch(found["number"]):
        what = "an amount whose point may stand for thousands or for decimals"
        raise Unfit(what, "the decimal mark of the file: --decimal . or --decimal ,")
    return plain_number(found["sign"] + found["number"], decimal, expected)


def _stands_for(word: str, currency: str) -> bool:
    word = word.rstrip(".").casefold()
    return word == currency.casefold() or currency in _SIGNS.get(word, ())
