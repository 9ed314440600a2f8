"""The `schema` section: which attributes viewers of a campaign have, and of which types.

Owns the declaration and its bounds. `viewers` checks a viewer against it, `rule` what is written over it.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from babel import Locale
from babel.numbers import is_currency

from streamsrv.core.campaign.document import Findings, Mapped, Mark, Node, Scalar, closest, listing, nearest, quoted
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
from streamsrv.core.campaign.languages import LanguageReader
from streamsrv.core.campaign.reading import Section, section

MAX_ATTRIBUTES = 100
MAX_VALUES = 100
MAX_LABEL = 100
MAX_ITEMS = 50
MAX_TEXT = 2_000
MAX_TEXT_IN_LIST = 200
"""Rules search the texts of a list one by one: a ceiling for what that costs (B21)."""
MAX_RECORDS_INSIDE = 3
"""Records in records, at most."""
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
NAME_RULE = "a lower-case letter, then letters, digits and _ (at most 40)"
CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
CURRENCY_SIGNS = {"€": "EUR", "£": "GBP", "$": "USD", "¥": "JPY"}
# What rules call now, today and item, and every word that CEL reads as its own.
_WORDS = """
    now today item link_ref
    true false null in as break const continue else for function if import let loop package namespace return var
    void while int uint double bool string bytes list map type dyn duration timestamp size has all exists exists_one
    filter cel math optional google
"""
RESERVED = frozenset(_WORDS.split())
RESERVED_PARTS = frozenset(("in", "true", "false", "null"))
"""Parts are reached as item.name, where only CEL's own keywords are in the way."""
OTHER_TYPES = {
    "text": "string", "str": "string", "float": "number", "decimal": "number", "double": "number", "amount": "money",
    "price": "money", "day": "date", "timestamp": "datetime", "time": "datetime", "array": "list", "object": "record",
    "map": "record",
}  # fmt: skip
"""What other languages call some types."""
Ranged = TypeVar("Ranged", Whole, Number, Money, Day, Moment)
KEYS_BY_TYPE = {
    "string": ("max_length", "default", "personal"),
    "enum": ("values", "labels", "default", "personal"),
    "int": ("min", "max", "default", "personal"),
    "number": ("min", "max", "default", "personal"),
    "money": ("currency", "min", "max", "default", "personal"),
    "date": ("min", "max", "default", "personal"),
    "datetime": ("min", "max", "default", "personal"),
    "bool": ("default", "personal"),
    "record": ("of", "personal"),
    "list": ("max_items", "of", "personal"),
}


@dataclass(frozen=True, slots=True)
class Schema:
    """The attributes of a campaign's viewers."""

    fields: Mapping[str, Field]
    fingerprint: str = ""
    """Equal for equal schemas: attributes checked against one need no second check against the other."""


def make_schema(fields: Mapping[str, Field]) -> Schema:
    """A schema with its fingerprint."""
    return Schema(fields, hashlib.sha256(repr(list(fields.items())).encode()).hexdigest()[:16])


def read_schema(node: Mapped | None, findings: Findings, reader: LanguageReader) -> tuple[Schema, tuple[str, ...]]:
    """The schema that the section describes, and the names whose declaration is wrong and was left out.

    Rules may use those names without a second finding.
    """
    fields: dict[str, Field] = {}
    broken: list[str] = []
    if node is None:
        return make_schema(fields), ()
    if len(node.entries) > MAX_ATTRIBUTES:
        findings.add(node.mark, f"the schema has {len(node.entries)} attributes", f"at most {MAX_ATTRIBUTES}")
    for name, declared in node.entries.items():
        known = check_name(name, node.keys[name], findings, what="an attribute")
        field = _field(name, declared, findings, reader, inside=0)
        if known and field is not None:
            fields[name] = field
        else:
            broken += {name, _meant(name)}
    usable = [name for name in broken if IDENTIFIER.fullmatch(name) and name not in RESERVED]
    return make_schema(fields), tuple(name for name in usable if name not in fields)


def _meant(name: str) -> str:
    """The name that rules are likely to use for an attribute whose name cannot be used."""
    return re.sub(r"[^A-Za-z0-9_]", "_", name).lower()


def check_name(name: str, mark: Mark, findings: Findings, *, what: str) -> bool:
    """Whether `name` can be used in rules."""
    if NAME.fullmatch(name) and name not in RESERVED:
        return True
    reserved = "is a word of the rules" if name in RESERVED else f"is not a name for {what}"
    findings.add(mark, f"{quoted(name)} {reserved}", f"another name: {NAME_RULE}")
    return False


def _field(name: str, node: Node, findings: Findings, reader: LanguageReader, *, inside: int) -> Field | None:
    """The attribute, or part of a record that lies in `inside` others."""
    nested = ("list",) if 0 < inside < MAX_RECORDS_INSIDE else ("list", "record") if inside else ()
    kinds = tuple(kind for kind in KEYS_BY_TYPE if kind not in nested)
    expected = f"{{type: one of {', '.join(kinds)}}}"
    if not isinstance(node, Mapped):
        findings.add(node.mark, f'"{name}" has no type', expected)
        return None
    kind = node.entries.get("type")
    if not isinstance(kind, Scalar) or kind.text not in kinds:
        misspelled = closest("type", tuple(node.entries))
        if kind is None and misspelled:
            what = f'{quoted(misspelled)} is not a key of "{name}" (did you mean "type"?)'
            findings.add(node.keys[misspelled], what, expected)
        elif isinstance(kind, Scalar):
            meant = OTHER_TYPES.get(kind.text.lower(), "")
            close = f' (did you mean "{meant}"?)' if meant in kinds else nearest(kind.text, kinds)
            findings.add(kind.mark, f'"{name}" has the type {quoted(kind.text)}{close}', expected)
        else:
            findings.add(node.mark, f'"{name}" has no type', expected)
        return None
    known = ("type", *KEYS_BY_TYPE[kind.text])
    keys = section(node, findings, what=f'"{name}" ({kind.text})', known=known)
    assert keys is not None
    declared = _type(kind.text, keys, reader, inside=inside)
    if declared is None:
        return None
    default = _default(declared, keys)
    if default is None and "default" in keys:
        return None
    return Field(name, declared, default, keys.flag("personal"))


def _type(kind: str, keys: Section, reader: LanguageReader, *, inside: int) -> FieldType | None:
    match kind:
        case "string":
            longest = MAX_TEXT_IN_LIST if inside else MAX_TEXT
            return Text(keys.whole("max_length", default=200, low=1, high=longest))
        case "enum":
            return _one_of(keys, reader)
        case "int":
            return _range(keys, Whole())
        case "number":
            return _range(keys, Number())
        case "money":
            return _money(keys)
        case "date":
            return _range(keys, Day())
        case "datetime":
            return _range(keys, Moment())
        case "bool":
            return Flag()
        case "record":
            of = _parts(keys, reader, inside=inside)
            return Record(of) if of else None
        case _:
            of = _parts(keys, reader, inside=inside)
            return Records(of, keys.whole("max_items", default=10, low=1, high=MAX_ITEMS)) if of else None


def _range(keys: Section, of: Ranged) -> Ranged:
    """`of` narrowed to the section's `min` and `max`."""
    low = _value("min", of, keys)
    high = _value("max", of, keys)
    bounds: dict[str, Any] = {}
    if low is not None:
        bounds["low"] = low
    if high is not None:
        bounds["high"] = high
    narrowed = replace(of, **bounds)
    if narrowed.low > narrowed.high:
        keys.findings.add(keys.mark_of("min"), f'"min" {narrowed.low} is above "max" {narrowed.high}', "min <= max")
        return of
    return narrowed


def _one_of(keys: Section, reader: LanguageReader) -> OneOf | None:
    words: list[str] = []
    for item in keys.items("values", "a list of words: [home, motor]"):
        if not isinstance(item, Scalar) or not item.text or not item.text.isprintable() or len(item.text) > MAX_TEXT:
            keys.findings.add(item.mark, "a value of an enum is not a word", "a word: [home, motor]")
        elif item.text in words:
            keys.findings.add(item.mark, f"{quoted(item.text)} is given twice", "each value once")
        else:
            words.append(item.text)
    if not words and "values" in keys:
        return None
    if "values" not in keys and not keys.has_strangers:
        keys.findings.add(keys.mark, f'{keys.what} has no "values"', "a list of words: [home, motor]")
    if len(words) > MAX_VALUES:
        keys.findings.add(keys.mark_of("values"), f"{len(words)} values", f"at most {MAX_VALUES}")
    labels = _labels(keys, words, reader)
    # What has a label is most likely a value that was left out: rules may name it without a second finding.
    return OneOf(tuple(dict.fromkeys((*words, *labels))), labels) if words else None


def _labels(keys: Section, words: list[str], reader: LanguageReader) -> Mapping[str, Mapping[str, str]]:
    expected = "how viewers are told each word: {home: Home insurance} or {home: {en: Home, de: Haus}}"
    node = keys.mapping("labels", expected)
    labels: dict[str, Mapping[str, str]] = {}
    for word, told in (node.entries if node else {}).items():
        assert node is not None
        if word not in words:
            what = f"{quoted(word)} is not one of the values{nearest(word, tuple(words))}"
            keys.findings.add(node.keys[word], what, f"one of: {listing(tuple(words))}")
        given = reader.words(told, what=f"the label of {quoted(word)}", max_chars=MAX_LABEL)
        if given:
            # In every language, so that whoever tells a label need not know what stands in for what.
            labels[word] = {tag: reader.languages.pick(given, tag) for tag in reader.languages.offered}
    # A label for a word that is none is most likely the missing one, misspelled.
    strangers = node is not None and any(word not in words for word in node.entries)
    if node is not None and not strangers and (bare := [word for word in words if word not in node.entries]):
        keys.findings.add(node.mark, f"{', '.join(quoted(word) for word in bare)} has no label", "one for every value")
    return labels


def _money(keys: Section) -> Money | None:
    expected = "a currency such as EUR (ISO 4217)"
    currency = keys.scalar("currency", expected)
    if currency is None or not is_currency(currency.text):
        shown = 'no "currency"'
        if currency:
            meant = _currency_meant(currency.text)
            close = f' (did you mean "{meant}"?)' if meant else ""
            shown = f"the currency {quoted(currency.text)}{close}"
        # A currency of the wrong kind, or under a key of no meaning, has its finding already.
        if currency or not ("currency" in keys or keys.has_strangers):
            keys.findings.add(currency.mark if currency else keys.mark, f"{keys.what} has {shown}", expected)
        return None
    return _range(keys, Money(currency.text))


def _currency_meant(text: str) -> str:
    """The code of a currency that was written otherwise: in small letters, as a sign, by its English name."""
    names: Mapping[str, str] = Locale("en").currencies
    if is_currency(text.upper()):
        return text.upper()
    by_name = (code for code, name in names.items() if name.casefold() == text.casefold())
    return CURRENCY_SIGNS.get(text) or next(by_name, "")


def _parts(keys: Section, reader: LanguageReader, *, inside: int) -> Mapping[str, Field]:
    """The parts of one record; none, with a finding, when one of them is wrong."""
    of = keys.mapping("of", "the parts of one record: {on: {type: date}}")
    fields: dict[str, Field] = {}
    whole = True
    if of is None or not of.entries:
        if of is not None or not ("of" in keys or keys.has_strangers):
            keys.findings.add(keys.mark, f'{keys.what} has no "of"', "the parts of one record: {on: {type: date}}")
        return fields
    for name, node in of.entries.items():
        if not NAME.fullmatch(name) or name in RESERVED_PARTS:
            keys.findings.add(of.keys[name], f"{quoted(name)} is not a name for a field", NAME_RULE)
            whole = False
            continue
        field = _field(name, node, keys.findings, reader, inside=inside + 1)
        if field is not None:
            fields[name] = field
        whole = whole and field is not None
    # Without the part, every use of it would be one more finding.
    return fields if whole else {}


def _default(declared: FieldType, keys: Section) -> object:
    if isinstance(declared, Records):
        return ()
    if isinstance(declared, Record):
        return None
    return _value("default", declared, keys)


def _value(key: str, declared: FieldType, keys: Section) -> object:
    node = keys.scalar(key, "a value of this type")
    if node is None:
        return None
    try:
        if not node.plain and not isinstance(declared, Text | OneOf | Day | Moment):
            raise Unfit("text", "the value without quotes")
        return declared.read(node.text)
    except Unfit as unfit:
        keys.findings.add(node.mark, f'"{key}" is {quoted(node.text)}: {unfit.found}', unfit.expected)
        return None
