"""Which of our languages a browser would rather read."""

from collections.abc import Sequence
from functools import lru_cache

_MOST_BYTES = 512


@lru_cache(maxsize=256)
def preferred_language(header: str, offered: Sequence[str], *, otherwise: str) -> str:
    """The language of `offered` that an `Accept-Language` header (RFC 9110 12.5.4) names first by weight.

    By primary subtag: `nl-BE` is content with `nl`. Cached, because clients send few distinct values; bounded, because
    they choose them.
    """
    best, best_weight = otherwise, 0.0
    for element in header[:_MOST_BYTES].lower().split(","):
        tag, _, parameter = element.partition(";")
        primary = tag.strip().partition("-")[0]
        weight = _weight(parameter)
        if primary in offered and weight > best_weight:
            best, best_weight = primary, weight
    return best


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
