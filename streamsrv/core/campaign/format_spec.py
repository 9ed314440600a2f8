"""What may stand behind the | of a placeholder: "money:whole", "plural:one=# year;other=# years".

Owns the names of formats, their options, and the types that each of them suits.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from streamsrv.core.campaign.document import listing, nearest, quoted
from streamsrv.core.campaign.fields import (
    Day,
    FieldType,
    Moment,
    Money,
    Number,
    OneOf,
    Record,
    Records,
    Text,
    Whole,
)
from streamsrv.core.campaign.formats import (
    LENGTHS,
    WORDS,
    AsCount,
    AsDate,
    AsLabel,
    AsList,
    AsMoment,
    AsMoney,
    AsNumber,
    AsPlural,
    AsText,
    Format,
    Length,
    Misused,
    default_format,
    locale_of,
    no_form,
    part_of,
)

MAX_DECIMALS = 6
PLURAL_EXPECTED = "plural:one=# year;other=# years"
CATEGORIES = ("zero", "one", "two", "few", "many", "other")


@dataclass(frozen=True, slots=True)
class _Use:
    """One format as it is written behind a value."""

    declared: FieldType
    owner: str
    languages: tuple[str, ...]
    option: str
    """Empty when there is none."""
    offset: int
    """Of the option, in the format."""


def read_format(spec: str, declared: FieldType, owner: str, languages: tuple[str, ...]) -> Format:
    """The format that `spec` (`money:whole`) names, for a value called `owner`; raises `Misused`."""
    written, colon, option = spec.partition(":")
    name = written.strip()
    offset = len(written) - len(written.lstrip())
    kind = _KINDS.get(name)
    suited = tuple(known for known, kind in _KINDS.items() if isinstance(declared, kind.suits))
    if kind is None:
        what = f"{quoted(name)} is no format{nearest(name, suited)}" if name else "no format follows the |"
        raise Misused(offset, what, f"one of: {', '.join(suited or _KINDS)}")
    if not suited:
        raise Misused(offset, *no_form(declared, owner))
    if name not in suited:
        what = f"{quoted(name)} does not suit {quoted(owner)}, which is {WORDS[type(declared)]}"
        raise Misused(offset, what, f"one of: {', '.join(suited)}")
    use = _Use(declared, owner, languages, option if kind.options is None else option.strip(), len(written) + 1)
    if kind.options is not None and colon and use.option not in kind.options:
        what = f"{quoted(use.option)} is no option of {quoted(name)}{nearest(use.option, kind.options)}"
        raise Misused(use.offset, what, f"one of: {', '.join(kind.options)}" if kind.options else f"{name} alone")
    return kind.build(use)


def _label(use: _Use) -> Format:
    assert isinstance(use.declared, OneOf)
    if not use.declared.labels:
        raise Misused(0, f"{quoted(use.owner)} has no labels", "labels in its declaration, or the format text")
    return AsLabel(use.declared.labels)


def _money(use: _Use) -> Format:
    assert isinstance(use.declared, Money)
    return AsMoney(use.declared.currency, whole=use.option == "whole")


def _list(use: _Use) -> Format:
    assert isinstance(use.declared, Records)
    if not use.option.strip():
        known = listing(tuple(use.declared.of))
        raise Misused(0, f'"list" names no field of {quoted(use.owner)}', f"list:FIELD with one of: {known}")
    path = tuple(use.option.strip().split("."))
    fields = part_of(Record(use.declared.of), path, use.owner, use.offset)
    try:
        of = default_format(fields[-1].type, f"{use.owner}.{'.'.join(path)}")
    except Misused as fault:
        raise Misused(use.offset, fault.what, fault.expected) from None
    return AsList(path, of, personal=any(field.personal for field in fields))


def _plural(use: _Use) -> Format:
    if not use.option:
        raise Misused(0, '"plural" has no texts', PLURAL_EXPECTED)
    occurring = _categories(use.languages)
    forms: dict[str, str] = {}
    offset = use.offset
    for written in use.option.split(";"):
        name, equals, text = written.partition("=")
        name = name.strip()
        if not equals:
            raise Misused(offset, f"{quoted(written)} is no plural form", PLURAL_EXPECTED)
        if name not in occurring:
            what = f"{quoted(name)} is no plural form{nearest(name, occurring)}"
            if name in CATEGORIES:
                what = f"{quoted(name)} is no plural form in {', '.join(use.languages)}"
            raise Misused(offset, what, f"one of: {', '.join(occurring)}")
        if name in forms:
            raise Misused(offset, f"{quoted(name)} is given twice", "each form once")
        forms[name] = text
        offset += len(written) + 1
    if "other" not in forms:
        raise Misused(use.offset, '"plural" has no text for "other"', PLURAL_EXPECTED)
    return AsPlural(tuple(forms.items()))


@lru_cache(maxsize=256)
def _categories(languages: tuple[str, ...]) -> tuple[str, ...]:
    """The plural forms that occur in any of `languages`; all there are when none is named."""
    occurring = {"other"}.union(*(locale_of(language).plural_form.tags for language in languages))
    return tuple(name for name in CATEGORIES if name in occurring or not languages)


@dataclass(frozen=True, slots=True)
class _Kind:
    suits: tuple[type[FieldType], ...]
    options: tuple[str, ...] | None
    """None where an option is more than a word."""
    build: Callable[[_Use], Format]


def _decimals(use: _Use) -> int | None:
    return int(use.option) if use.option else None


_DIGITS = tuple(str(digits) for digits in range(MAX_DECIMALS + 1))
_KINDS: Mapping[str, _Kind] = {
    "text": _Kind((Text, OneOf), (), lambda _: AsText()),
    "label": _Kind((OneOf,), (), _label),
    "number": _Kind((Whole, Number), _DIGITS, lambda use: AsNumber(_decimals(use))),
    "percent": _Kind((Whole, Number), _DIGITS, lambda use: AsNumber(_decimals(use), percent=True)),
    "money": _Kind((Money,), ("whole",), _money),
    "date": _Kind((Day, Moment), LENGTHS, lambda use: AsDate(cast(Length, use.option or "long"))),
    "time": _Kind((Moment,), LENGTHS[:2], lambda use: AsMoment("time", cast(Length, use.option or "short"))),
    "datetime": _Kind((Moment,), LENGTHS[:3], lambda use: AsMoment("datetime", cast(Length, use.option or "long"))),
    "list": _Kind((Records,), None, _list),
    "count": _Kind((Records,), (), lambda _: AsCount()),
    "plural": _Kind((Whole, Records), None, _plural),
}
