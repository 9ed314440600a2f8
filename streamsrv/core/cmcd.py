"""What players tell of themselves beside a request (CTA-5004): of it, which object they will ask for next.

A hint, from anybody: it is read strictly, and nothing comes of one that is not exactly as this server's addresses are.
"""

import re
from typing import NamedTuple
from urllib.parse import unquote

from streamsrv.core.urls import parse_place

MAX_CHARS = 1024
"""Of all that a player tells beside one request; what is longer is not read."""
_PATH = re.compile(r"(?:\.\./)*(?:(?:(?:(?:own|seg)/)?([^/.]+)/)?([^/.]+)/)?([0-9-]+)\.m4s", re.ASCII)
"""Relative to a segment of the same video: `[[[../]{scene}/]{rendition}/]{index}-{base}.m4s`."""


class Next(NamedTuple):
    """The segment that will be asked for. Parts that the hint leaves out are those of the request (None)."""

    scene_key: str | None
    rendition: str | None
    segment_index: int
    base_units: int


def next_of_query(query: str) -> Next | None:
    """The `nor` of a query's `CMCD`; None where there is none, or one that is not understood."""
    if len(query) > MAX_CHARS:
        return None
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        if name == "CMCD":
            return next_of(unquote(value))
    return None


def next_of(told: str) -> Next | None:
    """The `nor` among keys and values as the header `CMCD-Request` has them."""
    if len(told) > MAX_CHARS:
        return None
    for pair in told.split(","):
        name, _, value = pair.partition("=")
        if name.strip() == "nor" and len(value) > 2 and value[0] == value[-1] == '"':
            return _parse(unquote(value[1:-1]))
    return None


def _parse(path: str) -> Next | None:
    found = _PATH.fullmatch(path)
    place = parse_place(found[3]) if found else None
    return Next(found[1], found[2], *place) if found and place else None
