"""The `schema` section: which attributes viewers of a campaign have, and of which types.

Owns the declaration and its bounds. `viewers` checks a viewer against it, `rule` what is written over it.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from streamsrv.core.campaign.document import Findings, Mapped, Mark, Node, Scalar, quoted
from streamsrv.core.campaign.fields import (
    Day,
    Field,
    FieldType,
    Flag,
    Money,
    Number,
    OneOf,
    Records,
    Text,
    Unfit,
    Whole,
)
from streamsrv.core.campaign.reading import Section, section

MAX_ATTRIBUTES = 100
MAX_VALUES = 100
MAX_ITEMS = 50
MAX_TEXT = 2_000
MAX_TEXT_IN_LIST = 200
"""Rules search the texts of a list one by one: a ceiling for what that costs (B21)."""
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
NAME_RULE = "a lower-case letter, then letters, digits and _ (at most 40)"
CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
# What rules call now, today and item, and every word that CEL reads as its own.
_WORDS = """
    now today item
    true false null in as break const continue else for function if import let loop package namespace return var
    void while int uint double bool string bytes list map type dyn duration timestamp size has all exists exists_one
    filter cel math optional google
"""
RESERVED = frozenset(_WORDS.split())
Ranged = TypeVar("Ranged", Whole, Number, Money, Day)
KEYS_BY_TYPE = {
    "string": ("max_length", "default", "personal"),
    "enum": ("values", "default", "personal"),
    "int": ("min", "max", "default", "personal"),
    "number": ("min", "max", "default", "personal"),
    "money": ("currency", "min", "max", "default", "personal"),
    "date": ("min", "max", "default", "personal"),
    "bool": ("default", "personal"),
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


def read_schema(node: Mapped | None, findings: Findings) -> tuple[Schema, tuple[str, ...]]:
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
        if check_name(name, node.keys[name], findings, what="an attribute"):
            field = _field(name, declared, findings, in_list=False)
            if field is None:
                broken.append(name)
            else:
                fields[name] = field
    return make_schema(fields), tuple(broken)


def check_name(name: str, mark: Mark, findings: Findings, *, what: str) -> bool:
    """Whether `name` can be used in rules."""
    if NAME.fullmatch(name) and name not in RESERVED:
        return True
    reserved = "is a word of the rules" if name in RESERVED else f"is not a name for {what}"
    findings.add(mark, f"{quoted(name)} {reserved}", f"another name: {NAME_RULE}")
    return False


def _field(name: str, node: Node, findings: Findings, *, in_list: bool) -> Field | None:
    kinds = tuple(kind for kind in KEYS_BY_TYPE if not (in_list and kind == "list"))
    expected = f"{{type: one of {', '.join(kinds)}}}"
    if not isinstance(node, Mapped):
        findings.add(node.mark, f'"{name}" has no type', expected)
        return None
    kind = node.entries.get("type")
    if not isinstance(kind, Scalar) or kind.text not in kinds:
        mark, shown = (kind.mark, quoted(kind.text)) if isinstance(kind, Scalar) else (node.mark, "no type")
        findings.add(mark, f'"{name}" has {"the type " if isinstance(kind, Scalar) else ""}{shown}', expected)
        return None
    known = ("type", *KEYS_BY_TYPE[kind.text])
    keys = section(node, findings, what=f'"{name}" ({kind.text})', known=known)
    assert keys is not None
    declared = _type(kind.text, keys, max_text=MAX_TEXT_IN_LIST if in_list else MAX_TEXT)
    if declared is None:
        return None
    default = _default(declared, keys)
    if default is None and "default" in keys:
        return None
    return Field(name, declared, default, keys.flag("personal"))


def _type(kind: str, keys: Section, *, max_text: int) -> FieldType | None:
    match kind:
        case "string":
            return Text(keys.whole("max_length", default=200, low=1, high=max_text))
        case "enum":
            return _one_of(keys)
        case "int":
            return _range(keys, Whole())
        case "number":
            return _range(keys, Number())
        case "money":
            return _money(keys)
        case "date":
            return _range(keys, Day())
        case "bool":
            return Flag()
        case _:
            return _records(keys)


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


def _one_of(keys: Section) -> OneOf | None:
    words: list[str] = []
    for item in keys.items("values", "a list of words: [home, motor]"):
        if not isinstance(item, Scalar) or not item.text or not item.text.isprintable() or len(item.text) > MAX_TEXT:
            keys.findings.add(item.mark, "a value of an enum is not a word", "a word: [home, motor]")
        elif item.text in words:
            keys.findings.add(item.mark, f"{quoted(item.text)} is given twice", "each value once")
        else:
            words.append(item.text)
    if "values" not in keys:
        keys.findings.add(keys.mark, f'{keys.what} has no "values"', "a list of words: [home, motor]")
    if len(words) > MAX_VALUES:
        keys.findings.add(keys.mark_of("values"), f"{len(words)} values", f"at most {MAX_VALUES}")
    return OneOf(tuple(words)) if words else None


def _money(keys: Section) -> Money | None:
    expected = "a currency such as EUR (ISO 4217)"
    currency = keys.scalar("currency", expected)
    if currency is None or not CURRENCY.fullmatch(currency.text):
        shown = f"the currency {quoted(currency.text)}" if currency else 'no "currency"'
        keys.findings.add(currency.mark if currency else keys.mark, f"{keys.what} has {shown}", expected)
        return None
    return _range(keys, Money(currency.text))


def _records(keys: Section) -> Records | None:
    of = keys.mapping("of", "the fields of one record: {on: {type: date}}")
    max_items = keys.whole("max_items", default=10, low=1, high=MAX_ITEMS)
    fields: dict[str, Field] = {}
    if of is None or not of.entries:
        if "of" not in keys or of is not None:
            keys.findings.add(keys.mark, f'{keys.what} has no "of"', "the fields of one record: {on: {type: date}}")
        return None
    for name, node in of.entries.items():
        # Fields are reached as item.name, where only CEL's own keywords are in the way.
        if not NAME.fullmatch(name) or name in ("in", "true", "false", "null"):
            keys.findings.add(of.keys[name], f"{quoted(name)} is not a name for a field", NAME_RULE)
            continue
        field = _field(name, node, keys.findings, in_list=True)
        if field is not None:
            fields[name] = field
    return Records(fields, max_items)


def _default(declared: FieldType, keys: Section) -> object:
    if isinstance(declared, Records):
        return ()
    return _value("default", declared, keys)


def _value(key: str, declared: FieldType, keys: Section) -> object:
    node = keys.scalar(key, "a value of this type")
    if node is None:
        return None
    try:
        if not node.plain and not isinstance(declared, Text | OneOf | Day):
            raise Unfit("text", "the value without quotes")
        return declared.read(node.text)
    except Unfit as unfit:
        keys.findings.add(node.mark, f'"{key}" is {quoted(node.text)}: {unfit.found}', unfit.expected)
        return None
