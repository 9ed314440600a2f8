"""What a program sent, read strictly: paths and queries decoded once, JSON not too deep, every problem told."""

import re
from collections.abc import Iterable, Mapping
from typing import TypeVar
from urllib.parse import unquote_to_bytes

import orjson
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from streamsrv.core.errors import BadData, Problem, Rejected

M = TypeVar("M", bound=BaseModel)
MAX_PROBLEMS = 20
MAX_PARAMETERS = 20
# RFC 3986 3.3: a segment is these and percent-encoded bytes.
_ENCODED = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*", re.ASCII)


def decode(text: str) -> str | None:
    """A percent-encoded part of a URL, decoded once; None when it is not encoded as it should be, or not UTF-8."""
    if not _ENCODED.fullmatch(text):
        return None
    try:
        return unquote_to_bytes(text).decode("utf-8")
    except UnicodeDecodeError:
        return None


def parse_query(text: str, model: type[M]) -> M:
    """The parameters of a query; raises `BadData` for one that is unknown, given twice or wrong."""
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for part in text.split("&", MAX_PARAMETERS) if text else ():
        name, _, value = part.partition("=")
        decoded_name, decoded_value = decode(name), decode(value.replace("+", "%20"))
        if decoded_name is None or decoded_value is None:
            problems.append(Problem("query", "is not percent-encoded UTF-8", "name=value&…"))
        elif decoded_name in found:
            problems.append(Problem("query", "has a parameter twice", "each parameter once"))
        else:
            found[decoded_name] = decoded_value
    if problems:
        raise BadData(problems)
    return check(found, model, where="query")


def parse_json(data: bytes, *, max_depth: int) -> object:
    """The JSON in a body; raises `Rejected` for what is not JSON (RFC 8259), or nested too deeply."""
    try:
        found = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise Rejected(f"the body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}") from error
    if depth_exceeds(found, max_depth):
        raise Rejected(f"the JSON is nested more than {max_depth} deep")
    return found


def depth_exceeds(value: object, limit: int) -> bool:
    """Whether JSON is nested more deeply than `limit`."""
    level: list[object] = [value]
    for _ in range(limit + 1):
        level = [inner for one in level for inner in _inner(one)]
        if not level:
            return False
    return True


def check(data: object, model: type[M], *, where: str = "body") -> M:
    """`data` as a model; raises `BadData` with every field that does not fit, and never with a value."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
        raise BadData(_problem(fault, where) for fault in faults[:MAX_PROBLEMS]) from None


def _problem(fault: ErrorDetails, where: str) -> Problem:
    place = ".".join([where, *map(str, fault["loc"])])[:200]
    if fault["type"] == "union_tag_invalid":
        # The one message of pydantic's that quotes what was sent.
        return Problem(place, "is another word", f"{fault['ctx']['discriminator']}: {fault['ctx']['expected_tags']}")
    return Problem(place, fault["msg"][:1].lower() + fault["msg"][1:])


def _inner(value: object) -> Iterable[object]:
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list) else ()
