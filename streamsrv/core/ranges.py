"""HTTP byte ranges (RFC 9110 section 14), pure."""

from streamsrv.core.errors import BadRange


def parse_range(header: str, size_bytes: int) -> tuple[int, int] | None:
    """The half-open byte range that a `Range` header asks for, or None where the whole body is the answer.

    One range is served; several, another unit or a malformed header are ignored, as RFC 9110 14.2 allows.
    Raises `BadRange` for a well-formed range that lies outside the body.
    """
    unit, _, spec = header.partition("=")
    first, dash, last = spec.strip().partition("-")
    if unit.strip().lower() != "bytes" or not dash or len(spec) > 40 or not _digits(first) or not _digits(last):
        return None
    if not first:
        if not last:
            return None
        suffix_bytes = int(last)
        if suffix_bytes == 0 or size_bytes == 0:
            raise BadRange(size_bytes)
        return max(0, size_bytes - suffix_bytes), size_bytes
    start = int(first)
    if last and int(last) < start:
        return None
    if start >= size_bytes:
        raise BadRange(size_bytes)
    return start, min(int(last) + 1, size_bytes) if last else size_bytes


def _digits(text: str) -> bool:
    return not text or (text.isascii() and text.isdecimal())
