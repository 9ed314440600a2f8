"""Which content codings a client accepts."""

from functools import lru_cache


@lru_cache(maxsize=256)
def accepts_gzip(header: str) -> bool:
    """Whether an `Accept-Encoding` header allows gzip (RFC 9110 12.5.3): named, or by `*`, and not with q=0.

    Cached, because clients send few distinct values; bounded, because they choose them.
    """
    any_coding = False
    for element in header[:1024].lower().split(","):
        coding, _, parameter = element.partition(";")
        coding = coding.strip()
        allowed = _weight(parameter) > 0
        if coding in {"gzip", "x-gzip"}:
            return allowed
        if coding == "*":
            any_coding = allowed
    return any_coding


def _weight(parameter: str) -> float:
    name, _, value = parameter.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
