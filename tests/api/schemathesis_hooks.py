"""What Schemathesis must be told to call this API: how lines go over the wire. Loaded by its command, by name."""

import json
from typing import Any

import schemathesis


@schemathesis.serializer("application/x-ndjson")
def lines(ctx: Any, value: object) -> bytes:
    """Any value is a line or several, for any bytes are."""
    items = value if isinstance(value, list) else [value]
    return b"\n".join(json.dumps(item).encode() for item in items)
