"""How jobs and results travel between the pool and its worker processes: a head in JSON, then the bytes it counts.

No pickle: a worker that was taken over can hand back bytes, and nothing that runs.
"""

import struct
from collections.abc import Sequence
from typing import Any

import orjson

_SIZES = struct.Struct(">IQ")
HEAD_BYTES = _SIZES.size
MAX_BYTES = 256 * 1024 * 1024
"""Above any segment; a peer that names more is out of step."""


def pack(head: dict[str, Any], blobs: Sequence[bytes] = ()) -> bytes:
    """A message; `head` is whatever JSON can hold."""
    written = orjson.dumps({**head, "blobs": [len(blob) for blob in blobs]})
    return b"".join((_SIZES.pack(len(written), sum(map(len, blobs))), written, *blobs))


def sizes(start: bytes) -> tuple[int, int]:
    """How many bytes of head and of blobs follow the first `HEAD_BYTES`; raises `ValueError` for too many."""
    head_bytes, blob_bytes = _SIZES.unpack(start)
    if head_bytes + blob_bytes > MAX_BYTES:
        raise ValueError("a message that is too large")
    return head_bytes, blob_bytes


def unpack(head: bytes, body: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """What `pack` was given; raises `ValueError`."""
    document = orjson.loads(head)
    lengths = document.pop("blobs")
    if sum(lengths) != len(body):
        raise ValueError("the blobs are not as long as announced")
    blobs, at = [], 0
    for length in lengths:
        blobs.append(body[at : at + length])
        at += length
    return document, blobs
