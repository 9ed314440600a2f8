"""Pieces that the JSON Schema of campaign files is made of."""

import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from streamsrv.core.campaign.fields import DAY_TEXT
from streamsrv.core.campaign.languages import TAG
from streamsrv.core.campaign.schema import NAME

Part: TypeAlias = dict[str, object]
"""A schema, or a piece of one."""

# YAML reads 404 as a number and true as a truth value; campaigns take both for words.
WORD = ["string", "number", "boolean"]
NAMED = ["string", "integer"]


def closed(properties: Mapping[str, object], description: str = "", *, required: Sequence[str] = ()) -> Part:
    """A mapping with these keys and no others."""
    return {
        **({"description": description} if description else {}),
        "type": "object",
        **({"required": list(required)} if required else {}),
        "properties": properties,
        "additionalProperties": False,
    }


def list_of(description: str, items: Part, *, most: int | None = None, unique: bool = False) -> Part:
    """A list that is not empty."""
    return {
        "description": description,
        "type": "array",
        "minItems": 1,
        **({"maxItems": most} if most else {}),
        **({"uniqueItems": True} if unique else {}),
        "items": items,
    }


def told(description: str, max_chars: int) -> Part:
    """A plain text, or one for each language."""
    text = {"type": WORD, "minLength": 1, "maxLength": max_chars}
    return {"description": description, "anyOf": [text, by_language(text)]}


def by_language(text: Part) -> Part:
    return {
        "description": "A text for each language: {en: …, de: …}.",
        "type": "object",
        "minProperties": 1,
        "patternProperties": {whole_text(TAG)["pattern"]: text},
        "additionalProperties": False,
    }


def text(description: str, max_chars: int | None, examples: Sequence[str]) -> Part:
    """One text; `max_chars` None for any length."""
    limit = {} if max_chars is None else {"maxLength": max_chars}
    return {"description": description, "type": WORD, "minLength": 1, **limit, "examples": list(examples)}


def matching(description: str, of: re.Pattern[str]) -> Part:
    """A text that matches `of` as a whole."""
    return {"description": description, "type": "string", **whole_text(of)}


def named(description: str, of: re.Pattern[str]) -> Part:
    """As `matching`, for names, which may be digits alone."""
    return {"description": description, "type": NAMED, **whole_text(of)}


def whole_text(of: re.Pattern[str]) -> dict[str, str]:
    """The keyword for texts that match `of` as a whole: a pattern of JSON Schema matches anywhere."""
    return {"pattern": f"^(?:{of.pattern})$"}


def field_name(reserved: frozenset[str]) -> Part:
    """The name of an attribute, an audience or a part."""
    return {"type": "string", **whole_text(NAME), "not": {"enum": sorted(reserved)}}


def day(description: str) -> Part:
    """A date, which YAML reads as text."""
    return matching(description, DAY_TEXT)


def whole_number(description: str, low: int, high: int) -> Part:
    """A whole number in this range."""
    return {"description": description, "type": "integer", "minimum": low, "maximum": high}


def flag(description: str) -> Part:
    """true or false."""
    return {"description": description, "type": "boolean"}


def ref(name: str, description: str = "") -> Part:
    """The definition of this name; `description` says what it is here."""
    return {**({"description": description} if description else {}), "$ref": f"#/$defs/{name}"}
