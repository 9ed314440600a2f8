"""Texts with places for a viewer's values: "Hello {first_name}", "{item.amount|money}".

Owns the grammar of templates and its checks: declared fields and named formats only, no expressions, no code.
A value is put in after the template was read, so that nothing a viewer sends is ever part of one (B22).
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from types import MappingProxyType
from typing import Literal
from unicodedata import category
from urllib.parse import quote

from streamsrv.core.campaign.document import Findings, Scalar, listing, nearest, quoted
from streamsrv.core.campaign.fields import FieldType, Record, Records, Text
from streamsrv.core.campaign.format_spec import read_format
from streamsrv.core.campaign.formats import (
    JOINERS,
    AsList,
    Format,
    Misused,
    Telling,
    clean_text,
    default_format,
    part_of,
    plain,
    unseen,
    value_at,
)
from streamsrv.core.campaign.schema import Schema

MAX_TEMPLATE_CHARS = 300
MAX_FILLED_CHARS = 500
# Everything is part of one token, so joining the tokens gives the text again.
_TOKEN = re.compile(r"\{\{|\}\}|\{[^{}]*\}|[{}]|[^{}]+")
_DOUBLED = re.compile(r"(?<!\{)\{\{\s*([a-z][a-z0-9_.]*)\s*(?:\|[^{}]*)?\}\}(?!\})", re.ASCII)
"""How other template languages write a place for a value."""
_NO_TEXTS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A place for one value."""

    source: Literal["viewer", "item", "extra"]
    path: tuple[str, ...]
    """From the viewer's attributes, from the item or from the extra texts."""
    format: Format
    named: bool
    """Its author named the format: an address has no use for one."""
    personal: bool


@dataclass(frozen=True, slots=True)
class Template:
    """A text that was checked against a schema, ready to be filled for any viewer who fits it."""

    text: str
    """As its author wrote it."""
    parts: tuple[str | Placeholder, ...]
    reads: tuple[str, ...]
    """Attributes it shows, each once; without the item's and the extra texts."""
    reads_item: bool
    personal: bool
    """Something it shows is personal: not to be logged, nor shared between viewers."""

    @property
    def is_fixed(self) -> bool:
        """Whether it has no place for a value: the same text for everyone."""
        return all(isinstance(part, str) for part in self.parts)

    @property
    def extras(self) -> tuple[str, ...]:
        """The extra texts that it shows."""
        return tuple(part.path[0] for part in self.parts if not isinstance(part, str) and part.source == "extra")


@dataclass(frozen=True, slots=True)
class Scope:
    """What the placeholders of a template may name."""

    schema: Schema
    item: Records | None
    """The list whose records `item` stands for; None outside for_each."""
    broken: Collection[str]
    """Names (also `item`) whose declaration is wrong: used without a second finding."""
    languages: tuple[str, ...]
    """Those the campaign is told in: they decide which plural forms can occur."""
    extra: tuple[str, ...]
    """Names of further plain texts; they go before attributes of the same name."""


def read_template(
    scalar: Scalar, scope: Scope, findings: Findings, *, what: str, max_chars: int = MAX_TEMPLATE_CHARS
) -> Template | None:
    """The template in `scalar`; None when it is wrong, or names something broken, and then findings say why.

    `what` is what messages call it, such as `overlay "greeting"`.
    """
    text = scalar.text
    if len(text) > max_chars:
        findings.add(scalar.mark, f"{what} has {len(text)} characters", f"at most {max_chars}")
        return None
    misused: list[Misused] = []
    if (offset := unseen(text)) is not None:
        misused.append(Misused(offset, f"the character U+{ord(text[offset]):04X} is not allowed", "printable text"))
    for doubled in _DOUBLED.finditer(text):
        name = doubled[1].split(".")[0]
        if name in scope.schema.fields or name in scope.extra or (name == "item" and scope.item is not None):
            shown = f"{quoted(doubled[0])} shows its braces and no value"
            misused.append(Misused(doubled.start(), shown, f"{{{doubled[1]}}}, with one brace on each side"))
    parts: list[str | Placeholder | None] = []
    for token in _TOKEN.finditer(text):
        try:
            parts.append(_part(token.group(), scope))
        except Misused as fault:
            misused.append(Misused(token.start() + fault.offset, fault.what, fault.expected))
    for one in misused:
        mark = scalar.verbatim.right(one.offset) if scalar.verbatim else scalar.mark
        findings.add(mark, f"{what} {quoted(text)}: {one.what}", one.expected)
    whole = [part for part in parts if part is not None]
    return None if misused or len(whole) < len(parts) else _template(text, whole)


def fill(
    template: Template,
    values: Mapping[str, object],
    *,
    locale: str,
    language: str,
    timezone: tzinfo,
    item: Mapping[str, object] | None = None,
    extra: Mapping[str, str] = _NO_TEXTS,
) -> str | None:
    """The text for one viewer, in NFC, without unseen characters; None when a value it needs is missing.

    `values` are typed as the schema has them. `locale` (BCP 47) is the form of numbers and dates, `language` that of
    the sentence. At most `MAX_FILLED_CHARS` characters; what is cut off leaves an ellipsis.
    """
    telling = Telling(locale, language, timezone)
    pieces: list[str] = []
    for part in template.parts:
        if isinstance(part, str):
            pieces.append(part)
            continue
        value = _value(part, values, item, extra)
        piece = None if value is None else part.format.write(value, telling)
        if piece is None:
            return None
        pieces.append(piece)
    return _shortened(clean_text("".join(pieces)))


def fill_url(
    template: Template,
    values: Mapping[str, object],
    *,
    item: Mapping[str, object] | None = None,
    extra: Mapping[str, str],
) -> str | None:
    """The address for one viewer, values percent-encoded in plain form; None when a value it needs is missing.

    Plain: dates in ISO 8601 (moments in UTC), amounts as 812.40, lists as the number of their records. Also None
    when values would make a path of dots, which browsers take for a way up.
    """
    pieces: list[str] = []
    for part in template.parts:
        if isinstance(part, str):
            pieces.append(part)
            continue
        value = _value(part, values, item, extra)
        if value is None:
            return None
        pieces.append(quote(plain(value), safe=""))
    address = "".join(pieces)
    segments = re.split(r"[?#]", address, maxsplit=1)[0].split("/")
    return None if "." in segments or ".." in segments else address


def _template(text: str, parts: list[str | Placeholder]) -> Template:
    places = [part for part in parts if isinstance(part, Placeholder)]
    joined: list[str | Placeholder] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(before := joined[-1], str):
            joined[-1] = before + part
        else:
            joined.append(part)
    return Template(
        text=text,
        parts=tuple(joined),
        reads=tuple(dict.fromkeys(place.path[0] for place in places if place.source == "viewer")),
        reads_item=any(place.source == "item" for place in places),
        personal=any(place.personal for place in places),
    )


def _part(token: str, scope: Scope) -> str | Placeholder | None:
    """What one token stands for; None for something broken."""
    if token in ("{{", "}}"):
        return token[0]
    if token == "{":
        raise Misused(0, 'a "{" that nothing closes', "{field}, or {{ for a brace itself")
    if token == "}":
        raise Misused(0, 'a "}" that nothing opens', "{field}, or }} for a brace itself")
    return _placeholder(token, scope) if token[0] == "{" else token


def _placeholder(token: str, scope: Scope) -> Placeholder | None:
    written, bar, spec = token[1:-1].partition("|")
    owner = written.strip()
    offset = 1 + len(written) - len(written.lstrip())
    path = tuple(owner.split("."))
    if path[0] in scope.broken:
        return None
    source, declared, personal = _source(path[0], scope, offset)
    fields = part_of(declared, path[1:], path[0], offset + len(path[0]) + 1)
    shown = fields[-1].type if fields else declared
    try:
        format_ = read_format(spec, shown, owner, scope.languages) if bar else default_format(shown, owner)
    except Misused as fault:
        base = len(written) + 2 if bar else offset
        raise Misused(base + fault.offset, fault.what, fault.expected) from None
    personal = personal or any(field.personal for field in fields) or (isinstance(format_, AsList) and format_.personal)
    return Placeholder(source, path[1:] if source == "item" else path, format_, bool(bar), personal)


def _source(name: str, scope: Scope, offset: int) -> tuple[Literal["viewer", "item", "extra"], FieldType, bool]:
    """Where the first word of a path leads, its type, and whether it is personal as a whole."""
    if name == "item":
        if scope.item is None:
            raise Misused(offset, '"item" stands inside for_each only', "for_each in this slot, or an attribute")
        lists = [field for field in scope.schema.fields.values() if field.type == scope.item]
        return "item", Record(scope.item.of), any(field.personal for field in lists)
    if name in scope.extra:
        return "extra", Text(), False
    declared = scope.schema.fields.get(name)
    if declared is None:
        known = (*scope.schema.fields, *scope.extra, *(("item",) if scope.item else ()))
        what = f"{quoted(name)} is no attribute{nearest(name, known)}" if name else "a placeholder names no field"
        raise Misused(offset, what, f"one of: {listing(known)}" if known else "an attribute that the schema declares")
    return "viewer", declared.type, declared.personal


def _value(
    place: Placeholder,
    values: Mapping[str, object],
    item: Mapping[str, object] | None,
    extra: Mapping[str, str],
) -> object:
    match place.source:
        case "viewer":
            return value_at(values, place.path)
        case "item":
            return value_at(item, place.path)
        case _:
            return extra.get(place.path[0])


def _shortened(text: str) -> str:
    if len(text) <= MAX_FILLED_CHARS:
        return text
    end = MAX_FILLED_CHARS - 1
    # Not inside what is read as one character; such a pile may be longer than any name, so it is cut at last.
    for _ in range(MAX_FILLED_CHARS // 10):
        if not (category(text[end]) in ("Mn", "Mc", "Me", "Cf", "Sk") or text[end - 1] in JOINERS):
            break
        end -= 1
    return text[:end].rstrip(JOINERS) + "…"
